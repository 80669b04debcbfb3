import { AppError } from '#libs/kernel';

/** How long (ms) a caller waits for a result that the database does not take. */
const PATIENCE_MS = 5000;

type Leave = (error: Error) => void;

/** Results of refreshes on their way to the database, and the callers who wait for them, by merchant. */
export class UnwrittenResults {
  /** Results of each merchant under way; two when a lease was taken over. */
  private readonly underWay = new Map<string, number>();
  private readonly waiting = new Map<string, Set<Leave>>();
  /** Writes that fail again and again, by what identifies them. */
  private readonly stalls = new Map<unknown, NodeJS.Timeout>();
  /** Why nothing can be written, once that has gone on for longer than callers are patient. */
  private reason: Error | null = null;

  /** The database has not taken anything for a while. */
  get isAway(): boolean {
    return this.reason !== null;
  }

  /** Names `writing` as that of this merchant while it is under way. */
  async during<T>(key: string, writing: Promise<T>): Promise<T> {
    this.underWay.set(key, (this.underWay.get(key) ?? 0) + 1);
    if (this.reason) this.tell(key, this.reason);
    try {
      return await writing;
    } finally {
      const left = this.underWay.get(key)! - 1;
      if (left > 0) this.underWay.set(key, left);
      else this.underWay.delete(key);
    }
  }

  /**
   * The outcome of `work`, unless a result of this merchant cannot be written for too long; the work goes on then.
   * @throws AppError unavailable, and what `work` rejects with
   */
  waitFor<T>(key: string, work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const here = this.waiting.get(key) ?? new Set<Leave>();
      this.waiting.set(key, here.add(reject));
      work.then(resolve, reject).finally(() => {
        here.delete(reject);
        if (here.size === 0 && this.waiting.get(key) === here) this.waiting.delete(key);
      });
      if (this.reason && this.underWay.has(key)) this.tell(key, this.reason);
    });
  }

  /** The write named `write` has failed and is tried again. */
  stalled(write: unknown, error: Error): void {
    if (this.stalls.has(write)) return;
    const timer = setTimeout(() => {
      this.reason = error;
      for (const key of this.underWay.keys()) this.tell(key, error);
    }, PATIENCE_MS);
    timer.unref();
    this.stalls.set(write, timer);
  }

  /** The write named `write` has ended, whether or not it had failed before. */
  goesOn(write: unknown): void {
    clearTimeout(this.stalls.get(write));
    if (this.stalls.delete(write) && this.stalls.size === 0) this.reason = null;
  }

  private tell(key: string, cause: Error): void {
    for (const leave of this.waiting.get(key) ?? []) {
      leave(new AppError('unavailable', 'the database cannot be reached', { retryAfterSeconds: 2, cause }));
    }
  }
}

/** Names a merchant of a platform in this process's memory. */
export function keyOf(platformId: number, authorizerAppid: string): string {
  return `${platformId}:${authorizerAppid}`;
}
