export { ApiKeys, type NewApiKey } from './api-keys.ts';
export { AuditChain, type ChainHead, type ChainProblem, type ChainStretch } from './audit-chain.ts';
export { AuditTrail, type AuditEvent, type AuditFilter, type CountedEvent } from './audit-trail.ts';
export { digestOf, generateKey, isPlausibleKey } from './key-format.ts';
export { maySeeMerchant, tenantOf, type Principal } from './principal.ts';
