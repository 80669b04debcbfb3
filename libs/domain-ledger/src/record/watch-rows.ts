import type { Sql } from '#libs/kernel';
import { arrayText } from '../lists/array-text.ts';
import { type Observation, type WatchState } from './observation.ts';
import {
  CLOSE_LATEST_SNAPSHOTS,
  EXTEND_CURRENT,
  EXTEND_UNCHANGED,
  INSERT_GAPS,
  INSERT_MISSING_WATCHES,
  INSERT_SNAPSHOTS,
  LOCK_WATCHES,
  SELECT_DOMAIN_NAMES,
  SELECT_LISTS,
  SELECT_WATCHES,
} from './watch-rows.sql.ts';

/** The row of a mini program, locked until the transaction ends. */
export interface WatchRow extends WatchState {
  authorizerId: number;
  /** List ids of the latest content per slot; null before the first observation. */
  contentListIds: (number | null)[] | null;
  driftSince: Date | null;
  /** In hex. */
  rawDigest: string | null;
  counted: number;
  /** State authorized and set 18 granted, read after the lock was held. */
  readable: boolean;
  /** Number of the next snapshot. */
  nextNo: number;
  /** The latest observation claims to be from the future. */
  ahead: boolean;
  now: Date;
  /** Looks have failed since the latest observation. */
  failing: boolean;
  /** Null: it is no mini program that is on record. */
  authorizerAppid: string | null;
  merchantId: string | null;
}

/** Who was observed, when it was asked (ms), with which digest (hex), and how long the answer took (ms): four parameters that are arrays. */
function seen(
  observations: readonly Pick<Observation, 'authorizerId' | 'askedAt' | 'answeredAt' | 'bodyDigest'>[],
): string[] {
  return [
    arrayText(observations.map((observation) => observation.authorizerId)),
    arrayText(observations.map((observation) => observation.askedAt.getTime())),
    arrayText(observations.map((observation) => observation.bodyDigest)),
    arrayText(observations.map(answerMs)),
  ];
}

/** What could not be read of an observation. */
export interface Unread {
  /** Bit mask of slots. */
  unknownSlots: number;
  /** What is shown as `last_failure`, as JSON; null: nothing odd came. */
  failure: string | null;
}

/** From asking to reading the answer, in milliseconds that fit an int. */
function answerMs({ askedAt, answeredAt }: Pick<Observation, 'askedAt' | 'answeredAt'>): number {
  return Math.min(Math.max(0, answeredAt.getTime() - askedAt.getTime()), 0x7fff_ffff);
}

/**
 * The whole of an unchanged sweep: where the same bytes came as last time and nothing stood in between, the latest
 * snapshot grows by updating one narrow row in place. Locked in id order first, because an update locks in the order in
 * which it happens to find its rows.
 * @returns the mini programs that are done with it
 */
export async function extendCurrent(
  sql: Sql,
  platformId: number,
  observations: readonly Observation[],
  silenceMs: number,
): Promise<Set<number>> {
  const rows = await sql.query<{ id: number }>(EXTEND_CURRENT, [platformId, ...seen(observations), silenceMs]);
  return new Set(rows.map((row) => row.id));
}

/** Locks the rows in id order (making those that are missing) and reads what they are judged by. */
export async function lockWatches(
  sql: Sql,
  platformId: number,
  authorizerIds: readonly number[],
): Promise<Map<number, WatchRow>> {
  await sql.run(INSERT_MISSING_WATCHES, [platformId, authorizerIds]);
  await sql.query(LOCK_WATCHES, [platformId, authorizerIds]);
  // A statement of its own: it sees what was committed while the lock was waited for, also of the authorizer.
  const rows = await sql.query<WatchRow>(SELECT_WATCHES, [platformId, authorizerIds]);
  return new Map(rows.map((row) => [row.authorizerId, row]));
}

/** Domain ids per slot for contents given by their list ids. */
export async function slotsOfContents(
  sql: Sql,
  contents: readonly ((number | null)[] | null)[],
): Promise<((number[] | null)[] | null)[]> {
  const wanted = [...new Set(contents.flatMap((listIds) => listIds ?? []).filter((id) => id !== null))];
  if (wanted.length === 0) return contents.map((listIds) => (listIds ? listIds.map(() => null) : null));
  const rows = await sql.query<{ id: number; domainIds: number[] }>(SELECT_LISTS, [wanted]);
  const lists = new Map(rows.map((row) => [row.id, row.domainIds]));
  return contents.map((listIds) => listIds && listIds.map((id) => (id === null ? null : (lists.get(id) ?? null))));
}

/** Normal forms by id. */
export async function namesOfDomains(sql: Sql, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ id: number; name: string }>(SELECT_DOMAIN_NAMES, [ids]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** The same as names in normal form, sorted as `normaliseEffectiveDomains` does; null where there is no content. */
export async function namesOfContents(
  sql: Sql,
  contents: readonly ((number | null)[] | null)[],
): Promise<((string[] | null)[] | null)[]> {
  const slots = await slotsOfContents(sql, contents);
  const ids = [...new Set(slots.flatMap((content) => (content ?? []).flatMap((list) => list ?? [])))];
  const names = await namesOfDomains(sql, ids);
  const sorted = (list: number[]) =>
    list.map((id) => names.get(id) as string).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return slots.map((content) => content && content.map((list) => list && sorted(list)));
}

export interface Unchanged extends Observation, Unread {
  gapFrom: Date;
  /** Null: nothing stood between the observation before and this one. */
  gapReason: string | null;
}

/** Lets the latest snapshots grow although the bytes differ or something had gone wrong in between. */
export async function extendUnchanged(sql: Sql, platformId: number, unchanged: readonly Unchanged[]): Promise<void> {
  if (unchanged.length === 0) return;
  const gaps = unchanged.filter((each) => each.gapReason !== null);
  if (gaps.length > 0) {
    await sql.run(INSERT_GAPS, [
      platformId,
      gaps.map((each) => each.authorizerId),
      gaps.map((each) => each.gapFrom),
      gaps.map((each) => each.askedAt),
      gaps.map((each) => each.gapReason),
      gaps.map(answerMs),
    ]);
  }
  await sql.run(EXTEND_UNCHANGED, [platformId, ...seen(unchanged), ...unread(unchanged)]);
}

function unread(observations: readonly Unread[]): [number[], (string | null)[]] {
  return [observations.map((each) => each.unknownSlots), observations.map((each) => each.failure)];
}

export interface NewSnapshot extends Unread {
  authorizerId: number;
  askedAt: Date;
  answeredAt: Date;
  bodyDigest: string;
  no: number;
  contentId: number;
  bodyId: number;
  changeId: number | null;
  counted: number;
  driftSince: Date | null;
  /** Entries in the longest list. */
  largest: number;
  /** A domain was added or removed where that can be done from outside. */
  isEdit: boolean;
}

/**
 * Closes the latest snapshots and begins new ones. The rows of the mini programs are locked by the caller.
 * @returns edits seen in the month of the snapshot, of authorized mini programs of which this one is an edit
 */
export async function insertSnapshots(
  sql: Sql,
  platformId: number,
  snapshots: readonly NewSnapshot[],
): Promise<Map<number, number>> {
  const ids = snapshots.map((snapshot) => snapshot.authorizerId);
  await sql.run(CLOSE_LATEST_SNAPSHOTS, [platformId, ids]);
  const edited = await sql.query<{ id: number | null; edits: number }>(INSERT_SNAPSHOTS, [
    platformId,
    ...seen(snapshots),
    snapshots.map((snapshot) => snapshot.no),
    snapshots.map((snapshot) => snapshot.contentId),
    snapshots.map((snapshot) => snapshot.bodyId),
    snapshots.map((snapshot) => snapshot.changeId),
    snapshots.map((snapshot) => snapshot.counted),
    snapshots.map((snapshot) => snapshot.driftSince),
    ...unread(snapshots),
    snapshots.map((snapshot) => snapshot.largest),
    snapshots.map((snapshot) => snapshot.isEdit),
  ]);
  return new Map(edited.flatMap(({ id, edits }) => (id === null ? [] : [[id, edits] as const])));
}
