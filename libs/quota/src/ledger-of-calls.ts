import type { Database } from '#libs/kernel';

/** Whose calls, and of which path. `authorizerAppid` is empty for the platform's own quota. */
export interface Scope {
  platformId: number;
  authorizerAppid: string;
  path: string;
}

export interface ScopeCount extends Scope {
  calls: number;
  errors: number;
}

/** Totals of the day over all processes, as they stand after a write. */
export interface DayTotal extends Scope {
  calls: number;
}

/** Beijing's day by the database's clock. WeChat's pages do not say when its day begins; this one is an assumption, said so in the docs. */
export const BEIJING_DAY = `(wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date`;
/** The next midnight in Beijing. */
export const BEIJING_MIDNIGHT = `(((${BEIJING_DAY}) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')`;

const CHUNK = 2000;
const KEPT_DAYS = 35;

/** Counts of calls in `quota.call_count`. */
export class LedgerOfCalls {
  constructor(private readonly db: Database) {}

  /** Adds to today's counts; gives the totals of these scopes and how long the day lasts. */
  async add(counts: readonly ScopeCount[]): Promise<{ totals: DayTotal[]; dayEndsInMs: number }> {
    const totals: DayTotal[] = [];
    let dayEndsInMs = 0;
    for (let start = 0; start < counts.length; start += CHUNK) {
      const chunk = counts.slice(start, start + CHUNK);
      const rows = await this.db.query<DayTotal & { ends: number }>(
        `INSERT INTO quota.call_count AS c (platform_id, authorizer_appid, path, day, calls, errors)
         SELECT platform_id, authorizer_appid, path, ${BEIJING_DAY}, calls, errors
           FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::int[])
             AS i (platform_id, authorizer_appid, path, calls, errors)
          ORDER BY platform_id, path, authorizer_appid   -- the same order everywhere: no deadlocks between processes
         ON CONFLICT (platform_id, day, path, authorizer_appid)
         DO UPDATE SET calls = c.calls + excluded.calls, errors = c.errors + excluded.errors
         RETURNING platform_id AS "platformId", authorizer_appid AS "authorizerAppid", path, calls,
                   (extract(epoch FROM ${BEIJING_MIDNIGHT} - wxfleet.now()) * 1000)::float8 AS ends`,
        [
          chunk.map((count) => count.platformId),
          chunk.map((count) => count.authorizerAppid),
          chunk.map((count) => count.path),
          chunk.map((count) => count.calls),
          chunk.map((count) => count.errors),
        ],
      );
      for (const { ends, ...total } of rows) {
        totals.push(total);
        dayEndsInMs = ends;
      }
    }
    return { totals, dayEndsInMs };
  }

  /** Today's totals of the paths that have a budget, for platforms' own quotas. */
  async today(): Promise<{ totals: DayTotal[]; dayEndsInMs: number }> {
    const totals = await this.db.query<DayTotal>(
      `SELECT platform_id AS "platformId", authorizer_appid AS "authorizerAppid", path, calls
         FROM quota.call_count JOIN quota.budget USING (platform_id, path)
        WHERE day = ${BEIJING_DAY}`,
    );
    const [row] = await this.db.query<{ ends: number }>(
      `SELECT (extract(epoch FROM ${BEIJING_MIDNIGHT} - wxfleet.now()) * 1000)::float8 AS ends`,
    );
    return { totals, dayEndsInMs: row!.ends };
  }

  /** Counts are kept for 35 days. */
  async prune(): Promise<number> {
    return this.db.run(`DELETE FROM quota.call_count WHERE day < ${BEIJING_DAY} - ${KEPT_DAYS}`);
  }
}
