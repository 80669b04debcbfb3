import { parseLenientJson, replyStatus } from '#libs/wechat-wire';
import type { Secret } from '#libs/kernel';
import type { CallRequest } from './call.ts';
import {
  RAW_LIMIT,
  WechatApiError,
  type WechatError,
  WechatProtocolError,
  WechatTransportError,
  type ProtocolFailure,
  type TransportFailure,
} from './errors.ts';
import type { ExchangeFailure, ExchangeReply } from './exchange.ts';
import { redact, safeCause } from './redaction.ts';

/** What a zod schema offers; nothing else of it is needed here. */
export interface ReplySchema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
}

/** A success: the body as text exactly as it came, and what was read from it. */
export interface JsonReply<T> {
  raw: string;
  reply: T;
}

const anything: ReplySchema<unknown> = { safeParse: (data) => ({ success: true, data }) };

/** How WeChat begins a success of `/wxa/*`. */
const SUCCESS_PREFIX = Buffer.from('{"errcode":0,');
const CLOSING_BRACE = 0x7d;

/** Whether a body is very probably a success, without parsing it. False says nothing. */
export function looksLikeSuccess(body: Buffer): boolean {
  return (
    body.length > SUCCESS_PREFIX.length &&
    body[body.length - 1] === CLOSING_BRACE &&
    SUCCESS_PREFIX.compare(body, 0, SUCCESS_PREFIX.length) === 0
  );
}

/** Status, JSON, errcode and shape, in this order; each failure is an error of its own kind. */
export function readJson<T = unknown>(
  request: CallRequest,
  reply: ExchangeReply,
  schema: ReplySchema<T> = anything as ReplySchema<T>,
): JsonReply<T> {
  if (reply.status < 200 || reply.status > 299) {
    throw protocolError(request, reply, 'bad_status', 'the answer has another status than 200');
  }
  const raw = reply.body.toString('utf8');
  let body: unknown;
  try {
    body = parseLenientJson(raw);
  } catch {
    // The parser's message quotes the text, so it is not kept as a cause.
    throw protocolError(request, reply, 'not_json', 'the answer is not JSON');
  }
  const status = replyStatus(body);
  if (!status) throw protocolError(request, reply, 'unexpected_shape', 'the answer is not an object with an errcode');
  if (status.errcode !== 0) {
    const known = knownSecrets(request);
    throw new WechatApiError(request.path, {
      errcode: status.errcode,
      errmsg: redact(status.errmsg.slice(0, RAW_LIMIT), known),
      raw: visible(raw, known, { thorough: false, cut: false }),
    });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { raw, reply: parsed.data };
  // Names of the members only: what zod says about them could quote a value.
  const where = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.code ?? 'wrong'}`);
  throw protocolError(
    request,
    reply,
    'unexpected_shape',
    `the answer has another shape (${where.slice(0, 5).join(', ')})`,
  );
}

/** The error that users of this library see. */
export function errorOf(request: CallRequest, failure: ExchangeFailure): WechatError {
  const { reason } = failure;
  const known = knownSecrets(request);
  const cause = failure.cause === undefined ? undefined : safeCause(failure.cause, known);
  if (reason === 'truncated' || reason === 'too_large' || reason === 'not_http') {
    return new WechatProtocolError(request.path, {
      reason,
      status: failure.status,
      detail: PROTOCOL_DETAILS[reason],
      raw: visible(failure.partial.toString('utf8'), known, {
        thorough: isSecretive(request),
        cut: true,
      }),
      cause,
    });
  }
  const code = cause?.code;
  const detail = code ? `${TRANSPORT_DETAILS[reason]}, ${code}` : TRANSPORT_DETAILS[reason];
  return new WechatTransportError(request.path, { reason, sent: failure.sent, detail, cause });
}

const PROTOCOL_DETAILS = {
  truncated: 'the answer broke off',
  too_large: 'the answer is too long',
  not_http: 'the answer is not HTTP',
} as const;

const TRANSPORT_DETAILS: Readonly<Record<TransportFailure, string>> = {
  connect: 'no connection',
  reset: 'the connection broke before an answer',
  timeout: 'no answer in time',
  aborted: 'the caller gave up',
  closed: 'the client is closed',
};

function protocolError(
  request: CallRequest,
  reply: ExchangeReply,
  reason: ProtocolFailure,
  detail: string,
): WechatProtocolError {
  const raw = visible(reply.body.toString('utf8'), knownSecrets(request), {
    thorough: isSecretive(request),
    // A body that is no JSON may have been cut by its sender.
    cut: reason === 'not_json',
  });
  return new WechatProtocolError(request.path, { reason, status: reply.status, detail, raw });
}

/** Whether the reply could hold a token that nobody knows yet, or parts of what was sent. */
function isSecretive(request: CallRequest): boolean {
  return request.repliesWithSecrets === true || (request.secrets?.length ?? 0) > 0;
}

function knownSecrets(request: CallRequest): readonly (Secret | string)[] {
  const secrets = request.secrets ?? [];
  return request.token ? [request.token.value, ...secrets] : secrets;
}

/** Redaction looks at this much, so that a reply of a megabyte does not cost a megabyte of searching. */
const LOOKED_AT = 4 * RAW_LIMIT;

function visible(raw: string, known: readonly (Secret | string)[], how: { thorough: boolean; cut: boolean }): string {
  const text = raw.length > LOOKED_AT ? raw.slice(0, LOOKED_AT) : raw;
  // Where text was cut, its last word may be the beginning of a token, which no search would find.
  const whole = how.cut || text.length < raw.length ? withoutLastWord(text) : text;
  return redact(whole, known, how.thorough);
}

/** From the end backwards: a pattern that is tied to the end would be tried at every character. */
function withoutLastWord(text: string): string {
  let begin = text.length;
  while (begin > 0 && /[\w@.+/=~%-]/.test(text.charAt(begin - 1))) begin -= 1;
  return text.length - begin >= 8 ? `${text.slice(0, begin)}[redacted]` : text;
}
