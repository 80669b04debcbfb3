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
  authorizationLinkView,
  merchantPage,
  merchantPatch,
  merchantView,
  newAuthorizationLink,
  newMerchant,
} from './merchants.ts';
import { newPlatform, platformPage, platformPatch, platformView } from './platforms.ts';
import { route } from './route.ts';

export const platformParams = z.strictObject({ component_appid: componentAppid });
const merchantParams = z.strictObject({ component_appid: componentAppid, merchant_id: merchantId });

/** Platforms, their merchants, links, keys and audit trail. */
export const platformRoutes = {
  createPlatform: route({
    method: 'POST',
    path: '/v1/platforms',
    tag: 'Platforms',
    summary: 'Register a platform',
    description:
      'Enter the returned `events_url` and `messages_url` on the development page of the platform; the first ticket arrives within ten minutes.',
    scope: 'platforms:write',
    operatorOnly: true,
    body: newPlatform,
    replies: { 201: { description: 'The platform', schema: platformView } },
  }),
  listPlatforms: route({
    method: 'GET',
    path: '/v1/platforms',
    tag: 'Platforms',
    summary: 'List the platforms that the key may see',
    scope: 'authorizers:read',
    query: z.strictObject(pageQuery),
    replies: { 200: { description: 'One page', schema: platformPage } },
  }),
  getPlatform: route({
    method: 'GET',
    path: '/v1/platforms/{component_appid}',
    tag: 'Platforms',
    summary: 'One platform',
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

  createMerchant: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/merchants',
    tag: 'Merchants',
    summary: 'Create a merchant',
    scope: 'authorizers:write',
    params: platformParams,
    body: newMerchant,
    replies: { 201: { description: 'The merchant', schema: merchantView } },
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
    summary: 'One merchant',
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
  createAuthorizationLink: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/authorization-links',
    tag: 'Authorization',
    summary: 'Make a link with which a merchant authorizes the platform',
    scope: 'authorizers:write',
    params: platformParams,
    body: newAuthorizationLink,
    replies: { 201: { description: 'The link', schema: authorizationLinkView } },
    problems: [
      'ticket_unavailable',
      'platform_misconfigured',
      'upstream_busy',
      'upstream_quota_exhausted',
      'upstream_failed',
    ],
  }),

  createApiKey: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/api-keys',
    tag: 'Keys and audit',
    summary: 'Create an API key',
    description: 'A key can give away no more than it has: neither scopes nor merchants nor life.',
    scope: 'keys:write',
    params: platformParams,
    body: newApiKey,
    replies: {
      201: {
        description: 'The key, shown this once',
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
      'Every process refuses the key within a second. Revoking a revoked key changes nothing. A key that may do more than the caller is the business of others.',
    scope: 'keys:write',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the key') }),
    replies: { 204: { description: 'Revoked' } },
  }),
  rotateApiKey: route({
    method: 'POST',
    path: '/v1/platforms/{component_appid}/api-keys/{id}/rotations',
    tag: 'Keys and audit',
    summary: 'Replace an API key by a new one that may do the same',
    description: 'Both work during the overlap, so that nothing has to change at one moment.',
    scope: 'keys:write',
    params: z.strictObject({ component_appid: componentAppid, id: issuedId('Id of the key to replace') }),
    body: keyRotation,
    bodyOptional: true,
    replies: {
      201: {
        description: 'The new key, shown this once',
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
    summary: 'Who used what power when',
    scope: 'audit:read',
    params: platformParams,
    query: z.strictObject(auditFilter),
    replies: {
      200: {
        description: 'One page',
        schema: auditEventPage,
        also: { 'text/csv': 'Everything that matches from the cursor on, streamed; `limit` does not apply' },
      },
    },
  }),
  checkAuditChain: route({
    method: 'GET',
    path: '/v1/audit-chain',
    tag: 'Keys and audit',
    summary: 'Whether the audit trail is as it was written',
    description: 'Recomputes the chain of hashes, a stretch per call. The chain is one for the whole installation.',
    scope: 'audit:read',
    operatorOnly: true,
    query: z
      .strictObject(auditChainQuery)
      .refine((query) => (query.expect_seq === undefined) === (query.expect_hash === undefined), {
        path: ['expect_hash'],
        message: 'comes with expect_seq, or not at all',
      }),
    replies: { 200: { description: 'What was found', schema: auditChainView } },
  }),
} as const;
