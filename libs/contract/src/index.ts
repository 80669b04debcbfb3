export { ERROR_CODES, errorCodes, statusOf, type ErrorCode } from './error-codes.ts';
export { SCOPES, scopes, isScope, type Scope } from './scopes.ts';
export {
  CursorError,
  encodeCursor,
  decodeCursor,
  pageOf,
  type CursorPart,
  type CursorShape,
  type PartOf,
} from './cursor.ts';
export { PROBLEM_MEDIA_TYPE, problemSchema, fieldError, type Problem, type FieldError } from './problem.ts';
export { wechatFailure, lastFailure, type WechatFailure, type LastFailureView } from './fields.ts';
export type { PlatformRemovalView, PlatformView, PlatformState } from './platforms.ts';
export { lifetimeSeconds, type MerchantView, type AuthorizationLinkView } from './merchants.ts';
export type {
  AccessTokenView,
  AuthorizerKind,
  AuthorizerState,
  AuthorizerView,
  GrantView,
  ReconciliationView,
} from './authorizers.ts';
export {
  DOMAIN_GROUPS,
  DOMAIN_LISTS,
  LIST_SCHEMES,
  type Certainty,
  type DomainChangeView,
  type DomainDiffView,
  type DomainGroup,
  type DomainList,
  type DomainsAtView,
  type DomainsView,
  type LifespanView,
  type ObservationsView,
  type SnapshotView,
  type SweepView,
  type UnknownReason,
} from './domain-history.ts';
export type { ChangeGroupView, DomainSpreadView, PlatformOverviewView } from './fleet-overview.ts';
export type { CoverageItemView, CoverageView, FleetChangeView } from './fleet.ts';
export type {
  ApiIpCandidateView,
  ApiIpDiffView,
  ApiIpFormat,
  ApiIpKind,
  ApiIpLifetimePage,
  ApiIpSnapshotView,
  ApiIpView,
  TerraformRules,
} from './api-ips.ts';
export type { ApiKeyView, AuditChainView, AuditEventView, ConsoleUserView, MeView, UserRole } from './access.ts';
export type { PushView, RefusedPushView } from './pushes.ts';
export type { QuotaView } from './quota.ts';
export { EVENT_DATA, eventTypes, isEventType, type EventData, type EventType } from './event-types.ts';
export type { EventView } from './events.ts';
export type { RelayView } from './relays.ts';
export type { AttemptHours, DeliveryView, WebhookEndpointView } from './webhooks.ts';
export type { MasterKeyRotationView, RetentionRunView } from './upkeep.ts';
export type { HealthView } from './machine-routes.ts';
export {
  IDEMPOTENCY_KEY,
  route,
  pathParameters,
  takesBody,
  takesIdempotencyKey,
  type Reply,
  type Route,
  type RouteInput,
  type RouteSpec,
} from './route.ts';
export { routes, routeList, type OperationId } from './routes.ts';
export { openApiDocument } from './openapi.ts';
export { chineseOpenApiDocument } from './openapi.zh.ts';
export {
  CHECK_IDS,
  type CheckId,
  type CheckStatus,
  type PlatformCheckView,
  type PlatformChecksView,
} from './checks.ts';
