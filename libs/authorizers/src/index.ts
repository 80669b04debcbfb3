export { assembleAuthorizers, type Authorizers, type AuthorizersParts } from './assemble.ts';
export { AuthorizationLinks, type LinkRow, type NewAuthorizationLink } from './links/authorization-links.ts';
export { authorizersSealedTables, pruneAuthorizations } from './authorizations/authorization-codes.ts';
export { AuthorizerRefs, type AuthorizerRef } from './accounts/authorizer-refs.ts';
export type { AccountKind, AuthorizerState } from './accounts/authorizer-store.ts';
export {
  AuthorizerDirectory,
  type AuthorizerFilter,
  type AuthorizerRow,
  type SweepSubject,
} from './accounts/directory.ts';
export {
  AuthorizerLifecycle,
  type AuthorizationPush,
  type LifecycleOutcome,
  type RedirectResult,
} from './authorizations/lifecycle.ts';
export { Merchants, type MerchantPage, type MerchantRow } from './merchants/merchants.ts';
export { DOMAIN_PERMISSION_SET, hasDomainPermission } from './accounts/permission-sets.ts';
export { AuthorizerReconcile, type ReconcileOptions, type ReconcileOutcome } from './reconciliation/reconcile.ts';
export { DEFAULT_LIST_GUARD, type ListGuard } from './reconciliation/reconcile-guard.ts';
export type { ReconciliationRow } from './reconciliation/reconcile-store.ts';
export type { ReturnUrlPolicy } from './links/return-url.ts';
export { SLOTS, slotOf } from './accounts/slot.ts';
export type { AuthorizerHooks, VerificationOutcome } from './details/verification.ts';
export { exchangeAuthorizationCode, readAuthorizerDetails, refreshAuthorizerInfo, runReconciliation } from './jobs.ts';
