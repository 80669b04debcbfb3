export { AccountErasure } from './accounts/account-erasure.ts';
export { AuthorizersOptions } from './authorizers-options.ts';
export {
  AuthorizationLinks,
  type LinkOpening,
  type LinkRow,
  type LinkState,
  type NewAuthorizationLink,
} from './links/authorization-links.ts';
export { AuthorizerRefs, type AuthorizerRef } from './accounts/authorizer-refs.ts';
export { AuthorizerStore, type AccountKind, type AuthorizerState } from './accounts/authorizer-store.ts';
export {
  AuthorizerDirectory,
  type AuthorizerFilter,
  type AuthorizerRow,
  type GrantRow,
  type SweepSubject,
} from './accounts/directory.ts';
export {
  AuthorizerLifecycle,
  type AuthorizationPush,
  type LifecycleOutcome,
  type RedirectResult,
} from './authorizations/lifecycle.ts';
export { Merchants, type MerchantPage, type MerchantRow } from './merchants/merchants.ts';
export { DOMAIN_PERMISSION_SET, mayReadDomains } from './accounts/permission-sets.ts';
export { AuthorizerReconcile, type ReconcileOptions, type ReconcileOutcome } from './reconciliation/reconcile.ts';
export type { ListGuard } from './reconciliation/reconcile-guard.ts';
export type { ReconciliationRow } from './reconciliation/reconcile-store.ts';
export type { ReturnUrlPolicy } from './links/return-url.ts';
export { slotOf } from './accounts/slot.ts';
export type { VerificationOutcome } from './details/verification.ts';
export { firstSnapshots } from './jobs.ts';
export { AccountFacts } from './accounts/account-facts.ts';
export { FirstLooks, type FirstLook } from './accounts/first-looks.ts';
export { AuthorizersModule } from './authorizers.module.ts';
