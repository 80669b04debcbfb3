import { Injectable } from '@nestjs/common';
import { pageOf } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import { merchantsOf, type FleetScope } from './fleet-scope.ts';
import { domainCandidates } from '../lists/normalise.ts';
import { groupOf, listOf, slotMask, slotsOf, type DomainGroup, type DomainList } from '../lists/slots.ts';
import { snapshotId } from '../history/snapshot-id.ts';
import { FEED, FIND_CHANGE_SETS } from './domain-changes.sql.ts';

export interface ChangesQuery {
  from?: Date | undefined;
  to?: Date | undefined;
  group?: DomainGroup | undefined;
  list?: DomainList | undefined;
  domain?: string | undefined;
  merchantId?: string | undefined;
}

export interface ChangeItem {
  authorizer_appid: string;
  merchant_id: string | null;
  snapshot_id: string;
  /** First observation after the change. */
  observed_at: string;
  group: DomainGroup;
  list: DomainList;
  added: string[];
  removed: string[];
}

interface ChangeRow {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  no: number;
  observedAt: Date;
  place: number;
  added: string[];
  removed: string[];
}

/** More change sets than that which name a domain: then the feed itself is gone through. */
const MANY = 2000;

/** The fleet's feed of changes, newest first. First snapshots are no changes. Domains are in normal form. */
@Injectable()
export class DomainChanges {
  async page(sql: Sql, scope: FleetScope, query: ChangesQuery, page: PageRequest): Promise<Page<ChangeItem>> {
    const after = page.cursor ? positionOf('changes', page.cursor, ['number', 'number', 'number', 'number']) : null;
    const merchants = merchantsOf(scope, query.merchantId);
    const names = query.domain === undefined ? null : domainCandidates(query.domain, query.list);
    const places = slotsOf(query.group, query.list);
    const few = names !== null && merchants === null ? await this.changeSets(sql, names, places) : null;
    if (few?.length === 0) return { items: [], next_cursor: null };
    const rows = await sql.query<ChangeRow>(
      FEED({ merchants: merchants !== null, few: few !== null, names: names !== null }),
      [
        scope.platformId,
        query.from ?? null,
        query.to ?? null,
        after ? new Date(after[0]) : null,
        after?.[1] ?? null,
        after?.[2] ?? null,
        after?.[3] ?? null,
        slotMask(places),
        places,
        names,
        page.limit + 1,
        ...(few ? [few] : merchants ? [merchants] : []),
      ],
    );
    return pageOf('changes', rows, page.limit, itemOf, (row) => [
      row.observedAt.getTime(),
      row.authorizerId,
      row.no,
      row.place,
    ]);
  }

  /** Every item in the order of the pages, read as it is consumed: for exports of any length. */
  async *each(sql: Sql, scope: FleetScope, query: ChangesQuery): AsyncGenerator<ChangeItem> {
    let cursor: string | null | undefined;
    do {
      const page: Page<ChangeItem> = await this.page(sql, scope, query, { limit: 2000, cursor: cursor ?? undefined });
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** Change sets that name the domain at one of the places; null when they are too many. */
  private async changeSets(sql: Sql, names: readonly string[], places: readonly number[]): Promise<number[] | null> {
    const rows = await sql.query<{ id: number }>(FIND_CHANGE_SETS, [names, slotMask(places), MANY]);
    return rows.length < MANY ? rows.map(({ id }) => id) : null;
  }
}

function itemOf(row: ChangeRow): ChangeItem {
  return {
    authorizer_appid: row.authorizerAppid,
    merchant_id: row.merchantId,
    snapshot_id: snapshotId(row.authorizerId, row.no),
    observed_at: row.observedAt.toISOString(),
    group: groupOf(row.place),
    list: listOf(row.place),
    added: row.added,
    removed: row.removed,
  };
}
