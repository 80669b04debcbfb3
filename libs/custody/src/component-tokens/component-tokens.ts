import { Injectable } from '@nestjs/common';
import { SingleFlight, Clock, Database, Log, Metrics, type Secret } from '#libs/kernel';
import { WechatApiError } from '#libs/wechat';
import { ERRCODE } from '#libs/wechat-wire';
import { CustodyOptions } from '../custody-options.ts';
import { ComponentAccounts } from '../platforms/component-accounts.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { RefreshedTokens } from '../refresh/refreshed-tokens.ts';
import type { LeasedToken } from '../refresh/token-cache.ts';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import { ComponentTokenRows, type ComponentClaim, type ComponentRowState } from './component-token-rows.ts';

/** The component access tokens: one refresh in flight per platform over all processes. */
@Injectable()
export class ComponentTokens {
  private readonly tokens: RefreshedTokens<PlatformRef, ComponentRowState, ComponentClaim>;
  /** Platforms that this process has found misconfigured in a call. */
  private readonly misconfigured = new Set<number>();
  private readonly configuring = new SingleFlight<void>();

  constructor(
    private readonly db: Database,
    clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    private readonly accounts: ComponentAccounts,
    rows: ComponentTokenRows,
    channel: TokenInvalidationChannel,
    options: CustodyOptions,
  ) {
    this.tokens = new RefreshedTokens('component', rows, db, clock, log, metrics, channel, {
      lookupSlots: options.lookupSlots,
      refusal: { code: 'upstream_failed', message: 'WeChat keeps rejecting the component access token' },
    });
  }

  /**
   * A valid token, from memory where possible.
   * @throws AppError ticket_unavailable, platform_misconfigured, upstream_busy, upstream_quota_exhausted, upstream_failed, unavailable
   */
  lease(platform: PlatformRef, options: { signal?: AbortSignal; minLifeSeconds?: number } = {}): Promise<LeasedToken> {
    return this.tokens.lease(subjectOf(platform), options);
  }

  /** WeChat rejected this token: fetches another, once, if it is still the current one. */
  async reportRejected(platform: PlatformRef, token: Secret): Promise<void> {
    await this.tokens.replace(subjectOf(platform), token);
  }

  /**
   * Runs a call with the component token. When WeChat says that the token is not valid, gets another and runs it once more.
   * @throws what `call` throws, and what `lease` throws
   */
  async call<T>(platform: PlatformRef, call: (token: Secret) => Promise<T>): Promise<T> {
    const { token } = await this.lease(platform);
    try {
      return await this.watched(platform, call, token);
    } catch (error) {
      if (!(error instanceof WechatApiError && error.reaction === 'token')) throw error;
      try {
        await this.reportRejected(platform, token);
      } catch {
        throw error; // no better token is available: the caller learns what WeChat said about this one
      }
      return await this.watched(platform, call, (await this.lease(platform)).token);
    }
  }

  /** What WeChat has against the platform itself (an address that is not on its list, say) shows in the platform's state. */
  private async watched<T>(platform: PlatformRef, call: (token: Secret) => Promise<T>, token: Secret): Promise<T> {
    const { platformId, componentAppid } = platform;
    try {
      const result = await call(token);
      if (this.misconfigured.has(platformId)) this.markConfigured(platform);
      return result;
    } catch (error) {
      const isConfig =
        error instanceof WechatApiError && error.reaction === 'config' && error.errcode !== ERRCODE.invalidAppid;
      if (isConfig && !this.misconfigured.has(platformId)) {
        this.misconfigured.add(platformId);
        await this.accounts.misconfigured(platformId, error.wechat).catch((writing: unknown) => {
          this.misconfigured.delete(platformId); // written at the next refusal
          this.log.warn('platform.misconfiguration_not_written', { componentAppid, error: writing });
        });
      }
      throw error;
    }
  }

  /** Beside the call and never instead of its answer, which may be the only copy of a new refresh token. */
  private markConfigured({ platformId, componentAppid }: PlatformRef): void {
    this.configuring
      .run(String(platformId), async () => {
        await this.db.transaction((sql) => this.accounts.configured(sql, platformId));
        this.misconfigured.delete(platformId);
      })
      .catch((error: unknown) => {
        // The next call that works writes it.
        this.log.warn('platform.configuration_not_written', { componentAppid, error });
      });
  }
}

/** Without the other properties that an object passed for a platform may have: an appid would name another token. */
function subjectOf({ platformId, componentAppid }: PlatformRef): PlatformRef {
  return { platformId, componentAppid };
}
