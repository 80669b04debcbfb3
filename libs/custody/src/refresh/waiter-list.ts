/** Callers who wait for a refresh elsewhere, by token; woken by a notification, or by time if the notification is lost. */
export class WaiterList {
  private readonly waiters = new Map<string, Set<() => void>>();

  /** Resolves at the next `wake` of this key, or after `ms`. */
  wait(key: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.waiters.get(key) ?? new Set();
      this.waiters.set(key, waiting);
      const leave = () => {
        clearTimeout(timer);
        waiting.delete(leave);
        if (waiting.size === 0 && this.waiters.get(key) === waiting) this.waiters.delete(key);
        resolve();
      };
      const timer = setTimeout(leave, ms);
      waiting.add(leave);
    });
  }

  wake(key: string): void {
    const waiting = this.waiters.get(key);
    if (waiting) [...waiting].forEach((leave) => leave());
  }

  wakeAll(): void {
    for (const key of [...this.waiters.keys()]) this.wake(key);
  }
}
