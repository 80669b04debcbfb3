import { setMaxListeners } from 'node:events';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HUB } from './services.ts';
import type { HubServices } from './services.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Refreshes in flight in one pass; WECHAT_MAX_CONCURRENCY bounds all calls anyway. */
const REFRESH_CONCURRENCY = 32;
/** Between two comparisons with the authorizer list of WeChat. */
const RECONCILE_MS = 24 * HOUR;
const REFRESH_LIMIT = 20_000;

/**
 * The only place with timers that start work. Every process of the worker role ticks; what a tick does is claimed in the
 * database by the capability itself, so that any number of processes may tick at once. A tick that is still running is
 * not started again, and a stop waits for the running ones.
 */
@Injectable()
export class Schedules implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(@Inject(HUB) private readonly hub: HubServices) {
    // Every call of a tick listens to it; that many listeners are no leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /** The first ticks come at once: after a downtime much may be due. */
  onApplicationBootstrap(): void {
    this.rounds();
    this.sweep();
    this.refresh();
    this.guardTickets();
    this.addresses();
    this.reconcile();
    this.scheduleRetention();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  /** Opens the round of the present interval, for every platform. */
  @Interval(15 * SECOND)
  rounds(): void {
    this.tick('domain_rounds', () => this.hub.sweeps.ensureRounds());
  }

  /** Works off due shards of sweeps. */
  @Interval(1 * SECOND)
  sweep(): void {
    this.tick('domain_sweeps', (signal) => this.hub.sweeps.work({ signal }));
  }

  /** Refreshes access tokens ahead of their expiry. */
  @Interval(5 * SECOND)
  refresh(): void {
    this.tick('token_refresh', (signal) =>
      this.hub.authorizerTokens.refreshDue({ limit: REFRESH_LIMIT, concurrency: REFRESH_CONCURRENCY, signal }),
    );
  }

  /** Raises the alarm when WeChat stops pushing tickets, and asks it to go on. */
  @Interval(30 * SECOND)
  guardTickets(): void {
    this.tick('ticket_guard', () => this.hub.ticketGuard.guard());
  }

  /** Fetches WeChat's address lists when they are due. */
  @Interval(30 * SECOND)
  addresses(): void {
    this.tick('wechat_ips', () => this.hub.apiIps.ensureFresh());
  }

  /** Fetches the platforms' own lists of server domains when they are due. */
  @Interval(10 * MINUTE)
  platformLists(): void {
    this.tick('platform_lists', () => this.hub.refreshPlatformLists());
  }

  /** Tells when WeChat's limit of principals of a domain is near. */
  @Interval(1 * HOUR)
  principalLimits(): void {
    this.tick('principal_limits', () => this.hub.checkPrincipalLimits());
  }

  /** Starts the daily comparison with WeChat's authorizer list where it is due, or due again after a failure. */
  @Interval(5 * MINUTE)
  reconcile(): void {
    this.tick('reconciliation', async () =>
      this.hub.reconcile.ensureScheduled(await this.hub.accounts.withTicket(), RECONCILE_MS),
    );
  }

  /** Gives a job to pushes that lost theirs. */
  @Interval(1 * MINUTE)
  rescuePushes(): void {
    this.tick('push_rescue', () => this.hub.dispatcher.rescue());
  }

  /** Removes expired rows. */
  @Interval(1 * HOUR)
  prune(): void {
    this.tick('prune', () => this.hub.prune());
  }

  /** Asks for scheduled retention runs, where the operator has switched them on. */
  @Interval(10 * MINUTE)
  scheduleRetention(): void {
    this.tick('retention_schedule', () => this.hub.scheduleRetention());
  }

  /** Goes on with retention runs. */
  @Interval(5 * SECOND)
  thin(): void {
    this.tick('retention_runs', (signal) => this.hub.retention.work({ signal }));
  }

  /** Goes on with a rotation of the master key. */
  @Interval(2 * SECOND)
  rotateMasterKey(): void {
    this.tick('master_key_rotation', (signal) => this.hub.keyRotations.work({ signal }));
  }

  private tick(name: string, work: (signal: AbortSignal) => Promise<unknown>): void {
    if (this.running.has(name) || this.stopping.signal.aborted) return;
    const run = Promise.resolve()
      .then(() => work(this.stopping.signal))
      .then(
        () => undefined,
        (error: unknown) => {
          // The next tick tries again.
          if (!this.stopping.signal.aborted) this.hub.log.warn('schedule.tick_failed', { tick: name, error });
        },
      )
      .finally(() => this.running.delete(name));
    this.running.set(name, run);
  }
}
