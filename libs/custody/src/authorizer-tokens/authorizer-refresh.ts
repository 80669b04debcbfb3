import { Injectable } from '@nestjs/common';
import { EventWriter } from '#libs/events';
import { AppError, isDatabaseUnavailable, Clock, Database, Log, Metrics, Sealer, type Secret } from '#libs/kernel';
import { JobQueue } from '#libs/jobs';
import { WechatApiError, WechatError, type CallPriority, ComponentApi } from '#libs/wechat';
import { ERRCODE, REFRESH_TOKEN_ERRCODES } from '#libs/wechat-wire';
import { ComponentTokens } from '../component-tokens/component-tokens.ts';
import { CustodyOptions } from '../custody-options.ts';
import { keptFailure, upstreamError } from '../failures.ts';
import { lostRequest } from '../jobs.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { effectiveExpiry } from '../refresh/refresh-schedule.ts';
import type { RememberedToken } from '../refresh/token-cache.ts';
import type { RefreshResult, TokenRows } from '../refresh/token-refresher.ts';
import { sealContext } from '../seal-context.ts';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import { AuthorizerCommits } from './authorizer-commits.ts';
import {
  type AuthorizerRowState,
  type AuthorizerSubject,
  AuthorizerTokenRows,
  type RefreshClaim,
} from './authorizer-token-rows.ts';
import { Withheld, type CallGuard } from './call-guard.ts';
import { type FoundToken, RefreshTokenRecovery } from './refresh-token-recovery.ts';
import { KEEP_FOUND_TOKEN, LOSE_TOKENS, NOTE_LATE_RESULT } from './authorizer-refresh.sql.ts';

/** How the refresh of one account ended. `superseded`: another writer changed the row meanwhile, and that result stands. */
export type AuthorizerRefreshResult =
  | { outcome: 'refreshed'; token: RememberedToken }
  | { outcome: 'superseded' }
  /** WeChat refused every refresh token there is; the merchant must authorize again. */
  | { outcome: 'lost'; error: AppError }
  /** The call was not made; the lease is still held and must be released by the caller. */
  | { outcome: 'withheld' }
  /** WeChat says 61003: the authorization seems to have ended. */
  | { outcome: 'not_authorized'; error: Error }
  | { outcome: 'failed'; error: Error };

interface Task {
  platform: PlatformRef;
  claim: RefreshClaim;
  priority: CallPriority;
  guard: CallGuard | undefined;
  /** When the lease was last taken or renewed, by the monotonic clock. */
  heldMs: number;
  /** WeChat may have given a new access token that is not in the row. */
  mayBeReplaced: boolean;
}

/** Refresh tokens that WeChat is asked for in one refresh. More than this means every reply is being lost. */
const MAX_FOUND = 3;

interface Reply {
  accessToken: Secret;
  expiresIn: number;
  refreshToken: Secret | null;
}

/**
 * One refresh under a lease: calls WeChat with the current refresh token, then with the previous one, then with the one that
 * WeChat itself names; the tokens are lost only when WeChat refuses all of them.
 */
@Injectable()
export class AuthorizerRefresh implements TokenRows<AuthorizerSubject, AuthorizerRowState, RefreshClaim> {
  private readonly outcomes;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    private readonly jobs: JobQueue,
    private readonly api: ComponentApi,
    private readonly componentTokens: ComponentTokens,
    private readonly rows: AuthorizerTokenRows,
    private readonly commits: AuthorizerCommits,
    private readonly recovery: RefreshTokenRecovery,
    private readonly channel: TokenInvalidationChannel,
    private readonly events: EventWriter,
    private readonly options: CustodyOptions,
  ) {
    const counter = metrics.counter('wxfleet_token_refreshes_total', 'Refreshes of access tokens', ['kind', 'outcome']);
    const of = (outcome: AuthorizerRefreshResult['outcome']) => counter.labels('authorizer', outcome);
    this.outcomes = {
      refreshed: of('refreshed'),
      superseded: of('superseded'),
      lost: of('lost'),
      not_authorized: of('not_authorized'),
      failed: of('failed'),
      withheld: of('withheld'),
    };
  }

  read(subject: AuthorizerSubject, known: RememberedToken | undefined): Promise<AuthorizerRowState> {
    return this.rows.read(this.db, subject.platformId, subject.authorizerAppid, known);
  }

  claim(subject: AuthorizerSubject, state: AuthorizerRowState): Promise<RefreshClaim | null> {
    const { platformId, authorizerAppid } = subject;
    return this.rows.claim(this.db, platformId, authorizerAppid, state.leaseGeneration, this.options.leaseSeconds);
  }

  async refresh(subject: AuthorizerSubject, claim: RefreshClaim): Promise<RefreshResult> {
    const { platformId, componentAppid, priority } = subject;
    const result = await this.redeem({ platformId, componentAppid }, claim, priority);
    if (result.outcome === 'lost' || result.outcome === 'not_authorized') {
      return { outcome: 'failed', error: result.error };
    }
    // Without a guard nothing is withheld; for the types it is as if another process had taken over.
    return result.outcome === 'withheld' ? { outcome: 'superseded' } : result;
  }

  /**
   * Refreshes under a lease. Does not reject for what WeChat does; the lease is released unless the outcome is `withheld`. A
   * pass makes its calls through `guard`, so that the next call does not wait until the row of the one before is written.
   */
  async redeem(
    platform: PlatformRef,
    claim: RefreshClaim,
    priority: CallPriority,
    guard?: CallGuard,
  ): Promise<AuthorizerRefreshResult> {
    const task: Task = { platform, claim, priority, guard, heldMs: claim.takenMs, mayBeReplaced: false };
    const result = await this.run(task);
    if (result.outcome === 'superseded' && task.mayBeReplaced) await this.markTimedOut(task);
    this.outcomes[result.outcome].inc();
    return result;
  }

  private async run(task: Task): Promise<AuthorizerRefreshResult> {
    const { platform, claim } = task;
    try {
      const kept = this.rows.refreshTokens(claim);
      let refused: unknown = null;
      for (const { token, which } of kept) {
        if (refused !== null) await this.hold(task);
        try {
          return await this.commit(claim, await this.ask(task, token), token, which);
        } catch (error) {
          if (!isRefreshTokenRefusal(error)) throw error;
          refused ??= error;
          this.log.warn('authorizer_token.refresh_token_refused', { ...nameOf(platform, claim), which, error });
        }
      }
      return await this.recover(
        task,
        kept.map(({ token }) => token),
        refused,
      );
    } catch (error) {
      return await this.end(task, error);
    }
  }

  /**
   * All stored tokens were refused: WeChat may know another one. When that is refused too, WeChat is asked once more, because
   * lost replies may have carried its successors; only what WeChat says after the last refusal can mean a loss.
   */
  private async recover(task: Task, kept: readonly Secret[], firstRefusal: unknown): Promise<AuthorizerRefreshResult> {
    const { platform, claim, priority } = task;
    const refusedTokens = [...kept];
    let refused = firstRefusal;
    for (let found = 0; found < MAX_FOUND; found += 1) {
      await this.hold(task);
      const named = await this.holding(task, () =>
        this.recovery.find(platform, claim.authorizerAppid, refusedTokens, priority),
      );
      if (named === null) return this.lose(platform, claim, refused);
      // Durable before it is used: a crash right after must not cost it again.
      if (!(await this.keepFound(claim, named))) return { outcome: 'superseded' };
      const { token } = named;
      task.heldMs = this.clock.monotonicMs();
      this.log.info('authorizer_token.refresh_token_recovered', nameOf(platform, claim));
      try {
        return await this.commit(claim, await this.ask(task, token), token, 'current');
      } catch (error) {
        if (!isRefreshTokenRefusal(error)) throw error;
        this.log.warn('authorizer_token.refresh_token_refused', {
          ...nameOf(platform, claim),
          which: 'recovered',
          error,
        });
        refusedTokens.push(token);
        refused = error;
      }
    }
    throw new AppError('upstream_busy', 'WeChat named several refresh tokens of this account and refused each', {
      retryAfterSeconds: 5,
      cause: refused ?? undefined,
    });
  }

  /**
   * Calls `api_authorizer_token`. When no readable answer came although WeChat may have acted, calls once more with the same
   * refresh token: if it was rotated, the old one works for five more minutes.
   */
  private async ask(task: Task, refreshToken: Secret): Promise<Reply> {
    const { platform, claim, priority, guard } = task;
    const call = { componentAppid: platform.componentAppid, authorizerAppid: claim.authorizerAppid, priority };
    const send = () =>
      this.holding(task, () =>
        this.componentTokens.call(platform, async (token) => {
          // Fetching the component token may have taken long, and the renewals meanwhile may have failed.
          if (this.isHeldTooLong(task)) await this.hold(task);
          return this.api.authorizerToken(call, token, refreshToken);
        }),
      );
    const once = async () => {
      try {
        const reply = await (guard ? guard.run(send) : send());
        task.mayBeReplaced = true; // until it is written
        return reply;
      } catch (error) {
        task.mayBeReplaced ||= error instanceof WechatError && error.mayHaveTakenEffect;
        throw error;
      }
    };
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof WechatError && error.mayHaveTakenEffect && error.retryable)) throw error;
      this.log.info('authorizer_token.reply_lost', { ...nameOf(platform, claim), error });
      await this.hold(task);
      return await once();
    }
  }

  private async commit(
    claim: RefreshClaim,
    reply: Reply,
    sent: Secret,
    used: 'current' | 'previous',
  ): Promise<AuthorizerRefreshResult> {
    const token = await this.commits.refreshed({
      claim,
      accessToken: reply.accessToken,
      expiresInSeconds: effectiveExpiry(reply.expiresIn),
      newRefreshToken: reply.refreshToken && !reply.refreshToken.equals(sent) ? reply.refreshToken : null,
      used,
    });
    return token ? { outcome: 'refreshed', token } : { outcome: 'superseded' };
  }

  /**
   * WeChat has, or may have, issued a token under a lease that another process holds by now. The token in the row, or the one
   * about to be written, may be older and end with it: the row is due at once, or as soon as that one is written.
   */
  private async markTimedOut({ platform, claim }: Task): Promise<void> {
    try {
      await this.db.run(NOTE_LATE_RESULT, [claim.platformId, claim.authorizerAppid]);
    } catch (error) {
      this.log.warn('authorizer_token.late_result_not_noted', { ...nameOf(platform, claim), error });
    }
  }

  /** The lease must cover the next call too. @throws Superseded */
  private async hold(task: Task): Promise<void> {
    const now = this.clock.monotonicMs();
    if (!(await this.rows.renew(this.db, task.claim, this.options.leaseSeconds))) throw new Superseded();
    task.heldMs = now;
  }

  /** No call is started under a lease that might end before it does. */
  private isHeldTooLong(task: Task): boolean {
    return this.clock.monotonicMs() - task.heldMs >= (this.options.leaseSeconds * 1000) / 2;
  }

  /**
   * Renews the lease during `work`: reading a long list, or waiting for a component token and a free connection, may take longer
   * than a lease, and a second process would start the same work. A lease that is lost anyway is noticed by the next write.
   */
  private async holding<T>(task: Task, work: () => Promise<T>): Promise<T> {
    const timer = setInterval(
      () => {
        this.hold(task).catch((error: unknown) => {
          // An unavailable database may be back at the next renewal.
          if (error instanceof Superseded) clearInterval(timer);
        });
      },
      (this.options.leaseSeconds * 1000) / 3,
    );
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** The previous token is kept until the new one has worked; of two stored ones, the one that last worked. */
  private async keepFound(claim: RefreshClaim, { token, askedMs }: FoundToken): Promise<boolean> {
    const kept = await this.db.run(KEEP_FOUND_TOKEN, [
      claim.platformId,
      claim.authorizerAppid,
      claim.leaseGeneration,
      this.sealer.seal(token, sealContext.refreshToken(claim.platformId, claim.authorizerAppid)),
      this.options.leaseSeconds,
      (this.clock.monotonicMs() - askedMs) / 1000,
    ]);
    return kept > 0;
  }

  private async lose(platform: PlatformRef, claim: RefreshClaim, refused: unknown): Promise<AuthorizerRefreshResult> {
    const wechat = refused instanceof WechatApiError ? refused.wechat : undefined;
    const error = new AppError('reauthorization_required', 'WeChat refuses every refresh token of this account', {
      details: wechat ? { wechat } : {},
      cause: refused ?? undefined,
    });
    const lost = await this.db.transaction(async (sql) => {
      const changed = await sql.run(LOSE_TOKENS, [
        claim.platformId,
        claim.authorizerAppid,
        claim.leaseGeneration,
        JSON.stringify(keptFailure(error, new Date(claim.takenAtMs))),
      ]);
      if (changed === 0) return false;
      await this.channel.tokensChanged(sql, claim.platformId, [claim.authorizerAppid]);
      const { platformId, authorizerAppid, takenAtMs } = claim;
      const data = { errcode: wechat?.errcode ?? null, since: new Date(takenAtMs).toISOString() };
      await this.events.write(sql, [{ platformId, type: 'token.reauthorization_required', authorizerAppid, data }]);
      await this.jobs.addMany(sql, [lostRequest(claim.platformId, claim.authorizerAppid)]);
      return true;
    });
    if (!lost) return { outcome: 'superseded' };
    this.log.error('authorizer_token.lost', { ...nameOf(platform, claim), error });
    return { outcome: 'lost', error };
  }

  private async end(task: Task, cause: unknown): Promise<AuthorizerRefreshResult> {
    const { platform, claim } = task;
    if (cause instanceof Superseded) return { outcome: 'superseded' };
    if (cause instanceof Withheld && !task.mayBeReplaced) return { outcome: 'withheld' };
    const error = failureOf(cause);
    this.log.warn('authorizer_token.refresh_failed', { ...nameOf(platform, claim), error });
    // An unavailable database cannot take this either, and it says nothing about the account: the lease expires by itself.
    if (isDatabaseUnavailable(cause)) return { outcome: 'failed', error };
    try {
      const written = await this.commits.failed(claim, error, task.mayBeReplaced, isDoubted(cause));
      if (!written && task.mayBeReplaced) await this.markTimedOut(task);
    } catch (writing) {
      // The caller gets the first failure.
      this.log.warn('authorizer_token.failure_not_written', { ...nameOf(platform, claim), error: writing });
    }
    return { outcome: isDoubted(cause) ? 'not_authorized' : 'failed', error };
  }
}

/** Another process took the lease over during the call. */
class Superseded extends Error {
  override name = 'Superseded';
}

function failureOf(cause: unknown): Error {
  if (cause instanceof Withheld) {
    // A reply was lost before: the lease is not released as if no call had been made.
    return new AppError('upstream_busy', 'WeChat did not answer, and the call was not repeated', {
      retryAfterSeconds: 5,
      cause,
    });
  }
  if (cause instanceof WechatApiError && cause.errcode === ERRCODE.invalidAppid) {
    // Of this account, then: WeChat accepted the platform's own appid for its token.
    return new AppError('upstream_failed', 'WeChat does not know this appid', {
      details: { wechat: cause.wechat },
      cause,
    });
  }
  return upstreamError(cause, 'refreshing the access token');
}

function isRefreshTokenRefusal(error: unknown): boolean {
  return error instanceof WechatApiError && REFRESH_TOKEN_ERRCODES.has(error.errcode);
}

/** WeChat says that the account has not authorized the platform. */
function isDoubted(cause: unknown): boolean {
  return cause instanceof WechatApiError && cause.errcode === ERRCODE.notAuthorized;
}

function nameOf(platform: PlatformRef, claim: RefreshClaim): { componentAppid: string; authorizerAppid: string } {
  return { componentAppid: platform.componentAppid, authorizerAppid: claim.authorizerAppid };
}
