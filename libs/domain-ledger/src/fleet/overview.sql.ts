import { CHANGES_OF_DAY } from '../record/change-days.ts';

const CLOCK = `
  clock AS MATERIALIZED (
    SELECT wxfleet.now() AS at, (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date AS today,
           wxfleet.now() - $2::float8 * interval '1 ms' AS fresh_after
  )`;

/** Where old batches list more than one in this many, passing all rows costs less than looking them up. */
const MANY_OLD = 20;

/**
 * How many there are is counted as it happens. What was not seen lately stands in an old batch of looks (`look-batches.ts`), or in none.
 * The oldest is looked for batch by batch, until the next one begins later than what was found. A known one is authorized and may
 * be read.
 */
const WHOLE_PLATFORM = `
  counted AS (
    SELECT coalesce(sum(step) FILTER (WHERE place = $4), 0)::int AS authorized, coalesce(sum(step) FILTER (WHERE place = $5), 0)::int AS known,
           coalesce(sum(step) FILTER (WHERE place = $6), 0)::int AS readable
      FROM (SELECT place, uses AS step FROM domain_ledger.domain_use
             WHERE platform_id = $1 AND domain_id = 0 AND place = ANY (ARRAY[$4::smallint, $5::smallint, $6::smallint])
             UNION ALL
            SELECT place, step FROM domain_ledger.domain_use_delta
             WHERE platform_id = $1 AND domain_id = 0 AND place = ANY (ARRAY[$4, $5, $6])) AS steps
  ), in_no_batch AS MATERIALIZED (
    SELECT authorizer_id, last_observed_at FROM domain_ledger.watch WHERE platform_id = $1 AND counted = 2 AND NOT in_batch
  ), stale AS (
    SELECT CASE WHEN old.members > c.known / ${MANY_OLD} THEN (
             SELECT count(*) FROM domain_ledger.watch
              WHERE platform_id = $1 AND counted = 2 AND in_batch AND last_observed_at <= (SELECT fresh_after FROM clock))
           ELSE (
             SELECT count(*)
               FROM domain_ledger.look_batch b, unnest(b.authorizer_ids) AS m (authorizer_id), LATERAL (
                    SELECT FROM domain_ledger.watch w
                     WHERE w.platform_id = $1 AND w.authorizer_id = m.authorizer_id AND w.counted = 2 AND w.in_batch
                       AND w.look_batch = b.batch_id AND w.last_observed_at <= (SELECT fresh_after FROM clock) OFFSET 0) AS w
              WHERE b.platform_id = $1 AND b.asked_from <= (SELECT fresh_after FROM clock)) END
           + (SELECT count(*) FROM in_no_batch WHERE last_observed_at <= (SELECT fresh_after FROM clock)) AS count
      FROM counted c, (SELECT coalesce(sum(size), 0) AS members FROM domain_ledger.look_batch
                        WHERE platform_id = $1 AND asked_from <= (SELECT fresh_after FROM clock)) AS old
  ), never_read AS (
    SELECT count(*) AS failing
      FROM domain_ledger.watch w JOIN domain_ledger.subject s USING (platform_id, authorizer_id)
     WHERE w.platform_id = $1 AND w.counted = 1 AND w.content_id IS NULL AND w.unreadable_since IS NOT NULL AND s.readable
  ), failing AS (
    SELECT count(*) AS count FROM domain_ledger.watch WHERE platform_id = $1 AND counted = 2 AND unreadable_since IS NOT NULL
  ), counts AS (
    SELECT c.authorized, c.readable, c.authorized - c.known AS unknown, (c.known - stale.count)::int AS fresh,
           (f.count + n.failing)::int AS failing
      FROM counted c, stale, failing f, never_read n
  ), looked_for (asked_from, batch_id, oldest, authorizer_id) AS (
    SELECT '-infinity'::timestamptz, 0::bigint, n.last_observed_at, n.authorizer_id
      FROM (SELECT) AS start LEFT JOIN (SELECT * FROM in_no_batch ORDER BY last_observed_at, authorizer_id LIMIT 1) AS n ON true
    UNION ALL
    SELECT b.asked_from, b.batch_id, CASE WHEN m.is_older THEN m.last_observed_at ELSE l.oldest END,
           CASE WHEN m.is_older THEN m.authorizer_id ELSE l.authorizer_id END
      FROM looked_for l, LATERAL (
        SELECT asked_from, batch_id, authorizer_ids FROM domain_ledger.look_batch
         WHERE platform_id = $1 AND (asked_from, batch_id) > (l.asked_from, l.batch_id) AND (l.oldest IS NULL OR asked_from <= l.oldest)
         ORDER BY asked_from, batch_id LIMIT 1) AS b
      LEFT JOIN LATERAL (
        SELECT w.last_observed_at, w.authorizer_id,
               l.oldest IS NULL OR (w.last_observed_at, w.authorizer_id) < (l.oldest, l.authorizer_id) AS is_older
          FROM unnest(b.authorizer_ids) AS u (authorizer_id), LATERAL (
            SELECT last_observed_at, authorizer_id FROM domain_ledger.watch
             WHERE platform_id = $1 AND authorizer_id = u.authorizer_id AND counted = 2 OFFSET 0) AS w
         ORDER BY 1, 2 LIMIT 1) AS m ON true
  ), oldest AS (
    SELECT s.authorizer_appid, o.oldest
      FROM (SELECT oldest, authorizer_id FROM looked_for WHERE oldest IS NOT NULL ORDER BY oldest, authorizer_id LIMIT 1) AS o
      JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = o.authorizer_id
  )`;

/** For a caller limited to merchants, counted over theirs. Authorized ones without a row of the ledger were never looked at. */
const OF_MERCHANTS = `
  members AS (
    SELECT s.authorizer_id, s.readable, coalesce(w.counted, 1) = 2 AS known, w.last_observed_at, w.unreadable_since
      FROM domain_ledger.subject s LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.merchant_id = ANY ($4::text[])
  ), counts AS (
    SELECT count(*)::int AS authorized, count(*) FILTER (WHERE readable)::int AS readable,
           count(*) FILTER (WHERE known AND last_observed_at > (SELECT fresh_after FROM clock))::int AS fresh,
           count(*) FILTER (WHERE NOT known)::int AS unknown,
           count(*) FILTER (WHERE readable AND unreadable_since IS NOT NULL)::int AS failing,
           min(last_observed_at) FILTER (WHERE known) AS oldest
      FROM members
  ), oldest AS (
    SELECT s.authorizer_appid, c.oldest
      FROM counts c
      JOIN LATERAL (SELECT authorizer_id FROM members WHERE known AND last_observed_at = c.oldest
                     ORDER BY authorizer_id LIMIT 1) m ON true
      JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = m.authorizer_id
  )`;

const DAYS_OF_PLATFORM = `
  SELECT d.day::date AS day, ${CHANGES_OF_DAY('d.day', 'clock.at')} AS changes
    FROM clock, generate_series((clock.today - $3::int + 1)::timestamp, clock.today::timestamp, interval '1 day') AS d (day)`;

const DAYS_OF_MERCHANTS = `
  SELECT (s.first_observed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::int AS changes
    FROM domain_ledger.snapshot s
    JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = s.authorizer_id AND a.merchant_id = ANY ($4::text[])
   WHERE s.platform_id = $1 AND s.change_id IS NOT NULL
     AND s.first_observed_at >= ((SELECT today FROM clock) - $3::int + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
   GROUP BY 1`;

export const OVERVIEW = (merchants: boolean) => `
  WITH RECURSIVE ${CLOCK}, ${merchants ? OF_MERCHANTS : WHOLE_PLATFORM}, seen AS (${merchants ? DAYS_OF_MERCHANTS : DAYS_OF_PLATFORM})
  SELECT (SELECT at FROM clock) AS at, c.authorized, c.readable, c.fresh, c.unknown, c.failing,
         o.authorizer_appid AS "oldestAppid", o.oldest AS "oldestAt",
         (SELECT jsonb_agg(jsonb_build_object('day', d.day::date::text, 'changes', coalesce(seen.changes, 0)) ORDER BY d.day)
            FROM clock, generate_series((clock.today - $3::int + 1)::timestamp, clock.today::timestamp, interval '1 day') AS d (day)
            LEFT JOIN seen ON seen.day = d.day::date) AS days
    FROM counts c LEFT JOIN oldest o ON true`;
