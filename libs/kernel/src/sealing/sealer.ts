import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';
import { Secret } from './secret.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Why a sealed value could not be opened. `tampered` also covers a value moved to another row and a wrong key of the same id. */
export class SealError extends Error {
  constructor(
    readonly code: 'unknown_key' | 'tampered' | 'malformed',
    message: string,
  ) {
    super(message);
    this.name = 'SealError';
  }
}

/** The master keys: the first encrypts, all decrypt. */
export class KeyRing {
  private constructor(
    readonly encryptId: string,
    private readonly keys: ReadonlyMap<string, Buffer>,
  ) {}

  /**
   * Reads `id:base64(32 bytes)[,id:…]`.
   * @throws Error with a message fit for an operator, which never contains key material
   */
  static parse(text: string): KeyRing {
    const keys = new Map<string, Buffer>();
    for (const [index, part] of text.split(',').entries()) {
      const colon = part.indexOf(':');
      const id = part.slice(0, colon).trim();
      if (colon < 1 || !/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
        throw new Error(`entry ${index + 1} must be id:base64, the id of 1 to 32 letters, digits, - or _`);
      }
      const encoded = part.slice(colon + 1).trim();
      const key = Buffer.from(encoded, 'base64');
      if (!/^[A-Za-z0-9+/]{43}=$/.test(encoded) || key.length !== 32) {
        throw new Error(`entry ${index + 1} (${id}) must be the base64 of exactly 32 bytes`);
      }
      if (keys.has(id)) throw new Error(`the id ${id} appears twice`);
      keys.set(id, key);
    }
    return new KeyRing([...keys.keys()][0] as string, keys);
  }

  /** A new random key under `id`, in the form `parse` reads. */
  static generate(id: string): string {
    return `${id}:${randomBytes(32).toString('base64')}`;
  }

  get(id: string): Buffer | undefined {
    return this.keys.get(id);
  }

  get ids(): string[] {
    return [...this.keys.keys()];
  }
}

/** Random nonces, fetched from the generator some hundred at a time: one by one they cost as much as the sealing. */
class Nonces {
  private readonly pool = Buffer.allocUnsafeSlow(NONCE_BYTES * 512);
  private at = this.pool.length;

  /** Valid until the pool is filled again: use it at once. */
  next(): Buffer {
    if (this.at === this.pool.length) {
      randomFillSync(this.pool);
      this.at = 0;
    }
    this.at += NONCE_BYTES;
    return this.pool.subarray(this.at - NONCE_BYTES, this.at);
  }
}

/**
 * Seals values with AES-256-GCM. The envelope is: version byte, length of the key id, key id, 12-byte nonce, 16-byte
 * tag, ciphertext. `aad` binds a value to its place (`schema.table.column:platform:row`), so that a sealed value copied
 * to another row does not open.
 */
export class Sealer {
  private readonly header: Buffer;
  private readonly encryptKey: Buffer;
  private readonly nonces = new Nonces();

  constructor(private readonly ring: KeyRing) {
    const id = Buffer.from(ring.encryptId, 'ascii');
    this.header = Buffer.concat([Buffer.from([VERSION, id.length]), id]);
    this.encryptKey = ring.get(ring.encryptId) as Buffer;
  }

  seal(plain: Secret | string, aad: string): Buffer {
    const nonce = this.nonces.next();
    const cipher = createCipheriv('aes-256-gcm', this.encryptKey, nonce);
    cipher.setAAD(Buffer.from(aad, 'utf8'));
    const text = typeof plain === 'string' ? plain : plain.reveal();
    const body = cipher.update(text, 'utf8');
    cipher.final(); // adds nothing in this mode, and makes the tag
    return Buffer.concat([this.header, nonce, cipher.getAuthTag(), body]);
  }

  /** @throws SealError */
  open(sealed: Buffer, aad: string): Secret {
    const id = this.keyIdOf(sealed);
    const key = this.ring.get(id);
    if (!key) throw new SealError('unknown_key', `the master key ${JSON.stringify(id)} is not in MASTER_KEYS`);
    const start = 2 + id.length;
    const nonce = sealed.subarray(start, start + NONCE_BYTES);
    const tag = sealed.subarray(start + NONCE_BYTES, start + NONCE_BYTES + TAG_BYTES);
    if (tag.length !== TAG_BYTES) throw new SealError('malformed', 'a sealed value is too short');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce);
      decipher.setAAD(Buffer.from(aad, 'utf8'));
      decipher.setAuthTag(tag);
      const text = Buffer.concat([
        decipher.update(sealed.subarray(start + NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
      return new Secret(text);
    } catch {
      // The cause is left out on purpose: OpenSSL's text says nothing more, and nothing of the value may leak.
      throw new SealError('tampered', `a sealed value does not open under key ${JSON.stringify(id)} at its place`);
    }
  }

  /** Key id in the envelope. @throws SealError when this is no envelope of ours */
  keyIdOf(sealed: Buffer): string {
    const length = sealed[1] ?? 0;
    if (sealed[0] !== VERSION || length === 0 || sealed.length < 2 + length) {
      throw new SealError('malformed', 'not a sealed value');
    }
    return sealed.subarray(2, 2 + length).toString('latin1');
  }

  /** Whether the value is sealed under another key than the one that encrypts now. */
  needsReseal(sealed: Buffer): boolean {
    return this.keyIdOf(sealed) !== this.ring.encryptId;
  }
}
