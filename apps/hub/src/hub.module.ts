import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { IdempotencyKeys, IdempotencyOptions } from '#libs/access';
import { EventsModule } from '#libs/events';
import { Settings } from '#libs/kernel';
import { AccessTokensController } from './rest/access-tokens.controller.ts';
import { ApiKeysController } from './rest/api-keys.controller.ts';
import { AuditEventsController } from './rest/audit-events.controller.ts';
import { AuthorizationLinksController } from './rest/authorization-links.controller.ts';
import { AuthorizersController } from './rest/authorizers.controller.ts';
import { DomainAssertionsController } from './rest/domain-assertions.controller.ts';
import { DomainChangesController } from './rest/domain-changes.controller.ts';
import { DomainFleetController } from './rest/domain-fleet.controller.ts';
import { EventsController } from './rest/events.controller.ts';
import { MasterKeysController } from './rest/master-keys.controller.ts';
import { MerchantsController } from './rest/merchants.controller.ts';
import { PlatformsController } from './rest/platforms.controller.ts';
import { PushesController } from './rest/pushes.controller.ts';
import { QuotaController } from './rest/quota.controller.ts';
import { ReconciliationsController } from './rest/reconciliations.controller.ts';
import { RelaysController } from './rest/relays.controller.ts';
import { RetentionController } from './rest/retention.controller.ts';
import { SessionsController } from './rest/sessions.controller.ts';
import { SignUpsController } from './rest/sign-ups.controller.ts';
import { SnapshotsController } from './rest/snapshots.controller.ts';
import { SweepsController } from './rest/sweeps.controller.ts';
import { UsersController } from './rest/users.controller.ts';
import { WebhooksController } from './rest/webhooks.controller.ts';
import { WechatIpsController } from './rest/wechat-ips.controller.ts';
import { ConsoleController } from './ops/console.controller.ts';
import { DocsController } from './ops/docs.controller.ts';
import { HealthController } from './ops/health.controller.ts';
import { MetricsController } from './ops/metrics.controller.ts';
import { MetricsPage } from './ops/metrics-page.ts';
import { MetricsServer } from './ops/metrics-server.ts';
import { Readiness } from './ops/readiness.ts';
import { Admission, AdmissionOptions } from './http/admission/admission.ts';
import { ApiServerHooks } from './http/api-server-hooks.ts';
import { Authenticator } from './http/auth/authenticator.ts';
import { PlatformResolver } from './http/auth/platform-resolver.ts';
import { PlatformScope } from './rest/platform-scope.ts';
import { TokenHandOut } from './rest/token-hand-out.ts';
import { Schedules } from './schedules.ts';
import { EventStreams } from './http/event-streams.ts';
import { HubKernel, type HubKernelParts } from './hub-kernel.ts';
import { HUB, type HubServices } from './services.ts';
import { WechatCallbacksController } from './wechat-callbacks.controller.ts';

const API: Type[] = [
  AccessTokensController,
  ApiKeysController,
  AuditEventsController,
  AuthorizationLinksController,
  AuthorizersController,
  ConsoleController,
  DocsController,
  DomainAssertionsController,
  DomainChangesController,
  DomainFleetController,
  EventsController,
  MasterKeysController,
  MerchantsController,
  PlatformsController,
  PushesController,
  QuotaController,
  ReconciliationsController,
  RelaysController,
  RetentionController,
  SessionsController,
  SignUpsController,
  SnapshotsController,
  SweepsController,
  UsersController,
  WechatCallbacksController,
  WebhooksController,
  WechatIpsController,
];

/** The Nest skin: controllers for the api role, timers for the worker role, health and metrics for both. */
export class HubModule {
  static with(services: HubServices, parts: HubKernelParts): DynamicModule {
    const { roles } = services.settings;
    const isWorker = roles.has('worker');
    return {
      module: HubModule,
      imports: [HubKernel.with(services, parts), EventsModule, ...(isWorker ? [ScheduleModule.forRoot()] : [])],
      controllers: [HealthController, MetricsController, ...(roles.has('api') ? API : [])],
      providers: [
        { provide: HUB, useValue: services },
        ...wiredByHand(services),
        {
          provide: AdmissionOptions,
          useFactory: ({ http }: Settings): AdmissionOptions => ({
            perKey: http.rateLimitPerKey,
            perPlatform: http.rateLimitPerPlatform,
          }),
          inject: [Settings],
        },
        Admission,
        ApiServerHooks,
        Authenticator,
        PlatformResolver,
        PlatformScope,
        TokenHandOut,
        IdempotencyKeys,
        IdempotencyOptions,
        EventStreams,
        Readiness,
        MetricsPage,
        MetricsServer,
        ...(isWorker ? [Schedules] : []),
      ],
    };
  }
}

/** Services of capabilities that are still wired by hand, each under its class. */
function wiredByHand({ fleet, ...services }: HubServices): Provider[] {
  const values: unknown[] = Object.values(services);
  return values.concat(Object.values(fleet)).flatMap((value): Provider[] => {
    if (typeof value !== 'object' || value === null || value.constructor === Object) return [];
    return [{ provide: value.constructor as Type, useValue: value }];
  });
}
