import type { Database } from '#libs/kernel';

/** The same number stands in the trigger that reopens days. */
const DAY_LOCK = 7_309_217;
/** Days that are shown. */
export const SHOWN_DAYS = 30;

/** Whether the day that begins at `day` (a timestamp in Beijing) has ended so long ago that it may be counted for good. */
const HAS_LONG_ENDED = (day: string, at: string) =>
  `(${day} + interval '3 days') AT TIME ZONE 'Asia/Shanghai' <= ${at}`;

/** Snapshots of platform $1 that are changes, of the day that begins at `day`: they stand in one piece of the index of the change feed. */
const CHANGES_OF = (day: string) => `(
    SELECT count(*)::int FROM domain_ledger.snapshot s
     WHERE s.platform_id = $1 AND s.change_id IS NOT NULL AND s.first_observed_at >= ${day} AT TIME ZONE 'Asia/Shanghai'
       AND s.first_observed_at < (${day} + interval '1 day') AT TIME ZONE 'Asia/Shanghai')`;

/**
 * Changes of the day that begins at `day`: as counted, where that still holds, and else counted now. Counted later than now means
 * that the clock was wrong then.
 */
export const CHANGES_OF_DAY = (day: string, at: string) => `coalesce((
  SELECT k.changes FROM domain_ledger.change_day k
   WHERE k.platform_id = $1 AND k.day = (${day})::date AND k.counted_at <= ${at} AND ${HAS_LONG_ENDED(day, at)}
     AND NOT EXISTS (SELECT FROM domain_ledger.reopened_day r WHERE r.platform_id = $1 AND r.day = k.day)), ${CHANGES_OF(day)})`;

/**
 * Counts the changes of days that have long ended, once, and again where a snapshot of such a day came or went since. The lock
 * waits for transactions that reopened a day and have not committed; one that reopens a day later notes it after this has committed.
 * @returns days counted
 */
export async function countChangeDays(
  db: Pick<Database, 'transaction' | 'query'>,
  platformId: number,
): Promise<number> {
  const [due] = await db.query<{ due: boolean }>(DUE, [platformId, SHOWN_DAYS]);
  if (!due?.due) return 0;
  return db.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1, $2)', [DAY_LOCK, platformId]);
    await sql.run(FORGET, [platformId, SHOWN_DAYS]);
    return sql.run(COUNT, [platformId, SHOWN_DAYS]);
  });
}

const DAYS = `
  clock AS (SELECT wxfleet.now() AS at, (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date AS today),
  ended AS (
    SELECT d.day FROM clock, generate_series((today - $2::int + 1)::timestamp, today::timestamp, interval '1 day') AS d (day)
     WHERE ${HAS_LONG_ENDED('d.day', 'clock.at')})`;

const DUE = `
  WITH ${DAYS}
  SELECT EXISTS (SELECT FROM domain_ledger.reopened_day WHERE platform_id = $1)
      OR EXISTS (SELECT FROM ended WHERE NOT EXISTS (
           SELECT FROM domain_ledger.change_day k, clock WHERE k.platform_id = $1 AND k.day = ended.day::date AND k.counted_at <= clock.at)) AS due`;

const FORGET = `
  WITH reopened AS (DELETE FROM domain_ledger.reopened_day WHERE platform_id = $1 RETURNING day)
  DELETE FROM domain_ledger.change_day
   WHERE platform_id = $1 AND (day IN (SELECT day FROM reopened) OR counted_at > (SELECT wxfleet.now())
     OR day < (SELECT (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date) - $2::int)`;

const COUNT = `
  WITH ${DAYS}
  INSERT INTO domain_ledger.change_day (platform_id, day, changes, counted_at)
  SELECT $1, ended.day::date, ${CHANGES_OF('ended.day')}, clock.at
    FROM ended, clock
   WHERE NOT EXISTS (SELECT FROM domain_ledger.change_day k WHERE k.platform_id = $1 AND k.day = ended.day::date)`;
