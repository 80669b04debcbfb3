import type { AuditTrail } from '#libs/access';
import {
  AccountFacts,
  AuthorizationCalls,
  AuthorizationCodes,
  AuthorizationLinks,
  AuthorizationPushes,
  AuthorizerDirectory,
  AuthorizerJobs,
  AuthorizerLifecycle,
  AuthorizerReconcile,
  AuthorizerRefs,
  AuthorizerStore,
  AuthorizerVerification,
  CodeExchange,
  DetailsReading,
  FirstLooks,
  Merchants,
  PublicationCheck,
  ReconciliationAlarm,
  ReconciliationPages,
  ReconciliationStore,
  type AuthorizersOptions,
} from '#libs/authorizers';
import type { Custody, TokenInvalidationChannel } from '#libs/custody';
import type { EventWriter } from '#libs/events';
import type { PushDispatcher, PushHandlers } from '#libs/inbox';
import type { JobHandlers, JobQueue } from '#libs/jobs';
import type { Clock, Database, Log, Metrics, Sealer, Ticks } from '#libs/kernel';
import type { ComponentApi, MiniProgramApi } from '#libs/wechat';

export interface AuthorizersByHand {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  ticks: Ticks;
  jobs: JobQueue;
  jobHandlers: JobHandlers;
  componentApi: ComponentApi;
  miniProgramApi: MiniProgramApi;
  custody: Custody;
  news: TokenInvalidationChannel;
  dispatcher: PushDispatcher;
  pushHandlers: PushHandlers;
  audit: AuditTrail;
  events: EventWriter;
  options: AuthorizersOptions;
}

/** What `AuthorizersModule` does, until the hub is made of modules. */
export function authorizersByHand(parts: AuthorizersByHand) {
  const { db, sealer, clock, log, metrics, ticks, jobs, jobHandlers, news, options } = parts;
  const { accounts, authorizerTokens: tokens, componentTokens } = parts.custody;
  const facts = new AccountFacts(parts.audit, parts.events);
  const store = new AuthorizerStore(news, facts);
  const refs = new AuthorizerRefs(db, clock, news);
  const directory = new AuthorizerDirectory(refs, store, facts);
  const calls = new AuthorizationCalls(parts.componentApi, componentTokens);
  const codes = new AuthorizationCodes(db, sealer, ticks);
  const links = new AuthorizationLinks(db, clock, calls, facts, options);
  const firstLooks = new FirstLooks(db, jobs, log);
  const verification = new AuthorizerVerification(db, calls, store, tokens, firstLooks, log);
  const details = new DetailsReading(db, verification, jobs, log);
  const runs = new ReconciliationStore(options);
  const pages = new ReconciliationPages(db, store, facts, runs, tokens, verification, jobs, log);
  const alarm = new ReconciliationAlarm(db, clock, accounts, metrics);
  const reconcile = new AuthorizerReconcile(
    db,
    calls,
    accounts,
    runs,
    pages,
    verification,
    alarm,
    parts.events,
    jobs,
    log,
    metrics,
    options,
    ticks,
  );
  const exchange = new CodeExchange(db, calls, codes, store, links, tokens, reconcile, jobs, log, options);
  const lifecycle = new AuthorizerLifecycle(
    db,
    store,
    codes,
    links,
    exchange,
    verification,
    tokens,
    jobs,
    log,
    options,
  );
  const check = new PublicationCheck(lifecycle, tokens, parts.miniProgramApi);
  new AuthorizationPushes(lifecycle, check, parts.pushHandlers, parts.dispatcher, jobHandlers);
  new AuthorizerJobs(accounts, lifecycle, details, reconcile, jobHandlers);
  return { merchants: new Merchants(store, facts), links, lifecycle, directory, refs, reconcile, firstLooks };
}
