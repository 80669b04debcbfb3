import { z } from 'zod';
import {
  apiKeyPage,
  auditChainQuery,
  auditChainView,
  auditEventPage,
  auditFilter,
  createdApiKey,
  keyRotation,
  newApiKey,
} from './access.ts';
import { componentAppid, issuedId, merchantId, pageQuery } from './fields.ts';
import {
  authorizationLinkFilter,
  authorizationLinkPage,
  authorizationLinkView,
  merchantPage,
  merchantPatch,
  merchantRemoval,
  removedMerchant,
  merchantView,
  newAuthorizationLink,
  newMerchant,
} from './merchants.ts';
import {
  newPlatform,
  platformPage,
  platformPatch,
  platformRemovalCounts,
  platformRemovalRequest,
  platformRemovalView,
  platformView,
} from './platforms.ts';
import { AS_OF, route } from './route.ts';

export const platformParams = z.strictObject({ component_appid: componentAppid });
const merchantParams = z.strictObject({ component_appid: componentAppid, merchant_id: merchantId });
const linkParams = z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the link') });

/** Platforms, their merchants, links, keys and audit log. */
export const platformRoutes = {
  createPlatform: route({
    method: 'POST',
    path: '/v1/platforms',
    tag: 'Platforms',
    summary: 'Register a platform',
    description:
      "Enter the returned `events_url` and `messages_url` on the platform's settings page at WeChat; the first ticket arrives within ten minutes.",
    scope: 'platforms:write',
    operatorOnly: true,
    body: newPlatform,
    replies: { 201: { description: 'The platform', schema: platformView } },
  }),
  listPlatforms: route({
    method: 'GET',
    path: '/v1/platforms',
    tag: 'Platforms',
    summary: 'List platforms',
    scope: 'authorizers:read',
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: platformPage } },
  }),
  getPlatform: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}',
    tag: 'Platforms',
    summary: 'Get a platform',
    scope: 'authorizers:read',
    params: platformParams,
    replies: { 200: { description: 'The platform', schema: platformView } },
  }),
  updatePlatform: route({
    method: 'PATCH',
    path: '/v1/platforms/{component_appid}',
    tag: 'Platforms',
    summary: 'Rename a platform or rotate its secrets',
    scope: 'platforms:write',
    params: platformParams,
    body: platformPatch,
    replies: { 200: { description: 'The platform', schema: platformView } },
  }),
  removePlatform: route({
    method: 'DELETE',
    path: '/v1/platforms/{component_appid}',
    tag: 'Platforms',
    summary: 'Remove a platform and everything that belongs to it',
    description:
      'From then on no call, push, key or user of the platform is accepted, and its component token is deleted. A background job then removes tokens, accounts, histories, events and everything else. Audit events are kept as long as those of other platforms. `confirm` repeats the component_appid. It cannot be undone.',
    scope: 'platforms:write',
    operatorOnly: true,
    params: platformParams,
    body: platformRemovalRequest,
    replies: {
      200: { description: 'A dry run: what would be removed', schema: platformRemovalCounts },
      202: { description: 'The removal has begun', schema: platformRemovalView },
    },
  }),
  getPlatformRemoval: route({
    method: 'GET',
    path: '/v1/platform-removals/{id}',
    tag: 'Platforms',
    summary: 'Get the progress of the removal of a platform',
    scope: 'platforms:write',
    operatorOnly: true,
    params: z.strictObject({ id: issuedId('Id of the removal') }),
    replies: { 200: { description: 'The removal', schema: platformRemovalView } },
  }),

  createMerchant: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/merchants',
    tag: 'Merchants',
    summary: 'Create a merchant',
    scope: 'authorizers:write',
    params: platformParams,
    body: newMerchant,
    replies: {
      201: { description: 'The merchant', schema: merchantView },
      200: { description: 'A merchant with this id and this name already exists', schema: merchantView },
    },
    problems: ['conflict'],
  }),
  listMerchants: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/merchants',
    tag: 'Merchants',
    summary: 'List merchants',
    scope: 'authorizers:read',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: merchantPage } },
  }),
  getMerchant: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/merchants/{merchant_id}',
    tag: 'Merchants',
    summary: 'Get a merchant',
    scope: 'authorizers:read',
    params: merchantParams,
    replies: { 200: { description: 'The merchant', schema: merchantView } },
  }),
  updateMerchant: route({
    method: 'PATCH',
    path: '/v1/platforms/{component_appid}/merchants/{merchant_id}',
    tag: 'Merchants',
    summary: 'Rename a merchant',
    scope: 'authorizers:write',
    params: merchantParams,
    body: merchantPatch,
    replies: { 200: { description: 'The merchant', schema: merchantView } },
  }),
  removeMerchant: route({
    method: 'DELETE',
    path: '/v1/platforms/{component_appid}/merchants/{merchant_id}',
    tag: 'Merchants',
    summary: 'Remove a merchant',
    description:
      'Its authorization links are deleted; its accounts stay with the platform, assigned to no merchant. `confirm` repeats the ' +
      'merchant_id. Not for API keys that are limited to merchants.',
    scope: 'authorizers:write',
    params: merchantParams,
    body: merchantRemoval,
    replies: { 200: { description: 'The merchant is removed', schema: removedMerchant } },
  }),
  createAuthorizationLink: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorization-links',
    tag: 'Authorization',
    summary: 'Create an authorization link for a merchant',
    scope: 'authorizers:write',
    params: platformParams,
    body: newAuthorizationLink,
    description:
      "The URL is a page of the hub that works for days. When a merchant opens it, the hub asks WeChat for a pre-auth code and leads to WeChat's authorization page, from the domain that WeChat requires.",
    replies: { 201: { description: 'The link', schema: authorizationLinkView } },
  }),
  listAuthorizationLinks: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorization-links',
    tag: 'Authorization',
    summary: 'List authorization links, newest first',
    scope: 'authorizers:read',
    params: platformParams,
    query: z.strictObject(authorizationLinkFilter),
    replies: { 200: { description: 'One page', schema: authorizationLinkPage } },
  }),
  getAuthorizationLink: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/authorization-links/{id}',
    tag: 'Authorization',
    summary: 'One authorization link and what became of it',
    scope: 'authorizers:read',
    params: linkParams,
    replies: { 200: { description: 'The link', schema: authorizationLinkView } },
  }),
  revokeAuthorizationLink: route({
    method: 'DELETE',
    path: '/v1/platforms/{component_appid}/authorization-links/{id}',
    tag: 'Authorization',
    summary: 'Revoke an authorization link',
    description: 'It can no longer be opened. Authorizations made with it stay. Repeating it changes nothing.',
    scope: 'authorizers:write',
    params: linkParams,
    replies: { 200: { description: 'The revoked link', schema: authorizationLinkView } },
  }),

  createApiKey: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/api-keys',
    tag: 'Keys and audit',
    summary: 'Create an API key',
    description: 'A key can only create keys with a subset of its own scopes and merchants, and no later expiry.',
    scope: 'keys:write',
    params: platformParams,
    body: newApiKey,
    replies: {
      201: {
        description: 'The key; shown only in this response',
        schema: createdApiKey,
        headers: { 'Cache-Control': 'always `no-store`' },
      },
    },
  }),
  listApiKeys: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/api-keys',
    tag: 'Keys and audit',
    summary: 'List API keys',
    scope: 'keys:write',
    params: platformParams,
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: apiKeyPage } },
  }),
  revokeApiKey: route({
    method: 'DELETE',
    path: '/v1/platforms/{component_appid}/api-keys/{id}',
    tag: 'Keys and audit',
    summary: 'Revoke an API key',
    description:
      'All hub processes reject the key within a second. Revoking a revoked key has no effect. Keys with more scopes or merchants than the caller cannot be revoked by it.',
    scope: 'keys:write',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the key') }),
    query: z.strictObject({
      made: z
        .enum(['keep', 'revoke'])
        .default('keep')
        .describe(
          '`revoke`: also revokes the keys and disables the users that this key created, and those that they created',
        ),
    }),
    replies: { 204: { description: 'Revoked' } },
  }),
  rotateApiKey: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/api-keys/{id}/rotations',
    tag: 'Keys and audit',
    summary: 'Rotate an API key',
    description:
      'Creates a key with the same scopes and merchants. Both keys work during the overlap, so that clients can be updated one by one.',
    scope: 'keys:write',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the key to replace') }),
    body: keyRotation,
    bodyOptional: true,
    replies: {
      201: {
        description: 'The new key; shown only in this response',
        schema: createdApiKey,
        headers: { 'Cache-Control': 'always `no-store`' },
      },
    },
    problems: ['conflict'],
  }),
  listAuditEvents: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}/audit-events',
    tag: 'Keys and audit',
    summary: 'List audit events',
    scope: 'audit:read',
    params: platformParams,
    query: z.strictObject(auditFilter),
    replies: {
      200: {
        description: 'One page',
        schema: auditEventPage,
        also: { 'text/csv': 'All matching events from the cursor on, streamed; `limit` is ignored' },
        headers: AS_OF,
      },
    },
  }),
  checkAuditChain: route({
    method: 'GET',
    path: '/v1/audit-chain',
    tag: 'Keys and audit',
    summary: 'Verify the audit log',
    description: 'Recomputes the hash chain, one section per call. There is one chain for the whole installation.',
    scope: 'audit:read',
    operatorOnly: true,
    query: z
      .strictObject(auditChainQuery)
      .refine((query) => (query.expect_seq === undefined) === (query.expect_hash === undefined), {
        path: ['expect_hash'],
        message: 'must be sent together with expect_seq',
      }),
    replies: { 200: { description: 'The result', schema: auditChainView } },
  }),
} as const;
