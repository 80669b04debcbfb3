import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, Log, Metrics, Settings, Ticks } from '#libs/kernel';
import { LOCK_SEQUENCER, NUMBERED_CHANNEL, NUMBER_EVENTS, OLDEST_UNNUMBERED, WRITTEN_CHANNEL } from './feed.sql.ts';

/** Events numbered in one transaction. */
const BATCH = 2000;
/** NOTIFY takes 8,000 bytes. */
const MAX_PAYLOAD = 7000;

/**
 * Gives committed events their numbers: 1, 2, 3 … per platform, without a gap and never changed. Any number of processes may
 * call it: one works, the others leave at once.
 */
@Injectable()
export class EventSequencer implements OnModuleInit, OnApplicationShutdown {
  private working: Promise<void> | undefined;
  private again = false;
  private isStopped = false;
  private unlisten: (() => Promise<void>) | undefined;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly settings: Settings,
    private readonly ticks: Ticks,
    metrics: Metrics,
  ) {
    const help = 'For how long the oldest event without a number has waited';
    metrics.gauge('wxfleet_feed_lag_seconds', help, [], async (gauge) => {
      const [oldest] = await db.query<{ seconds: number }>(OLDEST_UNNUMBERED).catch(() => []);
      if (oldest) gauge.set(oldest.seconds);
    });
  }

  /** In the worker role: numbers whenever something has been written. */
  async onModuleInit(): Promise<void> {
    if (!this.settings.roles.has('worker')) return;
    const wake = () => this.wake();
    this.unlisten = await this.db.listen(WRITTEN_CHANNEL, wake, wake);
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.unlisten?.();
    await this.working;
  }

  /** The second line: a notification may be lost. */
  @Interval('event_numbers', 1000)
  tick(): Promise<void> {
    return this.ticks.run('event_numbers', () => this.extend());
  }

  /**
   * Numbers everything that is committed.
   * @returns events numbered by this process
   */
  async extend(): Promise<number> {
    let total = 0;
    for (;;) {
      const numbered = await this.extendOnce();
      total += numbered;
      if (numbered < BATCH) return total;
    }
  }

  /** One pass at a time; what comes during a pass is looked at by another one. */
  private wake(): void {
    this.again = true;
    if (this.isStopped) return;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      if (this.again) this.wake();
    });
  }

  private async work(): Promise<void> {
    while (this.again && !this.isStopped) {
      this.again = false;
      try {
        await this.extend();
      } catch (error) {
        this.log.warn('events.numbering_failed', { error }); // the tick tries again
      }
    }
  }

  private async extendOnce(): Promise<number> {
    return this.db.transaction(async (sql) => {
      const [lock] = await sql.query<{ locked: boolean }>(LOCK_SEQUENCER);
      if (!lock?.locked) return 0;
      const rows = await sql.query<{ platformId: number; count: number }>(NUMBER_EVENTS, [BATCH]);
      if (rows.length === 0) return 0;
      const platforms = rows.map(({ platformId }) => platformId).join();
      await this.db.notify(NUMBERED_CHANNEL, platforms.length > MAX_PAYLOAD ? '' : platforms, sql);
      return rows.reduce((sum, { count }) => sum + count, 0);
    });
  }
}
