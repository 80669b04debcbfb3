import type { Database, Sql } from '#libs/kernel';

/*
 * How old what is known of a fleet is, told by batches of looks. A row of `watch` names the batch of its latest look, and the batch has
 * the earliest moment of its looks and a list of its members, so that batches by their age lead to the oldest rows. The list only loses
 * members: a mini program that was looked at again stands in a later batch, too. Bookkeeping (`keepLookBatches`) removes batches without
 * members, and puts the few that are left in old ones together.
 */

/**
 * The batch of rows that are looked at now, from `held` (authorizer_id, at, in_batch, look_batch), if any, as the step `new_batch` of a statement.
 * Parameter $1 is the platform. Rows of `held` that are not updated afterwards stand in the list without being in the batch.
 */
export const NEW_BATCH = (held: string) => `new_batch AS (
       INSERT INTO domain_ledger.look_batch (platform_id, asked_from, asked_to, size, authorizer_ids, left_batches)
       SELECT $1, min(at), max(at), count(*), array_agg(authorizer_id), array_agg(DISTINCT look_batch) FILTER (WHERE in_batch)
         FROM ${held} HAVING count(*) > 0
       RETURNING batch_id
     )`;

/** Puts an updated row of `watch` into `new_batch`. */
export const INTO_BATCH = 'in_batch = true, look_batch = (SELECT batch_id FROM new_batch)';

/** Members of a batch that is put together. */
const SIZE = 500;
/** Old batches with fewer are put together. */
const SMALL = SIZE / 4;
/** New batches that are followed up in one transaction, and rows in no batch. */
const NEW_AT_ONCE = 200;
const ROWS_AT_ONCE = 5000;
/** How often a batch is looked through that no later batch has members from. */
const UNTOUCHED_MS = 3_600_000;

/**
 * One pass of the bookkeeping over a platform's batches; any number of processes may call it.
 * @param intervalMs time between scheduled looks: batches that are older are looked through now and then, for rows that release 0.2.0
 *   has looked at since and withdrawn accounts
 */
export async function keepLookBatches(
  db: Pick<Database, 'transaction'>,
  platformId: number,
  intervalMs: number,
  { rowsAtOnce = ROWS_AT_ONCE, signal }: { rowsAtOnce?: number; signal?: AbortSignal } = {},
): Promise<void> {
  for (let more = true; more && !signal?.aborted;) {
    more = await db.transaction(async (sql) => {
      const followed = await sql.query<{ left: number[] }>(FOLLOW_UP, [platformId, NEW_AT_ONCE]);
      await thinOut(sql, platformId, intervalMs, [...new Set(followed.flatMap(({ left }) => left))]);
      return followed.length === NEW_AT_ONCE;
    });
  }
  await db.transaction(async (sql) => {
    const old = await sql.query<{ id: number }>(OLD, [platformId, intervalMs, UNTOUCHED_MS, NEW_AT_ONCE]);
    await thinOut(
      sql,
      platformId,
      intervalMs,
      old.map(({ id }) => id),
      SMALL,
    );
  });
  for (let more = true; more && !signal?.aborted;) {
    more = await db.transaction(async (sql) => {
      const rows = await sql.query<Member>(IN_NO_BATCH, [platformId, intervalMs, rowsAtOnce]);
      await regroup(sql, platformId, rows);
      return rows.length === rowsAtOnce;
    });
  }
}

interface Member {
  id: number;
  /** In milliseconds, rounded down. */
  at: number | null;
  counted: number;
  /** Older than the time between scheduled looks. */
  isOld: boolean;
}

/**
 * Removes batches without members, and puts together who is left in those that are mostly empty, younger than their list says, or
 * smaller than `small`.
 */
async function thinOut(
  sql: Sql,
  platformId: number,
  intervalMs: number,
  ids: readonly number[],
  small = 0,
): Promise<void> {
  if (ids.length === 0) return;
  const found = await sql.query<{ id: number; members: number; good: boolean }>(THIN, [platformId, ids, small]);
  const alone = found.filter(({ good }) => good).length === 1;
  const thin = found.filter(({ good }) => !good || !alone);
  if (thin.length === 0) return;
  const kept = thin.filter(({ members }) => members > 0).map(({ id }) => id);
  if (kept.length > 0) await regroup(sql, platformId, await sql.query<Member>(MEMBERS, [platformId, intervalMs, kept]));
  await sql.run(
    `DELETE FROM domain_ledger.look_batch b WHERE platform_id = $1 AND batch_id = ANY ($2::bigint[])
        AND NOT EXISTS (SELECT FROM unnest(b.authorizer_ids) AS m (id), LATERAL (
              SELECT FROM domain_ledger.watch w
               WHERE w.platform_id = $1 AND w.authorizer_id = m.id AND w.in_batch AND w.look_batch = b.batch_id OFFSET 0) AS w)`,
    [platformId, thin.map(({ id }) => id)],
  );
}

/** Makes batches of rows whose locks are held, by their age. Those that do not count as known are in none. */
async function regroup(sql: Sql, platformId: number, rows: readonly Member[]): Promise<void> {
  const known = rows.flatMap(({ id, at, counted, isOld }) => (counted === 2 && at !== null ? [{ id, at, isOld }] : []));
  known.sort((a, b) => a.at - b.at || a.id - b.id);
  // A batch of both would have everybody in it looked up with the old ones.
  const old = known.filter(({ isOld }) => isOld).length;
  const parts = [...chunks(known.slice(0, old)), ...chunks(known.slice(old))];
  for (const part of parts) {
    await sql.run(
      `WITH new_batch AS (
         INSERT INTO domain_ledger.look_batch (platform_id, asked_from, asked_to, size, authorizer_ids)
         SELECT $1, to_timestamp($3::float8 / 1000.0), to_timestamp(($4::float8 + 1) / 1000.0), cardinality($2::bigint[]), $2::bigint[]
         RETURNING batch_id
       )
       UPDATE domain_ledger.watch SET ${INTO_BATCH} WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[])`,
      [platformId, part.map(({ id }) => id), part[0]?.at, part.at(-1)?.at],
    );
  }
  const others = rows.filter(({ counted, at }) => counted !== 2 || at === null).map(({ id }) => id);
  if (others.length === 0) return;
  await sql.run(
    'UPDATE domain_ledger.watch SET in_batch = false WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[]) AND in_batch',
    [platformId, others],
  );
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / SIZE) }, (_, n) => items.slice(n * SIZE, (n + 1) * SIZE));
}

/** Batches that lost members to new ones; each new one is followed up once. */
const FOLLOW_UP = `
  WITH taken AS (
    SELECT batch_id, left_batches FROM domain_ledger.look_batch
     WHERE platform_id = $1 AND left_batches IS NOT NULL ORDER BY batch_id LIMIT $2 FOR UPDATE SKIP LOCKED
  ), followed AS (
    UPDATE domain_ledger.look_batch SET left_batches = NULL WHERE platform_id = $1 AND batch_id IN (SELECT batch_id FROM taken)
  )
  SELECT left_batches::float8[] AS left FROM taken`;

const OLD = `
  UPDATE domain_ledger.look_batch SET checked_at = wxfleet.now()
   WHERE platform_id = $1 AND batch_id IN (
     SELECT batch_id FROM domain_ledger.look_batch
      WHERE platform_id = $1 AND asked_from < wxfleet.now() - $2::float8 * interval '1 ms'
        AND (checked_at IS NULL OR checked_at < wxfleet.now() - $3::float8 * interval '1 ms')
      ORDER BY asked_from, batch_id LIMIT $4 FOR UPDATE SKIP LOCKED)
  RETURNING batch_id AS id`;

/** With a lock on their lists, in the order of their ids. */
const THIN = `
  WITH held AS MATERIALIZED (
    SELECT batch_id, asked_to, size, authorizer_ids FROM domain_ledger.look_batch
     WHERE platform_id = $1 AND batch_id = ANY ($2::bigint[]) ORDER BY batch_id FOR UPDATE SKIP LOCKED
  )
  SELECT h.batch_id AS id, m.members, m.members > 0 AND m.still * 2 >= h.size AS good
    FROM held h, LATERAL (
      SELECT count(*)::int AS members, count(*) FILTER (WHERE w.counted = 2 AND w.last_observed_at <= h.asked_to)::int AS still
        FROM unnest(h.authorizer_ids) AS u (id), LATERAL (
          SELECT counted, last_observed_at FROM domain_ledger.watch
           WHERE platform_id = $1 AND authorizer_id = u.id AND in_batch AND look_batch = h.batch_id OFFSET 0) AS w) AS m
   WHERE m.still * 2 < h.size OR m.members = 0 OR h.size < $3::int`;

const MEMBER = `w.authorizer_id AS id, floor(extract(epoch FROM w.last_observed_at) * 1000)::float8 AS at, w.counted,
  coalesce(w.last_observed_at < wxfleet.now() - $2::float8 * interval '1 ms', false) AS "isOld"`;

const MEMBERS = `
  SELECT ${MEMBER} FROM domain_ledger.watch w
   WHERE w.platform_id = $1 AND w.in_batch AND w.look_batch = ANY ($3::bigint[]) AND w.authorizer_id = ANY (ARRAY(
     SELECT u.id FROM domain_ledger.look_batch b, unnest(b.authorizer_ids) AS u (id)
      WHERE b.platform_id = $1 AND b.batch_id = ANY ($3)))
   ORDER BY w.authorizer_id FOR NO KEY UPDATE`;

const IN_NO_BATCH = `
  SELECT ${MEMBER} FROM domain_ledger.watch w
   WHERE w.platform_id = $1 AND w.counted = 2 AND NOT w.in_batch
   ORDER BY w.authorizer_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`;

/** Rows of which the batches do not tell the truth (0, unless there is a defect). */
export async function misbatched(sql: Sql, platformId: number): Promise<number> {
  const [row] = await sql.query<{ wrong: number }>(
    `SELECT count(*)::int AS wrong
       FROM domain_ledger.watch w
      WHERE w.platform_id = $1 AND w.in_batch AND NOT EXISTS (
            SELECT FROM domain_ledger.look_batch b
             WHERE b.platform_id = $1 AND b.batch_id = w.look_batch AND w.authorizer_id = ANY (b.authorizer_ids)
               AND w.last_observed_at >= b.asked_from)`,
    [platformId],
  );
  return row?.wrong ?? 0;
}
