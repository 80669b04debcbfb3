import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from './clock.ts';
import { Log } from './log/log.ts';
import { Metrics } from './metrics/metrics.ts';
import { Database } from './postgres/database.ts';

/** Differences below this (ms) are those of networks and of machines without a time service. */
const LIMIT_MS = 10_000;
/** A reading of WeChat's clock is forgotten after this (ms). */
const FORGET_MS = 900_000;
const COMPARE_EVERY_MS = 60_000;
/** WeChat's clock is read at most this often (ms). */
const READ_WECHAT_EVERY_MS = 10_000;

/** Which clock is wrong, as far as the three of them tell. `hub_or_database`: they differ, and WeChat's is not known. */
export type WrongClock = 'hub' | 'database' | 'hub_and_database' | 'hub_or_database' | 'unclear';

export interface ClockComparison {
  wrong: WrongClock | null;
  /** How far ahead of this process's clock it is, seconds; negative: behind; null: not known. */
  databaseOffsetSeconds: number | null;
  wechatOffsetSeconds: number | null;
}

/** A clock that was read while a request was under way. */
interface Reading {
  /** Against this process's clock. */
  offsetMs: number;
  atMs: number;
}

/**
 * Compares the clocks of this process, of the database and of WeChat (the `Date` of its replies), and says which one is wrong:
 * by a log line when that changes, by the gauge `wxfleet_clock_offset_seconds`, and in `/health/ready`.
 */
@Injectable()
export class ClockCheck implements OnApplicationBootstrap, OnApplicationShutdown {
  private database: Reading | undefined;
  private wechat: Reading | undefined;
  private lastWechatMs = Number.NEGATIVE_INFINITY;
  private reported: WrongClock | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'wxfleet_clock_offset_seconds',
      "How far another clock is ahead of this process's clock",
      ['clock'],
      (gauge) => {
        const { databaseOffsetSeconds, wechatOffsetSeconds } = this.current();
        gauge.reset();
        if (databaseOffsetSeconds !== null) gauge.set({ clock: 'database' }, databaseOffsetSeconds);
        if (wechatOffsetSeconds !== null) gauge.set({ clock: 'wechat' }, wechatOffsetSeconds);
      },
    );
  }

  onApplicationBootstrap(): void {
    void this.compare();
    this.timer = setInterval(() => void this.compare(), COMPARE_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Reads the database's clock. A database that is away leaves what was known. */
  async compare(): Promise<ClockComparison> {
    const before = this.clock.wallMs();
    try {
      const [row] = await this.db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
      const now = this.clock.wallMs();
      if (row) this.database = { offsetMs: row.at.getTime() - (before + now) / 2, atMs: this.clock.monotonicMs() };
    } catch {
      // Why it cannot be asked is reported by those who need it.
    }
    return this.report();
  }

  /** Whether a further reading of WeChat's clock is wanted. */
  get wantsWechat(): boolean {
    return this.clock.monotonicMs() - this.lastWechatMs >= READ_WECHAT_EVERY_MS;
  }

  /**
   * @param date the `Date` header of a reply that no cache kept, in whole seconds
   * @param durationMs between asking and answering
   */
  sawWechat(date: string, durationMs: number): void {
    const dateMs = Date.parse(date);
    if (Number.isNaN(dateMs)) return;
    this.lastWechatMs = this.clock.monotonicMs();
    // The middle of the second that the header names, against the middle of the call.
    this.wechat = {
      offsetMs: dateMs + 500 - (this.clock.wallMs() - durationMs / 2),
      atMs: this.lastWechatMs,
    };
    this.report();
  }

  current(): ClockComparison {
    const wechat =
      this.wechat && this.clock.monotonicMs() - this.wechat.atMs < FORGET_MS ? this.wechat.offsetMs : undefined;
    const database = this.database?.offsetMs;
    return {
      wrong: wrongOf(database, wechat),
      databaseOffsetSeconds: seconds(database),
      wechatOffsetSeconds: seconds(wechat),
    };
  }

  private report(): ClockComparison {
    const comparison = this.current();
    const { wrong, databaseOffsetSeconds, wechatOffsetSeconds } = comparison;
    if (wrong !== this.reported) {
      this.reported = wrong;
      const offsets = { database_offset_seconds: databaseOffsetSeconds, wechat_offset_seconds: wechatOffsetSeconds };
      if (wrong === null) this.log.info('clock.right', offsets);
      else this.log.warn('clock.wrong', { clock: wrong, ...offsets });
    }
    return comparison;
  }
}

/** The clock that two others agree against. Offsets are against the hub's, whose own is 0. */
function wrongOf(database: number | undefined, wechat: number | undefined): WrongClock | null {
  const differ = (a: number, b: number) => Math.abs(a - b) > LIMIT_MS;
  if (wechat === undefined) return database !== undefined && differ(database, 0) ? 'hub_or_database' : null;
  if (database === undefined) return differ(wechat, 0) ? 'hub' : null;
  const pairs = {
    hubDatabase: differ(database, 0),
    hubWechat: differ(wechat, 0),
    databaseWechat: differ(database, wechat),
  };
  const count = Object.values(pairs).filter(Boolean).length;
  if (count === 0) return null;
  if (count !== 2) return 'unclear';
  if (!pairs.databaseWechat) return 'hub';
  if (!pairs.hubWechat) return 'database';
  // WeChat's servers are set by a time service; both of ours are often on one machine.
  return 'hub_and_database';
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 100) / 10;
}
