import { z } from 'zod';
import {
  accessTokenRequest,
  accessTokenView,
  authorizerFilter,
  authorizerPage,
  authorizerPatch,
  authorizerView,
  grantPage,
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
  observationsView,
  snapshotPage,
  snapshotView,
  sweepPage,
  sweepView,
} from './domain-history.ts';
import type { ErrorCode } from './error-codes.ts';
import { authorizerAppid, componentAppid, issuedId, momentInput, pageQuery } from './fields.ts';
import { erasureView, newErasure } from './platforms.ts';
import { platformParams } from './platform-routes.ts';
import { route } from './route.ts';

const authorizerParams = z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid });
const snapshotParams = z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the snapshot') });

/** Errors of calls on behalf of a merchant. */
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
    summary: 'Get an authorizer',
    scope: 'authorizers:read',
    params: authorizerParams,
    replies: { 200: { description: 'The authorizer', schema: authorizerView } },
  }),
  listGrants: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/grants',
    tag: 'Authorizers',
    summary: 'List what an authorizer had granted, and when',
    description: 'Shows for example since when permission set 18 is missing.',
    scope: 'authorizers:read',
    params: authorizerParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: grantPage } },
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
  eraseAuthorizer: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/erasures',
    tag: 'Authorizers',
    summary: 'Erase what is personal of a withdrawn authorizer',
    description:
      'Deletes names, tokens, pushes, events and messages of the account. With `keep_history` its appid and the history of its domains and grants stay. Only for accounts in state `unauthorized`. It cannot be undone. Not for API keys that are ' +
      'limited to merchants.',
    scope: 'authorizers:write',
    params: authorizerParams,
    body: newErasure,
    replies: { 200: { description: 'Erased', schema: erasureView } },
    problems: ['conflict'],
  }),
  issueAccessToken: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/access-token',
    tag: 'Authorizers',
    summary: 'Get a valid access token',
    description:
      'Never returns an expired token. All callers get the same token; it is refreshed before it expires. ' +
      '`rejected_access_token` forces one refresh if that token is still the current one.',
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
    summary: "Start a reconciliation with WeChat's authorizer list",
    description:
      'Repairs differences; never deletes. If one is running, its id is returned and the options of this request apply to it.',
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
    summary: 'Get a reconciliation',
    scope: 'authorizers:read',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the reconciliation') }),
    replies: { 200: { description: 'The reconciliation', schema: reconciliationView } },
  }),

  takeSnapshot: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/snapshots',
    tag: 'Domain history',
    summary: "Take a snapshot of a mini program's domains now",
    scope: 'domains:snapshot',
    params: authorizerParams,
    replies: {
      200: { description: 'Unchanged: the latest snapshot, with a later last_observed_at', schema: snapshotView },
      201: { description: 'Changed: a new snapshot', schema: snapshotView },
    },
    problems: ['permission_set_missing', 'upstream_unreadable', ...merchantCallProblems],
  }),
  listSnapshots: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/snapshots',
    tag: 'Domain history',
    summary: 'List snapshots of a mini program, newest first',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        from: momentInput('Only snapshots last observed at or after this time').optional(),
        to: momentInput('Only snapshots first observed before this time').optional(),
        ...pageQuery,
      })
      .refine(inOrder, { path: ['to'], message: 'must not be before from' }),
    replies: { 200: { description: 'One page', schema: snapshotPage } },
  }),
  getSnapshot: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/snapshots/{id}',
    tag: 'Domain history',
    summary: 'Get a snapshot',
    scope: 'domains:read',
    params: snapshotParams,
    replies: { 200: { description: 'The snapshot', schema: snapshotView } },
  }),
  getSnapshotRaw: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/snapshots/{id}/raw',
    tag: 'Domain history',
    summary: "Get WeChat's original reply",
    scope: 'domains:read',
    params: snapshotParams,
    replies: {
      200: {
        description: "WeChat's reply, byte for byte",
        schema: z.looseObject({}).describe('JSON as WeChat sent it'),
      },
    },
  }),
  getDomainsAt: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domains',
    tag: 'Domain history',
    summary: 'Get the domains of a mini program at a point in time',
    scope: 'domains:read',
    params: authorizerParams,
    query: z.strictObject({ at: momentInput('Point in time; absent: now').optional() }),
    replies: { 200: { description: 'The domains and their certainty', schema: domainsAtView } },
  }),
  diffDomains: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-diff',
    tag: 'Domain history',
    summary: 'Compare the domains at two points in time',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        from: momentInput('Earlier point in time'),
        to: momentInput('Later point in time; absent: now').optional(),
      })
      .refine(inOrder, { path: ['to'], message: 'must not be before from' }),
    replies: { 200: { description: 'The difference', schema: domainDiffView } },
  }),
  listLifespans: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-lifespans',
    tag: 'Domain history',
    summary: 'List when each domain was added and removed',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        group: domainGroup.optional().describe('Only this group'),
        list: domainList.optional().describe('Only this list'),
        domain: domainName.optional().describe('Only this domain, in any equivalent spelling'),
        ...pageQuery,
      })
      .superRefine(fitsList),
    replies: { 200: { description: 'One page', schema: lifespanPage } },
  }),
  listObservations: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/observations',
    tag: 'Domain history',
    summary: 'When a mini program was observed, with the gaps',
    description: 'The times of the snapshots without their domains.',
    scope: 'domains:read',
    params: authorizerParams,
    query: z
      .strictObject({
        from: momentInput('Only snapshots last observed at or after this moment').optional(),
        to: momentInput('Only snapshots first observed at or before this moment').optional(),
        ...pageQuery,
      })
      .refine(inOrder, { path: ['to'], message: 'must not be before from' }),
    replies: { 200: { description: 'One page', schema: observationsView } },
  }),
  startSweep: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/sweeps',
    tag: 'Domain history',
    summary: 'Start a sweep: take snapshots of all authorized mini programs',
    description: 'If a sweep that was started by request is running, its id is returned.',
    scope: 'domains:snapshot',
    params: platformParams,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  listSweeps: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/sweeps',
    tag: 'Domain history',
    summary: 'List sweeps, newest first',
    scope: 'domains:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: sweepPage } },
  }),
  getSweep: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/sweeps/{id}',
    tag: 'Domain history',
    summary: 'Get a sweep',
    scope: 'domains:read',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the sweep') }),
    replies: { 200: { description: 'The sweep', schema: sweepView } },
  }),
} as const;

function inOrder(query: { from?: Date | undefined; to?: Date | undefined }): boolean {
  return query.from === undefined || query.to === undefined || query.from <= query.to;
}
