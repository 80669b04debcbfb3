import { Inject, Injectable } from '@nestjs/common';
import type { PlatformOverviewView } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import type { FleetScope } from './fleet-scope.ts';
import { LedgerOptions } from '../ledger-options.ts';
import { TOTAL_AUTHORIZED, TOTAL_KNOWN, TOTAL_READABLE } from '../lists/slots.ts';

interface Row {
  at: Date;
  authorized: number;
  readable: number;
  fresh: number;
  unknown: number;
  failing: number;
  oldestAppid: string | null;
  oldestAt: Date | null;
  days: { day: string; changes: number }[];
}

const DAYS = 30;

/** A platform in numbers, for the first page of the console. */
@Injectable()
export class PlatformOverview {
  private readonly freshMs: number;

  /** @param options.snapshotIntervalMs time between scheduled snapshots; an observation is fresh up to twice as long */
  constructor(@Inject(LedgerOptions) options: Pick<LedgerOptions, 'snapshotIntervalMs'>) {
    this.freshMs = 2 * options.snapshotIntervalMs;
  }

  async read(sql: Sql, scope: FleetScope): Promise<PlatformOverviewView> {
    const merchants = scope.merchantIds;
    const [row] = await sql.query<Row>(OVERVIEW(merchants !== null), [
      scope.platformId,
      this.freshMs,
      DAYS,
      ...(merchants === null ? [TOTAL_AUTHORIZED, TOTAL_KNOWN, TOTAL_READABLE] : [merchants]),
    ]);
    if (!row) throw new Error('a count without a row');
    return {
      at: row.at.toISOString(),
      mini_programs: {
        authorized: row.authorized,
        readable: row.readable,
        fresh: row.fresh,
        unknown: row.unknown,
        failing: row.failing,
      },
      fresh_seconds: Math.floor(this.freshMs / 1000),
      oldest_evidence:
        row.oldestAppid !== null && row.oldestAt
          ? { authorizer_appid: row.oldestAppid, observed_at: row.oldestAt.toISOString() }
          : null,
      changes_per_day: row.days,
    };
  }
}

const CLOCK = `
  clock AS MATERIALIZED (
    SELECT wxfleet.now() AS at, (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date AS today,
           wxfleet.now() - $2::float8 * interval '1 ms' AS fresh_after
  )`;

/** Mini programs of one entry of `seen_by_block`: ids that differ in their last 12 bits only. */
const BLOCK = 12;

/**
 * How many there are is counted as it happens; how old what is known of them is, is in their rows: one pass over the rows of
 * those that are known. The oldest is looked up among the few of its block. A known one is authorized and may be read.
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
  ), seen_by_block AS MATERIALIZED (
    SELECT authorizer_id >> ${BLOCK} AS block, count(*) FILTER (WHERE last_observed_at > (SELECT fresh_after FROM clock)) AS fresh,
           count(*) FILTER (WHERE unreadable_since IS NOT NULL) AS failing, min(last_observed_at) AS oldest
      FROM domain_ledger.watch WHERE platform_id = $1 AND counted = 2 GROUP BY 1
  ), never_read AS (
    SELECT count(*) AS failing
      FROM domain_ledger.watch w JOIN domain_ledger.subject s USING (platform_id, authorizer_id)
     WHERE w.platform_id = $1 AND w.counted = 1 AND w.content_id IS NULL AND w.unreadable_since IS NOT NULL AND s.readable
  ), counts AS (
    SELECT c.authorized, c.readable, c.authorized - c.known AS unknown, coalesce((SELECT sum(fresh) FROM seen_by_block), 0)::int AS fresh,
           (coalesce((SELECT sum(failing) FROM seen_by_block), 0) + n.failing)::int AS failing
      FROM counted c, never_read n
  ), oldest AS (
    SELECT s.authorizer_appid, o.oldest
      FROM (SELECT block, oldest FROM seen_by_block ORDER BY oldest, block LIMIT 1) AS o
      JOIN LATERAL (SELECT authorizer_id FROM domain_ledger.watch
                     WHERE platform_id = $1 AND authorizer_id BETWEEN o.block << ${BLOCK} AND ((o.block + 1) << ${BLOCK}) - 1
                       AND counted = 2 AND last_observed_at = o.oldest
                     ORDER BY authorizer_id LIMIT 1) m ON true
      JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = m.authorizer_id
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

/** Changes are counted day by day in the index of the change feed, which has each day in one piece. */
const DAYS_OF_PLATFORM = `
  SELECT d.day::date AS day, c.changes
    FROM clock, generate_series((clock.today - $3::int + 1)::timestamp, clock.today::timestamp, interval '1 day') AS d (day), LATERAL (
         SELECT count(*)::int AS changes FROM domain_ledger.snapshot s
          WHERE s.platform_id = $1 AND s.change_id IS NOT NULL AND s.first_observed_at >= d.day AT TIME ZONE 'Asia/Shanghai'
            AND s.first_observed_at < (d.day + interval '1 day') AT TIME ZONE 'Asia/Shanghai') AS c`;
const DAYS_OF_MERCHANTS = `
  SELECT (s.first_observed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::int AS changes
    FROM domain_ledger.snapshot s
    JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = s.authorizer_id AND a.merchant_id = ANY ($4::text[])
   WHERE s.platform_id = $1 AND s.change_id IS NOT NULL
     AND s.first_observed_at >= ((SELECT today FROM clock) - $3::int + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
   GROUP BY 1`;

const OVERVIEW = (merchants: boolean) => `
  WITH ${CLOCK}, ${merchants ? OF_MERCHANTS : WHOLE_PLATFORM}, seen AS (${merchants ? DAYS_OF_MERCHANTS : DAYS_OF_PLATFORM})
  SELECT (SELECT at FROM clock) AS at, c.authorized, c.readable, c.fresh, c.unknown, c.failing,
         o.authorizer_appid AS "oldestAppid", o.oldest AS "oldestAt",
         (SELECT jsonb_agg(jsonb_build_object('day', d.day::date::text, 'changes', coalesce(seen.changes, 0)) ORDER BY d.day)
            FROM clock, generate_series((clock.today - $3::int + 1)::timestamp, clock.today::timestamp, interval '1 day') AS d (day)
            LEFT JOIN seen ON seen.day = d.day::date) AS days
    FROM counts c LEFT JOIN oldest o ON true`;
