import { Injectable } from '@nestjs/common';
import type { DomainSpreadView } from '#libs/contract';
import { DAY_MS, AppError, type Sql } from '#libs/kernel';
import { normaliseDomain } from '../lists/normalise.ts';
import { slotIndex, schemeOf, type DomainGroup, type DomainList } from '../lists/slots.ts';
import type { FleetScope } from './fleet-scope.ts';
import { SPREAD } from './domain-spread.sql.ts';

export interface SpreadQuery {
  domain: string;
  list: DomainList;
  /** Default `effective_domain`. */
  group?: DomainGroup | undefined;
  /** Absent: 30 days before `to`. */
  from?: Date | undefined;
  /** Absent: now. */
  to?: Date | undefined;
  /** Moments at equal distances, both ends included; at least 2. */
  points: number;
}

interface Row {
  at: Date;
  covered: number;
  known: number;
}

const DEFAULT_SPAN_MS = 30 * DAY_MS;

/**
 * How many mini programs had a domain, over time: of those that are known today (authorized, set 18 granted, observed), so that the
 * line ends with today's coverage. Each counts by its latest observation until the moment.
 */
@Injectable()
export class DomainSpread {
  /** @throws AppError invalid_request when `from` is not before `to` */
  async read(sql: Sql, scope: FleetScope, query: SpreadQuery): Promise<DomainSpreadView> {
    const group = query.group ?? 'effective_domain';
    const domain = named(query.domain, query.list);
    const { merchantIds } = scope;
    const rows = await sql.query<Row>(SPREAD(merchantIds !== null), [
      scope.platformId,
      domain,
      slotIndex(group, query.list),
      query.from ?? null,
      query.to ?? null,
      DEFAULT_SPAN_MS,
      query.points,
      ...(merchantIds === null ? [] : [merchantIds]),
    ]);
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last || first.at >= last.at) throw AppError.invalid('from', 'must be before `to`');
    return {
      domain,
      list: query.list,
      group,
      points: rows.map(({ at, covered, known }) => ({ at: at.toISOString(), covered, missing: known - covered })),
    };
  }
}

/** One name: a count over time of two spellings at once would count who changed from one to the other twice. */
function named(domain: string, list: DomainList): string {
  const name = normaliseDomain(domain);
  return /^[a-z][a-z0-9+.-]*:\/\//.test(name) ? name : normaliseDomain(schemeOf(list) + domain.trim());
}
