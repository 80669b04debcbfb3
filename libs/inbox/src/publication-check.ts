import type { AuthorizerTokens, PlatformRef } from '#libs/custody';
import type { Secret } from '#libs/kernel';
import { publicationCheckStep } from '#libs/wechat-wire';
import type { PushOutcome, StoredPush } from './dispatch/stored-push.ts';

export interface PublicationCheckParts {
  /** Exchanges the code and stores what comes of it; whatever the account it belongs to. */
  exchange: (platform: PlatformRef, authorizationCode: string, authorizerAppid: string) => Promise<void>;
  tokens: Pick<AuthorizerTokens, 'call'>;
  /** Sends a customer service message on behalf of the account. */
  send: (token: Secret, message: { toUser: string; content: string; authorizerAppid: string }) => Promise<void>;
}

/**
 * The last step of WeChat's check before a platform is published (WeChat page "publish the third-party platform"): the
 * push with the code was answered empty; now the code is exchanged and the answer goes out as a customer service message.
 * It runs as a durable push, so a restart in between does not fail the check.
 */
export class PublicationCheck {
  constructor(private readonly parts: PublicationCheckParts) {}

  async apply(push: StoredPush, platform: PlatformRef): Promise<PushOutcome> {
    const step = publicationCheckStep(push.authorizerAppid, push.message);
    if (step?.step !== 'exchange_and_send') return 'unhandled';
    const { authorizerAppid } = push;
    await this.parts.exchange(platform, step.authorizationCode, authorizerAppid);
    await this.parts.tokens.call(platform, authorizerAppid, {}, (token) =>
      this.parts.send(token, { toUser: step.toUser, content: step.content, authorizerAppid }),
    );
    return 'handled';
  }
}
