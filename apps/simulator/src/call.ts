import type { IncomingHttpHeaders } from 'node:http';

import type { Grant } from './grants.ts';
import type { Platform } from './platform.ts';
import { Refusal } from './refusal.ts';
import type { TokenClaims } from './token-mint.ts';

/** Who a valid access token speaks for. */
export type Principal =
  | { readonly kind: 'component'; readonly platform: Platform }
  | { readonly kind: 'authorizer'; readonly platform: Platform; readonly appid: string; readonly grant: Grant };

/** One request to WeChat's API, as far as it has been understood. */
export class Call {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly ip: string;
  readonly headers: IncomingHttpHeaders;
  /** What the caller calls itself; empty: nothing. */
  readonly via: string;
  principal: Principal | null = null;
  /** What the token says about itself, valid or not; null for none or a foreign one. */
  claims: TokenClaims | null = null;
  #json: Record<string, unknown> | null = null;
  #parsed: unknown;
  #isParsed = false;

  constructor(
    method: string,
    path: string,
    query: string,
    body: string,
    ip: string,
    headers: IncomingHttpHeaders,
    via = '',
  ) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.body = body;
    this.ip = ip;
    this.headers = headers;
    this.via = via;
  }

  /** The token of the query string under either of its two spellings; empty when there is none. */
  get accessToken(): string {
    return parameter(this.query, 'access_token') || parameter(this.query, 'component_access_token');
  }

  /** The platform the call concerns, whether or not its token holds; empty when unknown. */
  get componentAppid(): string {
    return this.claims?.componentAppid ?? this.#bodyText('component_appid');
  }

  /** The account the call concerns; empty for calls of the platform itself. */
  get authorizerAppid(): string {
    if (this.claims?.kind === 'authorizer') return this.claims.authorizerAppid;
    return this.#bodyText('authorizer_appid');
  }

  /** The JSON body; empty bodies, bad JSON and `\u` escapes of non-ASCII text are refused as WeChat's error table has it. */
  json(): Record<string, unknown> {
    if (this.#json !== null) return this.#json;
    if (this.body === '') throw new Refusal(44002);
    if (hasUnicodeEscape(this.body)) throw new Refusal(47002);
    const value = this.#parse();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(47001);
    this.#json = value as Record<string, unknown>;
    return this.#json;
  }

  /** A text field of the JSON body; `missing` is the code for an absent or empty one. */
  text(name: string, missing: number): string {
    const value = this.json()[name];
    if (value === undefined || value === null || value === '') throw new Refusal(missing);
    if (typeof value !== 'string') throw new Refusal(47001);
    return value;
  }

  /** The principal of an endpoint that demands a component token. */
  get platform(): Platform {
    if (this.principal === null) throw new Error('this endpoint takes no token');
    return this.principal.platform;
  }

  #bodyText(name: string): string {
    const value = this.#parse();
    const field = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
    return typeof field === 'string' ? field : '';
  }

  #parse(): unknown {
    if (!this.#isParsed) {
      this.#isParsed = true;
      try {
        this.#parsed = JSON.parse(this.body);
      } catch {
        this.#parsed = undefined;
      }
    }
    return this.#parsed;
  }
}

/** One parameter of a query string without building a map; empty when absent. */
export function parameter(query: string, name: string): string {
  let start = 0;
  while (start <= query.length) {
    let end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    if (query.startsWith(name, start) && query.charCodeAt(start + name.length) === 61) {
      const value = query.slice(start + name.length + 1, end);
      if (!value.includes('%') && !value.includes('+')) return value;
      try {
        return decodeURIComponent(value.replaceAll('+', ' '));
      } catch {
        return value;
      }
    }
    start = end + 1;
  }
  return '';
}

function hasUnicodeEscape(body: string): boolean {
  if (!body.includes('\\u')) return false;
  for (const match of body.matchAll(/\\u([0-9a-fA-F]{4})/g)) {
    if (Number.parseInt(match[1] ?? '0', 16) >= 0x80) return true;
  }
  return false;
}
