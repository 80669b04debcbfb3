import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessModule, PasswordCost, PasswordHashPool } from '#libs/access';
import { ApiIpLedgerModule } from '#libs/api-ip-ledger';
import { AuthorizersModule, AuthorizersOptions } from '#libs/authorizers';
import { CustodyModule } from '#libs/custody';
import { DoctorModule } from '#libs/doctor';
import { DomainLedgerModule } from '#libs/domain-ledger';
import { EventsModule } from '#libs/events';
import { InboxModule } from '#libs/inbox';
import { JobRunner, JobsModule } from '#libs/jobs';
import { KernelModule, Settings, Ticks, type KernelParts } from '#libs/kernel';
import { QuotaModule } from '#libs/quota';
import { WechatModule } from '#libs/wechat';
import { HttpModule } from './http/http.module.ts';
import { OpsModule } from './ops/ops.module.ts';
import { PagesModule } from './ops/pages.module.ts';
import { PublicUrls } from './public-urls.ts';
import { RestModule } from './rest/rest.module.ts';

export interface HubParts extends KernelParts {
  /** Specs log in often and have cheaper passwords; there is no setting for it. */
  passwords?: { cost: PasswordCost; pool: PasswordHashPool } | undefined;
}

/**
 * The hub: one module per capability, the API in the api role, timers and jobs in the worker role, health and metrics in both.
 *
 * A stop runs in this order, which `lifecycle-order.db.spec.ts` checks:
 * 1. `HttpListener` stops listening and lets the requests in progress end (`onModuleDestroy`).
 * 2. This module stops ticks and jobs (`beforeApplicationShutdown`).
 * 3. The capabilities write what is only in memory, each before those that it imports (`onApplicationShutdown`).
 * 4. The kernel closes the database (its `onApplicationShutdown`, which is the last).
 */
@Module({})
export class HubModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly settings: Settings,
    private readonly ticks: Ticks,
    private readonly jobs: JobRunner,
    urls: PublicUrls,
    authorizers: AuthorizersOptions,
  ) {
    authorizers.publicUrl = () => urls.base;
  }

  static with({ passwords, ...kernel }: HubParts): DynamicModule {
    const { roles } = kernel.settings;
    return {
      module: HubModule,
      imports: [
        KernelModule.forRoot(kernel),
        WechatModule,
        JobsModule,
        AccessModule,
        EventsModule,
        QuotaModule,
        CustodyModule,
        InboxModule,
        AuthorizersModule,
        DomainLedgerModule,
        ApiIpLedgerModule,
        DoctorModule,
        HttpModule,
        OpsModule,
        ...(roles.has('api') ? [RestModule, PagesModule] : []),
        ...(roles.has('worker') ? [ScheduleModule.forRoot()] : []),
        ...(passwords ? [passwordsModule(passwords)] : []),
      ],
    };
  }

  /** Every handler has been added by now. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.roles.has('worker')) await this.jobs.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.ticks.stop(), this.jobs.stop()]);
  }
}

class PasswordsModule {}

function passwordsModule({ cost, pool }: NonNullable<HubParts['passwords']>): DynamicModule {
  return {
    module: PasswordsModule,
    global: true,
    providers: [
      { provide: PasswordCost, useValue: cost },
      { provide: PasswordHashPool, useValue: pool },
    ],
    exports: [PasswordCost, PasswordHashPool],
  };
}
