import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EventWriter } from '#libs/events';
import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';
import { Interval } from '@nestjs/schedule';
import { Clock, Database, Log, Metrics, Ticks } from '#libs/kernel';
import { ComponentApi } from '#libs/wechat';
import { CustodyOptions } from '../custody-options.ts';
import { ComponentAccounts } from './component-accounts.ts';
import { TICKET_STALE_SECONDS, ComponentTickets } from './component-tickets.ts';
import type { PlatformRef } from './platform-directory.ts';
import {
  CLAIM_ASKING_FOR_TICKET,
  LOCK_ACCOUNT,
  RAISE_NO_TICKET_ALARM,
  RAISE_STALE_ALARM,
  TICKETS_TO_GUARD,
} from './ticket-guard.sql.ts';

/** Results of one pass. */
export interface TicketGuardPass {
  /** Platforms whose pushes have stopped, or never began. */
  stale: number;
  /** Alarms raised in this pass. */
  alarmed: number;
  /** Requests to restart the pushes. */
  asked: number;
  askFailed: number;
}

interface Found extends PlatformRef {
  ticketReceivedAt: Date | null;
  stale: boolean;
  /** No process has raised the alarm yet, of this outage or about the first ticket. */
  alarm: boolean;
  /** WeChat refused the stored tickets: fresh ones are needed although pushes arrive. */
  refused: boolean;
}

/**
 * Notices when WeChat's ticket pushes stop or do not start: raises an alarm once per outage, and once about a first ticket that
 * does not arrive (log line `ticket.stale`, metric), and asks WeChat from time to time to push again. Any number of processes
 * may run it; the rows decide which one acts.
 */
@Injectable()
export class TicketGuard implements OnApplicationBootstrap {
  /** For platforms that never had a ticket: when this process asked last. */
  private readonly askedMs = new Map<number, number>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly api: ComponentApi,
    private readonly accounts: ComponentAccounts,
    private readonly tickets: ComponentTickets,
    private readonly events: EventWriter,
    private readonly options: CustodyOptions,
    private readonly ticks: Ticks,
  ) {
    const age = metrics.gauge(
      'wxfleet_ticket_age_seconds',
      'Seconds since the newest component_verify_ticket came',
      ['component_appid'],
      async () => {
        for (const row of await this.tickets.ages(this.db).catch(() => [])) {
          age.set({ component_appid: row.componentAppid }, row.ageSeconds);
        }
      },
    );
  }

  onApplicationBootstrap(): void {
    void this.tick();
  }

  /** Raises the alarm when WeChat stops pushing tickets, and asks it to go on. */
  @Interval('ticket_guard', 30_000)
  tick(): Promise<void> {
    return this.ticks.run('ticket_guard', () => this.guard());
  }

  /** One pass over all platforms. */
  async guard(): Promise<TicketGuardPass> {
    const pass: TicketGuardPass = { stale: 0, alarmed: 0, asked: 0, askFailed: 0 };
    const gauge = this.metrics.gauge(
      'wxfleet_ticket_stale',
      '1 while the ticket pushes of a platform have stopped for two periods',
      ['component_appid'],
    );
    const rows = await this.db.query<Found>(TICKETS_TO_GUARD, [TICKET_STALE_SECONDS]);
    for (const row of rows) {
      gauge.set({ component_appid: row.componentAppid }, row.stale ? 1 : 0);
      if (!row.stale && !row.refused) continue;
      if (row.stale) pass.stale += 1;
      if (row.stale && row.alarm && (await this.raise(row))) {
        pass.alarmed += 1;
        this.metrics.counter('wxfleet_ticket_alarms_total', 'Times that the ticket pushes were found stopped').inc();
        this.log.error('ticket.stale', {
          componentAppid: row.componentAppid,
          lastReceivedAt: row.ticketReceivedAt?.toISOString() ?? null,
        });
      }
      if (await this.mayAsk(row)) {
        pass.asked += 1;
        if (!(await this.ask(row))) pass.askFailed += 1;
      }
    }
    return pass;
  }

  /** True in the one process that raises the alarm; the event is written with it. */
  private raise({ platformId, ticketReceivedAt }: Found): Promise<boolean> {
    return this.db.transaction(async (sql) => {
      // The order of locks of ComponentTickets.receive.
      await sql.query(LOCK_ACCOUNT, [platformId]);
      const raised = await (ticketReceivedAt === null
        ? sql.run(RAISE_NO_TICKET_ALARM, [platformId])
        : sql.run(RAISE_STALE_ALARM, [platformId, TICKET_STALE_SECONDS]));
      if (raised === 0) return false;
      const data = {
        last_received_at: ticketReceivedAt?.toISOString() ?? null,
        expires_at:
          ticketReceivedAt && new Date(ticketReceivedAt.getTime() + TICKET_LIFETIME_SECONDS * 1000).toISOString(),
      };
      await this.events.write(sql, [{ platformId, type: 'ticket.stale', data }]);
      return true;
    });
  }

  /** Claims the right to ask: over all processes if there is a ticket row to claim in, else in this process. */
  private async mayAsk(row: PlatformRef & { ticketReceivedAt: Date | null }): Promise<boolean> {
    const everySeconds = this.options.askPushEverySeconds;
    if (row.ticketReceivedAt === null) {
      const now = this.clock.monotonicMs();
      if (now - (this.askedMs.get(row.platformId) ?? Number.NEGATIVE_INFINITY) < everySeconds * 1000) return false;
      this.askedMs.set(row.platformId, now);
      return true;
    }
    const claimed = await this.db.run(CLAIM_ASKING_FOR_TICKET, [row.platformId, everySeconds]);
    return claimed > 0;
  }

  private async ask(platform: PlatformRef): Promise<boolean> {
    try {
      const secret = await this.accounts.appsecret(this.db, platform.platformId);
      const { componentAppid } = platform;
      const { wasStopped } = await this.api.startPushTicket(
        { componentAppid, priority: 'background' },
        { appsecret: secret },
      );
      this.log.warn('ticket.push_restart_asked', { componentAppid, wasStopped });
      return true;
    } catch (error) {
      this.log.warn('ticket.push_restart_refused', { componentAppid: platform.componentAppid, error });
      return false;
    }
  }
}
