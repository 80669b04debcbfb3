import { Injectable } from '@nestjs/common';
import { LeaseLost, type Database, type Sql } from '#libs/kernel';
import { AuthorizersOptions } from '../authorizers-options.ts';
import { Reconciliation, type ReconciliationState } from './reconciliation.entity.ts';

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

/** Accounts in one step of a walk over all of them. */
const WALK = 1000;

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
      const [created] = await sql.query<{ id: number }>(
        `INSERT INTO authorizers.reconciliation (platform_id, accept_shrunk_list) VALUES ($1, $2)
         ON CONFLICT (platform_id) WHERE state = 'running' DO NOTHING RETURNING reconciliation_id AS id`,
        [platformId, acceptShrunkList],
      );
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
    const [row] = await sql.query<Omit<ReconciliationClaim, 'before'> & ClaimedPortion>(
      `UPDATE authorizers.reconciliation
          SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $3)
        WHERE platform_id = $1 AND reconciliation_id = $2 AND state = 'running'
          AND (lease_until IS NULL OR lease_until <= wxfleet.now())
        RETURNING platform_id AS "platformId", reconciliation_id AS "reconciliationId", lease_generation AS generation,
                  next_offset AS "nextOffset", total_count AS "totalCount", started_at AS "startedAt", list_pass AS pass,
                  list_moved AS moved, released_generation = lease_generation - 1 AS "isContinued"`,
      [platformId, id, this.options.reconciliationLeaseSeconds],
    );
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
    const touched = await sql.run(
      `UPDATE authorizers.reconciliation
          SET listed = listed + $4, created = created + $5, recovered = recovered + $6, unchanged = unchanged + $7,
              marked_unauthorized = marked_unauthorized + $8, without_refresh_token = without_refresh_token + $9,
              failed = failed + $10, next_offset = coalesce($11, next_offset), total_count = coalesce($12, total_count),
              lease_until = wxfleet.now() + make_interval(secs => $13)
        WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`,
      [
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
      ],
    );
    if (touched === 0) throw new LeaseLost('another process runs this reconciliation');
  }

  /** Ends the run and forgets what it had seen. @throws LeaseLost */
  async finish(
    sql: Sql,
    claim: ReconciliationClaim,
    end: { state: Exclude<ReconciliationState, 'running'>; reason: string | null },
  ): Promise<void> {
    const touched = await sql.run(
      `UPDATE authorizers.reconciliation
          SET state = $4, reason = $5, finished_at = wxfleet.now(), lease_until = NULL
        WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`,
      [claim.platformId, claim.reconciliationId, claim.generation, end.state, end.reason],
    );
    if (touched === 0) throw new LeaseLost('another process runs this reconciliation');
    await sql.run('DELETE FROM authorizers.reconciliation_seen WHERE platform_id = $1 AND reconciliation_id = $2', [
      claim.platformId,
      claim.reconciliationId,
    ]);
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
    const touched = await sql.run(
      `UPDATE authorizers.reconciliation
          SET lease_until = NULL, released_generation = lease_generation, list_pass = $4, list_moved = $5,
              next_offset = coalesce($6, next_offset)
        WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`,
      [
        claim.platformId,
        claim.reconciliationId,
        claim.generation,
        position.pass,
        position.moved,
        position.nextOffset ?? null,
      ],
    );
    if (touched === 0) throw new LeaseLost('another process runs this reconciliation');
  }

  /** Gives the lease back; the run goes on wherever it is claimed next. */
  async release(db: Database, claim: ReconciliationClaim): Promise<void> {
    await db.run(
      `UPDATE authorizers.reconciliation SET lease_until = NULL
        WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`,
      [claim.platformId, claim.reconciliationId, claim.generation],
    );
  }

  async view(sql: Sql, platformId: number, id: number): Promise<ReconciliationRow | null> {
    return sql.repository(Reconciliation).findOneBy({ platformId, reconciliationId: id });
  }

  /** Accounts that are authorized here and were known before the run began. Reads the whole fleet: once for each walk. */
  async held(sql: Sql, claim: ReconciliationClaim): Promise<number> {
    const [row] = await sql.query<{ held: number }>(
      `SELECT count(*) AS held FROM authorizers.authorizer
        WHERE platform_id = $1 AND state = 'authorized' AND created_at < $2`,
      [claim.platformId, claim.startedAt],
    );
    return row?.held ?? 0;
  }

  /** Which of the listed accounts this run has dealt with already. */
  async seen(sql: Sql, claim: ReconciliationClaim, authorizerAppids: readonly string[]): Promise<Set<string>> {
    const rows = await sql.query<{ appid: string }>(
      `SELECT authorizer_appid AS appid FROM authorizers.reconciliation_seen
        WHERE platform_id = $1 AND reconciliation_id = $2 AND authorizer_appid = ANY($3)`,
      [claim.platformId, claim.reconciliationId, authorizerAppids],
    );
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
      const rows = await sql.query<{ id: number; appid: string; state: string }>(
        `SELECT authorizer_id AS id, authorizer_appid AS appid, state FROM authorizers.authorizer
          WHERE platform_id = $1 AND authorizer_id > $2 AND created_at < $3
            AND state IN ('authorized', 'reauthorization_required')
          ORDER BY authorizer_id LIMIT ${WALK}`,
        [claim.platformId, after, claim.startedAt],
      );
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
    await sql.run(
      `INSERT INTO authorizers.reconciliation_seen (platform_id, reconciliation_id, authorizer_appid)
       SELECT $1, $2, appid FROM unnest($3::text[]) AS appid ON CONFLICT DO NOTHING`,
      [claim.platformId, claim.reconciliationId, authorizerAppids],
    );
  }
}
