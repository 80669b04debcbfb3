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
import type { LeasedToken, ReadMark, RememberedToken, TokenCache } from './token-cache.ts';
import { LAST_SECONDS_MS, type Standing, type TokenHolder, type TokenRefresh } from './token-refresh.ts';

/** Life that a handed-out token has at least, unless its successor cannot be had. */
const MIN_LIFE_SECONDS = 30;
/** Between two looks at the database for one token that is served meanwhile. */
const BACKGROUND_EVERY_MS = 5000;
/** How long a caller waits for the successor of a token that may be replaced already, when that one is at hand. */
const PATIENCE_MS = 2000;
/** After the database was found away: how long a token of doubtful age is served without trying again. */
const DATABASE_AWAY_MS = 1000;

export interface LeaseOptions {
  signal?: AbortSignal;
  /** Remaining life that the caller needs; default 30. */
  minLifeSeconds?: number;
}

/** Waits for a fetch that goes on without the caller when its result cannot be written; see `AuthorizerCommits.waitFor`. */
type WaitFor = <T>(key: string, work: Promise<T>) => Promise<T>;

type HolderOf<S extends Standing, Claim> = (mark: ReadMark) => TokenHolder<S, Claim>;

/**
 * Serves tokens from memory and gets them where they are not: one fetch per token in this process, the next token fetched
 * in the background while the present one is served, and the present one served while the database is away.
 */
export class TokenLender {
  private readonly flights = new SingleFlight<RememberedToken>();
  private readonly checkedMs = new Map<string, number>();
  private databaseAwayUntilMs = Number.NEGATIVE_INFINITY;
  /** Handed out from memory since the metrics were read last: a plain number, since this is the hot path. */
  private fromMemory = 0;
  private readonly fromDatabase;
  private readonly withoutDatabase;

  constructor(
    kind: string,
    private readonly cache: TokenCache,
    private readonly refresh: TokenRefresh,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    private readonly waitFor: WaitFor = (_key, work) => work,
  ) {
    const leases = metrics.counter('wxfleet_token_leases_total', 'Access tokens handed out', ['kind', 'source']);
    metrics.beforeReading(() => {
      leases.inc({ kind, source: 'memory' }, this.fromMemory);
      this.fromMemory = 0;
    });
    this.fromDatabase = leases.labels(kind, 'database');
    this.withoutDatabase = leases.labels(kind, 'memory_database_away');
  }

  /** What can be served from memory at this moment, without a promise; null: ask `lease`. */
  atHand<S extends Standing, Claim>(
    key: string,
    holder: HolderOf<S, Claim>,
    minLifeSeconds = MIN_LIFE_SECONDS,
  ): LeasedToken | null {
    const entry = this.cache.get(key);
    if (!entry || this.cache.lifeMs(entry) < Math.max(minLifeSeconds * 1000, LAST_SECONDS_MS)) return null;
    const trust = this.cache.trust(entry);
    if (trust !== 'stale') {
      if (trust === 'ageing' || this.clock.monotonicMs() >= entry.refreshMs) this.inBackground(key, holder);
      this.fromMemory += 1;
      return this.cache.lease(entry);
    }
    if (this.clock.monotonicMs() >= this.databaseAwayUntilMs) return null;
    this.withoutDatabase.inc();
    return this.cache.lease(entry);
  }

  async lease<S extends Standing, Claim>(
    key: string,
    holder: HolderOf<S, Claim>,
    options: LeaseOptions,
  ): Promise<LeasedToken> {
    options.signal?.throwIfAborted();
    const minLifeSeconds = options.minLifeSeconds ?? MIN_LIFE_SECONDS;
    const atHand = this.atHand(key, holder, minLifeSeconds);
    if (atHand) return atHand;
    const minLifeMs = minLifeSeconds * 1000;
    try {
      const token = await withSignal(
        this.patiently(key, this.waitFor(key, this.fetch(key, holder, minLifeMs)), minLifeMs),
        options.signal,
      );
      const leased = this.handOut(token);
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

  /**
   * As handed out, with the life that is left now.
   * @throws AppError upstream_busy: nobody could use what expires within seconds, whoever found it good enough a moment ago
   */
  handOut(token: RememberedToken): LeasedToken {
    if (this.cache.lifeMs(token) < LAST_SECONDS_MS) {
      throw new AppError('upstream_busy', 'the token that is here expires within seconds, and there is no other yet', {
        retryAfterSeconds: 1,
      });
    }
    return this.cache.lease(token);
  }

  private async fetch<S extends Standing, Claim>(
    key: string,
    holder: HolderOf<S, Claim>,
    minLifeMs: number,
  ): Promise<RememberedToken> {
    const obtain = () =>
      this.flights.run(key, () => this.cache.during(key, (mark) => this.refresh.obtain(holder(mark), { minLifeMs })));
    const token = await obtain();
    // The flight joined may have been started for a caller with a smaller wish.
    return this.cache.lifeMs(token) >= minLifeMs ? token : obtain();
  }

  /** A token that may be replaced may as well not be: with a WeChat that does not answer it is the best there is. */
  private patiently(key: string, fetched: Promise<RememberedToken>, minLifeMs: number): Promise<RememberedToken> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const kept = this.cache.get(key);
        if (kept?.mayBeReplaced && this.cache.lifeMs(kept) >= minLifeMs) resolve(kept);
      }, PATIENCE_MS);
      fetched.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  private inBackground<S extends Standing, Claim>(key: string, holder: HolderOf<S, Claim>): void {
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
      .run(key, () =>
        this.cache.during(key, (mark) =>
          this.refresh.obtain(holder(mark), { minLifeMs: LAST_SECONDS_MS, ahead: true }),
        ),
      )
      .catch((error: unknown) => {
        // A refusal means that the token must not be served any more, whatever life it has.
        if (isRefusal(error)) this.cache.forget(key);
        else this.log.debug('token.background_failed', { key, error });
      });
  }
}

/** The holder is not entitled to a token any more, as opposed to: it could not be had just now. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AppError &&
    ['authorizer_not_authorized', 'reauthorization_required', 'not_found'].includes(error.code)
  );
}

function isAway(error: unknown): boolean {
  return isDatabaseUnavailable(error) || (error instanceof AppError && error.code === 'unavailable');
}

/** The shared work goes on for the others; only this caller stops waiting. */
export function withSignal<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const forgetAbort = onAbort(signal, () => reject(signal.reason as Error));
    work.then(resolve, reject).finally(forgetAbort);
  });
}
