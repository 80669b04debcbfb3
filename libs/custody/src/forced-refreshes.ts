import type { Clock } from '#libs/kernel';

/** At once, and then one more per `EVERY_MS`, for one token holder in one process. */
const BURST = 3;
const EVERY_MS = 60_000;

interface Allowance {
  left: number;
  at: number;
}

/**
 * Bounds what "your token is rejected" may cost. Each report names a token, and only a report of the current one forces a
 * refresh; still a merchant whose every new token is refused would be refreshed as fast as it is asked. After a burst of
 * three a merchant gets one forced refresh a minute.
 */
export class ForcedRefreshes {
  private readonly allowances = new Map<string, Allowance>();

  constructor(private readonly clock: Clock) {}

  /** Takes one, or says after how many milliseconds there is one. */
  take(key: string): { allowed: true } | { allowed: false; waitMs: number } {
    const now = this.clock.monotonicMs();
    const before = this.allowances.get(key);
    const left = before ? Math.min(BURST, before.left + (now - before.at) / EVERY_MS) : BURST;
    if (left < 1) return { allowed: false, waitMs: Math.ceil((1 - left) * EVERY_MS) };
    this.allowances.delete(key); // re-inserted at the end: the map stays ordered by last use
    this.allowances.set(key, { left: left - 1, at: now });
    this.forgetFull(now);
    return { allowed: true };
  }

  /** Who has not been here for so long that the allowance is full again need not be remembered. */
  private forgetFull(now: number): void {
    for (const [key, allowance] of this.allowances) {
      if (now - allowance.at < BURST * EVERY_MS) return;
      this.allowances.delete(key);
    }
  }
}
