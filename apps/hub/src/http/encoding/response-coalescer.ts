/** Flush early above this many pending responses. */
const MAX_PENDING = 64;

/**
 * Sends the responses of one event-loop turn together at its end. Each socket write wakes the client; a client that falls asleep
 * between two writes has to be woken for each, which costs more than the rest of an answer from memory (decision 0012).
 */
export class ResponseCoalescer {
  private pending: (() => void)[] = [];

  /** Calls `send` at the end of this turn, in order. */
  add(send: () => void): void {
    if (this.pending.push(send) === 1) setImmediate(this.flush);
    else if (this.pending.length >= MAX_PENDING) this.flush();
  }

  private readonly flush = (): void => {
    const { pending } = this;
    this.pending = [];
    let sent = 0;
    try {
      for (; sent < pending.length; sent += 1) pending[sent]!();
    } finally {
      // One that throws must not lose the responses behind it.
      for (const send of pending.slice(sent + 1)) this.add(send);
    }
  };
}
