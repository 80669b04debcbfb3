import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `wxf_` + kind (`op` operator, `pk` platform) + `_` + 43 random characters (256 bits) + 6 characters of checksum.
 * The fixed beginning lets secret scanners find a leaked key; the checksum refuses a mistyped one without a look-up.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_CHARACTERS = 43;
const CHECKSUM_CHARACTERS = 6;
export const MAX_KEY_CHARACTERS = 256;
const SHAPE = /^wxf_(?:op|pk)_[0-9A-Za-z]{49}$/;

export type KeyKind = 'op' | 'pk';

export function generateKey(kind: KeyKind): string {
  const body = `wxf_${kind}_${randomText()}`;
  return body + checksum(body);
}

/** Beginning that is shown in lists: enough to recognise a key, too little to guess it. */
export function prefixOf(key: string): string {
  return SHAPE.test(key) ? key.slice(0, 13) : '';
}

/**
 * Whether it is worth looking the text up. An operator may choose a key of another form (ADMIN_API_KEY), so only
 * what claims to be ours is checked.
 */
export function isPlausibleKey(text: string): boolean {
  if (text.length > MAX_KEY_CHARACTERS) return false;
  if (!text.startsWith('wxf_')) return text.length >= 16;
  return SHAPE.test(text) && checksum(text.slice(0, -CHECKSUM_CHARACTERS)) === text.slice(-CHECKSUM_CHARACTERS);
}

/**
 * What speaks against a key that an operator has chosen (ADMIN_API_KEY), to be read behind its name; null: nothing. A key that no
 * request would ever be let in with must not take the place of the one before.
 */
export function faultOfOperatorKey(text: string): string | null {
  if (text.startsWith('wxf_pk_')) return 'is the API key of a platform, not an operator key';
  return isPlausibleKey(text)
    ? null
    : 'begins with wxf_ as generated keys do, but is none of them: mistyped or cut off';
}

/** SHA-256 as one character per byte: what the cache is keyed by. Keys have 256 random bits, so no slow hash is needed. */
export function digestOf(key: string): string {
  return hash('sha256', key, 'binary');
}

/** The same as it is stored. */
export function digestBytes(key: string): Buffer {
  return Buffer.from(digestOf(key), 'latin1');
}

function randomText(): string {
  let text = '';
  while (text.length < RANDOM_CHARACTERS) {
    // 248 = 4 * 62: bytes above would make some characters likelier.
    for (const byte of randomBytes(64)) if (byte < 248 && text.length < RANDOM_CHARACTERS) text += ALPHABET[byte % 62];
  }
  return text;
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let index = 0; index < CHECKSUM_CHARACTERS; index += 1) {
    text = (ALPHABET[rest % 62] as string) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
