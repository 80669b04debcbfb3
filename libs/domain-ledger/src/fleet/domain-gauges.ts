import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '#libs/kernel';
import { dropped } from './dropped-domains.ts';
import type { FleetScope } from './fleet-scope.ts';
import { DIRECT_LIMIT, EDIT_LIMIT, LIST_LIMIT } from '../lists/limits.ts';
import { groupOf, listOf, type DomainGroup, type DomainList } from '../lists/slots.ts';
import { MONTH } from '../record/monthly-edits.ts';
import { PlatformLists } from './platform-lists.ts';
import { mostPrincipals } from './principals-of-domains.ts';

const SHOWN = 50;

export interface DomainGauges {
  /** The fullest lists. */
  lists: {
    authorizer_appid: string;
    merchant_id: string | null;
    group: DomainGroup;
    list: DomainList;
    count: number;
    limit: number;
    observed_at: string;
  }[];
  /** Domains set by the direct way, by the number of principals that use them. */
  domains: { domain: string; count: number; limit: number; observed_at: string }[];
  /**
   * Edits seen this month (Beijing time): a lower bound. Edits between two observations are seen as one, and what was seen first
   * this month but may have been done last month is none.
   */
  edits: {
    authorizer_appid: string;
    merchant_id: string | null;
    count: number;
    limit: number;
    lower_bound: true;
    since: string;
    observed_at: string;
  }[];
  /**
   * Domains in force that are not in the platform's own list: dropped at the next release. Counted where they are not in
   * `direct_domain`, which needs no such list. `null`: that list was never fetched.
   */
  at_risk: { domain: string; list: DomainList; count: number; limit: null; observed_at: string }[] | null;
}

/** How near the fleet is to WeChat's limits: the 50 nearest of each kind. */
@Injectable()
export class DomainGaugeReader {
  constructor(@Inject(PlatformLists) private readonly platformLists: Pick<PlatformLists, 'current'>) {}

  async read(sql: Sql, scope: FleetScope): Promise<DomainGauges> {
    return {
      lists: await this.lists(sql, scope),
      domains: await this.domains(sql, scope),
      edits: await this.edits(sql, scope),
      at_risk: await this.atRisk(sql, scope),
    };
  }

  private async lists(sql: Sql, scope: FleetScope): Promise<DomainGauges['lists']> {
    const rows = await sql.query<{ appid: string; merchant: string | null; place: number; count: number; at: Date }>(
      `SELECT s.authorizer_appid AS appid, s.merchant_id AS merchant, l.place, l.count, w.last_observed_at AS at
         FROM (SELECT w.content_id, w.authorizer_id, w.last_observed_at
                 FROM domain_ledger.watch w
                ${mine(scope, 'w', '$3')}
                WHERE w.platform_id = $1 AND w.counted = 2 AND w.largest > 0
                ORDER BY w.largest DESC, w.authorizer_id LIMIT $2) w
         JOIN domain_ledger.domain_content c USING (content_id)
         JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id,
         LATERAL (SELECT (u.ord - 1)::int AS place, cardinality(dl.domain_ids) AS count
                    FROM unnest(c.list_ids) WITH ORDINALITY AS u (list_id, ord)
                    JOIN domain_ledger.domain_list dl ON dl.list_id = u.list_id
                   ORDER BY 2 DESC, 1 LIMIT 1) l
        ORDER BY l.count DESC, appid`,
      [scope.platformId, SHOWN, ...(scope.merchantIds ? [scope.merchantIds] : [])],
    );
    return rows.map(({ appid, merchant, place, count, at }) => ({
      authorizer_appid: appid,
      merchant_id: merchant,
      group: groupOf(place),
      list: listOf(place),
      count,
      limit: LIST_LIMIT,
      observed_at: at.toISOString(),
    }));
  }

  private async domains(sql: Sql, scope: FleetScope): Promise<DomainGauges['domains']> {
    const most = await mostPrincipals(sql, scope, SHOWN);
    return most.map(({ name, count, at }) => ({
      domain: name,
      count,
      limit: DIRECT_LIMIT,
      observed_at: at.toISOString(),
    }));
  }

  /** Changes of what can be edited from outside since the month began in Beijing. */
  private async edits(sql: Sql, scope: FleetScope): Promise<DomainGauges['edits']> {
    const rows = await sql.query<{ appid: string; merchant: string | null; count: number; since: Date; at: Date }>(
      `WITH month AS MATERIALIZED (${MONTH}), most AS (
         SELECT w.authorizer_id, w.edits AS count, w.last_observed_at
           FROM domain_ledger.watch w
           ${mine(scope, 'w', '$3')}
          WHERE w.platform_id = $1 AND w.counted > 0 AND w.edits > 0 AND w.edits_month = (SELECT month FROM month)
          ORDER BY w.edits DESC, w.authorizer_id LIMIT $2)
       SELECT a.authorizer_appid AS appid, a.merchant_id AS merchant, e.count, m.began AS since, e.last_observed_at AS at
         FROM most e CROSS JOIN month m
         JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = e.authorizer_id
        ORDER BY e.count DESC, appid`,
      [scope.platformId, SHOWN, ...(scope.merchantIds ? [scope.merchantIds] : [])],
    );
    return rows.map(({ appid, merchant, count, since, at }) => ({
      authorizer_appid: appid,
      merchant_id: merchant,
      count,
      limit: EDIT_LIMIT,
      lower_bound: true,
      since: since.toISOString(),
      observed_at: at.toISOString(),
    }));
  }

  private async atRisk(sql: Sql, scope: FleetScope): Promise<DomainGauges['at_risk']> {
    const own = await this.platformLists.current(sql, scope.platformId);
    if (!own?.published) return null;
    const rows = await dropped(sql, scope, own.published, SHOWN);
    return rows.map(({ name, place, count }) => ({
      domain: name,
      list: listOf(place),
      count,
      limit: null,
      observed_at: own.lastObservedAt.toISOString(),
    }));
  }
}

/** Limits a row to the caller's merchants, where there is a limit. */
function mine(scope: FleetScope, row: string, merchants: string): string {
  if (scope.merchantIds === null) return '';
  return `JOIN domain_ledger.subject mine ON mine.platform_id = $1 AND mine.authorizer_id = ${row}.authorizer_id
   AND mine.merchant_id = ANY (${merchants}::text[])`;
}
