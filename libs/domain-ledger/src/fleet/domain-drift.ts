import { Injectable } from '@nestjs/common';
import { pageOf } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import type { FleetScope } from './fleet-scope.ts';
import { DOMAIN_LISTS, type DomainList } from '../lists/slots.ts';
import { DRIFT } from './domain-drift.sql.ts';

export interface DriftItem {
  authorizer_appid: string;
  merchant_id: string | null;
  /** Configured and not in force. */
  pending: { list: DomainList; domains: string[] }[];
  /** In force and not configured. */
  effective_only: { list: DomainList; domains: string[] }[];
  /** First observation of the drift that lasts; its domains may have changed since. */
  since: string;
  observed_at: string;
}

interface DriftRow {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  since: Date;
  observedAt: Date;
  parts: { list: number; pending: string[]; effectiveOnly: string[] }[];
}

/** Mini programs whose configured domains and domains in force differ. Domains are in normal form. */
@Injectable()
export class DomainDrift {
  async page(sql: Sql, scope: FleetScope, page: PageRequest): Promise<Page<DriftItem>> {
    const after = page.cursor ? positionOf('drift', page.cursor, ['number'])[0] : 0;
    const rows = await sql.query<DriftRow>(DRIFT(scope.merchantIds !== null), [
      scope.platformId,
      after,
      page.limit + 1,
      ...(scope.merchantIds === null ? [] : [scope.merchantIds]),
    ]);
    return pageOf('drift', rows, page.limit, itemOf, (row) => [row.authorizerId]);
  }
}

function itemOf(row: DriftRow): DriftItem {
  const parts = (row.parts ?? []).map((part) => ({ ...part, list: DOMAIN_LISTS[part.list] as DomainList }));
  return {
    authorizer_appid: row.authorizerAppid,
    merchant_id: row.merchantId,
    pending: parts.filter((part) => part.pending.length > 0).map(({ list, pending }) => ({ list, domains: pending })),
    effective_only: parts
      .filter((part) => part.effectiveOnly.length > 0)
      .map(({ list, effectiveOnly }) => ({ list, domains: effectiveOnly })),
    since: row.since.toISOString(),
    observed_at: row.observedAt.toISOString(),
  };
}
