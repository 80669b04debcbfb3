import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FleetChangeView } from '#libs/contract';
import { ChangeGroups, DomainChanges } from '#libs/domain-ledger';
import type { Sql } from '#libs/kernel';
import { streamCsv, wantsCsv } from '../http/encoding/csv.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { fleetScopeOf } from './fleet-scope.ts';
import { PlatformScope, type Portion } from './platform-scope.ts';

const CHANGES_COLUMNS: Record<keyof FleetChangeView, (item: FleetChangeView) => unknown> = {
  authorizer_appid: (item) => item.authorizer_appid,
  merchant_id: (item) => item.merchant_id,
  snapshot_id: (item) => item.snapshot_id,
  observed_at: (item) => item.observed_at,
  group: (item) => item.group,
  list: (item) => item.list,
  added: (item) => item.added.join(' '),
  removed: (item) => item.removed.join(' '),
};

/** What changed in the domains of all mini programs of a platform, limited to the merchants of the key. */
@Controller()
export class DomainChangesController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly changes: DomainChanges,
    private readonly changeGroups: ChangeGroups,
  ) {}

  @Endpoint('listDomainChanges')
  listChanges(
    @Input() { query }: In<'listDomainChanges'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { merchant_id: merchantId, ...rest } = query;
    const read = (sql: Sql, portion: Portion) =>
      this.changes.page(sql, fleetScopeOf(by), { ...rest, merchantId }, portion);
    const fleet = this.scope.fleet(by, reply);
    if (!wantsCsv(request)) return this.scope.list(by, query, read, fleet);
    return streamCsv(reply, CHANGES_COLUMNS, this.scope.table(by, query.cursor, read, fleet));
  }

  @Endpoint('listDomainChangeGroups')
  listChangeGroups(
    @Input() { query }: In<'listDomainChangeGroups'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { merchant_id: merchantId, ...rest } = query;
    return this.scope.fleet(
      by,
      reply,
    )((sql) => this.changeGroups.page(sql, fleetScopeOf(by), { ...rest, merchantId }, query));
  }
}
