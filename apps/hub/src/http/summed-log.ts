import type { Log } from '#libs/kernel';

const MS = 1000;
/** Distinct values of a field that one line names. */
const MAX_VALUES = 20;

/**
 * At most one log line per second for events that anybody can cause without credentials, such as pushes with a wrong signature.
 * The first is logged at once, those within the next second in one line with their count and their most frequent values.
 */
export class SummedLog {
  private count = 0;
  private values = new Map<string, Map<string, number>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: Log,
    private readonly event: string,
  ) {}

  /** @param fields each is summed by value */
  add(fields: Readonly<Record<string, string | undefined>>): void {
    this.count += 1;
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      let counts = this.values.get(name);
      if (!counts) this.values.set(name, (counts = new Map<string, number>()));
      // Bounded: in one second thousands of addresses may send something.
      if (counts.size < 1000 || counts.has(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    if (this.timer) return;
    this.flush();
    this.timer = setTimeout(() => this.tick(), MS);
    this.timer.unref();
  }

  /** Writes what is summed up now; at a stop. */
  flush(): void {
    if (this.count === 0) return;
    const fields: Record<string, unknown> = { count: this.count };
    for (const [name, counts] of this.values) {
      const top = [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_VALUES);
      fields[name] = Object.fromEntries(top);
    }
    this.log.warn(this.event, fields);
    this.count = 0;
    this.values = new Map();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flush();
  }

  /** Goes on as long as something came. */
  private tick(): void {
    this.timer = undefined;
    if (this.count === 0) return;
    this.flush();
    this.timer = setTimeout(() => this.tick(), MS);
    this.timer.unref();
  }
}
