import { Injectable } from '@nestjs/common';
import { AppError, SingleFlight, Clock, Log, type Secret } from '#libs/kernel';
import { type CallPriority, ComponentApi } from '#libs/wechat';
import { MAX_AUTHORIZER_LIST_COUNT } from '#libs/wechat-wire';
import { ComponentTokens } from '../component-tokens/component-tokens.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';

/** A reading of the list serves every caller for this long (ms) after its end. */
const LIST_KEPT_MS = 30_000;
/** A list of more pages (500 accounts each) is not read again at once: its next reading waits for this long (ms) per page. */
const LONG_LIST_PAGES = 20;
const PAUSE_PER_PAGE_MS = 3000;

interface Walk {
  /** Monotonic ms: when it began, until when it is kept, and from when on the list may be read again. */
  beganMs: number;
  keptUntilMs: number;
  nextMs: number;
  /** By account; null: listed without a refresh token. */
  tokens: Map<string, Secret | null>;
}

/** A refresh token that WeChat names, and when it was asked (monotonic ms, at or before the call). */
export interface FoundToken {
  token: Secret;
  askedMs: number;
}

/**
 * Asks WeChat for the refresh token of an account: `api_get_authorizer_info` first, then `api_get_authorizer_list`, the
 * documented way to recover lost tokens (WeChat page "creat_token", FAQ). Neither changes anything at WeChat.
 */
@Injectable()
export class RefreshTokenRecovery {
  private readonly walks = new SingleFlight<Walk>();
  private readonly latest = new Map<number, Walk>();

  constructor(
    private readonly api: ComponentApi,
    private readonly componentTokens: ComponentTokens,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * A refresh token that is none of `refused`; null when WeChat knows none, by an answer that was asked for after this call
   * began: what a walk of an earlier moment did not know may be the token that a lost reply has brought since.
   *
   * Only the account's own line in the list says that there is none. A list that does not name it says nothing: WeChat has
   * just given its details, so it is authorized, and the list is of all authorized accounts (page "api_get_authorizer_list",
   * `total_count`). A list without it is empty by mistake, ends early, or has shifted between two pages
   * (nothing is documented about its order), and no reading of `total_count` tells these from each other.
   * @throws WechatError, AppError when WeChat could not be asked, or contradicts itself: nothing may be concluded from that
   */
  async find(
    platform: PlatformRef,
    authorizerAppid: string,
    refused: readonly Secret[],
    priority: CallPriority,
  ): Promise<FoundToken | null> {
    const isNew = (token: Secret | null | undefined): token is Secret =>
      token != null && !refused.some((other) => other.equals(token));
    const { componentAppid } = platform;
    const sinceMs = this.clock.monotonicMs();
    const details = await this.componentTokens.call(platform, (token) =>
      this.api.getAuthorizerInfo({ componentAppid, authorizerAppid, priority }, token),
    );
    if (isNew(details.refreshToken)) return { token: details.refreshToken, askedMs: sinceMs };
    const known = this.known(platform);
    const listed = known?.tokens.get(authorizerAppid);
    if (known && isNew(listed)) return { token: listed, askedMs: known.beganMs };
    // Details with a refused token are an answer of this moment: a list that is kept is enough to confirm them.
    const { tokens, beganMs } = await this.list(platform, priority, details.refreshToken === null ? sinceMs : null);
    const relisted = tokens.get(authorizerAppid);
    if (relisted === undefined) {
      this.log.warn('recovery.account_not_listed', { componentAppid, authorizerAppid, listed: tokens.size });
      throw new AppError('upstream_busy', 'WeChat gives the details of this account, and its list does not name it', {
        retryAfterSeconds: 30,
      });
    }
    return isNew(relisted) ? { token: relisted, askedMs: beganMs } : null;
  }

  private known({ platformId }: PlatformRef): Walk | undefined {
    const latest = this.latest.get(platformId);
    return latest && this.clock.monotonicMs() < latest.keptUntilMs ? latest : undefined;
  }

  /** @param sinceMs a reading that began before this moment is not enough; null: one that is kept is */
  private async list(platform: PlatformRef, priority: CallPriority, sinceMs: number | null): Promise<Walk> {
    const does = (walk: Walk | undefined) => walk !== undefined && (sinceMs === null || walk.beganMs >= sinceMs);
    const known = this.known(platform);
    if (known && does(known)) return known;
    for (;;) {
      const waitMs = (this.known(platform)?.nextMs ?? 0) - this.clock.monotonicMs();
      if (waitMs > 0) {
        throw new AppError(
          'upstream_busy',
          'the long list of accounts was read a moment ago and is not read again yet',
          {
            retryAfterSeconds: Math.ceil(waitMs / 1000),
          },
        );
      }
      // The reading in progress may have begun too early; the one after it has not.
      const walk = await this.newWalk(platform, priority);
      if (does(walk)) return walk;
    }
  }

  private newWalk(platform: PlatformRef, priority: CallPriority): Promise<Walk> {
    return this.walks.run(String(platform.platformId), async () => {
      const beganMs = this.clock.monotonicMs();
      const { tokens, pages } = await this.walk(platform, priority);
      // Counted from its end: a long list may take longer to read than it is kept.
      const now = this.clock.monotonicMs();
      const pauseMs = pages > LONG_LIST_PAGES ? pages * PAUSE_PER_PAGE_MS : 0;
      const walk = { beganMs, keptUntilMs: now + Math.max(LIST_KEPT_MS, pauseMs), nextMs: now + pauseMs, tokens };
      this.latest.set(platform.platformId, walk);
      const timer = setTimeout(
        () => {
          if (this.latest.get(platform.platformId) === walk) this.latest.delete(platform.platformId);
        },
        Math.max(LIST_KEPT_MS, pauseMs),
      );
      timer.unref();
      return walk;
    });
  }

  private async walk(
    platform: PlatformRef,
    priority: CallPriority,
  ): Promise<{ tokens: Walk['tokens']; pages: number }> {
    const { componentAppid } = platform;
    const tokens: Walk['tokens'] = new Map();
    let seen = 0;
    for (let pages = 1; ; pages += 1) {
      const page = await this.componentTokens.call(platform, (token) =>
        this.api.getAuthorizerList({ componentAppid, priority }, token, {
          offset: seen,
          count: MAX_AUTHORIZER_LIST_COUNT,
        }),
      );
      const known = tokens.size;
      for (const { authorizerAppid, refreshToken } of page.items) tokens.set(authorizerAppid, refreshToken);
      seen += page.items.length;
      // A page of known accounts only: WeChat repeats itself, and the list would have no end.
      if (page.items.length === 0 || seen >= page.totalCount || tokens.size === known) return { tokens, pages };
    }
  }
}
