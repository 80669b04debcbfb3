import type { Clock } from '#libs/kernel';

export interface BucketOptions {
  /** Requests a second in the long run. */
  perSecond: number;
  /** Requests at once after a quiet time. */
  burst: number;
  clock: Clock;
  /** Buckets kept at most; one that is forgotten is a full one. Default 50 000. */
  maxKept?: number;
  /** So many taken from one bucket are worth telling others of (`used`). Default: a twentieth of a second's. */
  worthTelling?: number;
}

export interface Taken {
  ok: boolean;
  /** Requests that could follow at once. */
  remaining: number;
  /** Whole seconds until the next one would be let through; 0 while there are some left. */
  waitSeconds: number;
}

/** What a bucket may owe, in seconds of its income. */
const MAX_DEBT_SECONDS = 60;

interface Bucket {
  tokens: number;
  atMs: number;
  /** Taken since others were told. */
  untold: number;
}

/** Token buckets in memory, one per name: a few nanoseconds each, no timer. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  /** Names of which enough was taken to tell others. */
  private readonly hot = new Set<string>();
  private readonly worthTelling: number;

  constructor(private readonly options: BucketOptions) {
    this.worthTelling = Math.max(1, options.worthTelling ?? Math.ceil(options.perSecond / 20));
  }

  /** Takes one. A refused request costs nothing, so that who waits as told gets through. */
  take(name: string): Taken {
    const bucket = this.filled(name);
    const ok = bucket.tokens >= 1;
    if (ok) {
      bucket.tokens -= 1;
      bucket.untold += 1;
      if (bucket.untold === this.worthTelling) this.hot.add(name);
    }
    return this.state(bucket, ok);
  }

  /** One that was taken turned out not to count. Others who were told of it meanwhile are not told again. */
  giveBack(name: string): void {
    const bucket = this.filled(name);
    bucket.tokens = Math.min(this.options.burst, bucket.tokens + 1);
    bucket.untold = Math.max(0, bucket.untold - 1);
  }

  /** What was taken here since the last time, as far as it is worth telling. */
  used(): Map<string, number> {
    const used = new Map<string, number>();
    for (const name of this.hot) {
      const bucket = this.buckets.get(name);
      if (!bucket || bucket.untold === 0) continue;
      used.set(name, bucket.untold);
      bucket.untold = 0;
    }
    this.hot.clear();
    return used;
  }

  /**
   * Somebody else took so many of the same name: they are missing here, too, also when there were not so many here. Nobody
   * waits for more than a minute because of it.
   */
  spend(name: string, count: number): void {
    const bucket = this.filled(name);
    bucket.tokens = Math.max(-MAX_DEBT_SECONDS * this.options.perSecond, bucket.tokens - count);
  }

  /** Whether `take` would succeed. */
  peek(name: string): Taken {
    const bucket = this.filled(name);
    return this.state(bucket, bucket.tokens >= 1);
  }

  private state(bucket: Bucket, ok: boolean): Taken {
    const waitSeconds = bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) / this.options.perSecond);
    return { ok, remaining: Math.max(0, Math.floor(bucket.tokens)), waitSeconds };
  }

  private filled(name: string): Bucket {
    const { perSecond, burst, clock } = this.options;
    const nowMs = clock.monotonicMs();
    let bucket = this.buckets.get(name);
    if (!bucket) {
      this.makeRoom(nowMs);
      this.buckets.set(name, (bucket = { tokens: burst, atMs: nowMs, untold: 0 }));
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
