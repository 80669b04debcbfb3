import { LRUCache } from 'lru-cache';
import type { Clock } from '#libs/kernel';

export interface BucketOptions {
  /** Sustained rate, requests per second. */
  perSecond: number;
  /** Capacity: requests at once after a quiet time. */
  burst: number;
  clock: Clock;
  /** Buckets kept in memory; the least recently used is forgotten, which makes it a full one. Default 50,000. */
  maxBuckets?: number;
  /** Requests taken from one bucket before `drainUsage` reports it. Default: a twentieth of one second's. */
  reportThreshold?: number;
}

export interface BucketState {
  /** Whether the request was admitted. */
  ok: boolean;
  /** Requests that would be admitted right now. */
  remaining: number;
  /** Whole seconds until the next request is admitted; 0 while some remain. */
  waitSeconds: number;
}

/** Maximum debt of a bucket, in seconds of its rate. */
const MAX_DEBT_SECONDS = 60;

interface Bucket {
  tokens: number;
  atMs: number;
  /** Taken since the last report to other processes. */
  unreported: number;
}

/** Token buckets in memory, one per key. No timers. */
export class TokenBuckets {
  private readonly buckets: LRUCache<string, Bucket>;
  /** Keys whose usage has reached the report threshold. */
  private readonly reportable = new Set<string>();
  private readonly reportThreshold: number;

  constructor(private readonly options: BucketOptions) {
    this.buckets = new LRUCache({ max: options.maxBuckets ?? 50_000 });
    this.reportThreshold = Math.max(1, options.reportThreshold ?? Math.ceil(options.perSecond / 20));
  }

  /** Takes one token. A refused request takes none, so a client that waits as told is admitted. */
  take(key: string): BucketState {
    const bucket = this.refilled(key);
    const ok = bucket.tokens >= 1;
    if (ok) {
      bucket.tokens -= 1;
      bucket.unreported += 1;
      if (bucket.unreported === this.reportThreshold) this.reportable.add(key);
    }
    return this.stateOf(bucket, ok);
  }

  /** Returns one token. Usage that was already reported to other processes stays reported. */
  refund(key: string): void {
    const bucket = this.refilled(key);
    bucket.tokens = Math.min(this.options.burst, bucket.tokens + 1);
    bucket.unreported = Math.max(0, bucket.unreported - 1);
  }

  /** Usage since the last call, per key, where it reached the report threshold. */
  drainUsage(): Map<string, number> {
    const usage = new Map<string, number>();
    for (const key of this.reportable) {
      const bucket = this.buckets.get(key);
      if (!bucket || bucket.unreported === 0) continue;
      usage.set(key, bucket.unreported);
      bucket.unreported = 0;
    }
    this.reportable.clear();
    return usage;
  }

  /** Subtracts usage that another process reported. The bucket may go into debt, up to one minute of its rate. */
  debit(key: string, count: number): void {
    const bucket = this.refilled(key);
    bucket.tokens = Math.max(-MAX_DEBT_SECONDS * this.options.perSecond, bucket.tokens - count);
  }

  /** Whether `take` would succeed. */
  peek(key: string): BucketState {
    const bucket = this.refilled(key);
    return this.stateOf(bucket, bucket.tokens >= 1);
  }

  private stateOf(bucket: Bucket, ok: boolean): BucketState {
    const waitSeconds = bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) / this.options.perSecond);
    return { ok, remaining: Math.max(0, Math.floor(bucket.tokens)), waitSeconds };
  }

  private refilled(key: string): Bucket {
    const { perSecond, burst, clock } = this.options;
    const nowMs = clock.monotonicMs();
    let bucket = this.buckets.get(key);
    if (!bucket) {
      this.buckets.set(key, (bucket = { tokens: burst, atMs: nowMs, unreported: 0 }));
      return bucket;
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    return bucket;
  }
}
