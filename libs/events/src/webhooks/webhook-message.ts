import type { EventType } from '#libs/contract';

/** A delivery with its event. */
export interface DueDelivery {
  delivery_id: number;
  seq: number;
  attempts: number;
  authorizer_appid: string | null;
  type: EventType;
  merchant_id: string | null;
  occurred_at: Date;
  data: unknown;
}

/** The same for every attempt and every replay of an event: receivers remove duplicates by it. */
export function messageIdOf(componentAppid: string, seq: number): string {
  return `evt_${componentAppid}_${seq}`;
}

/** Standard Webhooks: type, timestamp, data; and where the event stands. */
export function bodyOf(componentAppid: string, event: Omit<DueDelivery, 'delivery_id' | 'attempts'>): string {
  return JSON.stringify({
    type: event.type,
    timestamp: event.occurred_at.toISOString(),
    data: event.data,
    id: String(event.seq),
    sequence: event.seq,
    platform: componentAppid,
    authorizer_appid: event.authorizer_appid,
    merchant_id: event.merchant_id,
  });
}
