import { EventWriter } from '#libs/events';
import { JobQueue } from '#libs/jobs';
import { Ticks, loadSettings, type Clock, type Database, type Log, type Metrics, type Sealer } from '#libs/kernel';
import type { ComponentApi } from '#libs/wechat';
import { AuthorizerCommits } from './authorizer-tokens/authorizer-commits.ts';
import { AuthorizerGrants } from './authorizer-tokens/authorizer-grants.ts';
import { AuthorizerRefresh } from './authorizer-tokens/authorizer-refresh.ts';
import { AuthorizerTokenRows } from './authorizer-tokens/authorizer-token-rows.ts';
import { AuthorizerTokens } from './authorizer-tokens/authorizer-tokens.ts';
import { RefreshPass } from './authorizer-tokens/refresh-pass.ts';
import { RefreshTokenRecovery } from './authorizer-tokens/refresh-token-recovery.ts';
import { ComponentTokenRows } from './component-tokens/component-token-rows.ts';
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
  ticks?: Ticks;
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
    const events = new EventWriter();
    this.channel = new TokenInvalidationChannel(db, log);
    this.accounts = new ComponentAccounts(db, sealer, clock, this.channel, events);
    this.tickets = new ComponentTickets(sealer, events);
    const { channel, accounts, tickets } = this;
    const ticks = parts.ticks ?? new Ticks(loadSettings({}).settings, log);
    this.ticketGuard = new TicketGuard(db, clock, log, metrics, api, accounts, tickets, events, options, ticks);
    const componentRows = new ComponentTokenRows(
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
    const componentTokens = new ComponentTokens(db, clock, log, metrics, accounts, componentRows, channel, options);
    this.componentTokens = componentTokens;
    const rows = new AuthorizerTokenRows(sealer, clock, log);
    const commits = new AuthorizerCommits(db, sealer, clock, log, jobs, options);
    const refreshing = new AuthorizerRefresh(
      db,
      sealer,
      clock,
      log,
      metrics,
      jobs,
      api,
      componentTokens,
      rows,
      commits,
      new RefreshTokenRecovery(api, componentTokens, clock, log),
      channel,
      events,
      options,
    );
    this.authorizerTokens = new AuthorizerTokens(
      db,
      clock,
      log,
      metrics,
      rows,
      new AuthorizerGrants(sealer, channel, events),
      commits,
      refreshing,
      new RefreshPass(db, clock, log, rows, refreshing, commits, componentTokens, accounts, options, ticks),
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
