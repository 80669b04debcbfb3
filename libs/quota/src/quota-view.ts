import type { Sql } from '#libs/kernel';

/** A path that waits, in the form of the REST contract. */
export interface ParkView {
  /** null: the platform's own quota. */
  authorizer_appid: string | null;
  path: string;
  errcode: number;
  parked_at: string;
  parked_until: string;
  /** When one call is let through to find out whether it has ended already. */
  next_probe_at: string | null;
  strikes: number;
}

export interface CallCountView {
  path: string;
  calls: number;
  errors: number;
}

export interface BudgetView {
  path: string;
  per_day: number;
  reserve: number;
  used: number;
  remaining: number;
  /** What background work may still use. */
  remaining_background: number;
}

export interface QuotaView {
  /** Beijing date. */
  day: string;
  resets_at: string;
  /** At most 500, platforms' own first. */
  parks: ParkView[];
  /** All of them. */
  parked_count: number;
  calls: CallCountView[];
  budgets: BudgetView[];
}

const MAX_PARKS = 500;

/** Calls of the day, budgets, and what waits. Counts are about a second old. `today` is `CallQuota.today()`. */
export async function quotaView(
  sql: Sql,
  platformId: number,
  today: { day: string; endsAt: Date },
): Promise<QuotaView> {
  const parks = await sql.query<{
    authorizer_appid: string;
    path: string;
    errcode: number;
    parked_at: Date;
    parked_until: Date;
    probe_at: Date | null;
    strikes: number;
    parked_count: number;
  }>(
    `SELECT authorizer_appid, path, errcode, parked_at, parked_until, probe_at, strikes, count(*) OVER () AS parked_count
       FROM quota.park WHERE platform_id = $1 AND parked_until > wxfleet.now()
      ORDER BY authorizer_appid = '' DESC, parked_until DESC, path, authorizer_appid LIMIT ${MAX_PARKS}`,
    [platformId],
  );
  const calls = await sql.query<CallCountView>(
    'SELECT path, calls, errors FROM quota.call_count WHERE platform_id = $1 AND day = $2::date ORDER BY path',
    [platformId, today.day],
  );
  const budgets = await sql.query<Omit<BudgetView, 'remaining' | 'remaining_background'>>(
    `SELECT b.path, b.per_day, b.reserve,
            coalesce(c.calls, 0) - CASE WHEN b.cleared_day = $2::date THEN b.cleared_calls ELSE 0 END AS used
       FROM quota.budget b LEFT JOIN quota.call_count c
         ON c.platform_id = b.platform_id AND c.path = b.path AND c.day = $2::date
      WHERE b.platform_id = $1 ORDER BY b.path`,
    [platformId, today.day],
  );
  return {
    day: today.day,
    resets_at: today.endsAt.toISOString(),
    parks: parks.map(({ parked_count: _count, probe_at, ...park }) => ({
      ...park,
      authorizer_appid: park.authorizer_appid === '' ? null : park.authorizer_appid,
      parked_at: park.parked_at.toISOString(),
      parked_until: park.parked_until.toISOString(),
      next_probe_at: probe_at?.toISOString() ?? null,
    })),
    parked_count: parks[0]?.parked_count ?? 0,
    calls,
    budgets: budgets.map((budget) => ({
      ...budget,
      remaining: Math.max(0, budget.per_day - budget.used),
      remaining_background: Math.max(0, budget.per_day - budget.reserve - budget.used),
    })),
  };
}

/** Calls of one merchant's account by day and path, newest day first; about ten seconds old. `days` counts back from `today`. */
export function merchantCalls(
  sql: Sql,
  platformId: number,
  authorizerAppid: string,
  today: string,
  days = 1,
): Promise<(CallCountView & { day: string })[]> {
  return sql.query<CallCountView & { day: string }>(
    `SELECT to_char(m.day, 'YYYY-MM-DD') AS day, m.path, sum(m.calls[at])::bigint AS calls, sum(m.errors[at])::bigint AS errors
       FROM quota.merchant_call_chunk m
      CROSS JOIN LATERAL (SELECT array_position(m.authorizer_appids, $2) AS at) found
      WHERE m.platform_id = $1 AND m.day > $3::date - $4::int AND at IS NOT NULL
      GROUP BY m.day, m.path ORDER BY m.day DESC, m.path`,
    [platformId, authorizerAppid, today, days],
  );
}
