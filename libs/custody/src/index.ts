export { Custody, type CustodyParts } from './custody.ts';
export {
  ComponentAccounts,
  type NewPlatform,
  type PlatformPatch,
  type PlatformRow,
  type PlatformState,
} from './component-accounts.ts';
export { ComponentTickets, TICKET_STALE_SECONDS, type UsableTicket } from './component-tickets.ts';
export { TicketGuard, type TicketGuardOptions, type TicketGuardPass } from './ticket-guard.ts';
export { ComponentTokens, type ComponentTokensParts } from './component-tokens.ts';
export {
  AuthorizerTokens,
  type AuthorizerLeaseOptions,
  type AuthorizerTokensParts,
  type BulkLease,
} from './authorizer-tokens.ts';
export type { AuthorizerTokenState, HeldTokens, RefreshClaim } from './authorizer-rows.ts';
export type { KeepOutcome, KeptGrant } from './authorizer-grants.ts';
export type { CustodyCallbacks } from './authorizer-refresh.ts';
export type { RefreshPassCounts, RefreshPassOptions } from './refresh-pass.ts';
export type { PlatformRef, PushKeys } from './platform-directory.ts';
export type { LeasedToken } from './token-cache.ts';
export { CustodyNews } from './custody-news.ts';
export {
  MasterKeyRotation,
  type KeyUse,
  type RotationOptions,
  type RotationProgress,
  type RotationResult,
  type SealedTable,
} from './master-key-rotation.ts';
export { MasterKeyRegister, type MasterKeyUse } from './master-key-register.ts';
export { KeyRotations, type KeyRotationRow, type KeyRotationsParts } from './key-rotations.ts';
export { custodySealedTables } from './sealed-tables.ts';
export { upstreamError } from './failures.ts';
