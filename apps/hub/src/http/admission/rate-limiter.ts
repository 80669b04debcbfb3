import type { FastifyReply } from 'fastify';
import type { Principal } from '#libs/access';
import { AppError, type Clock } from '#libs/kernel';
import { TokenBuckets, type BucketState } from './token-buckets.ts';

/** Per address: unauthenticated requests, in separate budgets (`AddressBudget`) of this size each. */
const ADDRESS_PER_SECOND = 20;
const ADDRESS_BURST = 200;
const ADDRESS = {
  name: 'address',
  policy: `"address";q=${ADDRESS_BURST};w=${ADDRESS_BURST / ADDRESS_PER_SECOND}`,
};

/**
 * What an unauthenticated address spends. `credentials`: unknown API keys and cookies, and public pages; `logins`: password
 * logins; `pushes`: pushes that were refused, for example with a wrong signature.
 */
export type AddressBudget = 'credentials' | 'logins' | 'pushes';

export interface RateLimiterOptions {
  /** Requests per second of one key or user; 0: unlimited. */
  perKey: number;
  /** The same for all keys and users of one platform together; 0: unlimited. */
  perPlatform: number;
  clock: Clock;
}

interface Limit {
  name: string;
  policy: string;
  buckets: TokenBuckets;
}

/**
 * Token buckets per key, per platform and per address, with the headers that describe them. Every key has a bucket of its own;
 * all keys of a platform share one more, so that additional keys do not raise the platform's limit. Addresses are limited only
 * where no caller is authenticated.
 */
export class RateLimiter {
  private readonly keys: Limit | undefined;
  private readonly platforms: Limit | undefined;
  private readonly addresses: Record<AddressBudget, TokenBuckets>;

  constructor({ perKey, perPlatform, clock }: RateLimiterOptions) {
    const limit = (name: string, perSecond: number): Limit | undefined => {
      if (perSecond === 0) return undefined;
      const burst = perSecond * 2;
      return { name, policy: `"${name}";q=${burst};w=2`, buckets: new TokenBuckets({ perSecond, burst, clock }) };
    };
    this.keys = limit('key', perKey);
    this.platforms = limit('platform', perPlatform);
    const address = () => new TokenBuckets({ perSecond: ADDRESS_PER_SECOND, burst: ADDRESS_BURST, clock });
    this.addresses = { credentials: address(), logins: address(), pushes: address() };
  }

  /** All buckets, by the name under which processes share their usage. */
  get buckets(): Record<string, TokenBuckets> {
    return {
      ...(this.keys ? { key: this.keys.buckets } : {}),
      ...(this.platforms ? { platform: this.platforms.buckets } : {}),
      address: this.addresses.credentials,
      address_login: this.addresses.logins,
      address_push: this.addresses.pushes,
    };
  }

  /**
   * Counts a request of an authenticated caller. The reply's headers describe the key's or the platform's limit, the one with
   * less remaining. @returns the refusal, or undefined
   */
  takeForCaller({ keyId, platformId }: Principal, reply: FastifyReply): AppError | undefined {
    const { keys, platforms } = this;
    const ofKey = keys?.buckets.take(keyId);
    if (keys && ofKey && !ofKey.ok) return refuse(keys, ofKey, reply);
    // Operators belong to no platform.
    const ofPlatform = platformId === null ? undefined : platforms?.buckets.take(String(platformId));
    if (platforms && ofPlatform && !ofPlatform.ok) {
      // A refused request does not count.
      keys?.buckets.refund(keyId);
      return refuse(platforms, ofPlatform, reply);
    }
    if (platforms && ofPlatform && (!ofKey || ofPlatform.remaining < ofKey.remaining)) {
      describe(reply, platforms, ofPlatform);
    } else if (keys && ofKey) describe(reply, keys, ofKey);
    return undefined;
  }

  /** Counts an unauthenticated request. @returns the refusal, or undefined */
  takeForAddress(budget: AddressBudget, key: string, reply: FastifyReply): AppError | undefined {
    const state = this.addresses[budget].take(key);
    return state.ok ? undefined : refuse(ADDRESS, state, reply);
  }

  refundAddress(budget: AddressBudget, key: string): void {
    this.addresses[budget].refund(key);
  }

  /** Charges an address after the fact. */
  chargeAddress(budget: AddressBudget, key: string): void {
    this.addresses[budget].take(key);
  }

  isExhausted(budget: AddressBudget, key: string): boolean {
    return !this.addresses[budget].peek(key).ok;
  }
}

function refuse(limit: Pick<Limit, 'name' | 'policy'>, state: BucketState, reply: FastifyReply): AppError {
  describe(reply, limit, state);
  return new AppError('rate_limited', 'too many requests', { retryAfterSeconds: Math.max(1, state.waitSeconds) });
}

/** Headers of draft-ietf-httpapi-ratelimit-headers. */
function describe(reply: FastifyReply, { name, policy }: Pick<Limit, 'name' | 'policy'>, state: BucketState): void {
  reply
    .header('RateLimit-Policy', policy)
    .header('RateLimit', `"${name}";r=${state.remaining};t=${Math.max(1, state.waitSeconds)}`);
}
