import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys, AuditTrail } from '#libs/access';
import { AuthorizerDirectory, AuthorizerReconcile, Merchants } from '#libs/authorizers';
import { routeList, type Route } from '#libs/contract';
import { AuthorizerTokens, ComponentAccounts } from '#libs/custody';
import { DomainHistory, DomainSweeps } from '#libs/domain-ledger';
import { API_ROLE, WORKER_ROLE, type Sql } from '#libs/kernel';
import { SCHEMAS } from '#migrations';
import { TwoTenants, type Viewer } from './two-tenants.ts';

/** No rows of a tenant are in them, or only numbers. */
const NOBODYS =
  /^(access\.(audit_head|audit_checkpoint|login_brake)|custody\.(master_key.*|platform_removal)|quota\.count_source|inbox\.intake|jobs\.worker|api_ip_ledger\..*|domain_ledger\.domain_(list|content|change_set|change_part))$/;
const SHARED = /^domain_ledger\.(domain|body)$/;

interface Table {
  name: string;
  columns: { name: string; type: string; readable: boolean }[];
}

describe('isolation', () => {
  let tenants: TwoTenants;
  let tables: Table[];
  beforeAll(async () => {
    tenants = await TwoTenants.start();
    tables = await tenants.world.db.query<Table>(
      `SELECT format('%s.%s', n.nspname, c.relname) AS name,
              jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL),
                'readable', has_column_privilege($2, c.oid, a.attnum, 'SELECT')) ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        GROUP BY 1 ORDER BY 1`,
      [SCHEMAS, API_ROLE],
    );
  }, 120_000);
  afterAll(() => tenants.stop());

  const as = <T>(viewer: Viewer, work: (sql: Sql) => Promise<T>) => tenants.world.hub.db.forTenant(viewer.tenant, work);
  const columnsOf = (table: string) => tables.find(({ name }) => name === table)?.columns ?? [];

  /** What of others is in a text. */
  function leaks(viewer: Viewer, text: string): string[] {
    return tenants.forbidden(viewer).filter((mark) => text.includes(mark));
  }

  function decoded(value: unknown): unknown {
    return Buffer.isBuffer(value) ? value.toString('latin1') : value;
  }

  describe('by the database, with no filter in the query', () => {
    it('is looked at in every schema that there is', async () => {
      const rows = await tenants.world.db.query<{ name: string }>(
        `SELECT nspname::text AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
      );
      // No tables of ours: the record of migrations, a clock, and the job engine, which lets the worker in beside its owner.
      const others = ['public', 'wxfleet', 'graphile_worker'];
      expect(rows.map(({ name }) => name).sort()).toEqual([...SCHEMAS, ...others].sort());
    });

    it('has something of both tenants in every table, so that there is something to find', async () => {
      await tenants.world.db.transaction(async (sql) => {
        await tenants.fillInPassing(sql);
        for (const { name, columns } of tables.filter(
          (table) => !NOBODYS.test(table.name) && !SHARED.test(table.name),
        )) {
          expect([name, columns.some((column) => column.name === 'platform_id')]).toEqual([name, true]);
          const rows = await sql.query<{ id: number }>(
            // 0 is no platform: the row of what is done for all of them.
            `SELECT DISTINCT platform_id AS id FROM ${name} WHERE platform_id <> 0 ORDER BY 1`,
          );
          expect([name, rows.map(({ id }) => id)]).toEqual([name, Object.values(tenants.platformIds).sort()]);
        }
      });
    });

    it('shows every viewer of every table only what is theirs', async () => {
      let seen = 0;
      for (const viewer of tenants.viewers) {
        const ids = viewer.may.map((mark) => tenants.authorizerIds[mark]).filter((id) => id !== undefined);
        for (const { name, columns } of tables) {
          const readable = columns.filter((column) => column.readable).map((column) => column.name);
          if (readable.length === 0) continue;
          const rows = await as(viewer, (sql) => sql.query(`SELECT ${readable.join(', ')} FROM ${name}`));
          seen += rows.length;
          const text = JSON.stringify(rows.map((row) => Object.values(row).map(decoded)));
          expect({ viewer: viewer.name, name, leaks: leaks(viewer, text) }).toEqual({
            viewer: viewer.name,
            name,
            leaks: [],
          });
          for (const row of rows) {
            if ('platform_id' in row) expect([name, row['platform_id']]).toEqual([name, viewer.tenant.platformId]);
            if ('authorizer_id' in row) expect(ids).toContain(row['authorizer_id']);
          }
        }
      }
      expect(seen).toBeGreaterThan(300);
    });

    it('shows each viewer their own: the names and bodies of their snapshots', async () => {
      for (const viewer of tenants.viewers) {
        const own = viewer.may.filter((mark) => !mark.endsWith('platform'));
        const names = await as(viewer, (sql) => sql.query<{ name: string }>('SELECT name FROM domain_ledger.domain'));
        expect(names.map(({ name }) => name).sort()).toEqual(
          [
            'https://everybody.example',
            ...own.flatMap((mark) => [`https://${mark}.example`, `https://new.${mark}.example`]),
          ].sort(),
        );
        const bodies = await as(viewer, (sql) =>
          sql.query<{ id: number }>('SELECT body_id AS id FROM domain_ledger.body'),
        );
        const truth = await tenants.world.db.query<{ id: number }>(
          'SELECT DISTINCT body_id AS id FROM domain_ledger.snapshot WHERE authorizer_id = ANY ($1)',
          [own.map((mark) => tenants.authorizerIds[mark])],
        );
        expect(new Set(bodies.map(({ id }) => id))).toEqual(new Set(truth.map(({ id }) => id)));
        expect(truth.length).toBeGreaterThan(1);
      }
    });

    it('keeps tables without a tenant to numbers', () => {
      for (const { name, columns } of tables.filter(
        (table) => NOBODYS.test(table.name) && !table.name.startsWith('api_ip'),
      )) {
        for (const column of columns.filter((each) => each.readable)) {
          expect([name, column.name, column.type]).toEqual([
            name,
            column.name,
            expect.stringMatching(/^(integer|smallint|bigint|boolean)(\[\])?$/),
          ]);
        }
      }
    });

    it('reads no sealed column, no digest of a secret, and not whose token fetched the addresses', () => {
      const hidden = tables.flatMap(({ name, columns }) =>
        columns
          .filter((column) => /sealed|digest|password_hash/.test(column.name) && column.readable)
          .map((column) => `${name}.${column.name}`),
      );
      expect(hidden).toEqual([
        // Digests of what the same rows show.
        'api_ip_ledger.ip_snapshot.digest',
        'domain_ledger.platform_list.digest',
        'domain_ledger.watch.raw_digest',
      ]);
      expect(columnsOf('api_ip_ledger.ip_snapshot').find(({ name }) => name === 'platform_id')?.readable).toBe(false);
    });

    it('lets nobody write for another tenant', async () => {
      const [alfa, alfaOne] = tenants.viewers as [Viewer, Viewer];
      const theirs = tenants.platformIds['wx-bravo-platform'];
      const denied = { code: '42501' };
      const insert = (viewer: Viewer, text: string, values: unknown[]) => as(viewer, (sql) => sql.run(text, values));
      await expect(
        insert(alfa, `INSERT INTO authorizers.merchant VALUES ($1, 'new', 'n')`, [theirs]),
      ).rejects.toMatchObject(denied);
      await expect(
        insert(
          alfa,
          `INSERT INTO access.audit_event (platform_id, actor, action, outcome) VALUES ($1, 'a', 'b', 'ok')`,
          [theirs],
        ),
      ).rejects.toMatchObject(denied);
      await expect(
        insert(alfa, `SELECT jobs.add_jobs($1::json)`, [
          JSON.stringify([{ identifier: 'x', payload: { platformId: theirs } }]),
        ]),
      ).rejects.toMatchObject(denied);
      await expect(
        insert(alfaOne, `INSERT INTO authorizers.merchant VALUES ($1, 'm9', 'n')`, [alfaOne.tenant.platformId]),
      ).rejects.toMatchObject(denied);
      // What cannot be seen cannot be hit.
      expect(await insert(alfa, 'UPDATE authorizers.merchant SET name = $1', ['mine'])).toBe(2);
      expect(await insert(alfaOne, `UPDATE authorizers.authorizer SET merchant_id = $1`, ['m1'])).toBe(1);
      await expect(insert(alfaOne, `UPDATE authorizers.authorizer SET merchant_id = $1`, ['m2'])).rejects.toMatchObject(
        denied,
      );
      expect(
        await insert(alfa, 'UPDATE access.api_key SET revoked_at = NULL WHERE platform_id <> $1', [
          alfa.tenant.platformId,
        ]),
      ).toBe(0);
      await insert(
        alfa,
        `UPDATE authorizers.merchant SET name = 'Merchant alfa-' || CASE merchant_id WHEN 'm1' THEN 'one' ELSE 'two' END`,
        [],
      );
    });

    it('opens push secrets of the platform of the request only', async () => {
      const [alfa] = tenants.viewers as [Viewer];
      const rows = await as(alfa, (sql) =>
        sql.query(
          'SELECT p.platform_id, (custody.push_secrets(p.platform_id)).* FROM unnest($1::int[]) p (platform_id)',
          [Object.values(tenants.platformIds)],
        ),
      );
      expect(rows.map((row) => row['platform_id'])).toEqual([alfa.tenant.platformId]);
      const operator = { platformId: null, merchantIds: null };
      const all = await tenants.world.hub.db.forTenant(operator, (sql) =>
        sql.query('SELECT custody.push_secrets(platform_id) FROM custody.component_account'),
      );
      expect(all).toEqual([]);
    });

    it('lets a key that is limited to merchants see its platform and change nothing of it', async () => {
      const alfaOne = tenants.viewers.find(({ name }) => name === 'alfa limited to one')!;
      const { platformId } = alfaOne.tenant;
      const own = (sql: string) => as(alfaOne, (of) => of.query<Record<string, unknown>>(sql, [platformId]));
      for (const table of ['component_account', 'component_token']) {
        expect(await own(`SELECT platform_id FROM custody.${table} WHERE platform_id = $1`)).toHaveLength(1);
      }
      const changes = [
        `UPDATE custody.component_account SET name = 'mine' WHERE platform_id = $1`,
        `UPDATE custody.component_account SET sealed_push_token = '\\x00' WHERE platform_id = $1`,
        `UPDATE custody.component_token SET failures = 9 WHERE platform_id = $1`,
      ];
      for (const change of changes)
        expect([change, await own(`${change} RETURNING platform_id`)]).toEqual([change, []]);
      expect(await own('SELECT * FROM custody.push_secrets($1)')).toEqual([]);
      for (const insert of [
        `INSERT INTO custody.component_account (platform_id, component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
         OVERRIDING SYSTEM VALUE VALUES ($1, 'wx-mine', 'n', '\\x00', '\\x00', '\\x00')`,
        `INSERT INTO custody.component_token (platform_id) VALUES ($1)`,
      ]) {
        await expect(own(insert)).rejects.toMatchObject({ code: '42501' });
      }
    });

    it('shows nothing at all to a transaction that says for nobody', async () => {
      for (const { name, columns } of tables.filter((table) => !NOBODYS.test(table.name))) {
        if (!columns.some((column) => column.readable)) continue;
        const rows = await tenants.world.hub.db.transaction(async (sql) => {
          await sql.query(`SET LOCAL ROLE ${API_ROLE}`);
          return sql.query(`SELECT 1 FROM ${name}`);
        });
        expect([name, rows]).toEqual([name, []]);
      }
    });
  });

  describe('of the roles', () => {
    it('has a rule for every table: guarded, with one policy per role', async () => {
      const guards = await tenants.world.db.query<{ name: string; guarded: boolean; roles: string[] }>(
        `SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relrowsecurity AS guarded,
                ARRAY(SELECT DISTINCT r.rolname::text FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
                       WHERE p.polrelid = c.oid ORDER BY 1) AS roles
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') ORDER BY 1`,
        [SCHEMAS],
      );
      expect(
        guards.filter(({ guarded, roles }) => !guarded || roles.join() !== [API_ROLE, WORKER_ROLE].join()),
      ).toEqual([]);
    });

    it.each([API_ROLE, WORKER_ROLE])('%s cannot log in, bypass policies, make roles or own anything', async (role) => {
      const [found] = await tenants.world.db.query(
        `SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
                EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns,
                EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS member
           FROM pg_roles r WHERE rolname = $1`,
        [role],
      );
      expect(Object.values(found ?? {})).toEqual([false, false, false, false, false, false, false]);
    });

    it.each([API_ROLE, WORKER_ROLE])('%s cannot change the schema or what is in the audit trail', async (role) => {
      for (const text of [
        'CREATE TABLE access.mine (id int)',
        'ALTER TABLE access.api_key DISABLE ROW LEVEL SECURITY',
        'DROP POLICY tenant ON access.api_key',
        'CREATE FUNCTION wxfleet.every_platform2() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
        "UPDATE access.audit_event SET actor = 'nobody'",
        'DELETE FROM access.audit_event',
        'TRUNCATE access.audit_event',
        'CREATE SCHEMA mine',
      ]) {
        await expect(
          tenants.world.hub.db.transaction(async (sql) => {
            await sql.query(`SET LOCAL ROLE ${role}`);
            await sql.query(text);
          }),
        ).rejects.toMatchObject({ code: '42501' });
      }
    });

    it('has the hub itself work as the worker', async () => {
      expect(await tenants.world.hub.db.query('SELECT current_user::text AS who')).toEqual([{ who: WORKER_ROLE }]);
    });
  });

  describe('by the read models, asked about another tenant without a filter', () => {
    it('finds nothing', async () => {
      const keys = tenants.world.hub.get(ApiKeys);
      const audit = tenants.world.hub.get(AuditTrail);
      const accounts = tenants.world.hub.get(ComponentAccounts);
      const merchants = tenants.world.hub.get(Merchants);
      const directory = tenants.world.hub.get(AuthorizerDirectory);
      const history = tenants.world.hub.get(DomainHistory);
      const sweeps = tenants.world.hub.get(DomainSweeps);
      const reconcile = tenants.world.hub.get(AuthorizerReconcile);
      const authorizerTokens = tenants.world.hub.get(AuthorizerTokens);
      const [alfa] = tenants.viewers as [Viewer];
      const theirs = tenants.platformIds['wx-bravo-platform'] as number;
      const authorizerId = tenants.authorizerIds['bravo-one'] as number;
      const subject = { authorizerId, authorizerAppid: 'wx-bravo-one' };
      const snapshot = tenants.snapshotIds['bravo-one'] as string;
      const page = { limit: 100 };
      const empty = { items: [], next_cursor: null };
      await as(alfa, async (sql) => {
        expect(await keys.list(sql, theirs, page)).toEqual(empty);
        expect(await keys.list(sql, null, page)).toEqual(empty);
        expect(await audit.list(sql, theirs, page)).toEqual(empty);
        expect(await accounts.get(sql, 'wx-bravo-platform')).toBeNull();
        expect((await accounts.list(sql, page)).map((row) => row.componentAppid)).toEqual(['wx-alfa-platform']);
        expect(await merchants.list(sql, theirs, page)).toEqual(empty);
        expect(await merchants.get(sql, theirs, 'm1')).toBeNull();
        expect(await merchants.rename(sql, theirs, 'm1', 'mine')).toBeNull();
        expect(await directory.list(sql, theirs, {}, page)).toEqual(empty);
        expect(await directory.get(sql, theirs, 'wx-bravo-one')).toBeNull();
        expect(await directory.byId(sql, theirs, authorizerId)).toBeNull();
        expect((await authorizerTokens.expiries(sql, theirs, ['wx-bravo-one'])).size).toBe(0);
        expect(await history.snapshots(sql, theirs, subject, page)).toEqual(empty);
        await expect(history.snapshot(sql, theirs, subject, snapshot)).rejects.toMatchObject({ code: 'not_found' });
        await expect(history.raw(sql, theirs, subject, snapshot)).rejects.toMatchObject({ code: 'not_found' });
        expect(await history.at(sql, theirs, authorizerId, null)).toMatchObject({
          certainty: 'unknown',
          domains: null,
        });
        expect(await history.lifespans(sql, theirs, authorizerId, page)).toEqual(empty);
        expect((await history.watchOf(sql, theirs, [authorizerId])).size).toBe(0);
        expect(await sweeps.list(sql, theirs, page)).toEqual(empty);
        expect(await reconcile.view(sql, theirs, 1)).toBeNull();
        expect(await keys.revoke(sql, theirs, 'key_x')).toBe(false);
      });
    });
  });

  describe('by REST', () => {
    const isPrivate = (route: Route) => route.scope !== 'public';
    const bodies: Record<string, unknown> = {
      createMerchant: { merchant_id: 'm7', name: 'n' },
      updateMerchant: { name: 'mine' },
      createAuthorizationLink: { merchant_id: 'm1', page: 'pc' },
      createApiKey: { name: 'mine', scopes: ['audit:read'] },
      updatePlatform: { name: 'mine' },
      putRelay: { url: 'https://203.0.113.1/refused', mode: 'notify' },
      createWebhookEndpoint: { url: 'https://203.0.113.1/refused' },
      assertDomains: { domains: [{ list: 'requestdomain', domain: 'https://everybody.example' }] },
    };
    const pathOf = (route: Route, values: Record<string, string>) =>
      route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? '')) +
      (route.path.endsWith('domain-diff') ? '?from=2026-01-01T00:00:00Z' : '') +
      (route.path.endsWith('domain-coverage') ? '?domain=https://everybody.example&list=requestdomain' : '');

    /** Everything that anybody may name, in the place of anybody's platform. */
    function* addresses(route: Route & { id: string }): Generator<string> {
      const sides = route.path.includes('{component_appid}') ? ['alfa', 'bravo'] : ['alfa'];
      for (const side of sides) {
        for (const other of ['alfa', 'bravo']) {
          for (const [merchant_id, nick] of [
            ['m1', 'one'],
            ['m2', 'two'],
          ] as const) {
            yield pathOf(route, {
              component_appid: `wx-${side}-platform`,
              authorizer_appid: `wx-${other}-${nick}`,
              merchant_id,
              kind: 'callback',
              id: route.path.includes('webhook-endpoints')
                ? `whe_${other}-${nick}`
                : (tenants.snapshotIds[`${other}-${nick}`] as string),
              item: '1',
              name: 'r1',
            });
          }
        }
      }
    }

    it('shows no viewer anything of others, on any route with any name in any place', async () => {
      let asked = 0;
      for (const viewer of tenants.viewers) {
        for (const route of routeList.filter(isPrivate)) {
          for (const path of new Set(addresses(route))) {
            const body =
              route.method === 'GET' || route.method === 'DELETE'
                ? undefined
                : route.id === 'updateAuthorizer'
                  ? { merchant_id: path.endsWith('one') ? 'm1' : 'm2' }
                  : (bodies[route.id] ?? {});
            const answer = await tenants.world.call(route.method, path, { key: viewer.key, ...(body ? { body } : {}) });
            asked += 1;
            expect([viewer.name, route.id, path, answer.status < 500]).toEqual([viewer.name, route.id, path, true]);
            // The answer may repeat what was asked: the path itself is no news.
            const news = tenants.forbidden(viewer).filter((mark) => answer.text.includes(mark) && !path.includes(mark));
            expect([viewer.name, route.id, path, news]).toEqual([viewer.name, route.id, path, []]);
            if (path.includes('-platform') && !path.includes(viewer.componentAppid)) {
              expect([route.id, answer.status, answer.body['code']]).toEqual([route.id, 404, 'not_found']);
            }
          }
        }
      }
      expect(asked).toBeGreaterThan(500);
    });
  });
});
