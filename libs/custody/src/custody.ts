import { JobQueue } from '#libs/jobs';
import type { Clock, Database, Log, Metrics, Sealer } from '#libs/kernel';
import type { ComponentApi } from '#libs/wechat';
import { AuthorizerTokens } from './authorizer-tokens/authorizer-tokens.ts';
import { ComponentTokens } from './component-tokens/component-tokens.ts';
import { CustodyOptions } from './custody-options.ts';
import { ComponentAccounts } from './platforms/component-accounts.ts';
import { ComponentTickets } from './platforms/component-tickets.ts';
import { TicketGuard } from './platforms/ticket-guard.ts';
import { TokenInvalidationChannel } from './token-invalidation-channel.ts';

export interface CustodyParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  api: ComponentApi;
  jobs?: JobQueue;
  options?: CustodyOptions;
}

/** The parts of custody, put together. */
export class Custody {
  readonly channel: TokenInvalidationChannel;
  readonly accounts: ComponentAccounts;
  readonly tickets: ComponentTickets;
  readonly ticketGuard: TicketGuard;
  readonly componentTokens: ComponentTokens;
  readonly authorizerTokens: AuthorizerTokens;

  constructor(parts: CustodyParts) {
    const { db, sealer, clock, log, metrics, api, jobs = new JobQueue(), options = new CustodyOptions() } = parts;
    this.channel = new TokenInvalidationChannel(db, log);
    this.accounts = new ComponentAccounts(db, sealer, clock, this.channel);
    this.tickets = new ComponentTickets(sealer);
    const { channel, accounts, tickets } = this;
    this.ticketGuard = new TicketGuard(db, clock, log, metrics, api, accounts, tickets, options);
    this.componentTokens = new ComponentTokens(
      db,
      sealer,
      clock,
      log,
      metrics,
      api,
      accounts,
      tickets,
      channel,
      options,
    );
    this.authorizerTokens = new AuthorizerTokens(
      db,
      sealer,
      clock,
      log,
      metrics,
      jobs,
      api,
      accounts,
      this.componentTokens,
      channel,
      options,
    );
  }

  /** Checks that the master keys open what is stored, and listens to the other processes. @throws SealError */
  async start(): Promise<void> {
    await this.accounts.assertKeys();
    await this.channel.start();
  }

  /** Writes pending results; waits only seconds for a database that is unavailable, and logs what is lost. */
  async stop(): Promise<void> {
    await this.authorizerTokens.stop();
    await this.channel.stop();
  }
}
