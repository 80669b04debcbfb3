import { Injectable } from '@nestjs/common';
import { EVENT_DATA, type EventData, type EventType } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { INSERT_EVENTS } from './feed.sql.ts';

/** An event to be written, of one type. */
export interface NewEventOf<Type extends EventType> {
  platformId: number;
  type: Type;
  /** The account it is about. */
  authorizerAppid?: string | null;
  /** Whose account it is. Absent: the merchant of `authorizerAppid` at this moment; null: of no merchant. */
  merchantId?: string | null;
  /** WeChat's time where there is one; absent: now. */
  occurredAt?: Date | null;
  data: EventData[Type];
}

/** An event of any type; data and type belong together. */
export type NewEvent = { [Type in EventType]: NewEventOf<Type> }[EventType];

/**
 * Writes events in the transaction of the fact that they tell: both are committed, or neither. Give it the `sql` that writes
 * the fact.
 */
@Injectable()
export class EventWriter {
  /**
   * One statement for any number of events; they are numbered in this order. Data beyond what the type describes is dropped.
   */
  async write(sql: Sql, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => ({
      platform_id: event.platformId,
      type: event.type,
      authorizer_appid: event.authorizerAppid ?? null,
      merchant_id: event.merchantId ?? null,
      look_up: event.merchantId === undefined && event.authorizerAppid != null,
      occurred_at: event.occurredAt?.toISOString() ?? null,
      data: EVENT_DATA[event.type].parse(event.data),
    }));
    await sql.run(INSERT_EVENTS, [JSON.stringify(rows)]);
  }
}
