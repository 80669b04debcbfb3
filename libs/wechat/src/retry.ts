import { WechatApiError, WechatProtocolError, WechatTransportError, type WechatError } from './errors.ts';

export interface RetryDecision {
  retry: boolean;
  /** pause before the next attempt, in milliseconds */
  delayMs: number;
}

const NO: RetryDecision = Object.freeze({ retry: false, delayMs: 0 });

/** Attempts in all. More would only add load where it already is too much; jobs come back later on their own. */
const MAX_ATTEMPTS = 3;
const BASE_DELAY_MS = 100;

/**
 * Whether the transport asks again by itself. `attempt` counts the attempts made so far, from 1. `random` in [0, 1) is for
 * specs. The one place where this is decided; callers never loop around a call.
 */
export function retryDecision(
  error: WechatError,
  attempt: number,
  call: { idempotent: boolean; random?: () => number },
): RetryDecision {
  if (attempt >= MAX_ATTEMPTS) return NO;
  // Full jitter: many calls that failed together must not come back together.
  const jittered = { retry: true, delayMs: (call.random ?? Math.random)() * BASE_DELAY_MS * 4 ** (attempt - 1) };

  if (error instanceof WechatApiError) {
    // "System busy, try later" and "concurrent limit" are answers: WeChat says that it did not do it and that asking again
    // is right, whatever the call. Token codes need another token, and 45011 ("retry next minute") and 45009 a longer pause
    // than anybody waits for here, so they go to those who know about tokens and quotas.
    return error.reaction === 'retry' ? jittered : NO;
  }
  if (error instanceof WechatTransportError) {
    switch (error.reason) {
      case 'connect':
        // Nothing was sent, so every call may be repeated.
        return jittered;
      case 'reset':
        if (!error.mayHaveTakenEffect) return jittered;
        // Usually a kept connection that the other side had closed: a new one works at once. A second break is no such
        // accident any more. A call that must not happen twice (an authorization code is spent by its exchange) is left to
        // those who can find out whether it did.
        return call.idempotent && attempt === 1 ? { retry: true, delayMs: 0 } : NO;
      case 'timeout':
        // The time for this call is used up, and a slow server is not helped by being asked again.
        return NO;
      case 'aborted':
      case 'closed':
        return NO;
    }
  }
  if (error instanceof WechatProtocolError) {
    // Half a body or a gateway's 5xx page passes; a 4xx, an HTML page with status 200 or another shape comes back the same.
    return call.idempotent && error.retryable && error.status !== 429 ? jittered : NO;
  }
  return NO;
}
