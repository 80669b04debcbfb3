import { AppError, isDatabaseUnavailable, type Clock, type Database, type Log } from '#libs/kernel';
import type { AuthorizerRefresh, AuthorizerRefreshResult } from './authorizer-refresh.ts';
import type { AuthorizerRows, RefreshClaim } from './authorizer-rows.ts';
import { CallSlots } from './call-slots.ts';
import type { ComponentTokens } from './component-tokens.ts';
import type { PlatformRef } from './platform-directory.ts';

export interface RefreshPassOptions {
  /** Merchants at most in this pass. */
  limit: number;
  /** Refreshes at once. */
  concurrency: number;
  /** Stops claiming; what is under way is finished. */
  signal?: AbortSignal;
}

/** Each claimed merchant has one outcome, except those given back because the pass stopped early. */
export interface RefreshPassCounts {
  claimed: number;
  refreshed: number;
  superseded: number;
  failed: number;
  not_authorized: number;
  lost: number;
  /** Given back untouched: the pass was stopped, or their platform cannot be asked now. */
  released: number;
}

export interface RefreshPassParts {
  db: Database;
  clock: Clock;
  log: Log;
  rows: AuthorizerRows;
  refreshing: AuthorizerRefresh;
  componentTokens: ComponentTokens;
  platforms: () => Promise<PlatformRef[]>;
  leaseSeconds: number;
}

/** A platform in one pass. */
interface Turn {
  platform: PlatformRef;
  waiting: RefreshClaim[];
  /** Up to when it has claimed what was due. */
  dueFrom: Date | null;
  claiming: Promise<void> | null;
  /** Nothing more is due, or the platform cannot be asked now. */
  finished: boolean;
  failuresInRow: number;
}

/** Failures that concern a whole platform: asking for the next merchant would only repeat them. */
const PLATFORM_WIDE = new Set([
  'ticket_unavailable',
  'platform_misconfigured',
  'upstream_quota_exhausted',
  'unavailable',
]);
/** Merchants whose token has come and whose row is still being written, beside the calls under way. */
const WRITING_AT_ONCE = 400;
/** So many failures in a row of one platform end its turn: WeChat does not answer. */
const GIVE_UP_AFTER = 50;

/**
 * Refreshes what is due. Rows are claimed some hundred at a time and ahead of need, so that the workers never wait for the
 * database; platforms take turns; results are committed in batches by `AuthorizerCommits`.
 */
export class RefreshPass {
  constructor(private readonly parts: RefreshPassParts) {}

  async run(options: RefreshPassOptions): Promise<RefreshPassCounts> {
    const pass = new RunningPass(this.parts, options, await this.parts.platforms());
    return pass.run();
  }
}

class RunningPass {
  private readonly counts: RefreshPassCounts = {
    claimed: 0,
    refreshed: 0,
    superseded: 0,
    failed: 0,
    not_authorized: 0,
    lost: 0,
    released: 0,
  };
  private readonly turns: Turn[];
  private next = 0;
  private readonly slots: CallSlots;
  private readonly chunk: number;
  /** Of the pool, so that a claim is not left lying until its lease ends. */
  private readonly startByMs: number;

  constructor(
    private readonly parts: RefreshPassParts,
    private readonly options: RefreshPassOptions,
    platforms: readonly PlatformRef[],
  ) {
    this.turns = platforms.map((platform) => ({
      platform,
      waiting: [],
      dueFrom: null,
      claiming: null,
      finished: false,
      failuresInRow: 0,
    }));
    this.slots = new CallSlots(options.concurrency);
    this.chunk = Math.max(50, Math.min(500, options.concurrency * 8));
    this.startByMs = (parts.leaseSeconds * 1000) / 2;
  }

  async run(): Promise<RefreshPassCounts> {
    const workers = Array.from({ length: this.options.concurrency + WRITING_AT_ONCE }, () => this.work());
    const ends = await Promise.allSettled(workers);
    const left = this.turns.flatMap((turn) => turn.waiting.splice(0));
    this.counts.released += left.length;
    await this.parts.rows.release(this.parts.db, left).catch((error: unknown) => {
      this.parts.log.warn('refresh_pass.release_failed', { error }); // the leases end by themselves
    });
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
    return this.counts;
  }

  private async work(): Promise<void> {
    for (let taken = await this.take(); taken; taken = await this.take()) {
      const { turn, claim } = taken;
      const result = await this.parts.refreshing.refresh(turn.platform, claim, 'background', this.slots);
      this.counts[result.outcome] += 1;
      this.note(turn, result);
    }
  }

  private note(turn: Turn, result: AuthorizerRefreshResult): void {
    if (result.outcome !== 'failed') {
      turn.failuresInRow = 0;
      return;
    }
    turn.failuresInRow += 1;
    const { error } = result;
    const platformWide = error instanceof AppError && PLATFORM_WIDE.has(error.code);
    if (!turn.finished && (platformWide || turn.failuresInRow >= Math.max(GIVE_UP_AFTER, this.options.concurrency))) {
      turn.finished = true;
      this.parts.log.warn('refresh_pass.platform_given_up', { componentAppid: turn.platform.componentAppid, error });
    }
  }

  /** The next merchant, platforms in turn; null when nothing is left. */
  private async take(): Promise<{ turn: Turn; claim: RefreshClaim } | null> {
    for (;;) {
      if (this.options.signal?.aborted) return null;
      const claims: Promise<void>[] = [];
      for (let looked = 0; looked < this.turns.length; looked += 1) {
        const turn = this.turns[this.next]!;
        this.next = (this.next + 1) % this.turns.length;
        if (turn.finished && turn.failuresInRow > 0) continue; // given up; what waits is released at the end
        if (!turn.finished && turn.waiting.length < this.chunk / 2) this.startClaiming(turn);
        const claim = turn.waiting.shift();
        if (claim) {
          if (this.parts.clock.monotonicMs() - claim.takenMs < this.startByMs) return { turn, claim };
          turn.waiting.unshift(claim);
          await this.giveBack(turn);
        }
        if (turn.claiming) claims.push(turn.claiming);
      }
      if (claims.length === 0) return null;
      await Promise.race(claims);
    }
  }

  /** WeChat is slow today: these leases would end before their turn came. */
  private async giveBack(turn: Turn): Promise<void> {
    const late = turn.waiting.splice(0);
    this.counts.released += late.length;
    await this.parts.rows.release(this.parts.db, late);
  }

  private startClaiming(turn: Turn): void {
    turn.claiming ??= this.claim(turn).finally(() => (turn.claiming = null));
  }

  private async claim(turn: Turn): Promise<void> {
    try {
      const active = this.turns.filter((other) => !other.finished).length;
      const share = Math.ceil((this.options.limit - this.counts.claimed) / active);
      const limit = Math.min(this.chunk, share);
      if (limit <= 0 || this.options.signal?.aborted) {
        turn.finished = true;
        return;
      }
      this.counts.claimed += limit; // reserved, corrected below: several platforms claim at once
      let claims: RefreshClaim[] = [];
      try {
        const { rows, db, leaseSeconds } = this.parts;
        const claimed = await rows.claimDue(db, turn.platform.platformId, limit, leaseSeconds, turn.dueFrom);
        claims = claimed.claims;
        turn.dueFrom = claimed.dueUntil;
      } finally {
        this.counts.claimed -= limit - claims.length;
      }
      turn.waiting.push(...claims);
      if (claims.length < limit) turn.finished = true;
      if (claims.length > 0 && turn.failuresInRow === 0) {
        // One call for all of them, instead of all of them finding out that there is no component token.
        await this.parts.componentTokens.lease(turn.platform);
      }
    } catch (error) {
      turn.finished = true;
      turn.failuresInRow += 1;
      if (isDatabaseUnavailable(error)) throw error;
      this.parts.log.warn('refresh_pass.platform_given_up', { componentAppid: turn.platform.componentAppid, error });
    }
  }
}
