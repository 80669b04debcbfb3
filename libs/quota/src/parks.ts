import type { Database, Sql } from '#libs/kernel';
import { BEIJING_MIDNIGHT, type Scope } from './ledger-of-calls.ts';
import { FORGIVE_SECONDS, MAX_STRIKES, MINUTE_PARK_SECONDS, type ParkKind } from './park-rules.ts';

export const QUOTA_CHANNEL = 'wxfleet_quota';

/** A parked path, with times as remaining milliseconds by the database's clock. */
export interface ParkRow extends Scope {
  errcode: number;
  strikes: number;
  /** <= 0: over, but its strikes still count. */
  leftMs: number;
  /** Since WeChat last said no, or a probe was let through. */
  sinceMs: number;
}

const ROW = `platform_id AS "platformId", authorizer_appid AS "authorizerAppid", path, errcode, strikes,
  (extract(epoch FROM parked_until - wxfleet.now()) * 1000)::float8 AS "leftMs",
  (extract(epoch FROM wxfleet.now() - parked_at) * 1000)::float8 AS "sinceMs"`;
const SCOPE = 'platform_id = $1 AND authorizer_appid = $2 AND path = $3';

/** `quota.park`: what must wait, shared by all processes. */
export class Parks {
  constructor(private readonly db: Database) {}

  /**
   * WeChat said no. Parks until Beijing's midnight, or for a minute that doubles with every further strike. Several
   * processes that hear the same no count as one strike.
   */
  async park(scope: Scope, kind: ParkKind, errcode: number): Promise<ParkRow> {
    const strikes = `CASE WHEN p.parked_at > wxfleet.now() - interval '5 s' AND p.errcode = excluded.errcode THEN p.strikes
                          WHEN p.parked_until < wxfleet.now() - interval '10 min' THEN 1
                          ELSE least(p.strikes + 1, ${MAX_STRIKES}) END`;
    const until =
      kind === 'day'
        ? BEIJING_MIDNIGHT
        : `wxfleet.now() + interval '${MINUTE_PARK_SECONDS} s' * (2 ^ ((${strikes}) - 1))`;
    const first = kind === 'day' ? BEIJING_MIDNIGHT : `wxfleet.now() + interval '${MINUTE_PARK_SECONDS} s'`;
    const [row] = await this.db.query<ParkRow>(
      `WITH parked AS (
         INSERT INTO quota.park AS p (platform_id, authorizer_appid, path, errcode, parked_until)
         VALUES ($1, $2, $3, $4, ${first})
         ON CONFLICT (platform_id, path, authorizer_appid) DO UPDATE
            SET errcode = excluded.errcode, strikes = ${strikes}, parked_at = wxfleet.now(), parked_until = ${until}
         RETURNING *
       )
       SELECT ${ROW}, pg_notify('${QUOTA_CHANNEL}', platform_id || ' ' || authorizer_appid || ' ' || path) FROM parked`,
      [...values(scope), errcode],
    );
    return row!;
  }

  /** All parks, those that are over but not forgotten included. */
  all(): Promise<ParkRow[]> {
    return this.db.query<ParkRow>(`SELECT ${ROW} FROM quota.park`);
  }

  async one(scope: Scope): Promise<ParkRow | null> {
    const [row] = await this.db.query<ParkRow>(`SELECT ${ROW} FROM quota.park WHERE ${SCOPE}`, values(scope));
    return row ?? null;
  }

  /** Claims the right of one process to let one call through; false when somebody did within `everySeconds`. */
  async claimProbe(scope: Scope, everySeconds: number): Promise<boolean> {
    const claimed = await this.db.run(
      `UPDATE quota.park SET parked_at = wxfleet.now()
        WHERE ${SCOPE} AND parked_until > wxfleet.now() AND parked_at <= wxfleet.now() - make_interval(secs => $4)`,
      [...values(scope), everySeconds],
    );
    return claimed > 0;
  }

  /** The path behaved for a while after its park: one strike less, and forgotten after the last. */
  async forgive(scope: Scope): Promise<void> {
    await this.db.query(
      `WITH forgiven AS (
         UPDATE quota.park SET strikes = strikes - 1, parked_until = wxfleet.now()
          WHERE ${SCOPE} AND parked_until < wxfleet.now() - interval '${FORGIVE_SECONDS} s' RETURNING 1
       ) SELECT count(*) FROM forgiven`,
      values(scope),
    );
    await this.db.run(`DELETE FROM quota.park WHERE ${SCOPE} AND strikes <= 0`, values(scope));
  }

  /** Ends parks: one path of a scope, or all paths of an owner. */
  async lift(platformId: number, authorizerAppid: string, path: string | null, sql: Sql = this.db): Promise<number> {
    const rows = await sql.query(
      `WITH lifted AS (
         DELETE FROM quota.park WHERE platform_id = $1 AND authorizer_appid = $2 AND ($3::text IS NULL OR path = $3)
         RETURNING *
       )
       SELECT pg_notify('${QUOTA_CHANNEL}', platform_id || ' ' || authorizer_appid || ' ' || path) FROM lifted`,
      [platformId, authorizerAppid, path],
    );
    return rows.length;
  }
}

function values(scope: Scope): [number, string, string] {
  return [scope.platformId, scope.authorizerAppid, scope.path];
}
