import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DomainGaugeReader, PlatformOverview } from '#libs/domain-ledger';
import { By, Endpoint } from '../http/endpoint.ts';
import type { PlatformCaller } from '../http/endpoint.ts';
import { fleetScopeOf } from './fleet-scope.ts';
import { PlatformScope } from './platform-scope.ts';

/** The fleet of a platform in numbers, limited to the merchants of the key. */
@Controller()
export class OverviewController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly gauges: DomainGaugeReader,
    private readonly overview: PlatformOverview,
  ) {}

  @Endpoint('getDomainGauges')
  getGauges(@By() by: PlatformCaller, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.scope.fleet(by, reply)((sql) => this.gauges.read(sql, fleetScopeOf(by)));
  }

  @Endpoint('getPlatformOverview')
  getOverview(@By() by: PlatformCaller, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.scope.fleet(by, reply)((sql) => this.overview.read(sql, fleetScopeOf(by)));
  }
}
