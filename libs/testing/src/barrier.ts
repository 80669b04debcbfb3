/** Holds `parties` callers until all have arrived; forces interleavings instead of hoping for them. */
export class Barrier {
  private arrived = 0;
  private open!: () => void;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  constructor(private readonly parties: number) {}

  async arrive(): Promise<void> {
    this.arrived += 1;
    if (this.arrived >= this.parties) this.open();
    await this.opened;
  }
}

/** A door that a test opens when it is ready: `pass` waits, `waiting` tells when somebody stands before it. */
export class Gate {
  private open!: () => void;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  private someone!: () => void;
  /** Resolves when the first caller has come to the gate. */
  readonly waiting = new Promise<void>((resolve) => (this.someone = resolve));

  async pass(): Promise<void> {
    this.someone();
    await this.opened;
  }

  release(): void {
    this.open();
  }
}
