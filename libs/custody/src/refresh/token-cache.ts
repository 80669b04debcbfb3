import type { Clock, Secret } from '#libs/kernel';

/** A valid token as it is handed out. `expiresAt` is the database's time; `expiresInSeconds` whole seconds from now. */
export interface LeasedToken {
  token: Secret;
  expiresAt: Date;
  expiresInSeconds: number;
  /** Grows with every new token of its holder. */
  generation: number;
}

/** A token as a process remembers it: its remaining life hangs on the monotonic clock, so a jump of the wall clock is harmless. */
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
  /** A refresh was begun whose answer is not here: WeChat may have ended this token, and it is served only for want of another. */
  mayBeReplaced: boolean;
}

/** One read of the database under way. */
export interface ReadMark {
  doubted: boolean;
}

/** Confirmed within this time: served without a thought. */
const FRESH_MS = 120_000;
/** Confirmed longer ago than this: asked again before it is served. A superseded token lives 300 s, so this is less. */
const STALE_MS = 240_000;

/** A token and the monotonic ms at which it came into this memory. */
interface Entry extends RememberedToken {
  keptMs: number;
}

export type Trust = 'fresh' | 'ageing' | 'stale';

/**
 * Tokens in this process's memory. Notifications drop what changed elsewhere within a second; the ages above are the safety
 * net for a notification that never came.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();
  private readonly reading = new Map<string, Set<ReadMark>>();

  constructor(
    private readonly clock: Clock,
    private readonly maxEntries = 100_000,
  ) {}

  get(key: string): RememberedToken | undefined {
    return this.entries.get(key);
  }

  /**
   * Runs a read of the database, after which `put` may be called with the mark. News about the key that arrive while the
   * read is under way make its result doubtful.
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

  /** A result of one's own refresh is no exception: while its commit was on the way, somebody else may have gone further. */
  put(key: string, entry: RememberedToken, mark: ReadMark): void {
    const present = this.entries.get(key);
    if (present && isOutdated(entry, present)) return;
    const now = this.clock.monotonicMs();
    if (mark.doubted) entry.confirmedMs = now - STALE_MS;
    this.entries.delete(key);
    this.entries.set(key, Object.assign(entry, { keptMs: now }));
    if (this.entries.size > this.maxEntries) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
  }

  /** How much the entry may be trusted without asking the database. */
  trust(entry: RememberedToken): Trust {
    if (entry.mayBeReplaced) return 'stale';
    const age = this.clock.monotonicMs() - entry.confirmedMs;
    return age < FRESH_MS ? 'fresh' : age < STALE_MS ? 'ageing' : 'stale';
  }

  forget(key: string): void {
    this.doubtReads(this.reading.get(key));
    this.entries.delete(key);
  }

  /** Something changed and we were told: ask before the next use, but keep the value for when the database is away. */
  doubt(key: string): void {
    this.doubtReads(this.reading.get(key));
    const entry = this.entries.get(key);
    if (entry) entry.confirmedMs = this.clock.monotonicMs() - STALE_MS;
  }

  doubtAll(): void {
    for (const marks of this.reading.values()) this.doubtReads(marks);
    const then = this.clock.monotonicMs() - STALE_MS;
    for (const entry of this.entries.values()) entry.confirmedMs = Math.min(entry.confirmedMs, then);
  }

  /** As handed out, with the life that is left now. */
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
 * Reads overtake one another on their way to the database and back, so the generation tells which token is the later one. One
 * that falls back is believed when it was read after the other was known: a database that was restored from a backup.
 */
function isOutdated(entry: RememberedToken, present: Entry): boolean {
  if (entry.generation > present.generation) return false;
  if (entry.generation === present.generation) return entry.confirmedMs < present.confirmedMs;
  return entry.confirmedMs <= present.keptMs;
}
