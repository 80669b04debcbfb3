import type { Database, Log, Sql } from '#libs/kernel';
import { inTransaction } from '../record/commit.ts';
import { ownFailure, type CallFailure } from '../record/call-failure.ts';
import type { DomainLedger } from '../record/domain-ledger.ts';
import type { ObservationGap, Observation } from '../record/observation.ts';
import type { PageSubject } from './sweep-pages.ts';
import { advance, fence, type ShardClaim, type ShardCounts, type ShardStep } from './sweep-shards.ts';

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

/** Where a shard stands after a page. */
type Position = Pick<ShardStep, 'cursor' | 'ahead' | 'retrying'>;

/** Ends a transaction whose only purpose was to find out whether it works. */
class Tried extends Error {}

/** SQLSTATE class 22: a value that the database does not take. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.length === 5 && code.startsWith('22');
}

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
    private readonly log: Log,
    private readonly claim: ShardClaim,
  ) {
    this.ahead = new Set(claim.ahead);
  }

  isAhead(subject: PageSubject): boolean {
    return this.ahead.has(subject.authorizerId);
  }

  /**
   * Commits a page, also an incomplete one: then what was done is kept and the rest stays to be done. A result that the
   * database does not take is a failure of its mini program and keeps nobody else's from being written.
   * @param rest ids that follow this page, in passes after the first
   * @param retries ids of earlier pages, written as failed for good, that deserve another pass all the same
   * @throws LeaseLost
   */
  async commit(
    subjects: readonly PageSubject[],
    results: readonly (SubjectResult | undefined)[],
    rest: readonly number[],
    retries: readonly number[] = [],
  ): Promise<ShardCounts> {
    const position = this.positionAfter(subjects, results, rest);
    let counts;
    try {
      counts = await this.write(subjects, results, position, retries);
    } catch (error) {
      if (!isDataError(error)) throw error;
      counts = await this.write(subjects, await this.writable(subjects, results), position, retries);
    }
    this.ahead = new Set(position.ahead);
    return counts;
  }

  /** What cannot be written, found by trying each alone, becomes a failure. */
  private async writable(
    subjects: readonly PageSubject[],
    results: readonly (SubjectResult | undefined)[],
  ): Promise<(SubjectResult | undefined)[]> {
    const tried = [...results];
    for (const [index, subject] of subjects.entries()) {
      const result = results[index];
      if (result?.kind !== 'observed' && result?.kind !== 'failed') continue;
      try {
        await inTransaction(this.db, async (sql) => {
          await this.writeOne(sql, subject, result);
          throw new Tried();
        });
      } catch (error) {
        if (error instanceof Tried) continue;
        if (!isDataError(error)) throw error;
        this.log.error('domain_sweep.result_not_written', { authorizerAppid: subject.authorizerAppid, error });
        const at = result.kind === 'observed' ? result.observation.askedAt : result.at;
        tried[index] = { kind: 'failed', failure: ownFailure(error), at };
      }
    }
    return tried;
  }

  private async writeOne(
    sql: Sql,
    subject: PageSubject,
    result: Extract<SubjectResult, { kind: 'observed' | 'failed' }>,
  ): Promise<void> {
    const { platformId } = this.claim;
    if (result.kind === 'observed') await this.ledger.record(sql, platformId, [result.observation]);
    else await this.ledger.noteGaps(sql, platformId, [gapOf(subject, result)]);
  }

  private write(
    subjects: readonly PageSubject[],
    results: readonly (SubjectResult | undefined)[],
    position: Position,
    retries: readonly number[],
  ): Promise<ShardCounts> {
    const { platformId, pass } = this.claim;
    const first = pass === 1;
    const observations: Observation[] = [];
    const gaps: ObservationGap[] = [];
    const toRetry: number[] = [...retries];
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
          gaps.push(gapOf(subject, result));
          if (result.failure.transient) toRetry.push(subject.authorizerId);
          break;
        case 'ahead':
        case undefined:
          break;
      }
    });
    // The transaction may run again after a deadlock, so what it works out leaves it only at its end.
    return inTransaction(this.db, async (sql) => {
      await fence(sql, this.claim);
      const recorded = await this.ledger.record(sql, platformId, observations);
      const changed = recorded.filter(({ outcome }) => outcome === 'first' || outcome === 'changed').length;
      await this.ledger.noteGaps(sql, platformId, gaps);
      const setAside = recorded.filter(({ outcome }) => outcome === 'set_aside').length;
      const unchanged = counts.unchanged + recorded.length - changed - setAside;
      const sum: ShardCounts = { ...counts, changed, unchanged, failed: counts.failed + setAside };
      await advance(sql, this.claim, { counts: sum, toRetry, ...position });
      return sum;
    });
  }

  private positionAfter(
    subjects: readonly PageSubject[],
    results: readonly (SubjectResult | undefined)[],
    rest: readonly number[],
  ): Position {
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

function gapOf(subject: PageSubject, result: { failure: CallFailure; at: Date }): ObservationGap {
  const { failure, at } = result;
  return {
    authorizerId: subject.authorizerId,
    at,
    reason: failure.reason,
    failure: { at: at.toISOString(), ...failure.shown },
    transient: failure.transient,
    unreadableBody: failure.unreadableBody,
  };
}
