import pLimit, { type LimitFunction } from 'p-limit';
import { AppError, type Clock } from '#libs/kernel';

/** How long (ms) a look-up waits for its turn. */
const MAX_WAIT_MS = 5000;

/**
 * Limits how many connections the look-ups of tokens take at once: while the table is locked each of them holds a connection
 * until its lock timeout, and the other work of the process needs connections too.
 */
export class LookupSlots {
  private readonly limit: LimitFunction;

  constructor(
    slots: number,
    private readonly clock: Clock,
  ) {
    this.limit = pLimit(slots);
  }

  /** @throws AppError unavailable when the turn does not come within seconds */
  run<T>(lookup: () => Promise<T>): Promise<T> {
    const since = this.clock.monotonicMs();
    return this.limit(() => {
      if (this.clock.monotonicMs() - since <= MAX_WAIT_MS) return lookup();
      throw new AppError('unavailable', 'too many token look-ups wait for the database', { retryAfterSeconds: 2 });
    });
  }
}
