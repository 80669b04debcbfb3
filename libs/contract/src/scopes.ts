/** What a key may do. Every route names one scope, or is public. */
export const SCOPES = {
  'platforms:write': 'register and change platforms',
  'authorizers:read': 'read platforms, merchants and authorizers',
  'authorizers:write': 'create merchants and links, assign authorizers, reconcile',
  'tokens:issue': 'obtain access tokens of merchants',
  'domains:read': 'read the domain history',
  'domains:snapshot': 'take snapshots and start sweeps',
  'api-ips:read': "read WeChat's address lists",
  'api-ips:snapshot': "fetch WeChat's address lists now",
  'keys:write': 'create, list and revoke API keys',
  'audit:read': 'read the audit log',
  'events:read': 'read events',
  'webhooks:write': 'create and change webhook endpoints, see and repeat deliveries',
  'relays:write': 'create and change relays of pushes and messages',
} as const;

export type Scope = keyof typeof SCOPES;

export const scopes = Object.keys(SCOPES) as readonly Scope[];

export function isScope(value: string): value is Scope {
  return Object.hasOwn(SCOPES, value);
}
