import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrail } from '#libs/access';
import { Database } from '#libs/kernel';
import { PostgresServer } from '#libs/postgres';
import { eventually, testLog } from '#libs/testing';
import type { Hub } from '../src/hub.ts';
import { bringUpSchema } from '../src/schema.ts';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const SHOP = 'wxshop0000000001';
const base = `/v1/platforms/${PLATFORM}`;

/** Tables with rows of their own and their columns, without computed ones; partitions are read through their parent. */
const TABLES = `
  SELECT c.oid::regclass::text AS name,
         (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
           WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_'
     AND n.nspname NOT IN ('information_schema', 'public') AND c.relname <> 'migrations'
   ORDER BY 1`;
const SEQUENCES = `
  SELECT format('%I.%I', schemaname, sequencename) AS name, last_value AS at FROM pg_sequences
   WHERE last_value IS NOT NULL AND schemaname <> 'public'`;

/**
 * The data of one database into the schema of another, as a dump and its restore move it: without triggers, with the numbers of
 * the sequences. The embedded server has no `pg_dump`.
 */
async function moveData(from: Database, to: Database): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wxfleet-dump-'));
  await chmod(folder, 0o777); // the servers write and read the files themselves
  try {
    for (const { name, columns } of await from.query<{ name: string; columns: string }>(TABLES)) {
      const file = join(folder, name);
      await from.run(`COPY (SELECT ${columns} FROM ${name}) TO '${file}'`);
      await to.runScript(`
        BEGIN; SET LOCAL session_replication_role = replica;
        DELETE FROM ${name}; COPY ${name} (${columns}) FROM '${file}'; COMMIT`);
    }
    for (const { name, at } of await from.query<{ name: string; at: number }>(SEQUENCES)) {
      await to.query('SELECT setval($1::regclass, $2)', [name, at]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a backup that is restored into a new server', () => {
  let world: HubWorld;
  let server: PostgresServer;
  let dataDir: string;
  let restored: Hub;
  let kept: string;
  let revoked: string;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.miniProgram(PLATFORM, SHOP, { merchantId: 'm1' });
    const make = async (name: string) => {
      const body = { name, scopes: ['authorizers:read', 'tokens:issue'] };
      const made = await world.call<{ id: string; key: string }>('POST', `${base}/api-keys`, { body });
      if (made.status !== 201) throw new Error(made.text);
      return made.body;
    };
    kept = (await make('kept')).key;
    const taken = await make('revoked');
    revoked = taken.key;
    expect((await world.call('DELETE', `${base}/api-keys/${taken.id}`)).status).toBe(204);
    await world.hub.get(AuditTrail).flush();
    await world.hub.get(AuditTrail).link();
    // Two databases must not use the same refresh tokens in turn.
    await world.hub.stop();

    dataDir = await mkdtemp(join(tmpdir(), 'wxfleet-restored-'));
    server = await PostgresServer.start({ dataDir, durable: false });
    await bringUpSchema({ url: server.url(), owner: undefined, log: testLog().log });
    const to = await Database.open({ url: server.url(), poolSize: 2 });
    await moveData(world.db, to);
    await to.close();
    restored = await world.addHub({ DATABASE_URL: server.url() });
  });
  afterAll(async () => {
    await world.stop();
    await server.destroy();
  });

  it('knows accounts, opens their tokens, and keeps revoked keys revoked', async () => {
    const path = `${base}/authorizers/${SHOP}`;
    expect((await world.call('GET', path, { key: kept }, restored)).body).toMatchObject({ merchant_id: 'm1' });
    expect((await world.call('POST', `${path}/access-token`, { key: kept }, restored)).status).toBe(200);
    expect((await world.call('GET', path, { key: revoked }, restored)).status).toBe(401);
  });

  it('keeps tenants apart', async () => {
    const others = await restored.db.forTenant({ platformId: 999, merchantIds: null }, (sql) =>
      sql.query('SELECT 1 FROM authorizers.authorizer'),
    );
    expect(others).toEqual([]);
  });

  it('has an audit trail whose chain holds, and adds to it', async () => {
    await restored.get(AuditTrail).flush();
    await restored.get(AuditTrail).link();
    expect((await world.call('GET', '/v1/audit-chain', {}, restored)).body).toMatchObject({ problems: [], waiting: 0 });
  });

  it('is compared with the list of WeChat', async () => {
    const started = await world.call<{ id: string }>('POST', `${base}/reconciliations`, {}, restored);
    const { body } = await eventually('the reconciliation', async () => {
      const found = await world.call('GET', `${base}/reconciliations/${started.body.id}`, {}, restored);
      return found.body['state'] === 'running' ? undefined : found;
    });
    expect(body).toMatchObject({ state: 'done' });
  });
});
