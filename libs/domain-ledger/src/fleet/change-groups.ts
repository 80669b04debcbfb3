import { Injectable } from '@nestjs/common';
import { pageOf, type ChangeGroupView } from '#libs/contract';
import { DAY_MS, type Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import { groupOf, listOf, slotMask, slotsOf, type DomainGroup, type DomainList } from '../lists/slots.ts';
import { merchantsOf, type FleetScope } from './fleet-scope.ts';
import { GROUPS } from './change-groups.sql.ts';

export interface ChangeGroupsQuery {
  /** Absent: 7 days before `to`. */
  from?: Date | undefined;
  /** Absent: now. */
  to?: Date | undefined;
  group?: DomainGroup | undefined;
  list?: DomainList | undefined;
  merchantId?: string | undefined;
}

interface Row {
  from: Date;
  to: Date;
  place: number;
  key: number;
  added: string[];
  removed: string[];
  miniPrograms: number;
  first: Date;
  last: Date;
  samples: string[];
}

const DEFAULT_SPAN_MS = 7 * DAY_MS;
const SAMPLES = 5;

/**
 * The fleet's changes, with the same change of many mini programs told once: same list, same domains added, same ones removed.
 * First snapshots are no changes.
 */
@Injectable()
export class ChangeGroups {
  /** Latest first. A cursor keeps the time that the first page was about. */
  async page(sql: Sql, scope: FleetScope, query: ChangeGroupsQuery, page: PageRequest): Promise<Page<ChangeGroupView>> {
    const after = page.cursor
      ? positionOf('change-groups', page.cursor, ['number', 'number', 'number', 'number', 'number'])
      : null;
    const merchants = merchantsOf(scope, query.merchantId);
    const places = slotsOf(query.group, query.list);
    const rows = await sql.query<Row>(GROUPS(merchants !== null), [
      scope.platformId,
      after ? new Date(after[0]) : (query.from ?? null),
      after ? new Date(after[1]) : (query.to ?? null),
      DEFAULT_SPAN_MS,
      slotMask(places),
      places,
      after ? new Date(after[2]) : null,
      after?.[3] ?? null,
      after?.[4] ?? null,
      page.limit + 1,
      SAMPLES,
      ...(merchants === null ? [] : [merchants]),
    ]);
    return pageOf('change-groups', rows, page.limit, itemOf, (row) => [
      row.from.getTime(),
      row.to.getTime(),
      row.last.getTime(),
      row.key,
      row.place,
    ]);
  }
}

function itemOf(row: Row): ChangeGroupView {
  return {
    group: groupOf(row.place),
    list: listOf(row.place),
    added: row.added,
    removed: row.removed,
    mini_programs: row.miniPrograms,
    first_observed_at: row.first.toISOString(),
    last_observed_at: row.last.toISOString(),
    sample_authorizer_appids: row.samples,
  };
}
