import { pageOf } from '#libs/contract';
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

/** Fewer than one in so many: looking at every mini program until a page is full would look at too many. */
const RARE = 100;

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
    const { name, place, places } = asked(query);
    const after = page.cursor ? positionOf('coverage', page.cursor, ['number'])[0] : 0;
    const all = counts.covered + counts.pending + counts.missing + counts.unknown;
    const rare = query.verdict !== undefined && counts[query.verdict] * RARE < all;
    const rows = await sql.query<ItemRow>(statementFor(scope, query.verdict, rare), [
      scope.platformId,
      name,
      place,
      places,
      after,
      page.limit + 1,
      query.verdict ?? null,
      ...(scope.merchantIds === null ? [] : [scope.merchantIds]),
    ]);
    return pageOf(
      'coverage',
      rows,
      page.limit,
      (row) => ({
        authorizer_appid: row.authorizerAppid,
        merchant_id: row.merchantId,
        verdict: row.verdict,
        observed_at: row.observedAt?.toISOString() ?? null,
      }),
      (row) => [row.authorizerId],
    );
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

/** Contents that hold the domain in the list of any group, and whether in the group asked about. */
const HITS = `
  hits AS MATERIALIZED (
    SELECT c.content_id, coalesce(bool_or(c.list_ids[$3] = l.list_id), false) AS here
      FROM domain_ledger.domain d
      JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id]
      JOIN domain_ledger.domain_content c ON c.list_ids @> ARRAY[l.list_id]
     WHERE d.name = $2
       AND l.list_id IN (c.list_ids[($4::int[])[1]], c.list_ids[($4::int[])[2]], c.list_ids[($4::int[])[3]], c.list_ids[($4::int[])[4]])
     GROUP BY c.content_id
  )`;

const COUNTS_OF_MERCHANTS = `
  WITH ${HITS}
  SELECT count(*) FILTER (WHERE w.counted = 2 AND h.here)::int AS covered,
         count(*) FILTER (WHERE w.counted = 2 AND NOT h.here)::int AS pending,
         count(*) FILTER (WHERE w.counted = 2 AND h.content_id IS NULL)::int AS missing,
         count(*) FILTER (WHERE w.counted IS DISTINCT FROM 2)::int AS unknown
    FROM domain_ledger.subject s
    LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
    LEFT JOIN hits h ON h.content_id = w.content_id
   WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.merchant_id = ANY ($5::text[])`;

const ITEM = `s.authorizer_id AS "authorizerId", s.authorizer_appid AS "authorizerAppid", s.merchant_id AS "merchantId",
  w.last_observed_at AS "observedAt"`;

/** Looks at one mini program after the other and probes its own lists: right where many have the verdict. */
function walk(merchants: boolean): string {
  return `
  WITH asked AS MATERIALIZED (SELECT domain_id FROM domain_ledger.domain WHERE name = $2)
  SELECT * FROM (
    SELECT ${ITEM},
           CASE WHEN w.counted IS DISTINCT FROM 2 THEN 'unknown'
                WHEN has.here THEN 'covered' WHEN has.anywhere THEN 'pending' ELSE 'missing' END AS verdict
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
      LEFT JOIN domain_ledger.domain_content c USING (content_id)
      LEFT JOIN LATERAL (
        SELECT bool_or(l.list_id = c.list_ids[$3]) AS here, true AS anywhere
          FROM domain_ledger.domain_list l, asked
         WHERE l.list_id IN (c.list_ids[($4::int[])[1]], c.list_ids[($4::int[])[2]], c.list_ids[($4::int[])[3]], c.list_ids[($4::int[])[4]])
           AND l.domain_ids @> ARRAY[asked.domain_id]
        HAVING count(*) > 0) has ON true
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id > $5
       ${merchants ? 'AND s.merchant_id = ANY ($8::text[])' : ''}) AS judged
   WHERE $7::text IS NULL OR verdict = $7
   ORDER BY "authorizerId" LIMIT $6`;
}

/** Few have the domain: from its lists over their contents to the mini programs. */
const FEW_HAVE = `
  WITH ${HITS}
  SELECT ${ITEM}, $7::text AS verdict
    FROM hits h
    JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.content_id = h.content_id AND w.counted = 2
    JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   WHERE h.here = ($7::text = 'covered') AND w.authorizer_id > $5
   ORDER BY w.authorizer_id LIMIT $6`;

/** Few lack it: past all whose content has it, by a hash of those contents. */
const FEW_LACK = `
  WITH ${HITS}
  SELECT ${ITEM}, $7::text AS verdict
    FROM domain_ledger.watch w
    JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   WHERE w.platform_id = $1 AND w.counted = 2 AND w.authorizer_id > $5
     AND NOT EXISTS (SELECT 1 FROM hits h WHERE h.content_id = w.content_id)
   ORDER BY w.authorizer_id LIMIT $6`;

const FEW_UNKNOWN = `
  SELECT ${ITEM}, $7::text AS verdict
    FROM domain_ledger.watch w
    JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   WHERE w.platform_id = $1 AND w.counted = 1 AND w.authorizer_id > $5 AND ($2::text, $3::int, $4::int[]) IS NOT NULL
   ORDER BY w.authorizer_id LIMIT $6`;

function statementFor(scope: FleetScope, verdict: Verdict | undefined, rare: boolean): string {
  if (scope.merchantIds !== null) return walk(true);
  if (!rare || verdict === undefined) return walk(false);
  return { covered: FEW_HAVE, pending: FEW_HAVE, missing: FEW_LACK, unknown: FEW_UNKNOWN }[verdict];
}
