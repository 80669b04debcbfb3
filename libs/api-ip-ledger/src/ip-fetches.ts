import { ERROR_CODES, type ApiIpKind, type ErrorCode, type LastFailureView } from '#libs/contract';
import type { AppError, Database, Sql } from '#libs/kernel';
import type { IpList } from './ip-list.ts';

/** Longer than one platform takes to answer or fail (renewed for each); a dead process's fetch is taken over after it. */
export const LEASE_SECONDS = 60;

/** The right to fetch one list; every write under it is conditional on its generation. */
export interface FetchLease {
  kind: ApiIpKind;
  generation: number;
  /** Whose token got the list last time. */
  lastPlatformId: number | null;
}

/** A failure as the row keeps it: enough to say it again, no secret. */
export type KeptFailure = LastFailureView & { code: ErrorCode; reason: string };

export interface FetchState {
  /** Somebody is fetching. False also when whoever did has died and his lease is over. */
  leased: boolean;
  /** Different after every fetch that came to an end, good or bad. */
  attempt: string | null;
  /** When the list was seen last, to be compared; different after every good fetch. */
  observed: string | null;
  /** Seconds since then. */
  ageSeconds: number | null;
  failure: KeptFailure | null;
}

/** For alarms: how a list stands. */
export interface IpWatchRow {
  kind: ApiIpKind;
  /** In a row, since the last success. */
  failures: number;
  /** Seconds since the latest observation; null before the first. */
  ageSeconds: number | null;
  /** Entries of the latest list that are neither an address nor a network. */
  invalid: number;
}

export type KeepOutcome = 'first' | 'changed' | 'unchanged' | 'lost';

const FREE = '(lease_until IS NULL OR lease_until <= wxfleet.now())';

// A missing ticket ends by a push, and finding it missing costs WeChat nothing: look again every minute. Other failures
// are asked about less and less often, once an hour at last.
const DUE = `
  (failures > 0 OR last_observed_at IS NULL OR last_observed_at <= wxfleet.now() - $2 * interval '1 ms')
  AND (failures = 0 OR last_attempt_at <= wxfleet.now() - interval '1 s' * least(
        CASE WHEN last_failure->>'code' = 'ticket_unavailable' THEN 60 ELSE 3600 END,
        15 * power(2, least(failures, 10))))`;

/** The bookkeeping of fetches and the writing of their results. */
export class IpFetches {
  constructor(private readonly db: Database) {}

  /** Takes the lease whether or not the list is due. Null: somebody else is at it. */
  claim(kind: ApiIpKind): Promise<FetchLease | null> {
    return this.take(`kind = $1 AND ${FREE}`, [kind]);
  }

  /**
   * Takes the lease of a list that is due: seen longer than the interval ago, and after failures not before a pause. In one
   * statement, so that a process that comes right after another's fetch finds nothing due.
   */
  claimDue(kind: ApiIpKind, intervalMs: number): Promise<FetchLease | null> {
    return this.take(`kind = $1 AND ${FREE} AND ${DUE}`, [kind, intervalMs]);
  }

  private async take(condition: string, values: unknown[]): Promise<FetchLease | null> {
    const [row] = await this.db.query<FetchLease>(
      `UPDATE api_ip_ledger.ip_watch w
          SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + interval '${LEASE_SECONDS} s'
        WHERE ${condition}
       RETURNING kind, lease_generation AS generation,
                 (SELECT platform_id FROM api_ip_ledger.ip_snapshot s
                   WHERE s.kind = w.kind ORDER BY no DESC LIMIT 1) AS "lastPlatformId"`,
      values,
    );
    return row ?? null;
  }

  /** @returns false when somebody else has taken over */
  async renew(lease: FetchLease): Promise<boolean> {
    const held = await this.db.run(
      `UPDATE api_ip_ledger.ip_watch SET lease_until = wxfleet.now() + interval '${LEASE_SECONDS} s'
        WHERE kind = $1 AND lease_generation = $2`,
      [lease.kind, lease.generation],
    );
    return held > 0;
  }

  /** Records a list. `lost`: the lease had run out and somebody else took it; nothing was written. */
  keep(lease: FetchLease, answer: { platformId: number; list: IpList; body: string }): Promise<KeepOutcome> {
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
        // The body stays the first one, unless what could not be read differs: it is the evidence for that.
        await sql.run(
          `UPDATE api_ip_ledger.ip_snapshot
              SET last_observed_at = wxfleet.now(), observations = observations + 1, platform_id = $3,
                  body = CASE WHEN invalid = $4 THEN body ELSE $5 END, invalid = $4
            WHERE kind = $1 AND no = $2`,
          [kind, latest.no, answer.platformId, list.invalid, answer.body],
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

  /** Records that the list could not be fetched; the lists that are known stay. @returns false when the lease was lost */
  async fail(lease: FetchLease, error: AppError): Promise<boolean> {
    const held = await this.db.run(
      `UPDATE api_ip_ledger.ip_watch
          SET lease_until = NULL, last_attempt_at = wxfleet.now(), failures = failures + 1,
              last_failure = jsonb_build_object(
                'at', to_char(wxfleet.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'code', $3::text, 'wechat', $4::jsonb, 'reason', $5::text)
        WHERE kind = $1 AND lease_generation = $2`,
      [lease.kind, lease.generation, error.code, JSON.stringify(error.details.wechat ?? null), error.message],
    );
    return held > 0;
  }

  /** Lets go without a result: nothing was learnt about the list. */
  async release(lease: FetchLease): Promise<void> {
    await this.db.run(
      `UPDATE api_ip_ledger.ip_watch SET lease_until = NULL WHERE kind = $1 AND lease_generation = $2`,
      [lease.kind, lease.generation],
    );
  }

  async state(sql: Sql, kind: ApiIpKind): Promise<FetchState> {
    const [row] = await sql.query<FetchState>(
      `SELECT NOT ${FREE} AS leased, last_attempt_at::text AS attempt, last_observed_at::text AS observed,
              extract(epoch FROM wxfleet.now() - last_observed_at)::float8 AS "ageSeconds", last_failure AS failure
         FROM api_ip_ledger.ip_watch WHERE kind = $1`,
      [kind],
    );
    if (!row) throw new Error(`no row for the ${kind} list`);
    const { failure } = row;
    return {
      ...row,
      failure: failure && { ...failure, code: failure.code in ERROR_CODES ? failure.code : 'internal' },
    };
  }

  watch(sql: Sql): Promise<IpWatchRow[]> {
    return sql.query<IpWatchRow>(
      `SELECT w.kind, w.failures, extract(epoch FROM wxfleet.now() - w.last_observed_at)::float8 AS "ageSeconds",
              coalesce((SELECT cardinality(s.invalid) FROM api_ip_ledger.ip_snapshot s
                         WHERE s.kind = w.kind ORDER BY s.no DESC LIMIT 1), 0) AS invalid
         FROM api_ip_ledger.ip_watch w ORDER BY w.kind`,
    );
  }
}
