import { Test, type TestingModule } from '@nestjs/testing';
import { AuditTrail } from '#libs/access';
import {
  AuthorizerTokens,
  ComponentAccounts,
  ComponentTickets,
  ComponentTokens,
  TokenInvalidationChannel,
  type Custody,
} from '#libs/custody';
import { EventWriter } from '#libs/events';
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
} from '#libs/inbox';
import { JobHandlers, JobQueue } from '#libs/jobs';
import { Clock, Database, Log, Metrics, Sealer, Settings, Ticks, loadSettings } from '#libs/kernel';
import { ComponentApi, MiniProgramApi } from '#libs/wechat';
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
  AuthorizersOptions,
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
} from '../src/index.ts';

export interface AssembleParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  api: ComponentApi;
  miniProgramApi: MiniProgramApi;
  custody: Custody;
  options?: Partial<AuthorizersOptions>;
}

/** Authorizers and inbox of one process, made by Nest around custody that a spec has made by hand. */
export async function assemble(parts: AssembleParts) {
  const { custody } = parts;
  const defaults = { publicUrl: () => 'https://hub.example', listPagePausesMs: [1, 1] };
  const module = await Test.createTestingModule({
    providers: [
      { provide: Database, useValue: parts.db },
      { provide: Sealer, useValue: parts.sealer },
      { provide: Clock, useValue: parts.clock },
      { provide: Log, useValue: parts.log },
      { provide: Metrics, useValue: parts.metrics },
      { provide: Settings, useValue: loadSettings({}).settings },
      { provide: Ticks, useValue: new Ticks(loadSettings({}).settings, parts.log) },
      { provide: ComponentApi, useValue: parts.api },
      { provide: MiniProgramApi, useValue: parts.miniProgramApi },
      { provide: ComponentAccounts, useValue: custody.accounts },
      { provide: ComponentTickets, useValue: custody.tickets },
      { provide: ComponentTokens, useValue: custody.componentTokens },
      { provide: AuthorizerTokens, useValue: custody.authorizerTokens },
      { provide: TokenInvalidationChannel, useValue: custody.channel },
      { provide: AuthorizersOptions, useValue: Object.assign(new AuthorizersOptions(), defaults, parts.options) },
      EarlyWithdrawals,
      InboxOptions,
      MissedPushes,
      RefusedPushes,
      JobHandlers,
      JobQueue,
      PushArchive,
      PushClaims,
      PushDispatcher,
      PushHandlers,
      PushInbox,
      PushStore,
      AccountFacts,
      EventWriter,
      { provide: AuditTrail, useValue: new AuditTrail(parts.db, parts.log) },
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
    ],
  }).compile();
  return assembled(module);
}

function assembled(module: TestingModule) {
  return {
    module,
    merchants: module.get(Merchants),
    links: module.get(AuthorizationLinks),
    lifecycle: module.get(AuthorizerLifecycle),
    directory: module.get(AuthorizerDirectory),
    refs: module.get(AuthorizerRefs),
    firstLooks: module.get(FirstLooks),
    reconcile: module.get(AuthorizerReconcile),
    inbox: module.get(PushInbox),
    jobHandlers: module.get(JobHandlers),
  };
}

export type Assembled = ReturnType<typeof assembled>;
