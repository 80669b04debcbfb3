export { EventFeed, type EventFilter, type EventStretch } from './feed/event-feed.ts';
export { EventWriter, type NewEvent, type NewEventOf } from './feed/event-writer.ts';
export { FeedReader, type AsReader } from './feed/feed-reader.ts';
export { EventsModule } from './events.module.ts';
export { eventsSealedTables } from './webhooks/sealed-tables.ts';
export { WebhookEndpoints } from './webhooks/webhook-endpoints.ts';
export type { RelayedPush } from './relays/relay-message.ts';
export { RelayRunner, type RelayOutcome } from './relays/relay-runner.ts';
export { Relays } from './relays/relays.ts';
