export { assembleAuthorizers, type Authorizers, type AuthorizersParts } from './assemble.ts';
export { AuthorizationLinks, type LinkRow, type NewAuthorizationLink } from './authorization-links.ts';
export { authorizersSealedTables, pruneAuthorizations } from './authorization-codes.ts';
export { AuthorizerRefs, type AuthorizerRef } from './authorizer-refs.ts';
export type { AccountKind, AuthorizerState } from './authorizer-store.ts';
export { AuthorizerDirectory, type AuthorizerFilter, type AuthorizerRow, type SweepSubject } from './directory.ts';
export {
  AuthorizerLifecycle,
  type AuthorizationPush,
  type LifecycleOutcome,
  type RedirectResult,
} from './lifecycle.ts';
export { Merchants, type MerchantPage, type MerchantRow } from './merchants.ts';
export { DOMAIN_PERMISSION_SET, hasDomainPermission } from './permission-sets.ts';
export { AuthorizerReconcile, type ReconcileOptions, type ReconcileOutcome } from './reconcile.ts';
export { DEFAULT_LIST_GUARD, type ListGuard } from './reconcile-guard.ts';
export type { ReconciliationRow } from './reconcile-store.ts';
export type { ReturnUrlPolicy } from './return-url.ts';
export { SLOTS, slotOf } from './slot.ts';
export type { AuthorizerHooks, VerificationOutcome } from './verification.ts';
export { exchangeAuthorizationCode, readAuthorizerDetails, refreshAuthorizerInfo, runReconciliation } from './jobs.ts';
