import { z } from 'zod';
import {
  accessTokenRequest,
  accessTokenView,
  authorizerFilter,
  authorizerPage,
  authorizerPatch,
  authorizerView,
  newReconciliation,
  reconciliationView,
  startedJob,
} from './authorizers.ts';
import {
  domainDiffView,
  domainGroup,
  domainList,
  domainName,
  fitsList,
  domainsAtView,
  lifespanPage,
  snapshotPage,
  snapshotView,
  sweepPage,
  sweepView,
} from './domain-history.ts';
import type { ErrorCode } from './error-codes.ts';
import { authorizerAppid, componentAppid, issuedId, momentInput, pageQuery } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';

const authorizerParams = z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid });
const snapshotParams = z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the snapshot') });

/** What can keep a call on behalf of a merchant from succeeding. */
const merchantCallProblems: readonly ErrorCode[] = [
  'authorizer_not_authorized',
  'reauthorization_required',
  'ticket_unavailable',
  'platform_misconfigured',
  'upstream_busy',
  'upstream_quota_exhausted',
  'upstream_failed',
];

/** Authorizers: their state, tokens and domain history. */
export const authorizerRoutes = {
  listAuthorizers: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers',
    tag: 'Authorizers',
    summary: 'List authorizers',
    scope: 'authorizers:read',
    params: platformParams,
    query: z.strictObject(authorizerFilter),
    replies: { 200: { description: 'One page', schema: authorizerPage } },
  }),
  getAuthorizer: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}',
    tag: 'Authorizers',
    summary: 'One authorizer',
    scope: 'authorizers:read',
    params: authorizerParams,
    replies: { 200: { description: 'The authorizer', schema: authorizerView } },
  }),
  updateAuthorizer: route({
    method: 'PATCH',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}',
    tag: 'Authorizers',
    summary: 'Assign an authorizer to a merchant',
    scope: 'authorizers:write',
    params: authorizerParams,
    body: authorizerPatch,
    replies: { 200: { description: 'The authorizer', schema: authorizerView } },
  }),
  issueAccessToken: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/access-token',
    tag: 'Authorizers',
    summary: 'Hand out a valid access token',
    description:
      'Never an expired one. All callers get the same token; it is refreshed ahead of its expiry. ' +
      'With `rejected_access_token` one refresh is forced, only if that token is still the current one.',
    scope: 'tokens:issue',
    params: authorizerParams,
    body: accessTokenRequest,
    bodyOptional: true,
    replies: {
      200: {
        description: 'The token',
        schema: accessTokenView,
        headers: { 'Cache-Control': 'always `no-store`' },
      },
    },
    problems: merchantCallProblems,
  }),
  startReconciliation: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/reconciliations',
    tag: 'Authorization',
    summary: 'Compare with the authorizer list of WeChat and repair',
    description: 'Never deletes. If one is running, its id is returned; what the body says is then true of that one.',
    scope: 'authorizers:write',
    params: platformParams,
    body: newReconciliation,
    bodyOptional: true,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  getReconciliation: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/reconciliations/{id}',
    tag: 'Authorization',
    summary: 'Progress of a reconciliation',
    scope: 'authorizers:read',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the reconciliation') }),
    replies: { 200: { description: 'The reconciliation', schema: reconciliationView } },
  }),

  takeSnapshot: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/snapshots',
    tag: 'Domain history',
    summary: 'Observe the domains of a mini program now',
    scope: 'domains:snapshot',
    params: authorizerParams,
    replies: {
      200: { description: 'The domains are those of the latest snapshot, which now ends later', schema: snapshotView },
      201: { description: 'The domains differ from the latest snapshot: a new one', schema: snapshotView },
    },
    problems: ['permission_set_missing', ...merchantCallProblems],
  }),
  listSnapshots: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/snapshots',
    tag: 'Domain history',
    summary: 'Snapshots of a mini program, newest first',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        from: momentInput('Only snapshots last observed at or after this moment').optional(),
        to: momentInput('Only snapshots first observed before this moment').optional(),
        ...pageQuery,
      })
      .refine(inOrder, { path: ['to'], message: 'must not be before from' }),
    replies: { 200: { description: 'One page', schema: snapshotPage } },
  }),
  getSnapshot: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/snapshots/{id}',
    tag: 'Domain history',
    summary: 'One snapshot',
    scope: 'domains:read',
    params: snapshotParams,
    replies: { 200: { description: 'The snapshot', schema: snapshotView } },
  }),
  getSnapshotRaw: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/snapshots/{id}/raw',
    tag: 'Domain history',
    summary: 'The body of WeChat as it came',
    scope: 'domains:read',
    params: snapshotParams,
    replies: {
      200: { description: 'Byte for byte what WeChat sent', schema: z.looseObject({}).describe('JSON of WeChat') },
    },
  }),
  getDomainsAt: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domains',
    tag: 'Domain history',
    summary: 'The domains of a mini program at one moment',
    scope: 'domains:read',
    params: authorizerParams,
    query: z.strictObject({ at: momentInput('The moment; absent: now').optional() }),
    replies: { 200: { description: 'What is known of that moment', schema: domainsAtView } },
  }),
  diffDomains: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-diff',
    tag: 'Domain history',
    summary: 'Difference between two moments',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        from: momentInput('The earlier moment'),
        to: momentInput('The later moment; absent: now').optional(),
      })
      .refine(inOrder, { path: ['to'], message: 'must not be before from' }),
    replies: { 200: { description: 'The difference', schema: domainDiffView } },
  }),
  listLifespans: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-lifespans',
    tag: 'Domain history',
    summary: 'When each domain came and went',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        group: domainGroup.optional().describe('Only this group'),
        list: domainList.optional().describe('Only this list'),
        domain: domainName.optional().describe('Only this domain, in any equal spelling'),
        ...pageQuery,
      })
      .superRefine(fitsList),
    replies: { 200: { description: 'One page', schema: lifespanPage } },
  }),
  startSweep: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/sweeps',
    tag: 'Domain history',
    summary: 'Observe the domains of all authorized mini programs now',
    description: 'If a requested sweep is running, its id is returned.',
    scope: 'domains:snapshot',
    params: platformParams,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  listSweeps: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/sweeps',
    tag: 'Domain history',
    summary: 'Sweeps, newest first',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: sweepPage } },
  }),
  getSweep: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/sweeps/{id}',
    tag: 'Domain history',
    summary: 'Progress of a sweep',
    scope: 'domains:read',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the sweep') }),
    replies: { 200: { description: 'The sweep', schema: sweepView } },
  }),
} as const;

function inOrder(query: { from?: Date | undefined; to?: Date | undefined }): boolean {
  return query.from === undefined || query.to === undefined || query.from <= query.to;
}
