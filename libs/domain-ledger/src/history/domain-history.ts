import { Injectable } from '@nestjs/common';
import {
  CursorError,
  decodeCursor,
  pageOf,
  type DomainDiffView,
  type DomainGroup,
  type DomainList,
  type DomainsAtView,
  type LastFailureView,
  type LifespanView,
  type SnapshotView,
  type UnknownReason,
} from '#libs/contract';
import { AppError, type NamedStatement, type Sql } from '#libs/kernel';
import { unpackBody } from '../lists/body-codec.ts';
import { judgeMoment, type Neighbourhood } from './certainty.ts';
import { diffShown, spellings } from '../lists/domain-diff.ts';
import { parseBody } from '../lists/parse-body.ts';
import { domainCandidates, shownDomains, unknownLists, type ShownDomains } from '../lists/normalise.ts';
import { groupOf, listOf, listsOfMask, slotsOf } from '../lists/slots.ts';
import { unknownReason, type Readability } from './unknown-reason.ts';
import { parseSnapshotId, snapshotId } from './snapshot-id.ts';
import { LIFESPANS, MOMENTS, SELECT_RAW_BODY, SNAPSHOT, WATCH_OF } from './domain-history.sql.ts';

/** One page of a list. */
export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** Which mini program is asked about. The caller has made sure that it may be. */
export interface SubjectRef {
  authorizerId: number;
  authorizerAppid: string;
}

/** What the view of an authorizer shows of its history. */
export interface WatchSummary {
  lastSnapshotAt: Date | null;
  lastFailure: LastFailureView | null;
}

interface SnapshotRow {
  no: number;
  firstObservedAt: Date;
  lastObservedAt: Date;
  observations: number;
  encoding: number;
  bytes: Buffer;
  beforeEncoding: number | null;
  beforeBytes: Buffer | null;
}

const SNAPSHOT_BY_NO: NamedStatement = { name: 'domain_ledger.snapshot', text: `${SNAPSHOT} AND s.no = $3` };
const LATEST_SNAPSHOT: NamedStatement = {
  name: 'domain_ledger.latest_snapshot',
  text: `${SNAPSHOT} AND s.no = w.latest_no`,
};
/**
 * The history of one mini program, read. Every question is one statement. What is shown is parsed from the body that
 * WeChat sent, so it has WeChat's own spelling and order.
 */
@Injectable()
export class DomainHistory {
  /** Snapshots whose time meets `from` to `to`, newest first, each with its changes against the one before. */
  async snapshots(
    sql: Sql,
    platformId: number,
    subject: SubjectRef,
    query: PageRequest & { from?: Date | undefined; to?: Date | undefined },
  ): Promise<Page<SnapshotView>> {
    const [before] = query.cursor ? positionOf('snapshots', query.cursor, ['number']) : [null];
    const rows = await sql.query<SnapshotRow>(
      `${SNAPSHOT}
         AND ($3::int IS NULL OR s.no < $3)
         AND ($4::timestamptz IS NULL OR coalesce(s.last_observed_at, w.last_observed_at) >= $4)
         AND ($5::timestamptz IS NULL OR s.first_observed_at <= $5)
       ORDER BY s.no DESC LIMIT $6`,
      [platformId, subject.authorizerId, before, query.from ?? null, query.to ?? null, query.limit + 1],
    );
    return pageOf(
      'snapshots',
      rows,
      query.limit,
      (row) => snapshotView(subject, row),
      (row) => [row.no],
    );
  }

  /** @throws AppError not_found, also for what is no id of ours */
  async snapshot(sql: Sql, platformId: number, subject: SubjectRef, id: string): Promise<SnapshotView> {
    const values = [platformId, subject.authorizerId, numberOf(subject, id)];
    const [row] = await sql.query<SnapshotRow>(SNAPSHOT_BY_NO, values);
    if (!row) throw snapshotNotFound();
    return snapshotView(subject, row);
  }

  /** The latest snapshot, or null before the first observation. */
  async latest(sql: Sql, platformId: number, subject: SubjectRef): Promise<SnapshotView | null> {
    const [row] = await sql.query<SnapshotRow>(LATEST_SNAPSHOT, [platformId, subject.authorizerId]);
    return row ? snapshotView(subject, row) : null;
  }

  /** WeChat's body, byte for byte. @throws AppError not_found */
  async raw(sql: Sql, platformId: number, subject: SubjectRef, id: string): Promise<Buffer> {
    const [row] = await sql.query<{ encoding: number; bytes: Buffer }>(SELECT_RAW_BODY, [
      platformId,
      subject.authorizerId,
      numberOf(subject, id),
    ]);
    if (!row) throw snapshotNotFound();
    return unpackBody(row);
  }

  /** What was known of one moment; `null` asks about now. */
  async at(sql: Sql, platformId: number, authorizerId: number, at: Date | null): Promise<DomainsAtView> {
    const [found] = await this.moments(sql, platformId, authorizerId, [at]);
    if (!found) throw new Error('a moment was asked about and no row came back');
    const evidence = judgeMoment(found.at, found.near);
    return {
      at: found.at.toISOString(),
      certainty: evidence.certainty,
      reason: evidence.certainty === 'unknown' ? reasonOf(found) : null,
      observed_before: evidence.observedBefore?.toISOString() ?? null,
      observed_after: evidence.observedAfter?.toISOString() ?? null,
      domains: found.shown,
      unknown_lists: listsOfMask(found.unknownSlots),
    };
  }

  /**
   * Difference between what was last observed by two moments.
   * @throws AppError invalid_request when `from` is after `to`, or nothing had been observed by one of them
   */
  async diff(sql: Sql, platformId: number, authorizerId: number, from: Date, to: Date): Promise<DomainDiffView> {
    if (from > to) throw AppError.invalid('from', 'must not be after `to`');
    const [before, after] = await this.moments(sql, platformId, authorizerId, [from, to]);
    if (!before?.shown) throw AppError.invalid('from', 'nothing had been observed by then');
    if (!after?.shown) throw AppError.invalid('to', 'nothing had been observed by then');
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      changes: diffShown(before.shown, after.shown, before.unknownSlots | after.unknownSlots),
    };
  }

  /** Stays of domains in lists, by place, domain and time. A stay ends with the first observation without the domain. */
  async lifespans(
    sql: Sql,
    platformId: number,
    authorizerId: number,
    query: PageRequest & {
      group?: DomainGroup | undefined;
      list?: DomainList | undefined;
      domain?: string | undefined;
    },
  ): Promise<Page<LifespanView>> {
    const after = query.cursor ? positionOf('lifespans', query.cursor, ['number', 'string', 'number']) : null;
    const rows = await sql.query<LifespanRow>(LIFESPANS, [
      platformId,
      authorizerId,
      slotsOf(query.group, query.list),
      query.domain === undefined ? null : domainCandidates(query.domain, query.list),
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      query.limit + 1,
    ]);
    const spelling = pageSpellings();
    return pageOf(
      'lifespans',
      rows,
      query.limit,
      (row) => lifespanView(row, spelling(row)),
      (row) => [row.place, row.name, row.fromNo],
    );
  }

  /** Last observation and failure of mini programs, for their views. Those without any are left out. */
  async watchOf(sql: Sql, platformId: number, authorizerIds: readonly number[]): Promise<Map<number, WatchSummary>> {
    const rows = await sql.query<{
      id: number;
      at: Date | null;
      failure: (LastFailureView & { transient?: boolean }) | null;
    }>(WATCH_OF, [platformId, authorizerIds]);
    return new Map(
      rows.map(({ id, at, failure }) => [
        id,
        {
          lastSnapshotAt: at,
          lastFailure: failure && { at: failure.at, code: failure.code, wechat: failure.wechat },
        },
      ]),
    );
  }

  private async moments(
    sql: Sql,
    platformId: number,
    authorizerId: number,
    moments: readonly (Date | null)[],
  ): Promise<
    { at: Date; near: Neighbourhood; readability: Readability; shown: ShownDomains | null; unknownSlots: number }[]
  > {
    const rows = await sql.query<MomentRow>(MOMENTS, [platformId, authorizerId, moments]);
    return rows.map((row) => ({
      at: row.at,
      near: {
        before:
          row.firstObservedAt && row.lastObservedAt
            ? {
                firstObservedAt: row.firstObservedAt,
                firstAnsweredAt: new Date(row.firstObservedAt.getTime() + (row.firstAnswerMs ?? 0)),
                lastObservedAt: row.lastObservedAt,
                latest: row.latest ?? false,
              }
            : null,
        nextFirstObservedAt: row.nextFirstObservedAt,
        gaps: (row.gaps ?? []).map((gap) => ({
          from: new Date(gap.from),
          to: new Date(gap.to),
          certain: new Date(gap.certain),
        })),
        unreadableSince: row.unreadableSince,
      },
      readability: row,
      ...shownOf(row),
    }));
  }
}

/** Of the latest snapshot, what the latest answer did not say is unknown, too. */
function shownOf({ bytes, encoding, latest, unknownSlots }: MomentRow): {
  shown: ShownDomains | null;
  unknownSlots: number;
} {
  if (!bytes || encoding === null) return { shown: null, unknownSlots: 0 };
  const reply = parseBody(unpackBody({ encoding, bytes }));
  const unknown = unknownLists(reply).all | (latest ? (unknownSlots ?? 0) : 0);
  const shown = shownDomains(reply);
  for (const { group, list } of listsOfMask(unknown)) delete shown[group]?.[list];
  return { shown, unknownSlots: unknown };
}

interface MomentRow extends Readability {
  at: Date;
  firstObservedAt: Date | null;
  firstAnswerMs: number | null;
  unknownSlots: number | null;
  lastObservedAt: Date | null;
  latest: boolean | null;
  encoding: number | null;
  bytes: Buffer | null;
  nextFirstObservedAt: Date | null;
  gaps: { from: number; to: number; certain: number }[] | null;
}

/** Of a moment before the first observation, only what stood in the way at that moment is a reason. */
function reasonOf({
  at,
  near,
  readability,
}: {
  at: Date;
  near: Neighbourhood;
  readability: Readability;
}): UnknownReason {
  const since = readability.unreadableSince;
  if (!near.before && (near.nextFirstObservedAt || (since && since > at)))
    return { code: 'never_observed', since: null };
  return unknownReason(readability);
}

interface LifespanRow {
  place: number;
  name: string;
  fromNo: number;
  firstObservedAt: Date;
  lastObservedAt: Date;
  endedAt: Date | null;
  present: boolean;
  bodyId: number;
  /** Null where an earlier row of the page has the same body. */
  encoding: number | null;
  bytes: Buffer | null;
}

/** WeChat's spelling of the domains of a page. Most of its rows share a few bodies, and each is read once. */
function pageSpellings(): (row: LifespanRow) => string | undefined {
  const bodies = new Map<number, ReturnType<typeof spellings>>();
  return ({ bodyId, encoding, bytes, place, name }) => {
    if (bytes && encoding !== null)
      bodies.set(bodyId, spellings(shownDomains(parseBody(unpackBody({ encoding, bytes })))));
    return bodies.get(bodyId)?.[place]?.get(name);
  };
}

function lifespanView(row: LifespanRow, spelled: string | undefined): LifespanView {
  return {
    group: groupOf(row.place),
    list: listOf(row.place),
    domain: spelled ?? row.name,
    first_observed_at: row.firstObservedAt.toISOString(),
    last_observed_at: row.lastObservedAt.toISOString(),
    ended_at: row.endedAt?.toISOString() ?? null,
    present: row.present,
  };
}

function snapshotView(subject: SubjectRef, row: SnapshotRow): SnapshotView {
  const reply = parseBody(unpackBody(row));
  const domains = shownDomains(reply);
  const unknown = unknownLists(reply).all;
  const replyBefore =
    row.beforeBytes && row.beforeEncoding !== null
      ? parseBody(unpackBody({ encoding: row.beforeEncoding, bytes: row.beforeBytes }))
      : {};
  return {
    id: snapshotId(subject.authorizerId, row.no),
    authorizer_appid: subject.authorizerAppid,
    first_observed_at: row.firstObservedAt.toISOString(),
    last_observed_at: row.lastObservedAt.toISOString(),
    observations: row.observations,
    domains,
    unknown_lists: listsOfMask(unknown),
    changes: diffShown(shownDomains(replyBefore), domains, unknown | unknownLists(replyBefore).all),
  };
}

function numberOf(subject: SubjectRef, id: string): number {
  const parsed = parseSnapshotId(id);
  if (!parsed || parsed.authorizerId !== subject.authorizerId) throw snapshotNotFound();
  return parsed.no;
}

function snapshotNotFound(): AppError {
  return new AppError('not_found', 'there is no such snapshot of this mini program');
}

/** A keyset position, or AppError invalid_request for a cursor of something else. */
export const positionOf: typeof decodeCursor = (kind, cursor, shape) => {
  try {
    return decodeCursor(kind, cursor, shape);
  } catch (error) {
    if (error instanceof CursorError) throw AppError.invalid('cursor', error.message);
    throw error;
  }
};
