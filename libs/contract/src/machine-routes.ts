import { z } from 'zod';
import { apiIpKind, apiIpSnapshotPage, apiIpSnapshotView, apiIpView } from './api-ips.ts';
import { authorizerAppid, componentAppid, momentInput, pageQuery } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';

const kindParams = z.strictObject({ kind: apiIpKind });

/** WeChat repeats an unanswered push three times at most, so a push is small; the published samples are below 1 KiB. */
const PUSH_BODY_LIMIT = 64 * 1024;

const pushQuery = z.looseObject({
  timestamp: z.string().max(32).describe('Unix seconds, part of the signature'),
  nonce: z.string().max(128).describe('Part of the signature'),
  msg_signature: z.string().max(128).describe('Signature over token, timestamp, nonce and ciphertext'),
  encrypt_type: z.string().max(32).optional().describe('Always `aes`'),
  signature: z.string().max(128).optional().describe('Ignored, as WeChat says'),
});
const pushBody = z.string().describe('XML envelope, whatever its media type');

const healthView = z
  .strictObject({
    status: z.enum(['ok', 'unavailable']).describe('`ok`, or not'),
    reason: z.string().optional().describe('What is missing'),
  })
  .meta({ id: 'Health', description: 'State of the process' });
export type HealthView = z.infer<typeof healthView>;

/** Addresses, callbacks and what machines read. */
export const machineRoutes = {
  getWechatIps: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}',
    tag: 'WeChat addresses',
    summary: "WeChat's addresses, now or at a moment",
    description: 'For allow-lists: poll with `If-None-Match` and act on a new `ETag`.',
    scope: 'api-ips:read',
    params: kindParams,
    query: z.strictObject({
      at: momentInput('The moment; absent: now').optional(),
      format: z.enum(['json', 'text']).default('json').describe('`text`: one address or range a line'),
    }),
    requestHeaders: { 'If-None-Match': 'ETag of the answer that you have' },
    replies: {
      200: { description: 'The list', schema: apiIpView, headers: { ETag: 'Changes when the answer changes' } },
      304: { description: 'As in the answer that you have' },
    },
  }),
  listWechatIpSnapshots: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}/snapshots',
    tag: 'WeChat addresses',
    summary: 'History of the addresses, newest first',
    scope: 'api-ips:read',
    params: kindParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: apiIpSnapshotPage } },
  }),
  takeWechatIpSnapshot: route({
    method: 'POST',
    path: '/v1/wechat-ips/{kind}/snapshots',
    tag: 'WeChat addresses',
    summary: 'Fetch the addresses now',
    description:
      'For a key of a platform: with the token of that platform, unless the list was seen less than a minute ago; then the latest snapshot is the answer.',
    scope: 'api-ips:snapshot',
    params: kindParams,
    replies: {
      200: { description: 'As before: the latest snapshot, which now ends later', schema: apiIpSnapshotView },
      201: { description: 'Changed: a new snapshot', schema: apiIpSnapshotView },
    },
    problems: [
      'ticket_unavailable',
      'platform_misconfigured',
      'upstream_busy',
      'upstream_quota_exhausted',
      'upstream_failed',
    ],
  }),

  receiveEvent: route({
    method: 'POST',
    path: '/wechat/{component_appid}/events',
    tag: 'Callbacks of WeChat',
    summary: 'Tickets and authorization events',
    description: 'Guarded by the signature of WeChat. Answered once the event is durable.',
    scope: 'public',
    params: platformParams,
    query: pushQuery,
    body: pushBody,
    rawBody: true,
    bodyLimit: PUSH_BODY_LIMIT,
    replies: { 200: { description: 'The text `success`', type: 'text/plain' } },
  }),
  receiveMessage: route({
    method: 'POST',
    path: '/wechat/{component_appid}/messages/{authorizer_appid}',
    tag: 'Callbacks of WeChat',
    summary: 'Messages and events of a merchant',
    description: 'Guarded by the signature of WeChat.',
    scope: 'public',
    params: z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid }),
    query: pushQuery,
    body: pushBody,
    rawBody: true,
    bodyLimit: PUSH_BODY_LIMIT,
    replies: { 200: { description: 'The text `success`, or an encrypted reply in XML', type: 'text/plain' } },
  }),
  finishAuthorization: route({
    method: 'GET',
    path: '/wechat/{component_appid}/authorized',
    tag: 'Callbacks of WeChat',
    summary: 'Where the authorization page sends the merchant back to',
    scope: 'public',
    params: platformParams,
    query: z.looseObject({
      auth_code: z.string().min(1).max(1024).describe('The authorization code'),
      expires_in: z
        .string()
        .regex(/^\d{1,9}$/, 'must be a whole number')
        .transform(Number)
        .optional()
        .meta({ description: 'Seconds that the code lives', wire: { type: 'integer' } }),
      state: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be the state of a link')
        .optional()
        .describe('Ties the redirect to its link'),
    }),
    replies: {
      200: { description: 'A page for people', type: 'text/html' },
      302: { description: 'To the `return_url` of the link', headers: { Location: 'The `return_url`' } },
      400: {
        description: 'A page that says what is wrong (a problem document with `Accept: application/json`)',
        type: 'text/html',
      },
    },
    problems: ['upstream_busy', 'upstream_failed', 'ticket_unavailable'],
  }),

  live: route({
    method: 'GET',
    path: '/health/live',
    tag: 'Operations',
    summary: 'Whether the process runs',
    scope: 'public',
    replies: { 200: { description: 'It does', schema: healthView } },
  }),
  ready: route({
    method: 'GET',
    path: '/health/ready',
    tag: 'Operations',
    summary: 'Whether the process can serve',
    scope: 'public',
    replies: {
      200: { description: 'It can', schema: healthView },
      503: { description: 'It cannot; `reason` says why', schema: healthView },
    },
  }),
  metrics: route({
    method: 'GET',
    path: '/metrics',
    tag: 'Operations',
    summary: 'Metrics in the text format of Prometheus',
    description: 'Names no merchant and no secret. Keep it off the public internet all the same.',
    scope: 'public',
    replies: { 200: { description: 'Metrics', type: 'text/plain' } },
  }),
  openapi: route({
    method: 'GET',
    path: '/openapi.json',
    tag: 'Operations',
    summary: 'This description',
    scope: 'public',
    replies: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({}).describe('An OpenAPI 3.1 document') } },
  }),
  docs: route({
    method: 'GET',
    path: '/docs',
    tag: 'Operations',
    summary: 'This description as a page',
    scope: 'public',
    replies: { 200: { description: 'A page for people', type: 'text/html' } },
  }),
} as const;
