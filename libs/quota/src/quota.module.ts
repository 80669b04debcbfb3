import { Module } from '@nestjs/common';
import { EventsModule } from '#libs/events';
import { WechatModule, WechatTransport } from '#libs/wechat';
import { CallQuota, QuotaOptions } from './call-quota.ts';
import { QuotaReset } from './quota-reset.ts';

/** Counts the calls to WeChat and holds back those that WeChat would refuse. Importing it guards the transport. */
@Module({
  imports: [EventsModule, WechatModule],
  providers: [{ provide: QuotaOptions, useFactory: () => new QuotaOptions() }, CallQuota, QuotaReset],
  exports: [CallQuota, QuotaReset],
})
export class QuotaModule {
  /** The transport knows no quota: this module is above it, and puts its gate there. */
  constructor(transport: WechatTransport, quota: CallQuota) {
    transport.guardWith(quota);
  }
}
