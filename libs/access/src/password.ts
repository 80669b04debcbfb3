import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { Secret } from '#libs/kernel';
import { HashingQueue, type HashingFor } from './hashing-queue.ts';

/** What a guess costs: memory is `128 * 2^logN * r` bytes, work grows with `p` beside. Kept in each hash. */
export interface PasswordCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 2^15 blocks of 1 KiB: 32 MiB and some 60 ms each. */
const COST: PasswordCost = { logN: 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** Makes and recognises hashes of passwords: scrypt, few at once, each tenant and each address in its turn. */
export class Passwords {
  private readonly nobody: string;

  /** @param cost other than the usual one in specs, which log in often */
  constructor(
    private readonly cost: PasswordCost = COST,
    private readonly queue = new HashingQueue(),
  ) {
    this.nobody = textOf(cost, 'A'.repeat(22), 'A'.repeat(43));
  }

  /**
   * `$scrypt$ln=…,r=…,p=…$salt$hash`, the last two in base64url.
   * @throws AppError rate_limited when too many wait already
   */
  hash(password: Secret, of: HashingFor): Promise<string> {
    return this.queue.run(of, async () => {
      const salt = randomBytes(SALT_BYTES);
      const hash = await derive(password, salt, optionsOf(this.cost));
      return textOf(this.cost, salt.toString('base64url'), hash.toString('base64url'));
    });
  }

  /**
   * `null` stands for a user who does not exist: as much work, and never true.
   * @throws AppError rate_limited when too many wait already
   */
  async isRight(password: Secret, stored: string | null, of: HashingFor): Promise<boolean> {
    const match = SHAPE.exec(stored ?? this.nobody);
    if (!match) return false;
    const [, logN, r, p, salt, hash] = match as unknown as [string, string, string, string, string, string];
    const options = optionsOf({ logN: Number(logN), r: Number(r), p: Number(p) });
    return this.queue.run(of, async () => {
      const derived = await derive(password, Buffer.from(salt, 'base64url'), options);
      return timingSafeEqual(derived, Buffer.from(hash, 'base64url')) && stored !== null;
    });
  }
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
