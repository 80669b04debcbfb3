import type { Scope, UserRole } from '#libs/contract';
import type { Tenant } from '#libs/kernel';

/** NOTIFY with the id of a key, a session or a user: whatever is cached of it is void. */
export const ACCESS_CHANNEL = 'wxfleet_access';

/** The caller of a request, and what it may see. */
export interface Principal {
  readonly kind: 'operator' | 'platform';
  /** Id of the key, or of the user. */
  readonly keyId: string;
  /** `null` for an operator: the whole installation. */
  readonly platformId: number | null;
  /** `null`: all merchants of the platform. */
  readonly merchantIds: readonly string[] | null;
  readonly scopes: ReadonlySet<Scope>;
  /** When the key or the user ends by itself; `null`: never. The end of a session is not meant. */
  readonly expiresAt: Date | null;
  /** Networks from which the key may be used; absent: from anywhere. */
  readonly networks?: readonly string[];
  /** Name in the audit trail: `api_key:<id>`, `operator:<id>` or `user:<name>`. */
  readonly actor: string;
  /** Absent for keys. */
  readonly session?: { readonly username: string; readonly role: UserRole; readonly csrfToken: string };
}

/** For whom the database is asked. An operator acting on one platform sees that platform only. */
export function tenantOf(principal: Principal, platformId: number | null = principal.platformId): Tenant {
  return { platformId: principal.platformId ?? platformId, merchantIds: principal.merchantIds };
}

/** Whether what belongs to `merchantId` is within the limits of the principal. What is not assigned belongs to nobody. */
export function maySeeMerchant(principal: Principal, merchantId: string | null): boolean {
  return principal.merchantIds === null || (merchantId !== null && principal.merchantIds.includes(merchantId));
}
