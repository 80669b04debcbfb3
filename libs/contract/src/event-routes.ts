import { eventPage, eventQuery, eventStreamQuery } from './events.ts';
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';

/** What happened on a platform, to be read or to be told. */
export const eventRoutes = {
  listEvents: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/events',
    tag: 'Events',
    summary: 'What happened on a platform, oldest first',
    description:
      'Pass `last_event_id` as `after` of the next request. With `wait` the request waits for an event when there is none. ' +
      'Events are kept for 30 days by default. `cursor_expired` means that `after` is older than that; `oldest_event_id` then names the oldest event.',
    scope: 'events:read',
    params: platformParams,
    query: eventQuery,
    replies: { 200: { description: 'Events', schema: eventPage } },
    problems: ['cursor_expired'],
  }),
  streamEvents: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/events/stream',
    tag: 'Events',
    summary: 'Events as they happen (server-sent events)',
    description:
      'Each message has the number of the event as `id`, its type as `event` and the event as one line of JSON. A comment comes ' +
      'every 15 seconds. After a disconnect, reconnect with `Last-Event-ID`. The stream ends when the key is revoked or expires, ' +
      'and when the hub stops; a key may have ten streams in one process.',
    scope: 'events:read',
    params: platformParams,
    query: eventStreamQuery,
    requestHeaders: { 'Last-Event-ID': 'Id of the last event that was received' },
    replies: { 200: { description: 'The stream', type: 'text/event-stream' } },
    problems: ['cursor_expired'],
  }),
} as const;
