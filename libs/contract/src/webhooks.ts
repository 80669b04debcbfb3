import { z } from 'zod';
import { eventTypeFilter } from './events.ts';
import { authorizerAppid, line, merchantId, moment, momentInput, pageQuery, pageSchema } from './fields.ts';

const url = z
  .string()
  .min(1)
  .max(2048)
  .describe('Where events are sent (https). Private networks need WEBHOOK_NETWORKS');
const eventTypesField = z.array(eventTypeFilter).min(1).max(100).nullable().describe('Types of events; null: all');
const merchantIdsField = z
  .array(merchantId)
  .min(1)
  .max(500)
  .nullable()
  .describe('Only events about accounts of these merchants; null: all');
const perSecond = z
  .number()
  .int()
  .min(1)
  .max(1000)
  .nullable()
  .describe('Maximum number of requests per second; null: no limit');
const ordering = z
  .enum(['per_authorizer', 'none'])
  .describe(
    '`per_authorizer`: the next event of an account waits while an earlier one is being retried. `none`: no event waits',
  );
const format = z
  .enum(['standard', 'wecom', 'dingtalk', 'feishu'])
  .describe(
    '`standard`: Standard Webhooks. Otherwise a group robot, which gets a digest: one message a minute and type at most',
  );
const signature = z.enum(['v1', 'v1a']).describe('`v1`: HMAC-SHA256 with a shared secret. `v1a`: ed25519');
const start = z
  .string()
  .regex(/^(now|0|[1-9]\d{0,14})$/, 'must be now, or the id of an event')
  .describe('`now`, or the id of the event after which to begin');

export const newWebhookEndpoint = z
  .strictObject({
    url,
    description: line('What it is for', 200).optional(),
    event_types: eventTypesField.default(null),
    merchant_ids: merchantIdsField.optional(),
    ordering: ordering.default('per_authorizer'),
    format: format.default('standard'),
    signature: signature.default('v1'),
    max_per_second: perSecond.default(null),
    start: start.default('now'),
  })
  .meta({ description: 'The endpoint to create' });

export const webhookEndpointPatch = z
  .strictObject({
    url: url.optional(),
    description: line('What it is for', 200).nullable().optional(),
    event_types: eventTypesField.optional(),
    merchant_ids: merchantIdsField.optional(),
    ordering: ordering.optional(),
    max_per_second: perSecond.optional(),
    state: z
      .enum(['enabled', 'disabled'])
      .optional()
      .describe('An endpoint that is enabled again continues where it stopped'),
    start: start.optional().describe('Continue elsewhere: `now`, or after the event with this id'),
  })
  .meta({ description: 'Fields of the endpoint to change' });

export const webhookEndpointView = z
  .strictObject({
    id: z.string().describe('Id of the endpoint'),
    url: z.string().describe('Where events are sent'),
    description: z.string().nullable().describe('What it is for'),
    event_types: z.array(z.string()).nullable().describe('Types of events; null: all'),
    merchant_ids: z.array(z.string()).nullable().describe('Merchants; null: all'),
    ordering,
    format,
    signature,
    public_key: z.string().nullable().describe('Key that signatures are verified with, for `v1a`'),
    max_per_second: perSecond,
    state: z.enum(['enabled', 'disabled']).describe('Whether events are sent'),
    disabled_at: moment('When it was disabled').nullable(),
    disabled_reason: z
      .enum(['gone', 'failing', 'request'])
      .nullable()
      .describe(
        '`gone`: the receiver answered 410. `failing`: five days without a success. `request`: disabled by a request',
      ),
    failing_since: moment('First failure since the last success').nullable(),
    failures: z.number().int().min(0).describe('Failed attempts since the last success'),
    succeeded_at: moment('Latest success').nullable(),
    previous_valid_until: moment('When the previous secret stops signing').nullable(),
    last_event_id: z.string().describe('Deliveries have been created up to this event'),
    waiting: z.number().int().min(0).describe('Deliveries that wait or are being retried'),
    created_at: moment('When it was created'),
  })
  .meta({ id: 'WebhookEndpoint', description: 'A receiver of events' });
export type WebhookEndpointView = z.infer<typeof webhookEndpointView>;
export const webhookEndpointPage = pageSchema(webhookEndpointView, 'Endpoints, oldest first').meta({
  id: 'WebhookEndpointPage',
});

export const createdWebhookEndpoint = webhookEndpointView
  .extend({
    secret: z.string().nullable().describe('The signing secret. Shown once; null for `v1a`, which has a public key'),
  })
  .meta({ id: 'CreatedWebhookEndpoint', description: 'A new endpoint with its secret' });

export const newSecretRotation = z
  .strictObject({
    overlap: z
      .string()
      .regex(/^PT\d{1,3}H$/, 'must be PT0H to PT168H')
      .refine((value) => Number(value.slice(2, -1)) <= 168, 'must be PT0H to PT168H')
      .default('PT24H')
      .describe('How long the previous secret also signs'),
  })
  .meta({ description: 'Options of the secret rotation' });
export const secretRotation = z
  .strictObject({
    secret: z.string().nullable().describe('The new signing secret. Shown once; null for `v1a`'),
    public_key: z.string().nullable().describe('The new public key, for `v1a`'),
    previous_valid_until: moment('When the previous secret stops signing'),
  })
  .meta({
    id: 'WebhookSecretRotation',
    description: 'A new secret; the previous one also signs until `previous_valid_until`',
  });

const attempt = {
  status: z.number().int().nullable().describe('HTTP status; null: no answer'),
  error: z.enum(['refused_address', 'timeout', 'tls', 'connection']).nullable().describe('Why there was no answer'),
  detail: z.string().nullable().describe('Description of the error'),
  duration_ms: z.number().int().min(0).describe('How long it took'),
  address: z.string().nullable().describe('Address that was connected to'),
  response_excerpt: z.string().nullable().describe('The first 1,000 bytes of the answer'),
};
export const webhookTest = z
  .strictObject({
    ...attempt,
    delivered: z.boolean().describe('Whether the receiver accepted it'),
    certificate_expires_at: moment("When the receiver's certificate expires").nullable(),
  })
  .meta({ id: 'WebhookTest', description: 'Result of a test' });

const deliveryState = z
  .enum(['pending', 'delivered', 'failed'])
  .describe('`pending`: waits or is being retried. `failed`: given up');
export const deliveryFilter = {
  state: deliveryState.optional(),
  authorizer_appid: authorizerAppid.optional().describe('Only events about this account'),
  type: eventTypeFilter.optional(),
  ...pageQuery,
};
const delivery = {
  id: z.string().describe('Id of the delivery'),
  event_id: z.string().describe('Id of the event'),
  message_id: z.string().describe('`webhook-id`: the same for all deliveries of the event'),
  type: z.string().describe('Type of the event'),
  authorizer_appid: z.string().nullable().describe('The account it is about'),
  trigger: z.enum(['event', 'replay']).describe('Why it was made'),
  state: deliveryState,
  attempts: z.number().int().min(0).describe('Attempts so far'),
  next_attempt_at: moment('When it is tried next').nullable(),
  last_status: z.number().int().nullable().describe('HTTP status of the latest attempt'),
  last_error: z.string().nullable().describe('Why the latest attempt had no answer'),
  created_at: moment('When it was made'),
  finished_at: moment('When it was delivered or given up').nullable(),
};
export const deliveryView = z
  .strictObject(delivery)
  .meta({ id: 'Delivery', description: 'An event on its way to an endpoint' });
export type DeliveryView = z.infer<typeof deliveryView>;
export const deliveryPage = pageSchema(deliveryView, 'Deliveries, newest first').meta({ id: 'DeliveryPage' });
export const deliveryDetail = z
  .strictObject({
    ...delivery,
    attempt_log: z
      .array(
        z.strictObject({ no: z.number().int().describe('1 for the first'), at: moment('When it began'), ...attempt }),
      )
      .describe('Every attempt, oldest first'),
  })
  .meta({ id: 'DeliveryDetail', description: 'A delivery with its attempts' });

export const attemptHoursFilter = {
  from: momentInput('From the hour of this moment on; absent: the last 24 hours before `to`').optional(),
  to: momentInput('Hours that begin before this moment; absent: now').optional(),
};
const attemptCounts = {
  delivered: z.number().int().min(0).describe('Attempts that the receiver accepted'),
  failed: z.number().int().min(0).describe('Attempts that it did not accept, or did not answer'),
};
export const attemptHours = z
  .strictObject({
    from: moment('Start of the first hour'),
    to: moment('End of the period'),
    ...attemptCounts,
    items: z
      .array(z.strictObject({ hour: moment('Start of the hour'), ...attemptCounts }))
      .describe('Hours with attempts, oldest first; an hour without one is absent'),
  })
  .meta({ id: 'AttemptHours', description: 'Delivery attempts of an endpoint, by hour' });
export type AttemptHours = z.infer<typeof attemptHours>;

const eventIdField = (description: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, 'must be the id of an event')
    .describe(description);
export const newReplay = z
  .strictObject({
    from: momentInput('Only events recorded at or after this time').optional(),
    to: momentInput('Only events recorded before this time').optional(),
    after: eventIdField('Events after this one').optional(),
    until: eventIdField('Events up to this one').optional(),
    types: z.array(eventTypeFilter).min(1).max(100).optional().describe('Only these types'),
    authorizer_appids: z
      .array(authorizerAppid)
      .min(1)
      .max(1000)
      .optional()
      .describe('Only events about these accounts'),
    only: z
      .enum(['failed', 'undelivered', 'all'])
      .default('undelivered')
      .describe(
        '`failed`: events that were given up. `undelivered`: events that are neither delivered nor waiting. `all`: delivered ones as well',
      ),
    dry_run: z.boolean().default(false).describe('Only count'),
  })
  .describe('Either `from` and `to`, or `after` and `until`');
export const startedReplay = z
  .strictObject({
    id: z.string().nullable().describe('Id of the replay; null for a dry run'),
    matched: z.number().int().min(0).describe('Events that are sent'),
  })
  .meta({ id: 'StartedReplay', description: 'A replay that has been started, or would be' });
export const replayView = z
  .strictObject({
    id: z.string().describe('Id of the replay'),
    state: z.enum(['running', 'done']).describe('`done`: all deliveries have been created; each shows its own result'),
    matched: z.number().int().min(0).describe('Matching events at the start'),
    queued: z.number().int().min(0).describe('Deliveries created so far'),
    delivered: z.number().int().min(0).describe('Deliveries that succeeded'),
    failed: z.number().int().min(0).describe('Deliveries that were given up'),
    started_at: moment('When it was requested'),
    finished_at: moment('When all deliveries had been created').nullable(),
  })
  .meta({ id: 'Replay', description: 'Events sent again' });
