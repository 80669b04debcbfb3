import { AppError, type Clock } from '#libs/kernel';
import { repeatedFailure, type KeptFailure } from '../failures.ts';
import { keyOf, type RememberedToken, type TokenAddress } from './token-cache.ts';
import type { LookupSlots } from './lookup-slots.ts';
import type { WaiterList } from './waiter-list.ts';

/** What the row of a token says, with times as remaining milliseconds by the database's clock. */
export interface TokenState {
  /** The token in the row, expired or not. */
  token: RememberedToken | null;
  /** Why this subject cannot have a token at all; then nothing else counts. */
  refusal: AppError | null;
  /** Remaining time of a lease on the row; <= 0: free. */
  leasedMs: number;
  /** Remaining cool-down after a failed refresh; <= 0: none. */
  coolingMs: number;
  failure: KeptFailure | null;
}

/** How a refresh ended. `superseded`: another writer changed the row meanwhile, and that result stands. */
export type RefreshResult =
  { outcome: 'refreshed'; token: RememberedToken } | { outcome: 'superseded' } | { outcome: 'failed'; error: Error };

/** The rows of one kind of token: how they are read, leased and refreshed. */
export interface TokenRows<Subject extends TokenAddress, State extends TokenState, Claim> {
  /** `known` is what this process remembers; it saves opening the sealed value again. */
  read(subject: Subject, known: RememberedToken | undefined): Promise<State>;
  /** Takes the lease if nothing has changed since `state` was read; null when another caller was faster. */
  claim(subject: Subject, state: State): Promise<Claim | null>;
  /** Calls WeChat and writes the result; always releases the lease. No transaction is open during the call. */
  refresh(subject: Subject, claim: Claim): Promise<RefreshResult>;
}

export interface RefreshRequest {
  /** Remaining life that the caller needs. */
  minLifeMs: number;
  /** A token of this generation was rejected: only another one will do. */
  rejectedGeneration?: number;
  /** `ahead`: refresh when the token is merely due, and do not wait for a refresh that is in progress. */
  priority?: RefreshPriority;
}

/** `needed`: a caller waits for it. `ahead`: a background look at a token that is still served. */
export type RefreshPriority = 'needed' | 'ahead';

/** A valid token is better than none when its successor is not available; with less life than this (ms) it is not. */
export const LAST_SECONDS_MS = 5000;
const POLL_MS = [50, 100, 150, 200, 250];
/** How long to wait for another process's refresh. */
const MAX_WAIT_MS = 30_000;

/**
 * Gets a valid token from a row that several processes refresh: read it; return it if it is good; else take the lease, call
 * WeChat and write; or wait for the holder of the lease. `TokenIssuer` runs one of these per token and process.
 */
export class TokenRefresher<Subject extends TokenAddress, State extends TokenState, Claim> {
  constructor(
    private readonly rows: TokenRows<Subject, State, Claim>,
    private readonly clock: Clock,
    private readonly waiters: WaiterList,
    private readonly slots: LookupSlots,
  ) {}

  /**
   * @param known what this process remembers now
   * @param seen is called with every token that the row holds or gets
   * @throws AppError saying why there is no valid token now
   */
  async obtain(
    subject: Subject,
    request: RefreshRequest,
    known: () => RememberedToken | undefined,
    seen: (token: RememberedToken) => void,
  ): Promise<RememberedToken> {
    const deadline = this.clock.monotonicMs() + MAX_WAIT_MS;
    for (let waits = 0; ;) {
      const state = await this.slots.run(() => this.rows.read(subject, known()));
      if (state.token && !state.refusal) seen(state.token);
      if (state.refusal) throw state.refusal;
      if (state.token && this.satisfies(state.token, request)) return state.token;
      // Evaluated at each use: during a long refresh the token of this state may expire.
      const fallback = () => this.fallback(state.token, request);
      if (state.leasedMs > 0) {
        const served = fallback();
        if (served && (request.priority === 'ahead' || this.clock.monotonicMs() >= deadline)) return served;
        if (this.clock.monotonicMs() >= deadline) {
          throw new AppError('upstream_busy', 'timed out waiting for a refresh already in progress', {
            retryAfterSeconds: 5,
          });
        }
        await this.waiters.wait(
          keyOf(subject.platformId, subject.authorizerAppid),
          Math.min(POLL_MS[Math.min(waits, POLL_MS.length - 1)]!, state.leasedMs + 5),
        );
        waits += 1;
        continue;
      }
      if (state.coolingMs > 0) {
        const served = fallback();
        if (served) return served;
        throw repeatedFailure(state.failure, state.coolingMs);
      }
      const claim = await this.slots.run(() => this.rows.claim(subject, state));
      if (claim === null) continue; // another caller was faster; the next read shows its result
      const result = await this.rows.refresh(subject, claim);
      if (result.outcome === 'refreshed') {
        seen(result.token);
        return result.token;
      }
      if (result.outcome === 'failed') {
        const served = fallback();
        if (served) return served;
        throw result.error;
      }
    }
  }

  private satisfies(token: RememberedToken, request: RefreshRequest): boolean {
    if (token.generation === request.rejectedGeneration || token.mayBeReplaced) return false;
    const now = this.clock.monotonicMs();
    return token.deadMs - now >= request.minLifeMs && !(request.priority === 'ahead' && now >= token.refreshMs);
  }

  private fallback(token: RememberedToken | null, request: RefreshRequest): RememberedToken | null {
    if (!token || token.generation === request.rejectedGeneration) return null;
    return token.deadMs - this.clock.monotonicMs() >= LAST_SECONDS_MS ? token : null;
  }
}
