import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ComponentAccounts } from '#libs/custody';
import { EventWriter } from '#libs/events';
import { HOUR_MS, Database, Log, Ticks } from '#libs/kernel';
import { DIRECT_LIMIT, firstOfLevels, levelOf } from '../lists/limits.ts';
import { mostPrincipals } from './principals-of-domains.ts';

const EVERY_MS = HOUR_MS;
/** Domains of one platform that are looked at; those with the most principals. */
const MOST = 1000;

/**
 * Tells when as many principals have a domain by the direct way that the limit is near. Such a count changes with snapshots,
 * authorizations and names of principals alike, so that it is taken once an hour; the level that was told is kept, and an event is
 * written in the transaction that raises it.
 */
@Injectable()
export class PrincipalLimits {
  constructor(
    private readonly db: Database,
    private readonly events: EventWriter,
    private readonly accounts: ComponentAccounts,
    private readonly ticks: Ticks,
    private readonly log: Log,
  ) {}

  @Interval('principal_limits', EVERY_MS)
  tick(): Promise<void> {
    return this.ticks.run('principal_limits', (signal) => this.checkAll(signal));
  }

  /** One platform's failure is logged and keeps no other from its turn. */
  async checkAll(signal?: AbortSignal): Promise<void> {
    for (const { platformId, componentAppid } of await this.accounts.refs()) {
      if (signal?.aborted) return;
      await this.check(platformId).catch((error: unknown) =>
        this.log.warn('principal_limits.check_failed', { component_appid: componentAppid, error }),
      );
    }
  }

  /** Counts a platform unless another process does so or has done so within the hour. @returns events written */
  check(platformId: number): Promise<number> {
    return this.db.transaction(async (sql) => {
      await sql.run('INSERT INTO domain_ledger.principal_check (platform_id) VALUES ($1) ON CONFLICT DO NOTHING', [
        platformId,
      ]);
      const claimed = await sql.run(
        `UPDATE domain_ledger.principal_check SET checked_at = wxfleet.now()
          WHERE platform_id IN (SELECT platform_id FROM domain_ledger.principal_check
                                 WHERE platform_id = $1 AND checked_at <= wxfleet.now() - make_interval(secs => $2)
                                   FOR UPDATE SKIP LOCKED)`,
        [platformId, (EVERY_MS * 0.9) / 1000],
      );
      if (claimed === 0) return 0;
      const most = await mostPrincipals(sql, { platformId, merchantIds: null }, MOST);
      const near = most.filter(({ count }) => count >= firstOfLevels(DIRECT_LIMIT));
      const raised = await sql.query<{ domain: string; count: number; level: 80 | 95 | 100 }>(
        `WITH near AS (
           SELECT * FROM unnest($2::text[], $3::int[], $4::int[]) AS n (domain, count, level)
         ), fallen AS (
           DELETE FROM domain_ledger.principal_level l
            WHERE platform_id = $1 AND NOT EXISTS (SELECT FROM near n WHERE n.domain = l.domain)
         ), told AS (
           SELECT n.*, coalesce(l.level, 0) AS was
             FROM near n LEFT JOIN domain_ledger.principal_level l ON l.platform_id = $1 AND l.domain = n.domain
         ), kept AS (
           INSERT INTO domain_ledger.principal_level AS l (platform_id, domain, level, count)
           SELECT $1, domain, level, count FROM told
           ON CONFLICT (platform_id, domain) DO UPDATE SET level = excluded.level, count = excluded.count, at = wxfleet.now()
            WHERE l.level <> excluded.level
         )
         SELECT domain, count, level FROM told WHERE level > was ORDER BY count DESC, domain COLLATE "C"`,
        [
          platformId,
          near.map(({ name }) => name),
          near.map(({ count }) => count),
          near.map(({ count }) => levelOf(count, DIRECT_LIMIT)),
        ],
      );
      await this.events.write(
        sql,
        raised.map(({ domain, count, level }) => ({
          platformId,
          type: 'domains.limit' as const,
          merchantId: null,
          data: { limit: 'principals_100' as const, group: null, list: null, domain, count, level },
        })),
      );
      return raised.length;
    });
  }
}
