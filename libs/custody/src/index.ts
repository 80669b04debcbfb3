export {
  ComponentAccounts,
  type NewPlatform,
  type PlatformPatch,
  type PlatformRow,
  type PlatformState,
} from './platforms/component-accounts.ts';
export { ComponentTickets, TICKET_STALE_SECONDS, type UsableTicket } from './platforms/component-tickets.ts';
export { PlatformRemoval, type PlatformRemovalRow } from './platforms/platform-removal.ts';
export { TicketGuard, type TicketGuardPass } from './platforms/ticket-guard.ts';
export { ComponentTokens } from './component-tokens/component-tokens.ts';
export {
  AuthorizerTokens,
  type AuthorizerLeaseOptions,
  type BulkLease,
} from './authorizer-tokens/authorizer-tokens.ts';
export type { AuthorizerTokenState, HeldTokens, RefreshClaim } from './authorizer-tokens/authorizer-token-rows.ts';
export type { KeepOutcome, KeptGrant } from './authorizer-tokens/authorizer-grants.ts';
export { authorizationDoubted, authorizationLost } from './jobs.ts';
export type { RefreshPassCounts, RefreshPassOptions } from './authorizer-tokens/refresh-pass.ts';
export type { PlatformRef, PushKeys } from './platforms/platform-directory.ts';
export type { LeasedToken } from './refresh/token-cache.ts';
export { CustodyOptions } from './custody-options.ts';
export { TokenInvalidationChannel } from './token-invalidation-channel.ts';
export {
  MasterKeyRotation,
  type KeyUse,
  type RotationOptions,
  type RotationProgress,
  type RotationResult,
} from './master-keys/master-key-rotation.ts';
export { MasterKeyRegister, type MasterKeyUse } from './master-keys/master-key-register.ts';
export { KeyRotations, type KeyRotationRow } from './master-keys/key-rotations.ts';
export { custodySealedTables } from './master-keys/sealed-tables.ts';
export { CustodyModule } from './custody.module.ts';
export { upstreamError } from './failures.ts';
