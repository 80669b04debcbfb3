/** One line of a batch of counts. */
export interface CountLine {
  componentAppid: string;
  day: string;
  path: string;
  calls: number;
  errors: number;
}

export interface MerchantCountLine extends CountLine {
  authorizerAppid: string;
}

/** What is written in one go. It is sent again, unchanged, until it is known to be written. */
export interface CountBatch {
  sequence: number;
  totals: CountLine[];
  merchants: MerchantCountLine[];
}

interface Tally {
  calls: number;
  errors: number;
}

interface Group extends CountLine {
  key: string;
  merchants: Map<string, Tally>;
}

export interface CallCountersOptions {
  /** Merchants remembered at once; beyond it, while nothing can be written, only totals are kept. */
  maxMerchants: number;
}

/** Counts in memory: per platform, path and day, and within these per merchant, until a batch takes them out. */
export class CallCounters {
  private readonly live = new Map<string, Group>();
  private ended: Group[] = [];
  private held: CountBatch | null = null;
  private readonly heldCalls = new Map<string, number>();
  private sequence = 0;
  private merchants = 0;
  private unattributed = 0;

  constructor(private readonly options: CallCountersOptions) {}

  /** Merchants with counts that no batch has taken yet. */
  get merchantCount(): number {
    return this.merchants;
  }

  /** Calls that are in the totals, but in no merchant's count, since the last time this was asked. */
  takeUnattributed(): number {
    const count = this.unattributed;
    this.unattributed = 0;
    return count;
  }

  /** Adds; a call that turned out not to have been made is taken back with -1. */
  add(
    call: { componentAppid: string; authorizerAppid?: string; path: string },
    day: string,
    calls: number,
    errors: number,
  ): void {
    const group = this.groupOf(call.componentAppid, call.path, day);
    group.calls += calls;
    group.errors += errors;
    if (call.authorizerAppid === undefined) return;
    const tally = group.merchants.get(call.authorizerAppid);
    if (tally) {
      tally.calls += calls;
      tally.errors += errors;
    } else if (this.merchants >= this.options.maxMerchants) {
      this.unattributed += calls;
    } else {
      group.merchants.set(call.authorizerAppid, { calls, errors });
      this.merchants += 1;
    }
  }

  /** Calls of a path on a day that are not known to be written. */
  unwritten(componentAppid: string, path: string, day: string): number {
    const key = keyOf(componentAppid, path);
    const group = this.live.get(key);
    return (group?.day === day ? group.calls : 0) + (this.heldCalls.get(`${day} ${key}`) ?? 0);
  }

  /** The batch that is not yet written, or else a new one; null: there is nothing to write. */
  take(withMerchants: boolean): { batch: CountBatch | null; wasHeld: boolean } {
    if (this.held) return { batch: this.held, wasHeld: true };
    const groups = [...this.ended, ...this.live.values()];
    const batch: CountBatch = { sequence: this.sequence + 1, totals: [], merchants: [] };
    for (const group of groups) {
      const { key, merchants, ...line } = group;
      if (line.calls !== 0 || line.errors !== 0) {
        batch.totals.push(line);
        this.heldCalls.set(`${line.day} ${key}`, line.calls);
        group.calls = 0;
        group.errors = 0;
      }
      // A day that has ended is written whole; so is everything when merchants are due.
      if (!withMerchants && this.live.get(key) === group) continue;
      for (const [authorizerAppid, tally] of merchants) batch.merchants.push({ ...line, authorizerAppid, ...tally });
      this.merchants -= merchants.size;
      merchants.clear();
      if (this.live.get(key) === group) this.live.delete(key);
    }
    this.ended = [];
    if (batch.totals.length === 0 && batch.merchants.length === 0) return { batch: null, wasHeld: false };
    this.sequence += 1;
    this.held = batch;
    return { batch, wasHeld: false };
  }

  /** The held batch is written. */
  written(): void {
    this.held = null;
    this.heldCalls.clear();
  }

  private groupOf(componentAppid: string, path: string, day: string): Group {
    const key = keyOf(componentAppid, path);
    const present = this.live.get(key);
    if (present?.day === day) return present;
    if (present) this.ended.push(present);
    const group = { key, componentAppid, path, day, calls: 0, errors: 0, merchants: new Map<string, Tally>() };
    this.live.set(key, group);
    return group;
  }
}

function keyOf(componentAppid: string, path: string): string {
  return `${componentAppid} ${path}`;
}
