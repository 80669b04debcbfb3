import { IsNull } from 'typeorm';
import { pageOf, type SweepView } from '#libs/contract';
import type { EventWriter } from '#libs/events';
import type { Database, Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import { TOTAL_AUTHORIZED } from '../lists/slots.ts';
import { planShards, roundStart } from './schedule.ts';
import { Sweep } from './sweep.entity.ts';

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

const COUNTS = ['total', 'changed', 'unchanged', 'skipped_permission', 'failed'] as const;

/** Counts of a sweep that runs are those of its shards. */
const SWEEP = `
  SELECT w.sweep_id AS id, w.state, w.reason, w.expected, w.started_at AS "startedAt", w.finished_at AS "finishedAt",
         ${COUNTS.map((count) => `coalesce(h.${count}, w.${count})::int AS "${count === 'skipped_permission' ? 'skippedPermission' : count}"`).join(', ')}
    FROM domain_ledger.sweep w
    LEFT JOIN LATERAL (
      SELECT ${COUNTS.map((count) => `sum(${count}) AS ${count}`).join(', ')}
        FROM domain_ledger.sweep_shard s
       WHERE s.platform_id = w.platform_id AND s.sweep_id = w.sweep_id) h ON w.state = 'running'
   WHERE w.platform_id = $1`;

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
    const [made] = await sql.query<{ id: number }>(
      `INSERT INTO domain_ledger.sweep (platform_id, expected, requested_by) VALUES ($1, $2, $3)
           ON CONFLICT (platform_id) WHERE state = 'running' AND round_at IS NULL DO NOTHING
       RETURNING sweep_id AS id`,
      [platformId, expected, by],
    );
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
    return db.query(
      `SELECT w.platform_id AS "platformId", sum(greatest(w.expected, h.total))::int AS expected, sum(h.total)::int AS settled
         FROM domain_ledger.sweep w,
              LATERAL (SELECT coalesce(sum(total), 0) AS total FROM domain_ledger.sweep_shard s
                        WHERE s.platform_id = w.platform_id AND s.sweep_id = w.sweep_id) h
        WHERE w.state = 'running' GROUP BY w.platform_id`,
    );
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
    const [clock] = await db.query<{ now: Date; known: boolean }>('SELECT wxfleet.now() AS now');
    if (!clock) return null;
    const roundAt = roundStart(this.snapshotIntervalMs, clock.now);
    if (await db.repository(Sweep).existsBy({ platformId, roundAt })) return null;
    return db.transaction(async (sql) => {
      await setAsideFutureRounds(sql, platformId);
      const expected = await expectedOf(sql, platformId);
      if (expected === 0) return null;
      const [made] = await sql.query<{ id: number }>(
        // A process that stood still since it looked at the clock opens no round of an interval that has passed.
        `INSERT INTO domain_ledger.sweep (platform_id, round_at, expected)
         SELECT $1::int, $2::timestamptz, $3::int WHERE wxfleet.now() < $2::timestamptz + $4 * interval '1 ms'
             ON CONFLICT (platform_id, round_at) DO NOTHING RETURNING sweep_id AS id`,
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

const CLOSE = `
  WITH over AS (
    SELECT w.platform_id, w.sweep_id,
           EXISTS (SELECT 1 FROM domain_ledger.sweep_shard s
                    WHERE s.platform_id = w.platform_id AND s.sweep_id = w.sweep_id AND s.state = 'waiting') AS unfinished
      FROM domain_ledger.sweep w
     WHERE w.state = 'running' AND ($1::int IS NULL OR w.platform_id = $1)
       FOR UPDATE OF w SKIP LOCKED
  ), ended AS (
    UPDATE domain_ledger.sweep w
       SET state = CASE WHEN o.unfinished THEN 'failed' ELSE 'done' END,
           reason = CASE WHEN o.unfinished THEN 'overtaken' END,
           finished_at = wxfleet.now(),
           total = h.total, changed = h.changed, unchanged = h.unchanged,
           skipped_permission = h.skipped_permission, failed = h.failed
      FROM over o, LATERAL (
        SELECT ${COUNTS.map((count) => `coalesce(sum(${count}), 0) AS ${count}`).join(', ')}
          FROM domain_ledger.sweep_shard s WHERE s.platform_id = o.platform_id AND s.sweep_id = o.sweep_id) h
     WHERE w.platform_id = o.platform_id AND w.sweep_id = o.sweep_id
       AND (NOT o.unfinished OR coalesce(w.round_at, w.started_at) < wxfleet.now() - $2 * interval '2 ms')
    RETURNING w.platform_id, w.sweep_id, w.state, w.total, w.changed, w.unchanged, w.skipped_permission, w.failed
  ), removed AS (
    DELETE FROM domain_ledger.sweep_shard s USING ended e
     WHERE s.platform_id = e.platform_id AND s.sweep_id = e.sweep_id
  )
  SELECT platform_id AS "platformId", sweep_id AS id, state, total, changed, unchanged, skipped_permission, failed FROM ended`;

/** Rounds that a clock which was fast opened: their intervals are still to come, and will have rounds of their own. */
async function setAsideFutureRounds(sql: Sql, platformId: number): Promise<void> {
  await sql.run(
    `WITH ahead AS (
       UPDATE domain_ledger.sweep
          SET round_at = NULL, reason = CASE WHEN state = 'running' THEN 'clock_was_wrong' ELSE reason END,
              finished_at = CASE WHEN state = 'running' THEN wxfleet.now() ELSE finished_at END,
              state = CASE WHEN state = 'running' THEN 'failed' ELSE state END
        WHERE platform_id = $1 AND round_at > wxfleet.now()
       RETURNING sweep_id
     )
     DELETE FROM domain_ledger.sweep_shard s USING ahead a WHERE s.platform_id = $1 AND s.sweep_id = a.sweep_id`,
    [platformId],
  );
}

/** Mini programs in state authorized, by the counters. */
async function expectedOf(sql: Sql, platformId: number): Promise<number> {
  const [row] = await sql.query<{ expected: number }>(
    `SELECT greatest(0, coalesce((SELECT sum(uses) FROM domain_ledger.domain_use
                                   WHERE platform_id = $1 AND place = $2 AND domain_id = 0), 0)
                      + coalesce((SELECT sum(step) FROM domain_ledger.domain_use_delta
                                   WHERE platform_id = $1 AND place = $2 AND domain_id = 0), 0))::int AS expected`,
    [platformId, TOTAL_AUTHORIZED],
  );
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
  await sql.run(
    `INSERT INTO domain_ledger.sweep_shard (platform_id, sweep_id, shard_no, slot_from, slot_to, not_before)
     SELECT $1, $2, no, slot_from, slot_to, coalesce($7::timestamptz, wxfleet.now()) + delay_ms * interval '1 ms'
       FROM unnest($3::int[], $4::int[], $5::int[], $6::bigint[]) AS t (no, slot_from, slot_to, delay_ms)`,
    [
      platformId,
      sweepId,
      shards.map((shard) => shard.shardNo),
      shards.map((shard) => shard.slotFrom),
      shards.map((shard) => shard.slotTo),
      shards.map((shard) => shard.delayMs),
      from,
    ],
  );
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
