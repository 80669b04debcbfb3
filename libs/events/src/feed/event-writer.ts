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
    await sql.run(INSERT_EVENTS, [
      arrayText(events.map(({ platformId }) => String(platformId))),
      arrayText(events.map(({ type }) => type)),
      arrayText(events.map(({ authorizerAppid }) => authorizerAppid ?? null)),
      arrayText(events.map(({ merchantId }) => merchantId ?? null)),
      arrayText(events.map((event) => String(event.merchantId === undefined && event.authorizerAppid != null))),
      arrayText(events.map(({ occurredAt }) => occurredAt?.toISOString() ?? null)),
      jsonArrayText(events.map(({ type, data }) => EVENT_DATA[type].parse(data))),
    ]);
  }
}

/** A PostgreSQL array as text; the driver takes several times as long for long arrays. */
function arrayText(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

/** The same of JSON values: their text has no raw control characters, so that JSON's own quoting is that of an array. */
function jsonArrayText(values: readonly unknown[]): string {
  return `{${values.map((value) => JSON.stringify(JSON.stringify(value))).join(',')}}`;
}
