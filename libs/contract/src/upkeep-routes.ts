import { z } from 'zod';
import { startedJob } from './authorizers.ts';
import { authorizerAppid, componentAppid, issuedId } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { pushBacklogView, pushFilter, pushPage } from './pushes.ts';
import {
  budgetList,
  merchantCalls,
  merchantCallsQuery,
  newBudget,
  newQuotaReset,
  quotaReset,
  quotaView,
} from './quota.ts';
import { route } from './route.ts';
import { masterKeyRotationView, masterKeysView, newRetentionRun, retentionRunView } from './upkeep.ts';

const ofPlatform = (what: string) => z.strictObject({ component_appid: componentAppid, id: issuedId(`Id of ${what}`) });

/** What whoever runs an installation looks after: quotas, pushes that wait, old history, master keys. */
export const upkeepRoutes = {
  getQuota: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/quota',
    tag: 'Upkeep',
    summary: 'Calls of today, what waits because of a quota, and budgets',
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The quota', schema: quotaView } },
  }),
  setQuotaBudget: route({
    method: 'PUT',
    path: '/v1/platforms/{component_appid}/quota/budgets',
    tag: 'Upkeep',
    summary: 'Limit the calls of one path, change the limit, or take it away',
    description: 'In force in every process a second later. Limits of other paths stay.',
    scope: 'platforms:write',
    params: platformParams,
    body: newBudget,
    replies: { 200: { description: 'All budgets as they are now', schema: budgetList } },
  }),
  resetQuota: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/quota/resets',
    tag: 'Upkeep',
    summary: 'Let WeChat count anew (component/clear_quota/v2)',
    description:
      'The way out of a used-up quota, which needs no token. WeChat grants ten resets per account and month over all ways, ' +
      'its console included; then it answers 48006. `confirm` repeats the appid.',
    scope: 'platforms:write',
    operatorOnly: true,
    params: platformParams,
    body: newQuotaReset,
    replies: { 200: { description: 'Reset', schema: quotaReset } },
    problems: ['platform_misconfigured', 'upstream_busy', 'upstream_quota_exhausted', 'upstream_failed'],
  }),
  getMerchantCalls: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/calls',
    tag: 'Upkeep',
    summary: 'Calls on behalf of one account, by day and path',
    scope: 'authorizers:read',
    params: z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid }),
    query: z.strictObject(merchantCallsQuery),
    replies: { 200: { description: 'The calls', schema: merchantCalls } },
  }),

  listPushes: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/pushes',
    tag: 'Upkeep',
    summary: 'Pushes of WeChat and what became of them, newest first',
    scope: 'authorizers:read',
    params: platformParams,
    query: z.strictObject(pushFilter),
    replies: { 200: { description: 'One page', schema: pushPage } },
  }),
  getPushBacklog: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/push-backlog',
    tag: 'Upkeep',
    summary: 'How many pushes wait or were given up',
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The backlog', schema: pushBacklogView } },
  }),
  replayPush: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/pushes/{id}/replays',
    tag: 'Upkeep',
    summary: 'Try a push again that was given up or not understood',
    description: 'What has been dealt with cannot be replayed: its content is gone (`conflict`).',
    scope: 'authorizers:write',
    params: ofPlatform('the push'),
    replies: { 202: { description: 'It waits to be handled', schema: startedJob } },
    problems: ['conflict'],
  }),

  startRetention: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/retention-runs',
    tag: 'Upkeep',
    summary: 'Thin the old domain history of a platform',
    description:
      'Removes snapshots, and cannot be undone. Every answer about the time of `keep_all`, the current snapshot and the ' +
      'first sight of every domain stay as they are. If a run is under way, its id is returned.',
    scope: 'platforms:write',
    operatorOnly: true,
    params: platformParams,
    body: newRetentionRun,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  getRetention: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/retention-runs/{id}',
    tag: 'Upkeep',
    summary: 'Progress of a retention run',
    description: 'Of each platform the latest run is kept; the audit trail has them all.',
    scope: 'domains:read',
    params: ofPlatform('the run'),
    replies: { 200: { description: 'The run', schema: retentionRunView } },
  }),

  getMasterKeys: route({
    method: 'GET',
    path: '/v1/master-keys',
    tag: 'Upkeep',
    summary: 'Which master keys are in use, and which may go',
    scope: 'platforms:write',
    operatorOnly: true,
    replies: { 200: { description: 'The keys, by id', schema: masterKeysView } },
  }),
  startMasterKeyRotation: route({
    method: 'POST',
    path: '/v1/master-key-rotations',
    tag: 'Upkeep',
    summary: 'Seal all secrets anew under the first master key',
    description:
      'Goes on while the hub serves, in any process of the worker role that seals with that key, and after a crash where it ' +
      'was. If one is running, its id is returned.',
    scope: 'platforms:write',
    operatorOnly: true,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  getMasterKeyRotation: route({
    method: 'GET',
    path: '/v1/master-key-rotations/{id}',
    tag: 'Upkeep',
    summary: 'Progress of a master-key rotation',
    scope: 'platforms:write',
    operatorOnly: true,
    params: z.strictObject({ id: issuedId('Id of the rotation') }),
    replies: { 200: { description: 'The rotation', schema: masterKeyRotationView } },
  }),
} as const;
