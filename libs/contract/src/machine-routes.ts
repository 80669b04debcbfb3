import { z } from 'zod';
import {
  apiIpCandidatePage,
  apiIpDiffView,
  apiIpFamily,
  apiIpFormat,
  apiIpKind,
  apiIpLifetimePage,
  apiIpSnapshotPage,
  apiIpSnapshotView,
  apiIpView,
  terraformRules,
} from './api-ips.ts';
import { authorizerAppid, componentAppid, issuedId, momentInput, pageQuery } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';

const kindParams = z.strictObject({ kind: apiIpKind });

/** Published samples of pushes are below 1 KiB. */
const PUSH_BODY_LIMIT = 64 * 1024;

const pushQuery = z.looseObject({
  timestamp: z.string().max(32).describe('Unix seconds, part of the signature'),
  nonce: z.string().max(128).describe('Part of the signature'),
  msg_signature: z.string().max(128).describe('Signature over token, timestamp, nonce and ciphertext'),
  encrypt_type: z.string().max(32).optional().describe('Always `aes`'),
  signature: z.string().max(128).optional().describe('Ignored'),
});
const echoQuery = z.looseObject({
  timestamp: z.string().max(32).describe('Unix seconds, part of the signature'),
  nonce: z.string().max(128).describe('Part of the signature'),
  signature: z.string().max(128).optional().describe('Signature over token, timestamp and nonce'),
  msg_signature: z.string().max(128).optional().describe('Signature over token, timestamp, nonce and `echostr`'),
  echostr: z.string().max(1024).describe('The text to answer with'),
});
const pushBody = z.string().describe('XML envelope, with any media type');

const healthView = z
  .strictObject({
    status: z.enum(['ok', 'unavailable']).describe('`ok` or `unavailable`'),
    reason: z.string().optional().describe('Why the process cannot serve requests'),
    clocks: z
      .strictObject({
        wrong: z
          .enum(['hub', 'database', 'hub_and_database', 'hub_or_database', 'unclear'])
          .describe('Which clock is wrong, judged from all three'),
        database_offset_seconds: z
          .number()
          .nullable()
          .describe("How far the database's clock is ahead of the hub's; negative: behind"),
        wechat_offset_seconds: z
          .number()
          .nullable()
          .describe("How far WeChat's clock is ahead of the hub's; null: no reply in the last 15 minutes"),
      })
      .optional()
      .describe('Only while the clocks of the hub, the database and WeChat differ by more than ten seconds'),
  })
  .meta({ id: 'Health', description: 'Health of the process' });
export type HealthView = z.infer<typeof healthView>;

/** WeChat addresses, callbacks, and operations endpoints. */
export const machineRoutes = {
  getWechatIps: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}',
    tag: 'WeChat addresses',
    summary: "Get WeChat's IP addresses",
    description: 'For allow-lists: poll with `If-None-Match` and update when the `ETag` changes.',
    scope: 'api-ips:read',
    params: kindParams,
    query: z.strictObject({
      at: momentInput('Point in time; absent: now').optional(),
      format: apiIpFormat,
      aggregate: z
        .enum(['true', 'false'])
        .default('false')
        .describe('`true`: the same addresses in as few networks as possible'),
      family: apiIpFamily,
      rules: terraformRules,
    }),
    requestHeaders: { 'If-None-Match': 'ETag of a previous response' },
    replies: {
      200: {
        description: 'The current list',
        schema: apiIpView,
        headers: { ETag: 'Changes when the list or its staleness changes' },
      },
      304: { description: 'Unchanged since that response' },
    },
  }),
  listWechatIpSnapshots: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}/snapshots',
    tag: 'WeChat addresses',
    summary: 'List snapshots of the addresses, newest first',
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
      "Keys of a platform use that platform's token; if the list was fetched less than a minute ago, the latest snapshot is returned instead.",
    scope: 'api-ips:snapshot',
    params: kindParams,
    replies: {
      200: { description: 'Unchanged: the latest snapshot, with a later last_observed_at', schema: apiIpSnapshotView },
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

  diffWechatIps: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}/diff',
    tag: 'WeChat addresses',
    summary: 'What changed between two moments',
    scope: 'api-ips:read',
    params: kindParams,
    query: z.strictObject({
      from: momentInput('The earlier moment'),
      to: momentInput('The later moment; absent: now').optional(),
    }),
    replies: { 200: { description: 'What changed', schema: apiIpDiffView } },
    problems: ['not_found'],
  }),
  listWechatIpLifetimes: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}/lifetimes',
    tag: 'WeChat addresses',
    summary: 'Which address was in the list when',
    scope: 'api-ips:read',
    params: kindParams,
    query: z.strictObject({
      address: z.string().max(64).optional().describe('Only entries that hold this address'),
      ...pageQuery,
    }),
    replies: { 200: { description: 'One page', schema: apiIpLifetimePage } },
  }),
  listWechatIpCandidates: route({
    method: 'GET',
    path: '/v1/wechat-ips/{kind}/candidates',
    tag: 'WeChat addresses',
    summary: 'Lists that were not published at once, newest first',
    description:
      'A fetched list is held if it is empty, has unreadable entries, or lacks more than half of the published entries. It is published when three fetches in a row agree, unless it is empty.',
    scope: 'api-ips:read',
    params: kindParams,
    replies: { 200: { description: 'At most 100', schema: apiIpCandidatePage } },
  }),
  confirmWechatIpCandidate: route({
    method: 'POST',
    path: '/v1/wechat-ips/{kind}/candidates/{id}/confirmations',
    tag: 'WeChat addresses',
    summary: 'Publish a list that is held',
    description: 'Recorded in the audit trail. The lists are the same for all platforms.',
    scope: 'api-ips:snapshot',
    operatorOnly: true,
    params: z.strictObject({
      kind: apiIpKind,
      id: z
        .string()
        .regex(/^[1-9]\d{0,8}$/, 'must be the id of a candidate')
        .describe('Id of the candidate'),
    }),
    replies: { 201: { description: 'The published list', schema: apiIpSnapshotView } },
    problems: ['not_found', 'conflict'],
  }),

  echoEvents: route({
    method: 'GET',
    path: '/wechat/{component_appid}/events',
    tag: 'WeChat callbacks',
    summary: 'Answer the URL check of the events URL',
    description: "Returns `echostr` if WeChat's signature is valid.",
    scope: 'public',
    params: platformParams,
    query: echoQuery,
    replies: { 200: { description: 'The `echostr`', type: 'text/plain' } },
  }),
  echoMessages: route({
    method: 'GET',
    path: '/wechat/{component_appid}/messages/{authorizer_appid}',
    tag: 'WeChat callbacks',
    summary: 'Answer the URL check of the messages URL',
    description: "Returns `echostr` if WeChat's signature is valid.",
    scope: 'public',
    params: z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid }),
    query: echoQuery,
    replies: { 200: { description: 'The `echostr`', type: 'text/plain' } },
  }),
  receiveEvent: route({
    method: 'POST',
    path: '/wechat/{component_appid}/events',
    tag: 'WeChat callbacks',
    summary: 'Receive tickets and authorization events',
    description: "Authenticated by WeChat's signature. Answered once the event is stored durably.",
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
    tag: 'WeChat callbacks',
    summary: 'Receive messages and events of a merchant',
    description: "Authenticated by WeChat's signature.",
    scope: 'public',
    params: z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid }),
    query: pushQuery,
    body: pushBody,
    rawBody: true,
    bodyLimit: PUSH_BODY_LIMIT,
    replies: { 200: { description: 'The text `success`, or an encrypted reply in XML', type: 'text/plain' } },
  }),
  openAuthorizationLink: route({
    method: 'GET',
    path: '/wechat/{component_appid}/authorize/{id}',
    tag: 'WeChat callbacks',
    summary: 'The page that an authorization link leads to',
    description:
      "Shows what the merchant is asked for and leads to WeChat's authorization page, which opens only from this page.",
    scope: 'public',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the link') }),
    // Messengers add parameters of their own to links.
    query: z.looseObject({}),
    replies: {
      200: { description: 'An HTML page', type: 'text/html' },
      400: { description: 'A page that says what is wrong', type: 'text/html' },
      404: { description: 'A page that says that there is no such link', type: 'text/html' },
      410: { description: 'A page that says that the link has expired or was revoked', type: 'text/html' },
      429: { description: 'A page that asks to try again later', type: 'text/html' },
      502: { description: 'A page that asks to try again later', type: 'text/html' },
      503: { description: 'A page that asks to try again later', type: 'text/html' },
    },
    problems: ['upstream_busy', 'upstream_failed', 'upstream_quota_exhausted', 'ticket_unavailable', 'rate_limited'],
  }),
  finishAuthorization: route({
    method: 'GET',
    path: '/wechat/{component_appid}/authorized',
    tag: 'WeChat callbacks',
    summary: "Redirect target of WeChat's authorization page",
    scope: 'public',
    params: platformParams,
    query: z.looseObject({
      auth_code: z.string().min(1).max(1024).describe('The authorization code'),
      // Both are extras: an odd one must not spoil a good code.
      expires_in: z.string().max(64).optional().describe('Lifetime of the code in seconds'),
      state: z.string().max(1024).optional().describe('State of the authorization link'),
    }),
    replies: {
      200: { description: 'An HTML page', type: 'text/html' },
      302: { description: 'Redirect to the `return_url` of the link', headers: { Location: 'The `return_url`' } },
      400: {
        description: 'An HTML page with the error (a problem document with `Accept: application/json`)',
        type: 'text/html',
      },
    },
    problems: ['upstream_busy', 'upstream_failed', 'ticket_unavailable'],
  }),

  live: route({
    method: 'GET',
    path: '/health/live',
    tag: 'Operations',
    summary: 'Liveness check',
    scope: 'public',
    replies: { 200: { description: 'The process runs', schema: healthView } },
  }),
  ready: route({
    method: 'GET',
    path: '/health/ready',
    tag: 'Operations',
    summary: 'Readiness check',
    scope: 'public',
    replies: {
      200: { description: 'The process can serve requests', schema: healthView },
      503: { description: 'The process cannot serve requests; see `reason`', schema: healthView },
    },
  }),
  metrics: route({
    method: 'GET',
    path: '/metrics',
    tag: 'Operations',
    summary: 'Metrics in the text format of Prometheus',
    description: 'Contains no merchant names and no secrets. Do not expose it to the internet.',
    scope: 'public',
    replies: { 200: { description: 'Metrics', type: 'text/plain' } },
  }),
  openapi: route({
    method: 'GET',
    path: '/openapi.json',
    tag: 'Operations',
    summary: 'Get this OpenAPI document',
    scope: 'public',
    replies: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({}).describe('An OpenAPI 3.1 document') } },
  }),
  docs: route({
    method: 'GET',
    path: '/docs',
    tag: 'Operations',
    summary: 'API documentation as a page',
    scope: 'public',
    replies: { 200: { description: 'An HTML page', type: 'text/html' } },
  }),
} as const;
