import { z } from 'zod';
import { authorizerAppid, moment } from './fields.ts';

const name = (description: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_]{1,64}$/, 'must be 1 to 64 letters, digits or _')
    .describe(description);
const some = <Item extends z.ZodType>(item: Item, description: string) =>
  z.array(item).min(1).max(500).optional().describe(description);

const match = z
  .strictObject({
    msg_types: some(name('A MsgType'), 'Only messages of these types (MsgType)'),
    events: some(name('An Event'), 'Only events of these names (Event)'),
    info_types: some(name('An InfoType'), 'Only pushes of these types (InfoType)'),
    authorizer_appids: some(authorizerAppid, 'Only for these accounts'),
  })
  .describe('What is passed on; absent: everything of the source');
const source = z
  .enum(['messages', 'events', 'both'])
  .describe('`messages`: what arrives at the messages URL. `events`: what arrives at the events URL');
const mode = z
  .enum(['notify', 'reply', 'raw'])
  .describe(
    '`notify`: WeChat gets `success` at once, the backend gets the message soon. `reply`: the backend answers WeChat. `raw`: ' +
      'query and encrypted body are passed on as they came, and so is the answer',
  );
const deadline = z
  .number()
  .int()
  .min(500)
  .max(14_000)
  .describe('Time limit of the backend in milliseconds. WeChat asks three times and waits 5 seconds each time');

export const relayName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, - or _')
  .describe('Name of the relay');

export const newRelay = z
  .strictObject({
    url: z.string().min(1).max(2048).describe('Backend (https). Private networks need WEBHOOK_NETWORKS'),
    source: source.default('messages'),
    match: match.default({}),
    mode,
    deadline_ms: deadline.default(14_000),
    enabled: z.boolean().default(true).describe('Whether the relay is enabled'),
  })
  .meta({ description: 'Settings of the relay' });

export const relayView = z
  .strictObject({
    name: z.string().describe('Name of the relay'),
    url: z.string().describe('Backend'),
    source,
    match,
    mode,
    deadline_ms: deadline,
    enabled: z.boolean().describe('Whether the relay is enabled'),
    waiting: z.number().int().min(0).describe('Messages that have not been delivered yet'),
    created_at: moment('When it was created'),
  })
  .meta({ id: 'Relay', description: 'A backend that pushes and messages are passed on to' });
export type RelayView = z.infer<typeof relayView>;

export const storedRelay = relayView
  .extend({ secret: z.string().nullable().describe('The signing secret. Shown once, when the relay is created') })
  .meta({ id: 'StoredRelay', description: 'A relay, with its secret when it is new' });

export const relayList = z
  .strictObject({ items: z.array(relayView).describe('Relays by name; the first that matches replies') })
  .meta({ id: 'RelayList' });

export const relayTest = z
  .strictObject({
    delivered: z.boolean().describe('Whether the backend accepted it'),
    status: z.number().int().nullable().describe('HTTP status; null: no answer'),
    error: z.enum(['refused_address', 'timeout', 'tls', 'connection']).nullable().describe('Why there was no answer'),
    detail: z.string().nullable().describe('Description of the error'),
    duration_ms: z.number().int().min(0).describe('How long it took'),
    reply: z
      .string()
      .nullable()
      .describe('What WeChat would get, before encryption; empty: nothing; null: the answer cannot be used'),
  })
  .meta({ id: 'RelayTest', description: 'Result of a test' });
