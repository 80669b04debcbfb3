import { createHash } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { ComponentTokens, type PlatformRef } from '#libs/custody';
import { EventWriter } from '#libs/events';
import { Database, type Sql } from '#libs/kernel';
import { ComponentApi, type ServerDomainLists } from '#libs/wechat';
import { accountsThatUse } from './dropped-domains.ts';
import { normaliseDomain } from '../lists/normalise.ts';
import { PRESENT } from '../record/watch-rows.sql.ts';

/** The platform's own server domains as last fetched. Hosts in normal form, sorted; null where WeChat sent none. */
export interface PlatformList {
  published: string[] | null;
  testing: string[] | null;
  firstObservedAt: Date;
  lastObservedAt: Date;
}

/**
 * The platform's own list of server domains (WeChat page 'modifyThirdpartyServerDomain', action `get`: it changes
 * nothing), with its history and the first body of each state of it. On a release through the platform, what is not in it is dropped from the mini program.
 */
@Injectable()
export class PlatformLists {
  constructor(
    private readonly db: Database,
    @Inject(ComponentTokens) private readonly tokens: Pick<ComponentTokens, 'call'>,
    @Inject(ComponentApi) private readonly api: Pick<ComponentApi, 'getServerDomainList'>,
    @Optional() @Inject(EventWriter) private readonly events: EventWriter | null = null,
  ) {}

  /** Asks WeChat and records the answer, ordered by when it was asked. @returns whether it differs from the one before */
  async fetch(platform: PlatformRef): Promise<{ changed: boolean }> {
    const { db, tokens, api } = this;
    const [clock] = await db.query<{ now: Date }>('SELECT wxfleet.now() AS now');
    if (!clock) throw new Error('the database did not say what time it is');
    const lists = await tokens.call(platform, (token) =>
      api.getServerDomainList({ componentAppid: platform.componentAppid, priority: 'background' }, token),
    );
    return db.transaction((sql) => this.record(sql, platform.platformId, lists, clock.now));
  }

  /** The latest observation, or null while it was never fetched. */
  async current(sql: Sql, platformId: number): Promise<PlatformList | null> {
    const [row] = await sql.query<PlatformList>(
      `SELECT published, testing, first_observed_at AS "firstObservedAt", last_observed_at AS "lastObservedAt"
         FROM domain_ledger.platform_list WHERE platform_id = $1 ORDER BY no DESC LIMIT 1`,
      [platformId],
    );
    return row ?? null;
  }

  /** Fetches what is older than `intervalMs`; one platform's failure keeps no other from its turn. */
  async ensureFresh(
    platforms: readonly PlatformRef[],
    intervalMs: number,
    failed: (platform: PlatformRef, error: unknown) => void,
  ): Promise<number> {
    const rows = await this.db.query<{ platformId: number }>(
      `SELECT id AS "platformId" FROM unnest($1::int[]) AS t (id)
        WHERE NOT EXISTS (SELECT 1 FROM domain_ledger.platform_list l
                           WHERE l.platform_id = id AND l.last_observed_at > wxfleet.now() - $2 * interval '1 ms'
                             AND l.last_observed_at <= ${PRESENT})`,
      [platforms.map((platform) => platform.platformId), intervalMs],
    );
    const due = new Set(rows.map((row) => row.platformId));
    let fetched = 0;
    for (const platform of platforms.filter(({ platformId }) => due.has(platformId))) {
      try {
        await this.fetch(platform);
        fetched += 1;
      } catch (error) {
        failed(platform, error);
      }
    }
    return fetched;
  }

  private async record(
    sql: Sql,
    platformId: number,
    lists: ServerDomainLists,
    askedAt: Date,
  ): Promise<{ changed: boolean }> {
    const published = hostsOf(lists.published);
    const testing = hostsOf(lists.testing);
    const digest = createHash('sha256')
      .update(JSON.stringify([published, testing]))
      .digest();
    // One observation after the other.
    await sql.query('SELECT pg_advisory_xact_lock($1, $2)', [LIST_LOCK, platformId]);
    // A clock that was fast put these into the future: when they were observed is not known, only that it is past.
    await sql.run(
      `UPDATE domain_ledger.platform_list
          SET first_observed_at = least(first_observed_at, $2::timestamptz - interval '1 ms'),
              last_observed_at = least(last_observed_at, $2::timestamptz - interval '1 ms')
        WHERE platform_id = $1 AND last_observed_at > ${PRESENT}`,
      [platformId, askedAt],
    );
    const [latest] = await sql.query<{ no: number; digest: Buffer; published: string[] | null; lastObservedAt: Date }>(
      `SELECT no, digest, published, last_observed_at AS "lastObservedAt" FROM domain_ledger.platform_list
        WHERE platform_id = $1 ORDER BY no DESC LIMIT 1`,
      [platformId],
    );
    if (latest && latest.lastObservedAt >= askedAt) return { changed: false };
    if (latest?.digest.equals(digest)) {
      await sql.run(
        `UPDATE domain_ledger.platform_list
            SET last_observed_at = $3, last_answered_at = wxfleet.now(), observations = observations + 1
          WHERE platform_id = $1 AND no = $2`,
        [platformId, latest.no, askedAt],
      );
      return { changed: false };
    }
    await sql.run(
      `INSERT INTO domain_ledger.platform_list
         (platform_id, no, digest, published, testing, body, first_observed_at, last_observed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [platformId, (latest?.no ?? 0) + 1, digest, published, testing, lists.raw, askedAt],
    );
    if (latest?.published && published) await this.tell(sql, platformId, latest.published, published);
    return { changed: true };
  }

  private async tell(sql: Sql, platformId: number, before: readonly string[], now: readonly string[]): Promise<void> {
    const added = now.filter((host) => !before.includes(host));
    const removed = before.filter((host) => !now.includes(host));
    if (!this.events || added.length + removed.length === 0) return;
    const would_drop = removed.length === 0 ? 0 : await accountsThatUse(sql, platformId, removed);
    await this.events.write(sql, [
      { type: 'platform_domains.changed', platformId, data: { added, removed, would_drop } },
    ]);
  }
}

const LIST_LOCK = 7_309_302;

/** Bare hosts: one user got them back with a scheme, so that is taken off. */
function hostsOf(list: readonly string[] | null): string[] | null {
  return list && [...new Set(list.map(hostOf))].sort();
}

/** Host of a domain in normal form, without scheme, port and path. */
export function hostOf(domain: string): string {
  return normaliseDomain(domain)
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '');
}
