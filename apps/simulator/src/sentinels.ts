import type { CallFaultEffect } from './call-faults.ts';

/**
 * Faults that an appid carries in its name, so that they can be reached by hand: authorize such an account and its calls misbehave.
 * `wx-…` acts on calls made with the merchant's token; `wx-token-…` on `api_authorizer_token`, `wx-info-…` on
 * `api_get_authorizer_info`. After the fault any suffix may follow a hyphen.
 *
 * | name | what happens |
 * |---|---|
 * | `wx-quota-45009`, `wx-quota-45011`, `wx-err-<code>` | that error code |
 * | `wx-busy-<n>` | -1 n times per path, then answers |
 * | `wx-slow-<n>s`, `wx-slow-<n>ms` | the answer takes that long |
 * | `wx-reset` | the connection is reset |
 * | `wx-hang` | no answer at all |
 * | `wx-html` | a gateway's HTML page, status 502 |
 * | `wx-notjson` | HTTP 200 with a body that is not JSON |
 * | `wx-halfbody` | the connection ends in the middle of the body |
 * | `wx-lost` | the call takes effect, then the connection is reset |
 */
export class Sentinels {
  readonly #busy = new Map<string, number>();

  /** The fault of this call; null for ordinary appids. */
  take(call: { path: string; authorizerAppid: string; onBehalf: boolean }): CallFaultEffect | null {
    const { authorizerAppid, path } = call;
    if (!authorizerAppid.startsWith('wx-')) return null;
    let name = authorizerAppid.slice(3);
    if (name.startsWith('token-')) {
      if (path !== '/cgi-bin/component/api_authorizer_token') return null;
      name = name.slice(6);
    } else if (name.startsWith('info-')) {
      if (path !== '/cgi-bin/component/api_get_authorizer_info') return null;
      name = name.slice(5);
    } else if (!call.onBehalf) {
      return null;
    }
    return this.#effect(name, `${path} ${authorizerAppid}`);
  }

  #effect(name: string, key: string): CallFaultEffect | null {
    const code = /^(?:quota|err)-(-?\d+)(?:-|$)/.exec(name);
    if (code !== null) return { kind: 'errcode', errcode: Number(code[1]) };
    const busy = /^busy-(\d+)(?:-|$)/.exec(name);
    if (busy !== null) {
      const seen = (this.#busy.get(key) ?? 0) + 1;
      this.#busy.set(key, seen);
      return seen <= Number(busy[1]) ? { kind: 'errcode', errcode: -1 } : null;
    }
    const slow = /^slow-(\d+)(ms|s)(?:-|$)/.exec(name);
    if (slow !== null) return { kind: 'slow', delayMs: Number(slow[1]) * (slow[2] === 's' ? 1000 : 1) };
    switch (/^(reset|hang|html|notjson|halfbody|lost)(?:-|$)/.exec(name)?.[1]) {
      case 'reset':
        return { kind: 'reset' };
      case 'hang':
        return { kind: 'hang' };
      case 'html':
        return { kind: 'html' };
      case 'notjson':
        return { kind: 'notJson' };
      case 'halfbody':
        return { kind: 'halfBody' };
      case 'lost':
        return { kind: 'replyLostAfterEffect' };
      default:
        return null;
    }
  }
}
