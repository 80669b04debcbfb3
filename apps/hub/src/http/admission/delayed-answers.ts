/** Delay of a refusal: a client that ignores Retry-After is slowed down at almost no cost. */
const DELAY_MS = 200;
const MAX_DELAYED = 2000;
/** How many delayed answers are released per event-loop turn; answers delayed together would otherwise all run in one. */
const RELEASED_PER_TURN = 2;

/** Runs callbacks after a fixed delay, a few per event-loop turn. */
export class DelayedAnswers {
  private delayed = 0;
  private readonly due: (() => void)[] = [];

  /** Runs `then` later; at once when too many are waiting already. */
  add(then: () => void): void {
    if (this.delayed >= MAX_DELAYED) return then();
    this.delayed += 1;
    setTimeout(() => {
      if (this.due.push(then) === 1) setImmediate(() => this.release());
    }, DELAY_MS);
  }

  private release(): void {
    for (const then of this.due.splice(0, RELEASED_PER_TURN)) {
      this.delayed -= 1;
      then();
    }
    if (this.due.length > 0) setImmediate(() => this.release());
  }
}
