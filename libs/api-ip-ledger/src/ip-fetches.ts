import { ERROR_CODES, type ApiIpKind, type ErrorCode, type LastFailureView } from '#libs/contract';
import type { AppError, Database, Sql } from '#libs/kernel';
import type { IpList } from './ip-list.ts';

/** Longer than a fetch with all its platforms; a crashed process's fetch is taken over after it. */
const LEASE_SECONDS = 30;

/** The right to fetch one list; every write under it is conditional on its generation. */
export interface FetchLease {
  kind: ApiIpKind;
  generation: number;
}

export interface FetchState {
  leased: boolean;
  failure: (LastFailureView & { code: ErrorCode }) | null;
}

/** The bookkeeping of fetches and the writing of their results. */
export class IpFetches {
  constructor(private readonly db: Database) {}

  /** Lists that are due: older than the interval, and after failures not before a pause that grows to an hour. */
  async due(intervalMs: number): Promise<ApiIpKind[]> {
    const rows = await this.db.query<{ kind: ApiIpKind }>(
      `SELECT kind FROM api_ip_ledger.ip_watch
        WHERE (lease_until IS NULL OR lease_until < wxfleet.now())
          AND (last_observed_at IS NULL OR last_observed_at <= wxfleet.now() - $1 * interval '1 ms' OR failures > 0)
          AND (failures = 0 OR last_attempt_at <= wxfleet.now() - least(3600, 15 * power(2, least(failures, 10))) * interval '1 s')
        ORDER BY kind`,
      [intervalMs],
    );
    return rows.map((row) => row.kind);
  }

  /** Null: somebody else is at it. */
  async claim(kind: ApiIpKind): Promise<FetchLease | null> {
    const [row] = await this.db.query<{ generation: number }>(
      `UPDATE api_ip_ledger.ip_watch
          SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + $2 * interval '1 s'
        WHERE kind = $1 AND (lease_until IS NULL OR lease_until < wxfleet.now())
       RETURNING lease_generation AS generation`,
      [kind, LEASE_SECONDS],
    );
    return row ? { kind, generation: row.generation } : null;
  }

  /** Records a list. `lost`: the lease had run out and somebody else has it; nothing was written. */
  keep(
    lease: FetchLease,
    answer: { platformId: number; list: IpList; body: string },
  ): Promise<'first' | 'changed' | 'unchanged' | 'lost'> {
    const { kind } = lease;
    const { list } = answer;
    return this.db.transaction(async (sql) => {
      const held = await sql.run(
        `UPDATE api_ip_ledger.ip_watch
            SET lease_until = NULL, last_attempt_at = wxfleet.now(), last_observed_at = wxfleet.now(), failures = 0,
                last_failure = NULL
          WHERE kind = $1 AND lease_generation = $2`,
        [kind, lease.generation],
      );
      if (held === 0) return 'lost';
      const [latest] = await sql.query<{ no: number; digest: Buffer }>(
        `SELECT no, digest FROM api_ip_ledger.ip_snapshot WHERE kind = $1 ORDER BY no DESC LIMIT 1`,
        [kind],
      );
      if (latest?.digest.equals(list.digest)) {
        await sql.run(
          `UPDATE api_ip_ledger.ip_snapshot SET last_observed_at = wxfleet.now(), observations = observations + 1
            WHERE kind = $1 AND no = $2`,
          [kind, latest.no],
        );
        return 'unchanged';
      }
      await sql.run(
        `INSERT INTO api_ip_ledger.ip_snapshot
           (kind, no, digest, ip_list, invalid, body, platform_id, first_observed_at, last_observed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, wxfleet.now(), wxfleet.now())`,
        [kind, (latest?.no ?? 0) + 1, list.digest, list.entries, list.invalid, answer.body, answer.platformId],
      );
      return latest ? 'changed' : 'first';
    });
  }

  /** @returns failures in a row */
  async fail(lease: FetchLease, error: AppError): Promise<number> {
    const [row] = await this.db.query<{ failures: number }>(
      `UPDATE api_ip_ledger.ip_watch
          SET lease_until = NULL, last_attempt_at = wxfleet.now(), failures = failures + 1,
              last_failure = jsonb_build_object('at', to_char(wxfleet.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                                                'code', $3::text, 'wechat', $4::jsonb)
        WHERE kind = $1 AND lease_generation = $2
       RETURNING failures`,
      [lease.kind, lease.generation, error.code, JSON.stringify(error.details.wechat ?? null)],
    );
    return row?.failures ?? 0;
  }

  async release(lease: FetchLease): Promise<void> {
    await this.db.run(
      `UPDATE api_ip_ledger.ip_watch SET lease_until = NULL WHERE kind = $1 AND lease_generation = $2`,
      [lease.kind, lease.generation],
    );
  }

  async state(kind: ApiIpKind): Promise<FetchState> {
    const [row] = await this.db.query<{ leased: boolean; failure: LastFailureView | null }>(
      `SELECT coalesce(lease_until > wxfleet.now(), false) AS leased, last_failure AS failure
         FROM api_ip_ledger.ip_watch WHERE kind = $1`,
      [kind],
    );
    return { leased: row?.leased ?? false, failure: coded(row?.failure ?? null) };
  }

  async lastFailure(sql: Sql, kind: ApiIpKind): Promise<LastFailureView | null> {
    const [row] = await sql.query<{ failure: LastFailureView | null }>(
      `SELECT last_failure AS failure FROM api_ip_ledger.ip_watch WHERE kind = $1`,
      [kind],
    );
    return row?.failure ?? null;
  }
}

function coded(failure: LastFailureView | null): FetchState['failure'] {
  if (!failure) return null;
  return { ...failure, code: failure.code in ERROR_CODES ? (failure.code as ErrorCode) : 'upstream_failed' };
}
