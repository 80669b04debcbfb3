import { AppError, isDatabaseUnavailable, type Clock, type Database, type Log } from '#libs/kernel';
import type { AuthorizerCommits } from './authorizer-commits.ts';
import type { AuthorizerRefresh, AuthorizerRefreshResult } from './authorizer-refresh.ts';
import type { AuthorizerRows, RefreshClaim } from './authorizer-rows.ts';
import { CallSlots, Withheld, type CallGuard } from './call-slots.ts';
import type { ComponentTokens } from '../component-tokens/component-tokens.ts';
import { upstreamError } from '../failures.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { keyOf } from './unwritten-results.ts';

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
  commits: Pick<AuthorizerCommits, 'waitFor'>;
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
  /** Nothing more is due. */
  finished: boolean;
  /** The platform cannot be asked now. */
  givenUp: boolean;
  failuresInRow: number;
}

/** Failures that concern a whole platform: asking for the next merchant would only repeat them. */
const PLATFORM_WIDE: ReadonlySet<string> = new Set([
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
  private readonly withheld: RefreshClaim[] = [];
  private claimsUnderWay = 0;
  /** Workers who found nothing, each of whom looks again when called. */
  private readonly idle: (() => void)[] = [];
  /** Why claiming is over for everybody. */
  private broken: Error | null = null;
  private next = 0;
  private readonly slots: CallSlots;
  private readonly chunk: number;
  /** Age of a claim at which it is given back rather than begun, so that no call is made under an ended lease. */
  private readonly startByMs: number;

  constructor(
    private readonly parts: RefreshPassParts,
    private readonly options: RefreshPassOptions,
    platforms: readonly PlatformRef[],
  ) {
    this.turns = platforms.map((platform) => this.turnOf(platform));
    this.slots = new CallSlots(options.concurrency);
    this.chunk = Math.max(50, Math.min(500, options.concurrency * 8));
    this.startByMs = (parts.leaseSeconds * 1000) / 2;
  }

  async run(): Promise<RefreshPassCounts> {
    const workers = Array.from({ length: this.options.concurrency + WRITING_AT_ONCE }, () => this.work());
    const ends = await Promise.allSettled(workers);
    await Promise.all(this.turns.map((turn) => turn.claiming ?? Promise.resolve()));
    const left = [...this.withheld, ...this.turns.flatMap((turn) => turn.waiting)];
    this.counts.released += left.length;
    await this.parts.rows.release(this.parts.db, left).catch((error: unknown) => {
      this.parts.log.warn('refresh_pass.release_failed', { error }); // the leases end by themselves
    });
    const rejected = ends.find((end) => end.status === 'rejected');
    if (rejected) throw rejected.reason;
    if (this.broken !== null) throw this.broken;
    return this.counts;
  }

  private turnOf(platform: PlatformRef): Turn {
    return {
      platform,
      waiting: [],
      dueFrom: null,
      claiming: null,
      finished: false,
      givenUp: false,
      failuresInRow: 0,
    };
  }

  private guardOf(turn: Turn, claim: RefreshClaim): CallGuard {
    let isFirst = true;
    return {
      run: (call) =>
        this.slots.run(() => {
          // Later calls of the same refresh have renewed the lease themselves.
          const isLate = isFirst && this.isLate(claim);
          isFirst = false;
          if (isLate || turn.givenUp || this.options.signal?.aborted) throw new Withheld();
          return this.watched(turn, call);
        }),
    };
  }

  /** Too much of the lease is gone to begin a call under it. */
  private isLate(claim: RefreshClaim): boolean {
    return this.parts.clock.monotonicMs() - claim.takenMs >= this.startByMs;
  }

  private async watched<T>(turn: Turn, call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      turn.failuresInRow = 0;
      return result;
    } catch (error) {
      const failure = upstreamError(error, 'refreshing');
      const code = failure instanceof AppError ? failure.code : null;
      // WeChat's word about one merchant is an answer like any other.
      turn.failuresInRow = code === 'upstream_busy' ? turn.failuresInRow + 1 : 0;
      if (code !== null && (PLATFORM_WIDE.has(code) || turn.failuresInRow >= GIVE_UP_AFTER)) this.giveUp(turn, failure);
      throw error;
    }
  }

  private giveUp(turn: Turn, error: unknown): void {
    if (turn.givenUp) return;
    turn.givenUp = true;
    this.parts.log.warn('refresh_pass.platform_given_up', { componentAppid: turn.platform.componentAppid, error });
  }

  private async work(): Promise<void> {
    for (let taken = await this.take(); taken; taken = await this.take()) {
      const { turn, claim } = taken;
      const { refreshing, commits } = this.parts;
      const refresh = refreshing.refresh(turn.platform, claim, 'background', this.guardOf(turn, claim));
      // A pass does not outlast a database that is away; what has come is written when that is back.
      const result = await commits
        .waitFor(keyOf(claim.platformId, claim.authorizerAppid), refresh)
        .catch((error: Error): AuthorizerRefreshResult => ({ outcome: 'failed', error }));
      if (result.outcome === 'withheld') this.withheld.push(claim);
      else this.counts[result.outcome] += 1;
    }
  }

  /** The next merchant; null when nothing is left. */
  private async take(): Promise<{ turn: Turn; claim: RefreshClaim } | null> {
    while (!this.options.signal?.aborted) {
      const next = this.nextWaiting();
      if (next) {
        if (!this.isLate(next.claim)) return next;
        next.turn.waiting.unshift(next.claim);
        await this.giveBack(next.turn);
      } else if (this.claimsUnderWay > 0) {
        await new Promise<void>((resolve) => this.idle.push(resolve));
      } else {
        return null;
      }
    }
    return null;
  }

  /** Platforms in turn; those that run short claim more meanwhile. */
  private nextWaiting(): { turn: Turn; claim: RefreshClaim } | null {
    for (let looked = 0; looked < this.turns.length; looked += 1) {
      const turn = this.turns[this.next]!;
      this.next = (this.next + 1) % this.turns.length;
      if (turn.givenUp) continue; // what waits is released at the end
      if (!turn.finished && turn.waiting.length < this.chunk / 2) this.startClaiming(turn);
      const claim = turn.waiting.shift();
      if (claim) return { turn, claim };
    }
    return null;
  }

  /**
   * No more workers than there is work for: with hundreds of them and of platforms, to call all of them whenever one platform's
   * claim has ended is what such a pass would spend its time on.
   */
  private call(workers: number): void {
    for (const resume of this.idle.splice(0, this.claimsUnderWay === 0 ? this.idle.length : workers)) resume();
  }

  /** WeChat is slow today: these leases would end before their turn came. */
  private async giveBack(turn: Turn): Promise<void> {
    const late = turn.waiting.splice(0);
    this.counts.released += late.length;
    await this.parts.rows.release(this.parts.db, late);
  }

  private startClaiming(turn: Turn): void {
    if (turn.claiming) return;
    this.claimsUnderWay += 1;
    turn.claiming = this.claim(turn).then(() => {
      turn.claiming = null;
      this.claimsUnderWay -= 1;
      this.call(turn.waiting.length);
    });
  }

  /** Never rejects. */
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
        // One call for all of them, and no claims for a platform that cannot be asked.
        await this.parts.componentTokens.lease(turn.platform);
        const { rows, db, leaseSeconds } = this.parts;
        const claimed = await rows.claimDue(db, turn.platform.platformId, limit, leaseSeconds, turn.dueFrom);
        claims = claimed.claims;
        turn.dueFrom = claimed.dueUntil;
      } finally {
        this.counts.claimed -= limit - claims.length;
      }
      turn.waiting.push(...claims);
      if (claims.length < limit) turn.finished = true;
    } catch (error) {
      turn.finished = true;
      turn.givenUp = true;
      if (isDatabaseUnavailable(error)) this.broken ??= error as Error;
      // The failure itself is logged where it happened; this is only its echo, in every pass.
      this.parts.log.debug('refresh_pass.platform_given_up', { componentAppid: turn.platform.componentAppid, error });
    }
  }
}
