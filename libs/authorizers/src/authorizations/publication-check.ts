import { Injectable } from '@nestjs/common';
import { AuthorizerTokens, type PlatformRef } from '#libs/custody';
import type { PushOutcome, StoredPush } from '#libs/inbox';
import { MiniProgramApi } from '#libs/wechat';
import { publicationCheckStep } from '#libs/wechat-wire';
import { AuthorizerLifecycle } from './lifecycle.ts';

/**
 * The last step of WeChat's check before a platform is published (WeChat page "publish the third-party platform"): the
 * push with the code was answered empty; now the code is exchanged and the answer goes out as a customer service message.
 * It runs as a durable push, so a restart in between does not fail the check.
 */
@Injectable()
export class PublicationCheck {
  constructor(
    private readonly lifecycle: AuthorizerLifecycle,
    private readonly tokens: AuthorizerTokens,
    private readonly api: MiniProgramApi,
  ) {}

  async apply(push: StoredPush, platform: PlatformRef): Promise<PushOutcome> {
    const step = publicationCheckStep(push.authorizerAppid, push.message);
    if (step?.step !== 'exchange_and_send') return 'unhandled';
    const { authorizerAppid } = push;
    // Whatever the account is that the code belongs to.
    await this.lifecycle.exchangeMessageCode(platform, step.authorizationCode, authorizerAppid);
    const call = { componentAppid: platform.componentAppid, authorizerAppid, priority: 'interactive' } as const;
    await this.tokens.call(platform, authorizerAppid, {}, (token) =>
      this.api.sendCustomMessage(call, token, { toUser: step.toUser, content: step.content }),
    );
    return 'handled';
  }
}
