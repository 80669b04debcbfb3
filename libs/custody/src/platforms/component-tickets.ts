import { Injectable } from '@nestjs/common';
import { EventWriter } from '#libs/events';
import { Sealer, type Secret, type Sql } from '#libs/kernel';
import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';
import { sealContext } from '../seal-context.ts';
import {
  LOCK_TOKEN_ROW,
  NOTE_WORKING_TICKET,
  RETRY_COMPONENT_TOKEN,
  TICKET_AGES,
  TICKET_BEFORE,
  UPSERT_TICKET,
  USABLE_TICKETS,
} from './component-tickets.sql.ts';

/** WeChat pushes every ten minutes (page "component_verify_ticket"); two missed periods are no accident. */
export const TICKET_STALE_SECONDS = 20 * 60;
/**
 * WeChat's clock may be so far ahead of the database's, in seconds; far less than the ten minutes between two tickets, so
 * that whatever is decided within it, the next ticket is the newer one.
 */
const CLOCK_DIFFERENCE_SECONDS = 60;

/** A ticket that WeChat may still accept. */
export interface UsableTicket {
  ticket: Secret;
  receivedAt: Date;
}

/** The tickets of the platforms: the newest one, and the last one that worked. */
@Injectable()
export class ComponentTickets {
  constructor(
    private readonly sealer: Sealer,
    private readonly events: EventWriter,
  ) {}

  /**
   * Keeps a pushed ticket unless a newer one is here. Newer is what WeChat's `CreateTime` says; of two with the same second
   * the one that arrived later counts. Late and repeated pushes are normal. A ticket that says to be from after its own
   * arrival counts from its arrival: with one wrong time it would shut out every later ticket, and the platform ends when
   * the last token does.
   */
  async receive(sql: Sql, platformId: number, ticket: Secret, wechatCreatedAt: Date): Promise<'kept' | 'older'> {
    // A refresh that fails because there is no ticket writes its cool-down under the same lock: the later one sees the other.
    await sql.query(LOCK_TOKEN_ROW, [platformId]);
    // Locked too: the guard may be raising the alarm of this outage.
    const [before] = await sql.query<{ isFirst: boolean; isStale: boolean }>(TICKET_BEFORE, [platformId]);
    const [kept] = await sql.query<{ receivedAt: Date; expiresAt: Date }>(UPSERT_TICKET, [
      platformId,
      this.sealer.seal(ticket, sealContext.ticket(platformId)),
      wechatCreatedAt,
      CLOCK_DIFFERENCE_SECONDS,
    ]);
    if (!kept) return 'older';
    const data = { last_received_at: kept.receivedAt.toISOString(), expires_at: kept.expiresAt.toISOString() };
    await this.events.write(sql, [
      ...(before?.isStale ? [{ platformId, type: 'ticket.recovered' as const, data }] : []),
      ...(before?.isFirst ? [{ platformId, type: 'platform.ready' as const, data: {} }] : []),
    ]);
    // A refresh that waited for a ticket need not wait for the end of the cool-down.
    await sql.run(RETRY_COMPONENT_TOKEN, [platformId]);
    return 'kept';
  }

  /** Tickets younger than 12 hours in the order to try them: the newest, then the last one that worked. */
  async usable(sql: Sql, platformId: number): Promise<UsableTicket[]> {
    const [row] = await sql.query<{
      newest: Buffer | null;
      received_at: Date;
      working: Buffer | null;
      working_received_at: Date;
    }>(USABLE_TICKETS, [platformId, TICKET_LIFETIME_SECONDS]);
    const tickets: UsableTicket[] = [];
    const add = (sealed: Buffer | null | undefined, receivedAt: Date) => {
      if (!sealed) return;
      const ticket = this.sealer.open(sealed, sealContext.ticket(platformId));
      if (!tickets.some((other) => other.ticket.equals(ticket))) tickets.push({ ticket, receivedAt });
    };
    if (row) {
      add(row.newest, row.received_at);
      add(row.working, row.working_received_at);
    }
    return tickets;
  }

  /** Remembers that `ticket` yielded a token, unless one that came later did already. */
  async worked(sql: Sql, platformId: number, { ticket, receivedAt }: UsableTicket): Promise<void> {
    await sql.run(NOTE_WORKING_TICKET, [
      platformId,
      this.sealer.seal(ticket, sealContext.ticket(platformId)),
      receivedAt,
    ]);
  }

  /** How long ago the newest ticket came, in seconds, per platform with one. */
  async ages(sql: Sql): Promise<{ platformId: number; componentAppid: string; ageSeconds: number }[]> {
    return sql.query(TICKET_AGES);
  }
}
