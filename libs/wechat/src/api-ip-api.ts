import { Injectable } from '@nestjs/common';
import type { Secret } from '#libs/kernel';
import { COMPONENT_TOKEN_PARAMETER, type IpListReply, PATHS, ipListReply } from '#libs/wechat-wire';
import type { CallContext } from './call.ts';
import type { JsonReply } from './reading.ts';
import { WechatTransport } from './transport.ts';

/** WeChat's own addresses, asked for with the component access token. Entries are addresses or networks, maybe repeated. */
@Injectable()
export class ApiIpApi {
  readonly #transport: WechatTransport;

  constructor(transport: WechatTransport) {
    this.#transport = transport;
  }

  /** Page "getApiDomainIp": the addresses of the API itself (from us to WeChat). */
  getApiDomainIp(call: CallContext, token: Secret | string): Promise<JsonReply<IpListReply>> {
    return this.#list(PATHS.getApiDomainIp, call, token);
  }

  /** Page "getCallbackIp": the addresses that pushes come from (from WeChat to us). */
  getCallbackIp(call: CallContext, token: Secret | string): Promise<JsonReply<IpListReply>> {
    return this.#list(PATHS.getCallbackIp, call, token);
  }

  #list(path: string, call: CallContext, value: Secret | string): Promise<JsonReply<IpListReply>> {
    const token = { parameter: COMPONENT_TOKEN_PARAMETER, value };
    return this.#transport.json({ method: 'GET', path, token, idempotent: true }, call, ipListReply);
  }
}
