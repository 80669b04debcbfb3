import { PushXmlError, type XmlFields, buildPushXml, parseXml } from './push-xml.ts';

/** The outside of a push. Pushes to the event URL name the `AppId` of the platform, user messages a `ToUserName`. */
export interface PushEnvelope {
  /** base64 text, exactly what the signature covers */
  encrypt: string;
  appId?: string;
  toUserName?: string;
}

/**
 * Reads the body of a push (WeChat page "message push"). Nothing of it can be trusted before the signature was checked.
 * Throws only `PushXmlError`.
 */
export function parsePushEnvelope(body: string): PushEnvelope {
  const fields = parseXml(body, { maxDepth: 4 });
  // Blanks around the ciphertext are layout; the signature covers the text without them.
  const encrypt = textOf(fields, 'Encrypt')?.trim();
  if (!encrypt) throw new PushXmlError('missing_element', 'the push has no single <Encrypt>');
  const appId = textOf(fields, 'AppId');
  const toUserName = textOf(fields, 'ToUserName');
  return { encrypt, ...(appId ? { appId } : {}), ...(toUserName ? { toUserName } : {}) };
}

/** The body of a push as WeChat sends it, for the simulator and for specs. */
export function buildPushEnvelope(envelope: PushEnvelope, options: { cdata?: boolean } = {}): string {
  return buildPushXml({ ToUserName: envelope.toUserName, AppId: envelope.appId, Encrypt: envelope.encrypt }, options);
}

/** `createTime` is WeChat's clock in Unix seconds, in every kind. */
export interface ComponentVerifyTicket {
  kind: 'component_verify_ticket';
  appId: string;
  createTime: number;
  ticket: string;
}

export interface AuthorizationGranted {
  kind: 'authorized' | 'updateauthorized';
  appId: string;
  createTime: number;
  authorizerAppid: string;
  authorizationCode: string;
  /** Unix seconds, in either form of WeChat; null when it sent none that can be read */
  authorizationCodeExpiresAt: number | null;
  preAuthCode: string | null;
}

export interface AuthorizationRevoked {
  kind: 'unauthorized';
  appId: string;
  createTime: number;
  authorizerAppid: string;
}

/** A text that a user sent to the merchant's account. */
export interface UserText {
  kind: 'text';
  toUserName: string;
  fromUserName: string;
  createTime: number;
  content: string;
  /** 64 bit, so it stays text */
  msgId: string | null;
}

/** An event on the message URL: code audits, the debug event, menu clicks. */
export interface UserEvent {
  kind: 'event';
  toUserName: string;
  fromUserName: string;
  createTime: number;
  event: string;
  eventKey: string | null;
  fields: XmlFields;
}

/**
 * Everything else. It is signed by WeChat, so it has to be acknowledged and kept. `lacks` names the first element that a
 * known type should have had; null means the type itself is not known here.
 */
export interface UnknownPush {
  kind: 'unknown';
  infoType: string | null;
  msgType: string | null;
  createTime: number | null;
  lacks: string | null;
  fields: XmlFields;
}

export type PushMessage =
  ComponentVerifyTicket | AuthorizationGranted | AuthorizationRevoked | UserText | UserEvent | UnknownPush;

/**
 * Decrypted XML to a message (WeChat pages "component_verify_ticket", "authorize_event", "message push"). Elements may
 * come in any order, with or without CDATA. Throws only `PushXmlError`, and only when the text is not such XML at all.
 */
export function parsePushMessage(plaintext: string): PushMessage {
  const fields = parseXml(plaintext);
  const infoType = textOf(fields, 'InfoType');
  const msgType = textOf(fields, 'MsgType');
  const createTime = secondsOf(fields, 'CreateTime');
  const missing: string[] = [];
  const need = (name: string): string => {
    const text = textOf(fields, name);
    if (!text) missing.push(name);
    return text ?? '';
  };
  const message = knownMessage({ fields, infoType, msgType, need, createTime: createTime ?? 0 });
  if (createTime === null && message) missing.push('CreateTime');
  if (message && missing.length === 0) return message;
  return { kind: 'unknown', infoType, msgType, createTime, lacks: missing[0] ?? null, fields };
}

interface MessageParts {
  fields: XmlFields;
  infoType: string | null;
  msgType: string | null;
  createTime: number;
  need: (name: string) => string;
}

function knownMessage({ fields, infoType, msgType, createTime, need }: MessageParts): PushMessage | undefined {
  switch (infoType) {
    case 'component_verify_ticket':
      return { kind: infoType, appId: need('AppId'), createTime, ticket: need('ComponentVerifyTicket') };
    case 'authorized':
    case 'updateauthorized':
      return {
        kind: infoType,
        appId: need('AppId'),
        createTime,
        authorizerAppid: need('AuthorizerAppid'),
        authorizationCode: need('AuthorizationCode'),
        authorizationCodeExpiresAt: codeExpiry(secondsOf(fields, 'AuthorizationCodeExpiredTime'), createTime),
        preAuthCode: textOf(fields, 'PreAuthCode') || null,
      };
    case 'unauthorized':
      return { kind: infoType, appId: need('AppId'), createTime, authorizerAppid: need('AuthorizerAppid') };
    case null:
      break;
    default:
      return undefined;
  }
  const names = () => ({ toUserName: need('ToUserName'), fromUserName: need('FromUserName'), createTime });
  if (msgType === 'text') {
    // An empty text is still a text.
    return {
      kind: 'text',
      ...names(),
      content: textOf(fields, 'Content') ?? '',
      msgId: textOf(fields, 'MsgId') || null,
    };
  }
  if (msgType === 'event') {
    return { kind: 'event', ...names(), event: need('Event'), eventKey: textOf(fields, 'EventKey') || null, fields };
  }
  return undefined;
}

/** No code lives for three years, and no push was sent before 1973: below this a number of seconds is a duration. */
const LONGEST_DURATION = 100_000_000;

/**
 * The page "authorize_event" calls the value "expiry time, unit second"; captured pushes hold an absolute Unix time
 * (CreateTime + 3600). Both are understood and the answer is always absolute.
 */
function codeExpiry(value: number | null, createTime: number): number | null {
  if (value === null) return null;
  return value < LONGEST_DURATION ? createTime + value : value;
}

/** The text of a leaf that stands exactly once, else null: a repeated element has no single meaning. */
function textOf(fields: XmlFields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

function secondsOf(fields: XmlFields, name: string): number | null {
  const text = textOf(fields, name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
