import { Inject, Injectable, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { SweepView } from '#libs/contract';
import { AuthorizerLifecycle } from '#libs/authorizers';
import { AuthorizerTokens, ComponentAccounts, type PlatformRef } from '#libs/custody';
import { EventWriter } from '#libs/events';
import { Clock, Database, Log, Metrics, SingleFlight, Ticks, type Sql } from '#libs/kernel';
import { MiniProgramApi } from '#libs/wechat';
import { countChangeDays } from '../record/change-days.ts';
import { foldCounts } from '../record/domain-counts.ts';
import { keepLookBatches } from '../record/look-batches.ts';
import type { Page, PageRequest } from '../history/domain-history.ts';
import { LedgerOptions } from '../ledger-options.ts';
import { countUnreadable } from '../record/unreadable-answers.ts';
import { DomainLedger } from '../record/domain-ledger.ts';
import type { PageTokensSource } from './page-tokens.ts';
import { ShardRun, type ShardOutcome } from './shard-run.ts';
import { SweepPaces } from './sweep-pace.ts';
import { SweepRounds } from './sweep-rounds.ts';
import { claimShards, type ShardClaim, type ShardCounts } from './sweep-shards.ts';

/** What one call of `work` did. */
export interface SweepWork extends ShardCounts {
  shards: number;
}

/** Shards of one platform at work at once in this process: the second fills the places that the end of the first leaves. */
const LANES = 2;
const LOOK_EVERY_MS = 500;
const FOLD_LIMIT = 20_000;

/** Shards that could be worked on and have not ended. */
const OLDEST_DUE = `
  SELECT coalesce(max(extract(epoch FROM wxfleet.now() - not_before)), 0)::float8 AS seconds
    FROM domain_ledger.sweep_shard WHERE state = 'waiting' AND not_before <= wxfleet.now()`;

/** Sweeps: rounds over all mini programs of a platform, by any number of processes together. */
@Injectable()
export class DomainSweeps implements OnApplicationBootstrap {
  private readonly rounds: SweepRounds;
  private readonly paces: SweepPaces;
  private readonly flight = new SingleFlight<SweepWork>();
  private readonly counted;
  private readonly shardsEnded;
  private readonly active;
  private readonly expected;
  private readonly settled;
  private readonly unreadable;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    private readonly ticks: Ticks,
    private readonly ledger: DomainLedger,
    @Inject(AuthorizerTokens)
    private readonly tokens: PageTokensSource & Pick<AuthorizerTokens, 'leaseMany' | 'reportRejected'>,
    @Inject(MiniProgramApi) private readonly api: Pick<MiniProgramApi, 'getEffectiveDomainRaw'>,
    @Inject(AuthorizerLifecycle) private readonly authorizers: Pick<AuthorizerLifecycle, 'rereadGrant'>,
    @Inject(ComponentAccounts) private readonly accounts: Pick<ComponentAccounts, 'refs'>,
    private readonly options: LedgerOptions,
    @Optional() @Inject(EventWriter) events: EventWriter | null = null,
  ) {
    this.rounds = new SweepRounds(options.snapshotIntervalMs, events);
    this.paces = new SweepPaces(options.concurrency);
    this.counted = metrics.counter('wxfleet_sweep_mini_programs_total', 'Mini programs that sweeps came to', [
      'component_appid',
      'outcome',
    ]);
    this.shardsEnded = metrics.counter('wxfleet_sweep_shards_total', 'Runs of shards of sweeps, by how they ended', [
      'outcome',
    ]);
    const late = 'For how long the sweep of the mini programs that are due longest has waited';
    metrics.gauge('wxfleet_oldest_due_snapshot_seconds', late, [], async (gauge) => {
      const [oldest] = await this.db.query<{ seconds: number }>(OLDEST_DUE).catch(() => []);
      if (oldest) gauge.set(oldest.seconds);
    });
    this.active = metrics.gauge('wxfleet_sweep_shards_active', 'Shards that this process works on');
    this.expected = metrics.gauge(
      'wxfleet_sweep_expected_mini_programs',
      'Mini programs that the sweeps under way are expected to come to',
      ['component_appid'],
    );
    this.settled = metrics.gauge(
      'wxfleet_sweep_settled_mini_programs',
      'Mini programs that the sweeps under way have come to',
      ['component_appid'],
    );
    this.unreadable = metrics.gauge(
      'wxfleet_unreadable_mini_programs',
      'Mini programs whose latest answer could not be read, or not all of it',
      ['component_appid'],
    );
  }

  /** The first ticks come at once: after a downtime much may be due. */
  onApplicationBootstrap(): void {
    void this.roundsTick();
    void this.sweepTick();
  }

  /** Opens the round of the present interval, for every platform. */
  @Interval('domain_rounds', 15_000)
  roundsTick(): Promise<void> {
    return this.ticks.run('domain_rounds', () => this.ensureRounds());
  }

  /** Keeps the batches few by which the age of what is known is told, and counts days that have ended. */
  @Interval('domain_bookkeeping', 15_000)
  bookkeepingTick(): Promise<void> {
    return this.ticks.run('domain_bookkeeping', async (signal) => {
      for (const { platformId, componentAppid } of await this.accounts.refs()) {
        if (signal.aborted) return;
        try {
          await keepLookBatches(this.db, platformId, this.options.snapshotIntervalMs, { signal });
          await countChangeDays(this.db, platformId);
        } catch (error) {
          // One platform keeps no other from its turn.
          this.log.warn('domain_bookkeeping.failed', { component_appid: componentAppid, error });
        }
      }
    });
  }

  /** Works on due shards of sweeps. */
  @Interval('domain_sweeps', 1000)
  sweepTick(): Promise<void> {
    return this.ticks.run('domain_sweeps', (signal) => this.work({ signal }));
  }

  /** A sweep of everything, now; while a requested one runs, that one. */
  request(sql: Sql, platformId: number, by: string): Promise<{ id: number }> {
    return this.rounds.request(sql, platformId, by);
  }

  view(sql: Sql, platformId: number, id: number): Promise<SweepView | null> {
    return this.rounds.view(sql, platformId, id);
  }

  /** Newest first. */
  list(sql: Sql, platformId: number, page: PageRequest): Promise<Page<SweepView>> {
    return this.rounds.list(sql, platformId, page);
  }

  /** One pass of bookkeeping: opens the round of the present interval, closes what has ended, folds counters. */
  async ensureRounds(): Promise<{ opened: number }> {
    const { db } = this;
    let opened = 0;
    const platforms = await this.accounts.refs();
    for (const platform of platforms) {
      if (await this.rounds.open(db, platform.platformId)) opened += 1;
    }
    await this.rounds.close(db);
    await this.tellProgress(platforms);
    await this.tellUnreadable(platforms);
    while ((await foldCounts(db, FOLD_LIMIT)) === FOLD_LIMIT);
    return { opened };
  }

  /**
   * Works on due shards of all platforms until none is due. Platforms are worked on at once, each with its share of the
   * calls in flight. A second call while the first runs joins it.
   */
  work(options: { signal?: AbortSignal } = {}): Promise<SweepWork> {
    const signal = options.signal ?? new AbortController().signal;
    return this.flight.run('work', () => this.workUntilNoneIsDue(signal));
  }

  private async tellProgress(platforms: readonly PlatformRef[]): Promise<void> {
    const running = new Map((await this.rounds.running(this.db)).map((each) => [each.platformId, each]));
    this.expected.reset();
    this.settled.reset();
    for (const { platformId, componentAppid } of platforms) {
      const progress = running.get(platformId);
      if (!progress) continue;
      this.expected.set({ component_appid: componentAppid }, progress.expected);
      this.settled.set({ component_appid: componentAppid }, progress.settled);
    }
  }

  private async tellUnreadable(platforms: readonly PlatformRef[]): Promise<void> {
    const counts = await countUnreadable(this.db);
    this.unreadable.reset();
    for (const { platformId, componentAppid } of platforms) {
      this.unreadable.set({ component_appid: componentAppid }, counts.get(platformId) ?? 0);
    }
  }

  private async workUntilNoneIsDue(signal: AbortSignal): Promise<SweepWork> {
    const done: SweepWork = { shards: 0, total: 0, changed: 0, unchanged: 0, skippedPermission: 0, failed: 0 };
    const running = new Set<Promise<void>>();
    try {
      for (;;) {
        const claims = signal.aborted ? [] : await this.claim();
        for (const { platform, claim } of claims) {
          const run = this.workOn(platform, claim, done, signal).finally(() => running.delete(run));
          running.add(run);
        }
        if (running.size === 0) return done;
        await soon(running);
      }
    } finally {
      await Promise.all(running);
    }
  }

  private async claim(): Promise<{ platform: PlatformRef; claim: ShardClaim }[]> {
    const platforms = new Map((await this.accounts.refs()).map((platform) => [platform.platformId, platform]));
    const wanted = [...platforms.keys()]
      .map((platformId) => ({ platformId, lanes: LANES - this.paces.of(platformId).lanes }))
      .filter(({ lanes }) => lanes > 0);
    const claims = await claimShards(this.db, wanted);
    return claims.flatMap((claim) => {
      const platform = platforms.get(claim.platformId);
      return platform ? [{ platform, claim }] : [];
    });
  }

  private async workOn(platform: PlatformRef, claim: ShardClaim, done: SweepWork, signal: AbortSignal): Promise<void> {
    const { db, clock, log, ledger, tokens, api, authorizers } = this;
    const { componentAppid } = platform;
    this.paces.shard(platform.platformId, 1);
    this.active.inc();
    let outcome: ShardOutcome | 'error' = 'error';
    try {
      const run = new ShardRun(
        {
          db,
          clock,
          log,
          ledger,
          tokens,
          api,
          authorizers,
          pageSize: this.options.pageSize,
          onPage: (_, counts) => this.count(componentAppid, counts, done),
        },
        platform,
        claim,
        this.paces.of(platform.platformId),
      );
      outcome = await run.run(signal);
      done.shards += 1;
      if (outcome === 'done') await this.rounds.close(this.db, platform.platformId);
    } catch (error) {
      // The lease runs out, and the next process goes on from the cursor.
      log.warn('domain_sweep.shard_failed', { componentAppid, sweepId: claim.sweepId, shardNo: claim.shardNo, error });
    } finally {
      this.shardsEnded.inc({ outcome });
      this.active.dec();
      this.paces.shard(platform.platformId, -1);
    }
  }

  private count(componentAppid: string, counts: ShardCounts, done: SweepWork): void {
    for (const outcome of ['changed', 'unchanged', 'skippedPermission', 'failed'] as const) {
      done[outcome] += counts[outcome];
      const label = outcome === 'skippedPermission' ? 'skipped_permission' : outcome;
      // A later pass takes failures back; a counter only grows, and has counted them when they happened.
      if (counts[outcome] > 0) this.counted.inc({ component_appid: componentAppid, outcome: label }, counts[outcome]);
    }
    done.total += counts.total;
  }
}

/** Waits until one of the runs ends, or long enough that something else may be due. */
async function soon(running: ReadonlySet<Promise<void>>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const look = new Promise<void>((resolve) => (timer = setTimeout(resolve, LOOK_EVERY_MS)));
  await Promise.race([...running, look]);
  clearTimeout(timer);
}
