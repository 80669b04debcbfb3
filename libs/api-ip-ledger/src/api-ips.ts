import type { ApiIpKind, ApiIpSnapshotView, ApiIpView } from '#libs/contract';
import { upstreamError, type PlatformRef } from '#libs/custody';
import { AppError, SingleFlight, isDatabaseUnavailable, type Database, type Metrics, type Sql } from '#libs/kernel';
import type { CallPriority } from '#libs/wechat';
import { ApiIpHistory } from './api-ip-history.ts';
import { IpFetches, type FetchLease, type IpWatchRow, type KeepOutcome, type KeptFailure } from './ip-fetches.ts';
import { IpSource, type IpSourceParts } from './ip-source.ts';

export interface ApiIpsParts extends IpSourceParts {
  db: Database;
  metrics: Metrics;
  /** Milliseconds between fetches. */
  intervalMs: number;
}

/** A list as it was fetched just now. */
export interface FetchedIps {
  snapshot: ApiIpSnapshotView;
  /** Whether the list differs from the one before (or is the first). */
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
/** A list as young as this is what a platform that asks for a fetch is given. */
const YOUNG_SECONDS = 60;

/**
 * WeChat's own addresses: fetched with the component token of any platform that is ready, once for all processes. What one
 * platform asks for is fetched with its own token, on its own quota, and what it meets there is told to nobody else.
 */
export class ApiIps {
  private readonly flights = new SingleFlight<FetchedIps>();
  private readonly history: ApiIpHistory;
  private readonly fetches: IpFetches;
  private readonly source: IpSource;
  private readonly outcomes;

  constructor(private readonly parts: ApiIpsParts) {
    this.history = new ApiIpHistory(parts.intervalMs);
    this.fetches = new IpFetches(parts.db);
    this.source = new IpSource(parts);
    this.outcomes = parts.metrics.counter('wxfleet_wechat_ips_fetches_total', "Fetches of WeChat's address lists", [
      'kind',
      'outcome',
    ]);
    this.gauge('failures', "Failed fetches of WeChat's address lists in a row", (row) => row.failures);
    this.gauge('age_seconds', "Seconds since WeChat's address lists were seen last", (row) => row.ageSeconds);
    this.gauge('invalid_entries', "Unreadable entries in WeChat's address lists", (row) => row.invalid);
  }

  /**
   * Fetches a list now for the operator, due or not, unless another caller or process is at it: then what they get is the
   * answer, and what they met, whichever platform it was.
   * @throws AppError ticket_unavailable when no platform is ready, or what the last platform that was asked met
   */
  fetch(kind: ApiIpKind): Promise<FetchedIps> {
    return this.flights.run(kind, async () => {
      const before = await this.history.latest(this.parts.db, kind);
      await this.fetchOrJoin(kind);
      const snapshot = await this.history.latest(this.parts.db, kind);
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
      const { db } = this.parts;
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
    // Before the first platform there is nobody to ask, and nothing wrong.
    if ((await this.parts.platforms()).length === 0) return pass;
    for (const kind of API_IP_KINDS) {
      if (options.signal?.aborted) break;
      const lease = await this.fetches.claimDue(kind, this.parts.intervalMs);
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
    const answer = await this.source.askOne(kind, platform, { priority: 'interactive' }).catch((cause: unknown) => {
      this.outcomes.inc({ kind, outcome: 'failed' });
      throw upstreamError(cause, `fetching the ${kind} list`);
    });
    for (;;) {
      const lease = await this.fetches.claim(kind);
      // Somebody else has seen the list since: theirs may be newer than ours.
      if ((await this.fetches.state(this.parts.db, kind)).observed !== observed) {
        if (lease) await this.fetches.release(lease);
        return;
      }
      if (lease) {
        const outcome = await this.fetches.keep(lease, answer);
        this.noteKept(kind, outcome);
        if (outcome !== 'lost') return;
      }
      if (performance.now() > deadline) throw stillFetching(kind);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private async fetchOrJoin(kind: ApiIpKind): Promise<void> {
    const { db } = this.parts;
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
      // Whoever was at it died or let go without a result: it is our turn.
    }
  }

  private async fetchUnder(lease: FetchLease, options: FetchOptions): Promise<KeepOutcome> {
    const { kind } = lease;
    try {
      const answer = await this.source.ask(kind, {
        ...options,
        first: lease.lastPlatformId,
        turn: lease.generation,
        goOn: () => this.fetches.renew(lease),
      });
      const outcome = answer ? await this.fetches.keep(lease, answer) : 'lost';
      this.noteKept(kind, outcome);
      return outcome;
    } catch (cause) {
      const error = upstreamError(cause, `fetching the ${kind} list`);
      if (!(error instanceof AppError) || error.code === 'unavailable' || options.signal?.aborted) {
        // Nothing was learnt about the list. When the database is what failed, the lease ends by itself.
        await this.fetches.release(lease).catch((releaseError: unknown) => {
          if (!isDatabaseUnavailable(releaseError)) throw releaseError;
        });
        throw error;
      }
      const held = await this.fetches.fail(lease, error);
      this.outcomes.inc({ kind, outcome: held ? 'failed' : 'lost' });
      await this.alarm(kind, error);
      throw error;
    }
  }

  private noteKept(kind: ApiIpKind, outcome: KeepOutcome): void {
    this.outcomes.inc({ kind, outcome });
    if (outcome === 'first' || outcome === 'changed') {
      this.parts.log.info('wechat_ips.changed', { kind, first: outcome === 'first' });
    }
  }

  /** An old list is somebody's wrong firewall: a warning becomes an alarm once the list is stale. */
  private async alarm(kind: ApiIpKind, error: AppError): Promise<void> {
    const row = (await this.fetches.watch(this.parts.db)).find((each) => each.kind === kind);
    const stale = (row?.ageSeconds ?? 0) * 1000 > 2 * this.parts.intervalMs;
    const fields = { kind, failures: row?.failures, ageSeconds: row?.ageSeconds, error };
    if (stale) this.parts.log.error('wechat_ips.stale', fields);
    else this.parts.log.warn('wechat_ips.fetch_failed', fields);
  }

  /** Read from the rows at each scrape: every process shows the same, whichever of them fetched. */
  private gauge(name: string, help: string, value: (row: IpWatchRow) => number | null): void {
    const gauge = this.parts.metrics.gauge(`wxfleet_wechat_ips_${name}`, help, ['kind'], async () => {
      for (const row of await this.fetches.watch(this.parts.db).catch(() => [])) {
        const now = value(row);
        if (now !== null) gauge.set({ kind: row.kind }, now);
      }
    });
  }
}

function stillFetching(kind: ApiIpKind): AppError {
  return new AppError('upstream_busy', `another process is still fetching the ${kind} list`, { retryAfterSeconds: 10 });
}

/** What the fetch of somebody else met, said to a caller who waited for it. */
function repeated(failure: KeptFailure): AppError {
  return new AppError(failure.code, failure.reason, {
    retryAfterSeconds: 60,
    details: failure.wechat ? { wechat: failure.wechat } : {},
  });
}
