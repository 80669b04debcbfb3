import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database, Log, type Sql } from '#libs/kernel';

/** A callback request that was refused, for people who connect a platform for the first time. Nothing of its content. */
export interface RefusedPush {
  refusedAt: Date;
  /** Path of the request. */
  path: string;
  /** Address of the sender as the hub sees it; null when it is not known. */
  address: string | null;
  /** `signature`, `malformed`, `payload_too_large`, `outer_appid`, `inner_appid`, or why the ciphertext does not open. */
  reason: string;
}

/** Kept for each platform. */
const KEPT = 100;
/** Refusals are written at most this often: anybody can cause any number of them. */
const FLUSH_MS = 1000;

/** The latest refused callback requests of each platform. */
@Injectable()
export class RefusedPushes implements OnApplicationShutdown {
  private readonly unwritten = new Map<number, RefusedPush[]>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {}

  /** @param platformId null: of no platform, and not kept */
  note(platformId: number | null, refused: Omit<RefusedPush, 'refusedAt'>): void {
    if (platformId === null) return;
    const list = this.unwritten.get(platformId) ?? [];
    this.unwritten.set(platformId, list);
    list.push({ ...refused, refusedAt: new Date() });
    if (list.length > KEPT) list.shift();
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  /** Newest first. */
  list(sql: Sql, platformId: number): Promise<RefusedPush[]> {
    return sql.query<RefusedPush>(
      `SELECT refused_at AS "refusedAt", path, address, reason FROM inbox.refused_push
        WHERE platform_id = $1 ORDER BY refused_id DESC LIMIT ${KEPT}`,
      [platformId],
    );
  }

  /** Writes what was refused since the last time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  private async write(): Promise<void> {
    const lists = [...this.unwritten];
    this.unwritten.clear();
    for (const [platformId, refused] of lists.sort(([a], [b]) => a - b)) {
      await this.writeOf(platformId, refused).catch((error: unknown) => {
        // They help a person to find a mistake; nothing depends on them.
        this.log.warn('push.refusals_not_kept', { platformId, error });
      });
    }
  }

  private async writeOf(platformId: number, refused: readonly RefusedPush[]): Promise<void> {
    await this.db.transaction(async (sql) => {
      await sql.run(
        `INSERT INTO inbox.refused_push (platform_id, refused_at, path, address, reason)
         SELECT $1, wxfleet.now() - make_interval(secs => r.age), r.path, r.address, r.reason
           FROM unnest($2::float8[], $3::text[], $4::text[], $5::text[]) AS r (age, path, address, reason)`,
        [
          platformId,
          refused.map(({ refusedAt }) => (Date.now() - refusedAt.getTime()) / 1000),
          refused.map(({ path }) => path),
          refused.map(({ address }) => address),
          refused.map(({ reason }) => reason),
        ],
      );
      await sql.run(
        `DELETE FROM inbox.refused_push WHERE platform_id = $1 AND refused_id <= (
           SELECT refused_id FROM inbox.refused_push WHERE platform_id = $1 ORDER BY refused_id DESC OFFSET ${KEPT} LIMIT 1)`,
        [platformId],
      );
    });
  }
}
