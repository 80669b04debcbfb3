import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HOUR_MS, DAY_MS, Database, Log, Ticks, type Sql } from '#libs/kernel';
import { KEPT, keptDigest as digestOf, verifyStretch, type ChainedRow } from './audit-chain.ts';
import { AuditTrail } from './audit-trail.ts';
import {
  CHECKPOINTS_OF_RANGE,
  EVENTS_AFTER_CHECKPOINT,
  HAND_OUTS_TO_SUM,
  INSERT_CHECKPOINT,
  INSERT_SUMMED_HAND_OUTS,
  IS_OLD_ENOUGH,
  LATEST_CHECKPOINT,
  MAX_STRETCH,
  NOTE_KEPT_EVENTS,
  OLD_EVENTS,
  REMOVE_EVENTS,
  TAKE_TURN,
} from './audit-retention.sql.ts';

/** Between two looks for what has become old. */
const EVERY_MS = HOUR_MS;
/** For how long events are kept, in milliseconds. */
export class AuditRetentionOptions {
  /** Everything that is not one of the following. */
  changesMs = 1095 * DAY_MS;
  /** Logins, log-outs and refused logins. */
  loginsMs = 400 * DAY_MS;
  /** Hand-outs of access tokens. */
  handOutsMs = 400 * DAY_MS;
  /** After this, the hand-outs of an hour to the same caller for the same account are one event. */
  detailMs = 30 * DAY_MS;
}

interface Checkpoint {
  no: number;
  fromSeq: number;
  untilSeq: number;
  hash: Buffer;
}

/**
 * The end of the audit trail. Old events get a checkpoint of the chain: from then on the chain is checked from there, what the
 * checkpoint covers is compared with a digest, and may be summed and removed. Events without a checkpoint can be removed by nobody
 * (`access.remove_audit_events`).
 */
@Injectable()
export class AuditRetention {
  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly trail: AuditTrail,
    private readonly ticks: Ticks,
    private readonly options: AuditRetentionOptions = new AuditRetentionOptions(),
  ) {}

  @Interval('audit_retention', EVERY_MS)
  retentionTick(): Promise<void> {
    return this.ticks.run('audit_retention', (signal) => this.work({ signal }));
  }

  /** Makes checkpoints of what is old, sums hand-outs, and removes what has been kept long enough. */
  async work(
    options: { signal?: AbortSignal } = {},
  ): Promise<{ checkpoints: number; summed: number; removed: number }> {
    const done = { checkpoints: 0, summed: 0, removed: 0 };
    while (!options.signal?.aborted) {
      const thinned = await this.inTurn((sql) => this.checkpoint(sql));
      if (!thinned) break;
      done.checkpoints += 1;
      done.summed += thinned.summed;
    }
    while (!options.signal?.aborted) {
      const removed = await this.inTurn((sql) => this.removeOld(sql));
      if (!removed) break;
      done.removed += removed;
    }
    if (done.checkpoints + done.removed > 0) this.log.info('audit.thinned', done);
    return done;
  }

  /** One process at a time; the others find nothing to do. */
  private inTurn<T>(work: (sql: Sql) => Promise<T | null>): Promise<T | null> {
    return this.db.transaction(async (sql) => {
      const [lock] = await sql.query<{ mine: boolean }>(TAKE_TURN);
      return lock?.mine ? work(sql) : null;
    });
  }

  private async checkpoint(sql: Sql): Promise<{ summed: number } | null> {
    const [last] = await sql.query<Checkpoint>(LATEST_CHECKPOINT);
    const from = last?.untilSeq ?? 0;
    // Events are linked in the order of their commits: everything before the first young one is old.
    const rows = await sql.query<ChainedRow>(EVENTS_AFTER_CHECKPOINT, [from, this.options.detailMs]);
    const end = rows.at(-1);
    // Not for a few: each checkpoint is a row and an event.
    if (!end || (rows.length < MAX_STRETCH && !(await this.isDue(sql, end.id)))) return null;
    const { problems, last: link } = verifyStretch(rows, last ? { seq: from, hash: last.hash } : null);
    if (problems.length > 0) {
      // The evidence stays as it is.
      this.log.error('audit.chain_broken', { from_seq: from + 1, until_seq: end.seq, problems: problems.slice(0, 10) });
      return null;
    }
    const no = (last?.no ?? 0) + 1;
    await sql.run(INSERT_CHECKPOINT, [no, from, link.seq, link.hash, rows.length, digestOf(rows)]);
    const summed = await this.sumHandOuts(sql, from, link.seq);
    await this.note(sql, { no, fromSeq: from, untilSeq: link.seq, hash: link.hash }, { summed });
    return { summed };
  }

  /** A day after it could have been made: checkpoints are then about one a day. */
  private async isDue(sql: Sql, id: number): Promise<boolean> {
    const [row] = await sql.query(IS_OLD_ENOUGH, [id, this.options.detailMs]);
    return row !== undefined;
  }

  /**
   * Hand-outs of an hour that are alike become one event with their count, under the id of the last one, so that lists keep their
   * order. It is new to the chain and linked to its end.
   */
  private async sumHandOuts(sql: Sql, from: number, until: number): Promise<number> {
    const groups = await sql.query<{ ids: number[] } & Record<string, unknown>>(HAND_OUTS_TO_SUM, [from, until]);
    if (groups.length === 0) return 0;
    const ids = groups.flatMap((group) => group.ids);
    await remove(sql, ids);
    await sql.run(INSERT_SUMMED_HAND_OUTS, [
      JSON.stringify(groups.map(({ ids: all, ...group }) => ({ ...group, id: all.at(-1), events: all.length }))),
    ]);
    return ids.length;
  }

  private async removeOld(sql: Sql): Promise<number | null> {
    const old = await sql.query<{ id: number; seq: number }>(OLD_EVENTS, [
      this.options.handOutsMs,
      this.options.loginsMs,
      this.options.changesMs,
    ]);
    const [first, last] = [old[0], old.at(-1)];
    if (!first || !last) return null;
    await remove(
      sql,
      old.map(({ id }) => id),
    );
    const touched = await sql.query<Checkpoint>(CHECKPOINTS_OF_RANGE, [first.seq, last.seq]);
    for (const checkpoint of touched) await this.note(sql, checkpoint, { removed: old.length });
    return old.length;
  }

  /** What is left of a stretch: in its row, and in an event of the chain, which the row can be compared with. */
  private async note(sql: Sql, { no, fromSeq, untilSeq }: Checkpoint, detail: Record<string, unknown>): Promise<void> {
    const rows = await sql.query<ChainedRow>(KEPT, [fromSeq, untilSeq]);
    const digest = digestOf(rows);
    await sql.run(NOTE_KEPT_EVENTS, [no, rows.length, digest]);
    await this.trail.record(sql, {
      platformId: null,
      actor: 'system',
      action: 'audit.thinned',
      subject: `audit_checkpoint:${no}`,
      detail: {
        from_seq: fromSeq + 1,
        until_seq: untilSeq,
        kept: rows.length,
        kept_digest: digest.toString('hex'),
        ...detail,
      },
    });
  }
}

function remove(sql: Sql, ids: readonly number[]): Promise<unknown> {
  return sql.query(REMOVE_EVENTS, [ids]);
}
