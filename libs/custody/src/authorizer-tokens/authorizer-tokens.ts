import {
  AppError,
  SingleFlight,
  type Clock,
  type Database,
  type Log,
  type Metrics,
  type Sealer,
  type Secret,
  type Sql,
} from '#libs/kernel';
import type { JobQueue } from '#libs/jobs';
import { WechatApiError, type CallPriority, type ComponentApi } from '#libs/wechat';
import { AuthorizerCommits } from './authorizer-commits.ts';
import { AuthorizerGrants, type KeepOutcome, type KeptGrant } from './authorizer-grants.ts';
import { AuthorizerRefresh, type AuthorizerRefreshResult } from './authorizer-refresh.ts';
import { AuthorizerRows, type AuthorizerStanding, type HeldTokens, type RefreshClaim } from './authorizer-rows.ts';
import type { ComponentTokens } from '../component-tokens/component-tokens.ts';
import type { CustodyNews } from '../custody-news.ts';
import { databaseError } from '../failures.ts';
import { ForcedRefreshes } from '../refresh/forced-refreshes.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { RefreshPass, type RefreshPassCounts, type RefreshPassOptions } from './refresh-pass.ts';
import { RefreshTokenRecovery } from './refresh-token-recovery.ts';
import { TokenCache, type LeasedToken, type ReadMark } from '../refresh/token-cache.ts';
import { TokenLender, withSignal, type LeaseOptions } from '../refresh/token-lender.ts';
import { TokenRefresh, type TokenHolder } from '../refresh/token-refresh.ts';
import { keyOf } from './unwritten-results.ts';
import { WaitingRoom } from '../refresh/waiting-room.ts';

export interface AuthorizerTokensParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  api: Pick<ComponentApi, 'authorizerToken' | 'getAuthorizerInfo' | 'getAuthorizerList'>;
  componentTokens: ComponentTokens;
  news: CustodyNews;
  jobs: JobQueue;
  /** Every platform, for the passes. */
  platforms: () => Promise<PlatformRef[]>;
  /** Seconds for which a refresh belongs to one process; a crashed one is taken over after it. Default 20. */
  leaseSeconds?: number;
}

export interface AuthorizerLeaseOptions extends LeaseOptions {
  /** Of the call to WeChat, should one be needed; default `interactive`. */
  priority?: CallPriority;
}

/** What a bulk look-up says of one merchant. `to_refresh`: ask `lease` for it. */
export type BulkLease = LeasedToken | 'to_refresh' | 'not_authorized' | 'reauthorization_required';

/** In a bulk, tokens are for use at once. */
const BULK_MIN_LIFE_MS = 60_000;

/** The merchants' tokens: kept sealed, refreshed once for everybody, served from memory. */
export class AuthorizerTokens {
  private readonly cache: TokenCache;
  private readonly lender: TokenLender;
  private readonly grants: AuthorizerGrants;
  private readonly rows: AuthorizerRows;
  private readonly commits: AuthorizerCommits;
  private readonly refreshing: AuthorizerRefresh;
  private readonly obtaining: TokenRefresh;
  private readonly forced: ForcedRefreshes;
  private readonly rejections = new SingleFlight<LeasedToken>();
  private readonly pass: RefreshPass;
  private readonly leaseSeconds: number;

  constructor(private readonly parts: AuthorizerTokensParts) {
    const { db, sealer, clock, log, metrics, api, componentTokens, news } = parts;
    const room = new WaitingRoom();
    this.leaseSeconds = parts.leaseSeconds ?? 20;
    this.cache = new TokenCache(clock);
    this.rows = new AuthorizerRows(sealer, clock, log);
    this.grants = new AuthorizerGrants(sealer, news);
    this.commits = new AuthorizerCommits(db, sealer, clock, log, parts.jobs);
    this.obtaining = new TokenRefresh(clock, room);
    this.forced = new ForcedRefreshes('authorizer', db, clock);
    this.lender = new TokenLender('authorizer', this.cache, this.obtaining, clock, log, metrics, (key, work) =>
      this.commits.waitFor(key, work),
    );
    this.refreshing = new AuthorizerRefresh({
      ...parts,
      rows: this.rows,
      commits: this.commits,
      recovery: new RefreshTokenRecovery(api, componentTokens, clock, log),
      leaseSeconds: this.leaseSeconds,
    });
    this.pass = new RefreshPass({
      ...parts,
      rows: this.rows,
      commits: this.commits,
      refreshing: this.refreshing,
      leaseSeconds: this.leaseSeconds,
    });
    news.onToken((platformId, appid) => {
      if (appid === '') return;
      this.cache.doubt(keyOf(platformId, appid));
      room.wake(keyOf(platformId, appid));
    });
    news.onGap(() => {
      this.cache.doubtAll();
      room.wakeAll();
    });
  }

  /** Takes a merchant's tokens into custody in the caller's transaction; see `AuthorizerGrants.keepMany`. */
  async keep(sql: Sql, platformId: number, authorizerAppid: string, grant: KeptGrant): Promise<KeepOutcome> {
    const outcomes = await this.grants.keepMany(sql, platformId, new Map([[authorizerAppid, grant]]));
    return outcomes.get(authorizerAppid)!;
  }

  /** Like `keep`, for many at once (a page of the authorizer list). */
  keepMany(sql: Sql, platformId: number, grants: ReadonlyMap<string, KeptGrant>): Promise<Map<string, KeepOutcome>> {
    return this.grants.keepMany(sql, platformId, grants);
  }

  /** The authorization ended: nothing is handed out, all is kept. False when it was so already. */
  suspend(sql: Sql, platformId: number, authorizerAppid: string): Promise<boolean> {
    return this.grants.suspend(sql, platformId, authorizerAppid);
  }

  /** Takes a suspension back. False when there was none, or no refresh token. */
  resume(sql: Sql, platformId: number, authorizerAppid: string): Promise<boolean> {
    return this.grants.resume(sql, platformId, authorizerAppid);
  }

  /**
   * What is kept of many accounts, for those who compare it with what WeChat says; who has no row is not in the map. Not on
   * behalf of a tenant: it looks at sealed columns.
   */
  held(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, HeldTokens>> {
    return this.rows.held(sql, platformId, authorizerAppids);
  }

  /** When the access tokens of many accounts expire; who has none is not in the map. */
  expiries(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, Date>> {
    return this.rows.expiries(sql, platformId, authorizerAppids);
  }

  /**
   * A valid access token: from memory, else from the row, else from WeChat, with one call for all who ask in all processes.
   * @throws AppError authorizer_not_authorized, reauthorization_required, ticket_unavailable, platform_misconfigured,
   * upstream_busy, upstream_failed, upstream_quota_exhausted, unavailable
   */
  lease(platform: PlatformRef, authorizerAppid: string, options: AuthorizerLeaseOptions = {}): Promise<LeasedToken> {
    return this.lender.lease(
      keyOf(platform.platformId, authorizerAppid),
      (mark) => this.holder(platform, authorizerAppid, mark, options.priority ?? 'interactive'),
      options,
    );
  }

  /** What `lease` would give from memory, without a promise: for those who hand out thousands a second. Null: ask `lease`. */
  atHand(platform: PlatformRef, authorizerAppid: string): LeasedToken | null {
    return this.lender.atHand(keyOf(platform.platformId, authorizerAppid), (mark) =>
      this.holder(platform, authorizerAppid, mark, 'interactive'),
    );
  }

  /** What the rows say about many merchants, in one statement and without asking WeChat. */
  async leaseMany(platform: PlatformRef, authorizerAppids: readonly string[]): Promise<Map<string, BulkLease>> {
    const { db } = this.parts;
    const rows = await this.rows.readMany(db, platform.platformId, authorizerAppids, BULK_MIN_LIFE_MS);
    return new Map(
      authorizerAppids.map((appid): [string, BulkLease] => {
        const row = rows.get(appid);
        if (!row || row.refusal?.code === 'authorizer_not_authorized') return [appid, 'not_authorized'];
        if (row.refusal) return [appid, 'reauthorization_required'];
        if (!row.token) return [appid, 'to_refresh'];
        return [appid, this.cache.lease(row.token)];
      }),
    );
  }

  /**
   * For those of whom `leaseMany` says `to_refresh`: takes the right to refresh them, in one statement for all. Who is not
   * in the answer is being refreshed by somebody else or has just failed; ask `lease` for them. Every claim is to be
   * redeemed within some seconds, or given back: meanwhile others wait for it.
   */
  async claimMany(platform: PlatformRef, authorizerAppids: readonly string[]): Promise<Map<string, RefreshClaim>> {
    const { db } = this.parts;
    const claims = await this.rows.claimMany(
      db,
      platform.platformId,
      authorizerAppids,
      this.leaseSeconds,
      BULK_MIN_LIFE_MS / 1000,
    );
    return new Map(claims.map((claim) => [claim.authorizerAppid, claim]));
  }

  /** Refreshes what was claimed. @throws AppError what `lease` throws */
  redeem(platform: PlatformRef, claim: RefreshClaim, options: AuthorizerLeaseOptions = {}): Promise<LeasedToken> {
    return withSignal(this.redeemed(platform, claim, options), options.signal);
  }

  private async redeemed(
    platform: PlatformRef,
    claim: RefreshClaim,
    options: AuthorizerLeaseOptions,
  ): Promise<LeasedToken> {
    // No call is begun under a lease that might end before it does.
    if (this.parts.clock.monotonicMs() - claim.takenMs >= (this.leaseSeconds * 1000) / 2) {
      await this.giveBack([claim]);
    } else {
      const key = keyOf(platform.platformId, claim.authorizerAppid);
      const refresh = this.refreshing.refresh(platform, claim, options.priority ?? 'interactive');
      const result = await this.commits
        .waitFor(key, refresh)
        .catch((error: Error): AuthorizerRefreshResult => ({ outcome: 'failed', error }));
      if (result.outcome === 'refreshed') return this.lender.handOut(result.token);
      // One that may be replaced is better than none; what was said here is better than its echo from the row.
      if (result.outcome === 'failed')
        return this.lease(platform, claim.authorizerAppid, options).catch(() => Promise.reject(result.error));
      if (result.outcome !== 'superseded' && result.outcome !== 'withheld') throw result.error;
    }
    return this.lease(platform, claim.authorizerAppid, options);
  }

  /** Gives claims back untouched. */
  giveBack(claims: readonly RefreshClaim[]): Promise<void> {
    return this.rows.release(this.parts.db, claims);
  }

  /**
   * WeChat refused this token. If it is still the current one, one refresh is forced for everybody who reports it; else the
   * current one is the answer. A merchant whose every new token is refused costs three refreshes at once and then ever fewer,
   * down to one an hour, for all processes together.
   * @throws AppError what `lease` throws; upstream_busy when no further refresh is to be forced yet
   */
  async reportRejected(platform: PlatformRef, authorizerAppid: string, token: Secret): Promise<LeasedToken> {
    const key = keyOf(platform.platformId, authorizerAppid);
    const work = this.rejected(platform, authorizerAppid, key, token);
    const fetched = await this.commits.waitFor(key, work).catch((error: unknown) => {
      throw databaseError(error);
    });
    return fetched ?? this.lease(platform, authorizerAppid);
  }

  /** Another token, when `token` was the current one; null when it was not. */
  private rejected(
    platform: PlatformRef,
    authorizerAppid: string,
    key: string,
    token: Secret,
  ): Promise<LeasedToken | null> {
    return this.cache.during(key, async (mark) => {
      const holder = this.holder(platform, authorizerAppid, mark, 'interactive');
      const standing = await holder.read();
      if (standing.refusal) throw standing.refusal;
      const current = standing.token;
      if (!current?.token.equals(token)) return null;
      return this.rejections.run(`${key}:${current.generation}`, async () => {
        const allowance = await this.forced.take(platform.platformId, current.generation, authorizerAppid);
        if (!allowance.allowed) {
          throw new AppError('upstream_busy', 'WeChat goes on refusing the tokens of this account', {
            retryAfterSeconds: Math.ceil(allowance.waitMs / 1000),
          });
        }
        this.parts.log.warn('authorizer_token.rejected', { componentAppid: platform.componentAppid, authorizerAppid });
        this.cache.forget(key);
        return this.lender.handOut(
          // Read anew, so with a mark of its own: news that come meanwhile concern what is read now.
          await this.cache.during(key, (again) =>
            this.obtaining.obtain(this.holder(platform, authorizerAppid, again, 'interactive'), {
              minLifeMs: 0,
              rejectedGeneration: current.generation,
            }),
          ),
        );
      });
    });
  }

  /**
   * Runs a call with the merchant's token. When WeChat says that the token is not valid, gets another and runs it once more.
   * @throws what `call` throws, and what `lease` throws
   */
  async call<T>(
    platform: PlatformRef,
    authorizerAppid: string,
    options: AuthorizerLeaseOptions,
    call: (token: Secret) => Promise<T>,
  ): Promise<T> {
    const { token } = await this.lease(platform, authorizerAppid, options);
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof WechatApiError && error.reaction === 'token')) throw error;
      let next: LeasedToken;
      try {
        next = await this.reportRejected(platform, authorizerAppid, token);
      } catch (refusal) {
        // That the authorization ended explains the code; that no refresh is to be had just now does not.
        if (refusal instanceof AppError && refusal.code !== 'upstream_busy') throw refusal;
        throw error;
      }
      return await call(next.token);
    }
  }

  /** One pass over all platforms: refreshes what is due, fairly, in batches. Any number of processes may run it. */
  refreshDue(options: RefreshPassOptions): Promise<RefreshPassCounts> {
    return this.pass.run(options);
  }

  /** Resolves when every result fetched so far is written. */
  drained(): Promise<void> {
    return this.commits.drained();
  }

  /** Writes what is fetched and not yet written, within some seconds. */
  stop(): Promise<void> {
    return this.commits.stop();
  }

  private holder(
    platform: PlatformRef,
    authorizerAppid: string,
    mark: ReadMark,
    priority: CallPriority,
  ): TokenHolder<AuthorizerStanding, RefreshClaim> {
    const { db } = this.parts;
    const { platformId } = platform;
    const key = keyOf(platformId, authorizerAppid);
    return {
      key,
      read: async () => {
        const standing = await this.rows.read(db, platformId, authorizerAppid, this.cache.get(key));
        if (standing.token && !standing.refusal) this.cache.put(key, standing.token, mark);
        return standing;
      },
      claim: (standing) =>
        this.rows.claim(db, platformId, authorizerAppid, standing.leaseGeneration, this.leaseSeconds),
      refresh: async (claim) => {
        const result = await this.refreshing.refresh(platform, claim, priority);
        if (result.outcome === 'refreshed') this.cache.put(key, result.token, mark);
        if (result.outcome === 'lost' || result.outcome === 'not_authorized')
          return { outcome: 'failed', error: result.error };
        // Without a guard nothing is withheld; for the types it would be as if somebody else had taken over.
        return result.outcome === 'withheld' ? { outcome: 'superseded' } : result;
      },
    };
  }
}
