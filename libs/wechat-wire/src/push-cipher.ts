import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Signature and encryption of pushes between WeChat and a platform (WeChat pages "Technical Plan" of message
 * encryption and "message push"): SHA-1 over sorted parts, AES-256-CBC with the key's first half as IV, and a padding
 * block of 32 bytes.
 */
export type PushCipherErrorCode =
  'illegal_aes_key' | 'illegal_base64' | 'illegal_buffer' | 'receive_id_mismatch' | 'decrypt_failed';

/** Why a push could not be opened. Names follow the error names of WeChat's sample code (-40004 … -40010). */
export class PushCipherError extends Error {
  override readonly name = 'PushCipherError';
  readonly code: PushCipherErrorCode;

  constructor(code: PushCipherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** WeChat pads to 32 bytes although AES blocks have 16, so a library's own PKCS#7 removal refuses pads 17 to 32. */
const PAD_BLOCK = 32;
const AES_BLOCK = 16;
const RANDOM_LENGTH = 16;
const HEADER_LENGTH = RANDOM_LENGTH + 4;

/**
 * Lower-case hex SHA-1 over the parts in byte order, joined without a separator. With `encrypt` it is the
 * `msg_signature` of a push, without it the plain `signature` (which WeChat says not to validate with).
 */
export function pushSignature(token: string, timestamp: string, nonce: string, encrypt?: string): string {
  const parts = encrypt === undefined ? [token, timestamp, nonce] : [token, timestamp, nonce, encrypt];
  const hash = createHash('sha1');
  // Byte order, not JavaScript's UTF-16 order; the two differ only for characters above the basic plane.
  for (const part of parts.map((text) => Buffer.from(text, 'utf8')).sort((a, b) => Buffer.compare(a, b)))
    hash.update(part);
  return hash.digest('hex');
}

/**
 * Whether `msg_signature` was made with any of the tokens (current first, then the previous one during a rotation).
 * `encrypt` is the base64 text exactly as it stood in the XML; without it the plain `signature` is meant. Compares in constant time and looks at every token.
 */
export function verifyPushSignature(
  tokens: readonly string[],
  query: { timestamp: string; nonce: string; msg_signature: string },
  encrypt?: string,
): boolean {
  if (!/^[0-9a-f]{40}$/.test(query.msg_signature)) return false;
  const given = Buffer.from(query.msg_signature, 'latin1');
  let valid = false;
  for (const token of tokens) {
    const expected = Buffer.from(pushSignature(token, query.timestamp, query.nonce, encrypt), 'latin1');
    valid = timingSafeEqual(given, expected) || valid;
  }
  return valid;
}

/**
 * EncodingAESKey (43 characters of `[A-Za-z0-9]`) to the 32 key bytes. The last character carries only four useful bits;
 * real keys with non-zero spare bits exist, so they are ignored instead of refused.
 */
export function decodeAesKey(encodingAesKey: string): Buffer {
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAesKey)) {
    throw new PushCipherError('illegal_aes_key', 'EncodingAESKey must be exactly 43 characters of A-Z, a-z and 0-9');
  }
  return Buffer.from(`${encodingAesKey}=`, 'base64');
}

/**
 * Encrypts one push or reply: 16 random bytes, byte length of the text as uint32 big-endian, the text, the receive id
 * (the component appid for everything a platform sees), padded to 32 bytes. `random` is for test vectors only.
 */
export function encryptPush(aesKey: Buffer, receiveId: string, plaintext: string, random?: Buffer): string {
  assertKey(aesKey);
  const prefix = random ?? randomBytes(RANDOM_LENGTH);
  if (prefix.length !== RANDOM_LENGTH) throw new RangeError('the random prefix of a push has 16 bytes');
  const messageLength = Buffer.byteLength(plaintext, 'utf8');
  const fullLength = HEADER_LENGTH + messageLength + Buffer.byteLength(receiveId, 'utf8');
  const pad = PAD_BLOCK - (fullLength % PAD_BLOCK);
  const padded = Buffer.alloc(fullLength + pad, pad);
  prefix.copy(padded, 0);
  padded.writeUInt32BE(messageLength, RANDOM_LENGTH);
  padded.write(plaintext, HEADER_LENGTH, 'utf8');
  padded.write(receiveId, HEADER_LENGTH + messageLength, 'utf8');
  const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, AES_BLOCK)).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}

/**
 * Opens one ciphertext and returns the text. Strict: canonical base64, whole AES blocks, every pad byte, the length law
 * and the receive id. The cipher has no MAC: only the signature, checked before, protects the text against changes.
 */
export function decryptPush(aesKey: Buffer, receiveId: string, encrypt: string): string {
  assertKey(aesKey);
  const sealed = decodeCiphertext(encrypt);
  const decipher = createDecipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, AES_BLOCK)).setAutoPadding(false);
  let padded: Buffer;
  try {
    padded = Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch (cause) {
    throw new PushCipherError('decrypt_failed', 'the push could not be decrypted', { cause });
  }
  const fullLength = unpaddedLength(padded);
  if (fullLength < HEADER_LENGTH) throw new PushCipherError('illegal_buffer', 'the decrypted push is too short');
  const messageEnd = HEADER_LENGTH + padded.readUInt32BE(RANDOM_LENGTH);
  if (messageEnd > fullLength) {
    throw new PushCipherError('illegal_buffer', 'the decrypted push is shorter than its length field says');
  }
  // Covers the whole rest, so an id with something before or after it does not pass.
  if (!padded.subarray(messageEnd, fullLength).equals(Buffer.from(receiveId, 'utf8'))) {
    throw new PushCipherError('receive_id_mismatch', 'the push was encrypted for another receive id');
  }
  // A damaged character in a signed push (a nickname cut in the middle) must not lose the event: it becomes U+FFFD.
  return padded.toString('utf8', HEADER_LENGTH, messageEnd);
}

/**
 * Opens a push with the current key and, when that fails, the previous ones. `keyIndex` says which key worked: the
 * reply has to be encrypted with the same one (WeChat page "Technical Plan", key rotation).
 */
export function openPush(push: { aesKeys: readonly Buffer[]; receiveId: string; encrypt: string }): {
  plaintext: string;
  keyIndex: number;
} {
  let failure: PushCipherError | undefined;
  for (const [keyIndex, aesKey] of push.aesKeys.entries()) {
    try {
      return { plaintext: decryptPush(aesKey, push.receiveId, push.encrypt), keyIndex };
    } catch (error) {
      if (!(error instanceof PushCipherError)) throw error;
      // A wrong id under one key says more than rubbish under another: it is the right key of a foreign push.
      if (failure === undefined || error.code === 'receive_id_mismatch') failure = error;
    }
  }
  throw failure ?? new PushCipherError('illegal_aes_key', 'there is no key to open the push with');
}

/**
 * The XML of an encrypted reply. `timestamp` is the replier's own clock in Unix seconds, `nonce` the one of the
 * request, `aesKey` the key that opened the request. Plain `success` and the empty reply go out unencrypted.
 */
export function sealReply(reply: {
  token: string;
  aesKey: Buffer;
  receiveId: string;
  plaintext: string;
  timestamp: string;
  nonce: string;
}): string {
  if (!/^\d{1,16}$/.test(reply.timestamp)) throw new RangeError('the timestamp of a reply is in Unix seconds');
  const encrypt = encryptPush(reply.aesKey, reply.receiveId, reply.plaintext);
  const signature = pushSignature(reply.token, reply.timestamp, reply.nonce, encrypt);
  // The nonce comes from the query string; `]]>` in it would end the section early.
  const nonce = reply.nonce.replaceAll(']]>', ']]]]><![CDATA[>');
  return (
    `<xml>\n<Encrypt><![CDATA[${encrypt}]]></Encrypt>\n<MsgSignature><![CDATA[${signature}]]></MsgSignature>\n` +
    `<TimeStamp>${reply.timestamp}</TimeStamp>\n<Nonce><![CDATA[${nonce}]]></Nonce>\n</xml>`
  );
}

function assertKey(aesKey: Buffer): void {
  if (aesKey.length !== 32) throw new PushCipherError('illegal_aes_key', 'an AES key has 32 bytes');
}

function decodeCiphertext(encrypt: string): Buffer {
  const sealed = Buffer.from(encrypt, 'base64');
  // Node's decoder skips what it does not know; only text that survives the round trip was base64 to begin with.
  if (sealed.toString('base64') !== encrypt) {
    throw new PushCipherError('illegal_base64', 'the ciphertext is not canonical base64');
  }
  if (sealed.length === 0 || sealed.length % AES_BLOCK !== 0) {
    throw new PushCipherError('illegal_buffer', 'the ciphertext is not a whole number of AES blocks');
  }
  return sealed;
}

function unpaddedLength(padded: Buffer): number {
  const pad = padded[padded.length - 1] ?? 0;
  if (pad < 1 || pad > PAD_BLOCK || pad > padded.length) {
    throw new PushCipherError('illegal_buffer', 'the decrypted push has no valid padding');
  }
  // The last byte alone proves nothing: rubbish ends in a plausible one in an eighth of all cases.
  for (let index = padded.length - pad; index < padded.length; index += 1) {
    if (padded[index] !== pad) throw new PushCipherError('illegal_buffer', 'the decrypted push has no valid padding');
  }
  return padded.length - pad;
}
