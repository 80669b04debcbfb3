import { IsNull } from 'typeorm';
import { pageOf, type SweepView } from '#libs/contract';
import type { EventWriter } from '#libs/events';
import type { Database, Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import { TOTAL_AUTHORIZED } from '../lists/slots.ts';
import { planShards, roundStart } from './schedule.ts';
import { Sweep } from './sweep.entity.ts';
import {
  CLOSE,
  COUNT_EXPECTED,
  DATABASE_TIME,
  INSERT_REQUESTED_SWEEP,
  INSERT_ROUND,
  INSERT_SHARDS,
  RUNNING_SWEEPS_BY_PLATFORM,
  SET_FUTURE_ROUNDS_ASIDE,
  SWEEP,
} from './sweep-rounds.sql.ts';

interface SweepRow {
  id: number;
  state: SweepView['state'];
  reason: SweepView['reason'];
  expected: number;
  total: number;
  changed: number;
  unchanged: number;
  skippedPermission: number;
  failed: number;
  startedAt: Date;
  finishedAt: Date | null;
}

/** Opens and closes sweeps, and shows them. */
export class SweepRounds {
  constructor(
    private readonly snapshotIntervalMs: number,
    private readonly events: EventWriter | null = null,
  ) {}

  /** A sweep of everything, now. While a requested one runs, that one is the answer. */
  async request(sql: Sql, platformId: number, by: string): Promise<{ id: number }> {
    const running = await sql.repository(Sweep).findOneBy({ platformId, state: 'running', roundAt: IsNull() });
    if (running) return { id: running.sweepId };
    const expected = await expectedOf(sql, platformId);
    const [made] = await sql.query<{ id: number }>(INSERT_REQUESTED_SWEEP, [platformId, expected, by]);
    // Somebody else requested one at this very moment.
    if (!made) return this.request(sql, platformId, by);
    await insertShards(sql, platformId, made.id, expected, 0, null);
    return made;
  }

  async view(sql: Sql, platformId: number, id: number): Promise<SweepView | null> {
    const [row] = await sql.query<SweepRow>(`${SWEEP} AND w.sweep_id = $2`, [platformId, id]);
    return row ? viewOf(row) : null;
  }

  /** What runs, of all platforms: how many mini programs it is expected to come to, and how many it has come to. */
  async running(db: Database): Promise<{ platformId: number; expected: number; settled: number }[]> {
    return db.query(RUNNING_SWEEPS_BY_PLATFORM);
  }

  /** Newest first. */
  async list(sql: Sql, platformId: number, page: PageRequest): Promise<Page<SweepView>> {
    const before = page.cursor ? positionOf('sweeps', page.cursor, ['number'])[0] : null;
    const rows = await sql.query<SweepRow>(
      `${SWEEP} AND ($2::bigint IS NULL OR w.sweep_id < $2) ORDER BY w.sweep_id DESC LIMIT $3`,
      [platformId, before, page.limit + 1],
    );
    return pageOf('sweeps', rows, page.limit, viewOf, (row) => [row.id]);
  }

  /** Opens the scheduled round of the present interval, once for all processes. Platforms without mini programs have none. */
  async open(db: Database, platformId: number): Promise<{ id: number } | null> {
    const [clock] = await db.query<{ now: Date; known: boolean }>(DATABASE_TIME);
    if (!clock) return null;
    const roundAt = roundStart(this.snapshotIntervalMs, clock.now);
    if (await db.repository(Sweep).existsBy({ platformId, roundAt })) return null;
    return db.transaction(async (sql) => {
      await setAsideFutureRounds(sql, platformId);
      const expected = await expectedOf(sql, platformId);
      if (expected === 0) return null;
      const [made] = await sql.query<{ id: number }>(
        // A process that stood still since it looked at the clock opens no round of an interval that has passed.
        INSERT_ROUND,
        [platformId, roundAt, expected, this.snapshotIntervalMs],
      );
      if (made) await insertShards(sql, platformId, made.id, expected, this.snapshotIntervalMs, roundAt);
      return made ?? null;
    });
  }

  /**
   * Ends sweeps whose shards are all done, and scheduled rounds that were overtaken: when a round is two intervals old,
   * whatever it still holds has been due again.
   */
  async close(db: Database, platformId?: number): Promise<void> {
    await db.transaction(async (sql) => {
      const ended = await sql.query<EndedSweep>(CLOSE, [platformId ?? null, this.snapshotIntervalMs]);
      await this.events?.write(
        sql,
        ended.map(({ platformId: of, id, ...counts }) => ({
          type: 'sweep.finished' as const,
          platformId: of,
          data: { ...counts, sweep_id: String(id) },
        })),
      );
    });
  }
}

interface EndedSweep {
  platformId: number;
  id: number;
  state: 'done' | 'failed';
  total: number;
  changed: number;
  unchanged: number;
  skipped_permission: number;
  failed: number;
}

/** Rounds that a clock which was fast opened: their intervals are still to come, and will have rounds of their own. */
async function setAsideFutureRounds(sql: Sql, platformId: number): Promise<void> {
  await sql.run(SET_FUTURE_ROUNDS_ASIDE, [platformId]);
}

/** Mini programs in state authorized, by the counters. */
async function expectedOf(sql: Sql, platformId: number): Promise<number> {
  const [row] = await sql.query<{ expected: number }>(COUNT_EXPECTED, [platformId, TOTAL_AUTHORIZED]);
  return row?.expected ?? 0;
}

async function insertShards(
  sql: Sql,
  platformId: number,
  sweepId: number,
  expected: number,
  spreadMs: number,
  from: Date | null,
): Promise<void> {
  const shards = planShards(expected, spreadMs);
  await sql.run(INSERT_SHARDS, [
    platformId,
    sweepId,
    shards.map((shard) => shard.shardNo),
    shards.map((shard) => shard.slotFrom),
    shards.map((shard) => shard.slotTo),
    shards.map((shard) => shard.delayMs),
    from,
  ]);
}

function viewOf(row: SweepRow): SweepView {
  return {
    id: String(row.id),
    state: row.state,
    reason: row.reason,
    // While it runs: as many as there will be, as far as is known.
    total: row.state === 'running' ? Math.max(row.expected, row.total) : row.total,
    changed: row.changed,
    unchanged: row.unchanged,
    skipped_permission: row.skippedPermission,
    failed: row.failed,
    started_at: row.startedAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
