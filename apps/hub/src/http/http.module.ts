import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { CustodyModule } from '#libs/custody';
import { Settings } from '#libs/kernel';
import { PublicUrls } from '../public-urls.ts';
import { Admission, AdmissionOptions } from './admission/admission.ts';
import { ApiServerHooks } from './api-server-hooks.ts';
import { Authenticator } from './auth/authenticator.ts';
import { LoginCookies } from './auth/login-cookies.ts';
import { PlatformResolver } from './auth/platform-resolver.ts';
import { EventStreams } from './event-streams.ts';
import { HttpListener } from './http-listener.ts';

/** What every request passes before its controller: authentication, admission, the platform in its path. */
@Module({
  imports: [AccessModule, CustodyModule],
  providers: [
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
    LoginCookies,
    EventStreams,
    HttpListener,
    PlatformResolver,
    PublicUrls,
  ],
  exports: [Admission, LoginCookies, EventStreams, PublicUrls],
})
export class HttpModule {}
