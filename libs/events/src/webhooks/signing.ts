import {
  createHmac,
  createPrivateKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  sign as signOnce,
  type KeyObject,
} from 'node:crypto';
import type { Secret } from '#libs/kernel';

/** Standard Webhooks 1.0: `v1` is HMAC-SHA256 with a shared secret, `v1a` is ed25519. */
export type SignatureKind = 'v1' | 'v1a';

/** A new signing secret. `shown` is what the receiver needs: the secret itself, or the public key. */
export function newSigningSecret(kind: SignatureKind): { secret: string; shown: string } {
  if (kind === 'v1') {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return { secret, shown: secret };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    secret: `whsk_${privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')}`,
    shown: `whpk_${raw.toString('base64')}`,
  };
}

/** Keys as they sign, for as long as their secrets are in use: reading an ed25519 key takes longer than signing with it. */
const keys = new WeakMap<Secret, KeyObject>();

function keyOf(secret: Secret): KeyObject {
  let key = keys.get(secret);
  if (!key) keys.set(secret, (key = readKey(secret.reveal())));
  return key;
}

function readKey(secret: string): KeyObject {
  const key = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
  return secret.startsWith('whsk_') ? createPrivateKey({ key, format: 'der', type: 'pkcs8' }) : createSecretKey(key);
}

function sign(key: KeyObject, content: string): string {
  if (key.type === 'private') return `v1a,${signOnce(null, Buffer.from(content, 'utf8'), key).toString('base64')}`;
  return `v1,${createHmac('sha256', key).update(content, 'utf8').digest('base64')}`;
}

/** One entry of `webhook-signature`. @param timestamp Unix seconds of the attempt */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  return sign(readKey(secret), `${id}.${timestamp}.${body}`);
}

/** The three headers. During a rotation both secrets sign, so that a receiver may know either. */
export function signedHeaders(
  secrets: readonly Secret[],
  id: string,
  timestamp: number,
  body: string,
): Record<string, string> {
  const content = `${id}.${timestamp}.${body}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => sign(keyOf(secret), content)).join(' '),
  };
}
