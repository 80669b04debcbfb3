import {
  AppError,
  SingleFlight,
  isDatabaseUnavailable,
  onAbort,
  type Clock,
  type Log,
  type Metrics,
} from '#libs/kernel';
import { databaseError } from '../failures.ts';
import type { PendingCommits } from './pending-commits.ts';
import type { LeasedToken, RememberedToken, TokenCache } from './token-cache.ts';
import { LAST_SECONDS_MS, type RefreshRequest } from './token-refresher.ts';

/** Life that an issued token has at least, unless its successor is not available. */
const MIN_LIFE_SECONDS = 30;
/** Between two looks at the database for one token that is served meanwhile. */
const BACKGROUND_EVERY_MS = 5000;
/** How long a caller waits for the successor of a token that may have been replaced, when that token is in memory. */
const REPLACEMENT_WAIT_MS = 2000;
/** After the database was found unavailable: how long an unconfirmed token is served without another try. */
const DATABASE_AWAY_MS = 1000;

export interface LeaseOptions {
  signal?: AbortSignal;
  /** Remaining life that the caller needs; default 30. */
  minLifeSeconds?: number;
}

/** Gets a valid token from the row or from WeChat; calls `seen` with each token that the row holds on the way. */
export type LoadToken = (request: RefreshRequest, seen: (token: RememberedToken) => void) => Promise<RememberedToken>;

/**
 * Issues tokens: from the cache, else loaded (one load per token in this process), then from the cache. The next token is
 * loaded in the background while the present one is served, and the present one is served while the database is unavailable.
 */
export class TokenIssuer {
  private readonly flights = new SingleFlight<RememberedToken>();
  private readonly checkedMs = new Map<string, number>();
  private databaseAwayUntilMs = Number.NEGATIVE_INFINITY;
  /** Issued from memory since the metrics were last read: a plain number, because this is the hot path. */
  private fromMemory = 0;
  private readonly fromDatabase;
  private readonly withoutDatabase;

  constructor(
    kind: string,
    private readonly cache: TokenCache,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    /** Results that the database has not taken yet: their callers do not wait for it. */
    private readonly pending: PendingCommits | null = null,
  ) {
    const leases = metrics.counter('wxfleet_token_leases_total', 'Access tokens handed out', ['kind', 'source']);
    metrics.beforeReading(() => {
      leases.inc({ kind, source: 'memory' }, this.fromMemory);
      this.fromMemory = 0;
    });
    this.fromDatabase = leases.labels(kind, 'database');
    this.withoutDatabase = leases.labels(kind, 'memory_database_away');
  }

  /** What can be served from memory at this moment, without a promise; null: call `lease`. */
  cached(key: string, load: LoadToken, minLifeSeconds = MIN_LIFE_SECONDS): LeasedToken | null {
    const entry = this.cache.get(key);
    if (!entry || this.cache.lifeMs(entry) < Math.max(minLifeSeconds * 1000, LAST_SECONDS_MS)) return null;
    const trust = this.cache.trust(entry);
    if (trust !== 'stale') {
      if (trust === 'ageing' || this.clock.monotonicMs() >= entry.refreshMs) this.inBackground(key, load);
      this.fromMemory += 1;
      return this.cache.lease(entry);
    }
    if (this.clock.monotonicMs() >= this.databaseAwayUntilMs) return null;
    this.withoutDatabase.inc();
    return this.cache.lease(entry);
  }

  /** @throws AppError of `load`; upstream_busy, unavailable */
  async lease(key: string, load: LoadToken, options: LeaseOptions = {}): Promise<LeasedToken> {
    options.signal?.throwIfAborted();
    const minLifeSeconds = options.minLifeSeconds ?? MIN_LIFE_SECONDS;
    const cached = this.cached(key, load, minLifeSeconds);
    if (cached) return cached;
    const minLifeMs = minLifeSeconds * 1000;
    try {
      const loading = this.load(key, load, minLifeMs);
      const token = await withSignal(
        this.waitFor(key, this.pending?.waitFor(key, loading) ?? loading, minLifeMs),
        options.signal,
      );
      const leased = this.issue(token);
      this.fromDatabase.inc();
      return leased;
    } catch (error) {
      if (isRefusal(error)) this.cache.forget(key);
      if (!isAway(error)) throw error;
      this.databaseAwayUntilMs = this.clock.monotonicMs() + DATABASE_AWAY_MS;
      const kept = this.cache.get(key);
      if (!kept || this.cache.lifeMs(kept) < LAST_SECONDS_MS) throw databaseError(error);
      this.withoutDatabase.inc();
      return this.cache.lease(kept);
    }
  }

  /** Loads another token than a rejected one, whatever is in memory. @throws AppError of `load` */
  async replace(key: string, load: LoadToken, rejectedGeneration: number): Promise<LeasedToken> {
    this.cache.forget(key);
    return this.issue(await this.remembering(key, load, { minLifeMs: 0, rejectedGeneration }));
  }

  /**
   * The token with the life that is left now.
   * @throws AppError upstream_busy: a token that expires within seconds is of no use
   */
  issue(token: RememberedToken): LeasedToken {
    if (this.cache.lifeMs(token) < LAST_SECONDS_MS) {
      throw new AppError('upstream_busy', 'the current token is about to expire and a new one is not ready yet', {
        retryAfterSeconds: 1,
      });
    }
    return this.cache.lease(token);
  }

  private async load(key: string, load: LoadToken, minLifeMs: number): Promise<RememberedToken> {
    const obtain = () => this.flights.run(key, () => this.remembering(key, load, { minLifeMs }));
    const token = await obtain();
    // The load in progress may have been started by a caller who needs less life.
    return this.cache.lifeMs(token) >= minLifeMs ? token : obtain();
  }

  /** Every token that the load sees goes into the cache, unless a notification arrived meanwhile. */
  private remembering(key: string, load: LoadToken, request: RefreshRequest): Promise<RememberedToken> {
    return this.cache.during(key, (mark) => load(request, (token) => this.cache.put(key, token, mark)));
  }

  /** A token that may have been replaced is still usable: while WeChat does not answer it is the best there is. */
  private waitFor(key: string, loaded: Promise<RememberedToken>, minLifeMs: number): Promise<RememberedToken> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const kept = this.cache.get(key);
        if (kept?.mayBeReplaced && this.cache.lifeMs(kept) >= minLifeMs) resolve(kept);
      }, REPLACEMENT_WAIT_MS);
      loaded.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  private inBackground(key: string, load: LoadToken): void {
    const now = this.clock.monotonicMs();
    if (now - (this.checkedMs.get(key) ?? Number.NEGATIVE_INFINITY) < BACKGROUND_EVERY_MS || this.flights.has(key))
      return;
    this.checkedMs.delete(key);
    this.checkedMs.set(key, now);
    for (const [old, at] of this.checkedMs) {
      if (now - at < BACKGROUND_EVERY_MS) break;
      this.checkedMs.delete(old);
    }
    this.flights
      .run(key, () => this.remembering(key, load, { minLifeMs: LAST_SECONDS_MS, priority: 'ahead' }))
      .catch((error: unknown) => {
        // A refusal means that the token must not be served any more, however long it lives.
        if (isRefusal(error)) this.cache.forget(key);
        else this.log.debug('token.background_failed', { key, error });
      });
  }
}

/** The subject is not entitled to a token any more, as opposed to: the token was not available just now. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AppError &&
    ['authorizer_not_authorized', 'reauthorization_required', 'not_found'].includes(error.code)
  );
}

function isAway(error: unknown): boolean {
  return isDatabaseUnavailable(error) || (error instanceof AppError && error.code === 'unavailable');
}

/** The shared work continues for the others; only this caller stops waiting. */
export function withSignal<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const forgetAbort = onAbort(signal, () => reject(signal.reason as Error));
    work.then(resolve, reject).finally(forgetAbort);
  });
}
