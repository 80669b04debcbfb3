import { scopes, type Scope, type UserRole } from '#libs/contract';

/** What each role may do. An operator is not held to one platform; the scopes are those of an admin. */
const SCOPES_OF: Record<UserRole, readonly Scope[]> = {
  viewer: ['authorizers:read', 'domains:read', 'api-ips:read'],
  admin: scopes,
  operator: scopes,
};

export function scopesOf(role: UserRole): readonly Scope[] {
  return SCOPES_OF[role];
}
