import { Clock } from '#libs/kernel';

/** A clock that moves only when told to. */
export class FakeClock extends Clock {
  private monotonic = 1000;
  private wall = Date.UTC(2026, 0, 1);

  override monotonicMs(): number {
    return this.monotonic;
  }

  override wallMs(): number {
    return this.wall;
  }

  /** Time passes: both clocks move. */
  advance(ms: number): void {
    this.monotonic += ms;
    this.wall += ms;
  }

  /** Somebody sets the machine's clock: only the wall clock jumps. */
  jump(ms: number): void {
    this.wall += ms;
  }
}
