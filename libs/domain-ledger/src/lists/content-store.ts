import { createHash } from 'node:crypto';
import type { Sql } from '#libs/kernel';
import { arrayText } from './array-text.ts';
import { packBody } from './body-codec.ts';
import { driftOf, largestList } from './content-facts.ts';
import type { SlotChange } from './domain-diff.ts';
import type { NormalContent } from './normalise.ts';
import { slotMask } from './slots.ts';
import {
  FIND_BODIES,
  FIND_CHANGE_SETS,
  FIND_CONTENTS,
  FIND_DOMAINS,
  FIND_LISTS,
  HOLD_BODIES,
  HOLD_LISTS,
  INSERT_BODIES,
  INSERT_CHANGE_SETS,
  INSERT_CONTENTS,
  INSERT_DOMAINS,
  INSERT_LISTS,
} from './content-store.sql.ts';

/*
 * Content-addressed rows: what is there is found by its digest, what is missing is inserted. Only what is missing takes
 * a number from a sequence. Rows are inserted in the order of their digests and table after table in one order, so two
 * transactions that insert the same things wait for each other, but never in a circle.
 */

/** Taken shared by everything that begins to refer to a body, exclusively by what removes unused bodies. */
export const BODY_LOCK = 7_309_301;
/**
 * The same for contents, lists, domains and change sets. A transaction that takes both takes this one first, also where it has not
 * come to a list yet; what removes takes one of them only.
 */
export const LIST_LOCK = 7_309_303;

/** Keeps contents, lists, domains and change sets from being removed until the transaction ends. */
async function keepLists(sql: Sql): Promise<void> {
  await sql.query(HOLD_LISTS, [LIST_LOCK]);
}

/** A content as it comes: normal form and its digests. */
export interface ContentInput {
  content: NormalContent;
  listDigests: readonly (Buffer | null)[];
  digest: Buffer;
}

/** A content with the numbers of its row and its domains. */
export interface StoredContent {
  contentId: number;
  /** Domain ids per slot; null: not sent. */
  slots: (number[] | null)[];
}

interface Keyed {
  key: string;
  id: number;
}

async function intern<Value>(
  values: ReadonlyMap<string, Value>,
  find: (wanted: Value[]) => Promise<Keyed[]>,
  insert: (missing: Value[]) => Promise<Keyed[]>,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const keep = (rows: Keyed[]) => rows.forEach(({ key, id }) => ids.set(key, id));
  const missing = () =>
    [...values.keys()]
      .filter((key) => !ids.has(key))
      .sort()
      .map((key) => values.get(key) as Value);
  if (values.size > 0) keep(await find(missing()));
  if (ids.size < values.size) keep(await insert(missing()));
  // Somebody else inserted the rest at the same time; the insert has waited for their commit.
  if (ids.size < values.size) keep(await find(missing()));
  if (ids.size < values.size) throw new Error('a content-addressed row was neither found nor inserted');
  return ids;
}

/** Numbers of domains by normal form. */
export function storeDomains(sql: Sql, names: Iterable<string>): Promise<Map<string, number>> {
  return intern(
    new Map([...names].map((name) => [name, name])),
    (wanted) => sql.query(FIND_DOMAINS, [wanted]),
    (missing) => sql.query(INSERT_DOMAINS, [missing]),
  );
}

/** Numbers of contents in the order given, making domains, lists and contents that are new. */
export async function storeContents(sql: Sql, inputs: readonly ContentInput[]): Promise<StoredContent[]> {
  if (inputs.length > 0) await keepLists(sql);
  const keys = inputs.map(({ digest }) => digest.toString('hex'));
  // After a release many inputs are one.
  const distinct = new Map(inputs.map((input, index) => [keys[index] as string, input]));
  const names = new Set<string>();
  for (const { content } of distinct.values())
    for (const list of content) for (const name of list ?? []) names.add(name);
  const domainIds = await storeDomains(sql, names);
  const numbered = [...distinct].map(([key, input]) => ({
    ...input,
    key,
    slots: input.content.map((list) => list?.map((name) => domainIds.get(name) as number) ?? null),
  }));

  const lists = new Map<string, { digest: Buffer; domainIds: number[] }>();
  for (const { slots, listDigests } of numbered) {
    slots.forEach((ids, slot) => {
      const digest = listDigests[slot];
      if (ids && digest) lists.set(digest.toString('hex'), { digest, domainIds: ids });
    });
  }
  const listIds = await intern(
    lists,
    (wanted) => sql.query(FIND_LISTS, [wanted.map((list) => list.digest)]),
    (missing) =>
      sql.query(INSERT_LISTS, [missing.map((list) => list.digest), missing.map((list) => arrayText(list.domainIds))]),
  );

  const contents = new Map(
    numbered.map((input) => [
      input.key,
      {
        digest: input.digest,
        slots: input.slots,
        listIds: input.listDigests.map((digest) => (digest ? (listIds.get(digest.toString('hex')) as number) : null)),
        drift: driftOf(input.slots).length > 0,
        largest: Math.min(largestList(input.slots), 32_767),
      },
    ]),
  );
  const contentIds = await intern(
    contents,
    (wanted) => sql.query(FIND_CONTENTS, [wanted.map((content) => content.digest)]),
    (missing) =>
      sql.query(INSERT_CONTENTS, [
        missing.map((content) => content.digest),
        missing.map((content) => arrayText(content.listIds)),
        missing.map((content) => content.drift),
        missing.map((content) => content.largest),
      ]),
  );
  return keys.map((key) => ({ contentId: contentIds.get(key) as number, slots: contents.get(key)?.slots ?? [] }));
}

/** Numbers of bodies by their digest, which is given in hex. Keeps them from being removed until the transaction ends. */
export async function storeBodies(
  sql: Sql,
  bodies: readonly { digest: string; body: Buffer }[],
): Promise<Map<string, number>> {
  if (bodies.length > 0) {
    await keepLists(sql);
    await sql.query(HOLD_BODIES, [BODY_LOCK]);
  }
  return intern(
    new Map(bodies.map((body) => [body.digest, body])),
    (wanted) => sql.query(FIND_BODIES, [arrayText(wanted.map((body) => body.digest))]),
    (missing) => {
      const packed = missing.map((body) => packBody(body.body));
      return sql.query(INSERT_BODIES, [
        arrayText(missing.map((body) => body.digest)),
        packed.map((body) => body.encoding),
        packed.map((body) => body.bytes),
      ]);
    },
  );
}

/** Numbers of change sets in the order given; null for no change. */
export async function storeChangeSets(
  sql: Sql,
  changeSets: readonly (readonly SlotChange<number>[])[],
): Promise<(number | null)[]> {
  if (changeSets.some((changes) => changes.length > 0)) await keepLists(sql);
  const keyed = changeSets.map((changes) => ({ changes, digest: changes.length > 0 ? changeDigest(changes) : null }));
  const values = new Map(
    keyed.flatMap(({ changes, digest }) => (digest ? [[digest.toString('hex'), { changes, digest }] as const] : [])),
  );
  const ids = await intern(
    values,
    (wanted) => sql.query(FIND_CHANGE_SETS, [wanted.map((set) => set.digest)]),
    (missing) => {
      const rows = missing.map((set) => changeSetRow(set.changes));
      return sql.query<Keyed>(INSERT_CHANGE_SETS, [
        missing.map((set) => set.digest),
        rows.map((row) => row.slots),
        rows.map((row) => arrayText(row.members)),
        rows.map((row) => arrayText(row.addedAt)),
        rows.map((row) => arrayText(row.removedAt)),
      ]);
    },
  );
  return keyed.map(({ digest }) => (digest ? (ids.get(digest.toString('hex')) as number) : null));
}

/** Every domain that was added or removed once, with the slots where it was, as bits. */
function changeSetRow(changes: readonly SlotChange<number>[]) {
  const added = new Map<number, number>();
  const removed = new Map<number, number>();
  for (const { slot, ...change } of changes) {
    for (const id of change.added) added.set(id, (added.get(id) ?? 0) | (1 << slot));
    for (const id of change.removed) removed.set(id, (removed.get(id) ?? 0) | (1 << slot));
  }
  const members = [...new Set([...added.keys(), ...removed.keys()])];
  return {
    slots: slotMask(changes.map((change) => change.slot)),
    members,
    addedAt: members.map((id) => added.get(id) ?? 0),
    removedAt: members.map((id) => removed.get(id) ?? 0),
  };
}

/** Domain ids are numbered per database, which is where a change set lives; so they may be digested. */
function changeDigest(changes: readonly SlotChange<number>[]): Buffer {
  const sorted = changes.map(({ slot, added, removed }) => [slot, ascending(added), ascending(removed)]);
  return createHash('sha256').update(JSON.stringify(sorted)).digest();
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}
