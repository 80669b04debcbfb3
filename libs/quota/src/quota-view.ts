import type { Sql } from '#libs/kernel';
import { BEIJING_DAY } from './ledger-of-calls.ts';

/** A path that waits, for screens and REST. */
export interface ParkView {
  /** null: the platform's own quota. */
  authorizerAppid: string | null;
  path: string;
  errcode: number;
  parkedAt: Date;
  parkedUntil: Date;
  strikes: number;
}

/** Calls of one day. */
export interface UsageView {
  authorizerAppid: string | null;
  path: string;
  /** Beijing's day, `YYYY-MM-DD`. */
  day: string;
  calls: number;
  errors: number;
  /** Our own limits, where set. */
  perDay: number | null;
  reserve: number | null;
}

export interface Budget {
  path: string;
  /** Calls a day, per owner of the quota. */
  perDay: number;
  /** Of these, kept for people: background work stops this much earlier. */
  reserve: number;
}

/** What waits now, the longest first. */
export function parkViews(sql: Sql, platformId: number): Promise<ParkView[]> {
  return sql.query<ParkView>(
    `SELECT nullif(authorizer_appid, '') AS "authorizerAppid", path, errcode, parked_at AS "parkedAt",
            parked_until AS "parkedUntil", strikes
       FROM quota.park WHERE platform_id = $1 AND parked_until > wxfleet.now()
      ORDER BY parked_until DESC, path, authorizer_appid LIMIT 500`,
    [platformId],
  );
}

/** Calls per path of the platform itself, and of merchants added up per path (`authorizerAppid` null in both) or of one merchant. */
export function usageViews(
  sql: Sql,
  platformId: number,
  filter: { authorizerAppid?: string; days?: number } = {},
): Promise<UsageView[]> {
  return sql.query<UsageView>(
    `SELECT $2::text AS "authorizerAppid", path, to_char(day, 'YYYY-MM-DD') AS day, sum(calls)::int AS calls,
            sum(errors)::int AS errors, max(per_day) AS "perDay", max(reserve) AS reserve
       FROM quota.call_count LEFT JOIN quota.budget USING (platform_id, path)
      WHERE platform_id = $1 AND day > ${BEIJING_DAY} - $3::int AND ($2::text IS NULL OR authorizer_appid = $2)
      GROUP BY path, call_count.day ORDER BY day DESC, path`,
    [platformId, filter.authorizerAppid ?? null, filter.days ?? 7],
  );
}

export function budgetsOf(sql: Sql, platformId: number): Promise<Budget[]> {
  return sql.query<Budget>(
    'SELECT path, per_day AS "perDay", reserve FROM quota.budget WHERE platform_id = $1 ORDER BY path',
    [platformId],
  );
}
