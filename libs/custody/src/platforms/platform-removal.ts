import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { JobHandlers, JobQueue, defineJob, engineTime, handleJob } from '#libs/jobs';
import { AppError, Database, LeaseLost, Log, type Sql, ownedTables } from '#libs/kernel';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import type { PlatformRef } from './platform-directory.ts';
import {
  ADVANCE_REMOVAL,
  CLAIM_REMOVAL,
  DELETE_ACCOUNT,
  DELETE_COMPONENT_TOKEN,
  DELETE_TICKET,
  FINISH_REMOVAL,
  FORGET_JOBS_OF_PLATFORM,
  HIDE_PLATFORM,
  INSERT_REMOVAL,
  LAST,
  RELEASE_REMOVAL,
  SELECT_REMOVAL,
} from './platform-removal.sql.ts';

/** Removes what belonged to a platform; see `PlatformRemoval`. */
export const removePlatform = defineJob('platform.remove', z.strictObject({ removalId: z.number().int() }), {
  lane: 'bulk',
});

export interface PlatformRemovalRow {
  id: number;
  componentAppid: string;
  state: 'running' | 'done';
  /** Rows that there were at the beginning; what is written meanwhile is removed too. */
  total: number;
  removed: number;
  /** The table that is being emptied; null: none. */
  current: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/** Rows in one transaction. */
const PAGE = 2000;
const LEASE_SECONDS = 60;
/** A removal gives its slot back after this long, so that the work of platforms that stay gets its turn. */
const SLICE_MS = 15_000;
/** One removal at a time, in all processes. */
const QUEUE = 'remove-platforms';
/** Work of other processes that was under way may write a few rows after the end. */
const SECOND_LOOK_SECONDS = 900;
/** Over all tables at most this often; every time something was found. */
const MAX_PASSES = 20;
/** Tokens go first, then everything else; the row of the platform itself goes last. */
const FIRST = ['custody.component_ticket', 'custody.component_token', 'custody.authorizer_token'];
/** Kept: lists of addresses are nobody's; their platform is the one whose token fetched them. */
const KEPT = /^api_ip_ledger\./;

/**
 * Removes a platform with everything that belongs to it. From the moment it is asked for the platform exists for nobody, and
 * its secrets are gone; the rest goes table by table, in pages, by a job that goes on where a killed process was.
 */
@Injectable()
export class PlatformRemoval {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
    private readonly channel: TokenInvalidationChannel,
    private readonly log: Log,
    handlers: JobHandlers,
  ) {
    handlers.add(handleJob(removePlatform, ({ removalId }, { signal }) => this.run(removalId, signal)));
  }

  /** How many rows each table has of the platform; only those that have some. */
  async counts(sql: Sql, platformId: number): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const table of await this.tables(sql)) {
      const [row] = await sql.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE platform_id = $1`, [
        platformId,
      ]);
      if (row && row.count > 0) counts[table] = row.count;
    }
    return counts;
  }

  /** Hides the platform and takes its secrets away, in the caller's transaction; the job does the rest. @throws AppError not_found */
  async start(sql: Sql, platform: PlatformRef, requestedBy: string): Promise<{ id: number }> {
    const { platformId, componentAppid } = platform;
    const total = Object.values(await this.counts(sql, platformId)).reduce((sum, count) => sum + count, 0);
    const hidden = await sql.run(HIDE_PLATFORM, [platformId]);
    if (hidden === 0) throw new AppError('not_found', 'there is no such platform');
    // The component token opens every other one.
    await sql.run(DELETE_TICKET, [platformId]);
    await sql.run(DELETE_COMPONENT_TOKEN, [platformId]);
    const [removal] = await sql.query<{ id: number }>(INSERT_REMOVAL, [platformId, componentAppid, requestedBy, total]);
    const { id } = removal as { id: number };
    await this.channel.platformChanged(sql);
    await this.addJob(sql, id);
    return { id };
  }

  async view(sql: Sql, id: number): Promise<PlatformRemovalRow | null> {
    const [row] = await sql.query<PlatformRemovalRow>(SELECT_REMOVAL, [id]);
    return row ?? null;
  }

  /** The job. @throws Error when it was told to stop, or another process is at it: the engine tries again */
  async run(id: number, signal?: AbortSignal): Promise<void> {
    const [claim] = await this.db.query<{ platformId: number; generation: number; isDone: boolean }>(CLAIM_REMOVAL, [
      id,
      LEASE_SECONDS,
    ]);
    if (!claim) throw new Error('another process removes this platform');
    let isEmpty: boolean;
    try {
      isEmpty = await this.empty(id, claim, signal);
    } finally {
      await this.db.run(RELEASE_REMOVAL, [id, claim.generation]);
    }
    if (!isEmpty) return this.addJob(this.db, id);
    await this.channel.platformChanged(this.db);
    if (claim.isDone) return;
    await this.addJob(this.db, id, await engineTime(this.db, SECOND_LOOK_SECONDS));
    this.log.info('platform.removed', { platformId: claim.platformId, removalId: id });
  }

  private addJob(sql: Sql, id: number, runAt?: Date): Promise<void> {
    const options = { jobKey: `remove-platform:${id}`, queueName: QUEUE, ...(runAt ? { runAt } : {}) };
    return this.jobs.add(sql, removePlatform, { removalId: id }, options);
  }

  /** @returns false when its time was up before everything was gone */
  private async empty(
    id: number,
    { platformId, generation }: { platformId: number; generation: number },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const endMs = performance.now() + SLICE_MS;
    const tables = await this.tables(this.db);
    await this.forgetJobs(platformId);
    for (let pass = 1, found = 1; found > 0 && pass <= MAX_PASSES; pass += 1) {
      found = 0;
      for (const table of tables) {
        for (;;) {
          if (signal?.aborted) throw new Error('the process stopped before the platform was removed');
          const removed = await this.page(id, generation, table, platformId);
          found += removed;
          if (removed < PAGE) break;
          if (performance.now() > endMs) return false;
        }
      }
    }
    await this.db.transaction(async (sql) => {
      await sql.run(DELETE_ACCOUNT, [platformId]);
      await sql.run(FINISH_REMOVAL, [id, generation]);
    });
    return true;
  }

  private page(id: number, generation: number, table: string, platformId: number): Promise<number> {
    return this.db.transaction(async (sql) => {
      const removed = await sql.run(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE platform_id = $1 LIMIT ${PAGE}))`,
        [platformId],
      );
      const ours = await sql.run(ADVANCE_REMOVAL, [id, generation, removed, table, LEASE_SECONDS]);
      if (ours === 0) throw new LeaseLost('another process removes this platform');
      return removed;
    });
  }

  /** Jobs of a platform that is gone would fail again and again. */
  private async forgetJobs(platformId: number): Promise<void> {
    await this.db.run(FORGET_JOBS_OF_PLATFORM, [platformId]);
  }

  private async tables(sql: Sql): Promise<string[]> {
    const names = (await ownedTables(sql, ['platform_id'])).map(({ name }) => name);
    const rest = names.filter((name) => !FIRST.includes(name) && name !== LAST && !KEPT.test(name));
    return [...FIRST, ...rest];
  }
}
