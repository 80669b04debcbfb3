import {
  ApiKeys,
  AuditChain,
  AuditRetention,
  AuditRetentionOptions,
  AuditTrail,
  ConsoleUsers,
  FirstOperator,
  LoginThrottle,
  Sessions,
  type Passwords,
} from '#libs/access';
import { AuthorizersOptions, authorizersSealedTables, pruneAuthorizations } from '#libs/authorizers';
import {
  Custody,
  CustodyOptions,
  KeyRotations,
  MasterKeyRegister,
  MasterKeyRotation,
  SealedTables,
} from '#libs/custody';
import {
  ChangeGroups,
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainDrift,
  DomainGaugeReader,
  DomainHistory,
  DomainLedger,
  DomainRetention,
  DomainSnapshots,
  DomainSpread,
  DomainSweeps,
  FirstSnapshots,
  LedgerOptions,
  ObservationTimes,
  PlatformListRefresh,
  PrincipalLimits,
  PlatformLists,
  PlatformOverview,
  RetentionSchedule,
} from '#libs/domain-ledger';
import { EventWriter, eventsSealedTables } from '#libs/events';
import {
  EarlyWithdrawals,
  InboxOptions,
  MissedPushes,
  PushArchive,
  PushClaims,
  PushDispatcher,
  PushHandlers,
  PushInbox,
  PushStore,
  RefusedPushes,
  inboxSealedTables,
  prunePushes,
} from '#libs/inbox';
import { JobHandlers, JobQueue } from '#libs/jobs';
import {
  ClockCheck,
  Sealer,
  Ticks,
  type Clock,
  type Database,
  type KeyRing,
  type Log,
  type Metrics,
  type Settings,
} from '#libs/kernel';
import { CallQuota, QuotaOptions, QuotaReset } from '#libs/quota';
import { ComponentApi, MiniProgramApi, WechatTransport } from '#libs/wechat';
import { apiIpsByHand } from './api-ips-by-hand.ts';
import { authorizersByHand } from './authorizers-by-hand.ts';
import { PublicUrls } from './public-urls.ts';
import type { HubServices } from './services.ts';

export interface CompositionParts {
  settings: Settings;
  masterKeys: KeyRing;
  db: Database;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  passwords: Passwords;
}

/** Everything of one hub process, put together by hand, and what has to be started and stopped. */
export interface Composition {
  services: HubServices;
  custody: Custody;
  quota: CallQuota;
  transport: WechatTransport;
  jobHandlers: JobHandlers;
}

/** The composition root. What one capability needs of a higher one is handed down here as a function. */
export function compose(parts: CompositionParts): Composition {
  const { settings, db, clock, log, metrics } = parts;
  const sealer = new Sealer(parts.masterKeys);
  const urls = new PublicUrls(settings);
  const jobs = new JobQueue();
  const callSeconds = Math.ceil(settings.wechat.timeoutMs / 1000);
  const keys = new ApiKeys(db, clock, log);
  const loginThrottle = new LoginThrottle(db);
  const auditChain = new AuditChain(db, log);
  const audit = new AuditTrail(db, log, auditChain);
  const auditRetention = new AuditRetention(
    db,
    log,
    audit,
    new Ticks(settings, log),
    Object.assign(new AuditRetentionOptions(), settings.audit),
  );
  const users = new ConsoleUsers();
  const sessions = new Sessions(db, clock, log, loginThrottle, parts.passwords, audit, new Ticks(settings, log));

  const quota = new CallQuota(db, clock, log, metrics, new QuotaOptions(), new EventWriter());
  const clockCheck = new ClockCheck(clock, db, log, metrics);
  const transport = new WechatTransport(
    {
      baseUrl: settings.wechat.apiUrl,
      timeoutMs: settings.wechat.timeoutMs,
      maxConcurrency: settings.wechat.maxConcurrency,
    },
    clock,
    clockCheck,
  );
  transport.guardWith(quota);
  const componentApi = new ComponentApi(transport);
  const miniProgramApi = new MiniProgramApi(transport);

  const custody: Custody = new Custody({
    db,
    sealer,
    clock,
    log,
    metrics,
    api: componentApi,
    // A refresh must outlive the call it makes.
    options: new CustodyOptions({ leaseSeconds: callSeconds * 3 + 5 }),
    jobs,
  });
  const { accounts, authorizerTokens } = custody;

  const ticks = new Ticks(settings, log);
  const { channel: news } = custody;
  const authorizersOptions = Object.assign(new AuthorizersOptions(), {
    publicUrl: () => urls.base,
    returnUrlHosts: settings.http.returnUrlHosts,
    wechatPagesUrl: settings.wechat.pagesUrl,
    exchangeLeaseSeconds: callSeconds * 3 + 5,
  });
  const jobHandlers = new JobHandlers();
  const inboxOptions = Object.assign(new InboxOptions(), { leaseSeconds: callSeconds * 4 + 5 });
  const refusedPushes = new RefusedPushes(db, log);
  const missedPushes = new MissedPushes(db, accounts, jobs, log, settings);
  const earlyWithdrawals = new EarlyWithdrawals(authorizerTokens, log);
  const pushStore = new PushStore(db, custody.tickets, earlyWithdrawals, new EventWriter(), jobs, inboxOptions);
  const inbox = new PushInbox(accounts, pushStore, refusedPushes, missedPushes, sealer, log, metrics, inboxOptions);
  const pushClaims = new PushClaims(db, jobs, inboxOptions);
  const pushHandlers = new PushHandlers();
  const dispatcher = new PushDispatcher(
    db,
    sealer,
    accounts,
    pushClaims,
    pushHandlers,
    jobs,
    log,
    metrics,
    ticks,
    inboxOptions,
  );
  const pushArchive = new PushArchive(db, ticks, metrics);
  const authorizers = authorizersByHand({
    db,
    sealer,
    clock,
    log,
    metrics,
    ticks,
    jobs,
    jobHandlers,
    componentApi,
    miniProgramApi,
    custody,
    news,
    dispatcher,
    pushHandlers,
    audit,
    events: new EventWriter(),
    options: authorizersOptions,
  });
  const { directory, lifecycle } = authorizers;

  const events = new EventWriter();
  const ledger = new DomainLedger({ snapshotIntervalMs: settings.snapshotIntervalMs }, events);
  const history = new DomainHistory();
  const snapshots = new DomainSnapshots(db, clock, log, ledger, history, authorizerTokens, miniProgramApi, lifecycle);
  const ledgerOptions = new LedgerOptions({
    snapshotIntervalMs: settings.snapshotIntervalMs,
    concurrency: settings.wechat.maxConcurrency,
    retention: settings.retention,
  });
  const sweeps = new DomainSweeps(
    db,
    clock,
    log,
    metrics,
    ticks,
    ledger,
    authorizerTokens,
    miniProgramApi,
    lifecycle,
    accounts,
    ledgerOptions,
    events,
  );
  const platformLists = new PlatformLists(db, custody.componentTokens, componentApi, events);
  const apiIps = apiIpsByHand({
    db,
    log,
    metrics,
    settings,
    audit,
    accounts,
    tokens: custody.componentTokens,
    transport,
  });

  const platformListRefresh = new PlatformListRefresh(platformLists, accounts, ticks, log, ledgerOptions);
  const principalLimits = new PrincipalLimits(db, events, accounts, ticks, log);
  const retention = new DomainRetention(db);
  const retentionSchedule = new RetentionSchedule(db, retention, accounts, audit, ticks, ledgerOptions);
  const sealedTables = new SealedTables().add(inboxSealedTables).add(authorizersSealedTables).add(eventsSealedTables);
  const masterKeys = new MasterKeyRegister(db, parts.masterKeys, sealedTables, log);
  const rotation = new MasterKeyRotation(db, sealer, parts.masterKeys, sealedTables, log);
  const keyRotations = new KeyRotations(
    db,
    rotation,
    parts.masterKeys,
    log,
    metrics,
    new CustodyOptions(),
    new Ticks(settings, log),
  );
  new FirstSnapshots(jobHandlers, accounts, directory, snapshots, authorizers.firstLooks);

  const services: HubServices = {
    settings,
    urls,
    log,
    metrics,
    clockCheck,
    db,
    keys,
    users,
    firstOperator: new FirstOperator(db, sealer, users, audit),
    passwords: parts.passwords,
    sessions,
    audit,
    auditChain,
    accounts,
    authorizerTokens,
    ticketGuard: custody.ticketGuard,
    inbox,
    dispatcher,
    pushArchive,
    refusedPushes,
    missedPushes,
    merchants: authorizers.merchants,
    links: authorizers.links,
    lifecycle,
    directory,
    reconcile: authorizers.reconcile,
    snapshots,
    history,
    observationTimes: new ObservationTimes(),
    sweeps,
    fleet: {
      coverage: new DomainCoverage(),
      drift: new DomainDrift(),
      changes: new DomainChanges(),
      gauges: new DomainGaugeReader(platformLists),
      overview: new PlatformOverview({ snapshotIntervalMs: settings.snapshotIntervalMs }),
      changeGroups: new ChangeGroups(),
      spread: new DomainSpread(),
      assertions: new DomainAssertions(),
    },
    platformLists,
    apiIps,
    quota,
    quotaReset: new QuotaReset(db, log, componentApi, quota),
    retention,
    masterKeys,
    keyRotations,
    scheduleRetention: () => retentionSchedule.schedule(),
    refreshPlatformLists: () => platformListRefresh.refresh(),
    checkPrincipalLimits: () => principalLimits.checkAll(),
    prune: async () => {
      while ((await prunePushes(db)) >= 5000);
      await pruneAuthorizations(db);
      await sessions.prune();
      await auditRetention.work();
    },
  };
  return { services, custody, quota, transport, jobHandlers };
}
