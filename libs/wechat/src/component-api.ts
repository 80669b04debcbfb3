import { Injectable } from '@nestjs/common';
import { Secret } from '#libs/kernel';
import {
  type AuthorizerInfo,
  COMPONENT_TOKEN_PARAMETER,
  MAX_AUTHORIZER_LIST_COUNT,
  PATHS,
  type QuotaReply,
  authorizerInfoReply,
  authorizerListReply,
  authorizerTokenReply,
  callbackCheckReply,
  clearQuotaReply,
  componentTokenReply,
  confirmFileReply,
  jumpDomainListReply,
  platformDomains,
  preauthCodeReply,
  queryAuthReply,
  quotaReply,
  requests,
  serverDomainListReply,
  startPushTicketReply,
} from '#libs/wechat-wire';
import { type CallContext, revealed } from './call.ts';
import { WechatTransport } from './transport.ts';

type Hidden = Secret | string;

export interface IssuedToken {
  token: Secret;
  /** seconds from the moment of the reply */
  expiresIn: number;
}

/** Tokens of a merchant's account as a reply brought them; null is what the reply did not have. */
export interface AuthorizerGrant {
  authorizerAppid: string;
  accessToken: Secret | null;
  /** seconds from the moment of the reply; null without an access token */
  expiresIn: number | null;
  refreshToken: Secret | null;
  /** granted sets, sorted; null when the reply did not say */
  permissionSets: number[] | null;
  /** some sets could not be read: those that are here are granted, and nothing is said about others */
  isPartial: boolean;
}

/** What an account is, as far as the reply could be read. */
export interface AuthorizerDetails {
  authorizerAppid: string;
  refreshToken: Secret | null;
  permissionSets: number[] | null;
  /** some sets could not be read: those that are here are granted, and nothing is said about others */
  isPartial: boolean;
  /** null when what it depends on could not be read */
  kind: 'mini_program' | 'official_account' | 'other' | null;
  info: AuthorizerInfo;
  /** names of the members that could not be read */
  unreadable: string[];
}

export interface AuthorizerListPage {
  totalCount: number;
  items: {
    authorizerAppid: string;
    /** null when the authorization code was never exchanged */
    refreshToken: Secret | null;
    /** Unix seconds; null when it could not be read */
    authTime: number | null;
  }[];
  /** entries of the page, whether they could be read or not: the next page begins after them */
  count: number;
  /** of entries that could not be read: the appid, if at least that could */
  unreadable: (string | null)[];
}

/** The file by which a business domain shows whose it is. */
export interface ConfirmFile {
  name: string;
  content: string;
}

/** What WeChat sees of the host of the callback URL. */
export interface CallbackView {
  dns: { address: string; operator: string | null }[];
  /** `loss` as WeChat writes it: one ping, so 0 % or 100 %. */
  pings: { address: string; operator: string | null; loss: string | null }[];
}

/** The platform's own server domains, without schemes; null for a list that WeChat did not send. */
export interface ServerDomainLists {
  published: string[] | null;
  testing: string[] | null;
  /** The reply as it came, with what nobody documented. */
  raw: string;
}

/**
 * Calls that a platform makes for itself, with the component access token or on the way to it. Titles in the comments are
 * those of WeChat's pages. Every method rejects with a `WechatError`.
 */
@Injectable()
export class ComponentApi {
  readonly #transport: WechatTransport;

  constructor(transport: WechatTransport) {
    this.#transport = transport;
  }

  /** Page "api_start_push_ticket". `wasStopped` is false when pushing had been on already, so it doubles as a probe. */
  async startPushTicket(call: CallContext, platform: { appsecret: Hidden }): Promise<{ wasStopped: boolean }> {
    const { reply } = await this.#transport.json(
      {
        method: 'POST',
        path: PATHS.startPushTicket,
        body: requests.startPushTicket(call.componentAppid, revealed(platform.appsecret)),
        secrets: [platform.appsecret],
        idempotent: true,
      },
      call,
      startPushTicketReply,
    );
    return { wasStopped: !/in a normal state/i.test(reply.errmsg ?? '') };
  }

  /** Page "api_component_token". A new token ends the one before it five minutes later. */
  async componentToken(call: CallContext, platform: { appsecret: Hidden; ticket: Hidden }): Promise<IssuedToken> {
    const { appsecret, ticket } = platform;
    const { reply } = await this.#transport.json(
      {
        method: 'POST',
        path: PATHS.componentToken,
        body: requests.componentToken(call.componentAppid, revealed(appsecret), revealed(ticket)),
        secrets: [appsecret, ticket],
        repliesWithSecrets: true,
        idempotent: true,
      },
      call,
      componentTokenReply,
    );
    return { token: Secret.of(reply.component_access_token), expiresIn: reply.expires_in };
  }

  /** Page "api_create_preauthcode". */
  async createPreauthCode(call: CallContext, token: Hidden): Promise<{ preAuthCode: Secret; expiresIn: number }> {
    const { reply } = await this.#transport.json(
      {
        ...this.#withToken(PATHS.createPreauthCode, token),
        body: requests.createPreauthCode(call.componentAppid),
        repliesWithSecrets: true,
      },
      call,
      preauthCodeReply,
    );
    return { preAuthCode: Secret.of(reply.pre_auth_code), expiresIn: reply.expires_in };
  }

  /**
   * Page "api_query_auth". A code is spent by its first exchange (61010 afterwards), so this is never repeated once bytes
   * were sent; `mayHaveTakenEffect` of the error says whether to look for the result elsewhere.
   */
  async queryAuth(call: CallContext, token: Hidden, authorizationCode: Hidden): Promise<AuthorizerGrant> {
    const { reply } = await this.#transport.json(
      {
        ...this.#withToken(PATHS.queryAuth, token),
        body: requests.queryAuth(call.componentAppid, revealed(authorizationCode)),
        secrets: [authorizationCode],
        repliesWithSecrets: true,
        idempotent: false,
      },
      call,
      queryAuthReply,
    );
    const info = reply.authorization_info;
    return {
      authorizerAppid: info.authorizer_appid,
      accessToken: hidden(info.authorizer_access_token),
      expiresIn: info.authorizer_access_token === undefined ? null : (info.expires_in ?? null),
      refreshToken: hidden(info.authorizer_refresh_token),
      permissionSets: info.permissionSets ?? null,
      isPartial: info.isPartial,
    };
  }

  /** Page "api_authorizer_token". `refreshToken` is null when the reply has none: then the one that was sent stays. */
  async authorizerToken(
    call: CallContext & { authorizerAppid: string },
    token: Hidden,
    refreshToken: Hidden,
  ): Promise<{ accessToken: Secret; expiresIn: number; refreshToken: Secret | null }> {
    const { reply } = await this.#transport.json(
      {
        ...this.#withToken(PATHS.authorizerToken, token),
        body: requests.authorizerToken(call.componentAppid, call.authorizerAppid, revealed(refreshToken)),
        secrets: [refreshToken],
        repliesWithSecrets: true,
      },
      call,
      authorizerTokenReply,
    );
    return {
      accessToken: Secret.of(reply.authorizer_access_token),
      expiresIn: reply.expires_in,
      refreshToken: hidden(reply.authorizer_refresh_token),
    };
  }

  /** Page "api_get_authorizer_info". */
  async getAuthorizerInfo(call: CallContext & { authorizerAppid: string }, token: Hidden): Promise<AuthorizerDetails> {
    const { reply } = await this.#transport.json(
      {
        ...this.#withToken(PATHS.getAuthorizerInfo, token),
        body: requests.getAuthorizerInfo(call.componentAppid, call.authorizerAppid),
        repliesWithSecrets: true,
      },
      call,
      authorizerInfoReply,
    );
    const granting = reply.authorization_info;
    return {
      authorizerAppid: granting.authorizer_appid ?? call.authorizerAppid,
      refreshToken: hidden(granting.authorizer_refresh_token),
      permissionSets: granting.permissionSets ?? null,
      isPartial: granting.isPartial,
      kind: reply.kind,
      info: reply.authorizer_info,
      unreadable: reply.unreadable,
    };
  }

  /** Page "api_get_authorizer_list". `offset` counts from 0, `count` is at most 500. */
  async getAuthorizerList(
    call: CallContext,
    token: Hidden,
    page: { offset: number; count: number },
  ): Promise<AuthorizerListPage> {
    if (page.count < 1 || page.count > MAX_AUTHORIZER_LIST_COUNT) throw new RangeError('count must be 1 to 500');
    const { reply } = await this.#transport.json(
      {
        ...this.#withToken(PATHS.getAuthorizerList, token),
        body: requests.getAuthorizerList(call.componentAppid, page.offset, page.count),
        repliesWithSecrets: true,
      },
      call,
      authorizerListReply,
    );
    return {
      totalCount: reply.total_count,
      items: reply.list.map((entry) => ({
        authorizerAppid: entry.authorizer_appid,
        refreshToken: hidden(entry.refresh_token),
        authTime: entry.auth_time,
      })),
      count: reply.list.length + reply.unreadable.length,
      unreadable: reply.unreadable.map((entry) => entry.authorizer_appid),
    };
  }

  /** Page "modifyThirdpartyServerDomain" with action `get`: changes nothing. */
  async getServerDomainList(call: CallContext, token: Hidden): Promise<ServerDomainLists> {
    const { reply, raw } = await this.#transport.json(
      { ...this.#withToken(PATHS.modifyWxaServerDomain, token), body: requests.getServerDomainList() },
      call,
      serverDomainListReply,
    );
    const list = (joined: string | null | undefined) => (typeof joined === 'string' ? platformDomains(joined) : null);
    return { published: list(reply.published_wxa_server_domain), testing: list(reply.testing_wxa_server_domain), raw };
  }

  /**
   * Page "modifyThirdpartyJumpDomain" with action `get`: changes nothing.
   * @returns the platform's business domains as WeChat writes them, bare hosts by the page; null for a list that it did not send
   */
  async getJumpDomainList(
    call: CallContext,
    token: Hidden,
  ): Promise<{ published: string[] | null; testing: string[] | null }> {
    const { reply } = await this.#transport.json(
      { ...this.#withToken(PATHS.modifyWxaJumpDomain, token), body: requests.getJumpDomainList() },
      call,
      jumpDomainListReply,
    );
    const list = (joined: string | null | undefined) =>
      typeof joined === 'string' ? joined.split(/[;\s]+/).filter((entry) => entry !== '') : null;
    return {
      published: list(reply.published_wxa_jump_h5_domain),
      testing: list(reply.testing_wxa_jump_h5_domain),
    };
  }

  /** Page "getThirdpartyJumpDomainConfirmFile": what has to be at the root of each business domain of the platform. */
  async getDomainConfirmFile(call: CallContext, token: Hidden): Promise<ConfirmFile> {
    const { reply } = await this.#transport.json(
      { ...this.#withToken(PATHS.getDomainConfirmFile, token), body: requests.getDomainConfirmFile() },
      call,
      confirmFileReply,
    );
    return { name: reply.file_name, content: reply.file_content };
  }

  /** Page "callback/check", all of it: 40201 when no valid callback URL is entered at WeChat. */
  async checkCallback(call: CallContext, token: Hidden): Promise<CallbackView> {
    const { reply } = await this.#transport.json(
      { ...this.#withToken(PATHS.callbackCheck, token), body: requests.callbackCheck() },
      call,
      callbackCheckReply,
    );
    return {
      dns: (reply.dns ?? []).map(({ ip, real_operator: operator = null }) => ({ address: ip, operator })),
      pings: (reply.ping ?? []).map(({ ip, from_operator: operator = null, package_loss: loss = null }) => ({
        address: ip,
        operator,
        loss,
      })),
    };
  }

  /**
   * Page "clearComponentQuotaByAppSecret": resets the platform's own quota, or that of `call.authorizerAppid` when it is
   * given. Ten times a month in all (48006 afterwards), so it is never repeated on its own.
   */
  async clearComponentQuotaV2(call: CallContext, platform: { appsecret: Hidden }): Promise<void> {
    await this.#transport.json(
      {
        method: 'POST',
        path: PATHS.clearComponentQuotaV2,
        body: requests.clearComponentQuotaV2(call.componentAppid, revealed(platform.appsecret), call.authorizerAppid),
        secrets: [platform.appsecret],
        idempotent: false,
      },
      call,
      clearQuotaReply,
    );
  }

  /**
   * Page "getApiQuota": limits and use of one path. The kind of token decides whose quota it is, the platform's for its own
   * paths, the merchant's for calls on behalf.
   */
  async quotaGet(call: CallContext, token: Hidden, cgiPath: string): Promise<QuotaReply> {
    const { reply } = await this.#transport.json(
      { ...this.#withToken(PATHS.quotaGet, token), body: requests.quotaGet(cgiPath) },
      call,
      quotaReply,
    );
    return reply;
  }

  #withToken(path: string, value: Hidden) {
    const token = { parameter: COMPONENT_TOKEN_PARAMETER, value };
    return { method: 'POST' as const, path, token, idempotent: true };
  }
}

function hidden(text: string | undefined): Secret | null {
  return text === undefined ? null : Secret.of(text);
}
