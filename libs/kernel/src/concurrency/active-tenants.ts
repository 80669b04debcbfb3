/** A tenant counts as active for this long after its last request, so that one that asks now and then keeps its share. */
const PRESENT_MS = 60_000;

/** Knows whether somebody else uses the same thing now: what one name may take depends on it. */
export class ActiveTenants<Name = string> {
  /** The two names seen last are enough to tell for any name whether there was another one. */
  private last: { name: Name; atMs: number } | undefined;
  private before: { name: Name; atMs: number } | undefined;

  /** @param nowMs monotonic milliseconds; a spec has its own */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Notes that `name` is here. @returns whether another name was here within the last minute */
  see(name: Name): boolean {
    const atMs = this.nowMs();
    if (this.last?.name !== name) {
      const free = this.before;
      this.before = this.last;
      this.last = free ?? { name, atMs };
      this.last.name = name;
    }
    this.last.atMs = atMs;
    return this.before !== undefined && atMs - this.before.atMs < PRESENT_MS;
  }
}
