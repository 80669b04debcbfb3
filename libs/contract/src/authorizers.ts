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
    '`unauthorized`: the merchant withdrew the authorization. `reauthorization_required`: WeChat rejects every known refresh token, so the merchant must authorize again',
  );
export type AuthorizerState = z.infer<typeof authorizerState>;

export const authorizerKind = z.enum(['mini_program', 'official_account', 'other']).describe('Kind of account');
export type AuthorizerKind = z.infer<typeof authorizerKind>;

export const authorizerView = z
  .strictObject({
    authorizer_appid: authorizerAppid,
    component_appid: componentAppid,
    merchant_id: merchantId.nullable().describe('Merchant that it is assigned to; null while unassigned'),
    kind: authorizerKind.nullable().describe('Kind of account; null until WeChat has reported it'),
    nick_name: z.string().nullable().describe('Account name; null while unknown'),
    principal_name: z.string().nullable().describe('Legal owner of the account; null while unknown'),
    state: authorizerState,
    permission_sets: z.array(z.number().int()).describe('Granted permission sets (权限集), ascending'),
    can_read_domains: z
      .boolean()
      .describe('Whether its domains can be read now: state `authorized`, and permission set 18 is granted'),
    authorized_at: moment('Latest authorization').nullable(),
    unauthorized_at: moment('Latest withdrawal').nullable(),
    access_token_expires_at: moment('When the current access token expires').nullable(),
    last_snapshot_at: moment('Latest successful snapshot of its domains').nullable(),
    next_snapshot_at: moment('Next scheduled snapshot; null if none is scheduled').nullable(),
    last_failure: lastFailure.nullable(),
  })
  .meta({
    id: 'Authorizer',
    description: 'An account (mini program or official account) that has authorized the platform',
  });

export type AuthorizerView = z.infer<typeof authorizerView>;

export const authorizerPage = pageSchema(authorizerView, 'Authorizers, oldest first').meta({ id: 'AuthorizerPage' });

const sets = (description: string) => z.array(z.number().int()).describe(description);

export const grantView = z
  .strictObject({
    at: moment('From when on'),
    state: authorizerState,
    permission_sets: sets('Permission sets (权限集) that were granted then, as last known, ascending'),
    gained: sets('Permission sets that were not granted before'),
    lost: sets('Permission sets that were granted before'),
    can_read_domains: z.boolean().describe('Whether its domains could be read: authorized, with permission set 18'),
  })
  .meta({ id: 'Grant', description: 'What an account had granted from a moment on' });

export type GrantView = z.infer<typeof grantView>;

export const grantPage = pageSchema(grantView, 'Grants, newest first').meta({ id: 'GrantPage' });

export const authorizerFilter = {
  state: authorizerState.optional().describe('Only this state'),
  merchant_id: merchantId.optional().describe('Only of this merchant'),
  permission_set: queryInteger('Only those that granted this permission set', 1, 100_000)
    .optional()
    .describe('Only those that granted this permission set'),
  lacks_permission_set: queryInteger('Only those that did not grant this permission set', 1, 100_000)
    .optional()
    .describe('Only those that did not grant this permission set'),
  q: line('Search text: part of appid, nick name or principal name, case-insensitive', 100).optional(),
  authorizer_appids: z
    .string()
    .max(6500)
    .transform((value) => value.split(','))
    .refine(
      (values) => values.length <= 100 && values.every((value) => authorizerAppid.safeParse(value).success),
      'must be appids, separated by commas, 100 at most',
    )
    .optional()
    .describe('Only these, separated by commas, 100 at most; not together with `q`'),
  ...pageQuery,
};

export const authorizerPatch = z
  .strictObject({ merchant_id: merchantId.nullable().describe('Merchant to assign it to; null unassigns it') })
  .meta({ id: 'AuthorizerPatch', description: 'Assigns the authorizer to a merchant' });

export const accessTokenRequest = z
  .strictObject({
    rejected_access_token: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('A token that WeChat rejected (40001, 42001): forces one refresh if it is still the current one'),
  })
  .meta({ id: 'AccessTokenRequest', description: 'Optional; may be empty' });

export const accessTokenView = z
  .strictObject({
    access_token: z.string().describe('authorizer_access_token; keep it in memory only'),
    expires_at: moment('When it expires'),
    expires_in: z.number().int().min(1).describe('Seconds until it expires'),
  })
  .meta({ id: 'AccessToken', description: 'A valid access token of the merchant' });

export type AccessTokenView = z.infer<typeof accessTokenView>;

export const reconciliationView = z
  .strictObject({
    id: z.string().describe('Id of this reconciliation'),
    state: z
      .enum(['running', 'done', 'stopped', 'failed'])
      .describe("`stopped`: WeChat's list was implausible and nothing was marked; see reason"),
    reason: z.string().nullable().describe('Why it stopped or failed'),
    total: z.number().int().nullable().describe("Authorizers in WeChat's list; null before its first page"),
    listed: z.number().int().describe('Authorizers compared so far'),
    created: z.number().int().describe('Previously unknown authorizers'),
    recovered: z.number().int().describe('Authorizers whose state or refresh token was repaired'),
    unchanged: z.number().int().describe('Authorizers without differences'),
    marked_unauthorized: z.number().int().describe('No longer listed, confirmed with WeChat, and marked unauthorized'),
    without_refresh_token: z.number().int().describe('Listed without a refresh token'),
    failed: z.number().int().describe('Authorizers that could not be repaired'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'Reconciliation', description: "A comparison with WeChat's authorizer list" });

export type ReconciliationView = z.infer<typeof reconciliationView>;

export const newReconciliation = z
  .strictObject({
    accept_shrunk_list: z
      .boolean()
      .optional()
      .describe(
        'Accept a list that is much shorter than before or names other accounts, which would otherwise stop the run. Each ' +
          'account that is not listed is still checked individually before it is marked; an empty list always stops the run',
      ),
  })
  .meta({ id: 'NewReconciliation', description: 'Options of the reconciliation' });

export const startedJob = z
  .strictObject({ id: z.string().describe('Id to query the progress') })
  .meta({ id: 'Started', description: 'Background work that was started or already running' });
