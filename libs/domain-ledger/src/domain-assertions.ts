import { encodeCursor } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { positionOf, type Page, type PageRequest } from './domain-history.ts';
import { VERDICTS, askedName, type FleetScope, type Verdict } from './fleet-scope.ts';
import { DOMAIN_LISTS, type DomainList } from './places.ts';

export interface Assertion {
  domains: readonly { list: DomainList; domain: string }[];
  merchantIds?: readonly string[] | undefined;
  authorizerAppids?: readonly string[] | undefined;
  /** Evidence older than this, in ms, counts as `unknown`. */
  maxAgeMs?: number | undefined;
}

export interface AssertionItem {
  authorizer_appid: string;
  merchant_id: string | null;
  /** The worst of its domains. */
  verdict: Verdict;
  observed_at: string | null;
  domains: { list: DomainList; domain: string; verdict: Verdict }[];
}

/** A mini program whose evidence is older than asked for, and that may be read. */
export interface StaleSubject {
  authorizerId: number;
  authorizerAppid: string;
}

interface Row {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  readable: boolean;
  observedAt: Date | null;
  fresh: boolean;
  counted: number | null;
  /** Per domain asked: 2 in force, 1 configured only, 0 neither. */
  held: number[];
}

/**
 * Whether mini programs are ready for what a release needs. Evidence is the latest observation, with its age; mini
 * programs in state authorized only.
 */
export class DomainAssertions {
  /**
   * A page of verdicts, by id. With `refresh`, what is stale on this page is asked of WeChat first: `refresh` gets those
   * subjects, settles when it is done with all of them, and never rejects for a single one.
   */
  async page(
    sql: Sql,
    scope: FleetScope,
    assertion: Assertion,
    page: PageRequest,
    refresh?: (stale: readonly StaleSubject[]) => Promise<void>,
  ): Promise<Page<AssertionItem>> {
    let rows = await this.read(sql, scope, assertion, page);
    if (refresh) {
      const stale = rows.slice(0, page.limit).filter((row) => row.readable && (!row.fresh || row.counted !== 2));
      if (stale.length > 0) {
        await refresh(stale.map(({ authorizerId, authorizerAppid }) => ({ authorizerId, authorizerAppid })));
        rows = await this.read(sql, scope, assertion, page);
      }
    }
    const shown = rows.slice(0, page.limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => itemOf(row, assertion)),
      next_cursor: rows.length > page.limit && last ? encodeCursor('assertions', [last.authorizerId]) : null,
    };
  }

  private read(sql: Sql, scope: FleetScope, assertion: Assertion, page: PageRequest): Promise<Row[]> {
    const after = page.cursor ? positionOf('assertions', page.cursor, ['number'])[0] : 0;
    const lists = assertion.domains.map(({ list }) => DOMAIN_LISTS.indexOf(list));
    return sql.query<Row>(ASSERTED, [
      scope.platformId,
      after,
      page.limit + 1,
      merchantsOf(scope, assertion),
      assertion.authorizerAppids ?? null,
      assertion.domains.map(({ domain, list }) => askedName(domain, list)),
      lists,
      assertion.maxAgeMs ?? null,
    ]);
  }
}

function merchantsOf(scope: FleetScope, assertion: Assertion): readonly string[] | null {
  if (!assertion.merchantIds) return scope.merchantIds;
  const { merchantIds } = scope;
  return merchantIds === null ? assertion.merchantIds : assertion.merchantIds.filter((id) => merchantIds.includes(id));
}

/** The page is found first; then each of its contents, not each mini program, is asked about each domain. */
const ASSERTED = `
  WITH members AS MATERIALIZED (
    SELECT s.authorizer_id, s.authorizer_appid, s.merchant_id, s.readable, w.last_observed_at, w.counted, w.content_id,
           coalesce($8::float8 IS NULL OR w.last_observed_at >= wxfleet.now() - $8::float8 * interval '1 ms', false) AS fresh
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id > $2
       AND ($4::text[] IS NULL OR s.merchant_id = ANY ($4))
       AND ($5::text[] IS NULL OR s.authorizer_appid = ANY ($5))
     ORDER BY s.authorizer_id LIMIT $3
  ), asked AS MATERIALIZED (
    SELECT t.ord, t.list, d.domain_id
      FROM unnest($6::text[], $7::int[]) WITH ORDINALITY AS t (name, list, ord)
      LEFT JOIN domain_ledger.domain d USING (name)
  ), held AS MATERIALIZED (
    SELECT c.content_id, array_agg(coalesce(h.level, 0) ORDER BY a.ord) AS held
      FROM (SELECT DISTINCT content_id FROM members WHERE content_id IS NOT NULL) m
      JOIN domain_ledger.domain_content c USING (content_id)
     CROSS JOIN asked a
      LEFT JOIN LATERAL (
        SELECT max(CASE WHEN l.list_id = c.list_ids[a.list + 19] THEN 2 ELSE 1 END) AS level
          FROM domain_ledger.domain_list l
         WHERE l.list_id IN (c.list_ids[a.list + 1], c.list_ids[a.list + 7], c.list_ids[a.list + 13], c.list_ids[a.list + 19])
           AND l.domain_ids @> ARRAY[a.domain_id]) h ON a.domain_id IS NOT NULL
     GROUP BY c.content_id
  )
  SELECT m.authorizer_id AS "authorizerId", m.authorizer_appid AS "authorizerAppid", m.merchant_id AS "merchantId",
         m.readable, m.last_observed_at AS "observedAt", m.fresh, m.counted, coalesce(h.held, '{}') AS held
    FROM members m LEFT JOIN held h USING (content_id)
   ORDER BY m.authorizer_id`;

function itemOf(row: Row, assertion: Assertion): AssertionItem {
  const known = row.counted === 2 && row.fresh;
  const domains = assertion.domains.map(({ list, domain }, index) => {
    const level = row.held[index] ?? 0;
    const verdict: Verdict = !known ? 'unknown' : level === 2 ? 'covered' : level === 1 ? 'pending' : 'missing';
    return { list, domain, verdict };
  });
  return {
    authorizer_appid: row.authorizerAppid,
    merchant_id: row.merchantId,
    verdict:
      VERDICTS.find((verdict) => domains.some((each) => each.verdict === verdict)) ?? (known ? 'covered' : 'unknown'),
    observed_at: row.observedAt?.toISOString() ?? null,
    domains,
  };
}
