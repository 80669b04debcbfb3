import { LRUCache } from 'lru-cache';
import type { Clock, Secret } from '#libs/kernel';

/** Which token: of a platform, or of a mini program that authorized it. */
export interface TokenAddress {
  platformId: number;
  componentAppid: string;
  /** Absent for a component token. */
  authorizerAppid?: string;
}

/** Names a token in this process's memory; the appid is empty for a component token. */
export function keyOf(platformId: number, authorizerAppid = ''): string {
  return `${platformId}:${authorizerAppid}`;
}

/** A valid token as it is handed out. `expiresAt` is the database's time; `expiresInSeconds` whole seconds from now. */
export interface LeasedToken {
  token: Secret;
  expiresAt: Date;
  expiresInSeconds: number;
  /** Grows with every new token of its subject. */
  generation: number;
}

/** A token in a process's memory: its remaining life is on the monotonic clock, so a jump of the wall clock is harmless. */
export interface RememberedToken {
  token: Secret;
  expiresAt: Date;
  generation: number;
  /** Monotonic ms at which it expires, never later than by the database's clock. */
  deadMs: number;
  /** Monotonic ms from which its successor should be fetched. */
  refreshMs: number;
  /** Monotonic ms at which the database last confirmed it. */
  confirmedMs: number;
  /** A refresh was started whose answer is not here: WeChat may have ended this token; it is served only as a fallback. */
  mayBeReplaced: boolean;
}

/** One read of the database in progress. */
export interface ReadMark {
  doubted: boolean;
}

/** Confirmed within this time: served without a check. */
const FRESH_MS = 120_000;
/** Confirmed longer ago than this: the row is read before it is served. Less than the 300 s that a replaced token lives. */
const STALE_MS = 240_000;

/** A token and the monotonic ms at which it entered the cache. */
interface Entry extends RememberedToken {
  keptMs: number;
}

export type Trust = 'fresh' | 'ageing' | 'stale';

/**
 * Tokens in this process's memory. A notification makes a token that changed elsewhere stale within a second; the ages above
 * cover a notification that was lost.
 */
export class TokenCache {
  private readonly entries: LRUCache<string, Entry>;
  private readonly reading = new Map<string, Set<ReadMark>>();

  constructor(
    private readonly clock: Clock,
    maxEntries = 100_000,
  ) {
    this.entries = new LRUCache({ max: maxEntries });
  }

  get(key: string): RememberedToken | undefined {
    return this.entries.get(key);
  }

  /**
   * Runs a read of the database; `put` may be called with its mark. A notification about the key that arrives during the read
   * makes its result stale.
   */
  async during<T>(key: string, read: (mark: ReadMark) => Promise<T>): Promise<T> {
    const mark: ReadMark = { doubted: false };
    const marks = this.reading.get(key) ?? new Set();
    this.reading.set(key, marks.add(mark));
    try {
      return await read(mark);
    } finally {
      marks.delete(mark);
      if (marks.size === 0) this.reading.delete(key);
    }
  }

  /** Also for the result of an own refresh: during its commit another process may have written a later one. */
  put(key: string, entry: RememberedToken, mark: ReadMark): void {
    const present = this.entries.peek(key);
    if (present && isOutdated(entry, present)) return;
    const now = this.clock.monotonicMs();
    if (mark.doubted) entry.confirmedMs = now - STALE_MS;
    this.entries.set(key, Object.assign(entry, { keptMs: now }));
  }

  /** How far the entry may be trusted without a look at the database. */
  trust(entry: RememberedToken): Trust {
    if (entry.mayBeReplaced) return 'stale';
    const age = this.clock.monotonicMs() - entry.confirmedMs;
    return age < FRESH_MS ? 'fresh' : age < STALE_MS ? 'ageing' : 'stale';
  }

  forget(key: string): void {
    this.doubtReads(this.reading.get(key));
    this.entries.delete(key);
  }

  /** Something changed: read the row before the next use, but keep the value for a database that is unavailable. */
  doubt(key: string): void {
    this.doubtReads(this.reading.get(key));
    const entry = this.entries.peek(key);
    if (entry) entry.confirmedMs = this.clock.monotonicMs() - STALE_MS;
  }

  doubtAll(): void {
    for (const marks of this.reading.values()) this.doubtReads(marks);
    const then = this.clock.monotonicMs() - STALE_MS;
    for (const entry of this.entries.values()) entry.confirmedMs = Math.min(entry.confirmedMs, then);
  }

  /** The token with the life that is left now. */
  lease(entry: RememberedToken): LeasedToken {
    return {
      token: entry.token,
      expiresAt: entry.expiresAt,
      expiresInSeconds: Math.max(0, Math.floor((entry.deadMs - this.clock.monotonicMs()) / 1000)),
      generation: entry.generation,
    };
  }

  lifeMs(entry: RememberedToken): number {
    return entry.deadMs - this.clock.monotonicMs();
  }

  get size(): number {
    return this.entries.size;
  }

  private doubtReads(marks: Set<ReadMark> | undefined): void {
    marks?.forEach((mark) => (mark.doubted = true));
  }
}

/**
 * Reads can overtake each other, so the generation decides which token is later. A lower generation is accepted if it was read
 * after the other was stored: the database was restored from a backup.
 */
function isOutdated(entry: RememberedToken, present: Entry): boolean {
  if (entry.generation > present.generation) return false;
  if (entry.generation === present.generation) return entry.confirmedMs < present.confirmedMs;
  return entry.confirmedMs <= present.keptMs;
}
