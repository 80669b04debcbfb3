import type { ApiKeys, AuditChain, AuditTrail, ConsoleUsers, FirstOperator, Passwords, Sessions } from '#libs/access';
import type { ApiIps } from '#libs/api-ip-ledger';
import type {
  AuthorizationLinks,
  AuthorizerDirectory,
  AuthorizerLifecycle,
  AuthorizerReconcile,
  Merchants,
} from '#libs/authorizers';
import type { AuthorizerTokens, ComponentAccounts, KeyRotations, MasterKeyRegister, TicketGuard } from '#libs/custody';
import type {
  ChangeGroups,
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainDrift,
  DomainGaugeReader,
  DomainHistory,
  DomainRetention,
  DomainSnapshots,
  DomainSpread,
  DomainSweeps,
  ObservationTimes,
  PlatformLists,
  PlatformOverview,
} from '#libs/domain-ledger';
import type { MissedPushes, PushArchive, PushDispatcher, PushInbox, RefusedPushes } from '#libs/inbox';
import type { ClockCheck, Database, Log, Metrics, Settings } from '#libs/kernel';
import type { CallQuota, QuotaReset } from '#libs/quota';
import type { PublicUrls } from './public-urls.ts';

/** What the controllers work with; made by hand in `composition.ts`, injected as one thing under `HUB`. */
export interface HubServices {
  readonly settings: Settings;
  readonly urls: PublicUrls;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clockCheck: ClockCheck;
  readonly db: Database;
  readonly keys: ApiKeys;
  readonly users: ConsoleUsers;
  readonly firstOperator: FirstOperator;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly audit: AuditTrail;
  readonly auditChain: AuditChain;
  readonly accounts: ComponentAccounts;
  readonly authorizerTokens: AuthorizerTokens;
  readonly ticketGuard: TicketGuard;
  readonly inbox: PushInbox;
  readonly dispatcher: PushDispatcher;
  readonly pushArchive: PushArchive;
  readonly refusedPushes: RefusedPushes;
  readonly missedPushes: MissedPushes;
  readonly merchants: Merchants;
  readonly links: AuthorizationLinks;
  readonly lifecycle: AuthorizerLifecycle;
  readonly directory: AuthorizerDirectory;
  readonly reconcile: AuthorizerReconcile;
  readonly snapshots: DomainSnapshots;
  readonly history: DomainHistory;
  readonly observationTimes: ObservationTimes;
  readonly sweeps: DomainSweeps;
  /** Questions about all mini programs of a platform at once. */
  readonly fleet: FleetQuestions;
  readonly platformLists: PlatformLists;
  readonly apiIps: ApiIps;
  readonly quota: CallQuota;
  readonly quotaReset: QuotaReset;
  readonly retention: DomainRetention;
  readonly masterKeys: MasterKeyRegister;
  readonly keyRotations: KeyRotations;
  /** Asks for the scheduled retention runs that are due; nothing without the setting. */
  scheduleRetention(): Promise<void>;
  /** Fetches the platforms' own lists of server domains where they are due. */
  refreshPlatformLists(): Promise<void>;
  /** Tells of domains that nearly as many principals have as WeChat allows. */
  checkPrincipalLimits(): Promise<void>;
  /** Removes expired rows. */
  prune(): Promise<void>;
}

/** The read models of all mini programs of a platform. */
export interface FleetQuestions {
  readonly coverage: DomainCoverage;
  readonly drift: DomainDrift;
  readonly changes: DomainChanges;
  readonly gauges: DomainGaugeReader;
  readonly overview: PlatformOverview;
  readonly changeGroups: ChangeGroups;
  readonly spread: DomainSpread;
  readonly assertions: DomainAssertions;
}

/** Injection token of `HubServices`. */
export const HUB = Symbol('hub services');
