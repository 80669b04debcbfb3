import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { CustodyModule } from '#libs/custody';
import { EventsModule } from '#libs/events';
import { InboxModule } from '#libs/inbox';
import { JobsModule } from '#libs/jobs';
import { SealedTables, Settings } from '#libs/kernel';
import { WechatModule } from '#libs/wechat';
import { AccountFacts } from './accounts/account-facts.ts';
import { AuthorizerRefs } from './accounts/authorizer-refs.ts';
import { AuthorizerStore } from './accounts/authorizer-store.ts';
import { AccountErasure } from './accounts/account-erasure.ts';
import { AuthorizerDirectory } from './accounts/directory.ts';
import { FirstLooks } from './accounts/first-looks.ts';
import { AuthorizationCalls } from './authorizations/authorization-calls.ts';
import { AuthorizationCodes, authorizersSealedTables } from './authorizations/authorization-codes.ts';
import { AuthorizationPushes } from './authorizations/authorization-pushes.ts';
import { CodeExchange } from './authorizations/code-exchange.ts';
import { AuthorizerLifecycle } from './authorizations/lifecycle.ts';
import { PublicationCheck } from './authorizations/publication-check.ts';
import { AuthorizerJobs } from './authorizer-jobs.ts';
import { AuthorizersOptions } from './authorizers-options.ts';
import { DetailsReading } from './details/details.ts';
import { AuthorizerVerification } from './details/verification.ts';
import { AuthorizationLinks } from './links/authorization-links.ts';
import { Merchants } from './merchants/merchants.ts';
import { ReconciliationAlarm } from './reconciliation/reconcile-alarm.ts';
import { ReconciliationPages } from './reconciliation/reconcile-page.ts';
import { ReconciliationStore } from './reconciliation/reconcile-store.ts';
import { AuthorizerReconcile } from './reconciliation/reconcile.ts';

/**
 * The accounts that authorized a platform: authorizations, links, merchants, details, and the comparison with WeChat's list.
 * A hub that listens on port 0 sets `AuthorizersOptions.publicUrl` once it knows its port.
 */
@Module({
  imports: [AccessModule, CustodyModule, EventsModule, InboxModule, JobsModule, WechatModule],
  providers: [
    {
      provide: AuthorizersOptions,
      useFactory: ({ http, wechat }: Settings) =>
        Object.assign(new AuthorizersOptions(), {
          publicUrl: () => http.publicUrl,
          returnUrlHosts: http.returnUrlHosts,
          wechatPagesUrl: wechat.pagesUrl,
          // An exchange makes three calls at most.
          exchangeLeaseSeconds: Math.ceil(wechat.timeoutMs / 1000) * 3 + 5,
        }),
      inject: [Settings],
    },
    AccountFacts,
    AuthorizationCalls,
    AuthorizationCodes,
    AuthorizationLinks,
    AuthorizationPushes,
    AccountErasure,
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
  exports: [
    AuthorizationLinks,
    AccountErasure,
    AuthorizerDirectory,
    AuthorizerLifecycle,
    AuthorizerReconcile,
    AuthorizersOptions,
    FirstLooks,
    Merchants,
  ],
})
export class AuthorizersModule {
  constructor(sealedTables: SealedTables) {
    sealedTables.add(authorizersSealedTables);
  }
}
