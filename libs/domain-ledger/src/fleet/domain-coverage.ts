import { encodeCursor, type UnknownReason } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import { unknownReason, type Readability } from '../history/unknown-reason.ts';
import { subscriptsOf, type FleetScope, type Verdict } from './fleet-scope.ts';
import { domainCandidates } from '../lists/normalise.ts';
import {
  ANY_GROUP,
  DOMAIN_LISTS,
  TOTAL_AUTHORIZED,
  TOTAL_KNOWN,
  slotIndex,
  type DomainGroup,
  type DomainList,
} from '../lists/slots.ts';
import {
  COUNTS_BY_CONTENT,
  COUNTS_OF_MERCHANTS,
  COUNTS_OF_UNREAD,
  FEW_HAVE,
  LISTS,
  SUMS,
  UNKNOWN,
  WALK,
} from './domain-coverage.sql.ts';

export interface CoverageQuery {
  domain: string;
  list: DomainList;
  /** Default `effective_domain`. */
  group?: DomainGroup | undefined;
  verdict?: Verdict | undefined;
}

export interface CoverageCounts {
  covered: number;
  pending: number;
  missing: number;
  unknown: number;
}

export interface CoverageItem {
  authorizer_appid: string;
  merchant_id: string | null;
  verdict: Verdict;
  /** Why the verdict is unknown; else null. */
  reason: UnknownReason | null;
  /** Latest observation; null when there was none. */
  observed_at: string | null;
}

export interface CoverageView extends CoverageCounts, Page<CoverageItem> {
  domain: string;
  list: DomainList;
  group: DomainGroup;
}

interface ItemRow extends Readability {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  verdict: Verdict;
  observedAt: Date | null;
}

/** Fewer than one in this many: the way from the domain to its mini programs is shorter than past all mini programs. */
const RARE = 100;
/** Lists with a domain, beyond which the way from them is the longer one. */
const MANY_LISTS = 2000;
/** Mini programs looked at in one statement, and for one page, at most. */
const WALK_LIMITS = { stretch: 5000, reach: 10_000 };
/** How much further than the fleet's average to look at first, so that one statement is mostly enough. */
const MARGIN = 1.3;
/** The same among those that drift, of which one release is mostly a large part: how many to look at first for each to be found. */
const DRIFTING = 8;

interface Asked {
  /** Without a scheme a domain is asked about as it stands and with the scheme of the list. */
  names: string[];
  /** As a subscript of `list_ids`. */
  place: number;
  /** Slots of the list in all groups, as subscripts. */
  places: number[];
  list: number;
}

function asked(query: CoverageQuery): Asked {
  const list = DOMAIN_LISTS.indexOf(query.list);
  return {
    names: domainCandidates(query.domain, query.list),
    place: slotIndex(query.group ?? 'effective_domain', query.list) + 1,
    places: subscriptsOf(list),
    list,
  };
}

/**
 * Who has a domain in the group asked about (`covered`), who has it configured in another group and not in force (`pending`), who
 * lacks it, and of whom it is not known: never observed, or set 18 not granted. Of mini programs in state authorized. In force
 * without being in a group that is configured is `missing` from that group: nothing is to come of it there.
 */
export class DomainCoverage {
  constructor(private readonly limits: { stretch: number; reach: number } = WALK_LIMITS) {}

  /**
   * Counts and a page of mini programs by id, with the verdict asked for or with all.
   * @param known counts that came with an earlier page, for who reads many: to count again may take longer than the page
   */
  async page(
    sql: Sql,
    scope: FleetScope,
    query: CoverageQuery,
    page: PageRequest,
    known?: CoverageCounts,
  ): Promise<CoverageView> {
    const counts = known ?? (await this.counts(sql, scope, query));
    return {
      domain: query.domain,
      list: query.list,
      group: query.group ?? 'effective_domain',
      covered: counts.covered,
      pending: counts.pending,
      missing: counts.missing,
      unknown: counts.unknown,
      ...(await this.items(sql, scope, query, page, counts)),
    };
  }

  /** By the fleet's counters, where they tell; for a caller limited to merchants, counted over theirs. */
  async counts(sql: Sql, scope: FleetScope, query: CoverageQuery): Promise<CoverageCounts> {
    const { names, place, places } = asked(query);
    if (scope.merchantIds !== null) {
      return only(await sql.query(COUNTS_OF_MERCHANTS, [scope.platformId, names, place, places, scope.merchantIds]));
    }
    const counts = await this.counted(sql, scope, query);
    const unread = await this.unread(sql, scope, query);
    return {
      covered: Math.max(0, counts.covered - unread.covered),
      pending: Math.max(0, counts.pending - unread.pending),
      missing: Math.max(0, counts.missing - unread.missing),
      unknown: counts.unknown + unread.unknown,
    };
  }

  private async counted(sql: Sql, scope: FleetScope, query: CoverageQuery): Promise<CoverageCounts> {
    const { names, place, places, list } = asked(query);
    const totals = [TOTAL_AUTHORIZED, TOTAL_KNOWN];
    const effective = slotIndex('effective_domain', query.list);
    const sums = only(
      await sql.query<Sums>(SUMS, [scope.platformId, names, place - 1, effective, ANY_GROUP + list, ...totals]),
    );
    const pending = pendingOf(sums, place - 1 === effective);
    if (pending === null) {
      return only(await sql.query(COUNTS_BY_CONTENT, [scope.platformId, names, place, places, ...totals]));
    }
    const { here, known, authorized } = sums;
    return { covered: here, pending, missing: known - here - pending, unknown: authorized - known };
  }

  /** Those of whom the latest answer said nothing that can be read of this list: counted by what was known of it before. */
  private async unread(sql: Sql, scope: FleetScope, query: CoverageQuery): Promise<CoverageCounts> {
    const { names, place, places } = asked(query);
    return only(await sql.query(COUNTS_OF_UNREAD, [scope.platformId, names, place, places]));
  }

  /** Every item in the order of the pages, read as it is consumed: for exports of any length. */
  async *each(sql: Sql, scope: FleetScope, query: CoverageQuery): AsyncGenerator<CoverageItem> {
    const counts = await this.counts(sql, scope, query);
    let cursor: string | null | undefined;
    do {
      const page: Page<CoverageItem> = await this.items(
        sql,
        scope,
        query,
        { limit: 2000, cursor: cursor ?? undefined },
        counts,
      );
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  private async items(
    sql: Sql,
    scope: FleetScope,
    query: CoverageQuery,
    page: PageRequest,
    counts: CoverageCounts,
  ): Promise<Page<CoverageItem>> {
    const after = page.cursor ? positionOf('coverage', page.cursor, ['number'])[0] : 0;
    const { verdict } = query;
    const all = counts.covered + counts.pending + counts.missing + counts.unknown;
    const wanted = verdict === undefined ? all : counts[verdict];
    if (wanted === 0) return { items: [], next_cursor: null };
    const direct = await this.directWay(sql, scope, query, wanted * RARE < all);
    const { rows, end } = direct
      ? { rows: await this.direct(sql, direct, scope, query, after, page.limit), end: null }
      : await this.walked(sql, scope, query, after, page.limit, all / wanted);
    const shown = rows.slice(0, page.limit);
    const next = rows.length > page.limit ? (shown.at(-1)?.authorizerId ?? null) : end;
    return {
      items: shown.map((row) => ({
        authorizer_appid: row.authorizerAppid,
        merchant_id: row.merchantId,
        verdict: row.verdict,
        reason: row.verdict === 'unknown' ? unknownReason({ ...row, observed: row.observedAt !== null }) : null,
        observed_at: row.observedAt?.toISOString() ?? null,
      })),
      next_cursor: next === null ? null : encodeCursor('coverage', [next]),
    };
  }

  /** The statement that finds them without passing the others; none where they are many, or no index knows them. */
  private async directWay(sql: Sql, scope: FleetScope, query: CoverageQuery, rare: boolean): Promise<string | null> {
    if (scope.merchantIds !== null) return null;
    if (query.verdict === 'unknown') return (await this.unread(sql, scope, query)).unknown === 0 ? UNKNOWN : null;
    if (!rare || (query.verdict !== 'covered' && query.verdict !== 'pending')) return null;
    // Few have it today, in this way: over the years, in others, very many lists may have had it.
    const [lists] = await sql.query<{ count: number }>(LISTS, [asked(query).names, MANY_LISTS]);
    return lists && lists.count < MANY_LISTS ? FEW_HAVE : null;
  }

  /** From the domain's lists, or from the index of those of whom nothing is known. */
  private direct(
    sql: Sql,
    statement: string,
    scope: FleetScope,
    query: CoverageQuery,
    after: number,
    limit: number,
  ): Promise<ItemRow[]> {
    const { names, place, places } = asked(query);
    return sql.query<ItemRow>(statement, [scope.platformId, names, place, places, after, limit + 1, query.verdict]);
  }

  /**
   * Past one mini program after the other, stretch by stretch. Where the verdict turns out to be rarer here than in the
   * whole fleet, the page ends before it is full, so that the longest question has an end, too.
   * @returns `end`: the last mini program looked at, when there may be more behind it
   */
  private async walked(
    sql: Sql,
    scope: FleetScope,
    query: CoverageQuery,
    after: number,
    limit: number,
    oneIn: number,
  ): Promise<{ rows: ItemRow[]; end: number | null }> {
    const { names, place, places } = asked(query);
    const rows: ItemRow[] = [];
    const { limits } = this;
    const way = scope.merchantIds !== null ? 'merchants' : query.verdict === 'pending' ? 'drifting' : 'fleet';
    const ratio = way === 'drifting' ? Math.min(oneIn, DRIFTING) : oneIn;
    let stretch = Math.min(limits.stretch, Math.ceil((limit + 1) * ratio * MARGIN));
    if (query.verdict === undefined) stretch = limit + 1;
    let from = after;
    for (let looked = 0; looked < limits.reach; looked += stretch, stretch = Math.min(limits.stretch, 2 * stretch)) {
      const found = await sql.query<ItemRow & { seen: number; last: number | null }>(WALK(way), [
        scope.platformId,
        names,
        place,
        places,
        from,
        limit + 1 - rows.length,
        query.verdict ?? null,
        stretch,
        ...(scope.merchantIds === null ? [] : [scope.merchantIds]),
      ]);
      rows.push(...found.filter((row) => row.authorizerId !== null));
      const { seen = 0, last = null } = found[0] ?? {};
      if (rows.length > limit || seen < stretch || last === null) return { rows, end: null };
      from = last;
    }
    return { rows, end: from };
  }
}

interface Sums {
  /** Names asked about that somebody has in some group. */
  names: number;
  here: number;
  effective: number;
  anywhere: number;
  authorized: number;
  known: number;
}

/** From what the counters say; null: they do not tell who has a domain under both names, or in the group as well as in force. */
function pendingOf({ names, here, effective, anywhere }: Sums, inForce: boolean): number | null {
  if (names > 1) return null;
  if (inForce || here === 0) return anywhere - effective;
  if (here === anywhere || effective === anywhere) return 0;
  return effective === 0 ? anywhere - here : null;
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error('a count without a row');
  return row;
}
