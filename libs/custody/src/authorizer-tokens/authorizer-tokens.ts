import { Injectable } from '@nestjs/common';
import { AppError, Clock, Database, Log, Metrics, type Secret, SharedReading, type Sql } from '#libs/kernel';
import { WechatApiError, type CallPriority } from '#libs/wechat';
import { CustodyOptions } from '../custody-options.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { RefreshedTokens } from '../refresh/refreshed-tokens.ts';
import { keyOf, type LeasedToken } from '../refresh/token-cache.ts';
import { withSignal, type LeaseOptions } from '../refresh/token-issuer.ts';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import { AuthorizerCommits } from './authorizer-commits.ts';
import { AuthorizerGrants, type KeepOutcome, type KeptGrant } from './authorizer-grants.ts';
import { AuthorizerRefresh, type AuthorizerRefreshResult } from './authorizer-refresh.ts';
import {
  AuthorizerTokenRows,
  type AuthorizerRowState,
  type AuthorizerSubject,
  type HeldTokens,
  type RefreshClaim,
} from './authorizer-token-rows.ts';
import { RefreshPass, type RefreshPassCounts, type RefreshPassOptions } from './refresh-pass.ts';

export interface AuthorizerLeaseOptions extends LeaseOptions {
  /** Of the call to WeChat, if one is needed; default `interactive`. */
  priority?: CallPriority;
}

/** What a bulk look-up says of one account. `to_refresh`: call `lease` for it. */
export type BulkLease = LeasedToken | 'to_refresh' | 'not_authorized' | 'reauthorization_required';

/** In a bulk look-up, tokens are for immediate use. */
const BULK_MIN_LIFE_MS = 60_000;

/** A count over all tokens takes a while, and every scrape of every process would ask for it. */
const COUNTED_FOR_MS = 60_000;

const TOKENS_BY_STATE = `
  SELECT kind.state, coalesce(counted.count, 0) AS count
    FROM unnest(ARRAY['fresh', 'expired', 'suspended', 'lost']) AS kind (state)
    LEFT JOIN (SELECT CASE WHEN state <> 'usable' THEN state
                           WHEN access_token_expires_at > wxfleet.now() THEN 'fresh' ELSE 'expired' END AS state,
                      count(*) AS count
                 FROM custody.authorizer_token GROUP BY 1) counted USING (state)`;

/** The access tokens of authorized accounts: kept sealed, refreshed once for all processes, served from memory. */
@Injectable()
export class AuthorizerTokens {
  private readonly tokens: RefreshedTokens<AuthorizerSubject, AuthorizerRowState, RefreshClaim>;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    log: Log,
    metrics: Metrics,
    private readonly rows: AuthorizerTokenRows,
    private readonly grants: AuthorizerGrants,
    private readonly commits: AuthorizerCommits,
    private readonly refreshing: AuthorizerRefresh,
    private readonly pass: RefreshPass,
    channel: TokenInvalidationChannel,
    private readonly options: CustodyOptions,
  ) {
    const states = new SharedReading(COUNTED_FOR_MS, () => db.query<{ state: string; count: number }>(TOKENS_BY_STATE));
    metrics.gauge(
      'wxfleet_authorizer_tokens',
      'Authorizer tokens by state: fresh, expired, suspended, lost; at most a minute old',
      ['state'],
      async (gauge) => {
        for (const { state, count } of await states.get().catch(() => [])) gauge.set({ state }, count);
      },
    );
    this.tokens = new RefreshedTokens('authorizer', refreshing, db, clock, log, metrics, channel, {
      pending: commits.pending,
      lookupSlots: options.lookupSlots,
      refusal: { code: 'upstream_busy', message: "WeChat keeps rejecting this account's access tokens" },
    });
  }

  /** Stores an account's tokens in the caller's transaction; see `AuthorizerGrants.keepMany`. */
  async keep(sql: Sql, platformId: number, authorizerAppid: string, grant: KeptGrant): Promise<KeepOutcome> {
    const outcomes = await this.grants.keepMany(sql, platformId, new Map([[authorizerAppid, grant]]));
    return outcomes.get(authorizerAppid)!;
  }

  /** Like `keep`, for many at once (a page of the authorizer list). */
  keepMany(sql: Sql, platformId: number, grants: ReadonlyMap<string, KeptGrant>): Promise<Map<string, KeepOutcome>> {
    return this.grants.keepMany(sql, platformId, grants);
  }

  /** The authorization ended: no token is issued, everything is kept. False when it was so already. */
  suspend(sql: Sql, platformId: number, authorizerAppid: string): Promise<boolean> {
    return this.grants.suspend(sql, platformId, authorizerAppid);
  }

  /** Reverts a suspension. False when there was none, or no refresh token. */
  resume(sql: Sql, platformId: number, authorizerAppid: string): Promise<boolean> {
    return this.grants.resume(sql, platformId, authorizerAppid);
  }

  /**
   * What is kept of many accounts, to be compared with what WeChat says; an account without a row is not in the map. Not on
   * behalf of a tenant: it looks at sealed columns.
   */
  held(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, HeldTokens>> {
    return this.rows.held(sql, platformId, authorizerAppids);
  }

  /** When the access tokens of many accounts expire; an account without one is not in the map. */
  expiries(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, Date>> {
    return this.rows.expiries(sql, platformId, authorizerAppids);
  }

  /**
   * A valid access token: from memory, else from the row, else from WeChat, with one call for all callers in all processes.
   * @throws AppError authorizer_not_authorized, reauthorization_required, ticket_unavailable, platform_misconfigured,
   * upstream_busy, upstream_failed, upstream_quota_exhausted, unavailable
   */
  lease(platform: PlatformRef, authorizerAppid: string, options: AuthorizerLeaseOptions = {}): Promise<LeasedToken> {
    return this.tokens.lease(subjectOf(platform, authorizerAppid, options.priority), options);
  }

  /** What `lease` would give from memory, without a promise: for callers that issue thousands a second. Null: call `lease`. */
  cached(platform: PlatformRef, authorizerAppid: string): LeasedToken | null {
    return this.tokens.cached(subjectOf(platform, authorizerAppid));
  }

  /** What the rows say about many accounts, in one statement and without a call to WeChat. */
  async leaseMany(platform: PlatformRef, authorizerAppids: readonly string[]): Promise<Map<string, BulkLease>> {
    const rows = await this.rows.readMany(this.db, platform.platformId, authorizerAppids, BULK_MIN_LIFE_MS);
    return new Map(
      authorizerAppids.map((appid): [string, BulkLease] => {
        const row = rows.get(appid);
        if (!row || row.refusal?.code === 'authorizer_not_authorized') return [appid, 'not_authorized'];
        if (row.refusal) return [appid, 'reauthorization_required'];
        if (!row.token) return [appid, 'to_refresh'];
        return [appid, this.tokens.issue(row.token)];
      }),
    );
  }

  /**
   * For the accounts of which `leaseMany` says `to_refresh`: takes the leases to refresh them, in one statement. An account
   * that is not in the answer is being refreshed elsewhere or has just failed; call `lease` for it. Redeem each claim within
   * seconds, or give it back: other callers wait for it meanwhile.
   */
  async claimMany(platform: PlatformRef, authorizerAppids: readonly string[]): Promise<Map<string, RefreshClaim>> {
    const claims = await this.rows.claimMany(
      this.db,
      platform.platformId,
      authorizerAppids,
      this.options.leaseSeconds,
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
    // No call is started under a lease that might end before it does.
    if (this.clock.monotonicMs() - claim.takenMs >= (this.options.leaseSeconds * 1000) / 2) {
      await this.giveBack([claim]);
    } else {
      const refresh = this.refreshing.redeem(platform, claim, options.priority ?? 'interactive');
      const result = await this.commits.pending
        .waitFor(keyOf(platform.platformId, claim.authorizerAppid), refresh)
        .catch((error: Error): AuthorizerRefreshResult => ({ outcome: 'failed', error }));
      if (result.outcome === 'refreshed') return this.tokens.issue(result.token);
      // A token that may have been replaced is better than none; this error says more than its repetition from the row.
      if (result.outcome === 'failed')
        return this.lease(platform, claim.authorizerAppid, options).catch(() => Promise.reject(result.error));
      if (result.outcome !== 'superseded' && result.outcome !== 'withheld') throw result.error;
    }
    return this.lease(platform, claim.authorizerAppid, options);
  }

  /** Gives claims back untouched. */
  giveBack(claims: readonly RefreshClaim[]): Promise<void> {
    return this.rows.release(this.db, claims);
  }

  /**
   * WeChat rejected this token. If it is still the current one, one refresh is forced for all callers who report it; else the
   * current one is the answer; see `RefreshedTokens.replace`.
   * @throws AppError what `lease` throws; upstream_busy when no further refresh may be forced yet
   */
  async reportRejected(platform: PlatformRef, authorizerAppid: string, token: Secret): Promise<LeasedToken> {
    const replaced = await this.tokens.replace(subjectOf(platform, authorizerAppid), token);
    return replaced ?? this.lease(platform, authorizerAppid);
  }

  /**
   * Runs a call with the account's token. When WeChat says that the token is not valid, gets another and runs it once more.
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
        // An ended authorization explains the code; a refresh that is not available just now does not.
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
}

function subjectOf(
  { platformId, componentAppid }: PlatformRef,
  authorizerAppid: string,
  priority: CallPriority = 'interactive',
): AuthorizerSubject {
  return { platformId, componentAppid, authorizerAppid, priority };
}
