import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HOUR_MS, Database, Ticks } from '#libs/kernel';
import { EventsOptions } from '../events-options.ts';
import { DELETE_EVENTS, OLDEST_EVENTS, RAISE_FLOOR } from './feed.sql.ts';

/** Events removed in one transaction. */
const BATCH = 5000;

/** Removes events that are older than `EVENT_RETENTION`, oldest first; readers before them are told so. */
@Injectable()
export class EventRetention {
  constructor(
    private readonly db: Database,
    private readonly options: EventsOptions,
    private readonly ticks: Ticks,
  ) {}

  @Interval('event_retention', HOUR_MS)
  tick(): Promise<void> {
    return this.ticks.run('event_retention', (signal) => this.prune(signal));
  }

  /** @returns events removed */
  async prune(signal?: AbortSignal): Promise<number> {
    let removed = 0;
    const platforms = await this.db.query<{ platformId: number }>(
      'SELECT platform_id AS "platformId" FROM events.feed_head ORDER BY 1',
    );
    for (const { platformId } of platforms) {
      for (;;) {
        if (signal?.aborted) return removed;
        const batch = await this.pruneOnce(platformId);
        removed += batch;
        if (batch < BATCH) break;
      }
    }
    return removed;
  }

  /** The floor is raised in the transaction that removes: no reader sees a gap without being told. */
  private pruneOnce(platformId: number): Promise<number> {
    return this.db.transaction(async (sql) => {
      const rows = await sql.query<{ seq: number; old: boolean }>(OLDEST_EVENTS, [
        platformId,
        this.options.retentionMs,
        Number.MAX_SAFE_INTEGER,
        BATCH,
      ]);
      const firstYoung = rows.findIndex(({ old }) => !old);
      const last = rows.at(firstYoung === -1 ? -1 : firstYoung - 1);
      if (!last || firstYoung === 0) return 0;
      await sql.run(RAISE_FLOOR, [platformId, last.seq]);
      return sql.run(DELETE_EVENTS, [platformId, last.seq]);
    });
  }
}
