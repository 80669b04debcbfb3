import { randomUUID } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import { CursorError, ERROR_CODES, statusOf, type ErrorCode, type FieldError, type Problem } from '#libs/contract';
import { AppError, isDatabaseUnavailable, isOutOfTime } from '#libs/kernel';
import { WechatApiError, WechatError, WechatTransportError } from '#libs/wechat';

export interface Failure {
  problem: Problem;
  retryAfterSeconds: number | undefined;
  /** Nobody foresaw this: it needs a person. */
  surprising: boolean;
}

/** Statuses that Nest and Fastify use for what they refuse by themselves. */
const BY_STATUS: Record<number, ErrorCode> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'headers_too_large',
  503: 'unavailable',
};

/** The one place where an error becomes a problem document and a status. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) {
    const cause = wechatCause(error.cause);
    const { errors, ...details } = error.details;
    return failure(error.code, error.code === 'internal' ? undefined : error.message, {
      ...(cause ? { wechat: cause.wechat } : {}),
      ...details,
      ...(Array.isArray(errors) ? { errors: (errors as FieldError[]).map(placed) } : {}),
      retryAfterSeconds: error.retryAfterSeconds,
    });
  }
  if (error instanceof CursorError) {
    const errors = [{ in: 'query', path: 'cursor', message: 'must be a cursor of this list' }];
    return failure('invalid_request', 'cursor: must be a cursor of this list', { errors });
  }
  if (error instanceof WechatError) return upstreamFailure(error);
  if (isOutOfTime(error)) {
    const detail = 'the database did not answer this request in time; ask for less, or again later';
    return failure('unavailable', detail, { retryAfterSeconds: 10 });
  }
  if (isDatabaseUnavailable(error)) {
    return failure('unavailable', 'the database cannot be reached', { retryAfterSeconds: 2 });
  }
  const foreign = frameworkFailure(error);
  return foreign ?? { ...failure('internal', undefined), surprising: true };
}

export function failure(
  code: ErrorCode,
  detail: string | undefined,
  more: Record<string, unknown> & { retryAfterSeconds?: number | undefined } = {},
): Failure {
  const { retryAfterSeconds, ...members } = more;
  return {
    problem: {
      ...members,
      type: `urn:wxfleet:problem:${code}`,
      title: ERROR_CODES[code].title,
      status: statusOf(code),
      code,
      ...(detail === undefined ? {} : { detail }),
      instance: `urn:uuid:${randomUUID()}`,
    },
    retryAfterSeconds: retryAfterSeconds === undefined ? undefined : Math.max(1, Math.ceil(retryAfterSeconds)),
    surprising: code === 'internal',
  };
}

/** Libraries may name the place in front of the field (`query.from`); outside it has a member of its own. */
function placed(error: FieldError): FieldError {
  const match = /^(path|query|body|header)\.(.+)$/.exec(error.path);
  return match ? { ...error, in: match[1] as 'query', path: match[2] as string } : error;
}

function upstreamFailure(error: WechatError): Failure {
  if (error instanceof WechatApiError) {
    const { wechat } = error;
    if (error.reaction === 'quota_day') {
      return failure('upstream_quota_exhausted', `WeChat refused ${error.path}`, { wechat, retryAfterSeconds: 3600 });
    }
    if (error.retryable) {
      return failure('upstream_busy', `WeChat asks to wait for ${error.path}`, { wechat, retryAfterSeconds: 60 });
    }
    return failure('upstream_failed', `WeChat refused ${error.path}`, { wechat });
  }
  if (error instanceof WechatTransportError) {
    return failure('upstream_busy', `no answer from WeChat to ${error.path}`, { retryAfterSeconds: 5 });
  }
  return failure('upstream_failed', `WeChat answered ${error.path} with something unreadable`);
}

/** What Nest and Fastify throw: unknown routes, bodies that are no JSON, too large, of a wrong type. */
function frameworkFailure(error: unknown): Failure | undefined {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number') return undefined;
  const code = BY_STATUS[status];
  if (code === undefined) return undefined;
  if (code !== 'invalid_request') return failure(code, undefined);
  // The texts of parsers may quote the body; ours must not.
  const path = (error as { code?: unknown }).code === 'FST_ERR_BAD_URL' ? 'path' : 'body';
  const message = path === 'path' ? 'is not valid percent-encoding' : 'is not valid JSON';
  return failure('invalid_request', `${path}: ${message}`, { errors: [{ in: path, path, message }] });
}

function wechatCause(cause: unknown, depth = 0): WechatApiError | undefined {
  if (cause instanceof WechatApiError) return cause;
  if (cause instanceof Error && depth < 3) return wechatCause(cause.cause, depth + 1);
  return undefined;
}
