/** Callers who wait for somebody else's refresh of a token, by key; woken by news, or by time when the news got lost. */
export class WaitingRoom {
  private readonly sleepers = new Map<string, Set<() => void>>();

  /** Resolves at the next `wake` of this key, or after `ms`. */
  wait(key: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const here = this.sleepers.get(key) ?? new Set();
      this.sleepers.set(key, here);
      const leave = () => {
        clearTimeout(timer);
        here.delete(leave);
        if (here.size === 0 && this.sleepers.get(key) === here) this.sleepers.delete(key);
        resolve();
      };
      const timer = setTimeout(leave, ms);
      here.add(leave);
    });
  }

  wake(key: string): void {
    const here = this.sleepers.get(key);
    if (here) [...here].forEach((leave) => leave());
  }

  wakeAll(): void {
    for (const key of [...this.sleepers.keys()]) this.wake(key);
  }
}
