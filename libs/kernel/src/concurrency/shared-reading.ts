/**
 * Shares one reading between all who ask within a time, and never runs two at once: monitoring needs no credentials, so that
 * the number of requests must not decide how often the database is asked.
 */
export class SharedReading<T> {
  private current: Promise<T> | undefined;
  private isRunning = false;
  private expiresMs = 0;

  /** @param sharedMs how long a reading is given to others after it has ended */
  constructor(
    private readonly sharedMs: number,
    private readonly read: () => Promise<T>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get(): Promise<T> {
    if (this.current && (this.isRunning || this.nowMs() < this.expiresMs)) return this.current;
    this.isRunning = true;
    return (this.current = this.read().finally(() => {
      this.isRunning = false;
      this.expiresMs = this.nowMs() + this.sharedMs;
    }));
  }
}
