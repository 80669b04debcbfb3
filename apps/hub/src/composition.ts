import { z } from 'zod';
import { ApiKeys, AuditChain, AuditTrail, ConsoleUsers, LoginThrottle, Sessions, type Passwords } from '#libs/access';
import { ApiIps } from '#libs/api-ip-ledger';
import { assembleAuthorizers, authorizersSealedTables, pruneAuthorizations } from '#libs/authorizers';
import { Custody, KeyRotations, MasterKeyRegister, MasterKeyRotation, custodySealedTables } from '#libs/custody';
import {
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainDrift,
  DomainGaugeReader,
  DomainHistory,
  DomainLedger,
  DomainRetention,
  DomainSnapshots,
  DomainSweeps,
  PlatformLists,
} from '#libs/domain-ledger';
import {
  PUBLICATION_CHECK,
  PublicationCheck,
  PushDispatcher,
  PushInbox,
  drainPushes,
  inboxSealedTables,
  prunePushes,
  pushBacklog,
  type PushHandlers,
} from '#libs/inbox';
import { JobHandlers, JobQueue, defineJob, handleJob } from '#libs/jobs';
import {
  AppError,
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
import { ApiIpApi, ComponentApi, MiniProgramApi, WechatTransport } from '#libs/wechat';
import { PublicUrls } from './public-urls.ts';
import type { HubServices } from './services.ts';

const DAY_MS = 86_400_000;
/** Thinning reads every history of a platform; what became old meanwhile is not urgent. */
const RETENTION_EVERY_MS = 7 * DAY_MS;

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

/** The first look at the domains of a mini program, soon after it authorized. */
const firstSnapshot = defineJob(
  'domains.first_snapshot',
  z.strictObject({ platformId: z.number().int(), authorizerAppid: z.string() }),
);
/** What the record says against a look; it is looked at again when that changes. */
const NOT_NOW = new Set([
  'permission_set_missing',
  'authorizer_not_authorized',
  'reauthorization_required',
  'not_found',
]);

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
  const sessions = new Sessions(db, clock, log, loginThrottle, parts.passwords, audit, new Ticks(settings, log));

  const quota = new CallQuota(db, clock, log, metrics, new QuotaOptions());
  const transport = new WechatTransport(
    {
      baseUrl: settings.wechat.apiUrl,
      timeoutMs: settings.wechat.timeoutMs,
      maxConcurrency: settings.wechat.maxConcurrency,
    },
    clock,
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
    leaseSeconds: callSeconds * 3 + 5,
    jobs,
  });
  const { accounts, authorizerTokens } = custody;
  const platformOf = (platformId: number) => accounts.refOf(platformId);

  const authorizers = assembleAuthorizers({
    db,
    sealer,
    clock,
    log,
    metrics,
    jobs,
    api: componentApi,
    componentTokens: custody.componentTokens,
    tokens: authorizerTokens,
    news: custody.news,
    platformOf,
    returnUrls: {
      publicUrl: () => urls.base,
      ...(settings.http.returnUrlHosts ? { allowedHosts: settings.http.returnUrlHosts } : {}),
    },
    exchangeLeaseSeconds: callSeconds * 3 + 5,
    hooks: {
      onAuthorized: async (sql, platformId, _authorizerId, authorizerAppid, hasSet18) => {
        if (!hasSet18) return;
        const payload = { platformId, authorizerAppid };
        const jobKey = `first-snapshot:${platformId}:${authorizerAppid}`;
        await jobs.add(sql, firstSnapshot, payload, { jobKey, maxAttempts: 8 });
      },
    },
  });
  const { directory, lifecycle } = authorizers;

  const handlers: PushHandlers = {
    authorized: (push, platform) => lifecycle.apply(push, platform),
    updateauthorized: (push, platform) => lifecycle.apply(push, platform),
    unauthorized: (push, platform) => lifecycle.apply(push, platform),
    [PUBLICATION_CHECK]: (push, platform) =>
      new PublicationCheck({
        exchange: (of, code, authorizerAppid) => lifecycle.exchangeMessageCode(of, code, authorizerAppid),
        tokens: authorizerTokens,
        send: (token, { authorizerAppid, ...message }) =>
          miniProgramApi.sendCustomMessage(
            { componentAppid: platform.componentAppid, authorizerAppid, priority: 'interactive' },
            token,
            message,
          ),
      }).apply(push, platform),
  };
  const inbox = new PushInbox({ db, accounts, tickets: custody.tickets, jobs, sealer, log, metrics });
  const dispatcher = new PushDispatcher({
    db,
    sealer,
    jobs,
    handlers,
    platformOf,
    log,
    metrics,
    // Handling a push makes four calls at most (a component token, the code, the account, once more after a lost reply);
    // what a killed process held is free after that.
    leaseSeconds: callSeconds * 4 + 5,
  });

  const ledger = new DomainLedger({ snapshotIntervalMs: settings.snapshotIntervalMs });
  const history = new DomainHistory();
  const snapshots = new DomainSnapshots({
    db,
    clock,
    log,
    ledger,
    history,
    tokens: authorizerTokens,
    api: miniProgramApi,
    authorizers: lifecycle,
  });
  const sweeps = new DomainSweeps({
    db,
    clock,
    log,
    metrics,
    ledger,
    tokens: authorizerTokens,
    api: miniProgramApi,
    authorizers: lifecycle,
    platforms: () => accounts.refs(),
    snapshotIntervalMs: settings.snapshotIntervalMs,
    concurrency: settings.wechat.maxConcurrency,
  });
  const platformLists = new PlatformLists({ db, tokens: custody.componentTokens, api: componentApi });
  const apiIps = new ApiIps({
    db,
    log,
    metrics,
    platforms: () => accounts.refs(),
    tokens: custody.componentTokens,
    api: new ApiIpApi(transport),
    intervalMs: settings.apiIpIntervalMs,
  });

  const retention = new DomainRetention(db);
  const sealedTables = [...custodySealedTables, ...inboxSealedTables, ...authorizersSealedTables];
  const masterKeys = new MasterKeyRegister(db, parts.masterKeys, sealedTables, log);
  const { encryptId } = parts.masterKeys;
  const keyRotations = new KeyRotations({
    db,
    rotation: new MasterKeyRotation(db, sealer, encryptId, sealedTables, log),
    encryptsWith: encryptId,
    log,
    metrics,
  });
  showPushBacklog(metrics, db);

  const jobHandlers = new JobHandlers();
  jobHandlers.add(
    ...authorizers.jobHandlers,
    handleJob(drainPushes, async ({ platformId, authorizerAppid }, { signal }) => {
      await dispatcher.drain(platformId, authorizerAppid, { signal });
    }),
    handleJob(firstSnapshot, async ({ platformId, authorizerAppid }, { signal }) => {
      const platform = await platformOf(platformId);
      const ref = platform && (await directory.ref(platform, authorizerAppid));
      if (!platform || !ref) return;
      try {
        await snapshots.take(platform, { ...ref, authorizerAppid }, { priority: 'background', signal });
      } catch (error) {
        if (!(error instanceof AppError && NOT_NOW.has(error.code))) throw error;
      }
    }),
  );

  const services: HubServices = {
    settings,
    urls,
    log,
    metrics,
    db,
    keys,
    users: new ConsoleUsers(),
    passwords: parts.passwords,
    sessions,
    audit,
    auditChain,
    accounts,
    authorizerTokens,
    ticketGuard: custody.ticketGuard,
    inbox,
    dispatcher,
    merchants: authorizers.merchants,
    links: authorizers.links,
    lifecycle,
    directory,
    reconcile: authorizers.reconcile,
    snapshots,
    history,
    sweeps,
    fleet: {
      coverage: new DomainCoverage(),
      drift: new DomainDrift(),
      changes: new DomainChanges(),
      gauges: new DomainGaugeReader(platformLists),
      assertions: new DomainAssertions(),
    },
    platformLists,
    apiIps,
    quota,
    quotaReset: new QuotaReset(db, log, componentApi, quota),
    retention,
    masterKeys,
    keyRotations,
    scheduleRetention: async () => {
      const policy = settings.retention;
      if (!policy) return;
      for (const platform of await retention.due(await accounts.refs(), RETENTION_EVERY_MS)) {
        await db.transaction(async (sql) => {
          const { id, isNew } = await retention.request(sql, platform.platformId, policy, 'system');
          if (!isNew) return;
          await audit.record(sql, {
            platformId: platform.platformId,
            actor: 'system',
            action: 'retention.started',
            subject: `retention_run:${id}`,
            detail: { ...policy },
          });
        });
      }
    },
    refreshPlatformLists: async () => {
      await platformLists.ensureFresh(await accounts.refs(), settings.snapshotIntervalMs, (platform, error) => {
        log.warn('platform_list.fetch_failed', { component_appid: platform.componentAppid, error });
      });
    },
    prune: async () => {
      while ((await prunePushes(db)) >= 5000);
      await pruneAuthorizations(db);
      await sessions.prune();
    },
    unready: () => whyUnready(db),
  };
  return { services, custody, quota, transport, jobHandlers };
}

/** Asked at every reading; a database that is away leaves what was last known. */
function showPushBacklog(metrics: Metrics, db: Database): void {
  const oldest = metrics.gauge('wxfleet_push_oldest_pending_seconds', 'For how long the oldest push has waited');
  metrics.gauge(
    'wxfleet_push_backlog',
    'Pushes that wait (pending) or were given up (failed)',
    ['state'],
    async (gauge) => {
      const backlog = await pushBacklog(db).catch(() => null);
      if (!backlog) return;
      gauge.set({ state: 'pending' }, backlog.pending);
      gauge.set({ state: 'failed' }, backlog.failed);
      oldest.set(backlog.oldestSeconds);
    },
  );
}

/** A database that does not answer soon is no database. */
async function whyUnready(db: Database): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('the database does not answer'), 2000);
  });
  try {
    return await Promise.race([db.query('SELECT 1').then(() => null), late]);
  } catch {
    return 'the database cannot be reached';
  } finally {
    clearTimeout(timer);
  }
}
