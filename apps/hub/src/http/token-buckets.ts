import type { Clock } from '#libs/kernel';

export interface BucketOptions {
  /** Requests a second in the long run. */
  perSecond: number;
  /** Requests at once after a quiet time. */
  burst: number;
  clock: Clock;
  /** Buckets kept at most; one that is forgotten is a full one. Default 50 000. */
  maxKept?: number;
}

export interface Taken {
  ok: boolean;
  /** Requests that could follow at once. */
  remaining: number;
  /** Whole seconds until the next one would be let through; 0 while there are some left. */
  waitSeconds: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets in memory, one per name: a few nanoseconds each, no timer. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly options: BucketOptions) {}

  /** Takes one. A refused request costs nothing, so that who waits as told gets through. */
  take(name: string): Taken {
    const bucket = this.filled(name);
    const ok = bucket.tokens >= 1;
    if (ok) bucket.tokens -= 1;
    return this.state(bucket, ok);
  }

  /** Whether `take` would succeed. */
  peek(name: string): Taken {
    const bucket = this.filled(name);
    return this.state(bucket, bucket.tokens >= 1);
  }

  private state(bucket: Bucket, ok: boolean): Taken {
    const waitSeconds = bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) / this.options.perSecond);
    return { ok, remaining: Math.floor(bucket.tokens), waitSeconds };
  }

  private filled(name: string): Bucket {
    const { perSecond, burst, clock } = this.options;
    const nowMs = clock.monotonicMs();
    let bucket = this.buckets.get(name);
    if (!bucket) {
      this.makeRoom(nowMs);
      this.buckets.set(name, (bucket = { tokens: burst, atMs: nowMs }));
      return bucket;
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    return bucket;
  }

  /** Forgets full buckets, which changes nothing, and the oldest if that is not enough. */
  private makeRoom(nowMs: number): void {
    const max = this.options.maxKept ?? 50_000;
    if (this.buckets.size < max) return;
    const { perSecond, burst } = this.options;
    for (const [name, { tokens, atMs }] of this.buckets) {
      if (tokens + ((nowMs - atMs) / 1000) * perSecond >= burst) this.buckets.delete(name);
    }
    for (const name of this.buckets.keys()) {
      if (this.buckets.size < max * 0.9) break;
      this.buckets.delete(name);
    }
  }
}
