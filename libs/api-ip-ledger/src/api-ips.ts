import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { AuditEvent } from '#libs/access';
import type {
  ApiIpCandidateView,
  ApiIpDiffView,
  ApiIpKind,
  ApiIpLifetimePage,
  ApiIpSnapshotView,
  ApiIpView,
} from '#libs/contract';
import { upstreamError, type PlatformRef } from '#libs/custody';
import { AppError, Database, Log, Metrics, SingleFlight, Ticks, isDatabaseUnavailable, type Sql } from '#libs/kernel';
import type { CallPriority } from '#libs/wechat';
import { IpCandidates } from './brake/ip-candidates.ts';
import {
  IpFetches,
  type FetchLease,
  type IpWatchRow,
  type Kept,
  type KeepOutcome,
  type KeptFailure,
} from './fetch/ip-fetches.ts';
import { IpSource } from './fetch/ip-source.ts';
import { ApiIpHistory, ApiIpOptions } from './history/api-ip-history.ts';

/** A list as it was fetched just now. */
export interface FetchedIps {
  snapshot: ApiIpSnapshotView;
  /** Whether the published list differs from the one before (or is the first). */
  changed: boolean;
}

/** What one tick did. A list that is not due, or that another process is fetching, is in neither. */
export interface FreshPass {
  fetched: ApiIpKind[];
  failed: ApiIpKind[];
}

interface FetchOptions {
  priority: CallPriority;
  signal?: AbortSignal | undefined;
}

export const API_IP_KINDS: readonly ApiIpKind[] = ['api-domain', 'callback'];

/** How long a caller waits for the fetch of another process. */
const WAIT_FOR_OTHERS_MS = 15_000;
const LOOK_EVERY_MS = 100;
/** Between two looks for a list that is due. */
const TICK_MS = 30_000;
/** A list as young as this is what a platform that asks for a fetch is given. */
const YOUNG_SECONDS = 60;

/**
 * WeChat's own addresses: fetched with the component token of any platform that is ready, once for all processes. What one
 * platform asks for is fetched with its own token, on its own quota, and what it meets there is told to nobody else.
 */
@Injectable()
export class ApiIps implements OnApplicationBootstrap {
  private readonly flights = new SingleFlight<FetchedIps>();
  private readonly outcomes;

  constructor(
    private readonly db: Database,
    private readonly history: ApiIpHistory,
    private readonly fetches: IpFetches,
    private readonly candidates: IpCandidates,
    private readonly source: IpSource,
    private readonly options: ApiIpOptions,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly ticks: Ticks,
  ) {
    this.outcomes = metrics.counter('wxfleet_wechat_ips_fetches_total', "Fetches of WeChat's address lists", [
      'kind',
      'outcome',
    ]);
    this.gauge('failures', "Failed fetches of WeChat's address lists in a row", (row) => row.failures);
    this.gauge('age_seconds', "Seconds since WeChat's address lists were seen last", (row) => row.ageSeconds);
    this.gauge('invalid_entries', "Unreadable entries in WeChat's address lists", (row) => row.invalid);
    this.gauge('held', 'Whether a fetched list waits for a confirmation', (row) => (row.held === null ? 0 : 1));
  }

  /** After a downtime the lists may be due. */
  onApplicationBootstrap(): void {
    void this.fetchingTick();
  }

  /** Fetches WeChat's address lists when they are due. */
  @Interval('wechat_ips', TICK_MS)
  fetchingTick(): Promise<void> {
    return this.ticks.run('wechat_ips', (signal) => this.ensureFresh({ signal }));
  }

  /**
   * Fetches a list now for the operator, due or not. While another caller or process fetches it, their answer or failure is the
   * result.
   * @throws AppError ticket_unavailable when no platform is ready, or what the last platform that was asked met
   */
  fetch(kind: ApiIpKind): Promise<FetchedIps> {
    return this.flights.run(kind, async () => {
      const before = await this.history.latest(this.db, kind);
      await this.fetchOrJoin(kind);
      const snapshot = await this.history.latest(this.db, kind);
      if (!snapshot) throw new Error('a fetched list left no snapshot');
      return { snapshot, changed: snapshot.id !== before?.id };
    });
  }

  /**
   * Fetches a list for a platform, with its token and no other's; a list younger than a minute is given as it is. A failure
   * is that platform's own: it is not kept, for it says nothing about the list, nor when the schedule should ask again.
   * @throws AppError ticket_unavailable, or what this platform met
   */
  fetchFor(platform: PlatformRef, kind: ApiIpKind): Promise<FetchedIps> {
    return this.flights.run(`${kind} of ${platform.platformId}`, async () => {
      const { db } = this;
      const before = await this.history.latest(db, kind);
      const state = await this.fetches.state(db, kind);
      const isYoung = state.ageSeconds !== null && state.ageSeconds < YOUNG_SECONDS;
      if (!isYoung) await this.fetchWith(platform, kind, state.observed);
      const snapshot = isYoung && before ? before : await this.history.latest(db, kind);
      if (!snapshot) throw new Error('a fetched list left no snapshot');
      return { snapshot, changed: snapshot.id !== before?.id };
    });
  }

  /**
   * One tick: fetches what is due, each list by one process per interval. Failures are kept on the row and tried again
   * after growing pauses. @throws only for what is not WeChat's doing, such as a database that is away
   */
  async ensureFresh(options: { signal?: AbortSignal } = {}): Promise<FreshPass> {
    const pass: FreshPass = { fetched: [], failed: [] };
    // Without a platform there is no token to ask with, and nothing is wrong.
    if ((await this.source.platforms()).length === 0) return pass;
    for (const kind of API_IP_KINDS) {
      if (options.signal?.aborted) break;
      const lease = await this.fetches.claimDue(kind, this.options.intervalMs);
      if (!lease) continue;
      try {
        const outcome = await this.fetchUnder(lease, { priority: 'background', signal: options.signal });
        if (outcome !== 'lost') pass.fetched.push(kind);
      } catch (error) {
        if (options.signal?.aborted) break;
        if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
        pass.failed.push(kind);
      }
    }
    return pass;
  }

  /**
   * The list as known at a moment, now without one, however old it is.
   * @throws AppError not_found when nothing had been observed by then
   */
  current(sql: Sql, kind: ApiIpKind, at?: Date | null): Promise<ApiIpView> {
    return this.history.current(sql, kind, at ?? null);
  }

  /** History, newest first. @throws AppError invalid_request for a cursor of another list */
  snapshots(
    sql: Sql,
    kind: ApiIpKind,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: ApiIpSnapshotView[]; next_cursor: string | null }> {
    return this.history.snapshots(sql, kind, page);
  }

  /** The same, and when this list was seen first. */
  published(sql: Sql, kind: ApiIpKind, at?: Date | null): Promise<{ view: ApiIpView; firstObservedAt: Date }> {
    return this.history.published(sql, kind, at ?? null);
  }

  /** What changed between two moments. @throws AppError not_found when nothing had been observed by then */
  diff(sql: Sql, kind: ApiIpKind, from: Date, to: Date | null): Promise<ApiIpDiffView> {
    return this.history.diff(sql, kind, from, to);
  }

  /** When which address or network was in the list; with `address` only entries that hold it. */
  lifetimes(
    sql: Sql,
    kind: ApiIpKind,
    page: { limit: number; cursor?: string | undefined; address?: string | undefined },
  ): Promise<ApiIpLifetimePage> {
    return this.history.lifetimes(sql, kind, page);
  }

  /** Lists that were held, newest first. */
  async heldLists(sql: Sql, kind: ApiIpKind): Promise<{ items: ApiIpCandidateView[]; next_cursor: null }> {
    return { items: await this.candidates.list(sql, kind), next_cursor: null };
  }

  /**
   * Publishes a list that is held, because an operator says that it is right.
   * @param event goes into the audit trail, in the same transaction
   * @throws AppError not_found, or conflict when it is not held any more
   */
  async confirm(kind: ApiIpKind, id: string, event: AuditEvent): Promise<ApiIpSnapshotView> {
    await this.fetches.confirm(kind, Number(id), event);
    this.log.info('wechat_ips.confirmed', { kind, candidate: id, actor: event.actor });
    const snapshot = await this.history.latest(this.db, kind);
    if (!snapshot) throw new Error('a confirmed list left no snapshot');
    return snapshot;
  }

  /** The latest failure since the last good fetch, or null. */
  async lastFailure(sql: Sql, kind: ApiIpKind): Promise<KeptFailure | null> {
    return (await this.fetches.state(sql, kind)).failure;
  }

  /**
   * The lease is taken for the writing only: a platform whose calls are slow or fail keeps the schedule from nothing.
   * @param observed what was the latest observation before
   */
  private async fetchWith(platform: PlatformRef, kind: ApiIpKind, observed: string | null): Promise<void> {
    const deadline = performance.now() + WAIT_FOR_OTHERS_MS;
    const askedAt = await this.fetches.now();
    const answer = await this.source
      .askOne(kind, platform, askedAt, { priority: 'interactive' })
      .catch((cause: unknown) => {
        this.outcomes.inc({ kind, outcome: 'failed' });
        throw upstreamError(cause, `fetching the ${kind} list`);
      });
    for (;;) {
      const lease = await this.fetches.claim(kind);
      // Another process has seen the list since: its answer may be newer than ours.
      if ((await this.fetches.state(this.db, kind)).observed !== observed) {
        if (lease) await this.fetches.release(lease);
        return;
      }
      if (lease) {
        const kept = await this.fetches.keep(lease, answer);
        this.noteKept(kind, kept);
        if (kept.outcome !== 'lost') return;
      }
      if (performance.now() > deadline) throw stillFetching(kind);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private async fetchOrJoin(kind: ApiIpKind): Promise<void> {
    const { db } = this;
    const deadline = performance.now() + WAIT_FOR_OTHERS_MS;
    const before = await this.fetches.state(db, kind);
    for (;;) {
      const lease = await this.fetches.claim(kind);
      if (lease && (await this.fetchUnder(lease, { priority: 'interactive' })) !== 'lost') return;
      let state = await this.fetches.state(db, kind);
      while (state.leased) {
        if (performance.now() > deadline) throw stillFetching(kind);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        state = await this.fetches.state(db, kind);
      }
      if (state.attempt !== before.attempt) {
        if (state.failure) throw repeated(state.failure);
        return;
      }
      // The other process died or gave the lease back without a result.
    }
  }

  private async fetchUnder(lease: FetchLease, options: FetchOptions): Promise<KeepOutcome> {
    const { kind } = lease;
    try {
      const answer = await this.source.ask(kind, {
        ...options,
        first: lease.lastPlatformId,
        turn: lease.generation,
        begin: () => this.fetches.renew(lease),
      });
      const kept: Kept = answer ? await this.fetches.keep(lease, answer) : { outcome: 'lost', held: null };
      this.noteKept(kind, kept);
      return kept.outcome;
    } catch (cause) {
      const error = upstreamError(cause, `fetching the ${kind} list`);
      if (!(error instanceof AppError) || error.code === 'unavailable' || options.signal?.aborted) {
        // Nothing was learnt about the list. When the database is what failed, the lease ends by itself.
        await this.fetches.release(lease).catch((releaseError: unknown) => {
          if (!isDatabaseUnavailable(releaseError)) throw releaseError;
        });
        throw error;
      }
      const kept = await this.fetches.fail(lease, error, cause);
      this.outcomes.inc({ kind, outcome: kept ? 'failed' : 'lost' });
      if (kept) this.noteHeld(kind, kept);
      await this.alarm(kind, error);
      throw error;
    }
  }

  private noteKept(kind: ApiIpKind, kept: Kept): void {
    const { outcome } = kept;
    this.outcomes.inc({ kind, outcome });
    if (outcome === 'first' || outcome === 'changed') {
      this.log.info('wechat_ips.changed', { kind, first: outcome === 'first' });
    }
    this.noteHeld(kind, kept);
  }

  /** An alarm, once for each list that is held. */
  private noteHeld(kind: ApiIpKind, { held }: Kept): void {
    if (!held?.isNew) return;
    this.log.error('wechat_ips.held', {
      kind,
      candidate: held.no,
      reason: held.reason,
      lost: held.lost.length,
      confirm: `POST /v1/wechat-ips/${kind}/candidates/${held.no}/confirmations`,
    });
  }

  /** Firewalls are made of the list: a warning becomes an alarm once it is stale. */
  private async alarm(kind: ApiIpKind, error: AppError): Promise<void> {
    const row = (await this.fetches.watch(this.db)).find((each) => each.kind === kind);
    const stale = (row?.ageSeconds ?? 0) * 1000 > 2 * this.options.intervalMs;
    const fields = { kind, failures: row?.failures, ageSeconds: row?.ageSeconds, error };
    if (stale) this.log.error('wechat_ips.stale', fields);
    else this.log.warn('wechat_ips.fetch_failed', fields);
  }

  /** Read from the rows at each scrape: every process shows the same. */
  private gauge(name: string, help: string, value: (row: IpWatchRow) => number | null): void {
    const gauge = this.metrics.gauge(`wxfleet_wechat_ips_${name}`, help, ['kind'], async () => {
      for (const row of await this.fetches.watch(this.db).catch(() => [])) {
        const now = value(row);
        if (now !== null) gauge.set({ kind: row.kind }, now);
      }
    });
  }
}

function stillFetching(kind: ApiIpKind): AppError {
  return new AppError('upstream_busy', `another process is still fetching the ${kind} list`, { retryAfterSeconds: 10 });
}

/** The failure of another process's fetch, for a caller who waited for it. */
function repeated(failure: KeptFailure): AppError {
  return new AppError(failure.code, failure.reason, {
    retryAfterSeconds: 60,
    details: failure.wechat ? { wechat: failure.wechat } : {},
  });
}
