import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { Secret } from '#libs/kernel';
import { PasswordHashPool, type HashingRequester } from './password-hash-pool.ts';

/**
 * The cost of one guess: memory is `128 * 2^logN * r` bytes, work grows with `p` too. Kept in each hash. The defaults are what
 * OWASP calls equal to 2^17 blocks once: 2^15 blocks of 1 KiB, three times, about 180 ms. Two at once then take 64 MiB and not
 * 256.
 */
export class PasswordCost {
  readonly logN: number = 15;
  readonly r: number = 8;
  readonly p: number = 3;
}
const SALT_BYTES = 16;
const HASH_BYTES = 32;

const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** Makes and checks hashes of passwords: scrypt, in the pool. */
export class Passwords {
  private readonly nobody: string;

  /** @param cost other than the usual one in specs, which log in often */
  constructor(
    readonly cost: PasswordCost = new PasswordCost(),
    readonly pool: PasswordHashPool = new PasswordHashPool(),
  ) {
    this.nobody = textOf(cost, 'A'.repeat(22), 'A'.repeat(43));
  }

  /**
   * `$scrypt$ln=…,r=…,p=…$salt$hash`, the last two in base64url.
   * @throws AppError rate_limited when too many are waiting already
   */
  hash(password: Secret, of: HashingRequester): Promise<string> {
    return this.pool.run(of, () => this.make(password));
  }

  /**
   * `null` stands for a user who does not exist: as much work, and never right. `renewed` is a hash at today's cost for a
   * password that is right and was kept at another one.
   * @throws AppError rate_limited when too many are waiting already
   */
  async check(
    password: Secret,
    stored: string | null,
    of: HashingRequester,
  ): Promise<{ isRight: boolean; renewed: string | null }> {
    const match = SHAPE.exec(stored ?? this.nobody);
    if (!match) return { isRight: false, renewed: null };
    const [, logN, r, p, salt, hash] = match as unknown as [string, string, string, string, string, string];
    const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
    return this.pool.run(of, async () => {
      const derived = await derive(password, Buffer.from(salt, 'base64url'), optionsOf(cost));
      const isRight = timingSafeEqual(derived, Buffer.from(hash, 'base64url')) && stored !== null;
      if (isSame(cost, this.cost)) return { isRight, renewed: null };
      if (isRight) return { isRight, renewed: await this.make(password) };
      // Work grows with p: a user with an older hash must not be told from nobody by the time it takes.
      const missing = this.cost.p - cost.p;
      if (missing > 0) await derive(password, randomBytes(SALT_BYTES), optionsOf({ ...this.cost, p: missing }));
      return { isRight, renewed: null };
    });
  }

  private async make(password: Secret): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt, optionsOf(this.cost));
    return textOf(this.cost, salt.toString('base64url'), hash.toString('base64url'));
  }
}

function isSame(one: PasswordCost, other: PasswordCost): boolean {
  return one.logN === other.logN && one.r === other.r && one.p === other.p;
}

function optionsOf({ logN, r, p }: PasswordCost): ScryptOptions {
  return { N: 2 ** logN, r, p, maxmem: 256 * 2 ** 20 };
}

function textOf({ logN, r, p }: PasswordCost, salt: string, hash: string): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt}$${hash}`;
}

function derive(password: Secret, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    // Typed on one keyboard or another: the same characters are the same password.
    scrypt(password.reveal().normalize('NFC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
