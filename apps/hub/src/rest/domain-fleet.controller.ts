import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CoverageItemView, FleetChangeView } from '#libs/contract';
import type { CoverageCounts, FleetScope, StaleSubject } from '#libs/domain-ledger';
import { runBounded } from '#libs/jobs';
import { AppError, type Sql } from '#libs/kernel';
import { streamCsv, wantsCsv } from '../http/encoding/csv.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import {
  SMALL_ROWS,
  eachOnPlatform,
  eventOf,
  listOnPlatform,
  onPlatform,
  readOnPlatform,
  recordAround,
  tableOnPlatform,
  type Portion,
} from './scoped.ts';

const COVERAGE_COLUMNS: Record<keyof CoverageItemView, (item: CoverageItemView) => unknown> = {
  authorizer_appid: (item) => item.authorizer_appid,
  merchant_id: (item) => item.merchant_id,
  verdict: (item) => item.verdict,
  reason: (item) => item.reason?.code ?? null,
  observed_at: (item) => item.observed_at,
};
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

/** Reads of WeChat at once for one assertion, and how long new ones are begun, in milliseconds. */
const FETCH_CONCURRENCY = 16;
const FETCH_MS = 20_000;

/** Questions about all mini programs of a platform; a key that is limited to merchants asks about those. */
@Controller()
export class DomainFleetController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('getDomainCoverage')
  coverage(
    @Input() { query }: In<'getDomainCoverage'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    // A table of any length is counted once, with its first page.
    let counts: CoverageCounts | undefined;
    const read = async (sql: Sql, page: Portion | typeof query) =>
      (counts = await this.hub.fleet.coverage.page(sql, scopeOf(by), query, page, counts));
    if (!wantsCsv(request)) return readOnPlatform(this.hub, by, (sql) => read(sql, query));
    return streamCsv(reply, COVERAGE_COLUMNS, tableOnPlatform(this.hub, by, query.cursor, read, SMALL_ROWS));
  }

  @Endpoint('listDomainDrift')
  drift(@Input() { query }: In<'listDomainDrift'>, @By() by: PlatformCaller) {
    return listOnPlatform(this.hub, by, query, (sql, portion) => this.hub.fleet.drift.page(sql, scopeOf(by), portion));
  }

  @Endpoint('listDomainChanges')
  changes(
    @Input() { query }: In<'listDomainChanges'>,
    @By() by: PlatformCaller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { merchant_id: merchantId, ...rest } = query;
    const read = (sql: Sql, portion: Portion) =>
      this.hub.fleet.changes.page(sql, scopeOf(by), { ...rest, merchantId }, portion);
    if (!wantsCsv(request)) return listOnPlatform(this.hub, by, query, read);
    return streamCsv(reply, CHANGES_COLUMNS, tableOnPlatform(this.hub, by, query.cursor, read));
  }

  @Endpoint('getDomainGauges')
  gauges(@By() by: PlatformCaller) {
    return readOnPlatform(this.hub, by, (sql) => this.hub.fleet.gauges.read(sql, scopeOf(by)));
  }

  @Endpoint('getPlatformOverview')
  overview(@By() by: PlatformCaller) {
    return readOnPlatform(this.hub, by, (sql) => this.hub.fleet.overview.read(sql, scopeOf(by)));
  }

  @Endpoint('listDomainChangeGroups')
  changeGroups(@Input() { query }: In<'listDomainChangeGroups'>, @By() by: PlatformCaller) {
    const { merchant_id: merchantId, ...rest } = query;
    return readOnPlatform(this.hub, by, (sql) =>
      this.hub.fleet.changeGroups.page(sql, scopeOf(by), { ...rest, merchantId }, query),
    );
  }

  @Endpoint('getDomainSpread')
  spread(@Input() { query }: In<'getDomainSpread'>, @By() by: PlatformCaller) {
    return readOnPlatform(this.hub, by, (sql) => this.hub.fleet.spread.read(sql, scopeOf(by), query));
  }

  @Endpoint('assertDomains')
  assert(@Input() { query, body }: In<'assertDomains'>, @By() by: PlatformCaller) {
    if (body.fetch_stale && !by.principal.scopes.has('domains:snapshot')) {
      throw new AppError('forbidden', 'fetch_stale needs the scope domains:snapshot');
    }
    const assertion = {
      domains: body.domains,
      merchantIds: body.merchant_ids,
      authorizerAppids: body.authorizer_appids,
      maxAgeMs: body.max_age,
    };
    const refresh = body.fetch_stale ? (stale: readonly StaleSubject[]) => this.refresh(by, stale) : undefined;
    return this.hub.fleet.assertions.page(
      eachOnPlatform(this.hub, by, readOnPlatform),
      scopeOf(by),
      assertion,
      query,
      refresh,
    );
  }

  /** What cannot be read now keeps the evidence it had; the failure is remembered in its history. */
  private async refresh(by: PlatformCaller, stale: readonly StaleSubject[]): Promise<void> {
    const { hub } = this;
    let fetched = 0;
    const take = async ({ authorizerId, authorizerAppid }: StaleSubject) => {
      try {
        const ref = await hub.directory.ref(by.platform, authorizerAppid);
        if (ref?.authorizerId !== authorizerId) return;
        await hub.snapshots.take(by.platform, { ...ref, authorizerAppid });
        fetched += 1;
      } catch (error) {
        if (!(error instanceof AppError)) {
          hub.log.warn('assertion.fetch_failed', { authorizer_appid: authorizerAppid, error });
        }
      }
    };
    const event = (action: string, detail: Record<string, unknown>) =>
      eventOf(by, action, `platform:${by.platform.componentAppid}`, { stale: stale.length, ...detail });
    await recordAround(
      (each) => onPlatform(hub, by, (sql) => hub.audit.record(sql, each)),
      {
        asked: event('domains.fetch_for_assertion_asked', {
          authorizer_appids: stale.map((each) => each.authorizerAppid),
        }),
        done: () => event('domains.fetched_for_assertion', { fetched }),
        failed: event('domains.fetched_for_assertion', {}),
      },
      () => runBounded(stale, FETCH_CONCURRENCY, take, AbortSignal.timeout(FETCH_MS)),
    );
  }
}

function scopeOf(by: PlatformCaller): FleetScope {
  return { platformId: by.platform.platformId, merchantIds: by.principal.merchantIds };
}
