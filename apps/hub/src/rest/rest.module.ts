import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { ApiIpLedgerModule } from '#libs/api-ip-ledger';
import { AuthorizersModule } from '#libs/authorizers';
import { CustodyModule } from '#libs/custody';
import { DoctorModule } from '#libs/doctor';
import { DomainLedgerModule } from '#libs/domain-ledger';
import { EventsModule } from '#libs/events';
import { InboxModule } from '#libs/inbox';
import { QuotaModule } from '#libs/quota';
import { HttpModule } from '../http/http.module.ts';
import { MerchantPagesController } from '../merchant-pages.controller.ts';
import { WechatPushesController } from '../wechat-pushes.controller.ts';
import { AccessTokensController } from './access-tokens.controller.ts';
import { AccountErasuresController } from './account-erasures.controller.ts';
import { ApiKeysController } from './api-keys.controller.ts';
import { AuditEventsController } from './audit-events.controller.ts';
import { AuthorizationLinksController } from './authorization-links.controller.ts';
import { AuthorizersController } from './authorizers.controller.ts';
import { ChecksController } from './checks.controller.ts';
import { DomainAssertionsController } from './domain-assertions.controller.ts';
import { DomainChangesController } from './domain-changes.controller.ts';
import { DomainFleetController } from './domain-fleet.controller.ts';
import { EventsController } from './events.controller.ts';
import { MasterKeysController } from './master-keys.controller.ts';
import { MerchantsController } from './merchants.controller.ts';
import { OverviewController } from './overview.controller.ts';
import { PlatformRemovalsController } from './platform-removals.controller.ts';
import { PlatformsController } from './platforms.controller.ts';
import { PushesController } from './pushes.controller.ts';
import { QuotaController } from './quota.controller.ts';
import { QuotaResetsController } from './quota-resets.controller.ts';
import { ReconciliationsController } from './reconciliations.controller.ts';
import { RelaysController } from './relays.controller.ts';
import { RetentionController } from './retention.controller.ts';
import { SessionsController } from './sessions.controller.ts';
import { SignUpsController } from './sign-ups.controller.ts';
import { SnapshotTakingController } from './snapshot-taking.controller.ts';
import { SnapshotsController } from './snapshots.controller.ts';
import { SweepsController } from './sweeps.controller.ts';
import { UsersController } from './users.controller.ts';
import { WebhooksController } from './webhooks.controller.ts';
import { WechatIpsController } from './wechat-ips.controller.ts';
import { AuthorizerViews } from './authorizer-views.ts';
import { CallerScope } from './caller-scope.ts';
import { PlatformScope } from './platform-scope.ts';
import { StaleSnapshots } from './stale-snapshots.ts';
import { TokenHandOut } from './token-hand-out.ts';

/** The API: one controller per resource, and the addresses that WeChat calls. */
@Module({
  imports: [
    HttpModule,
    AccessModule,
    ApiIpLedgerModule,
    AuthorizersModule,
    CustodyModule,
    DoctorModule,
    DomainLedgerModule,
    EventsModule,
    InboxModule,
    QuotaModule,
  ],
  controllers: [
    AccessTokensController,
    AccountErasuresController,
    ApiKeysController,
    AuditEventsController,
    AuthorizationLinksController,
    AuthorizersController,
    ChecksController,
    DomainAssertionsController,
    DomainChangesController,
    DomainFleetController,
    EventsController,
    MasterKeysController,
    MerchantPagesController,
    MerchantsController,
    OverviewController,
    PlatformRemovalsController,
    PlatformsController,
    PushesController,
    QuotaController,
    QuotaResetsController,
    ReconciliationsController,
    RelaysController,
    RetentionController,
    SessionsController,
    SignUpsController,
    SnapshotTakingController,
    SnapshotsController,
    SweepsController,
    UsersController,
    WebhooksController,
    WechatIpsController,
    WechatPushesController,
  ],
  providers: [AuthorizerViews, CallerScope, PlatformScope, StaleSnapshots, TokenHandOut],
})
export class RestModule {}
