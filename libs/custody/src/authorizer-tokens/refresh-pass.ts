import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import pLimit, { type LimitFunction } from 'p-limit';
import { AppError, isDatabaseUnavailable, Clock, Database, Log, Ticks } from '#libs/kernel';
import { AuthorizerCommits } from './authorizer-commits.ts';
import { AuthorizerRefresh, type AuthorizerRefreshResult } from './authorizer-refresh.ts';
import { AuthorizerTokenRows, type RefreshClaim } from './authorizer-token-rows.ts';
import { Withheld, type CallGuard } from './call-guard.ts';
import { CustodyOptions } from '../custody-options.ts';
import { ComponentAccounts } from '../platforms/component-accounts.ts';
import { ComponentTokens } from '../component-tokens/component-tokens.ts';
import { upstreamError } from '../failures.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { keyOf } from '../refresh/token-cache.ts';

export interface RefreshPassOptions {
  /** Accounts at most in this pass. */
  limit: number;
  /** Refreshes at once. */
  concurrency: number;
  /** Stops claiming; what is in progress is finished. */
  signal?: AbortSignal;
}

/** Each claimed account has one outcome, except those released because the pass stopped early. */
export interface RefreshPassCounts {
  claimed: number;
  refreshed: number;
  superseded: number;
  failed: number;
  not_authorized: number;
  lost: number;
  /** Released untouched: the pass was stopped, or WeChat cannot be asked for their platform now. */
  released: number;
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
  /** WeChat cannot be asked for the platform now. */
  givenUp: boolean;
  failuresInRow: number;
}

/** Failures that concern a whole platform: the call for the next account would only repeat them. */
const PLATFORM_WIDE: ReadonlySet<string> = new Set([
  'ticket_unavailable',
  'platform_misconfigured',
  'upstream_quota_exhausted',
  'unavailable',
]);
/** Accounts whose token has come and whose row is still being written, beside the calls in progress. */
const WRITING_AT_ONCE = 400;
/** This many failures in a row end a platform's turn: WeChat does not answer. */
const GIVE_UP_AFTER = 50;

/**
 * Refreshes what is due. Rows are claimed some hundred at a time and in advance, so that the workers never wait for the
 * database; platforms take turns; results are committed in batches by `AuthorizerCommits`.
 */
@Injectable()
export class RefreshPass implements OnApplicationBootstrap {
  constructor(
    readonly db: Database,
    readonly clock: Clock,
    readonly log: Log,
    readonly rows: AuthorizerTokenRows,
    readonly refreshing: AuthorizerRefresh,
    readonly commits: AuthorizerCommits,
    readonly componentTokens: ComponentTokens,
    private readonly accounts: ComponentAccounts,
    readonly options: CustodyOptions,
    private readonly ticks: Ticks,
  ) {}

  /** After a downtime much may be due. */
  onApplicationBootstrap(): void {
    void this.tick();
  }

  /** Refreshes access tokens ahead of their expiry. */
  @Interval('token_refresh', 5000)
  tick(): Promise<void> {
    const { passLimit: limit, passConcurrency: concurrency } = this.options;
    return this.ticks.run('token_refresh', (signal) => this.run({ limit, concurrency, signal }));
  }

  async run(options: RefreshPassOptions): Promise<RefreshPassCounts> {
    const pass = new RunningPass(this, options, await this.accounts.refs());
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
  /** Workers that found nothing; each looks again when called. */
  private readonly idle: (() => void)[] = [];
  /** Why claiming has ended for all platforms. */
  private broken: Error | null = null;
  private next = 0;
  private readonly calls: LimitFunction;
  private readonly chunk: number;
  /** Age at which a claim is released instead of started, so that no call is made under an expired lease. */
  private readonly startByMs: number;

  constructor(
    private readonly parts: RefreshPass,
    private readonly options: RefreshPassOptions,
    platforms: readonly PlatformRef[],
  ) {
    this.turns = platforms.map((platform) => this.turnOf(platform));
    this.calls = pLimit(options.concurrency);
    this.chunk = Math.max(50, Math.min(500, options.concurrency * 8));
    this.startByMs = (parts.options.leaseSeconds * 1000) / 2;
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
        this.calls(() => {
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
      // A refusal that concerns one account is an answer like any other.
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
      const refresh = refreshing.redeem(turn.platform, claim, 'background', this.guardOf(turn, claim));
      // A pass does not wait for an unavailable database; results are written when it is back.
      const result = await commits.pending
        .waitFor(keyOf(claim.platformId, claim.authorizerAppid), refresh)
        .catch((error: Error): AuthorizerRefreshResult => ({ outcome: 'failed', error }));
      if (result.outcome === 'withheld') this.withheld.push(claim);
      else this.counts[result.outcome] += 1;
    }
  }

  /** The next account; null when nothing is left. */
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

  /** Platforms in turn; those with few claims left claim more meanwhile. */
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
   * Wakes no more workers than there is work for: with hundreds of workers and platforms, waking all of them at the end of
   * each claim would take most of the pass.
   */
  private call(workers: number): void {
    for (const resume of this.idle.splice(0, this.claimsUnderWay === 0 ? this.idle.length : workers)) resume();
  }

  /** WeChat is slow: these leases would expire before their turn. */
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
        // One component token for all of them, and no claims for a platform without one.
        await this.parts.componentTokens.lease(turn.platform);
        const { rows, db, options } = this.parts;
        const claimed = await rows.claimDue(db, turn.platform.platformId, limit, options.leaseSeconds, turn.dueFrom);
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
      // The failure itself is logged where it happened; this repeats it in every pass.
      this.parts.log.debug('refresh_pass.platform_given_up', { componentAppid: turn.platform.componentAppid, error });
    }
  }
}
