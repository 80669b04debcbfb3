import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ComponentAccounts } from '#libs/custody';
import { JobQueue, engineTime } from '#libs/jobs';
import { Database, Log, Settings, type Sql } from '#libs/kernel';
import { missedRequest } from '../jobs.ts';

/** How often a process that takes pushes says that it is alive. */
const BEAT_MS = 15_000;
/** After a longer silence of all of them, pushes may be missing. */
const GAP_SECONDS = 60;
/** Platforms whose pushes could not be stored; more than this is an outage, which the gap tells. */
const MAX_REMEMBERED = 1000;

/**
 * Finds out that pushes may be missing: nobody was there to take them (no process, or a database that was away), or one was
 * answered 503. For each platform concerned a job says so; the comparison with WeChat's list is what repairs it.
 */
@Injectable()
export class MissedPushes implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly unstored = new Set<string>();
  private readonly takesPushes: boolean;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly accounts: ComponentAccounts,
    private readonly jobs: JobQueue,
    private readonly log: Log,
    settings: Settings,
  ) {
    this.takesPushes = settings.roles.has('api');
  }

  onApplicationBootstrap(): void {
    // Not by `Ticks`, which run in the worker role only: pushes are taken by the api role.
    if (!this.takesPushes) return;
    void this.beat();
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
  }

  /** A push of this platform was not stored, so that WeChat was not told `success`. */
  noteUnstored(componentAppid: string): void {
    if (this.unstored.size < MAX_REMEMBERED) this.unstored.add(componentAppid);
  }

  /** Says that this process is alive, and adds the jobs for what may be missing. Never rejects. */
  beat(): Promise<void> {
    this.beating = this.beating
      .then(() => this.sayAlive())
      // The next beat tries again; what is remembered stays, and the gap grows.
      .catch((error: unknown) => this.log.warn('push.intake_beat_failed', { error }));
    return this.beating;
  }

  private async sayAlive(): Promise<void> {
    const unstored = [...this.unstored];
    const found = await this.db.transaction(async (sql) => {
      const gapSeconds = await this.gap(sql);
      const isGap = gapSeconds > GAP_SECONDS;
      const platforms = isGap ? await this.accounts.withTicket() : await this.known(unstored);
      const runAt = await engineTime(sql, 30);
      const [now] = await sql.query<{ at: Date }>('SELECT wxfleet.now() AS at');
      const since = (now as { at: Date }).at;
      await this.jobs.addMany(
        sql,
        platforms.map(({ platformId }) => missedRequest(platformId, since, runAt)),
      );
      return { gapSeconds: isGap ? Math.round(gapSeconds) : 0, platforms: platforms.length };
    });
    for (const componentAppid of unstored) this.unstored.delete(componentAppid);
    if (found.platforms > 0) this.log.warn('push.some_may_be_missing', found);
  }

  /** Seconds since some process was alive; 0 for the first one ever. */
  private async gap(sql: Sql): Promise<number> {
    const [before] = await sql.query<{ gap: number }>(
      `SELECT extract(epoch FROM wxfleet.now() - alive_at)::float8 AS gap FROM inbox.intake FOR UPDATE`,
    );
    await sql.run(
      `INSERT INTO inbox.intake (alive_at) VALUES (wxfleet.now())
       ON CONFLICT (only_row) DO UPDATE SET alive_at = greatest(intake.alive_at, excluded.alive_at)`,
    );
    return before?.gap ?? 0;
  }

  private async known(componentAppids: readonly string[]) {
    const refs = await Promise.all(componentAppids.map((componentAppid) => this.accounts.ref(componentAppid)));
    return refs.filter((ref) => ref !== null);
  }
}
