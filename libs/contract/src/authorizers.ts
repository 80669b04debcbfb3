import { z } from 'zod';
import {
  authorizerAppid,
  componentAppid,
  lastFailure,
  line,
  merchantId,
  moment,
  pageQuery,
  pageSchema,
  queryInteger,
} from './fields.ts';

export const authorizerState = z
  .enum(['authorized', 'unauthorized', 'reauthorization_required'])
  .describe(
    '`unauthorized`: the merchant withdrew it. `reauthorization_required`: WeChat refuses every refresh token we know',
  );
export type AuthorizerState = z.infer<typeof authorizerState>;

export const authorizerKind = z
  .enum(['mini_program', 'official_account', 'other'])
  .describe('Kind of account; `other` also while it is not known yet');
export type AuthorizerKind = z.infer<typeof authorizerKind>;

export const authorizerView = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    component_appid: componentAppid,
    merchant_id: merchantId.nullable().describe('Merchant that it is assigned to; null until it is'),
    kind: authorizerKind,
    nick_name: z.string().nullable().describe('Name of the account; null until WeChat told it'),
    principal_name: z.string().nullable().describe('Legal owner of the account; null until WeChat told it'),
    state: authorizerState,
    permission_sets: z.array(z.number().int()).describe('Permission sets (权限集) the merchant granted, ascending'),
    can_read_domains: z.boolean().describe('Whether permission set 18 is granted, which reading domains needs'),
    authorized_at: moment('Latest authorization').nullable(),
    unauthorized_at: moment('Latest withdrawal').nullable(),
    access_token_expires_at: moment('Expiry of the access token that is held').nullable(),
    last_snapshot_at: moment('Latest successful observation of its domains').nullable(),
    next_snapshot_at: moment('Next scheduled snapshot; null when it is not scheduled').nullable(),
    last_failure: lastFailure.nullable(),
  })
  .meta({ id: 'Authorizer', description: 'An account whose owner authorized the platform' });

export type AuthorizerView = z.infer<typeof authorizerView>;

export const authorizerPage = pageSchema(authorizerView, 'Authorizers, oldest first').meta({ id: 'AuthorizerPage' });

export const authorizerFilter = {
  state: authorizerState.optional().describe('Only this state'),
  merchant_id: merchantId.optional().describe('Only of this merchant'),
  permission_set: queryInteger('Only those that granted this permission set', 1, 100_000)
    .optional()
    .describe('Only those that granted this permission set'),
  lacks_permission_set: queryInteger('Only those that did not grant this permission set', 1, 100_000)
    .optional()
    .describe('Only those that did not grant this permission set'),
  q: line('Part of appid, nick name or principal name, any letter case', 100).optional(),
  ...pageQuery,
};

export const authorizerPatch = z
  .strictObject({ merchant_id: merchantId.nullable().describe('The merchant it belongs to; null takes it away') })
  .meta({ id: 'AuthorizerPatch', description: 'Assigns the authorizer to a merchant' });

export const accessTokenRequest = z
  .strictObject({
    rejected_access_token: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('A token that WeChat refused (40001, 42001): forces one refresh if it is still the current one'),
  })
  .meta({ id: 'AccessTokenRequest', description: 'May be empty or absent' });

export const accessTokenView = z
  .strictObject({
    access_token: z.string().describe('authorizer_access_token; keep it in memory only'),
    expires_at: moment('When WeChat stops accepting it'),
    expires_in: z.number().int().min(1).describe('Seconds until then, at the time of the answer'),
  })
  .meta({ id: 'AccessToken', description: 'A valid access token of the merchant' });

export type AccessTokenView = z.infer<typeof accessTokenView>;

export const reconciliationView = z
  .strictObject({
    id: z.string().describe('Id of this reconciliation'),
    state: z
      .enum(['running', 'done', 'stopped', 'failed'])
      .describe('`stopped`: what WeChat listed was implausible, nothing was marked; see reason'),
    reason: z.string().nullable().describe('Why it stopped or failed'),
    total: z.number().int().nullable().describe('Authorizers in the list of WeChat; null before its first page'),
    listed: z.number().int().describe('Of these, how many have been compared so far'),
    created: z.number().int().describe('Unknown here before'),
    recovered: z.number().int().describe('Known, but with state or refresh token repaired'),
    unchanged: z.number().int().describe('As we had it'),
    marked_unauthorized: z.number().int().describe('Authorized here, no longer listed, confirmed by asking WeChat'),
    without_refresh_token: z.number().int().describe('Listed without a refresh token'),
    failed: z.number().int().describe('Could not be repaired'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'Reconciliation', description: 'A comparison with the authorizer list of WeChat' });

export type ReconciliationView = z.infer<typeof reconciliationView>;

export const newReconciliation = z
  .strictObject({
    accept_shrunk_list: z
      .boolean()
      .optional()
      .describe(
        'True: you know why the list of WeChat is so much shorter than before, or why it names others, so neither stops this ' +
          'run. Each account that is not listed is still asked about alone before it is marked; an empty list stops it all the same',
      ),
  })
  .meta({ id: 'NewReconciliation', description: 'How to compare' });

export const startedJob = z
  .strictObject({ id: z.string().describe('Id to ask for progress with') })
  .meta({ id: 'Started', description: 'Work that has been started or was already running' });
