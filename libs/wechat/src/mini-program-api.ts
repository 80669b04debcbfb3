import { Injectable } from '@nestjs/common';
import type { Secret } from '#libs/kernel';
import {
  AUTHORIZER_TOKEN_PARAMETER,
  type EffectiveDomainReply,
  PATHS,
  effectiveDomainReply,
  requests,
  statusReply,
} from '#libs/wechat-wire';
import type { CallContext, CallRequest } from './call.ts';
import { type JsonReply, readJson } from './reading.ts';
import { WechatTransport } from './transport.ts';

/** `{}`, made once: the sweep sends it by the thousand. An empty body would be answered with 44002. */
const EMPTY_OBJECT = Buffer.from(JSON.stringify(requests.getEffectiveDomain()));

type OnBehalf = CallContext & { authorizerAppid: string };

/** Calls made on behalf of one merchant's account, with its authorizer access token. */
@Injectable()
export class MiniProgramApi {
  readonly #transport: WechatTransport;

  constructor(transport: WechatTransport) {
    this.#transport = transport;
  }

  /** Page "getEffectiveServerDomain". `raw` is the body exactly as it came. Needs permission set 18 (61007 without). */
  getEffectiveDomain(call: OnBehalf, token: Secret | string): Promise<JsonReply<EffectiveDomainReply>> {
    return this.#transport.json(effectiveDomainCall(token), call, effectiveDomainReply);
  }

  /**
   * The same call for sweeps: the bytes of a reply that WeChat calls a success. They are not parsed here. When their digest
   * is that of a body read before, nothing more has to be done; else give them to `readEffectiveDomain`, which may find
   * that they are no such reply after all.
   */
  getEffectiveDomainRaw(call: OnBehalf, token: Secret | string): Promise<Buffer> {
    return this.#transport.bytes(effectiveDomainCall(token), call);
  }

  /**
   * Sends a text as the merchant's account (customer service message); WeChat's publication check asks for one. Not
   * repeated when it may have arrived.
   */
  async sendCustomMessage(
    call: OnBehalf,
    token: Secret | string,
    message: { toUser: string; content: string },
  ): Promise<void> {
    await this.#transport.json(
      {
        method: 'POST',
        path: PATHS.sendCustomMessage,
        token: { parameter: AUTHORIZER_TOKEN_PARAMETER, value: token },
        body: requests.sendCustomText(message.toUser, message.content),
        idempotent: false,
      },
      call,
      statusReply,
    );
  }
}

/** Reads a body that `getEffectiveDomainRaw` returned. Throws the same errors as `getEffectiveDomain`. */
export function readEffectiveDomain(body: Buffer): JsonReply<EffectiveDomainReply> {
  const request = { method: 'POST', path: PATHS.getEffectiveDomain, idempotent: true } as const;
  return readJson(request, { status: 200, body }, effectiveDomainReply);
}

function effectiveDomainCall(value: Secret | string): CallRequest {
  return {
    method: 'POST',
    path: PATHS.getEffectiveDomain,
    token: { parameter: AUTHORIZER_TOKEN_PARAMETER, value },
    body: EMPTY_OBJECT,
    idempotent: true,
  };
}
