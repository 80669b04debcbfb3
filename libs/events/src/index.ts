export { EventFeed, type EventFilter, type EventStretch } from './feed/event-feed.ts';
export { EventRetention } from './feed/event-retention.ts';
export { EventSequencer } from './feed/event-sequencer.ts';
export { EventWriter, type NewEvent, type NewEventOf } from './feed/event-writer.ts';
export { FeedReader, type AsReader } from './feed/feed-reader.ts';
export { FeedSignal } from './feed/feed-signal.ts';
export { EventsModule } from './events.module.ts';
export { EventsOptions } from './events-options.ts';
