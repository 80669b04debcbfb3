import { Injectable } from '@nestjs/common';
import { LeaseLost, type Database, type Sql } from '#libs/kernel';
import { AuthorizersOptions } from '../authorizers-options.ts';
import { Reconciliation, type ReconciliationState } from './reconciliation.entity.ts';
import {
  ADVANCE_RUN,
  CLAIM_RUN,
  COUNT_HELD,
  FINISH_RUN,
  FORGET_SEEN,
  INSERT_RUN,
  NOTE_SEEN,
  PAGE_OF_KNOWN,
  PAUSE_RUN,
  RELEASE_RUN,
  SEEN_OF_LISTED,
  WALK,
} from './reconcile-store.sql.ts';

/** What a reconciliation has found so far. Every listed account is in exactly one of created … without_refresh_token or failed. */
export interface ReconciliationCounts {
  listed: number;
  created: number;
  recovered: number;
  unchanged: number;
  markedUnauthorized: number;
  withoutRefreshToken: number;
  failed: number;
}

export interface ReconciliationRow extends ReconciliationCounts {
  reconciliationId: number;
  state: ReconciliationState;
  reason: string | null;
  /** Accounts in WeChat's list as it last said; null before the first page. */
  totalCount: number | null;
  startedAt: Date;
  finishedAt: Date | null;
}

export interface ReconciliationClaim {
  platformId: number;
  reconciliationId: number;
  generation: number;
  nextOffset: number;
  /** As the list last said; null before the first page. */
  totalCount: number | null;
  startedAt: Date;
  /** Where the portion before has ended; null at the beginning, and when that portion came to no orderly end. */
  before: { pass: number; moved: boolean } | null;
}

/** Stands for the number of a pass once the whole list has been read. */
export const LIST_READ = 0;

export const NO_COUNTS: ReconciliationCounts = {
  listed: 0,
  created: 0,
  recovered: 0,
  unchanged: 0,
  markedUnauthorized: 0,
  withoutRefreshToken: 0,
  failed: 0,
};

interface ClaimedPortion {
  pass: number;
  moved: boolean;
  isContinued: boolean | null;
}

/** The run's row: its lease, its progress, its end. */
@Injectable()
export class ReconciliationStore {
  constructor(private readonly options: AuthorizersOptions) {}

  /**
   * The running one when there is one; a platform has one at a time. That a shorter list is accepted is then true of the
   * running one.
   */
  async start(sql: Sql, platformId: number, acceptShrunkList = false): Promise<{ id: number; isNew: boolean }> {
    for (;;) {
      const [created] = await sql.query<{ id: number }>(INSERT_RUN, [platformId, acceptShrunkList]);
      if (created) return { id: created.id, isNew: true };
      const running = await sql.repository(Reconciliation).findOneBy({ platformId, state: 'running' });
      // It may have ended between the two statements, or before it could be told.
      if (running && (!acceptShrunkList || (await this.accept(sql, platformId, running.reconciliationId)))) {
        return { id: running.reconciliationId, isNew: false };
      }
    }
  }

  private async accept(sql: Sql, platformId: number, id: number): Promise<boolean> {
    const { affected } = await sql
      .repository(Reconciliation)
      .update({ platformId, reconciliationId: id, state: 'running' }, { acceptShrunkList: true });
    return affected === 1;
  }

  /** Whether somebody has said, at its start or since, that a shorter list is right. */
  async acceptsShrunkList(sql: Sql, claim: ReconciliationClaim): Promise<boolean> {
    const { platformId, reconciliationId } = claim;
    const run = await sql.repository(Reconciliation).findOneBy({ platformId, reconciliationId });
    return run?.acceptShrunkList ?? false;
  }

  async claim(sql: Sql, platformId: number, id: number): Promise<ReconciliationClaim | null> {
    const [row] = await sql.query<Omit<ReconciliationClaim, 'before'> & ClaimedPortion>(CLAIM_RUN, [
      platformId,
      id,
      this.options.reconciliationLeaseSeconds,
    ]);
    if (!row) return null;
    const { pass, moved, isContinued, ...claim } = row;
    return { ...claim, before: isContinued ? { pass, moved } : null };
  }

  /**
   * Adds to the counts, moves the cursor and renews the lease, in the transaction of what was done.
   * @throws LeaseLost, so that the transaction rolls back
   */
  async advance(
    sql: Sql,
    claim: ReconciliationClaim,
    add: Partial<ReconciliationCounts>,
    position: { nextOffset?: number; totalCount?: number } = {},
  ): Promise<void> {
    const counts = { ...NO_COUNTS, ...add };
    const touched = await sql.run(ADVANCE_RUN, [
      claim.platformId,
      claim.reconciliationId,
      claim.generation,
      counts.listed,
      counts.created,
      counts.recovered,
      counts.unchanged,
      counts.markedUnauthorized,
      counts.withoutRefreshToken,
      counts.failed,
      position.nextOffset ?? null,
      position.totalCount ?? null,
      this.options.reconciliationLeaseSeconds,
    ]);
    if (touched === 0) throw new LeaseLost('another process runs this reconciliation');
  }

  /** Ends the run and forgets what it had seen. @throws LeaseLost */
  async finish(
    sql: Sql,
    claim: ReconciliationClaim,
    end: { state: Exclude<ReconciliationState, 'running'>; reason: string | null },
  ): Promise<void> {
    const touched = await sql.run(FINISH_RUN, [
      claim.platformId,
      claim.reconciliationId,
      claim.generation,
      end.state,
      end.reason,
    ]);
    if (touched === 0) throw new LeaseLost('another process runs this reconciliation');
    await sql.run(FORGET_SEEN, [claim.platformId, claim.reconciliationId]);
  }

  /**
   * Ends the lease after a portion: the next claim of the run goes on as if there had been no end.
   * @param position `nextOffset` where it is not that of the last page
   * @throws LeaseLost, so that the transaction rolls back
   */
  async pause(
    sql: Sql,
    claim: ReconciliationClaim,
    position: { pass: number; moved: boolean; nextOffset?: number },
  ): Promise<void> {
    const touched = await sql.run(PAUSE_RUN, [
      claim.platformId,
      claim.reconciliationId,
      claim.generation,
      position.pass,
      position.moved,
      position.nextOffset ?? null,
    ]);
    if (touched === 0) throw new LeaseLost('another process runs this reconciliation');
  }

  /** Gives the lease back; the run goes on wherever it is claimed next. */
  async release(db: Database, claim: ReconciliationClaim): Promise<void> {
    await db.run(RELEASE_RUN, [claim.platformId, claim.reconciliationId, claim.generation]);
  }

  async view(sql: Sql, platformId: number, id: number): Promise<ReconciliationRow | null> {
    return sql.repository(Reconciliation).findOneBy({ platformId, reconciliationId: id });
  }

  /** Accounts that are authorized here and were known before the run began. Reads the whole fleet: once for each walk. */
  async held(sql: Sql, claim: ReconciliationClaim): Promise<number> {
    const [row] = await sql.query<{ held: number }>(COUNT_HELD, [claim.platformId, claim.startedAt]);
    return row?.held ?? 0;
  }

  /** Which of the listed accounts this run has dealt with already. */
  async seen(sql: Sql, claim: ReconciliationClaim, authorizerAppids: readonly string[]): Promise<Set<string>> {
    const rows = await sql.query<{ appid: string }>(SEEN_OF_LISTED, [
      claim.platformId,
      claim.reconciliationId,
      authorizerAppids,
    ]);
    return new Set(rows.map((row) => row.appid));
  }

  /**
   * Accounts that were authorized here before the run began and that it has not seen. Walked in pages: a join of two tables
   * that have just been filled is planned from statistics that know nothing of them.
   */
  async absent(sql: Sql, claim: ReconciliationClaim): Promise<{ absent: string[]; held: number; missing: number }> {
    const absent: string[] = [];
    let held = 0;
    let missing = 0;
    for (let after = 0; ;) {
      const rows = await sql.query<{ id: number; appid: string; state: string }>(PAGE_OF_KNOWN, [
        claim.platformId,
        after,
        claim.startedAt,
      ]);
      const seen = await this.seen(
        sql,
        claim,
        rows.map((row) => row.appid),
      );
      for (const row of rows) {
        if (row.state === 'authorized') held += 1;
        if (seen.has(row.appid)) continue;
        if (row.state === 'authorized') missing += 1;
        absent.push(row.appid);
      }
      const last = rows.at(-1);
      if (!last || rows.length < WALK) return { absent, held, missing };
      after = last.id;
    }
  }

  async see(sql: Sql, claim: ReconciliationClaim, authorizerAppids: readonly string[]): Promise<void> {
    await sql.run(NOTE_SEEN, [claim.platformId, claim.reconciliationId, authorizerAppids]);
  }
}
