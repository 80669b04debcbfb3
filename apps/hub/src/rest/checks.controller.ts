import { Controller } from '@nestjs/common';
import type { PlatformChecksView } from '#libs/contract';
import { PlatformChecks } from '#libs/doctor';
import { By, Endpoint } from '../http/endpoint.ts';
import type { PlatformCaller } from '../http/endpoint.ts';
import { PublicUrls } from '../public-urls.ts';
import { assertWholePlatform } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class ChecksController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly checks: PlatformChecks,
    private readonly urls: PublicUrls,
  ) {}

  @Endpoint('getChecks')
  get(@By() by: PlatformCaller): Promise<PlatformChecksView> {
    assertWholePlatform(by);
    return this.scope.read(by, (sql) => this.checks.latest(sql, by.platform.platformId));
  }

  @Endpoint('runChecks')
  async run(@By() by: PlatformCaller): Promise<PlatformChecksView> {
    assertWholePlatform(by);
    await this.checks.run(by.platform, this.urls.base);
    return this.get(by);
  }
}
