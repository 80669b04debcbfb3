import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { Secret } from '#libs/kernel';

/** 2^15 blocks of 1 KiB: 32 MiB and some 60 ms each. Kept in the hash, so that it can be raised. */
const LOG_N = 15;
const R = 8;
const P = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** scrypt runs on the threads that also serve DNS and files; two at once leave the others free, and bound the memory. */
const AT_ONCE = 2;

const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** `$scrypt$ln=…,r=…,p=…$salt$hash`, the last two in base64url. */
export async function hashPassword(password: Secret): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, { N: 2 ** LOG_N, r: R, p: P });
  return `$scrypt$ln=${LOG_N},r=${R},p=${P}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** `null` stands for a user who does not exist: as much work, and never true. */
export async function isPassword(password: Secret, stored: string | null): Promise<boolean> {
  const match = SHAPE.exec(stored ?? NOBODY);
  if (!match) return false;
  const [, logN, r, p, salt, hash] = match as unknown as [string, string, string, string, string, string];
  const options = { N: 2 ** Number(logN), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), options);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url')) && stored !== null;
}

const NOBODY = `$scrypt$ln=${LOG_N},r=${R},p=${P}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: Secret, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      // Typed on one keyboard or another: the same characters are the same password.
      scrypt(
        password.reveal().normalize('NFC'),
        salt,
        HASH_BYTES,
        { ...options, maxmem: 256 * 2 ** 20 },
        (error, key) => (error ? reject(error) : resolve(key)),
      );
    });
  } finally {
    // Hands its place over, or gives it back.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
