import { z } from 'zod';
import { EVENT_DATA, eventFamilies, eventTypes, type EventType } from './event-types.ts';
import { authorizerAppid, merchantId, moment, queryInteger } from './fields.ts';

/** Types and families, as a filter names them. */
export const eventTypeFilter = z
  .string()
  .refine(
    (value) =>
      (eventTypes as readonly string[]).includes(value) || eventFamilies.some((family) => value === `${family}.*`),
    'must be a type of event, or its first part followed by .*',
  )
  .describe('A type of event such as `domains.changed`, or all of a kind: `domains.*`');

/** Several in one parameter, separated by commas. */
const typesParameter = z
  .string()
  .max(2000)
  .transform((value) => value.split(','))
  .refine(
    (values) => values.every((value) => eventTypeFilter.safeParse(value).success),
    'must be types of events (or domains.* and the like), separated by commas',
  )
  .optional()
  .describe('Only these types, separated by commas; `domains.*` for all of a kind');

const eventId = (description: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, 'must be the id of an event')
    .describe(description);

/** Longest `wait` in seconds: below the idle time of common load balancers. */
const MAX_WAIT_SECONDS = 55;
const wait = z
  .string()
  .regex(/^PT\d{1,2}S$/, 'must be PT0S to PT55S')
  .transform((value) => Number(value.slice(2, -1)) * 1000)
  .refine((ms) => ms <= MAX_WAIT_SECONDS * 1000, 'must be PT0S to PT55S')
  .default(0)
  .meta({
    description: 'How long to wait for an event when there is none (ISO 8601, PT0S to PT55S)',
    wire: { type: 'string', default: 'PT0S' },
  });

const what = {
  type: typesParameter,
  authorizer_appid: authorizerAppid.optional().describe('Only events about this account'),
  merchant_id: merchantId.optional().describe('Only events about accounts of this merchant'),
};

export const eventQuery = z.strictObject({
  after: eventId('Events after this one; absent: from the oldest that is kept').optional(),
  ...what,
  limit: queryInteger('Maximum number of events', 1, 500)
    .default(50)
    .meta({
      description: 'Maximum number of events',
      wire: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
    }),
  wait,
});

export const eventStreamQuery = z.strictObject({
  after: eventId('Events after this one; absent: only new ones. The header Last-Event-ID has precedence').optional(),
  ...what,
});

const common = {
  id: z.string().describe('Number of the event on its platform, without gaps: 1, 2, 3 …'),
  occurred_at: moment("When it happened: WeChat's time where there is one"),
  recorded_at: moment('When the hub recorded it'),
  authorizer_appid: z.string().nullable().describe('The account it is about; null: none'),
  merchant_id: z.string().nullable().describe('The merchant whose account it was then; null: none'),
};

function variantOf(type: EventType) {
  return z.strictObject({
    ...common,
    type: z.literal(type).describe('Type of the event'),
    data: EVENT_DATA[type].describe('Details, which depend on the type'),
  });
}
const variants = eventTypes.map(variantOf);

export const eventView = z
  .discriminatedUnion('type', variants as [ReturnType<typeof variantOf>, ...ReturnType<typeof variantOf>[]])
  .meta({ id: 'Event', description: 'Something that happened. New types may be added: ignore unknown ones' });

/** One of the union by its type. */
export type EventView = {
  [Type in EventType]: {
    id: string;
    type: Type;
    occurred_at: string;
    recorded_at: string;
    authorizer_appid: string | null;
    merchant_id: string | null;
    data: z.infer<(typeof EVENT_DATA)[Type]>;
  };
}[EventType];

export const eventPage = z
  .strictObject({
    items: z.array(eventView).describe('Events, oldest first'),
    next_cursor: z.string().describe('The same as `last_event_id`: a feed has no last page'),
    last_event_id: z
      .string()
      .describe(
        'All events up to this one have been examined, including those that the filter left out: pass it as `after`',
      ),
  })
  .meta({ id: 'EventPage' });
