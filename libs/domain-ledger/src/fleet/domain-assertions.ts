import { Injectable } from '@nestjs/common';
import { encodeCursor, type UnknownReason } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { unknownReason, type Readability } from '../history/unknown-reason.ts';
import { positionOf, type Page, type PageRequest } from '../history/domain-history.ts';
import { VERDICTS, type FleetScope, type Verdict } from './fleet-scope.ts';
import { domainCandidates } from '../lists/normalise.ts';
import { DOMAIN_LISTS, slotMask, slotsOf, slotIndex, type DomainList } from '../lists/slots.ts';

export interface Assertion {
  domains: readonly { list: DomainList; domain: string }[];
  merchantIds?: readonly string[] | undefined;
  /** Each of them is answered, also those of whom nothing may be said: `unknown`. */
  authorizerAppids?: readonly string[] | undefined;
  /** Evidence older than this, in ms, counts as `unknown`. */
  maxAgeMs?: number | undefined;
}

export interface AssertionItem {
  authorizer_appid: string;
  merchant_id: string | null;
  /** The worst of its domains. */
  verdict: Verdict;
  /** Why the verdict is unknown; else null. */
  reason: UnknownReason | null;
  observed_at: string | null;
  domains: { list: DomainList; domain: string; verdict: Verdict }[];
}

/** A mini program whose evidence is older than asked for, and that may be read. */
export interface StaleSubject {
  authorizerId: number;
  authorizerAppid: string;
}

type Refresh = (stale: readonly StaleSubject[]) => Promise<void>;

interface Row extends Readability {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  readable: boolean;
  observedAt: Date | null;
  fresh: boolean;
  counted: number | null;
  /** Lists of which the latest answer said nothing that can be read, as a bit mask of slots. */
  unknownSlots: number;
  /** Per domain asked: 2 in force, 1 configured only, 0 neither. */
  held: number[];
}

/** The rows of a page: those behind an id, or those of named appids. */
interface Portion {
  after: number;
  limit: number;
  named: readonly string[] | null;
}

/**
 * Whether mini programs are ready for what a release needs. Evidence is the latest observation, with its age; mini
 * programs in state authorized only. Who is named is answered in any case: silence about a misspelt appid would look like
 * consent. Foreign, unauthorized and invented ones look the same.
 */
@Injectable()
export class DomainAssertions {
  /**
   * A page of verdicts, by id, or by appid where they were named: each keeps its place, whatever becomes known meanwhile. With `refresh`, what is stale on this page is asked of WeChat first: `refresh` gets those
   * subjects, settles when it is done with all of them, and never rejects for a single one.
   */
  async page(
    sql: Sql,
    scope: FleetScope,
    assertion: Assertion,
    page: PageRequest,
    refresh?: Refresh,
  ): Promise<Page<AssertionItem>> {
    const { authorizerAppids } = assertion;
    if (authorizerAppids) return this.pageOfNamed(sql, scope, assertion, authorizerAppids, page, refresh);
    const after = page.cursor ? positionOf('assertions', page.cursor, ['number'])[0] : 0;
    const read = () => this.read(sql, scope, assertion, { after, limit: page.limit + 1, named: null });
    const rows = await refreshed(read, page.limit, refresh);
    const shown = rows.slice(0, page.limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => itemOf(row, assertion)),
      next_cursor: rows.length > page.limit && last ? encodeCursor('assertions', [last.authorizerId]) : null,
    };
  }

  private async pageOfNamed(
    sql: Sql,
    scope: FleetScope,
    assertion: Assertion,
    authorizerAppids: readonly string[],
    page: PageRequest,
    refresh?: Refresh,
  ): Promise<Page<AssertionItem>> {
    const after = page.cursor ? positionOf('assertions', page.cursor, ['string'])[0] : '';
    const left = [...new Set(authorizerAppids)].sort().filter((appid) => appid > after);
    const named = left.slice(0, page.limit);
    const read = () => this.read(sql, scope, assertion, { after: 0, limit: named.length, named });
    const rows = await refreshed(read, page.limit, refresh);
    const found = new Map(rows.map((row) => [row.authorizerAppid, row]));
    const last = named.at(-1);
    return {
      items: named.map((appid) => {
        const row = found.get(appid);
        return row ? itemOf(row, assertion) : strangerOf(appid, assertion);
      }),
      next_cursor: left.length > named.length && last !== undefined ? encodeCursor('assertions', [last]) : null,
    };
  }

  private read(sql: Sql, scope: FleetScope, assertion: Assertion, { after, limit, named }: Portion): Promise<Row[]> {
    const names = assertion.domains.map(({ domain, list }) => domainCandidates(domain, list));
    return sql.query<Row>(ASSERTED, [
      scope.platformId,
      after,
      limit,
      merchantsOf(scope, assertion),
      named,
      names.flat(),
      names.flatMap((each, index) => each.map(() => index)),
      assertion.maxAgeMs ?? null,
      assertion.domains.map(({ list }) => DOMAIN_LISTS.indexOf(list)),
    ]);
  }
}

/** Reads again when what was stale has been asked of WeChat. */
async function refreshed(read: () => Promise<Row[]>, limit: number, refresh?: Refresh): Promise<Row[]> {
  const rows = await read();
  const stale = rows.slice(0, limit).filter((row) => row.readable && (!row.fresh || row.counted !== 2));
  if (!refresh || stale.length === 0) return rows;
  await refresh(stale.map(({ authorizerId, authorizerAppid }) => ({ authorizerId, authorizerAppid })));
  return read();
}

function merchantsOf(scope: FleetScope, assertion: Assertion): readonly string[] | null {
  if (!assertion.merchantIds) return scope.merchantIds;
  const { merchantIds } = scope;
  return merchantIds === null ? assertion.merchantIds : assertion.merchantIds.filter((id) => merchantIds.includes(id));
}

/** The page is found first; then each of its contents, not each mini program, is asked about each domain. */
const ASSERTED = `
  WITH members AS MATERIALIZED (
    SELECT s.authorizer_id, s.authorizer_appid, s.merchant_id, s.state, s.readable, w.unknown_places, w.unreadable_since, w.unreadable_reason, w.last_observed_at, w.counted, w.content_id,
           coalesce($8::float8 IS NULL OR w.last_observed_at >= wxfleet.now() - $8::float8 * interval '1 ms', false) AS fresh
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id > $2
       AND ($4::text[] IS NULL OR s.merchant_id = ANY ($4))
       AND ($5::text[] IS NULL OR s.authorizer_appid = ANY ($5))
     ORDER BY s.authorizer_id LIMIT $3
  ), asked AS MATERIALIZED (
    SELECT t.ord, ($9::int[])[t.ord + 1] AS list, array_agg(d.domain_id) FILTER (WHERE d.domain_id IS NOT NULL) AS ids
      FROM unnest($6::text[], $7::int[]) AS t (name, ord)
      LEFT JOIN domain_ledger.domain d USING (name)
     GROUP BY t.ord
  ), held AS MATERIALIZED (
    SELECT c.content_id, array_agg(coalesce(h.level, 0) ORDER BY a.ord) AS held
      FROM (SELECT DISTINCT content_id FROM members WHERE content_id IS NOT NULL) m
      JOIN domain_ledger.domain_content c USING (content_id)
     CROSS JOIN asked a
      LEFT JOIN LATERAL (
        SELECT max(CASE WHEN l.list_id = c.list_ids[a.list + 19] THEN 2 ELSE 1 END) AS level
          FROM domain_ledger.domain_list l
         WHERE l.list_id IN (c.list_ids[a.list + 1], c.list_ids[a.list + 7], c.list_ids[a.list + 13], c.list_ids[a.list + 19])
           AND l.domain_ids && a.ids) h ON a.ids IS NOT NULL
     GROUP BY c.content_id
  )
  SELECT m.authorizer_id AS "authorizerId", m.authorizer_appid AS "authorizerAppid", m.merchant_id AS "merchantId",
         m.state, m.readable, coalesce(m.unknown_places, 0) AS "unknownSlots", m.unreadable_since AS "unreadableSince", m.unreadable_reason AS "unreadableReason",
         m.last_observed_at AS "observedAt", m.fresh, m.counted, coalesce(h.held, '{}') AS held
    FROM members m LEFT JOIN held h USING (content_id)
   ORDER BY m.authorizer_id`;

function itemOf(row: Row, assertion: Assertion): AssertionItem {
  const known = row.counted === 2 && row.fresh;
  const domains = assertion.domains.map(({ list, domain }, index) => {
    const level = row.held[index] ?? 0;
    const verdict: Verdict =
      !known || isUnread(row, list, level)
        ? 'unknown'
        : ((['missing', 'pending', 'covered'] as const)[level] ?? 'missing');
    return { list, domain, verdict };
  });
  const verdict = VERDICTS.find((each) => domains.some((of) => of.verdict === each)) ?? (known ? 'covered' : 'unknown');
  return {
    authorizer_appid: row.authorizerAppid,
    merchant_id: row.merchantId,
    verdict,
    reason: verdict === 'unknown' ? reasonOf(row) : null,
    observed_at: row.observedAt?.toISOString() ?? null,
    domains,
  };
}

/** Nothing can be said of a list that came in a form that cannot be read: in force, or where the domain is not in force, in any group. */
function isUnread({ unknownSlots }: Row, list: DomainList, level: number): boolean {
  if (unknownSlots === 0) return false;
  const relevant = level === 2 ? [slotIndex('effective_domain', list)] : slotsOf(null, list);
  return (unknownSlots & slotMask(relevant)) !== 0;
}

function reasonOf(row: Row): UnknownReason {
  if (row.counted === 2 && !row.fresh)
    return { code: 'evidence_too_old', since: row.observedAt?.toISOString() ?? null };
  return unknownReason({ ...row, observed: row.observedAt !== null });
}

/** Not authorized, not a mini program, not of the key's merchants, or not there at all. */
function strangerOf(appid: string, assertion: Assertion): AssertionItem {
  return {
    authorizer_appid: appid,
    merchant_id: null,
    verdict: 'unknown',
    // The same for all of them: an account of somebody else must not be told from one that does not exist.
    reason: { code: 'unauthorized', since: null },
    observed_at: null,
    domains: assertion.domains.map(({ list, domain }) => ({ list, domain, verdict: 'unknown' })),
  };
}
