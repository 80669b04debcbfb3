import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, WORKER_ROLE } from '#libs/kernel';
import { cloneDatabase, committedArtefact, describeSchema, type TestDatabase } from '#libs/testing';
import { migrations } from '#migrations';

describe('the schema', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('is the one in docs/schema.md (artefact; `npm run artefacts` writes it again)', async () => {
    // Other versions of PostgreSQL write the same rules and defaults in other words.
    if (process.env['WXFLEET_TEST_SERVER']) return;
    const made = await describeSchema(test.db);
    expect(made).toBe(await committedArtefact('docs/schema.md', made));
  });

  it('goes down to nothing and up again', async () => {
    const before = await describeSchema(test.db);
    for (const Migration of [...migrations].reverse()) {
      await new Migration().down({ query: (text: string) => test.db.runScript(text) } as never);
    }
    expect(await test.db.query("SELECT 1 FROM pg_namespace WHERE nspname IN ('custody', 'domain_ledger')")).toEqual([]);
    await test.db.run('DELETE FROM wxfleet_migration');
    await test.db.migrate(migrations);
    expect(await describeSchema(test.db)).toBe(before);
  });

  it('is migrated once by processes that start together', async () => {
    const handles = await Promise.all([1, 2, 3, 4].map(() => test.another()));
    for (const Migration of [...migrations].reverse()) {
      await new Migration().down({ query: (text: string) => test.db.runScript(text) } as never);
    }
    await test.db.run('DELETE FROM wxfleet_migration');
    const applied = await Promise.all(handles.map((handle) => handle.migrate(migrations)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(applied.flat()).toHaveLength(migrations.length);
  });

  it('can be migrated and run by a login without privileges, once an administrator has given it the two roles', async () => {
    const name = `plain_${process.pid}`;
    const login = new URL(test.url);
    Object.assign(login, { username: name, password: 'plain', pathname: `/${name}` });
    await test.db.run(`CREATE ROLE ${name} LOGIN PASSWORD 'plain'`);
    await test.db.run(`CREATE DATABASE ${name} OWNER ${name}`);
    const plain = await Database.open({ url: login.href, poolSize: 2 });
    try {
      await expect(plain.migrate(migrations)).rejects.toThrow(
        `GRANT wxfleet_api, wxfleet_worker TO ${name};" and start again`,
      );
      await test.db.run(`GRANT wxfleet_api, wxfleet_worker TO ${name}`);
      expect(await plain.migrate(migrations)).not.toEqual([]);
      plain.actAs(WORKER_ROLE);
      expect(await plain.query('SELECT count(*)::int AS n FROM access.api_key')).toEqual([{ n: 0 }]);
      const tenant = { platformId: 1, merchantIds: null };
      expect(await plain.forTenant(tenant, (sql) => sql.query('SELECT current_user::text AS u'))).toEqual([
        { u: 'wxfleet_api' },
      ]);
    } finally {
      await plain.close();
      await test.db.run(`DROP DATABASE ${name}`);
      await test.db.run(`DROP ROLE ${name}`);
    }
  });

  it('leaves the way to distribution by mini program open: every key of the ledger begins with platform and mini program', async () => {
    const shared = ['domain', 'domain_list', 'domain_content', 'domain_change_set', 'body'];
    // Counters, names and bookkeeping of a platform, not of a mini program.
    const platforms = ['domain_use', 'domain_use_delta', 'platform_content', 'platform_domain', 'platform_list'];
    const batches = ['look_batch', 'change_day', 'reopened_day'];
    const apart = [
      ...shared,
      ...platforms,
      ...batches,
      'principal_check',
      'principal_level',
      'retention',
      'sweep',
      'sweep_shard',
    ];
    const keys = await test.db.query<{ table_name: string; columns: string[] }>(
      `SELECT c.relname AS table_name,
              ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, o)
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.n ORDER BY u.o) AS columns
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       WHERE c.relnamespace = 'domain_ledger'::regnamespace AND k.contype IN ('p', 'u') AND NOT c.relname = ANY($1)`,
      [apart],
    );
    expect(keys.length).toBeGreaterThan(2);
    for (const key of keys) {
      expect({ table: key.table_name, key: key.columns.slice(0, 2) }).toEqual({
        table: key.table_name,
        key: ['platform_id', 'authorizer_id'],
      });
    }
  });

  it('leaves the way to distribution open in every schema: keys begin with the platform (docs/scaling.md)', async () => {
    /** What is the same for all (a reference table on every node), and what stays where the hub connects (local). */
    const apart = {
      reference: [
        ...['domain', 'domain_list', 'domain_content', 'domain_change_set', 'body'].map(
          (name) => `domain_ledger.${name}`,
        ),
        'custody.component_account',
        'api_ip_ledger.ip_snapshot',
        'api_ip_ledger.ip_watch',
        'api_ip_ledger.ip_candidate',
      ],
      local: [
        ...['api_key', 'audit_event', 'audit_head', 'audit_checkpoint', 'console_user', 'login_brake', 'session'].map(
          (name) => `access.${name}`,
        ),
        'custody.master_key',
        'custody.platform_removal',
        'custody.master_key_rotation',
        'inbox.intake',
        'jobs.worker',
        'quota.count_source',
      ],
    };
    const keys = await test.db.query<{ table: string; name: string; first: string }>(
      `WITH keys AS (
         SELECT indrelid AS relid, indexrelid::regclass::text AS name, indkey[0] AS first FROM pg_index WHERE indisunique
         UNION ALL
         SELECT conrelid, conname, conkey[1] FROM pg_constraint WHERE contype = 'f'
       )
       SELECT n.nspname || '.' || c.relname AS table, keys.name, a.attname::text AS first
         FROM keys JOIN pg_class c ON c.oid = keys.relid JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = keys.first
        WHERE c.relkind = 'r' AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'wxfleet_worker' AND has_schema_privilege(rolname, n.oid, 'USAGE'))
          AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'graphile_worker')`,
    );
    const known = new Set([...apart.reference, ...apart.local]);
    expect(keys.filter((key) => key.first === 'platform_id').length).toBeGreaterThan(25);
    expect(keys.filter((key) => key.first !== 'platform_id' && !known.has(key.table))).toEqual([]);
    // Nobody is named here who needs no exception.
    const excepted = new Set(keys.filter((key) => key.first !== 'platform_id').map((key) => key.table));
    expect([...known].filter((table) => !excepted.has(table))).toEqual([]);
  });

  it('indexes nothing that an unchanged observation writes', async () => {
    const indexed = await test.db.query<{ column: string }>(
      `SELECT DISTINCT a.attname::text AS column FROM pg_index i
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
       WHERE i.indrelid = 'domain_ledger.watch'::regclass`,
    );
    const written = [
      'last_observed_at',
      'observations',
      'last_attempt_at',
      'unreadable_since',
      'raw_digest',
      'failures',
    ];
    expect(indexed.map((row) => row.column).filter((column) => written.includes(column))).toEqual([]);
  });
});
