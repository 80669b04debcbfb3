import type { OperationId } from '#libs/contract';

/** Bodies that are accepted for `TwoTenants`, for specs that go over all routes. */
export const sampleBodies: Partial<Record<OperationId, unknown>> = {
  updatePlatform: { name: 'n' },
  removePlatform: { dry_run: true },
  eraseAuthorizer: { confirm: 'another', keep_history: true },
  createMerchant: { merchant_id: 'm1', name: 'n' },
  updateMerchant: { name: 'n' },
  // Refused for one that exists, since other specs go on with it.
  removeMerchant: { confirm: 'another' },
  createAuthorizationLink: { merchant_id: 'm1', page: 'pc' },
  createApiKey: { name: 'n', scopes: ['audit:read'] },
  updateAuthorizer: { merchant_id: 'm1' },
  putRelay: { url: 'https://203.0.113.1/', mode: 'notify' },
  createWebhookEndpoint: { url: 'https://203.0.113.1/' },
  updateUser: { disabled: true },
  deleteUser: { confirm: 'nobody' },
  assertDomains: { domains: [{ list: 'requestdomain', domain: 'https://everybody.example' }] },
};

/** The same for routes that need a query. */
export const sampleQueries: Partial<Record<OperationId, string>> = {
  diffDomains: '?from=2026-01-01T00:00:00Z',
  diffWechatIps: '?from=2026-01-01T00:00:00Z',
  getDomainCoverage: '?domain=https://everybody.example&list=requestdomain',
  getDomainSpread: '?domain=https://everybody.example&list=requestdomain',
};
