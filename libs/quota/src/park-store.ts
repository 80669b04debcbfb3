import type { EventWriter } from '#libs/events';
import type { Database, Sql } from '#libs/kernel';
import { FORGIVE_SECONDS, type Park, type ParkKey, parkKeyOf } from './parks.ts';

export const QUOTA_CHANNEL = 'wxfleet_quota';
/** PostgreSQL takes payloads of less than 8000 bytes; a key has at most a few hundred. */
const MAX_PAYLOAD = 7000;

/** A row of `quota.park`, times in milliseconds since 1970. */
export type ParkRow = Omit<Park, 'sinceMs' | 'hasProbe'>;

const COLUMNS = `a.component_appid AS "componentAppid", p.authorizer_appid AS "authorizerAppid", p.path, p.errcode,
  (extract(epoch FROM p.parked_at) * 1000)::float8 AS "parkedAtMs",
  (extract(epoch FROM p.parked_until) * 1000)::float8 AS "untilMs",
  (extract(epoch FROM p.probe_at) * 1000)::float8 AS "probeAtMs", p.strikes, p.version`;
const KEYS = `unnest($1::text[], $2::text[], $3::text[]) AS k (component_appid, authorizer_appid, path)
  JOIN custody.component_account a USING (component_appid)`;
const SAME = 'p.platform_id = a.platform_id AND p.authorizer_appid = k.authorizer_appid AND p.path = k.path';

/** Rows whose end, or the forgiveness of whose strikes, lies ahead. */
const ALIVE = `p.parked_until + p.strikes * interval '${FORGIVE_SECONDS} s' > wxfleet.now()`;

/**
 * `quota.park`, shared by all processes. Every change is announced on the channel `wxfleet_quota` with its commit, the
 * payload naming the process that made it and the keys, so that the others read these rows again.
 */
export class ParkStore {
  constructor(
    private readonly db: Database,
    private readonly source: string,
    private readonly events: EventWriter,
  ) {}

  /**
   * Writes refusals. While a row is still in force, several refusals are one: the longer end and the higher strike count stand.
   * @returns the rows as they are now
   */
  async park(parks: readonly Park[]): Promise<ParkRow[]> {
    return this.db.transaction(async (sql) => {
      const rows = await sql.query<ParkRow>(
        `WITH p AS (
           INSERT INTO quota.park AS p
                  (platform_id, authorizer_appid, path, errcode, parked_at, parked_until, probe_at, strikes)
           SELECT a.platform_id, k.authorizer_appid, k.path, k.errcode, wxfleet.now(),
                  to_timestamp(k.until_ms / 1000), to_timestamp(k.probe_ms / 1000), k.strikes
             FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[], $6::float8[], $7::int[])
                  AS k (component_appid, authorizer_appid, path, errcode, until_ms, probe_ms, strikes)
             JOIN custody.component_account a USING (component_appid)
            ORDER BY 1, 3, 2 -- the same order in every process: no deadlocks
           ON CONFLICT (platform_id, path, authorizer_appid) DO UPDATE
              SET errcode = excluded.errcode, parked_at = excluded.parked_at, version = p.version + 1,
                  parked_until = CASE WHEN p.parked_until > wxfleet.now()
                                      THEN greatest(p.parked_until, excluded.parked_until)
                                      ELSE excluded.parked_until END,
                  probe_at = CASE WHEN p.parked_until > wxfleet.now()
                                  THEN greatest(p.probe_at, excluded.probe_at) ELSE excluded.probe_at END,
                  strikes = CASE WHEN p.parked_until > wxfleet.now()
                                 THEN greatest(p.strikes, excluded.strikes) ELSE excluded.strikes END
           RETURNING p.*
         )
         SELECT ${COLUMNS} FROM p JOIN custody.component_account a USING (platform_id)`,
        [
          ...columnsOf(parks),
          parks.map((park) => park.errcode),
          parks.map((park) => park.untilMs),
          parks.map((park) => park.probeAtMs),
          parks.map((park) => park.strikes),
        ],
      );
      await this.announce(sql, rows);
      await this.tell(sql, 'quota.parked', rows);
      return rows;
    });
  }

  /** Ends parks, those that were refused again since (another version) excepted. */
  async lift(parks: readonly (ParkKey & { version: number })[]): Promise<void> {
    await this.db.transaction(async (sql) => {
      const gone = await sql.query<ParkKey>(
        `DELETE FROM quota.park p
          USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
                AS k (component_appid, authorizer_appid, path, version)
           JOIN custody.component_account a USING (component_appid)
          WHERE ${SAME} AND p.version = k.version
         RETURNING k.component_appid AS "componentAppid", k.authorizer_appid AS "authorizerAppid", k.path`,
        [...columnsOf(parks), parks.map((park) => park.version)],
      );
      await this.announce(sql, gone);
      await this.tell(sql, 'quota.released', gone);
    });
  }

  /**
   * Ends the parks of one holder that stand for a used-up day.
   * @returns their keys
   */
  async liftDays(platformId: number, authorizerAppid: string): Promise<ParkKey[]> {
    return this.db.transaction(async (sql) => {
      const gone = await sql.query<ParkKey>(
        `DELETE FROM quota.park p USING custody.component_account a
          WHERE p.platform_id = $1 AND a.platform_id = $1 AND p.authorizer_appid = $2 AND p.probe_at IS NOT NULL
         RETURNING a.component_appid AS "componentAppid", p.authorizer_appid AS "authorizerAppid", p.path`,
        [platformId, authorizerAppid],
      );
      await this.announce(sql, gone);
      await this.tell(sql, 'quota.released', gone);
      return gone;
    });
  }

  /**
   * Claims for this process the right to let one call through, where a probe is due and nobody else has claimed it.
   * @returns the claimed rows, with the time of the probe after this one
   */
  claimProbes(parks: readonly ParkKey[], everySeconds: number): Promise<ParkRow[]> {
    return this.db.query<ParkRow>(
      `UPDATE quota.park p SET probe_at = wxfleet.now() + make_interval(secs => $4) FROM ${KEYS}
        WHERE ${SAME} AND p.probe_at <= wxfleet.now() AND p.parked_until > wxfleet.now()
       RETURNING ${COLUMNS}`,
      [...columnsOf(parks), everySeconds],
    );
  }

  /** The latest probe proved nothing: the next is due after `seconds`. */
  async probeAgain(parks: readonly (ParkKey & { version: number })[], seconds: number): Promise<void> {
    await this.db.run(
      `UPDATE quota.park p SET probe_at = least(p.probe_at, wxfleet.now() + make_interval(secs => $5))
         FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
              AS k (component_appid, authorizer_appid, path, version)
         JOIN custody.component_account a USING (component_appid)
        WHERE ${SAME} AND p.version = k.version`,
      [...columnsOf(parks), parks.map((park) => park.version), seconds],
    );
  }

  read(keys: readonly ParkKey[]): Promise<ParkRow[]> {
    return this.db.query<ParkRow>(
      `SELECT ${COLUMNS} FROM ${KEYS} JOIN quota.park p ON ${SAME} WHERE ${ALIVE}`,
      columnsOf(keys),
    );
  }

  /** Everything that matters still, platforms' parks first. */
  readAll(limit: number): Promise<ParkRow[]> {
    return this.db.query<ParkRow>(
      `SELECT ${COLUMNS} FROM quota.park p JOIN custody.component_account a USING (platform_id) WHERE ${ALIVE}
        ORDER BY p.authorizer_appid = '' DESC, p.parked_until DESC LIMIT $1`,
      [limit],
    );
  }

  /** Events of the feed. A park that ends by its time has no event: `until` said when. */
  private async tell(
    sql: Sql,
    type: 'quota.parked' | 'quota.released',
    parks: readonly (ParkKey & { untilMs?: number })[],
  ): Promise<void> {
    if (parks.length === 0) return;
    const platforms = await sql.query<{ appid: string; platformId: number }>(
      `SELECT component_appid AS appid, platform_id AS "platformId" FROM custody.component_account
        WHERE component_appid = ANY ($1)`,
      [parks.map((park) => park.componentAppid)],
    );
    const idOf = new Map(platforms.map(({ appid, platformId }) => [appid, platformId]));
    await this.events.write(
      sql,
      parks.flatMap((park) => {
        const platformId = idOf.get(park.componentAppid);
        if (platformId === undefined) return [];
        const until = park.untilMs === undefined ? null : new Date(park.untilMs).toISOString();
        return [{ platformId, type, authorizerAppid: park.authorizerAppid || null, data: { path: park.path, until } }];
      }),
    );
  }

  private async announce(sql: Sql, keys: readonly ParkKey[]): Promise<void> {
    const payloads = announcements(this.source, keys);
    if (payloads.length > 0) {
      await sql.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [QUOTA_CHANNEL, payloads]);
    }
  }
}

/** `source` on the first line, then a key a line; as few payloads as the limit allows. */
export function announcements(source: string, keys: readonly ParkKey[]): string[] {
  const payloads: string[] = [];
  let lines = source;
  for (const key of keys) {
    const line = `\n${parkKeyOf(key)}`;
    if (lines !== source && lines.length + line.length > MAX_PAYLOAD) {
      payloads.push(lines);
      lines = source;
    }
    lines += line;
  }
  if (lines !== source) payloads.push(lines);
  return payloads;
}

/** The other direction; lines that are no key are left out. */
export function announced(payload: string): { source: string; keys: ParkKey[] } {
  const [source = '', ...lines] = payload.split('\n');
  const keys = lines.flatMap((line) => {
    const [componentAppid, authorizerAppid, path, ...rest] = line.split(' ');
    return componentAppid && authorizerAppid !== undefined && path && rest.length === 0
      ? [{ componentAppid, authorizerAppid, path }]
      : [];
  });
  return { source, keys };
}

function columnsOf(keys: readonly ParkKey[]): [string[], string[], string[]] {
  return [keys.map((key) => key.componentAppid), keys.map((key) => key.authorizerAppid), keys.map((key) => key.path)];
}
