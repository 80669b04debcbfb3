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

/** Of the lists `l` of a content `c` that hold the domain, by what is in the place asked about and in force. */
const VERDICT_OF_LISTS = `CASE WHEN bool_or(l.list_id = c.list_ids[$3]) THEN 'covered'
                               WHEN bool_or(l.list_id = c.list_ids[($4::int[])[4]]) THEN 'missing' ELSE 'pending' END`;
/** The places of the list in all groups, as a bit mask. */
const SLOTS_OF_LIST = `(SELECT bit_or(1 << (place - 1)) FROM unnest($4::int[]) AS t (place))`;
/**
 * Whether nothing can be said of a known mini program, because its latest answer had the list in a form that cannot be read: in the
 * group asked about, or where the domain is not in that group, in any group.
 */
const UNREADABLE = (
  row: string,
  verdict: string,
) => `(${row}.unknown_places <> 0 AND (${row}.unknown_places >> ($3::int - 1) & 1 = 1
  OR ${verdict} IS DISTINCT FROM 'covered' AND ${row}.unknown_places & ${SLOTS_OF_LIST} <> 0))`;
const VERDICT_OF_MEMBER = `CASE WHEN m.counted IS DISTINCT FROM 2 OR ${UNREADABLE('m', 'h.verdict')} THEN 'unknown'
  ELSE coalesce(h.verdict, 'missing') END`;

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

/** Counters of the domain and two totals, each with what is not folded yet. */
const SUMS = `
  WITH asked AS (SELECT domain_id FROM domain_ledger.domain WHERE name = ANY ($2::text[])),
  keys (place, domain_id) AS (
    SELECT place, domain_id FROM asked, (SELECT DISTINCT place FROM unnest(ARRAY[$3::smallint, $4::smallint, $5::smallint]) AS t (place)) AS p
    UNION ALL SELECT place, 0 FROM unnest(ARRAY[$6::smallint, $7::smallint]) AS t (place)
  ), steps AS (
    SELECT k.place, k.domain_id, u.uses AS step FROM keys k
      JOIN domain_ledger.domain_use u ON u.platform_id = $1 AND u.place = k.place AND u.domain_id = k.domain_id
    UNION ALL
    SELECT k.place, k.domain_id, d.step FROM keys k
      JOIN domain_ledger.domain_use_delta d ON d.platform_id = $1 AND d.domain_id = k.domain_id AND d.place = k.place
  ), sums AS (SELECT place, domain_id, sum(step) AS uses FROM steps GROUP BY place, domain_id)
  SELECT count(*) FILTER (WHERE place = $5 AND uses > 0)::int AS names,
         coalesce(sum(uses) FILTER (WHERE place = $3), 0)::int AS here,
         coalesce(sum(uses) FILTER (WHERE place = $4), 0)::int AS effective,
         coalesce(sum(uses) FILTER (WHERE place = $5), 0)::int AS anywhere,
         coalesce(sum(uses) FILTER (WHERE place = $6), 0)::int AS authorized,
         coalesce(sum(uses) FILTER (WHERE place = $7), 0)::int AS known
    FROM sums`;

/**
 * Contents that hold the domain in the list of any group, and what that is for the group asked about. `OFFSET 0` keeps the look-ups
 * look-ups: what an array holds has no statistics, so PostgreSQL would rather join whole tables than look a few times.
 */
const HITS = `
  lists AS MATERIALIZED (
    SELECT DISTINCT l.list_id
      FROM domain_ledger.domain d JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id] WHERE d.name = ANY ($2::text[])
  ), hits AS MATERIALIZED (
    SELECT c.content_id, ${VERDICT_OF_LISTS} AS verdict
      FROM lists l, LATERAL (
        SELECT content_id, list_ids FROM domain_ledger.domain_content WHERE list_ids @> ARRAY[l.list_id] OFFSET 0) AS c
     WHERE l.list_id IN (c.list_ids[($4::int[])[1]], c.list_ids[($4::int[])[2]], c.list_ids[($4::int[])[3]], c.list_ids[($4::int[])[4]])
     GROUP BY c.content_id
  )`;

/** What the contents of `members` hold of the domain; each content and each list is looked at once, however many share it. */
const HELD = `
  asked AS MATERIALIZED (SELECT array_agg(domain_id) AS ids FROM domain_ledger.domain WHERE name = ANY ($2::text[]) HAVING count(*) > 0),
  placed AS MATERIALIZED (
    SELECT c.content_id, c.list_ids[$3] AS here, c.list_ids[($4::int[])[4]] AS in_force, c.list_ids[($4::int[])[1]] AS l1,
           c.list_ids[($4::int[])[2]] AS l2, c.list_ids[($4::int[])[3]] AS l3
      FROM (SELECT DISTINCT content_id FROM members WHERE counted = 2) AS m JOIN domain_ledger.domain_content c USING (content_id)
  ), having_it AS MATERIALIZED (
    SELECT l.list_id
      FROM (SELECT DISTINCT u.list_id FROM placed, unnest(ARRAY[in_force, l1, l2, l3]) AS u (list_id)) AS used
      JOIN domain_ledger.domain_list l USING (list_id), asked
     WHERE l.domain_ids && asked.ids
  ), held AS MATERIALIZED (
    SELECT content_id, CASE WHEN here IN (TABLE having_it) THEN 'covered' WHEN in_force IN (TABLE having_it) THEN 'missing'
                            WHEN l1 IN (TABLE having_it) OR l2 IN (TABLE having_it) OR l3 IN (TABLE having_it) THEN 'pending' END AS verdict
      FROM placed
  )`;

/** Where the counters do not tell. In one statement with the totals, so that they fit together. */
const COUNTS_BY_CONTENT = `
  WITH ${HITS}, found AS (
    SELECT coalesce(sum(w.count) FILTER (WHERE h.verdict = 'covered'), 0)::int AS covered,
           coalesce(sum(w.count) FILTER (WHERE h.verdict = 'pending'), 0)::int AS pending
      FROM hits h, LATERAL (
        SELECT count(*) AS count FROM domain_ledger.watch WHERE platform_id = $1 AND content_id = h.content_id AND counted = 2) AS w
     WHERE h.verdict <> 'missing'
  ), totals AS (
    SELECT coalesce(sum(step) FILTER (WHERE place = $5), 0)::int AS authorized, coalesce(sum(step) FILTER (WHERE place = $6), 0)::int AS known
      FROM (SELECT place, uses AS step FROM domain_ledger.domain_use WHERE platform_id = $1 AND domain_id = 0 AND place = ANY (ARRAY[$5::smallint, $6::smallint])
             UNION ALL
            SELECT place, step FROM domain_ledger.domain_use_delta WHERE platform_id = $1 AND domain_id = 0 AND place = ANY (ARRAY[$5, $6])) AS steps
  )
  SELECT covered, pending, known - covered - pending AS missing, authorized - known AS unknown FROM found, totals`;

const COUNTS_OF_MERCHANTS = `
  WITH members AS MATERIALIZED (
    SELECT s.authorizer_id, w.counted, w.content_id, coalesce(w.unknown_places, 0) AS unknown_places
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.merchant_id = ANY ($5::text[])
  ), ${HELD}, judged AS (SELECT ${VERDICT_OF_MEMBER} AS verdict FROM members m LEFT JOIN held h USING (content_id))
  SELECT count(*) FILTER (WHERE verdict = 'covered')::int AS covered, count(*) FILTER (WHERE verdict = 'pending')::int AS pending,
         count(*) FILTER (WHERE verdict = 'missing')::int AS missing, count(*) FILTER (WHERE verdict = 'unknown')::int AS unknown
    FROM judged`;

/** Counted by the verdicts that the counters hold them under; there are few, and an index finds them. */
const COUNTS_OF_UNREAD = `
  WITH members AS MATERIALIZED (
    SELECT authorizer_id, counted, content_id, unknown_places FROM domain_ledger.watch
     WHERE platform_id = $1 AND unknown_places <> 0 AND counted = 2
  ), ${HELD}, judged AS (
    SELECT coalesce(h.verdict, 'missing') AS verdict FROM members m LEFT JOIN held h USING (content_id) WHERE ${UNREADABLE('m', 'h.verdict')}
  )
  SELECT count(*) FILTER (WHERE verdict = 'covered')::int AS covered, count(*) FILTER (WHERE verdict = 'pending')::int AS pending,
         count(*) FILTER (WHERE verdict = 'missing')::int AS missing, count(*)::int AS unknown
    FROM judged`;

const ITEM = `s.authorizer_id AS "authorizerId", s.authorizer_appid AS "authorizerAppid", s.merchant_id AS "merchantId",
  w.last_observed_at AS "observedAt", s.state, s.readable, w.unreadable_since AS "unreadableSince",
  w.unreadable_reason AS "unreadableReason"`;

/** Which mini programs a stretch passes, in the order of their ids. */
type Way = 'fleet' | 'drifting' | 'merchants';

/**
 * Of the whole platform the rows of the ledger alone tell who is authorized and known. What is pending is configured and not in
 * force, so that an index has everybody who can have it.
 */
const PASSED: Record<Way, string> = {
  fleet: `domain_ledger.watch w WHERE w.platform_id = $1 AND w.counted > 0 AND w.authorizer_id > $5
     ORDER BY w.authorizer_id LIMIT $8`,
  drifting: `domain_ledger.watch w
     WHERE w.platform_id = $1 AND w.drift_since IS NOT NULL AND w.counted = 2 AND w.authorizer_id > $5
     ORDER BY w.authorizer_id LIMIT $8`,
  merchants: `domain_ledger.subject s JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id > $5 AND s.merchant_id = ANY ($9::text[])
     ORDER BY s.authorizer_id LIMIT $8`,
};

/** One stretch of the fleet. At least one row comes back, which tells how far it went. Only those shown are looked up. */
const WALK = (way: Way) => `
  WITH members AS MATERIALIZED (
    SELECT w.authorizer_id, w.counted, w.content_id, w.unknown_places FROM ${PASSED[way]}
  ), ${HELD}, found AS MATERIALIZED (
    SELECT authorizer_id, verdict
      FROM (SELECT m.authorizer_id, ${VERDICT_OF_MEMBER} AS verdict FROM members m LEFT JOIN held h USING (content_id)) AS judged
     WHERE $7::text IS NULL OR verdict = $7
     ORDER BY authorizer_id LIMIT $6
  )
  SELECT shown.*, seen.seen, seen.last
    FROM (SELECT count(*)::int AS seen, max(authorizer_id) AS last FROM members) AS seen
    LEFT JOIN (
      SELECT ${ITEM}, f.verdict
        FROM found f
        JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = f.authorizer_id
        JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = f.authorizer_id) AS shown ON true
   ORDER BY "authorizerId"`;

const LISTS = `
  SELECT count(*)::int AS count FROM (
    SELECT FROM domain_ledger.domain d JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id]
     WHERE d.name = ANY ($1::text[]) LIMIT $2) AS found`;

/** Few have the domain: from its lists over their contents to the mini programs. */
const FEW_HAVE = `
  WITH ${HITS}, holders AS MATERIALIZED (
    SELECT w.* FROM hits h, LATERAL (
      SELECT authorizer_id, last_observed_at, unreadable_since, unreadable_reason, unknown_places FROM domain_ledger.watch
       WHERE platform_id = $1 AND content_id = h.content_id AND counted = 2 AND authorizer_id > $5 OFFSET 0) AS w
     WHERE h.verdict = $7::text AND NOT ${UNREADABLE('w', 'h.verdict')}
     ORDER BY w.authorizer_id LIMIT $6
  )
  SELECT ${ITEM}, $7::text AS verdict
    FROM holders w JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   ORDER BY w.authorizer_id`;

const UNKNOWN = `
  SELECT ${ITEM}, $7::text AS verdict
    FROM domain_ledger.watch w
    JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   WHERE w.platform_id = $1 AND w.counted = 1 AND w.authorizer_id > $5 AND ($2::text[], $3::int, $4::int[]) IS NOT NULL
   ORDER BY w.authorizer_id LIMIT $6`;
