import { Module } from '@nestjs/common';
import { Settings } from '#libs/kernel';
import { ApiIpApi } from './api-ip-api.ts';
import { ComponentApi } from './component-api.ts';
import { MiniProgramApi } from './mini-program-api.ts';
import { WechatOptions, WechatTransport } from './transport.ts';

/** The client of WeChat's API. `QuotaModule` puts its gate before the transport. */
@Module({
  providers: [
    {
      provide: WechatOptions,
      useFactory: ({ wechat }: Settings): WechatOptions =>
        Object.assign(new WechatOptions(), {
          baseUrl: wechat.apiUrl,
          timeoutMs: wechat.timeoutMs,
          maxConcurrency: wechat.maxConcurrency,
        }),
      inject: [Settings],
    },
    WechatTransport,
    ComponentApi,
    MiniProgramApi,
    ApiIpApi,
  ],
  exports: [WechatTransport, ComponentApi, MiniProgramApi, ApiIpApi],
})
export class WechatModule {}
