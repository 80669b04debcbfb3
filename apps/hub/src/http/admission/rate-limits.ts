import type { FastifyReply } from 'fastify';
import type { Principal } from '#libs/access';
import { AppError, type Clock } from '#libs/kernel';
import { limitedBy } from './limited-by.ts';
import { TokenBuckets, type Taken } from './token-buckets.ts';

/** From one address (`limitedBy`): calls with a key that is none, logins, and pages for people. */
const ADDRESS_PER_SECOND = 20;
const ADDRESS_BURST = 200;
const ADDRESS = {
  name: 'address',
  policy: `"address";q=${ADDRESS_BURST};w=${ADDRESS_BURST / ADDRESS_PER_SECOND}`,
};
/** A refusal comes late: a client that does not wait as told is slowed down, and costs next to nothing. */
const HOLD_MS = 200;
const MAX_HELD = 2000;
/** Of those who were held, so many go on in one turn of the event loop: who came together would all go on in one. */
const HELD_PER_TURN = 2;

export interface RateLimitOptions {
  /** Requests a second of one key or user; 0: no limit. */
  perKey: number;
  /** The same of all keys and users of one platform; 0: no limit. */
  perPlatform: number;
  clock: Clock;
}

interface Limit {
  name: string;
  policy: string;
  buckets: TokenBuckets;
}

/**
 * How much one caller may ask: of this process, and with `SharedUse` of all. Every key has a bucket of its own, so a flood
 * of one is no other key's trouble; all keys of a platform share one more, so that more keys are no way to ask more.
 * Addresses are limited only where nobody is known yet.
 */
export class RateLimits {
  private readonly keys: Limit | undefined;
  private readonly platforms: Limit | undefined;
  private readonly addresses: TokenBuckets;
  private held = 0;
  /** Those among the held whose time has come. */
  private readonly due: (() => void)[] = [];

  constructor({ perKey, perPlatform, clock }: RateLimitOptions) {
    const limit = (name: string, perSecond: number): Limit | undefined => {
      if (perSecond === 0) return undefined;
      const burst = perSecond * 2;
      return { name, policy: `"${name}";q=${burst};w=2`, buckets: new TokenBuckets({ perSecond, burst, clock }) };
    };
    this.keys = limit('key', perKey);
    this.platforms = limit('platform', perPlatform);
    this.addresses = new TokenBuckets({ perSecond: ADDRESS_PER_SECOND, burst: ADDRESS_BURST, clock });
  }

  /** What is to be shared with the other processes, by kind of caller. */
  get shared(): Record<string, TokenBuckets> {
    return {
      ...(this.keys ? { key: this.keys.buckets } : {}),
      ...(this.platforms ? { platform: this.platforms.buckets } : {}),
      address: this.addresses,
    };
  }

  /**
   * Counts a request of a known caller and tells it where it stands: with its key or with its platform, whichever has less
   * left. @returns the refusal, or undefined
   */
  admit({ keyId, platformId }: Principal, reply: FastifyReply): AppError | undefined {
    const { keys, platforms } = this;
    const ofKey = keys?.buckets.take(keyId);
    if (keys && ofKey && !ofKey.ok) return this.refuse(keys, ofKey, reply);
    // The operator is of no platform.
    const ofPlatform = platformId === null ? undefined : platforms?.buckets.take(String(platformId));
    if (platforms && ofPlatform && !ofPlatform.ok) {
      // Refused, hence not counted.
      keys?.buckets.giveBack(keyId);
      return this.refuse(platforms, ofPlatform, reply);
    }
    if (platforms && ofPlatform && (!ofKey || ofPlatform.remaining < ofKey.remaining)) {
      describe(reply, platforms, ofPlatform);
    } else if (keys && ofKey) describe(reply, keys, ofKey);
    return undefined;
  }

  /** Counts a request of nobody in particular. @returns the refusal, which the headers describe, or undefined */
  admitAddress(address: string, reply: FastifyReply): AppError | undefined {
    const taken = this.addresses.take(limitedBy(address));
    if (taken.ok) return undefined;
    return this.refuse(ADDRESS, taken, reply);
  }

  /** The request turned out to be of somebody. */
  isKnown(address: string): void {
    this.addresses.giveBack(limitedBy(address));
  }

  /** Something that came from the address turned out to be forged. */
  blame(address: string): void {
    this.addresses.take(limitedBy(address));
  }

  /** Lets the request through, a moment later when its address has sent too much that was forged. */
  pace(address: string, done: () => void): void {
    // Never refused: a genuine push may stand behind forged ones.
    if (this.addresses.peek(limitedBy(address)).ok || this.held >= MAX_HELD) return done();
    this.later(done);
  }

  /** Gives the refusal to the caller a moment later. */
  hold(refused: AppError, done: (error: Error) => void): void {
    if (this.held >= MAX_HELD) return done(refused);
    this.later(() => done(refused));
  }

  private refuse(limit: Pick<Limit, 'name' | 'policy'>, taken: Taken, reply: FastifyReply): AppError {
    describe(reply, limit, taken);
    return new AppError('rate_limited', 'too many requests', { retryAfterSeconds: Math.max(1, taken.waitSeconds) });
  }

  private later(then: () => void): void {
    this.held += 1;
    setTimeout(() => {
      if (this.due.push(then) === 1) setImmediate(() => this.letGo());
    }, HOLD_MS);
  }

  private letGo(): void {
    for (const then of this.due.splice(0, HELD_PER_TURN)) {
      this.held -= 1;
      then();
    }
    if (this.due.length > 0) setImmediate(() => this.letGo());
  }
}

/** draft-ietf-httpapi-ratelimit-headers: what is left, and after how many seconds there is more. */
function describe(reply: FastifyReply, { name, policy }: Pick<Limit, 'name' | 'policy'>, taken: Taken): void {
  reply
    .header('RateLimit-Policy', policy)
    .header('RateLimit', `"${name}";r=${taken.remaining};t=${Math.max(1, taken.waitSeconds)}`);
}
