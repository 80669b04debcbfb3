import { z } from 'zod';
import { startedJob } from './authorizers.ts';
import { platformChecks } from './checks.ts';
import { authorizerAppid, componentAppid, issuedId } from './fields.ts';
import { platformParams } from './platform-routes.ts';
import { pushBacklogView, pushFilter, pushPage, refusedPushes } from './pushes.ts';
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

/** For operators of an installation: quotas, push backlog, retention, master keys. */
export const upkeepRoutes = {
  getQuota: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/quota',
    tag: 'Maintenance',
    summary: "Get today's calls, paused paths and budgets",
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The quota', schema: quotaView } },
  }),
  setQuotaBudget: route({
    method: 'PUT',
    path: '/v1/platforms/{component_appid}/quota/budgets',
    tag: 'Maintenance',
    summary: 'Set or remove the daily budget of a path',
    description: 'Takes effect in all processes within a second. Budgets of other paths are unchanged.',
    scope: 'platforms:write',
    params: platformParams,
    body: newBudget,
    replies: { 200: { description: 'All budgets of the platform', schema: budgetList } },
  }),
  resetQuota: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/quota/resets',
    tag: 'Maintenance',
    summary: "Reset WeChat's daily call counter (component/clear_quota/v2)",
    description:
      'For a used-up quota; needs no token. WeChat grants ten resets per account and month in total, including those made in ' +
      'its console; after that it answers 48006. `confirm` repeats the appid.',
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
    tag: 'Maintenance',
    summary: 'List calls on behalf of one account, by day and path',
    scope: 'authorizers:read',
    params: z.strictObject({ component_appid: componentAppid, authorizer_appid: authorizerAppid }),
    query: z.strictObject(merchantCallsQuery),
    replies: { 200: { description: 'The calls', schema: merchantCalls } },
  }),

  listPushes: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/pushes',
    tag: 'Maintenance',
    summary: 'List received pushes, newest first',
    scope: 'authorizers:read',
    params: platformParams,
    query: z.strictObject(pushFilter),
    replies: { 200: { description: 'One page', schema: pushPage } },
  }),
  getPushBacklog: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/push-backlog',
    tag: 'Maintenance',
    summary: 'Count pending and failed pushes',
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The backlog', schema: pushBacklogView } },
  }),
  listRefusedPushes: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/refused-pushes',
    tag: 'Maintenance',
    summary: 'List the latest refused callback requests',
    description:
      'For connecting a platform: shows requests to its callback URLs that were refused, and why. The last 100 are kept, without content.',
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The refused requests', schema: refusedPushes } },
  }),
  getChecks: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/checks',
    tag: 'Maintenance',
    summary: 'Get the checks of a platform',
    description: 'The results of the latest run. A check that fails says what was seen and what to do.',
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The checks', schema: platformChecks } },
  }),
  runChecks: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/checks',
    tag: 'Maintenance',
    summary: 'Run the checks of a platform now',
    description:
      'Sends a signed test push to `PUBLIC_URL` and asks WeChat for the list of server domains of the platform. Takes up to half a minute.',
    scope: 'platforms:write',
    params: platformParams,
    replies: { 200: { description: 'The checks', schema: platformChecks } },
  }),
  replayPush: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/pushes/{id}/replays',
    tag: 'Maintenance',
    summary: 'Replay a failed or unhandled push',
    description: 'A processed push cannot be replayed (`conflict`): its content was deleted.',
    scope: 'authorizers:write',
    params: ofPlatform('the push'),
    replies: { 202: { description: 'The push is queued', schema: startedJob } },
    problems: ['conflict'],
  }),

  startRetention: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/retention-runs',
    tag: 'Maintenance',
    summary: 'Start a retention run: thin out old domain history',
    description:
      'Deletes snapshots; cannot be undone. Snapshots within `keep_all`, the current snapshot and the first observation of every ' +
      'domain are kept. If a run is in progress, its id is returned.',
    scope: 'platforms:write',
    operatorOnly: true,
    params: platformParams,
    body: newRetentionRun,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  getRetention: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/retention-runs/{id}',
    tag: 'Maintenance',
    summary: 'Get a retention run',
    description: 'Only the latest run of each platform is kept; the audit log lists all of them.',
    scope: 'domains:read',
    params: ofPlatform('the run'),
    replies: { 200: { description: 'The run', schema: retentionRunView } },
  }),

  getMasterKeys: route({
    method: 'GET',
    path: '/v1/master-keys',
    tag: 'Maintenance',
    summary: 'List master keys and how many values each seals',
    scope: 'platforms:write',
    operatorOnly: true,
    replies: { 200: { description: 'The keys, by id', schema: masterKeysView } },
  }),
  startMasterKeyRotation: route({
    method: 'POST',
    path: '/v1/master-key-rotations',
    tag: 'Maintenance',
    summary: 'Start a master-key rotation: re-encrypt all secrets with the first master key',
    description:
      'Runs in the background in worker processes that encrypt with that key, and resumes after a crash. If one is running, its ' +
      'id is returned.',
    scope: 'platforms:write',
    operatorOnly: true,
    replies: { 202: { description: 'Started', schema: startedJob } },
  }),
  getMasterKeyRotation: route({
    method: 'GET',
    path: '/v1/master-key-rotations/{id}',
    tag: 'Maintenance',
    summary: 'Get a master-key rotation',
    scope: 'platforms:write',
    operatorOnly: true,
    params: z.strictObject({ id: issuedId('Id of the rotation') }),
    replies: { 200: { description: 'The rotation', schema: masterKeyRotationView } },
  }),
} as const;
