import type { LastFailureView } from '#libs/contract';
import { driftOf, type Places } from '../lists/content-facts.ts';

/** A successful answer about one mini program. */
export interface Observation {
  authorizerId: number;
  /** When the answer came, by the database's clock. */
  observedAt: Date;
  /** The body exactly as it came; it was found to be a success. */
  body: Buffer;
  /** SHA-256 of the body, in hex. */
  bodyDigest: string;
}

/**
 * `first` and `changed` made a snapshot, `unchanged` let the latest one grow. `superseded`: a newer observation had been
 * recorded before this one arrived; it takes no part in the history, but where it contradicts it, the time around it
 * counts as between observations.
 */
export type RecordedOutcome = 'first' | 'changed' | 'unchanged' | 'superseded';

export interface Recorded {
  authorizerId: number;
  outcome: RecordedOutcome;
}

/** Why the next observation does not come. */
export type BlindReason =
  'permission_set_missing' | 'authorizer_not_authorized' | 'reauthorization_required' | 'call_failed';

/** A look that failed or could not be tried. */
export interface Blindness {
  authorizerId: number;
  /** When, by the database's clock. */
  at: Date;
  reason: BlindReason;
  /** What is shown as `last_failure`; null when nothing was tried. */
  failure: LastFailureView | null;
  /** Whether trying again soon makes sense. */
  transient: boolean;
}

/** The row of a mini program as the judgement needs it. */
export interface WatchState {
  latestNo: number;
  contentDigest: Buffer | null;
  lastObservedAt: Date | null;
  blindSince: Date | null;
  blindReason: string | null;
}

export type Judgement =
  { kind: 'superseded' } | { kind: 'first' } | { kind: 'changed' } | { kind: 'unchanged'; gapReason: string | null };

/**
 * What an observation means for a mini program. Pure; the caller holds the row's lock.
 * @param silenceMs a longer time without any observation makes a gap even when nothing is known to have failed
 */
export function judge(watch: WatchState, observedAt: Date, contentDigest: Buffer, silenceMs: number): Judgement {
  const agrees = watch.contentDigest !== null && watch.contentDigest.equals(contentDigest);
  if (watch.lastObservedAt === null || watch.latestNo === 0) return { kind: 'first' };
  if (observedAt.getTime() <= watch.lastObservedAt.getTime()) return { kind: 'superseded' };
  if (!agrees) return { kind: 'changed' };
  const blind = watch.blindSince !== null && watch.blindSince.getTime() <= observedAt.getTime();
  const silent = observedAt.getTime() - watch.lastObservedAt.getTime() > silenceMs;
  return { kind: 'unchanged', gapReason: blind ? (watch.blindReason ?? 'call_failed') : silent ? 'silence' : null };
}

/** Since when a mini program drifts, after it was observed with `content`. */
export function driftSince(before: Date | null, content: Places<number>, observedAt: Date): Date | null {
  return driftOf(content).length > 0 ? (before ?? observedAt) : null;
}
