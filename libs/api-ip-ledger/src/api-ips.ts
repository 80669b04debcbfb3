import type { ApiIpKind, ApiIpSnapshotView, ApiIpView, LastFailureView } from '#libs/contract';
import { upstreamError, type ComponentTokens, type PlatformRef } from '#libs/custody';
import {
  AppError,
  SingleFlight,
  isDatabaseUnavailable,
  type Database,
  type Log,
  type Metrics,
  type Sql,
} from '#libs/kernel';
import type { ApiIpApi } from '#libs/wechat';
import { ApiIpHistory } from './api-ip-history.ts';
import { IpFetches, type FetchLease } from './ip-fetches.ts';
import { normaliseIpList } from './ip-list.ts';

export interface ApiIpsParts {
  db: Database;
  log: Log;
  metrics: Metrics;
  platforms: () => Promise<PlatformRef[]>;
  tokens: Pick<ComponentTokens, 'call'>;
  api: Pick<ApiIpApi, 'getApiDomainIp' | 'getCallbackIp'>;
  /** Milliseconds between fetches. */
  intervalMs: number;
}

/** A list as it was fetched just now. */
export interface FetchedIps {
  snapshot: ApiIpSnapshotView;
  /** Whether the list differs from the one before (or is the first). */
  changed: boolean;
}

export const API_IP_KINDS: readonly ApiIpKind[] = ['api-domain', 'callback'];

/** Platforms whose tokens are tried for one fetch: the lists are the same for all of them. */
const PLATFORMS_TRIED = 5;
const WAIT_FOR_OTHERS_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** WeChat's own addresses: fetched with the component token of any platform that is ready, once for all processes. */
export class ApiIps {
  private readonly flights = new SingleFlight<FetchedIps>();
  private readonly history: ApiIpHistory;
  private readonly fetches: IpFetches;
  private readonly outcomes;
  private readonly alarms;

  constructor(private readonly parts: ApiIpsParts) {
    this.history = new ApiIpHistory(parts.intervalMs);
    this.fetches = new IpFetches(parts.db);
    this.outcomes = parts.metrics.counter('wxfleet_wechat_ips_fetches_total', "Fetches of WeChat's address lists", [
      'kind',
      'outcome',
    ]);
    this.alarms = parts.metrics.gauge(
      'wxfleet_wechat_ips_failures',
      "Failed fetches of WeChat's address lists since the last good one",
      ['kind'],
    );
  }

  /**
   * Fetches a list now, unless another caller or process is at it: then waits for theirs.
   * @throws AppError ticket_unavailable when no platform is ready, or what the last platform tried said
   */
  fetch(kind: ApiIpKind): Promise<FetchedIps> {
    return this.flights.run(kind, async () => {
      const lease = await this.fetches.claim(kind);
      const changed = lease ? await this.fetchWith(lease) : await this.waitForOthers(kind);
      const snapshot = await this.history.latest(this.parts.db, kind);
      if (!snapshot) throw new Error('a fetched list left no snapshot');
      return { snapshot, changed };
    });
  }

  /** The list as known at a moment, now without one; null when nothing had been observed by then. */
  current(sql: Sql, kind: ApiIpKind, at?: Date | null): Promise<ApiIpView | null> {
    return this.history.current(sql, kind, at ?? null);
  }

  snapshots(
    sql: Sql,
    kind: ApiIpKind,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: ApiIpSnapshotView[]; next_cursor: string | null }> {
    return this.history.snapshots(sql, kind, page);
  }

  /** The latest failure since the last good fetch, or null. */
  lastFailure(sql: Sql, kind: ApiIpKind): Promise<LastFailureView | null> {
    return this.fetches.lastFailure(sql, kind);
  }

  /** One pass: fetches what is due. Failures are kept and tried again with growing pauses; they never reject. */
  async ensureFresh(): Promise<{ fetched: ApiIpKind[]; failed: ApiIpKind[] }> {
    const fetched: ApiIpKind[] = [];
    const failed: ApiIpKind[] = [];
    for (const kind of await this.fetches.due(this.parts.intervalMs)) {
      try {
        await this.fetch(kind);
        fetched.push(kind);
      } catch (error) {
        if (isDatabaseUnavailable(error)) throw error;
        failed.push(kind);
      }
    }
    return { fetched, failed };
  }

  private async fetchWith(lease: FetchLease): Promise<boolean> {
    const { kind } = lease;
    try {
      const { platform, list, raw } = await this.askAnyPlatform(kind);
      const outcome = await this.fetches.keep(lease, { platformId: platform.platformId, list, body: raw });
      this.outcomes.inc({ kind, outcome });
      this.alarms.set({ kind }, 0);
      if (list.invalid.length > 0) {
        this.parts.log.warn('wechat_ips.invalid_entries', { kind, entries: list.invalid.slice(0, 20) });
      }
      return outcome === 'first' || outcome === 'changed';
    } catch (cause) {
      const error = upstreamError(cause, `fetching the ${kind} list`);
      if (!(error instanceof AppError) || error.code === 'unavailable' || isDatabaseUnavailable(cause)) {
        await this.fetches.release(lease).catch(() => undefined);
        throw error;
      }
      const failures = await this.fetches.fail(lease, error);
      this.outcomes.inc({ kind, outcome: 'failed' });
      this.alarms.set({ kind }, failures);
      this.parts.log.warn('wechat_ips.fetch_failed', { kind, failures, error });
      throw error;
    }
  }

  private async askAnyPlatform(kind: ApiIpKind) {
    const { platforms, api, tokens, log } = this.parts;
    let asked = 0;
    let last: unknown = new AppError('ticket_unavailable', 'no platform is ready to ask for addresses', {
      retryAfterSeconds: 60,
    });
    for (const platform of await platforms()) {
      if (asked >= PLATFORMS_TRIED) break;
      try {
        const call = { componentAppid: platform.componentAppid, priority: 'background' as const };
        const { raw, reply } = await tokens.call(platform, (token) =>
          kind === 'api-domain' ? api.getApiDomainIp(call, token) : api.getCallbackIp(call, token),
        );
        const list = normaliseIpList(reply.ip_list);
        // An empty list would close every firewall made of it: it is an alarm, never a new truth.
        if (list.entries.length === 0) {
          throw new AppError('upstream_failed', `WeChat sent a ${kind} list without any address`, {
            retryAfterSeconds: 300,
          });
        }
        return { platform, list, raw };
      } catch (error) {
        if (isDatabaseUnavailable(error)) throw error;
        log.debug('wechat_ips.platform_failed', { kind, componentAppid: platform.componentAppid, error });
        // A platform without a ticket was not asked at all; the next one may have its token in memory.
        if (!(error instanceof AppError && error.code === 'ticket_unavailable')) asked += 1;
        last = error;
      }
    }
    throw last;
  }

  /** @returns whether the list changed while we waited */
  private async waitForOthers(kind: ApiIpKind): Promise<boolean> {
    const before = await this.history.latest(this.parts.db, kind);
    for (let waited = 0; waited < WAIT_FOR_OTHERS_MS; waited += LOOK_EVERY_MS) {
      const state = await this.fetches.state(kind);
      if (!state.leased) {
        if (state.failure) {
          throw new AppError(state.failure.code, `the ${kind} list could not be fetched`, { retryAfterSeconds: 60 });
        }
        return (await this.history.latest(this.parts.db, kind))?.id !== before?.id;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new AppError('upstream_busy', `another process is still fetching the ${kind} list`, {
      retryAfterSeconds: 10,
    });
  }
}
