import { AppError, SingleFlight, type Clock, type Database, type Log, type Metrics, type Secret } from '#libs/kernel';
import { databaseError } from '../failures.ts';
import type { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import { LookupSlots } from './lookup-slots.ts';
import { ManualRefreshRequests, type TokenKind } from './manual-refresh-requests.ts';
import type { PendingCommits } from './pending-commits.ts';
import { TokenCache, keyOf, type LeasedToken, type RememberedToken, type TokenAddress } from './token-cache.ts';
import { TokenIssuer, type LeaseOptions, type LoadToken } from './token-issuer.ts';
import { TokenRefresher, type TokenRows, type TokenState } from './token-refresher.ts';
import { WaiterList } from './waiter-list.ts';

export interface RefreshedTokensOptions {
  pending?: PendingCommits;
  /** See `CustodyOptions`. */
  lookupSlots: number;
  /** Said to a caller whose report of a rejected token may not force another refresh yet. */
  refusal: { code: 'upstream_busy' | 'upstream_failed'; message: string };
}

/** The tokens of one kind. Component tokens and authorizer tokens are issued, refreshed and replaced by this one class. */
export class RefreshedTokens<Subject extends TokenAddress, State extends TokenState, Claim> {
  private readonly cache: TokenCache;
  private readonly issuer: TokenIssuer;
  private readonly refresher: TokenRefresher<Subject, State, Claim>;
  private readonly slots: LookupSlots;
  private readonly manual: ManualRefreshRequests;
  private readonly rejections = new SingleFlight<LeasedToken>();

  constructor(
    private readonly kind: TokenKind,
    private readonly rows: TokenRows<Subject, State, Claim>,
    db: Database,
    clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    channel: TokenInvalidationChannel,
    private readonly options: RefreshedTokensOptions,
  ) {
    const waiters = new WaiterList();
    this.slots = new LookupSlots(options.lookupSlots, clock);
    this.cache = new TokenCache(clock);
    this.refresher = new TokenRefresher(rows, clock, waiters, this.slots);
    this.manual = new ManualRefreshRequests(kind, db, clock);
    this.issuer = new TokenIssuer(kind, this.cache, clock, log, metrics, options.pending);
    channel.onToken((platformId, appid) => {
      if ((appid === '') !== (kind === 'component')) return;
      this.cache.doubt(keyOf(platformId, appid));
      waiters.wake(keyOf(platformId, appid));
    });
    channel.onGap(() => {
      this.cache.doubtAll();
      waiters.wakeAll();
    });
  }

  /** A valid token: from memory, else from the row, else from WeChat, with one call for all callers in all processes. */
  lease(subject: Subject, options?: LeaseOptions): Promise<LeasedToken> {
    return this.issuer.lease(keyOf(subject.platformId, subject.authorizerAppid), this.loaderOf(subject), options);
  }

  /** What `lease` would give from memory, without a promise. */
  cached(subject: Subject): LeasedToken | null {
    return this.issuer.cached(keyOf(subject.platformId, subject.authorizerAppid), this.loaderOf(subject));
  }

  /** A token with the life that is left now. @throws AppError upstream_busy */
  issue(token: RememberedToken): LeasedToken {
    return this.issuer.issue(token);
  }

  /**
   * WeChat rejected this token. If it is the current one, one refresh is forced for all callers who report it; a subject whose
   * every new token is rejected costs three refreshes at once and then fewer and fewer, down to one an hour, over all processes.
   * @returns another token; null when `rejected` is not the current one
   * @throws AppError what `lease` throws; the refusal of the options when no further refresh may be forced yet
   */
  async replace(subject: Subject, rejected: Secret): Promise<LeasedToken | null> {
    const key = keyOf(subject.platformId, subject.authorizerAppid);
    const work = this.replaceCurrent(subject, key, rejected);
    return (this.options.pending?.waitFor(key, work) ?? work).catch((error: unknown) => {
      throw databaseError(error);
    });
  }

  private replaceCurrent(subject: Subject, key: string, rejected: Secret): Promise<LeasedToken | null> {
    return this.cache.during(key, async (mark) => {
      const state = await this.slots.run(() => this.rows.read(subject, this.cache.get(key)));
      if (state.refusal) throw state.refusal;
      const current = state.token;
      if (current) this.cache.put(key, current, mark);
      if (!current?.token.equals(rejected)) return null;
      // The reading that follows has a mark of its own: notifications that arrive meanwhile concern what is read then.
      return this.rejections.run(`${key}:${current.generation}`, async () => {
        const allowance = await this.manual.take(subject, current.generation);
        if (!allowance.allowed) {
          const { code, message } = this.options.refusal;
          throw new AppError(code, message, { retryAfterSeconds: Math.ceil(allowance.waitMs / 1000) });
        }
        const { componentAppid, authorizerAppid } = subject;
        this.log.warn(`${this.kind}_token.rejected`, {
          componentAppid,
          ...(authorizerAppid ? { authorizerAppid } : {}),
        });
        return this.issuer.replace(key, this.loaderOf(subject), current.generation);
      });
    });
  }

  private loaderOf(subject: Subject): LoadToken {
    const key = keyOf(subject.platformId, subject.authorizerAppid);
    return (request, seen) => this.refresher.obtain(subject, request, () => this.cache.get(key), seen);
  }
}
