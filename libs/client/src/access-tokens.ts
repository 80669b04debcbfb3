import type { WxfleetClient } from './client.ts';

interface Kept {
  token: string;
  /** On the monotonic clock of this process. */
  deadMs: number;
  /** Number of the question it answered: a later one has the newer token. */
  no: number;
}

export interface AccessTokensOptions {
  client: WxfleetClient;
  componentAppid: string;
  /** Life that a token must have left to be used, in seconds; default 60. */
  minLifeSeconds?: number;
  /** Tokens kept at most, least recently used go first; default 10 000. */
  maxKept?: number;
  /** Milliseconds that never jump; default `performance.now`. */
  monotonicMs?: () => number;
}

/** WeChat's words for a token it does not take any more: 40001, 40014, 42001. */
const REJECTED = new Set([40001, 40014, 42001]);

/**
 * Access tokens of merchants for a provider's backend: kept for as long as they live, fetched once for all who ask at the
 * same time, and reported to the hub when WeChat rejects one. Remaining life is `expires_in` measured on the monotonic
 * clock, so a wrong wall clock serves no dead token.
 */
export class AccessTokens {
  private readonly kept = new Map<string, Kept>();
  private readonly fetching = new Map<string, Promise<string>>();
  private readonly now: () => number;
  private questions = 0;

  constructor(private readonly options: AccessTokensOptions) {
    this.now = options.monotonicMs ?? (() => performance.now());
  }

  /** A token that WeChat should accept. @throws WxfleetError */
  async get(authorizerAppid: string): Promise<string> {
    const kept = this.kept.get(authorizerAppid);
    if (kept && kept.deadMs - this.now() >= (this.options.minLifeSeconds ?? 60) * 1000) {
      this.kept.delete(authorizerAppid);
      this.kept.set(authorizerAppid, kept);
      return kept.token;
    }
    return this.fetch(authorizerAppid, undefined);
  }

  /**
   * Runs a call to WeChat with a token. When `call` returns WeChat's body with an errcode that says the token is not taken,
   * the token is reported, and the call runs once more with the next one.
   */
  async with<Reply extends { errcode?: number }>(
    authorizerAppid: string,
    call: (accessToken: string) => Promise<Reply>,
  ): Promise<Reply> {
    const token = await this.get(authorizerAppid);
    const reply = await call(token);
    if (!REJECTED.has(reply.errcode ?? 0)) return reply;
    return call(await this.rejected(authorizerAppid, token));
  }

  /** Tells the hub that WeChat rejected `token`; the hub refreshes at most once for it. Returns the token to use now. */
  async rejected(authorizerAppid: string, token: string): Promise<string> {
    const kept = this.kept.get(authorizerAppid);
    if (kept && kept.token !== token) return kept.token;
    this.kept.delete(authorizerAppid);
    return this.fetch(authorizerAppid, token);
  }

  private fetch(authorizerAppid: string, rejected: string | undefined): Promise<string> {
    const key = `${authorizerAppid} ${rejected ?? ''}`;
    const running = this.fetching.get(key);
    if (running) return running;
    const promise = this.ask(authorizerAppid, rejected).finally(() => this.fetching.delete(key));
    this.fetching.set(key, promise);
    return promise;
  }

  private async ask(authorizerAppid: string, rejected: string | undefined): Promise<string> {
    // Before the call: the life counts from when the hub answered at the earliest.
    const asked = this.now();
    const no = (this.questions += 1);
    const { data } = await this.options.client.POST(
      '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/access-token',
      {
        params: { path: { component_appid: this.options.componentAppid, authorizer_appid: authorizerAppid } },
        body: rejected === undefined ? {} : { rejected_access_token: rejected },
      },
    );
    if (!data) throw new Error('the hub sent no token');
    // This answer may have been on its way for longer than another one, or bring what has been rejected meanwhile.
    const kept = this.kept.get(authorizerAppid);
    if (kept && kept.no > no) return kept.token;
    const successor = this.fetching.get(`${authorizerAppid} ${data.access_token}`);
    if (successor && rejected === undefined) return successor;
    this.kept.set(authorizerAppid, { token: data.access_token, deadMs: asked + data.expires_in * 1000, no });
    const oldest = this.kept.size > (this.options.maxKept ?? 10_000) ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
    return data.access_token;
  }
}
