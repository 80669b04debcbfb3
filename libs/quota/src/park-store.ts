import type { EventWriter } from '#libs/events';
import type { Database, Sql } from '#libs/kernel';
import { type Park, type ParkKey, parkKeyOf } from './parks.ts';
import {
  ANNOUNCE,
  CLAIM_PROBES,
  LIFT,
  LIFT_DAYS,
  PARK,
  PLATFORMS_OF_APPIDS,
  PROBE_AGAIN,
  READ_ALL_PARKS,
  READ_PARKS,
} from './park-store.sql.ts';

export const QUOTA_CHANNEL = 'wxfleet_quota';
/** PostgreSQL takes payloads of less than 8000 bytes; a key has at most a few hundred. */
const MAX_PAYLOAD = 7000;

/** A row of `quota.park`, times in milliseconds since 1970. */
export type ParkRow = Omit<Park, 'sinceMs' | 'hasProbe'>;

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
      const rows = await sql.query<ParkRow>(PARK, [
        ...columnsOf(parks),
        parks.map((park) => park.errcode),
        parks.map((park) => park.untilMs),
        parks.map((park) => park.probeAtMs),
        parks.map((park) => park.strikes),
      ]);
      await this.announce(sql, rows);
      await this.tell(sql, 'quota.parked', rows);
      return rows;
    });
  }

  /** Ends parks, those that were refused again since (another version) excepted. */
  async lift(parks: readonly (ParkKey & { version: number })[]): Promise<void> {
    await this.db.transaction(async (sql) => {
      const gone = await sql.query<ParkKey>(LIFT, [...columnsOf(parks), parks.map((park) => park.version)]);
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
      const gone = await sql.query<ParkKey>(LIFT_DAYS, [platformId, authorizerAppid]);
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
    return this.db.query<ParkRow>(CLAIM_PROBES, [...columnsOf(parks), everySeconds]);
  }

  /** The latest probe proved nothing: the next is due after `seconds`. */
  async probeAgain(parks: readonly (ParkKey & { version: number })[], seconds: number): Promise<void> {
    await this.db.run(PROBE_AGAIN, [...columnsOf(parks), parks.map((park) => park.version), seconds]);
  }

  read(keys: readonly ParkKey[]): Promise<ParkRow[]> {
    return this.db.query<ParkRow>(READ_PARKS, columnsOf(keys));
  }

  /** Everything that matters still, platforms' parks first. */
  readAll(limit: number): Promise<ParkRow[]> {
    return this.db.query<ParkRow>(READ_ALL_PARKS, [limit]);
  }

  /** Events of the feed. A park that ends by its time has no event: `until` said when. */
  private async tell(
    sql: Sql,
    type: 'quota.parked' | 'quota.released',
    parks: readonly (ParkKey & { untilMs?: number })[],
  ): Promise<void> {
    if (parks.length === 0) return;
    const platforms = await sql.query<{ appid: string; platformId: number }>(PLATFORMS_OF_APPIDS, [
      parks.map((park) => park.componentAppid),
    ]);
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
      await sql.query(ANNOUNCE, [QUOTA_CHANNEL, payloads]);
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
