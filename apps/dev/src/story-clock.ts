import { SystemClock } from '#libs/kernel';

/**
 * This machine's clocks plus the days that the story has moved on: what is remembered for two hours is forgotten when the
 * story jumps by two days, as it would be in a process that had really waited.
 */
export class StoryClock extends SystemClock {
  private movedMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.movedMs;
  }

  moveOn(ms: number): void {
    this.movedMs += ms;
  }
}
