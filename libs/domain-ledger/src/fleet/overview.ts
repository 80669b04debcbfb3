import { Inject, Injectable } from '@nestjs/common';
import type { PlatformOverviewView } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import type { FleetScope } from './fleet-scope.ts';
import { LedgerOptions } from '../ledger-options.ts';

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
      ...(merchants === null ? [] : [merchants]),
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

/**
 * One pass over the rows that count (`counted`: 1 authorized and unknown, 2 known), and one over the month's part of the change
 * feed's index. Authorized mini programs without a row of the ledger are those that were never looked at.
 */
const OVERVIEW = (merchants: boolean) => `
  WITH clock AS MATERIALIZED (
    SELECT wxfleet.now() AS at, (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date AS today
  ), members AS (
    SELECT s.authorizer_id, s.readable, coalesce(w.counted, 1) = 2 AS known, w.last_observed_at, w.unreadable_since
      FROM domain_ledger.subject s LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized'
       ${merchants ? 'AND s.merchant_id = ANY ($4::text[])' : ''}
  ), counts AS (
    SELECT count(*)::int AS authorized, count(*) FILTER (WHERE readable)::int AS readable,
           count(*) FILTER (WHERE known AND last_observed_at > (SELECT at FROM clock) - $2::float8 * interval '1 ms')::int AS fresh,
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
  ), seen AS (
    SELECT (s.first_observed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::int AS changes
      FROM domain_ledger.snapshot s
      ${
        merchants
          ? `JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = s.authorizer_id
      AND a.merchant_id = ANY ($4::text[])`
          : ''
      }
     WHERE s.platform_id = $1 AND s.change_id IS NOT NULL
       AND s.first_observed_at >= ((SELECT today FROM clock) - $3::int + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY 1
  )
  SELECT (SELECT at FROM clock) AS at, c.authorized, c.readable, c.fresh, c.unknown, c.failing,
         o.authorizer_appid AS "oldestAppid", o.oldest AS "oldestAt",
         (SELECT jsonb_agg(jsonb_build_object('day', d.day::date::text, 'changes', coalesce(seen.changes, 0)) ORDER BY d.day)
            FROM clock, generate_series((clock.today - $3::int + 1)::timestamp, clock.today::timestamp, interval '1 day') AS d (day)
            LEFT JOIN seen ON seen.day = d.day::date) AS days
    FROM counts c LEFT JOIN oldest o ON true`;
