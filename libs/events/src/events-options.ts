/** Limits and times of the feed and of deliveries. */
export class EventsOptions {
  /** How long events are kept, in ms. */
  retentionMs = 30 * 86_400_000;
}
