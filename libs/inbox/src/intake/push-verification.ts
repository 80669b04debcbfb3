import { randomBytes } from 'node:crypto';
import {
  type PushEnvelope,
  type PushMessage,
  PushCipherError,
  PushXmlError,
  openPush,
  parsePushEnvelope,
  parsePushMessage,
  verifyPushSignature,
} from '#libs/wechat-wire';
import { AppError } from '#libs/kernel';

/** What the keys of a platform are, current first, then the previous ones that stay valid during a rotation. */
export interface PushKeys {
  tokens: readonly string[];
  aesKeys: readonly Buffer[];
}

/** The signed part of the query of a push. */
export interface PushQuery {
  timestamp: string;
  nonce: string;
  msg_signature: string;
}

export interface OpenedPush {
  message: PushMessage;
  /** The decrypted text as it came. */
  plaintext: string;
  /** Key and token that fit: a reply has to use the same ones. */
  aesKey: Buffer;
  token: string;
}

/** A sha1-hex signature, Unix seconds and a short nonce; anything else is not from WeChat. */
export function readPushQuery(query: Readonly<Record<string, unknown>>): PushQuery {
  const { timestamp, nonce, msg_signature: signature } = query;
  if (typeof timestamp !== 'string' || !/^\d{1,10}$/.test(timestamp)) {
    throw AppError.invalid('timestamp', 'must be Unix seconds');
  }
  if (typeof nonce !== 'string' || nonce.length === 0 || nonce.length > 128) {
    throw AppError.invalid('nonce', 'must be 1 to 128 characters');
  }
  if (typeof signature !== 'string' || !/^[0-9a-f]{40}$/.test(signature)) {
    throw AppError.invalid('msg_signature', 'must be 40 hex digits');
  }
  return { timestamp, nonce, msg_signature: signature };
}

/** The outside of the body. @throws AppError when it is too long or no such XML */
export function readPushEnvelope(body: string | Buffer, maxBytes: number): PushEnvelope {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  if (bytes > maxBytes) throw new AppError('payload_too_large', `a push has at most ${maxBytes} bytes`);
  try {
    return parsePushEnvelope(typeof body === 'string' ? body : body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof PushXmlError)) throw error;
    throw AppError.invalid('body', `not a push: ${error.message}`);
  }
}

/** Nobody's keys. An unknown platform costs the same work as a known one, so timing does not tell them apart. */
export const DECOY_KEYS: PushKeys = { tokens: [randomBytes(16).toString('hex')], aesKeys: [randomBytes(32)] };

/** Which check a push failed: `signature`, a code of the decryption, `outer_appid` or `inner_appid`. */
export class PushRefused extends Error {
  override name = 'PushRefused';
}

/**
 * Signature, decryption, receive id and, of the events known here, inner AppId of one push (WeChat pages "message push" and
 * "Technical Plan"). Of everything else the receive id inside of the ciphertext is enough: some messages have an element
 * AppId of their own (a mini program card in customer service), and an unknown event may name another.
 * @throws AppError `forbidden`, which does not tell the sender which check failed; its cause (`PushRefused`) does
 */
export function openVerified(
  componentAppid: string,
  keys: PushKeys,
  query: PushQuery,
  envelope: PushEnvelope,
): OpenedPush {
  const refuse = (reason: string): AppError =>
    new AppError('forbidden', 'the push is not from WeChat for this platform', { cause: new PushRefused(reason) });
  if (!verifyPushSignature(keys.tokens, query, envelope.encrypt)) {
    // The same work as for a signature that fits.
    tryOpen(componentAppid, keys, envelope.encrypt);
    throw refuse('signature');
  }
  const opened = tryOpen(componentAppid, keys, envelope.encrypt);
  if (opened instanceof PushCipherError) throw refuse(opened.code);
  if (envelope.appId !== undefined && envelope.appId !== componentAppid) throw refuse('outer_appid');
  const message = readMessage(opened.plaintext);
  if ('appId' in message && message.appId !== componentAppid) throw refuse('inner_appid');
  return {
    message,
    plaintext: opened.plaintext,
    aesKey: keys.aesKeys[opened.keyIndex] as Buffer,
    token: keys.tokens.find((token) => verifyPushSignature([token], query, envelope.encrypt)) as string,
  };
}

function tryOpen(
  receiveId: string,
  keys: PushKeys,
  encrypt: string,
): { plaintext: string; keyIndex: number } | PushCipherError {
  try {
    return openPush({ aesKeys: keys.aesKeys, receiveId, encrypt });
  } catch (error) {
    if (error instanceof PushCipherError) return error;
    throw error;
  }
}

/** What WeChat signed has to be acknowledged even when nobody can read it; it is kept as unknown. */
function readMessage(plaintext: string): PushMessage {
  try {
    return parsePushMessage(plaintext);
  } catch (error) {
    if (!(error instanceof PushXmlError)) throw error;
    return { kind: 'unknown', infoType: null, msgType: null, createTime: null, lacks: null, fields: {} };
  }
}
