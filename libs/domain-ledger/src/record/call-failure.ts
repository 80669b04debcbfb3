import { AppError, isDatabaseUnavailable } from '#libs/kernel';
import { QuotaRefusal } from '#libs/quota';
import { upstreamError } from '#libs/custody';
import { WechatApiError, WechatTransportError, readEffectiveDomain } from '#libs/wechat';
import { ERRCODE, replyStatus } from '#libs/wechat-wire';
import type { LastFailureView } from '#libs/contract';
import { DOMAIN_PERMISSION_SET } from '#libs/authorizers';
import { bodyDigest } from '../lists/digest.ts';
import { hasAnyGroup } from '../lists/normalise.ts';
import { parseBody } from '../lists/parse-body.ts';
import type { GapReason } from './observation.ts';

/**
 * A limit on calls: for a minute or so, or for longer. `of`: whose it is. Our own books know it (then the call was not made);
 * WeChat's answer does not say it.
 */
export interface CallLimit {
  lasts: 'minute' | 'day';
  of: 'platform' | 'merchant' | 'unknown';
}

/** A failed look at one mini program, in the words of everybody who wants to know of it. */
export interface CallFailure {
  /** For a caller who waits for the answer. */
  error: AppError;
  reason: GapReason;
  /** What the row remembers, without its time. */
  shown: Omit<LastFailureView, 'at'>;
  /** Whether trying again soon makes sense. */
  transient: boolean;
  /** A limit was met. */
  limit: CallLimit | null;
  /** The record of what is granted is in doubt and should be read again. */
  grantDoubted: boolean;
  /** The body of an answer that says nothing about domains, which is kept. */
  unreadableBody: Buffer | null;
}

/** A success that says nothing about domains. */
class UnreadableAnswer extends AppError {
  constructor(readonly body: Buffer) {
    super('upstream_unreadable', 'the answer of get_effective_domain has none of the four groups of domains');
  }
}

/**
 * What a failed call means. Errors that say nothing about WeChat or the mini program (`saysNothing`) are thrown on: they
 * are no observation of any kind. So are those that nobody expected.
 */
export function callFailure(cause: unknown): CallFailure {
  if (saysNothing(cause)) throw cause;
  if (cause instanceof UnreadableAnswer) {
    return failureOf(cause, 'unreadable_answer', { unreadableBody: Buffer.from(cause.body) });
  }
  if (cause instanceof WechatApiError && cause.errcode === ERRCODE.notGranted) {
    return failureOf(permissionMissing(cause), 'permission_set_missing', { grantDoubted: true });
  }
  const error = upstreamError(cause, 'reading the domains');
  if (!(error instanceof AppError)) throw error;
  switch (error.code) {
    case 'authorizer_not_authorized': {
      const grantDoubted = cause instanceof WechatApiError && cause.errcode === ERRCODE.notAuthorized;
      return failureOf(error, 'authorizer_not_authorized', { grantDoubted });
    }
    case 'reauthorization_required':
      return failureOf(error, 'reauthorization_required', { grantDoubted: cause instanceof WechatApiError });
    case 'upstream_quota_exhausted': {
      const limit = limitOf(cause);
      return failureOf(error, 'call_failed', { transient: limit?.lasts === 'minute', limit });
    }
    case 'upstream_busy':
    case 'ticket_unavailable':
      return failureOf(error, 'call_failed', { transient: true, limit: limitOf(cause) });
    default:
      // A token that is refused although it is new heals with the next one.
      return failureOf(error, 'call_failed', {
        transient: cause instanceof WechatApiError && cause.reaction === 'token',
      });
  }
}

/** Something about this mini program went wrong here, not at WeChat: the log has it, and the others have nothing to do with it. */
export function ownFailure(cause: unknown): CallFailure {
  return failureOf(new AppError('internal', 'the domains could not be read', { cause }), 'call_failed', {});
}

/** Set 18 is not granted. `cause`: WeChat's own words, when it was asked in spite of that. */
export function permissionMissing(cause?: WechatApiError): AppError {
  return new AppError('permission_set_missing', 'permission set 18 is not granted by this mini program', {
    details: { permission_set_id: DOMAIN_PERMISSION_SET, ...(cause ? { wechat: cause.wechat } : {}) },
    ...(cause ? { cause } : {}),
  });
}

/** The body, if it is a success; its digest, once. @throws WechatError for what only began like one */
export function checkedAnswer(body: Buffer): { body: Buffer; bodyDigest: string } {
  assertSuccess(body);
  return { body, bodyDigest: bodyDigest(body) };
}

/**
 * Members of an unexpected kind do not make an answer unusable (they are kept with the raw body), so only JSON, the error code and
 * one of the four groups are insisted on; everything else gets the client's own error.
 * @throws WechatError for what is no success, UnreadableAnswer for a success that says nothing about domains
 */
export function assertSuccess(body: Buffer): void {
  let reply;
  let status = null;
  try {
    reply = parseBody(body);
    status = replyStatus(reply);
  } catch {
    // falls through to the client's reading, which says what is wrong
  }
  if (status?.errcode !== 0) readEffectiveDomain(body);
  if (!hasAnyGroup(reply)) throw new UnreadableAnswer(body);
}

function failureOf(
  error: AppError,
  reason: GapReason,
  more: Partial<Pick<CallFailure, 'transient' | 'limit' | 'grantDoubted' | 'unreadableBody'>>,
): CallFailure {
  const wechat = error.details.wechat as { errcode: number; errmsg: string; rid: string | null } | undefined;
  return {
    error,
    reason,
    shown: { code: error.code, wechat: wechat ? { ...wechat, errmsg: withoutRid(wechat.errmsg) } : null },
    transient: false,
    limit: null,
    grantDoubted: false,
    unreadableBody: null,
    ...more,
  };
}

function limitOf(cause: unknown): CallLimit | null {
  if (cause instanceof QuotaRefusal) {
    return { lasts: cause.code === 'upstream_busy' ? 'minute' : 'day', of: cause.holder };
  }
  // Custody says in its own words what WeChat said when it was asked for a token.
  const said = cause instanceof AppError ? cause.cause : cause;
  if (!(said instanceof WechatApiError)) return null;
  if (said.reaction === 'quota_minute') return { lasts: 'minute', of: 'unknown' };
  return said.reaction === 'quota_day' || said.reaction === 'quota_month' ? { lasts: 'day', of: 'unknown' } : null;
}

function withoutRid(errmsg: string): string {
  const begin = errmsg.search(/\b(rid: ?[0-9a-f-]|hint: ?\[)/i);
  let end = begin < 0 ? errmsg.length : begin;
  while (begin >= 0 && end > 0 && /[\s,]/.test(errmsg.charAt(end - 1))) end -= 1;
  return errmsg.slice(0, end);
}

/** The database is away, or the process is stopping: as opposed to an error that nobody expected. */
export function saysNothing(error: unknown): boolean {
  return isDatabaseUnavailable(error) || isAbort(error) || (error instanceof AppError && error.code === 'unavailable');
}

function isAbort(error: unknown): boolean {
  if (error instanceof WechatTransportError) return error.reason === 'aborted' || error.reason === 'closed';
  return error instanceof Error && error.name === 'AbortError';
}
