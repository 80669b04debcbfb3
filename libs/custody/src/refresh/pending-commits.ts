import { AppError } from '#libs/kernel';

/** How long (ms) a caller waits for a result that the database does not take. */
const MAX_WAIT_MS = 5000;

type Reject = (error: Error) => void;

/** Results of refreshes that are not yet in the database, and the callers who wait for them, by token (`keyOf`). */
export class PendingCommits {
  /** Results of each token that are being written; two when a lease was taken over. */
  private readonly writing = new Map<string, number>();
  private readonly waiting = new Map<string, Set<Reject>>();
  /** Writes that fail and are retried, by what identifies them. */
  private readonly retries = new Map<unknown, NodeJS.Timeout>();
  /** Why nothing can be written, once that has lasted longer than callers wait. */
  private reason: Error | null = null;

  /** The database has not taken anything for a while. */
  get isBlocked(): boolean {
    return this.reason !== null;
  }

  /** Registers `write` under this token until it ends. */
  async during<T>(key: string, write: Promise<T>): Promise<T> {
    this.writing.set(key, (this.writing.get(key) ?? 0) + 1);
    if (this.reason) this.reject(key, this.reason);
    try {
      return await write;
    } finally {
      const left = this.writing.get(key)! - 1;
      if (left > 0) this.writing.set(key, left);
      else this.writing.delete(key);
    }
  }

  /**
   * The outcome of `work`, unless a result of this token cannot be written for too long; the work continues then.
   * @throws AppError unavailable, and what `work` rejects with
   */
  waitFor<T>(key: string, work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting = this.waiting.get(key) ?? new Set<Reject>();
      this.waiting.set(key, waiting.add(reject));
      work.then(resolve, reject).finally(() => {
        waiting.delete(reject);
        if (waiting.size === 0 && this.waiting.get(key) === waiting) this.waiting.delete(key);
      });
      if (this.reason && this.writing.has(key)) this.reject(key, this.reason);
    });
  }

  /** `write` has failed and is tried again. */
  retry(write: unknown, error: Error): void {
    if (this.retries.has(write)) return;
    const timer = setTimeout(() => {
      this.reason = error;
      for (const key of this.writing.keys()) this.reject(key, error);
    }, MAX_WAIT_MS);
    timer.unref();
    this.retries.set(write, timer);
  }

  /** `write` has ended, whether or not it had failed before. */
  resume(write: unknown): void {
    clearTimeout(this.retries.get(write));
    if (this.retries.delete(write) && this.retries.size === 0) this.reason = null;
  }

  private reject(key: string, cause: Error): void {
    for (const reject of this.waiting.get(key) ?? []) {
      reject(new AppError('unavailable', 'the database cannot be reached', { retryAfterSeconds: 2, cause }));
    }
  }
}
