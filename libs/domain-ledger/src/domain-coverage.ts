import { encodeCursor } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from './domain-history.ts';
import { askedName, subscriptsOf, type FleetScope, type Verdict } from './fleet-scope.ts';
import {
  ANY_GROUP,
  DOMAIN_LISTS,
  TOTAL_AUTHORIZED,
  TOTAL_KNOWN,
  placeOf,
  type DomainGroup,
  type DomainList,
} from './places.ts';

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
  /** Latest observation; null when there was none. */
  observed_at: string | null;
}

export interface CoverageView extends CoverageCounts, Page<CoverageItem> {
  domain: string;
  list: DomainList;
  group: DomainGroup;
}

interface ItemRow {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  verdict: Verdict;
  observedAt: Date | null;
}

/** Fewer than one in so many: the way from the domain to its mini programs is shorter than past all mini programs. */
const RARE = 100;
/** Lists with a domain, beyond which the way from them is the longer one. */
const MANY_LISTS = 2000;
/** Mini programs looked at in one statement, and for one page, at most. */
const WALK_LIMITS = { stretch: 10_000, reach: 100_000 };
/** How much further than the fleet's average to look at first, so that one statement is mostly enough. */
const MARGIN = 1.3;

interface Asked {
  name: string;
  /** As a subscript of `list_ids`. */
  place: number;
  /** Places of the list in all groups, as subscripts. */
  places: number[];
  list: number;
}

function asked(query: CoverageQuery): Asked {
  const list = DOMAIN_LISTS.indexOf(query.list);
  return {
    name: askedName(query.domain, query.list),
    place: placeOf(query.group ?? 'effective_domain', query.list) + 1,
    places: subscriptsOf(list),
    list,
  };
}

/**
 * Who has a domain, who has it configured elsewhere and not in force (`pending`), who lacks it, and of whom it is not
 * known: never observed, or set 18 not granted. Of mini programs in state authorized.
 */
export class DomainCoverage {
  constructor(private readonly limits: { stretch: number; reach: number } = WALK_LIMITS) {}

  /** Counts and a page of mini programs by id, with the verdict asked for or with all. */
  async page(sql: Sql, scope: FleetScope, query: CoverageQuery, page: PageRequest): Promise<CoverageView> {
    const counts = await this.counts(sql, scope, query);
    return {
      domain: query.domain,
      list: query.list,
      group: query.group ?? 'effective_domain',
      ...counts,
      ...(await this.items(sql, scope, query, page, counts)),
    };
  }

  /** By the fleet's counters; for a caller limited to merchants, counted over theirs. */
  async counts(sql: Sql, scope: FleetScope, query: CoverageQuery): Promise<CoverageCounts> {
    const { name, place, places, list } = asked(query);
    const [row] =
      scope.merchantIds === null
        ? await sql.query<CoverageCounts>(COUNTS, [
            scope.platformId,
            name,
            place - 1,
            ANY_GROUP + list,
            TOTAL_AUTHORIZED,
            TOTAL_KNOWN,
          ])
        : await sql.query<CoverageCounts>(COUNTS_OF_MERCHANTS, [
            scope.platformId,
            name,
            place,
            places,
            scope.merchantIds,
          ]);
    if (!row) throw new Error('a count without a row');
    return row;
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
        observed_at: row.observedAt?.toISOString() ?? null,
      })),
      next_cursor: next === null ? null : encodeCursor('coverage', [next]),
    };
  }

  /** The statement that finds them without passing the others; none where they are many, or no index knows them. */
  private async directWay(sql: Sql, scope: FleetScope, query: CoverageQuery, rare: boolean): Promise<string | null> {
    if (scope.merchantIds !== null) return null;
    if (query.verdict === 'unknown') return UNKNOWN;
    if (!rare || (query.verdict !== 'covered' && query.verdict !== 'pending')) return null;
    // Few have it today, in this way: over the years, in others, very many lists may have had it.
    const [lists] = await sql.query<{ count: number }>(LISTS, [asked(query).name, MANY_LISTS]);
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
    const { name, place, places } = asked(query);
    return sql.query<ItemRow>(statement, [scope.platformId, name, place, places, after, limit + 1, query.verdict]);
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
    const { name, place, places } = asked(query);
    const rows: ItemRow[] = [];
    const { limits } = this;
    let stretch = Math.min(limits.stretch, Math.ceil((limit + 1) * oneIn * MARGIN));
    if (query.verdict === undefined) stretch = limit + 1;
    let from = after;
    for (let looked = 0; looked < limits.reach; looked += stretch, stretch = Math.min(limits.stretch, 2 * stretch)) {
      const found = await sql.query<ItemRow & { seen: number; last: number | null }>(WALK(scope.merchantIds !== null), [
        scope.platformId,
        name,
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

/** Three counters of one domain and two totals, each with what is not folded yet. */
const COUNTS = `
  WITH asked AS (SELECT domain_id FROM domain_ledger.domain WHERE name = $2),
  keys (place, domain_id) AS (
    SELECT place, domain_id FROM asked, unnest(ARRAY[$3::smallint, $4::smallint]) AS t (place)
    UNION ALL SELECT place, 0 FROM unnest(ARRAY[$5::smallint, $6::smallint]) AS t (place)
  ), steps AS (
    SELECT k.place, u.uses AS step FROM keys k
      JOIN domain_ledger.domain_use u ON u.platform_id = $1 AND u.place = k.place AND u.domain_id = k.domain_id
    UNION ALL
    SELECT k.place, d.step FROM keys k
      JOIN domain_ledger.domain_use_delta d ON d.platform_id = $1 AND d.domain_id = k.domain_id AND d.place = k.place
  ), sums AS (
    SELECT coalesce(sum(step) FILTER (WHERE place = $3), 0)::int AS here,
           coalesce(sum(step) FILTER (WHERE place = $4), 0)::int AS anywhere,
           coalesce(sum(step) FILTER (WHERE place = $5), 0)::int AS authorized,
           coalesce(sum(step) FILTER (WHERE place = $6), 0)::int AS known
      FROM steps
  )
  SELECT here AS covered, anywhere - here AS pending, known - anywhere AS missing, authorized - known AS unknown FROM sums`;

/**
 * Contents that hold the domain in the list of any group, and whether in the group asked about. `OFFSET 0` keeps the look-ups
 * look-ups: what an array holds has no statistics, so PostgreSQL would rather join whole tables than look a few times.
 */
const HITS = `
  lists AS MATERIALIZED (
    SELECT l.list_id FROM domain_ledger.domain d JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id] WHERE d.name = $2
  ), hits AS MATERIALIZED (
    SELECT c.content_id, coalesce(bool_or(c.list_ids[$3] = l.list_id), false) AS here
      FROM lists l, LATERAL (
        SELECT content_id, list_ids FROM domain_ledger.domain_content WHERE list_ids @> ARRAY[l.list_id] OFFSET 0) AS c
     WHERE l.list_id IN (c.list_ids[($4::int[])[1]], c.list_ids[($4::int[])[2]], c.list_ids[($4::int[])[3]], c.list_ids[($4::int[])[4]])
     GROUP BY c.content_id
  )`;

/** What the contents of `members` hold of the domain; each content is looked at once, however many share it. */
const HELD = `
  asked AS MATERIALIZED (SELECT domain_id FROM domain_ledger.domain WHERE name = $2),
  held AS MATERIALIZED (
    SELECT c.content_id, has.here
      FROM (SELECT DISTINCT content_id FROM members WHERE counted = 2) AS m
      JOIN domain_ledger.domain_content c USING (content_id), asked,
   LATERAL (SELECT coalesce(bool_or(l.list_id = c.list_ids[$3]), false) AS here
              FROM domain_ledger.domain_list l
             WHERE l.list_id IN (c.list_ids[($4::int[])[1]], c.list_ids[($4::int[])[2]], c.list_ids[($4::int[])[3]], c.list_ids[($4::int[])[4]])
               AND l.domain_ids @> ARRAY[asked.domain_id]
            HAVING count(*) > 0) AS has
  )`;

const COUNTS_OF_MERCHANTS = `
  WITH members AS MATERIALIZED (
    SELECT s.authorizer_id, w.counted, w.content_id
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.merchant_id = ANY ($5::text[])
  ), ${HELD}
  SELECT count(*) FILTER (WHERE m.counted = 2 AND h.here)::int AS covered,
         count(*) FILTER (WHERE m.counted = 2 AND NOT h.here)::int AS pending,
         count(*) FILTER (WHERE m.counted = 2 AND h.content_id IS NULL)::int AS missing,
         count(*) FILTER (WHERE m.counted IS DISTINCT FROM 2)::int AS unknown
    FROM members m LEFT JOIN held h USING (content_id)`;

const ITEM = `s.authorizer_id AS "authorizerId", s.authorizer_appid AS "authorizerAppid", s.merchant_id AS "merchantId",
  w.last_observed_at AS "observedAt"`;

/** One stretch of the fleet. At least one row comes back, which tells how far it went. */
const WALK = (merchants: boolean) => `
  WITH members AS MATERIALIZED (
    SELECT ${ITEM}, s.authorizer_id, w.counted, w.content_id
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id > $5
       ${merchants ? 'AND s.merchant_id = ANY ($9::text[])' : ''}
     ORDER BY s.authorizer_id LIMIT $8
  ), ${HELD}
  SELECT found.*, seen.seen, seen.last
    FROM (SELECT count(*)::int AS seen, max(authorizer_id) AS last FROM members) AS seen
    LEFT JOIN (
      SELECT "authorizerId", "authorizerAppid", "merchantId", "observedAt", verdict
        FROM (SELECT m.*, CASE WHEN m.counted IS DISTINCT FROM 2 THEN 'unknown'
                               WHEN h.here THEN 'covered' WHEN NOT h.here THEN 'pending' ELSE 'missing' END AS verdict
                FROM members m LEFT JOIN held h USING (content_id)) AS judged
       WHERE $7::text IS NULL OR verdict = $7
       ORDER BY "authorizerId" LIMIT $6) AS found ON true
   ORDER BY "authorizerId"`;

const LISTS = `
  SELECT count(*)::int AS count FROM (
    SELECT FROM domain_ledger.domain d JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id]
     WHERE d.name = $1 LIMIT $2) AS found`;

/** Few have the domain: from its lists over their contents to the mini programs. */
const FEW_HAVE = `
  WITH ${HITS}, holders AS MATERIALIZED (
    SELECT w.* FROM hits h, LATERAL (
      SELECT authorizer_id, last_observed_at FROM domain_ledger.watch
       WHERE platform_id = $1 AND content_id = h.content_id AND counted = 2 AND authorizer_id > $5 OFFSET 0) AS w
     WHERE h.here = ($7::text = 'covered')
     ORDER BY w.authorizer_id LIMIT $6
  )
  SELECT ${ITEM}, $7::text AS verdict
    FROM holders w JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   ORDER BY w.authorizer_id`;

const UNKNOWN = `
  SELECT ${ITEM}, $7::text AS verdict
    FROM domain_ledger.watch w
    JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   WHERE w.platform_id = $1 AND w.counted = 1 AND w.authorizer_id > $5 AND ($2::text, $3::int, $4::int[]) IS NOT NULL
   ORDER BY w.authorizer_id LIMIT $6`;
