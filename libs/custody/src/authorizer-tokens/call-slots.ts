/** At most so many calls at once; the others wait in line. */
export class CallSlots {
  private line: (() => void)[] = [];
  private head = 0;

  constructor(private free: number) {}

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.line.push(resolve));
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  private leave(): void {
    const next = this.line[this.head];
    if (!next) {
      this.line = [];
      this.head = 0;
      this.free += 1;
      return;
    }
    this.head += 1;
    next(); // the slot passes on without becoming free
  }
}

/** Decides about each call of a refresh: makes it in its turn, or throws `Withheld` because it is not to be made any more. */
export interface CallGuard {
  run<T>(call: () => Promise<T>): Promise<T>;
}

/** The call was not made, and nothing is known about the merchant that was not known before. */
export class Withheld extends Error {
  override name = 'Withheld';
}
