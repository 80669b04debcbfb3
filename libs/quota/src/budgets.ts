import { AppError, type Database, type Sql } from '#libs/kernel';
import type { DayTotal } from './counter-store.ts';

/** Our own limit of a path for one platform, all its merchants together. */
export interface Budget {
  path: string;
  /** Calls a day. */
  perDay: number;
  /** Of these, kept for people: background work stops this much earlier. */
  reserve: number;
}

interface Known {
  perDay: number;
  reserve: number;
  day: string;
  /** Calls of that day over all processes, as last read or written. */
  calls: number;
  /** Of these, before the operator cleared WeChat's count. */
  cleared: number;
}

interface Row {
  componentAppid: string;
  path: string;
  perDay: number;
  reserve: number;
  calls: number;
  cleared: number;
}

/** The budgets and how far they are used, in memory; read again with every pass, so that changes elsewhere count. */
export class Budgets {
  private known = new Map<string, Known>();

  constructor(private readonly db: Database) {}

  get size(): number {
    return this.known.size;
  }

  /** Calls left on `day` for this priority, `unwritten` being what this process has yet to add; null without a budget. */
  left(
    call: { componentAppid: string; path: string; priority: 'interactive' | 'background' },
    day: string,
    unwritten: number,
  ): number | null {
    const known = this.known.get(`${call.componentAppid} ${call.path}`);
    if (!known) return null;
    const used = (known.day === day ? known.calls - known.cleared : 0) + unwritten;
    return known.perDay - (call.priority === 'background' ? known.reserve : 0) - used;
  }

  /** A write of counts gave these totals. */
  counted(totals: readonly DayTotal[]): void {
    for (const total of totals) {
      const known = this.known.get(`${total.componentAppid} ${total.path}`);
      if (known && known.day === total.day) known.calls = total.calls;
    }
  }

  /** Budgets, today's totals, and the database's time (milliseconds since 1970), in one question. */
  async read(day: string): Promise<{ nowMs: number }> {
    const rows = await this.db.query<Row & { nowMs: number; path: string | null }>(
      `SELECT (extract(epoch FROM wxfleet.now()) * 1000)::float8 AS "nowMs", b.*
         FROM (VALUES (1)) AS once LEFT JOIN (
           SELECT a.component_appid AS "componentAppid", b.path, b.per_day AS "perDay", b.reserve,
                  coalesce(c.calls, 0) AS calls,
                  CASE WHEN b.cleared_day = $1::date THEN b.cleared_calls ELSE 0 END AS cleared
             FROM quota.budget b JOIN custody.component_account a USING (platform_id)
             LEFT JOIN quota.call_count c
               ON c.platform_id = b.platform_id AND c.path = b.path AND c.day = $1::date
         ) b ON true`,
      [day],
    );
    this.known = new Map(
      rows.flatMap(({ nowMs: _nowMs, componentAppid, path, ...known }) =>
        path === null ? [] : [[`${componentAppid} ${path}`, { ...known, day }]],
      ),
    );
    return { nowMs: rows[0]!.nowMs };
  }
}

/** Sets the limit of a path, or (null) takes it away. In force in every process about a second after the commit of `sql`. */
export async function setBudget(
  sql: Sql,
  platformId: number,
  path: string,
  budget: Omit<Budget, 'path'> | null,
): Promise<void> {
  if (!/^\/[\x21-\x7e]{1,200}$/.test(path)) throw AppError.invalid('path', 'must be a path of the API, such as /wxa/x');
  if (budget === null) {
    await sql.run('DELETE FROM quota.budget WHERE platform_id = $1 AND path = $2', [platformId, path]);
    return;
  }
  const { perDay, reserve } = budget;
  if (!Number.isSafeInteger(perDay) || perDay < 1 || perDay > 2_147_483_647) {
    throw AppError.invalid('per_day', 'must be a whole number of at least 1');
  }
  if (!Number.isSafeInteger(reserve) || reserve < 0 || reserve > perDay) {
    throw AppError.invalid('reserve', 'must be a whole number from 0 to per_day');
  }
  await sql.run(
    `INSERT INTO quota.budget (platform_id, path, per_day, reserve) VALUES ($1, $2, $3, $4)
     ON CONFLICT (platform_id, path) DO UPDATE SET per_day = excluded.per_day, reserve = excluded.reserve`,
    [platformId, path, perDay, reserve],
  );
}

/** All budgets of a platform. */
export function listBudgets(sql: Sql, platformId: number): Promise<Budget[]> {
  return sql.query<Budget>(
    'SELECT path, per_day AS "perDay", reserve FROM quota.budget WHERE platform_id = $1 ORDER BY path',
    [platformId],
  );
}

/** WeChat's count for the platform itself starts at zero again, and so do its budgets. Merchants' own quotas are not concerned. */
export async function restartBudgets(sql: Sql, platformId: number, day: string): Promise<void> {
  await sql.run(
    `UPDATE quota.budget b SET cleared_day = $2::date, cleared_calls = c.calls
       FROM quota.call_count c
      WHERE b.platform_id = $1 AND c.platform_id = $1 AND c.path = b.path AND c.day = $2::date
        AND b.path LIKE '/cgi-bin/component/%'`,
    [platformId, day],
  );
}
