import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EventWriter } from '#libs/events';
import { Clock, Database, Log, Metrics } from '#libs/kernel';
import { CallGate, type CallInfo, type CallOutcome } from '#libs/wechat';
import { Budgets } from './budgets.ts';
import { CallCounters } from './call-counters.ts';
import { CallMetrics } from './call-metrics.ts';
import { writeCounts } from './counter-store.ts';
import { DatabaseTime } from './database-time.ts';
import { ParkBoard } from './park-board.ts';
import { mayBeStopped, quotaHolder } from './quota-holder.ts';
import { budgetError, parkedError } from './refusals.ts';
import { pruneQuota } from './retention.ts';

/** Times and limits of `CallQuota`; the defaults are those of the product. */
export class QuotaOptions {
  /** Between two writes of the totals. A crash loses at most this much. */
  flushEveryMs = 1000;
  /** Between two writes of the counts by merchant. */
  merchantsEveryMs = 10_000;
  /** Merchants with counts in memory at which they are written sooner. */
  merchantsAtOnce = 4000;
  /** Hour in Beijing (0 to 23) at which a day of counting begins and a used-up one ends. */
  resetHour = 0;
  /** Seconds between two calls let through while a day is used up. */
  probeSeconds = 3600;
  /** Seconds after such a call that proved nothing. */
  probeAgainSeconds = 60;
  /** Seconds of the first wait after 45011; it doubles up to `maxMinuteSeconds`. */
  minuteSeconds = 60;
  maxMinuteSeconds = 600;
  /** Days for which totals by path are kept. */
  keepTotalDays = 400;
  /** Days for which counts by merchant are kept. */
  keepMerchantDays = 7;
  /** Between two removals of old counts. */
  pruneEveryMs = 3_600_000;
}

/** Without a database to write to, memory is bounded by this many merchants' counts and as many parks. */
const MAX_IN_MEMORY = 100_000;

/**
 * Stands before every call to WeChat: counts it, and refuses it when it could only be refused there (45009 until the day
 * has ended or a probe succeeds, 45011 for a minute or more) or when our own budget is spent. All processes share what
 * they learn; while the database is away each goes on with what it knows.
 */
@Injectable()
export class CallQuota extends CallGate implements OnModuleInit, OnApplicationShutdown {
  private readonly source = randomUUID();
  private readonly time: DatabaseTime;
  private readonly counters = new CallCounters({ maxMerchants: MAX_IN_MEMORY });
  private readonly budgets: Budgets;
  private readonly board: ParkBoard;
  private readonly callMetrics: CallMetrics;
  private timer: NodeJS.Timeout | undefined;
  private passing: Promise<void> | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private merchantsWrittenMs: number;
  private prunedMs: number;
  private failing = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    private readonly options: QuotaOptions,
    events: EventWriter,
  ) {
    super();
    this.time = new DatabaseTime(clock, options.resetHour);
    this.budgets = new Budgets(db);
    this.board = new ParkBoard({
      db,
      clock,
      log,
      time: this.time,
      source: this.source,
      events,
      options: {
        probeSeconds: options.probeSeconds,
        probeAgainSeconds: options.probeAgainSeconds,
        minute: { seconds: options.minuteSeconds, maxSeconds: options.maxMinuteSeconds },
        maxParks: MAX_IN_MEMORY,
      },
    });
    this.callMetrics = new CallMetrics(metrics, () => this.board.standing());
    this.merchantsWrittenMs = clock.monotonicMs();
    this.prunedMs = clock.monotonicMs();
  }

  async onModuleInit(): Promise<void> {
    await this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Learns what is parked and budgeted, and begins to write. */
  async start(): Promise<void> {
    await this.readBudgets();
    await this.board.start();
    const turn = () => {
      this.timer = setTimeout(() => void this.pass().finally(() => this.timer && turn()), this.options.flushEveryMs);
      this.timer.unref();
    };
    turn();
  }

  /** Writes what is counted, and ends. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.passing;
    await this.board.stop();
    try {
      await this.flush();
    } catch (error) {
      this.log.warn('quota.counts_lost', { error });
    }
  }

  /**
   * @throws AppError `upstream_quota_exhausted` (45009, budget) or `upstream_busy` (45011), with `retryAfterSeconds` and, when
   * WeChat is the cause, its code in `details.wechat`
   */
  override before(call: CallInfo): void {
    const now = this.time.nowMs();
    const { day, endsMs } = this.time.dayAt(now);
    if (mayBeStopped(call.path)) {
      if (this.budgets.size > 0) {
        const left = this.budgets.left(call, day, this.counters.unwritten(call.componentAppid, call.path, day));
        if (left !== null && left <= 0) {
          this.callMetrics.refused(call.path, 'budget');
          throw budgetError(call.path, call.priority, endsMs - now);
        }
      }
      const park = this.board.admit(call, quotaHolder(call.path, call.authorizerAppid), now);
      if (park) {
        this.callMetrics.refused(call.path, 'parked');
        throw parkedError(park, now);
      }
    }
    this.counters.add(call, day, 1, 0);
    if (this.counters.merchantCount >= this.options.merchantsAtOnce) this.writeSoon();
  }

  override after(call: CallInfo, outcome: CallOutcome): void {
    this.callMetrics.ended(call.path, outcome);
    const holder = quotaHolder(call.path, call.authorizerAppid);
    const sentMs = this.clock.monotonicMs() - outcome.durationMs;
    if (outcome.kind === 'ok') {
      this.board.succeeded(call, holder, sentMs);
      return;
    }
    const { day } = this.time.dayAt(this.time.nowMs());
    const wasSent = outcome.kind !== 'transport_error' || outcome.mayHaveTakenEffect;
    // What never left this process used no quota.
    this.counters.add(call, day, wasSent ? 0 : -1, wasSent ? 1 : 0);
    if (outcome.kind === 'api_error' && outcome.reaction === 'quota_day') {
      this.board.exhausted(call, holder, outcome.errcode, sentMs);
    } else if (outcome.kind === 'api_error' && outcome.reaction === 'quota_minute') {
      this.board.tooFast(call, holder, outcome.errcode, sentMs);
    } else {
      this.board.inconclusive(call);
    }
  }

  /** Writes all counts. What cannot be written is kept, and never counted twice. */
  flush(): Promise<void> {
    return this.flushCounts(true);
  }

  /** One turn of what `start` repeats; never rejects. */
  pass(): Promise<void> {
    return (this.passing ??= this.onePass().finally(() => (this.passing = undefined)));
  }

  /** WeChat reset a holder's quota ('' is the platform). @returns how many paths waited for it */
  lifted(platformId: number, authorizerAppid: string): Promise<number> {
    return this.board.lifted(platformId, authorizerAppid);
  }

  /** The day in which calls are counted now. */
  today(): { day: string; endsAt: Date } {
    const { day, endsMs } = this.time.dayAt(this.time.nowMs());
    return { day, endsAt: new Date(endsMs) };
  }

  /** Removes what is kept long enough. */
  prune(): Promise<{ totals: number; merchantChunks: number; parks: number }> {
    return pruneQuota(this.db, this.today().day, {
      totalDays: this.options.keepTotalDays,
      merchantDays: this.options.keepMerchantDays,
    });
  }

  private async onePass(): Promise<void> {
    const now = this.clock.monotonicMs();
    const { options, log } = this;
    try {
      await this.flushCounts(now - this.merchantsWrittenMs >= options.merchantsEveryMs);
      await this.readBudgets();
      if (now - this.prunedMs >= options.pruneEveryMs) {
        this.prunedMs = now;
        await this.prune();
      }
      if (this.failing) log.info('quota.counts_written_again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.warn('quota.counts_kept', { error });
      this.failing = true;
    }
    await this.board.pass();
    const unattributed = this.counters.takeUnattributed();
    if (unattributed > 0) log.warn('quota.merchants_not_counted', { calls: unattributed });
  }

  private writeSoon(): void {
    if (this.failing || this.passing) return;
    this.merchantsWrittenMs = Number.NEGATIVE_INFINITY;
    void this.pass();
  }

  /** One write at a time; the batch that failed comes first. */
  private flushCounts(withMerchants: boolean): Promise<void> {
    const work = this.flushing.then(async () => {
      const wasHeld = await this.writeBatch(withMerchants);
      if (wasHeld) await this.writeBatch(withMerchants);
    });
    this.flushing = work.catch(() => undefined);
    return work;
  }

  /** @returns whether the batch was one that had failed before */
  private async writeBatch(withMerchants: boolean): Promise<boolean> {
    const { wasHeld, batch } = this.counters.take(withMerchants);
    if (!batch) return false;
    const totals = await writeCounts(this.db, this.source, batch);
    this.counters.written();
    this.budgets.counted(totals);
    if (withMerchants && !wasHeld) this.merchantsWrittenMs = this.clock.monotonicMs();
    return wasHeld;
  }

  private async readBudgets(): Promise<void> {
    const asked = this.clock.monotonicMs();
    const { day } = this.time.dayAt(this.time.nowMs());
    const { nowMs } = await this.budgets.read(day);
    this.time.adjust(nowMs, asked);
    // The first answer may show that the machine's clock stood on another day.
    if (this.time.dayAt(nowMs).day !== day) await this.budgets.read(this.time.dayAt(nowMs).day);
  }
}
