import { AppError, type Clock } from '#libs/kernel';
import { repeatedFailure, type KeptFailure } from '../failures.ts';
import type { RememberedToken } from './token-cache.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What the row of a token says, with times as remaining milliseconds by the database's clock. */
export interface Standing {
  /** The token in the row, expired or not. */
  token: RememberedToken | null;
  /** Why this holder cannot have a token at all; then nothing else counts. */
  refusal: AppError | null;
  /** Remaining time of a lease that somebody holds; <= 0: free. */
  leasedMs: number;
  /** Remaining cool-down after a failed refresh; <= 0: none. */
  coolingMs: number;
  failure: KeptFailure | null;
}

/** How a refresh ended. `superseded`: somebody else wrote meanwhile, and theirs stands. */
export type RefreshResult =
  { outcome: 'refreshed'; token: RememberedToken } | { outcome: 'superseded' } | { outcome: 'failed'; error: Error };

/** One token that can be refreshed: a platform's, or a merchant's. */
export interface TokenHolder<S extends Standing, Claim> {
  key: string;
  read(): Promise<S>;
  /** Takes the lease, conditional on nothing having changed since `read`; null when somebody was faster. */
  claim(standing: S): Promise<Claim | null>;
  /** Asks WeChat and writes what came of it; always gives the lease back. No transaction is open meanwhile. */
  refresh(claim: Claim): Promise<RefreshResult>;
}

export interface Wish {
  /** Remaining life that the caller needs. */
  minLifeMs: number;
  /** A token of this generation was rejected: only another one will do. */
  rejectedGeneration?: number;
  /** Refresh also when the token is merely due, and never wait for somebody who does that already. */
  ahead?: boolean;
}

/** A valid token is better than none when its successor cannot be had; with less life than this (ms) it is not. */
export const LAST_SECONDS_MS = 5000;
const POLL_MS = [50, 100, 150, 200, 250];

export interface TokenRefreshOptions {
  /** How long to wait for another process's refresh; default 30 000. */
  maxWaitMs?: number;
}

/**
 * Gets a valid token out of a row that several processes refresh: read; serve what is good; else take the lease, ask
 * WeChat and write; or wait for whoever has the lease. In one process, one of these runs per token (`SingleFlight` around it).
 */
export class TokenRefresh {
  constructor(
    private readonly clock: Clock,
    private readonly room: WaitingRoom,
    private readonly options: TokenRefreshOptions = {},
  ) {}

  /** @throws AppError saying why there is no valid token now */
  async obtain<S extends Standing, Claim>(holder: TokenHolder<S, Claim>, wish: Wish): Promise<RememberedToken> {
    const deadline = this.clock.monotonicMs() + (this.options.maxWaitMs ?? 30_000);
    for (let waits = 0; ;) {
      const standing = await holder.read();
      if (standing.refusal) throw standing.refusal;
      if (standing.token && this.satisfies(standing.token, wish)) return standing.token;
      // Asked anew wherever it is used: over a refresh that takes its time the token of this standing may expire.
      const fallback = () => this.fallback(standing.token, wish);
      if (standing.leasedMs > 0) {
        const served = fallback();
        if (served && (wish.ahead || this.clock.monotonicMs() >= deadline)) return served;
        if (this.clock.monotonicMs() >= deadline) {
          throw new AppError('upstream_busy', 'another refresh of this token does not end', { retryAfterSeconds: 5 });
        }
        await this.room.wait(
          holder.key,
          Math.min(POLL_MS[Math.min(waits, POLL_MS.length - 1)]!, standing.leasedMs + 5),
        );
        waits += 1;
        continue;
      }
      if (standing.coolingMs > 0) {
        const served = fallback();
        if (served) return served;
        throw repeatedFailure(standing.failure, standing.coolingMs);
      }
      const claim = await holder.claim(standing);
      if (claim === null) continue; // somebody was faster; what they did is seen at the next reading
      const result = await holder.refresh(claim);
      if (result.outcome === 'refreshed') return result.token;
      if (result.outcome === 'failed') {
        const served = fallback();
        if (served) return served;
        throw result.error;
      }
    }
  }

  private satisfies(token: RememberedToken, wish: Wish): boolean {
    if (token.generation === wish.rejectedGeneration || token.mayBeReplaced) return false;
    const now = this.clock.monotonicMs();
    return token.deadMs - now >= wish.minLifeMs && !(wish.ahead && now >= token.refreshMs);
  }

  private fallback(token: RememberedToken | null, wish: Wish): RememberedToken | null {
    if (!token || token.generation === wish.rejectedGeneration) return null;
    return token.deadMs - this.clock.monotonicMs() >= LAST_SECONDS_MS ? token : null;
  }
}
