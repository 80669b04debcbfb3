import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CoverageItemView } from '#libs/contract';
import { DomainCoverage, DomainDrift, DomainSpread, type CoverageCounts } from '#libs/domain-ledger';
import type { Sql } from '#libs/kernel';
import { streamCsv, wantsCsv } from '../http/encoding/csv.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { fleetScopeOf } from './fleet-scope.ts';
import { PlatformScope, SMALL_ROWS, type Portion } from './platform-scope.ts';

const COVERAGE_COLUMNS: Record<keyof CoverageItemView, (item: CoverageItemView) => unknown> = {
  authorizer_appid: (item) => item.authorizer_appid,
  merchant_id: (item) => item.merchant_id,
  verdict: (item) => item.verdict,
  reason: (item) => item.reason?.code ?? null,
  observed_at: (item) => item.observed_at,
};
/** Queries over all mini programs of a platform, limited to the merchants of the key. */
@Controller()
export class DomainFleetController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly coverage: DomainCoverage,
    private readonly drift: DomainDrift,
    private readonly spread: DomainSpread,
  ) {}

  @Endpoint('getDomainCoverage')
  getCoverage(
    @Input() { query }: In<'getDomainCoverage'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    // A table of any length is counted once, with its first page.
    let counts: CoverageCounts | undefined;
    const read = async (sql: Sql, page: Portion | typeof query) =>
      (counts = await this.coverage.page(sql, fleetScopeOf(by), query, page, counts));
    const fleet = this.scope.fleet(by, reply);
    if (!wantsCsv(request)) return fleet((sql) => read(sql, query));
    return streamCsv(reply, COVERAGE_COLUMNS, this.scope.table(by, query.cursor, read, fleet, SMALL_ROWS));
  }

  @Endpoint('listDomainDrift')
  listDrift(
    @Input() { query }: In<'listDomainDrift'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const read = (sql: Sql, portion: Portion) => this.drift.page(sql, fleetScopeOf(by), portion);
    return this.scope.list(by, query, read, this.scope.fleet(by, reply));
  }

  @Endpoint('getDomainSpread')
  getSpread(
    @Input() { query }: In<'getDomainSpread'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.scope.fleet(by, reply)((sql) => this.spread.read(sql, fleetScopeOf(by), query));
  }
}
