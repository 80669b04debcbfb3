import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { CustodyModule } from '#libs/custody';
import { EventsModule } from '#libs/events';
import { Settings } from '#libs/kernel';
import { WechatModule } from '#libs/wechat';
import { ApiIps } from './api-ips.ts';
import { IpCandidates } from './brake/ip-candidates.ts';
import { IpFetches } from './fetch/ip-fetches.ts';
import { IpSource } from './fetch/ip-source.ts';
import { ApiIpHistory, ApiIpOptions } from './history/api-ip-history.ts';

/** WeChat's own addresses: fetched on schedule, with their history, and held where they look like a mistake. */
@Module({
  imports: [AccessModule, CustodyModule, EventsModule, WechatModule],
  providers: [
    {
      provide: ApiIpOptions,
      useFactory: ({ apiIpIntervalMs: intervalMs }: Settings) => Object.assign(new ApiIpOptions(), { intervalMs }),
      inject: [Settings],
    },
    ApiIpHistory,
    IpCandidates,
    IpFetches,
    IpSource,
    ApiIps,
  ],
  exports: [ApiIps],
})
export class ApiIpLedgerModule {}
