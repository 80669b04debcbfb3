import { z } from 'zod';

import { ACCOUNT_EVENT_NAMES } from './account-events.ts';
import { CALL_FAULT_KINDS } from './call-faults.ts';
import { DOMAIN_GROUPS, DOMAIN_LISTS } from './domains.ts';

/** Shapes of the bodies of `/_control/*`. Unknown names are refused, so that a typo does not pass for a setting. */
const appid = z.string().min(1);
const sets = z.array(z.int());

const platformFields = {
  componentAppsecret: z.string(),
  token: z.string(),
  encodingAesKey: z.string().length(43),
  eventsUrl: z.url(),
  messagesUrl: z.string().optional(),
  ipWhitelist: z.array(z.string()).nullable().optional(),
  permissionSets: sets.optional(),
  name: z.string().optional(),
  authorizationHost: z.string().min(1).optional(),
  pushTickets: z.boolean().optional(),
};

export const reset = z.strictObject({ all: z.boolean().optional() });
export const platform = z.strictObject({ componentAppid: appid, ...platformFields });
export const platformPatch = z
  .strictObject({ ...platformFields, listLimit: z.int().nonnegative().nullable() })
  .partial();
export const serverDomains = z.strictObject({ hosts: z.array(z.string()), published: z.array(z.string()).optional() });
export const publicationCheck = z.strictObject({
  appids: z.array(appid).optional(),
  withinMs: z.number().positive().optional(),
});
export const grant = z.strictObject({
  permissionSets: sets.optional(),
  viaPreAuthCode: z.string().optional(),
  redirectUri: z.url().optional(),
  push: z.boolean().optional(),
  /** True: an exchanged authorization from before, nothing is pushed. */
  seed: z.boolean().optional(),
});
export const message = z.strictObject({ content: z.string(), openid: z.string().min(1).optional() });
type GivenElement = [string, string | number | GivenElement[]];
const element: z.ZodType<GivenElement> = z.lazy(() =>
  z.tuple([z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.string(), z.number(), z.array(element)])]),
);
export const accountEvent = z.strictObject({
  event: z.enum(ACCOUNT_EVENT_NAMES),
  /** In place of the sample's. */
  elements: z.array(element).optional(),
});

const lists = z.partialRecord(z.enum(DOMAIN_LISTS), z.array(z.string()));
export const domains = z.partialRecord(z.enum(DOMAIN_GROUPS), lists);
export const domainQuirks = z.strictObject({
  absentGroups: z.array(z.enum(DOMAIN_GROUPS)).optional(),
  absentLists: z.array(z.enum(DOMAIN_LISTS)).optional(),
  onlyEffective: z.boolean().optional(),
  reversed: z.boolean().optional(),
  upperCaseHosts: z.boolean().optional(),
  duplicates: z.boolean().optional(),
  extraFields: z.record(z.string(), z.unknown()).optional(),
});
export const account = z.strictObject({
  kind: z.enum(['mini_program', 'official_account']).default('mini_program'),
  appid,
  nickName: z.string().optional(),
  principalName: z.string().optional(),
  userName: z.string().optional(),
  headImg: z.string().optional(),
  serviceType: z.int().optional(),
  verifyType: z.int().optional(),
  accountStatus: z.int().optional(),
  apiPermission: z.boolean().optional(),
  domains: domains.optional(),
  quirks: domainQuirks.optional(),
});
export const fleet = z.strictObject({
  platform: appid,
  prefix: z.string().optional(),
  count: z.int().positive(),
  seed: z.union([z.string(), z.number()]).optional(),
  merchants: z.int().positive().optional(),
  templates: z.int().positive().optional(),
  permissionSetShare: z.record(z.string(), z.number()).optional(),
  uniqueShare: z.number().optional(),
  pendingShare: z.number().optional(),
  authTime: z.int().optional(),
});
export const fleetChange = z.strictObject({ share: z.number().min(0).max(1), prefix: z.string().optional() });
export const ipLists = z.strictObject({ apiDomain: z.array(z.string()), callback: z.array(z.string()) }).partial();
export const clock = z
  .strictObject({ setMs: z.number(), advanceMs: z.number(), rate: z.number().nonnegative() })
  .partial();
export const quirks = z
  .strictObject({
    escapeSlashes: z.boolean(),
    pushText: z.enum(['cdata', 'plain']),
    rotateRefreshTokens: z.boolean(),
    distinctCodes: z.boolean(),
    expiredComponentTokenCode: z.int(),
    revokedTokenCode: z.int().nullable(),
    wrongSecretCode: z.int(),
    unexchangedRefreshToken: z.enum(['missing', 'empty']),
    detailsRefreshToken: z.enum(['shown', 'missing']),
    listOrder: z.enum(['oldest_first', 'newest_first']),
    funcInfo: z.enum(['id', 'named', 'confirm']),
    schemesInPlatformList: z.boolean(),
    checkAuthorizationOrigin: z.boolean(),
    hostsWithoutIcp: z.array(z.string()),
  })
  .partial();
export const latency = z.strictObject({ ms: z.number().nonnegative() });
export const quota = z.strictObject({
  path: z.string(),
  perDay: z.int().positive().optional(),
  perMinute: z.int().positive().optional(),
});
const match = { componentAppid: appid.optional(), authorizerAppid: appid.optional() };
export const fault = z.strictObject({
  match: z.strictObject({ path: z.string().optional(), ...match }).optional(),
  kind: z.enum(CALL_FAULT_KINDS),
  errcode: z.int().optional(),
  delayMs: z.number().nonnegative().optional(),
  status: z.int().optional(),
  replace: z.array(z.tuple([z.string().min(1), z.string()])).optional(),
  times: z.int().positive().optional(),
  after: z.int().nonnegative().optional(),
  probability: z.number().min(0).max(1).optional(),
});
export const pushFault = z.strictObject({
  match: z.strictObject({ infoType: z.string().optional(), ...match }).optional(),
  kind: z.enum(['duplicate', 'delay', 'reorder', 'drop', 'badSignature', 'wrongKey', 'wrongReceiveId']),
  times: z.int().positive().optional(),
  probability: z.number().min(0).max(1).optional(),
  delayMs: z.number().nonnegative().optional(),
  copies: z.int().positive().optional(),
});
