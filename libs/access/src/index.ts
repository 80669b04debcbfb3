export { ApiKeys, type NewApiKey } from './api-keys.ts';
export { AuditTrail, type AuditEvent, type AuditFilter, type CountedEvent } from './audit-trail.ts';
export { generateKey, isPlausibleKey } from './key-format.ts';
export { maySeeMerchant, tenantOf, type Principal } from './principal.ts';
