import { DAY_SECONDS, HOUR_SECONDS, AppError, isDatabaseUnavailable } from '#libs/kernel';
import { WechatApiError, WechatError, WechatTransportError } from '#libs/wechat';
import { ERRCODE, type ErrcodeReaction } from '#libs/wechat-wire';
import type { ErrorCode } from '#libs/contract';

/** The part of a refusal of WeChat that may be kept and shown. */
export interface WechatRefusal {
  errcode: number;
  errmsg: string;
  rid: string | null;
}

/** A failure as it is kept in a row: no secret, enough to say it again to the next caller. */
export interface KeptFailure {
  at: string;
  code: ErrorCode;
  wechat: WechatRefusal | null;
  message: string;
}

const CODE_OF: Record<ErrcodeReaction, { code: ErrorCode; retryAfterSeconds?: number }> = {
  ok: { code: 'upstream_failed' },
  retry: { code: 'upstream_busy', retryAfterSeconds: 5 },
  token: { code: 'upstream_failed', retryAfterSeconds: 30 },
  quota_minute: { code: 'upstream_quota_exhausted', retryAfterSeconds: 60 },
  quota_day: { code: 'upstream_quota_exhausted', retryAfterSeconds: HOUR_SECONDS },
  quota_month: { code: 'upstream_quota_exhausted', retryAfterSeconds: DAY_SECONDS },
  ticket: { code: 'ticket_unavailable', retryAfterSeconds: 60 },
  reauth: { code: 'reauthorization_required' },
  config: { code: 'platform_misconfigured' },
  blocked: { code: 'upstream_failed' },
  benign: { code: 'upstream_failed' },
  give_up: { code: 'upstream_failed' },
  bug: { code: 'upstream_failed' },
  unknown: { code: 'upstream_failed' },
};

/**
 * What a failed call to WeChat means for our caller, with WeChat's own words as `details.wechat`. An `AppError` is passed
 * on, and so is an error that says nothing about WeChat.
 */
export function upstreamError(error: unknown, doing: string): Error {
  if (error instanceof AppError) return error;
  if (error instanceof WechatApiError) {
    const { code, retryAfterSeconds } =
      error.errcode === ERRCODE.notAuthorized
        ? { code: 'authorizer_not_authorized' as const }
        : CODE_OF[error.reaction];
    return new AppError(code, `${doing}: WeChat answered ${error.errcode}`, {
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      details: { wechat: error.wechat },
      cause: error,
    });
  }
  if (error instanceof WechatTransportError) {
    return new AppError('upstream_busy', `${doing}: WeChat did not answer`, { retryAfterSeconds: 5, cause: error });
  }
  if (error instanceof WechatError) {
    return new AppError(
      error.retryable ? 'upstream_busy' : 'upstream_failed',
      `${doing}: WeChat's answer is unreadable`,
      {
        retryAfterSeconds: error.retryable ? 5 : 30,
        cause: error,
      },
    );
  }
  return error instanceof Error ? error : new Error('a non-error was thrown', { cause: error });
}

/** For a failure that the row remembers; null for one that is not about WeChat, such as a database that went away. */
export function keptFailure(error: unknown, at: Date): KeptFailure | null {
  if (!(error instanceof AppError)) return null;
  const wechat = error.details.wechat as WechatRefusal | undefined;
  return { at: at.toISOString(), code: error.code, wechat: wechat ?? null, message: error.message };
}

/** The kept failure, said again to a caller who comes while its cool-down lasts. */
export function repeatedFailure(failure: KeptFailure | null, waitMs: number): AppError {
  return new AppError(failure?.code ?? 'upstream_busy', failure?.message ?? 'WeChat is not asked again yet', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    details: failure?.wechat ? { wechat: failure.wechat } : {},
  });
}

/** The database is away: our caller is told so, with the code that means "come back in a moment". */
export function databaseError(error: unknown): Error {
  if (isDatabaseUnavailable(error)) {
    return new AppError('unavailable', 'the database cannot be reached', { retryAfterSeconds: 2, cause: error });
  }
  return error instanceof Error ? error : new Error('a non-error was thrown', { cause: error });
}
