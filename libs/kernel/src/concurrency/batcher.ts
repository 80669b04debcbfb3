export interface BatcherOptions<In, Out> {
  /** Items in one write at most. */
  maxSize: number;
  /** Batches being written at once; 1 keeps them in order. */
  concurrency?: number;
  /** Writes all items, or throws and has written none. Answers in the order of `items`. */
  write: (items: In[]) => Promise<Out[]>;
}

interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: while one batch is being written, the next one collects. A lone item is written at once, a flood is
 * written in large batches, and nobody waits for a timer.
 */
export class Batcher<In, Out> {
  private waiting: Waiting<In, Out>[] = [];
  private writing = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly options: BatcherOptions<In, Out>) {}

  /** Resolves when the item is written; rejects with the error of its batch. */
  add(item: In): Promise<Out> {
    return new Promise<Out>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.pump();
    });
  }

  /** Resolves when everything added so far has been written or refused. */
  async drained(): Promise<void> {
    while (this.writing > 0 || this.waiting.length > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.writing < (this.options.concurrency ?? 1)) {
      const batch = this.waiting.splice(0, this.options.maxSize);
      this.writing += 1;
      // A microtask later, so that everything added in this turn of the event loop travels together.
      void Promise.resolve()
        .then(() => {
          if (batch.length < this.options.maxSize && this.waiting.length > 0) {
            batch.push(...this.waiting.splice(0, this.options.maxSize - batch.length));
          }
          return this.options.write(batch.map((waiting) => waiting.item));
        })
        .then(
          (outs) => batch.forEach((waiting, index) => waiting.resolve(outs[index] as Out)),
          (error: unknown) => batch.forEach((waiting) => waiting.reject(error)),
        )
        .finally(() => {
          this.writing -= 1;
          this.pump();
          if (this.writing === 0 && this.waiting.length === 0) this.idle.splice(0).forEach((wake) => wake());
        });
    }
  }
}
