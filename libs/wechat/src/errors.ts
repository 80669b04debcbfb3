import { type ErrcodeReaction, errcode, ridOf } from '#libs/wechat-wire';

/** Raw replies kept in errors are cut here: enough to recognise any page or JSON, small enough for a log line. */
export const RAW_LIMIT = 4096;

export type WechatErrorCode = 'wechat_api_error' | 'wechat_transport_error' | 'wechat_protocol_error';

/** Text that any column and log can hold: without NUL, and without the half of a surrogate pair that a cut may leave. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\u0000', '')).toString();
}

/**
 * A call to WeChat that did not succeed. No message, stack, `raw` or cause of these errors holds a token or a secret:
 * what comes in is redacted before an error is made.
 */
export abstract class WechatError extends Error {
  abstract readonly code: WechatErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  abstract readonly retryable: boolean;
  /**
   * False when it is certain that WeChat did not do what was asked: nothing was sent, or it answered with an error code.
   * True means that the effect may exist although the caller did not see it.
   */
  abstract readonly mayHaveTakenEffect: boolean;
  /** Path of the call, without its query. */
  readonly path: string;

  protected constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** WeChat answered with a non-zero `errcode`. */
export class WechatApiError extends WechatError {
  override readonly name = 'WechatApiError';
  readonly code = 'wechat_api_error';
  readonly mayHaveTakenEffect = false;
  readonly errcode: number;
  /** with WeChat's tail; never compare it for equality */
  readonly errmsg: string;
  /** request id for a question to WeChat */
  readonly rid: string | null;
  readonly reaction: ErrcodeReaction;
  /** the body, redacted and cut at 4096 characters */
  readonly raw: string;

  constructor(path: string, reply: { errcode: number; errmsg: string; raw: string }) {
    const entry = errcode(reply.errcode, path);
    super(path, `${path}: errcode ${reply.errcode} ${reply.errmsg} (${entry.meaning})`);
    this.errcode = reply.errcode;
    this.errmsg = storable(reply.errmsg);
    this.rid = ridOf(reply.errmsg);
    this.reaction = entry.reaction;
    this.raw = storable(reply.raw.slice(0, RAW_LIMIT));
  }

  override get retryable(): boolean {
    return this.reaction === 'retry' || this.reaction === 'quota_minute' || this.reaction === 'quota_day';
  }

  /** The part of it that users of the hub may see. */
  get wechat(): { errcode: number; errmsg: string; rid: string | null } {
    return { errcode: this.errcode, errmsg: this.errmsg, rid: this.rid };
  }
}

/** `connect`: no connection came to be. `reset`: it broke before any answer. `timeout`, `aborted`: we stopped waiting. */
export type TransportFailure = 'connect' | 'reset' | 'timeout' | 'aborted' | 'closed';

/** No answer came. */
export class WechatTransportError extends WechatError {
  override readonly name = 'WechatTransportError';
  readonly code = 'wechat_transport_error';
  readonly reason: TransportFailure;
  /** Whether bytes of the request had left before it failed. */
  readonly mayHaveTakenEffect: boolean;

  constructor(path: string, failure: { reason: TransportFailure; sent: boolean; detail: string; cause?: unknown }) {
    const sent = failure.sent ? 'after the request was sent' : 'before the request was sent';
    super(path, `${path}: ${failure.detail} (${failure.reason}, ${sent})`, { cause: failure.cause });
    this.reason = failure.reason;
    this.mayHaveTakenEffect = failure.sent;
  }

  override get retryable(): boolean {
    return this.reason !== 'aborted' && this.reason !== 'closed';
  }
}

/** Why an answer is not one of WeChat's API. */
export type ProtocolFailure = 'bad_status' | 'not_json' | 'unexpected_shape' | 'truncated' | 'too_large' | 'not_http';

/** Something answered, but not with what the protocol says: an HTML page, half a body, another status, another shape. */
export class WechatProtocolError extends WechatError {
  override readonly name = 'WechatProtocolError';
  readonly code = 'wechat_protocol_error';
  readonly mayHaveTakenEffect = true;
  readonly reason: ProtocolFailure;
  /** HTTP status; null when there was none */
  readonly status: number | null;
  /** the body as far as it came, redacted and cut at 4096 characters */
  readonly raw: string;

  constructor(
    path: string,
    failure: { reason: ProtocolFailure; status: number | null; raw: string; detail: string; cause?: unknown },
  ) {
    super(path, `${path}: ${failure.detail} (${failure.reason}, status ${failure.status ?? 'none'})`, {
      cause: failure.cause,
    });
    this.reason = failure.reason;
    this.status = failure.status;
    this.raw = storable(failure.raw.slice(0, RAW_LIMIT));
  }

  override get retryable(): boolean {
    if (this.reason === 'truncated' || this.reason === 'not_http') return true;
    return this.reason === 'bad_status' && (this.status === 429 || (this.status ?? 0) >= 500);
  }
}
