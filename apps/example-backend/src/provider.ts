import { AccessTokens, createWxfleetClient, eachItem, type Schemas, type WxfleetClient } from '#libs/client';

export interface ProviderOptions {
  wxfleetUrl: string;
  /** A key of the platform with the scopes tokens:issue, domains:read and domains:snapshot. */
  apiKey: string;
  componentAppid: string;
  /** WeChat, or the simulator. */
  wechatUrl: string;
}

/** A domain that the next release calls, and the list of WeChat that it has to be in. */
export type NeededDomain = Schemas['DomainAssertion']['domains'][number];

/** A mini program that the release would break, and what is the matter with it. */
export interface Obstacle {
  authorizerAppid: string;
  merchantId: string | null;
  /** `missing`, `pending` or `unknown`. */
  verdict: string;
  domains: string[];
}

/** What WeChat answers; `errcode` is 0 or absent when all is well. */
export interface WechatReply {
  errcode?: number;
  errmsg?: string;
  [field: string]: unknown;
}

/** What a provider of mini programs wants of wxfleet: tokens for its own calls, and whether a release is safe. */
export class Provider {
  private readonly client: WxfleetClient;
  private readonly tokens: AccessTokens;

  constructor(private readonly options: ProviderOptions) {
    const { wxfleetUrl: baseUrl, apiKey, componentAppid } = options;
    this.client = createWxfleetClient({ baseUrl, apiKey });
    this.tokens = new AccessTokens({ client: this.client, componentAppid });
  }

  /**
   * Calls WeChat on behalf of a merchant. The token comes from memory while it lives; when WeChat does not take it any more,
   * wxfleet is told and the call is made once more with the next one.
   * @throws WxfleetError for instance reauthorization_required: then the merchant needs a new link
   */
  callWechat(authorizerAppid: string, path: string, body: unknown = {}): Promise<WechatReply> {
    return this.tokens.with(authorizerAppid, async (accessToken) => {
      const url = new URL(path, this.options.wechatUrl);
      url.searchParams.set('access_token', accessToken);
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      return (await response.json()) as WechatReply;
    });
  }

  /** The mini programs that do not have all these domains in force, by evidence that is at most a day old. */
  async obstacles(domains: NeededDomain[]): Promise<Obstacle[]> {
    const found: Obstacle[] = [];
    const items = eachItem((cursor) =>
      this.client.POST('/v1/platforms/{component_appid}/domain-assertions', {
        params: { path: { component_appid: this.options.componentAppid }, query: { limit: 500, cursor } },
        body: { domains, max_age: 'PT24H', fetch_stale: true },
      }),
    );
    for await (const item of items) {
      if (item.verdict === 'covered') continue;
      found.push({
        authorizerAppid: item.authorizer_appid,
        merchantId: item.merchant_id,
        verdict: item.verdict,
        domains: item.domains.filter((each) => each.verdict !== 'covered').map((each) => each.domain),
      });
    }
    return found;
  }

  /** When each domain of a mini program was in force, for the answer to a merchant's question. */
  async lifespans(authorizerAppid: string): Promise<Schemas['Lifespan'][]> {
    const spans: Schemas['Lifespan'][] = [];
    const items = eachItem((cursor) =>
      this.client.GET('/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-lifespans', {
        params: {
          path: { component_appid: this.options.componentAppid, authorizer_appid: authorizerAppid },
          query: { group: 'effective_domain', limit: 500, cursor },
        },
      }),
    );
    for await (const span of items) spans.push(span);
    return spans;
  }
}
