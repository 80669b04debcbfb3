import { Injectable } from '@nestjs/common';
import { EventWriter } from '#libs/events';
import { Sealer, type Secret, type Sql } from '#libs/kernel';
import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';
import { sealContext } from '../seal-context.ts';

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
    await sql.query('SELECT 1 FROM custody.component_token WHERE platform_id = $1 FOR UPDATE', [platformId]);
    // Locked too: the guard may be raising the alarm of this outage.
    const [before] = await sql.query<{ isFirst: boolean; isStale: boolean }>(
      `SELECT t.platform_id IS NULL AS "isFirst",
              CASE WHEN t.platform_id IS NULL THEN a.no_ticket_alarm_at ELSE t.stale_alarm_at END IS NOT NULL AS "isStale"
         FROM custody.component_account a LEFT JOIN custody.component_ticket t USING (platform_id)
        WHERE a.platform_id = $1 FOR NO KEY UPDATE OF a`,
      [platformId],
    );
    const [kept] = await sql.query<{ receivedAt: Date; expiresAt: Date }>(
      `INSERT INTO custody.component_ticket AS t (platform_id, sealed_ticket, received_at, wechat_created_at)
       VALUES ($1, $2, wxfleet.now(), $3)
       ON CONFLICT (platform_id) DO UPDATE SET
              sealed_ticket = excluded.sealed_ticket, received_at = excluded.received_at,
              wechat_created_at = excluded.wechat_created_at, stale_alarm_at = NULL
        WHERE CASE WHEN t.wechat_created_at > t.received_at + make_interval(secs => $4) THEN t.received_at
                   ELSE t.wechat_created_at END <= excluded.wechat_created_at
       RETURNING received_at AS "receivedAt", received_at + make_interval(secs => ${TICKET_LIFETIME_SECONDS}) AS "expiresAt"`,
      [platformId, this.sealer.seal(ticket, sealContext.ticket(platformId)), wechatCreatedAt, CLOCK_DIFFERENCE_SECONDS],
    );
    if (!kept) return 'older';
    const data = { last_received_at: kept.receivedAt.toISOString(), expires_at: kept.expiresAt.toISOString() };
    await this.events.write(sql, [
      ...(before?.isStale ? [{ platformId, type: 'ticket.recovered' as const, data }] : []),
      ...(before?.isFirst ? [{ platformId, type: 'platform.ready' as const, data: {} }] : []),
    ]);
    // A refresh that waited for a ticket need not wait for the end of the cool-down.
    await sql.run(
      `UPDATE custody.component_token SET retry_after = NULL
        WHERE platform_id = $1 AND retry_after IS NOT NULL AND last_failure->>'code' = 'ticket_unavailable'`,
      [platformId],
    );
    return 'kept';
  }

  /** Tickets younger than 12 hours in the order to try them: the newest, then the last one that worked. */
  async usable(sql: Sql, platformId: number): Promise<UsableTicket[]> {
    const [row] = await sql.query<{
      newest: Buffer | null;
      received_at: Date;
      working: Buffer | null;
      working_received_at: Date;
    }>(
      `SELECT CASE WHEN received_at > wxfleet.now() - make_interval(secs => $2) THEN sealed_ticket END AS newest,
              received_at,
              CASE WHEN working_received_at > wxfleet.now() - make_interval(secs => $2) THEN sealed_working_ticket END AS working,
              working_received_at
         FROM custody.component_ticket WHERE platform_id = $1`,
      [platformId, TICKET_LIFETIME_SECONDS],
    );
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
    await sql.run(
      `UPDATE custody.component_ticket SET sealed_working_ticket = $2, working_received_at = $3
        WHERE platform_id = $1 AND (working_received_at IS NULL OR working_received_at < $3)`,
      [platformId, this.sealer.seal(ticket, sealContext.ticket(platformId)), receivedAt],
    );
  }

  /** How long ago the newest ticket came, in seconds, per platform with one. */
  async ages(sql: Sql): Promise<{ platformId: number; componentAppid: string; ageSeconds: number }[]> {
    return sql.query(
      `SELECT platform_id AS "platformId", component_appid AS "componentAppid",
              extract(epoch FROM wxfleet.now() - received_at)::float8 AS "ageSeconds"
         FROM custody.component_ticket JOIN custody.component_account USING (platform_id)`,
    );
  }
}
