/** One answered (or abandoned) call. Holds no token. */
export interface CallRecord {
  readonly seq: number;
  /** Simulated milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly componentAppid: string;
  readonly authorizerAppid: string;
  /** The name under which the caller came (`/via/<name>`), or empty. */
  readonly via: string;
  /** 0 for success; null when no answer was given on purpose. */
  readonly errcode: number | null;
  /** Injected fault, null without one. */
  readonly fault: string | null;
  /** Real milliseconds. */
  readonly ms: number;
}

export interface CallFilter {
  readonly componentAppid?: string;
  readonly authorizerAppid?: string;
  readonly errcode?: number;
}

const KEPT = 20_000;

/** Counts every call exactly and keeps the last 20,000. */
export class CallLog {
  readonly #ring: CallRecord[] = [];
  readonly #totals = new Map<string, Map<number | null, number>>();
  #next = 0;
  #seq = 0;
  inFlight = 0;
  peakInFlight = 0;
  /** False: only the totals are counted (benchmarks). */
  keepRecords = true;

  record(entry: Omit<CallRecord, 'seq'>): void {
    this.#seq += 1;
    let byErrcode = this.#totals.get(entry.path);
    if (byErrcode === undefined) this.#totals.set(entry.path, (byErrcode = new Map<number | null, number>()));
    byErrcode.set(entry.errcode, (byErrcode.get(entry.errcode) ?? 0) + 1);
    if (!this.keepRecords) return;
    this.#ring[this.#next] = { seq: this.#seq, ...entry };
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The kept calls in order, filtered. */
  list(path?: string, filter: CallFilter = {}): CallRecord[] {
    return this.#ring
      .filter(
        (call) =>
          (path === undefined || call.path === path) &&
          (filter.componentAppid === undefined || call.componentAppid === filter.componentAppid) &&
          (filter.authorizerAppid === undefined || call.authorizerAppid === filter.authorizerAppid) &&
          (filter.errcode === undefined || call.errcode === filter.errcode),
      )
      .sort((a, b) => a.seq - b.seq);
  }

  /** Exact number of calls since the last reset; `errcode` narrows to one outcome. */
  total(path?: string, errcode?: number): number {
    let sum = 0;
    for (const [counted, byErrcode] of this.#totals) {
      if (path !== undefined && counted !== path) continue;
      for (const [code, count] of byErrcode) if (errcode === undefined || errcode === code) sum += count;
    }
    return sum;
  }

  /** Totals as `{path: {errcode: count}}`; `none` stands for calls left without an answer. */
  totals(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#totals].map(([path, byErrcode]) => [
        path,
        Object.fromEntries([...byErrcode].map(([code, count]) => [String(code ?? 'none'), count])),
      ]),
    );
  }

  reset(): void {
    this.#ring.length = 0;
    this.#next = 0;
    this.#totals.clear();
    this.peakInFlight = this.inFlight;
  }
}
