/**
 * The simulator's own clock. Every lifetime (tickets 12 h, tokens 7200 s, the 5-minute window, quotas per day) is measured on it,
 * so a spec can let a day pass without waiting. It runs with real time unless it is frozen or scaled.
 */
export class SimulatedClock {
  #anchorReal = Date.now();
  #anchorSimulated = Date.now();
  #rate = 1;
  readonly #listeners = new Set<() => void>();

  /** Simulated milliseconds since the Unix epoch. */
  nowMs(): number {
    return this.#rate === 0
      ? this.#anchorSimulated
      : this.#anchorSimulated + (Date.now() - this.#anchorReal) * this.#rate;
  }

  /** Simulated Unix seconds, as WeChat writes them. */
  nowSeconds(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  /** Simulated milliseconds per real millisecond; 0 while frozen. */
  get rate(): number {
    return this.#rate;
  }

  /** Jumps to a moment (milliseconds since the epoch). */
  set(ms: number): void {
    this.#anchor(ms, this.#rate);
  }

  /** Moves by `ms` (may be negative) and keeps running as before. */
  advance(ms: number): void {
    this.#anchor(this.nowMs() + ms, this.#rate);
  }

  /** Runs `rate` times as fast as real time; 0 freezes. */
  setRate(rate: number): void {
    if (!(rate >= 0)) throw new RangeError('rate must be >= 0');
    this.#anchor(this.nowMs(), rate);
  }

  /** Calls `listener` after every jump or change of rate, so that timers can be set again. Returns the unsubscribe function. */
  onJump(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #anchor(simulated: number, rate: number): void {
    this.#anchorReal = Date.now();
    this.#anchorSimulated = simulated;
    this.#rate = rate;
    for (const listener of this.#listeners) listener();
  }
}
