/** Whose quota of which path. `authorizerAppid` is '' for the platform's own. */
export interface ParkKey {
  componentAppid: string;
  authorizerAppid: string;
  path: string;
}

/** A path that waits, or waited a short while ago. Times are milliseconds since 1970 by the database's clock. */
export interface Park extends ParkKey {
  errcode: number;
  parkedAtMs: number;
  untilMs: number;
  /** From when on a call may be let through to find out whether it has ended already; null: never. */
  probeAtMs: number | null;
  strikes: number;
  /** As in the row; 0 until it is written. */
  version: number;
  /** When this process learned of it, by its monotonic clock: calls sent earlier say nothing new about it. */
  sinceMs: number;
  /** This process may let one call through. */
  hasProbe: boolean;
}

export interface MinuteParkOptions {
  /** Length of the first. */
  seconds: number;
  /** They double with every strike up to this. */
  maxSeconds: number;
}

/** Who is parked, in memory. Bounded: merchants that do not fit are asked again and learned again, which costs a call each. */
export class Parks {
  private readonly parks = new Map<string, Park>();

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.parks.size;
  }

  all(): IterableIterator<Park> {
    return this.parks.values();
  }

  get(key: ParkKey): Park | undefined {
    return this.find(key.componentAppid, key.authorizerAppid, key.path);
  }

  find(componentAppid: string, authorizerAppid: string, path: string): Park | undefined {
    return this.parks.get(`${componentAppid} ${authorizerAppid} ${path}`);
  }

  put(park: Park): void {
    const key = parkKeyOf(park);
    if (!this.parks.has(key) && this.parks.size >= this.limit) this.makeRoom();
    this.parks.set(key, park);
  }

  /** Removes this very park; a later one of the same key stays. */
  remove(park: Park): boolean {
    const key = parkKeyOf(park);
    return this.parks.get(key) === park && this.parks.delete(key);
  }

  /** Forgets those whose strikes are all forgiven. */
  sweep(nowMs: number): void {
    for (const [key, park] of this.parks) if (isForgotten(park, nowMs)) this.parks.delete(key);
  }

  private makeRoom(): void {
    for (const [key, park] of this.parks) {
      if (park.authorizerAppid === '') continue;
      this.parks.delete(key);
      return;
    }
  }
}

export function parkKeyOf(key: ParkKey): string {
  return `${key.componentAppid} ${key.authorizerAppid} ${key.path}`;
}

/** One strike is forgiven for each minute without a new one after the park's end. */
export const FORGIVE_SECONDS = 60;

/** Strikes that still count at `nowMs`. */
export function strikesLeft(park: Pick<Park, 'strikes' | 'untilMs'>, nowMs: number): number {
  const quietMs = Math.max(0, nowMs - park.untilMs);
  return Math.max(0, park.strikes - Math.floor(quietMs / (FORGIVE_SECONDS * 1000)));
}

/** Whether nothing of it matters any more. */
export function isForgotten(park: Pick<Park, 'strikes' | 'untilMs'>, nowMs: number): boolean {
  return nowMs >= park.untilMs && strikesLeft(park, nowMs) === 0;
}

/** Seconds for which a path waits after its n-th 45011 in a row ("retry next minute", page "Return codes"). */
export function minuteParkSeconds(strikes: number, options: MinuteParkOptions): number {
  return Math.min(options.maxSeconds, options.seconds * 2 ** Math.min(30, Math.max(0, strikes - 1)));
}
