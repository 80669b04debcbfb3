import type { AuthorizerTokens, PlatformRef } from '#libs/custody';
import type { Secret } from '#libs/kernel';
import { WechatApiError, type MiniProgramApi } from '#libs/wechat';
import { assertSuccess, callFailure, type CallFailure } from '../record/call-failure.ts';
import { bodyDigest } from '../lists/digest.ts';
import type { ObservationClock } from '../record/observation-clock.ts';
import type { Observation } from '../record/observation.ts';
import type { PageTokens } from './page-tokens.ts';
import type { PageSubject } from './sweep-pages.ts';

/** What became of one mini program on a page. */
export type CallResult =
  | { kind: 'observed'; observation: Observation }
  | { kind: 'failed'; failure: CallFailure; at: Date }
  /** The process stops: it was not asked, or its answer was not waited for. */
  | { kind: 'stopped' };

export interface SweepCallParts {
  tokens: Pick<AuthorizerTokens, 'reportRejected'>;
  api: Pick<MiniProgramApi, 'getEffectiveDomainRaw'>;
}

/**
 * One mini program of a sweep. An answer with the bytes of the last one is not parsed: its digest says that it is the
 * success it was then.
 */
export async function askMiniProgram(
  parts: SweepCallParts,
  platform: PlatformRef,
  subject: PageSubject,
  tokens: PageTokens,
  time: ObservationClock,
  signal: AbortSignal,
): Promise<CallResult> {
  const { authorizerAppid, authorizerId } = subject;
  const call = { componentAppid: platform.componentAppid, authorizerAppid, priority: 'background' as const, signal };
  let askedAt = time.now();
  const ask = (token: Secret) => {
    askedAt = time.now();
    return parts.api.getEffectiveDomainRaw(call, token);
  };
  try {
    const { token } = await tokens.of(authorizerAppid, signal);
    let body;
    try {
      body = await ask(token);
    } catch (error) {
      if (!(error instanceof WechatApiError && error.reaction === 'token')) throw error;
      body = await ask((await parts.tokens.reportRejected(platform, authorizerAppid, token)).token);
    }
    const answeredAt = time.now();
    const digest = bodyDigest(body);
    if (subject.rawDigest !== digest) assertSuccess(body);
    // A copy: what came from the socket may be a corner of a buffer many times its size.
    const observation = { authorizerId, askedAt, answeredAt, body: Buffer.from(body), bodyDigest: digest };
    return { kind: 'observed', observation };
  } catch (cause) {
    if (signal.aborted) return { kind: 'stopped' };
    return { kind: 'failed', failure: callFailure(cause), at: askedAt };
  }
}
