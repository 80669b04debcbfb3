import type { Clock, Database, Log, Metrics, Sealer } from '#libs/kernel';
import { JobQueue } from '#libs/jobs';
import type { ComponentApi } from '#libs/wechat';
import { AuthorizerTokens } from './authorizer-tokens/authorizer-tokens.ts';
import { ComponentAccounts } from './platforms/component-accounts.ts';
import { ComponentTickets } from './platforms/component-tickets.ts';
import { ComponentTokens } from './component-tokens/component-tokens.ts';
import { CustodyNews } from './custody-news.ts';
import { TicketGuard, type TicketGuardOptions } from './platforms/ticket-guard.ts';

export interface CustodyParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  api: ComponentApi;
  jobs?: JobQueue;
  ticketGuard?: TicketGuardOptions;
  /** Longer than one call to WeChat may take; default 20. */
  leaseSeconds?: number;
}

/** The parts of custody, put together. */
export class Custody {
  readonly news: CustodyNews;
  readonly accounts: ComponentAccounts;
  readonly tickets: ComponentTickets;
  readonly ticketGuard: TicketGuard;
  readonly componentTokens: ComponentTokens;
  readonly authorizerTokens: AuthorizerTokens;

  constructor(parts: CustodyParts) {
    const { db, sealer, clock, log, metrics, api } = parts;
    this.news = new CustodyNews(db, log);
    this.accounts = new ComponentAccounts(db, sealer, clock, this.news);
    this.tickets = new ComponentTickets(sealer);
    this.ticketGuard = new TicketGuard(db, api, this.accounts, this.tickets, clock, log, metrics, parts.ticketGuard);
    this.componentTokens = new ComponentTokens({
      ...parts,
      accounts: this.accounts,
      tickets: this.tickets,
      news: this.news,
    });
    this.authorizerTokens = new AuthorizerTokens({
      ...parts,
      jobs: parts.jobs ?? new JobQueue(),
      componentTokens: this.componentTokens,
      news: this.news,
      platforms: () => this.accounts.refs(),
    });
  }

  /** Checks that the master keys open what is kept, and begins to hear the other processes. @throws SealError */
  async start(): Promise<void> {
    await this.accounts.assertKeys();
    await this.news.start();
  }

  /** Writes what is still to be written; with a database that is away it waits some seconds, and logs what is lost. */
  async stop(): Promise<void> {
    await this.authorizerTokens.stop();
    await this.news.stop();
  }
}
