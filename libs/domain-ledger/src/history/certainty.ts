import type { Certainty } from '#libs/contract';

/** What the rows say about the neighbourhood of a moment. All times are observations of the database's clock. */
export interface Neighbourhood {
  /** The snapshot that began last at or before the moment; null: none had begun. */
  before: { firstObservedAt: Date; lastObservedAt: Date; latest: boolean } | null;
  /** Beginning of the first snapshot after the moment. */
  nextFirstObservedAt: Date | null;
  /** Gaps within the run of `before`. */
  gaps: readonly { from: Date; to: Date }[];
  /** Since when the next observation is known to be prevented; null: nothing is in its way. */
  blindSince: Date | null;
}

export interface Evidence {
  certainty: Certainty;
  observedBefore: Date | null;
  observedAfter: Date | null;
}

/**
 * How sure an answer about moment `at` is, and between which observations it lies (rules of truth 1 and 6).
 * `observed`: equal observations at or around it, with nothing known to stand between them. `between_observations`: it
 * lies between two observations, or after the latest while the next one may be expected. `unknown`: before the first
 * observation, or after the latest with something standing in the way of the next.
 */
export function judgeMoment(at: Date, near: Neighbourhood): Evidence {
  const { before } = near;
  if (!before) return { certainty: 'unknown', observedBefore: null, observedAfter: near.nextFirstObservedAt };
  const t = at.getTime();
  if (t > before.lastObservedAt.getTime()) {
    const blind = before.latest && near.blindSince !== null && near.blindSince.getTime() <= t;
    return {
      certainty: blind ? 'unknown' : 'between_observations',
      observedBefore: before.lastObservedAt,
      observedAfter: near.nextFirstObservedAt,
    };
  }
  // Known observations nearest to the moment: not after it, and strictly after it. Both ends of a gap are observations.
  let lower = before.firstObservedAt;
  let upper = before.lastObservedAt.getTime() > t ? before.lastObservedAt : near.nextFirstObservedAt;
  let inGap = false;
  for (const gap of near.gaps) {
    if (gap.from.getTime() < t && t < gap.to.getTime()) inGap = true;
    for (const end of [gap.from, gap.to]) {
      if (end.getTime() <= t && end > lower) lower = end;
      if (end.getTime() > t && (!upper || end < upper)) upper = end;
    }
  }
  if (before.lastObservedAt.getTime() <= t) lower = before.lastObservedAt;
  return { certainty: inGap ? 'between_observations' : 'observed', observedBefore: lower, observedAfter: upper };
}
