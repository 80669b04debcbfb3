import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HOUR_MS, Database, Log, Metrics, Sealer, Settings, Ticks } from '#libs/kernel';
import { NUMBERED_CHANNEL } from '../feed/feed.sql.ts';
import { EventWriter } from '../feed/event-writer.ts';
import { EventsOptions } from '../events-options.ts';
import { EndpointDrain, type ClaimedEndpoint } from './endpoint-drain.ts';
import { HttpSender } from './http-sender.ts';
import { CLAIM_ENDPOINTS, PRUNE_ATTEMPT_HOURS, PRUNE_DELIVERIES } from './webhooks.sql.ts';

/**
 * Delivers events to webhook endpoints. One process at a time delivers to an endpoint: it holds the endpoint by a lease with a
 * generation, makes deliveries of new events, sends what is due and writes what came of it. A slow endpoint costs its own drain
 * only.
 */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly drains = new Map<EndpointDrain, Promise<void>>();
  private claiming: Promise<void> | undefined;
  private isWoken = false;
  private readonly stopping = new AbortController();
  private unlisten: (() => Promise<void>) | undefined;
  private readonly outcomes;
  private readonly seconds;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly sender: HttpSender,
    private readonly writer: EventWriter,
    private readonly options: EventsOptions,
    private readonly log: Log,
    metrics: Metrics,
    private readonly settings: Settings,
    private readonly ticks: Ticks,
  ) {
    this.outcomes = metrics.counter('wxfleet_webhook_attempts_total', 'Attempts to deliver events, by outcome', [
      'outcome',
    ]);
    this.seconds = metrics.histogram('wxfleet_webhook_attempt_seconds', 'Time of an attempt to deliver an event');
    metrics.gauge(
      'wxfleet_webhook_endpoint_disabled',
      'Webhook endpoints that the hub has disabled',
      [],
      async (gauge) => {
        const [row] = await db
          .query<{ n: number }>(
            `SELECT count(*) AS n FROM events.webhook_endpoint WHERE state = 'disabled' AND disabled_reason IN ('gone', 'failing')`,
          )
          .catch(() => []);
        if (row) gauge.set(row.n);
      },
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.roles.has('worker')) return;
    this.unlisten = await this.db.listen(
      NUMBERED_CHANNEL,
      (platforms) => this.wake(platforms === '' ? null : new Set(platforms.split(',').map(Number))),
      () => this.wake(null),
    );
    this.wake(null);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.unlisten?.();
    await this.claiming;
    await Promise.all(this.drains.values());
  }

  /** Takes endpoints with something to do; returns while their drains go on. */
  @Interval('webhook_deliveries', 1000)
  tick(): Promise<void> {
    return this.ticks.run('webhook_deliveries', () => this.claimAll());
  }

  @Interval('webhook_retention', HOUR_MS)
  pruneTick(): Promise<void> {
    return this.ticks.run('webhook_retention', async () => {
      while ((await this.db.run(PRUNE_DELIVERIES, [this.options.deliveryRetentionMs])) >= 5000);
      await this.db.run(PRUNE_ATTEMPT_HOURS, [this.options.deliveryRetentionMs]);
    });
  }

  /** One round for specs: takes what is due and waits until it has been worked off. */
  async drainOnce(): Promise<void> {
    await this.claim(0);
    await Promise.all(this.drains.values());
  }

  private get isFull(): boolean {
    return this.drains.size >= this.options.drainsPerProcess;
  }

  /** There are new events. @param platforms null: whose is not known */
  private wake(platforms: ReadonlySet<number> | null): void {
    for (const drain of this.drains.keys()) if (platforms?.has(drain.platformId) ?? true) drain.wake();
    void this.claimAll();
  }

  /** One claim at a time; what is told during one is looked at by another one. */
  private claimAll(): Promise<void> {
    this.isWoken = true;
    this.claiming ??= (async () => {
      while (this.isWoken) {
        this.isWoken = false;
        await this.claim();
      }
    })()
      .catch((error: unknown) => this.log.warn('webhooks.claim_failed', { error })) // the next tick tries again
      .finally(() => (this.claiming = undefined));
    return this.claiming;
  }

  /** @param lingerMs for how long an endpoint is kept that has nothing to send */
  private async claim(lingerMs = this.options.lingerMs): Promise<void> {
    const room = this.options.drainsPerProcess - this.drains.size;
    if (room <= 0 || this.stopping.signal.aborted) return;
    const claimed = await this.db.query<ClaimedEndpoint>(CLAIM_ENDPOINTS, [room, this.options.leaseSeconds]);
    for (const endpoint of claimed) {
      const drain = new EndpointDrain(
        this.db,
        this.sealer,
        this.sender,
        this.writer,
        this.options,
        this.log,
        (outcome, seconds) => {
          this.outcomes.inc({ outcome });
          this.seconds.observe(seconds);
        },
        endpoint,
        this.stopping.signal,
        () => (this.isFull ? 0 : lingerMs),
      );
      const run = drain
        .run()
        .catch((error: unknown) => this.log.warn('webhooks.drain_failed', { endpointId: endpoint.endpoint_id, error }))
        .finally(() => {
          const wasFull = this.isFull;
          this.drains.delete(drain);
          if (drain.hasNews || wasFull) void this.claimAll();
        });
      this.drains.set(drain, run);
    }
  }
}
