/** At most so many calls at once; the others wait in line. */
export class CallSlots {
  private readonly line: (() => void)[] = [];
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
      this.line.length = 0;
      this.head = 0;
      this.free += 1;
      return;
    }
    this.head += 1;
    if (this.head > 1024) (this.line.splice(0, this.head), (this.head = 0));
    next(); // the slot passes on without becoming free
  }
}
