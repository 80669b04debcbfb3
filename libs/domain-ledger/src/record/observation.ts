import type { LastFailureView } from '#libs/contract';
import { driftOf, type Slots } from '../lists/content-facts.ts';

/** A successful answer about one mini program. */
export interface Observation {
  authorizerId: number;
  /** When it was asked, by the database's clock: observations are ordered by this. */
  askedAt: Date;
  /** When the answer was read, by the same clock. The observation is true at some moment between the two. */
  answeredAt: Date;
  /** The body exactly as it came; it was found to be a success. */
  body: Buffer;
  /** SHA-256 of the body, in hex. */
  bodyDigest: string;
}

/**
 * `first` and `changed` made a snapshot, `unchanged` extended the latest one. `superseded`: an observation that was asked later had
 * been recorded before; this one takes no part in the history, but where it contradicts it, the time around it counts as between
 * observations. `set_aside`: it claims to be from the future, so that its time is not known.
 */
export type RecordedOutcome = 'first' | 'changed' | 'unchanged' | 'superseded' | 'set_aside';

/** An observation further ahead of the database's clock than this is from the future: a clock was wrong. In milliseconds. */
export const CLOCK_TOLERANCE_MS = 1000;

export interface Recorded {
  authorizerId: number;
  outcome: RecordedOutcome;
}

/** Why the next observation does not come. */
export type GapReason =
  | 'permission_set_missing'
  | 'authorizer_not_authorized'
  | 'reauthorization_required'
  | 'unreadable_answer'
  | 'call_failed';

/** A look that failed or could not be tried. */
export interface ObservationGap {
  authorizerId: number;
  /** When, by the database's clock. */
  at: Date;
  reason: GapReason;
  /** What is shown as `last_failure`; null when nothing was tried. */
  failure: LastFailureView | null;
  /** Whether trying again soon makes sense. */
  transient: boolean;
  /** The body of an answer that says nothing about domains: it is kept. */
  unreadableBody?: Buffer | null;
}

/** The row of a mini program as the judgement needs it. */
export interface WatchState {
  latestNo: number;
  contentDigest: Buffer | null;
  lastObservedAt: Date | null;
  unreadableSince: Date | null;
  unreadableReason: string | null;
  /** Lists of which the latest observation said nothing that can be read, as a bit mask of slots. */
  unknownSlots: number;
}

export type Judgement =
  { kind: 'superseded' } | { kind: 'first' } | { kind: 'changed' } | { kind: 'unchanged'; gapReason: string | null };

/**
 * What an observation means for a mini program. Pure; the caller holds the row's lock.
 * @param silenceMs a longer time without any observation makes a gap even when nothing is known to have failed
 * @param unknownSlots bit mask of the lists of which this observation says nothing
 */
export function judge(
  watch: WatchState,
  askedAt: Date,
  contentDigest: Buffer,
  silenceMs: number,
  unknownSlots = 0,
): Judgement {
  const agrees = watch.contentDigest !== null && watch.contentDigest.equals(contentDigest);
  if (watch.lastObservedAt === null || watch.latestNo === 0) return { kind: 'first' };
  if (askedAt.getTime() <= watch.lastObservedAt.getTime()) return { kind: 'superseded' };
  if (!agrees) return { kind: 'changed' };
  const unreadable = watch.unreadableSince !== null && watch.unreadableSince.getTime() <= askedAt.getTime();
  const silent = askedAt.getTime() - watch.lastObservedAt.getTime() > silenceMs;
  if (unreadable) return { kind: 'unchanged', gapReason: watch.unreadableReason ?? 'call_failed' };
  if (silent) return { kind: 'unchanged', gapReason: 'silence' };
  // A list that can be read again may have been different meanwhile.
  const readAgain = (watch.unknownSlots & ~unknownSlots) !== 0;
  return { kind: 'unchanged', gapReason: readAgain ? 'unreadable_answer' : null };
}

/** Since when a mini program drifts, after it was observed with `content`. */
export function driftSince(before: Date | null, content: Slots<number>, askedAt: Date): Date | null {
  return driftOf(content).length > 0 ? (before ?? askedAt) : null;
}
