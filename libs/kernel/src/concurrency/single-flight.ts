/** One running promise per key in this process: callers that come while it runs share its outcome. */
export class SingleFlight<T> {
  private readonly running = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const present = this.running.get(key);
    if (present) return present;
    // Through an async function, so that a synchronous throw of `work` becomes a rejection and the key is always freed.
    const promise = (async () => work())().finally(() => {
      this.running.delete(key);
    });
    this.running.set(key, promise);
    return promise;
  }

  has(key: string): boolean {
    return this.running.has(key);
  }

  get size(): number {
    return this.running.size;
  }
}
