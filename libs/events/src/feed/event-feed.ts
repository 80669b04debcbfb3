import { Injectable } from '@nestjs/common';
import type { EventType, EventView } from '#libs/contract';
import { AppError, type Sql } from '#libs/kernel';
import { HEAD_OF, READ_STRETCH } from './feed.sql.ts';

/** Which events a reader wants. Absent: all that the transaction may see. */
export interface EventFilter {
  /** Types, and `domains.*` for all of a kind. */
  types?: readonly string[] | undefined;
  authorizerAppid?: string | undefined;
  /** Only events about accounts of these merchants. */
  merchantIds?: readonly string[] | null | undefined;
}

/** A stretch of the feed. */
export interface EventStretch {
  items: EventView[];
  /** Everything up to here has been looked at: the next stretch begins after it. */
  lastSeq: number;
  /** The newest event of the platform when this was read. */
  head: number;
}

interface EventRow {
  head: number;
  floor: number;
  seq: number | null;
  type: EventType;
  authorizer_appid: string | null;
  merchant_id: string | null;
  occurred_at: Date;
  recorded_at: Date;
  data: unknown;
}

/** Numbers that one statement looks at. */
const STRETCH = 20_000;

/** Reads the feed of a platform. A position is a number: everything up to it has been seen. */
@Injectable()
export class EventFeed {
  /**
   * Events after `after` (null: from the oldest that is kept), oldest first. It may stop before `limit` and before the head:
   * read on while `lastSeq < head`.
   * @throws AppError cursor_expired when events after `after` have been removed; invalid_request when it lies in the future
   */
  async read(
    sql: Sql,
    platformId: number,
    { after, limit, ...filter }: EventFilter & { after: number | null; limit: number },
  ): Promise<EventStretch> {
    const from = after ?? (await this.head(sql, platformId)).floor;
    const rows = await sql.query<EventRow>(READ_STRETCH, [
      platformId,
      from,
      STRETCH,
      filter.types ?? null,
      familiesOf(filter.types),
      filter.authorizerAppid ?? null,
      filter.merchantIds ?? null,
      limit,
    ]);
    const [first] = rows;
    const head = first?.head ?? 0;
    if (first && from < first.floor) throw cursorExpired(first.floor);
    if (from > head) throw AppError.invalid('after', `must not be after the newest event, which is ${head}`);
    const items = rows.flatMap((row) => (row.seq === null ? [] : [viewOf(row, row.seq)]));
    const isFull = items.length >= limit;
    const lastSeq = isFull ? Number(items.at(-1)?.id ?? from) : Math.min(head, from + STRETCH);
    return { items, lastSeq, head };
  }

  /** Newest event and newest removed event of a platform; 0 when there is none. */
  async head(sql: Sql, platformId: number): Promise<{ head: number; floor: number }> {
    const [row] = await sql.query<{ head: number; floor: number }>(HEAD_OF, [platformId]);
    return row ?? { head: 0, floor: 0 };
  }
}

export function cursorExpired(floor: number): AppError {
  return new AppError('cursor_expired', `events up to ${floor} have been removed`, {
    details: { oldest_event_id: String(floor + 1) },
  });
}

/** `domains` of `domains.*`. */
export function familiesOf(types: readonly string[] | undefined): string[] | null {
  return types?.filter((type) => type.endsWith('.*')).map((type) => type.slice(0, -2)) ?? null;
}

function viewOf(row: EventRow, seq: number): EventView {
  return {
    id: String(seq),
    type: row.type,
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
    authorizer_appid: row.authorizer_appid,
    merchant_id: row.merchant_id,
    data: row.data,
  } as EventView;
}
