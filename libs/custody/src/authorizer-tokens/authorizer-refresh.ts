import {
  AppError,
  isDatabaseUnavailable,
  type Clock,
  type Database,
  type Log,
  type Metrics,
  type Sealer,
  type Secret,
} from '#libs/kernel';
import type { JobQueue } from '#libs/jobs';
import { WechatApiError, WechatError, type CallPriority, type ComponentApi } from '#libs/wechat';
import type { AuthorizerCommits } from './authorizer-commits.ts';
import type { AuthorizerRows, RefreshClaim } from './authorizer-rows.ts';
import { Withheld, type CallGuard } from './call-slots.ts';
import type { ComponentTokens } from '../component-tokens/component-tokens.ts';
import type { CustodyNews } from '../custody-news.ts';
import { lostRequest } from '../jobs.ts';
import { NOT_AUTHORIZED, keptFailure, upstreamError } from '../failures.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import type { RefreshTokenRecovery } from './refresh-token-recovery.ts';
import { believedLife } from '../refresh/refresh-schedule.ts';
import { placeOf } from '../sealed-places.ts';
import type { RememberedToken } from '../refresh/token-cache.ts';

/** How one merchant's refresh ended. `superseded`: the row was taken over or changed meanwhile, and that stands. */
export type AuthorizerRefreshResult =
  | { outcome: 'refreshed'; token: RememberedToken }
  | { outcome: 'superseded' }
  /** WeChat refused every refresh token there is; the merchant must authorize again. */
  | { outcome: 'lost'; error: AppError }
  /** The call was not made; the lease is still held, for whoever withheld it to give back. */
  | { outcome: 'withheld' }
  /** WeChat says 61003: the authorization seems to have ended. */
  | { outcome: 'not_authorized'; error: Error }
  | { outcome: 'failed'; error: Error };

export interface AuthorizerRefreshParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  api: Pick<ComponentApi, 'authorizerToken'>;
  componentTokens: ComponentTokens;
  rows: AuthorizerRows;
  commits: AuthorizerCommits;
  recovery: RefreshTokenRecovery;
  news: CustodyNews;
  jobs: JobQueue;
  leaseSeconds: number;
}

interface Task {
  platform: PlatformRef;
  claim: RefreshClaim;
  priority: CallPriority;
  guard: CallGuard | undefined;
  /** When the lease was taken or renewed last, by the monotonic clock. */
  heldMs: number;
  /** WeChat may have given a new access token that is not in the row. */
  mayBeReplaced: boolean;
}

/** Refresh tokens that WeChat is asked for in one refresh; whoever needs more of them has a line that loses every reply. */
const MAX_FOUND = 3;

interface Reply {
  accessToken: Secret;
  expiresIn: number;
  refreshToken: Secret | null;
}

/**
 * One refresh under a lease: asks with the current refresh token, then with the one before it, then with what WeChat itself
 * says is the token; only when all are refused the tokens are lost.
 */
export class AuthorizerRefresh {
  private readonly outcomes;

  constructor(private readonly parts: AuthorizerRefreshParts) {
    const counter = parts.metrics.counter('wxfleet_token_refreshes_total', 'Refreshes of access tokens', [
      'kind',
      'outcome',
    ]);
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

  /**
   * Never rejects for what WeChat does; the lease is given back unless it says otherwise. A pass makes its calls through `guard`,
   * so that it need not wait for one merchant's row to be written before it asks for the next one's token.
   */
  async refresh(
    platform: PlatformRef,
    claim: RefreshClaim,
    priority: CallPriority,
    guard?: CallGuard,
  ): Promise<AuthorizerRefreshResult> {
    const task: Task = { platform, claim, priority, guard, heldMs: claim.takenMs, mayBeReplaced: false };
    const result = await this.run(task);
    if (result.outcome === 'superseded' && task.mayBeReplaced) await this.sayTooLate(task);
    this.outcomes[result.outcome].inc();
    return result;
  }

  private async run(task: Task): Promise<AuthorizerRefreshResult> {
    const { platform, claim } = task;
    try {
      const kept = this.parts.rows.refreshTokens(claim);
      let refused: unknown = null;
      for (const { token, which } of kept) {
        if (refused !== null) await this.hold(task);
        try {
          return await this.commit(claim, await this.ask(task, token), token, which);
        } catch (error) {
          if (!isRefreshTokenRefusal(error)) throw error;
          refused ??= error;
          this.parts.log.warn('authorizer_token.refresh_token_refused', { ...nameOf(platform, claim), which, error });
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
   * All tokens here were refused: WeChat may know another one. When that is refused too, it is asked once more, because replies
   * that were lost may have been those with its successors; only what WeChat says after the last refusal can mean a loss.
   */
  private async recover(task: Task, kept: readonly Secret[], firstRefusal: unknown): Promise<AuthorizerRefreshResult> {
    const { platform, claim, priority } = task;
    const refusedTokens = [...kept];
    let refused = firstRefusal;
    for (let found = 0; found < MAX_FOUND; found += 1) {
      await this.hold(task);
      const token = await this.holding(task, () =>
        this.parts.recovery.find(platform, claim.authorizerAppid, refusedTokens, priority),
      );
      if (token === null) return this.lose(platform, claim, refused);
      // Durable before it is used: a crash right after must not cost it again.
      if (!(await this.keepFound(claim, token))) return { outcome: 'superseded' };
      task.heldMs = this.parts.clock.monotonicMs();
      this.parts.log.info('authorizer_token.refresh_token_recovered', nameOf(platform, claim));
      try {
        return await this.commit(claim, await this.ask(task, token), token, 'current');
      } catch (error) {
        if (!isRefreshTokenRefusal(error)) throw error;
        this.parts.log.warn('authorizer_token.refresh_token_refused', {
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
   * Calls `api_authorizer_token`. When no readable answer came although WeChat may have acted, it is asked once more with
   * the same refresh token: should it have been rotated, the old one works for five more minutes.
   */
  private async ask(task: Task, refreshToken: Secret): Promise<Reply> {
    const { platform, claim, priority, guard } = task;
    const call = { componentAppid: platform.componentAppid, authorizerAppid: claim.authorizerAppid, priority };
    const send = () =>
      this.holding(task, () =>
        this.parts.componentTokens.call(platform, async (token) => {
          // The component token may have taken its time, and the renewals beside it may have failed.
          if (this.isHeldTooLong(task)) await this.hold(task);
          return this.parts.api.authorizerToken(call, token, refreshToken);
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
      this.parts.log.info('authorizer_token.reply_lost', { ...nameOf(platform, claim), error });
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
    const token = await this.parts.commits.refreshed({
      claim,
      accessToken: reply.accessToken,
      expiresInSeconds: believedLife(reply.expiresIn),
      newRefreshToken: reply.refreshToken && !reply.refreshToken.equals(sent) ? reply.refreshToken : null,
      used,
    });
    return token ? { outcome: 'refreshed', token } : { outcome: 'superseded' };
  }

  /**
   * WeChat has, or may have, given a token under a lease that is somebody else's by now. The one in the row, or the one that
   * somebody is about to write, may be older and end with it: the row is due at once, or as soon as that is written.
   */
  private async sayTooLate({ platform, claim }: Task): Promise<void> {
    try {
      await this.parts.db.run(
        `UPDATE custody.authorizer_token
            SET late_result_at = wxfleet.now(),
                refresh_after = CASE WHEN lease_until IS NULL THEN wxfleet.now() ELSE refresh_after END
          WHERE platform_id = $1 AND authorizer_appid = $2 AND state = 'usable'`,
        [claim.platformId, claim.authorizerAppid],
      );
    } catch (error) {
      this.parts.log.warn('authorizer_token.late_result_not_noted', { ...nameOf(platform, claim), error });
    }
  }

  /** The lease must cover the next call too. @throws Superseded */
  private async hold(task: Task): Promise<void> {
    const now = this.parts.clock.monotonicMs();
    if (!(await this.parts.rows.renew(this.parts.db, task.claim, this.parts.leaseSeconds))) throw new Superseded();
    task.heldMs = now;
  }

  /** No call is begun under a lease that might end before it does. */
  private isHeldTooLong(task: Task): boolean {
    return this.parts.clock.monotonicMs() - task.heldMs >= (this.parts.leaseSeconds * 1000) / 2;
  }

  /**
   * Renews the lease while `work` lasts: a walk over a long list, or the wait for a component token and for a free lane, may
   * take longer than a lease, and a second process would begin the same. When the lease is lost all the same, whoever writes
   * next notices.
   */
  private async holding<T>(task: Task, work: () => Promise<T>): Promise<T> {
    const timer = setInterval(
      () => {
        this.hold(task).catch((error: unknown) => {
          // A database that is away may be back at the next turn.
          if (error instanceof Superseded) clearInterval(timer);
        });
      },
      (this.parts.leaseSeconds * 1000) / 3,
    );
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** The one before is kept until the new one has worked; beside two of them the one that last worked. */
  private async keepFound(claim: RefreshClaim, found: Secret): Promise<boolean> {
    const kept = await this.parts.db.run(
      `UPDATE custody.authorizer_token
          SET sealed_previous_refresh_token = coalesce(sealed_previous_refresh_token, sealed_refresh_token),
              sealed_refresh_token = $4, refresh_token_received_at = wxfleet.now(),
              lease_until = wxfleet.now() + make_interval(secs => $5), updated_at = wxfleet.now()
        WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND state = 'usable'`,
      [
        claim.platformId,
        claim.authorizerAppid,
        claim.leaseGeneration,
        this.parts.sealer.seal(found, placeOf.refreshToken(claim.platformId, claim.authorizerAppid)),
        this.parts.leaseSeconds,
      ],
    );
    return kept > 0;
  }

  private async lose(platform: PlatformRef, claim: RefreshClaim, refused: unknown): Promise<AuthorizerRefreshResult> {
    const wechat = refused instanceof WechatApiError ? refused.wechat : undefined;
    const error = new AppError('reauthorization_required', 'WeChat refuses every refresh token of this account', {
      details: wechat ? { wechat } : {},
      cause: refused ?? undefined,
    });
    const lost = await this.parts.db.transaction(async (sql) => {
      const changed = await sql.run(
        `UPDATE custody.authorizer_token
            SET state = 'lost', lease_until = NULL, lease_generation = lease_generation + 1,
                failures = failures + 1, last_failure = $4, updated_at = wxfleet.now()
          WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND state = 'usable'`,
        [
          claim.platformId,
          claim.authorizerAppid,
          claim.leaseGeneration,
          JSON.stringify(keptFailure(error, new Date(claim.takenAtMs))),
        ],
      );
      if (changed === 0) return false;
      await this.parts.news.tokensChanged(sql, claim.platformId, [claim.authorizerAppid]);
      await this.parts.jobs.addMany(sql, [lostRequest(claim.platformId, claim.authorizerAppid)]);
      return true;
    });
    if (!lost) return { outcome: 'superseded' };
    this.parts.log.error('authorizer_token.lost', { ...nameOf(platform, claim), error });
    return { outcome: 'lost', error };
  }

  private async end(task: Task, cause: unknown): Promise<AuthorizerRefreshResult> {
    const { platform, claim } = task;
    if (cause instanceof Superseded) return { outcome: 'superseded' };
    if (cause instanceof Withheld && !task.mayBeReplaced) return { outcome: 'withheld' };
    const error = failureOf(cause);
    this.parts.log.warn('authorizer_token.refresh_failed', { ...nameOf(platform, claim), error });
    // A database that is away does not take that either, and says nothing about the merchant: the lease ends by itself.
    if (isDatabaseUnavailable(cause)) return { outcome: 'failed', error };
    try {
      const written = await this.parts.commits.failed(claim, error, task.mayBeReplaced, isDoubted(cause));
      if (!written && task.mayBeReplaced) await this.sayTooLate(task);
    } catch (writing) {
      // The caller hears of the first failure.
      this.parts.log.warn('authorizer_token.failure_not_written', { ...nameOf(platform, claim), error: writing });
    }
    return { outcome: isDoubted(cause) ? 'not_authorized' : 'failed', error };
  }
}

/** Page "Return codes": invalid appid. */
const INVALID_APPID = 40013;

/** The lease was taken over while we asked. */
class Superseded extends Error {
  override name = 'Superseded';
}

function failureOf(cause: unknown): Error {
  if (cause instanceof Withheld) {
    // After a reply was lost: not to be given back as if nothing had been asked.
    return new AppError('upstream_busy', 'WeChat did not answer, and was not asked again', {
      retryAfterSeconds: 5,
      cause,
    });
  }
  if (cause instanceof WechatApiError && cause.errcode === INVALID_APPID) {
    // Of this merchant, then: the platform's own appid was good enough for its token.
    return new AppError('upstream_failed', 'WeChat does not know this appid', {
      details: { wechat: cause.wechat },
      cause,
    });
  }
  return upstreamError(cause, 'refreshing the access token');
}

/** Codes that speak against the refresh token itself: 61023, 40030, 42002, 42007 (page "Return codes"). */
function isRefreshTokenRefusal(error: unknown): boolean {
  return error instanceof WechatApiError && [61023, 40030, 42002, 42007].includes(error.errcode);
}

/** WeChat says that the account has not authorized the platform. */
function isDoubted(cause: unknown): boolean {
  return cause instanceof WechatApiError && cause.errcode === NOT_AUTHORIZED;
}

function nameOf(platform: PlatformRef, claim: RefreshClaim): { componentAppid: string; authorizerAppid: string } {
  return { componentAppid: platform.componentAppid, authorizerAppid: claim.authorizerAppid };
}
