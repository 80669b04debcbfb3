import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { AuditTrail } from '#libs/access';
import { SettingsError } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { ensureHubLogin } from '../src/hub-login.ts';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const base = `/v1/platforms/${PLATFORM}`;
const SHOP = 'wxshop0000000001';
const LOGIN = `hub_${process.pid}_${randomBytes(4).toString('hex')}`;

describe('a hub whose login owns nothing', () => {
  let world: HubWorld;
  let databaseUrl: string;
  beforeAll(async () => {
    world = await HubWorld.start(async (ownerUrl) => {
      databaseUrl = await ensureHubLogin(ownerUrl, LOGIN, 'a password');
      return { DATABASE_URL: databaseUrl, MIGRATION_DATABASE_URL: ownerUrl };
    });
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
  }, 60_000);
  afterAll(async () => {
    await world.hub.stop();
    await world.db.run(`DROP ROLE ${LOGIN}`);
    await world.stop();
  });

  it('does all its work, jobs and news between processes too', async () => {
    const other = await world.addHub({ ROLES: 'api' });
    await world.miniProgram(PLATFORM, SHOP, { merchantId: 'm1' }); // pushes are dealt with by jobs
    expect((await world.call('POST', `${base}/authorizers/${SHOP}/access-token`, {}, other)).status).toBe(200);
    expect([200, 201]).toContain((await world.call('POST', `${base}/authorizers/${SHOP}/snapshots`)).status);
    const started = await world.call<{ id: string }>('POST', `${base}/sweeps`);
    await eventually('the sweep', async () => {
      const { body } = await world.call('GET', `${base}/sweeps/${started.body.id}`, {}, other);
      return body['state'] === 'done';
    });
    await world.hub.get(AuditTrail).flush();
    await world.hub.get(AuditTrail).link();
    expect((await world.call('GET', '/v1/audit-chain')).body).toMatchObject({ problems: [], waiting: 0 });
    expect(world.lines.filter((line) => line.includes('"level":"error"') || line.includes('superuser_login'))).toEqual(
      [],
    );
    const users = await world.db.query(
      `SELECT DISTINCT usename::text AS who FROM pg_stat_activity WHERE application_name LIKE 'wxfleet hub%' AND datname = current_database()`,
    );
    expect(users).toEqual([{ who: LOGIN }]);
  });

  it('gives a transaction that throws its role off nothing at all', async () => {
    const tenant = { platformId: 1, merchantIds: null };
    for (const text of [
      'SELECT sealed_appsecret FROM custody.component_account',
      'SELECT * FROM authorizers.merchant',
      'DELETE FROM access.audit_event',
      'ALTER TABLE access.api_key DISABLE ROW LEVEL SECURITY',
      'SELECT * FROM graphile_worker._private_jobs',
    ]) {
      const freed = world.hub.db.forTenant(tenant, async (sql) => {
        await sql.query("SELECT set_config('role', 'none', true)");
        return sql.query(text);
      });
      await expect(freed).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('starts without the owner when somebody else has migrated, and says so when nobody has', async () => {
    const hub = await world.addHub({ MIGRATION_DATABASE_URL: '' });
    expect((await world.call('GET', '/health/ready', { key: null }, hub)).status).toBe(200);
    await world.db.run(`DELETE FROM public.wxfleet_migration WHERE name = 'ApiIpLedger1764000000009'`);
    const start = world.addHub({ MIGRATION_DATABASE_URL: '' });
    await expect(start).rejects.toThrow(SettingsError);
    await expect(start).rejects.toThrow(/^MIGRATION_DATABASE_URL must be set once: ApiIpLedger1764000000009 /);
  });
});

describe('a hub whose login is a superuser', () => {
  it('says so, once', async () => {
    const world = await HubWorld.start();
    try {
      expect(world.lines.filter((line) => line.includes('"event":"database.superuser_login"'))).toHaveLength(1);
    } finally {
      await world.stop();
    }
  });
});
