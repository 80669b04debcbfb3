import { scopes } from '#libs/contract';
import { ComponentAccounts } from '#libs/custody';
import { eventsSealedTables } from '#libs/events';
import { KeyRing, Sealer, type Sql, type Tenant } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

/** Whose something is: every text that belongs to a merchant or a platform has its mark in it. */
export const MARKS = ['alfa-platform', 'alfa-one', 'alfa-two', 'bravo-platform', 'bravo-one', 'bravo-two'] as const;
export type Mark = (typeof MARKS)[number];

/** Somebody with a key, and the marks they may see. */
export interface Viewer {
  name: string;
  key: string;
  tenant: Tenant;
  componentAppid: string;
  may: readonly Mark[];
}

/**
 * Two platforms with the same merchant ids, a mini program for each merchant, and something of each in every table. What
 * one of them may not see is recognised by its mark, wherever it turns up.
 */
export class TwoTenants {
  readonly viewers: Viewer[] = [];
  readonly platformIds: Record<string, number> = {};
  readonly authorizerIds: Record<string, number> = {};
  readonly snapshotIds: Record<string, string> = {};

  private constructor(readonly world: HubWorld) {}

  static async start(env: Record<string, string> = {}): Promise<TwoTenants> {
    const tenants = new TwoTenants(await HubWorld.start(env));
    try {
      for (const side of ['alfa', 'bravo']) await tenants.furnish(side);
      await tenants.fillTheRest();
      await tenants.world.db.transaction((sql) => tenants.fillInPassing(sql));
      await tenants.seal();
      return tenants;
    } catch (error) {
      await tenants.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.world.stop();
  }

  /** Marks that the viewer must not meet. */
  forbidden(viewer: Viewer): Mark[] {
    return MARKS.filter((mark) => !viewer.may.includes(mark));
  }

  private async furnish(side: string): Promise<void> {
    const { world } = this;
    const componentAppid = `wx-${side}-platform`;
    const base = `/v1/platforms/${componentAppid}`;
    await world.platform(componentAppid);
    for (const [merchantId, nick] of [
      ['m1', 'one'],
      ['m2', 'two'],
    ] as const) {
      const mark = `${side}-${nick}`;
      await this.post(`${base}/merchants`, { merchant_id: merchantId, name: `Merchant ${mark}` }, mark);
      await world.miniProgram(componentAppid, `wx-${mark}`, { merchantId });
      world.simulator.world.setDomains(`wx-${mark}`, {
        mp_domain: { requestdomain: [`https://${mark}.example`, 'https://everybody.example'] },
        effective_domain: { requestdomain: [`https://${mark}.example`] },
      });
      await this.post(`${base}/authorizers/wx-${mark}/access-token`, {});
      this.snapshotIds[mark] = (await this.post(`${base}/authorizers/wx-${mark}/snapshots`)).id as string;
      world.simulator.world.setDomains(`wx-${mark}`, {
        effective_domain: { requestdomain: [`https://${mark}.example`, `https://new.${mark}.example`] },
      });
      await this.post(`${base}/authorizers/wx-${mark}/snapshots`);
      const link = await this.post(`${base}/authorization-links`, {
        merchant_id: merchantId,
        page: 'pc',
        return_url: `https://${mark}.example/back`,
      });
      await this.world.call('GET', new URL(String(link['url'])).pathname, { key: null });
    }
    await this.post(`${base}/sweeps`);
    await this.post(`${base}/reconciliations`);
    await this.viewersOf(side, componentAppid);
  }

  private async viewersOf(side: string, componentAppid: string): Promise<void> {
    const platformId = (await this.world.hub.get(ComponentAccounts).ref(componentAppid))!.platformId;
    this.platformIds[componentAppid] = platformId;
    const add = async (name: string, merchantIds: string[] | null, may: readonly string[]) =>
      this.viewers.push({
        name,
        key: await this.world.apiKey(componentAppid, { scopes, ...(merchantIds ? { merchantIds } : {}) }),
        tenant: { platformId, merchantIds },
        componentAppid,
        may: may.map((nick) => `${side}-${nick}` as Mark),
      });
    await add(side, null, ['platform', 'one', 'two']);
    await add(`${side} limited to one`, ['m1'], ['platform', 'one']);
    await add(`${side} limited to two`, ['m2'], ['platform', 'two']);
  }

  /** Rows that bookkeeping takes away again, whenever it comes by: for a look in the same transaction. */
  async fillInPassing(sql: Sql): Promise<void> {
    for (const platformId of Object.values(this.platformIds)) {
      // Of no domain that there is: it must not count for one.
      await sql.run(
        'INSERT INTO domain_ledger.domain_use_delta (platform_id, place, domain_id, step) VALUES ($1, 0, 0, 1)',
        [platformId],
      );
      await sql.run('INSERT INTO domain_ledger.reopened_day (platform_id, day) VALUES ($1, current_date - 9)', [
        platformId,
      ]);
    }
  }

  /** Rows that only rare moments leave behind. */
  private async fillTheRest(): Promise<void> {
    const { db } = this.world;
    const subjects = await db.query<{ platform_id: number; authorizer_id: number; authorizer_appid: string }>(
      'SELECT platform_id, authorizer_id, authorizer_appid FROM authorizers.authorizer',
    );
    for (const row of subjects) {
      this.authorizerIds[row.authorizer_appid.slice(3)] = row.authorizer_id;
      const own = [row.platform_id, row.authorizer_appid];
      await db.run(
        `INSERT INTO quota.park (platform_id, authorizer_appid, path, errcode, parked_until)
                    VALUES ($1, $2, '/x', 45009, wxfleet.now())`,
        own,
      );
      await db.run(
        `INSERT INTO quota.merchant_call_chunk (platform_id, day, path, authorizer_appids, calls, errors)
                    VALUES ($1, '2026-01-01', '/x', ARRAY[$2], '{1}', '{0}')`,
        own,
      );
      await db.run(
        `INSERT INTO authorizers.authorization_code (platform_id, code_digest, source, authorizer_appid)
                    VALUES ($1, sha256($2::text::bytea), 'push', $2)`,
        own,
      );
      await db.run(`INSERT INTO authorizers.reconciliation_seen VALUES ($1, 1, $2) ON CONFLICT DO NOTHING`, own);
      await db.run(
        `INSERT INTO events.event (platform_id, type, authorizer_appid, merchant_id, occurred_at, data)
         SELECT platform_id, 'quota.parked', authorizer_appid, merchant_id, now(), jsonb_build_object('path', '/' || $2::text, 'until', null)
           FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2`,
        own,
      );
      await db.run(
        `INSERT INTO events.webhook_endpoint (platform_id, endpoint_id, url, merchant_ids, ordering, format, signature, sealed_secret, fanned_out_seq, created_by, state)
         SELECT platform_id, 'whe_' || substr($2::text, 4), 'https://' || $2::text, ARRAY[merchant_id], 'none', 'standard', 'v1', '\\x00', 0, $2, 'disabled'
           FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2`,
        own,
      );
      await db.run(
        `WITH made AS (
           INSERT INTO events.delivery (platform_id, endpoint_id, seq, type, authorizer_appid, trigger, state, finished_at)
           VALUES ($1, 'whe_' || substr($2::text, 4), 1, 'quota.parked', $2, 'event', 'failed', now()) RETURNING *)
         INSERT INTO events.delivery_attempt (platform_id, delivery_id, no, endpoint_id, at, duration_ms, response_excerpt)
         SELECT platform_id, delivery_id, 1, endpoint_id, now(), 1, $2 FROM made`,
        own,
      );
      await db.run(
        `INSERT INTO events.attempt_hour VALUES ($1, 'whe_' || substr($2::text, 4), date_trunc('hour', now()), 0, 1)`,
        own,
      );
      await db.run(
        `INSERT INTO events.replay (platform_id, endpoint_id, after_seq, until_seq, which, matched, next_seq, created_by, state)
         VALUES ($1, 'whe_' || substr($2::text, 4), 0, 0, 'all', 0, 0, $2, 'done')`,
        own,
      );
      await db.run(
        `INSERT INTO domain_ledger.observation_gap (platform_id, authorizer_id, gap_from, gap_to, reason)
                    VALUES ($1, $2, now(), now(), 'spec')`,
        [row.platform_id, row.authorizer_id],
      );
      // A copy of a snapshot there is, so that a viewer who could read it would meet what is of the mini program.
      await db.run(
        `INSERT INTO domain_ledger.set_aside
                      (platform_id, authorizer_id, no, content_id, body_id, first_observed_at, last_observed_at, observations)
                    SELECT platform_id, authorizer_id, 9999, content_id, body_id, 'infinity', 'infinity', 1
                      FROM domain_ledger.snapshot WHERE platform_id = $1 AND authorizer_id = $2 AND no = 1`,
        [row.platform_id, row.authorizer_id],
      );
      await db.run(
        `INSERT INTO domain_ledger.unreadable_answer (platform_id, authorizer_id, body_id, asked_at)
                    SELECT platform_id, authorizer_id, body_id, now()
                      FROM domain_ledger.snapshot WHERE platform_id = $1 AND authorizer_id = $2 AND no = 1`,
        [row.platform_id, row.authorizer_id],
      );
    }
    await eventually('numbers', async () => {
      const [open] = await db.query('SELECT FROM events.event WHERE seq IS NULL LIMIT 1');
      return open === undefined;
    });
    for (const [componentAppid, platformId] of Object.entries(this.platformIds)) {
      const own = [platformId, componentAppid];
      await db.run(
        `INSERT INTO inbox.refused_push (platform_id, refused_at, path, reason) VALUES ($1, now(), $2, 'signature')`,
        own,
      );
      await db.run(`INSERT INTO inbox.answer_hour VALUES ($1, '2026-01-01', 'hub', 50, 1)`, [platformId]);
      await db.run(
        `INSERT INTO doctor.platform_check (platform_id, check_id, status, evidence, since, checked_at)
         VALUES ($1, 'ticket', 'pass', ARRAY['of ' || $2::text], now(), now())`,
        own,
      );
      await db.run(`INSERT INTO quota.budget (platform_id, path, per_day) VALUES ($1, '/' || $2::text, 1)`, own);
      await db.run(`INSERT INTO quota.call_count VALUES ($1, '2026-01-01', '/' || $2::text, 1, 0)`, own);
      await db.run(
        `INSERT INTO domain_ledger.change_day (platform_id, day, changes, counted_at) VALUES ($1, current_date - 9, 1, now())
             ON CONFLICT DO NOTHING`,
        [platformId],
      );
      await db.run(
        `INSERT INTO domain_ledger.retention (platform_id, started_at) VALUES ($1, now())
                    ON CONFLICT DO NOTHING`,
        [platformId],
      );
      await db.run(
        `INSERT INTO domain_ledger.platform_list
                      (platform_id, no, digest, body, first_observed_at, last_observed_at)
                    VALUES ($1, 1, '\\x00', $2, now(), now())`,
        own,
      );
      await db.run(`INSERT INTO domain_ledger.principal_check (platform_id) VALUES ($1) ON CONFLICT DO NOTHING`, [
        platformId,
      ]);
      await db.run(
        `INSERT INTO domain_ledger.principal_level (platform_id, domain, level, count) VALUES ($1, $2, 80, 1)`,
        own,
      );
      await db.run(
        `INSERT INTO domain_ledger.sweep_shard (platform_id, sweep_id, shard_no, slot_from, slot_to, not_before)
                    SELECT platform_id, max(sweep_id), 9999, 0, 0, 'infinity' FROM domain_ledger.sweep
                     WHERE platform_id = $1 GROUP BY platform_id`,
        [platformId],
      );
      await db.run(
        `INSERT INTO events.relay (platform_id, name, url, source, match, mode, deadline_ms, enabled, sealed_secret, created_by)
         VALUES ($1, $2, 'https://' || $2, 'both', '{}', 'notify', 5000, false, '\\x00', 'spec')`,
        own,
      );
      await db.run(
        `INSERT INTO events.relay_call (platform_id, message_key, state, lease_until) VALUES ($1, sha256($2::text::bytea), 'answered', now())`,
        own,
      );
      await db.run(
        `INSERT INTO events.relay_message (platform_id, message_key, relay_name, sealed_body, next_attempt_at)
         VALUES ($1, sha256($2::text::bytea), $2, '\\x00', 'infinity')`,
        own,
      );
      await db.run(
        `INSERT INTO access.console_user (user_id, platform_id, username, role, password_hash, created_by)
                    VALUES ('usr_' || $2::text, $1, $2, 'admin', 'x', 'spec')`,
        own,
      );
      await db.run(
        `INSERT INTO access.session (session_id, platform_id, user_id, token_digest, expires_at)
                    VALUES ('ses_' || $2::text, $1, 'usr_' || $2::text, sha256($2::text::bytea), now())`,
        own,
      );
    }
  }

  /** What the rows above hold as `\\x00`, as the hub would have stored it: master keys read every sealed value. */
  private async seal(): Promise<void> {
    const { db, masterKeys } = this.world;
    const sealer = new Sealer(KeyRing.parse(masterKeys));
    for (const { table, key, sealed } of eventsSealedTables) {
      const isRow = key.map(({ column }, at) => `${column} = $${at + 2}`).join(' AND ');
      for (const { column, aad } of sealed) {
        const rows = await db.query<Record<string, unknown>>(`SELECT * FROM ${table} WHERE ${column} = '\\x00'`);
        for (const row of rows) {
          await db.run(`UPDATE ${table} SET ${column} = $1 WHERE ${isRow}`, [
            sealer.seal('of the spec', aad(row)),
            ...key.map((part) => row[part.column]),
          ]);
        }
      }
    }
  }

  private async post(path: string, body?: unknown, idempotencyKey?: string): Promise<Record<string, unknown>> {
    const answer = await this.world.call('POST', path, {
      ...(body === undefined ? {} : { body }),
      ...(idempotencyKey === undefined ? {} : { headers: { 'idempotency-key': idempotencyKey } }),
    });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.text}`);
    return answer.body;
  }
}
