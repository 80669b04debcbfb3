/**
 * How many answers in a row that speak of a limit say that it is the platform's and not the mini programs' own. A minute's
 * pause costs little; a pause of an hour for the sake of some merchants would cost a fleet its day.
 */
const LIMIT_STREAK = { minute: 5, day: 20 };
/** The same for other failures. */
const FAILURE_STREAK = 30;
/** Successes after which a platform that was slowed down may have one more call in flight. */
const RECOVER_EVERY = 50;

/**
 * Calls in flight of one platform. Its share is the total divided by the platforms that are at work, so a slow platform
 * holds back only itself; a rate limit halves it, and successes let it grow again.
 */
export class PlatformPace {
  inFlight = 0;
  lanes = 0;
  private slowness = 1;
  private successes = 0;
  private limitStreak = 0;
  private failureStreak = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly share: () => number) {}

  get limit(): number {
    return Math.max(1, Math.floor(this.share() / this.slowness));
  }

  /** Resolves when a call may be made; every acquire needs a release. */
  async acquire(): Promise<void> {
    while (this.inFlight >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.inFlight += 1;
  }

  release(): void {
    this.inFlight -= 1;
    this.wake();
  }

  /** Lets those who wait look at the limit again. */
  wake(): void {
    for (let free = this.limit - this.inFlight; free > 0 && this.waiting.length > 0; free--) this.waiting.shift()?.();
  }

  succeeded(): void {
    this.limitStreak = 0;
    this.failureStreak = 0;
    this.successes += 1;
    if (this.slowness > 1 && this.successes % RECOVER_EVERY === 0) {
      const limit = this.limit + 1;
      this.slowness = Math.max(1, this.share() / limit);
    }
  }

  /** WeChat answered that a limit is met, and did not say whose. @returns whether it is taken for the platform's */
  limitMet(lasts: 'minute' | 'day'): boolean {
    this.limitStreak += 1;
    return this.limitStreak >= LIMIT_STREAK[lasts];
  }

  /** This number of calls at once is too much for the platform: half of them from now on. */
  slowDown(): void {
    this.slowness = Math.min(this.slowness * 2, Math.max(1, this.share()));
  }

  /** A failure that is not the mini program's own. @returns whether the platform should be left alone for a while */
  failed(): boolean {
    this.failureStreak += 1;
    return this.failureStreak >= FAILURE_STREAK;
  }

  /** After a pause everything is tried afresh. */
  paused(): void {
    this.limitStreak = 0;
    this.failureStreak = 0;
  }
}

/** The paces of all platforms in this process. */
export class SweepPaces {
  private readonly paces = new Map<number, PlatformPace>();

  /** @param total calls in flight over all platforms */
  constructor(private readonly total: number) {}

  of(platformId: number): PlatformPace {
    let pace = this.paces.get(platformId);
    if (!pace) {
      pace = new PlatformPace(() => this.total / Math.max(1, this.active()));
      this.paces.set(platformId, pace);
    }
    return pace;
  }

  /** A shard of the platform is begun (+1) or ended (-1): shares of all change. */
  shard(platformId: number, step: 1 | -1): void {
    this.of(platformId).lanes += step;
    for (const pace of this.paces.values()) pace.wake();
  }

  private active(): number {
    let active = 0;
    for (const pace of this.paces.values()) if (pace.lanes > 0) active += 1;
    return active;
  }
}
