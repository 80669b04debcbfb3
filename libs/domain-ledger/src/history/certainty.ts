import type { Certainty } from '#libs/contract';

/** What the rows say about the neighbourhood of a moment. All times are observations of the database's clock. */
export interface Neighbourhood {
  /** The snapshot that began last at or before the moment; null: none had begun. */
  before: {
    firstObservedAt: Date;
    /** When the answer of its first observation was read; from then on it surely was so. Default: when it was asked. */
    firstAnsweredAt?: Date;
    lastObservedAt: Date;
    latest: boolean;
  } | null;
  /** Beginning of the first snapshot after the moment. */
  nextFirstObservedAt: Date | null;
  /** Gaps within the run of `before`. */
  gaps: readonly {
    from: Date;
    to: Date;
    /** When the answer of the look at `to` was read; from then on it surely was so. Default: `to`. */
    certain?: Date;
  }[];
  /** Since when looks have failed or cannot be tried; null: nothing is in the way. */
  unreadableSince: Date | null;
}

export interface Evidence {
  certainty: Certainty;
  observedBefore: Date | null;
  observedAfter: Date | null;
}

/**
 * How sure an answer about moment `at` is, and between which observations it lies (rules of truth 1 and 6).
 * `observed`: equal observations at or around it, with nothing known to stand between them. `latest`: after the latest observation,
 * and no look has failed in between. `between_observations`: between two observations that differ or that something stood between.
 * `unknown`: before the first observation, or after the latest when a look has failed since.
 */
export function judgeMoment(at: Date, near: Neighbourhood): Evidence {
  const { before } = near;
  if (!before) return { certainty: 'unknown', observedBefore: null, observedAfter: near.nextFirstObservedAt };
  const t = at.getTime();
  if (t > before.lastObservedAt.getTime()) {
    const unreadable = near.unreadableSince !== null && near.unreadableSince.getTime() <= t;
    return {
      certainty: !before.latest ? 'between_observations' : unreadable ? 'unknown' : 'latest',
      observedBefore: before.lastObservedAt,
      observedAfter: near.nextFirstObservedAt,
    };
  }
  // Known observations nearest to the moment: not after it, and strictly after it. Both ends of a gap are observations.
  let lower = before.firstObservedAt;
  let upper = before.lastObservedAt.getTime() > t ? before.lastObservedAt : near.nextFirstObservedAt;
  // The first observation was true at some moment until its answer was read.
  let inGap = t < (before.firstAnsweredAt ?? before.firstObservedAt).getTime();
  for (const gap of near.gaps) {
    if (gap.from.getTime() < t && t < (gap.certain ?? gap.to).getTime()) inGap = true;
    for (const end of [gap.from, gap.to]) {
      if (end.getTime() <= t && end > lower) lower = end;
      if (end.getTime() > t && (!upper || end < upper)) upper = end;
    }
  }
  if (before.lastObservedAt.getTime() <= t) lower = before.lastObservedAt;
  return { certainty: inGap ? 'between_observations' : 'observed', observedBefore: lower, observedAfter: upper };
}
