/** Limits how many connections ordinary work takes, so that the rest of the pool stays free for what is urgent. */
export class ConnectionSlots {
  private readonly waiting: (() => void)[] = [];

  /** @param free slots in all @param timeoutMs how long a caller waits for one */
  constructor(
    private free: number,
    private readonly timeoutMs: number,
  ) {}

  /** @throws after the timeout, with the message of the pool for the same */
  take(): Promise<void> | undefined {
    if (this.free > 0) {
      this.free -= 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(new Error('timeout exceeded when trying to connect'));
      }, this.timeoutMs);
      this.waiting.push(enter);
    });
  }

  /** Callers that wait for a slot. */
  get length(): number {
    return this.waiting.length;
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
