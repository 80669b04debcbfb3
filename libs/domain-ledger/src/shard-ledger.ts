import type { Database } from '#libs/kernel';
import { inTransaction } from './commit.ts';
import type { CallFailure } from './call-failure.ts';
import type { DomainLedger } from './domain-ledger.ts';
import type { Blindness, Observation } from './observation.ts';
import type { PageSubject } from './sweep-pages.ts';
import { advance, fence, type ShardClaim, type ShardCounts } from './sweep-shards.ts';

/** What became of one mini program of a page. */
export type SubjectResult =
  | { kind: 'observed'; observation: Observation }
  | { kind: 'failed'; failure: CallFailure; at: Date }
  /** Set 18 is not granted: not asked. */
  | { kind: 'skipped' }
  /** Observed in this round already: not asked. */
  | { kind: 'known' }
  /** Committed by this shard before it was interrupted. */
  | { kind: 'ahead' };

/** Writes the pages of a shard: history, cursor and counts in one transaction each. */
export class ShardLedger {
  private ahead: Set<number>;
  /** A page before was left incomplete: the cursor stays there. */
  private holed = false;
  /** What earlier incomplete pages left for this pass. */
  private left: number[] = [];

  constructor(
    private readonly db: Database,
    private readonly ledger: DomainLedger,
    private readonly claim: ShardClaim,
  ) {
    this.ahead = new Set(claim.ahead);
  }

  isAhead(subject: PageSubject): boolean {
    return this.ahead.has(subject.authorizerId);
  }

  /**
   * Commits a page, also an incomplete one: then what was done is kept and the rest stays to be done.
   * @param rest ids that follow this page, in passes after the first
   * @throws LeaseLost
   */
  async commit(
    subjects: readonly PageSubject[],
    results: readonly (SubjectResult | undefined)[],
    rest: readonly number[],
  ): Promise<ShardCounts> {
    const { platformId, pass } = this.claim;
    const first = pass === 1;
    const observations: Observation[] = [];
    const blindnesses: Blindness[] = [];
    const toRetry: number[] = [];
    const counts: ShardCounts = { total: 0, changed: 0, unchanged: 0, skippedPermission: 0, failed: 0 };
    // A later pass turns what failed in the first one into something better.
    const settled = first ? () => (counts.total += 1) : () => (counts.failed -= 1);
    subjects.forEach((subject, index) => {
      const result = results[index];
      switch (result?.kind) {
        case 'observed':
          settled();
          observations.push(result.observation);
          break;
        case 'known':
          settled();
          counts.unchanged += 1;
          break;
        case 'skipped':
          settled();
          counts.skippedPermission += 1;
          break;
        case 'failed':
          if (first) {
            counts.total += 1;
            counts.failed += 1;
          }
          blindnesses.push(blindnessOf(subject, result));
          if (result.failure.transient) toRetry.push(subject.authorizerId);
          break;
        case 'ahead':
        case undefined:
          break;
      }
    });
    const position = this.positionAfter(subjects, results, rest);
    // The transaction may run again after a deadlock, so what it works out leaves it only at its end.
    const total = await inTransaction(this.db, async (sql) => {
      await fence(sql, this.claim);
      const recorded = await this.ledger.record(sql, platformId, observations);
      const changed = recorded.filter(({ outcome }) => outcome === 'first' || outcome === 'changed').length;
      await this.ledger.blind(sql, platformId, blindnesses);
      const sum: ShardCounts = { ...counts, changed, unchanged: counts.unchanged + recorded.length - changed };
      await advance(sql, this.claim, { counts: sum, toRetry, ...position });
      return sum;
    });
    this.ahead = new Set(position.ahead);
    return total;
  }

  private positionAfter(
    subjects: readonly PageSubject[],
    results: readonly (SubjectResult | undefined)[],
    rest: readonly number[],
  ) {
    const gap = results.findIndex((result) => result === undefined);
    const complete = gap < 0 && results.length === subjects.length;
    if (this.claim.pass > 1) {
      this.left.push(...subjects.filter((_, index) => results[index] === undefined).map((each) => each.authorizerId));
      return { cursor: null, ahead: [], retrying: [...this.left, ...rest] };
    }
    const contiguous = this.holed ? 0 : complete ? subjects.length : Math.max(0, gap);
    const last = contiguous > 0 ? subjects[contiguous - 1] : undefined;
    const ahead = new Set(this.ahead);
    subjects.forEach((subject, index) => {
      if (index < contiguous) ahead.delete(subject.authorizerId);
      else if (results[index]) ahead.add(subject.authorizerId);
    });
    if (!complete) this.holed = true;
    return {
      cursor: last ? { slot: last.slot, authorizerId: last.authorizerId } : null,
      ahead: [...ahead],
      retrying: [],
    };
  }
}

function blindnessOf(subject: PageSubject, result: { failure: CallFailure; at: Date }): Blindness {
  const { failure, at } = result;
  return {
    authorizerId: subject.authorizerId,
    at,
    reason: failure.reason,
    failure: { at: at.toISOString(), ...failure.shown },
    transient: failure.transient,
  };
}
