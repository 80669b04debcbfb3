import { Test } from '@nestjs/testing';
import {
  AuthorizerTokens,
  ComponentAccounts,
  ComponentTickets,
  ComponentTokens,
  CustodyOptions,
  TokenInvalidationChannel,
} from '#libs/custody';
import { InboxOptions, PushInbox } from '#libs/inbox';
import { JobHandlers } from '#libs/jobs';
import type { Database, KeyRing, Log, Metrics } from '#libs/kernel';
import { QuotaModule } from '#libs/quota';
import { EmptyModule, servicesOf, testKernel, type ServicesOf } from '#libs/testing';
import { WechatTransport } from '#libs/wechat';
import {
  AuthorizationLinks,
  AuthorizerDirectory,
  AuthorizerLifecycle,
  AuthorizerReconcile,
  AuthorizerRefs,
  AuthorizersModule,
  AuthorizersOptions,
  FirstLooks,
  Merchants,
} from '../src/index.ts';

const CUSTODY = {
  accounts: ComponentAccounts,
  authorizerTokens: AuthorizerTokens,
  channel: TokenInvalidationChannel,
  componentTokens: ComponentTokens,
  tickets: ComponentTickets,
};

const AUTHORIZERS = {
  directory: AuthorizerDirectory,
  firstLooks: FirstLooks,
  inbox: PushInbox,
  jobHandlers: JobHandlers,
  lifecycle: AuthorizerLifecycle,
  links: AuthorizationLinks,
  merchants: Merchants,
  reconcile: AuthorizerReconcile,
  refs: AuthorizerRefs,
};

export interface AssembleParts {
  db: Database;
  masterKeys: KeyRing;
  log: Log;
  metrics: Metrics;
  transport: WechatTransport;
  options?: Partial<AuthorizersOptions> | undefined;
}

/** Authorizers, inbox and custody of one process; not initialised as an application, so that nothing ticks. */
export interface Assembled {
  authorizers: ServicesOf<typeof AUTHORIZERS>;
  custody: ServicesOf<typeof CUSTODY>;
  /** Writes pending results, and ends. */
  stop: () => Promise<void>;
}

export async function assemble({
  db,
  masterKeys,
  log,
  metrics,
  transport,
  options,
}: AssembleParts): Promise<Assembled> {
  const defaults = { publicUrl: () => 'https://hub.example', listPagePausesMs: [1, 1] };
  const module = await Test.createTestingModule({
    imports: [testKernel({ db }, { masterKeys, log, metrics }), AuthorizersModule],
  })
    .overrideModule(QuotaModule)
    .useModule(EmptyModule)
    .overrideProvider(WechatTransport)
    .useValue(transport)
    .overrideProvider(CustodyOptions)
    .useValue(new CustodyOptions())
    .overrideProvider(InboxOptions)
    .useValue(new InboxOptions())
    .overrideProvider(AuthorizersOptions)
    .useValue(Object.assign(new AuthorizersOptions(), defaults, options))
    .compile();
  const custody = servicesOf(module, CUSTODY);
  await custody.channel.start();
  return {
    authorizers: servicesOf(module, AUTHORIZERS),
    custody,
    async stop() {
      await custody.authorizerTokens.stop();
      await custody.channel.stop();
    },
  };
}
