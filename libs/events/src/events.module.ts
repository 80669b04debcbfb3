import { Module } from '@nestjs/common';
import { SealedTables, Settings } from '#libs/kernel';
import { EventsOptions } from './events-options.ts';
import { EventFeed } from './feed/event-feed.ts';
import { EventRetention } from './feed/event-retention.ts';
import { EventSequencer } from './feed/event-sequencer.ts';
import { EventWriter } from './feed/event-writer.ts';
import { FeedReader } from './feed/feed-reader.ts';
import { FeedSignal } from './feed/feed-signal.ts';
import { RelayRunner } from './relays/relay-runner.ts';
import { Relays } from './relays/relays.ts';
import { DeliveryWorker } from './webhooks/delivery-worker.ts';
import { HttpSender } from './webhooks/http-sender.ts';
import { eventsSealedTables } from './webhooks/sealed-tables.ts';
import { TargetPolicy } from './webhooks/target-policy.ts';
import { WebhookEndpoints } from './webhooks/webhook-endpoints.ts';

/** What happened: written with the fact, numbered after the commit, read from the feed. */
@Module({
  providers: [
    EventWriter,
    EventSequencer,
    EventFeed,
    FeedSignal,
    FeedReader,
    EventRetention,
    HttpSender,
    WebhookEndpoints,
    DeliveryWorker,
    Relays,
    RelayRunner,
    {
      provide: TargetPolicy,
      useFactory: (options: EventsOptions) => new TargetPolicy(options),
      inject: [EventsOptions],
    },
    {
      provide: EventsOptions,
      useFactory: (settings: Settings) =>
        Object.assign(new EventsOptions(), {
          retentionMs: settings.events.retentionMs,
          networks: settings.events.webhookNetworks,
        }),
      inject: [Settings],
    },
  ],
  exports: [EventWriter, EventFeed, FeedReader, HttpSender, WebhookEndpoints, Relays, RelayRunner],
})
export class EventsModule {
  constructor(sealedTables: SealedTables) {
    sealedTables.add(eventsSealedTables);
  }
}
