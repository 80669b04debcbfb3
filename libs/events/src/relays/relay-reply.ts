import { PushXmlError, buildPushXml, parseXml, type XmlBuild } from '#libs/wechat-wire';

/** Who a message came from and went to; a reply goes the other way. */
export interface Correspondents {
  toUserName: string;
  fromUserName: string;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const MAX_DEPTH = 6;
const ENVELOPE = new Set(['ToUserName', 'FromUserName', 'CreateTime']);

/**
 * The reply to WeChat that a backend asks for, as XML before encryption: '' for an empty one, null when the answer cannot be
 * used. Whatever the backend says, sender, receiver and time are set here.
 */
export function replyXmlOf(body: Buffer, to: Correspondents, unixSeconds: number): string | null {
  const text = body.toString('utf8').trim();
  if (text === '' || text === 'success') return '';
  try {
    const fields = text.startsWith('<') ? fieldsOfXml(text) : fieldsOfJson(text);
    if (fields === null) return '';
    if (typeof fields['MsgType'] !== 'string' || fields['MsgType'] === '') return null;
    return buildPushXml({
      ToUserName: to.fromUserName,
      FromUserName: to.toUserName,
      CreateTime: unixSeconds,
      ...fields,
    });
  } catch (error) {
    if (
      error instanceof PushXmlError ||
      error instanceof Unusable ||
      error instanceof SyntaxError ||
      error instanceof RangeError
    )
      return null;
    throw error;
  }
}

class Unusable extends Error {}

type Fields = Record<string, XmlBuild>;

function fieldsOfXml(text: string): Fields {
  return withoutEnvelope(parseXml(text, { maxDepth: MAX_DEPTH }));
}

/** `{"reply": {…}}`; without a reply, or with null, WeChat gets none. */
function fieldsOfJson(text: string): Fields | null {
  const answer = JSON.parse(text) as unknown;
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) throw new Unusable();
  const { reply } = answer as { reply?: unknown };
  if (reply === undefined || reply === null) return null;
  return withoutEnvelope(reply);
}

function withoutEnvelope(value: unknown): Fields {
  const fields = buildable(value, 1);
  if (typeof fields !== 'object' || Array.isArray(fields)) throw new Unusable();
  return Object.fromEntries(Object.entries(fields as Fields).filter(([name]) => !ENVELOPE.has(name)));
}

function buildable(value: unknown, depth: number): XmlBuild {
  if (depth > MAX_DEPTH) throw new Unusable();
  if (typeof value === 'string') {
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(value)) throw new Unusable();
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Unusable();
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => {
      if (Array.isArray(item)) throw new Unusable();
      return buildable(item, depth + 1) as Exclude<XmlBuild, readonly XmlBuild[]>;
    });
  }
  if (value === null || typeof value !== 'object') throw new Unusable();
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!NAME.test(name)) throw new Unusable();
      return [name, buildable(inner, depth + 1)];
    }),
  );
}
