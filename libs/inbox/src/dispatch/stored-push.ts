import type { PlatformRef } from '#libs/custody';
import type { PushMessage } from '#libs/wechat-wire';

/** A push as its handler gets it. */
export interface StoredPush {
  pushId: number;
  platformId: number;
  /** '' for pushes that are about no account. */
  authorizerAppid: string;
  infoType: string;
  /** WeChat's clock; the order in which things happened. */
  wechatCreatedAt: Date;
  receivedAt: Date;
  message: PushMessage;
}

/**
 * What came of it: done; outrun by something newer, which is normal; or nothing here can deal with it. A handler may be
 * called again for the same push (after a crash, or when it took longer than its lease) and has to be idempotent.
 */
export type PushOutcome = 'handled' | 'superseded' | 'unhandled';

export type PushHandler = (push: StoredPush, platform: PlatformRef) => Promise<PushOutcome>;
