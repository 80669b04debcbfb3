import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlatformRemovalView } from '#libs/contract';
import { ownedTables } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { TwoTenants } from './two-tenants.ts';

const ALFA = '/v1/platforms/wx-alfa-platform';
let tenants: TwoTenants;

beforeEach(async () => {
  tenants = await TwoTenants.start();
}, 180_000);
afterEach(() => tenants.stop());

/** What bookkeeping takes away by itself. */
const IN_PASSING = ['domain_ledger.domain_use_delta', 'domain_ledger.look_batch', 'domain_ledger.reopened_day'];

/** Rows of a platform by table, without the audit trail and what is nobody's. */
async function rowsOf(componentAppid: string): Promise<Record<string, number>> {
  const { db } = tenants.world;
  const counts: Record<string, number> = {};
  for (const { name } of await ownedTables(db, ['platform_id'])) {
    if (name === 'access.audit_event' || name.startsWith('api_ip_ledger.')) continue;
    const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${name} WHERE platform_id = $1`, [
      tenants.platformIds[componentAppid],
    ]);
    if (row && row.count > 0) counts[name] = row.count;
  }
  return counts;
}

describe('removing a platform', () => {
  it('ends it at once, and then leaves no row of it, and every row of the others', async () => {
    const { world } = tenants;
    const other = await world.addHub();
    const before = await rowsOf('wx-bravo-platform');
    const dry = await world.call('DELETE', ALFA, { body: { dry_run: true } });
    expect(dry.status).toBe(200);
    const { rows } = dry.body as unknown as { rows: Record<string, number> };
    expect(Object.keys(rows).length).toBeGreaterThan(25);
    expect(rows['custody.authorizer_token']).toBe(2);
    expect((await world.call('DELETE', ALFA, { body: { confirm: 'wx-bravo-platform' } })).status).toBe(400);
    expect((await world.call('DELETE', ALFA, { body: {} })).status).toBe(400);
    const key = tenants.viewers.find(({ name }) => name === 'alfa')!.key;
    expect((await world.call('DELETE', ALFA, { key, body: { confirm: 'wx-alfa-platform' } })).status).toBe(403);
    // Both processes have it in memory.
    for (const hub of [world.hub, other]) {
      expect((await world.call('GET', ALFA, { key }, hub)).status).toBe(200);
      expect((await world.call('GET', ALFA, {}, hub)).status).toBe(200);
    }

    const started = await world.call<PlatformRemovalView>('DELETE', ALFA, { body: { confirm: 'wx-alfa-platform' } });
    expect(started).toMatchObject({ status: 202, body: { component_appid: 'wx-alfa-platform' } });
    expect((await world.call('GET', ALFA)).status).toBe(404);
    await eventually('every process refuses its key and does not know it', async () => {
      const answers = [
        await world.call('GET', ALFA, { key }, other),
        await world.call('GET', ALFA, {}, other),
        await world.call('POST', `${ALFA}/authorizers/wx-alfa-one/access-token`, {}, other),
      ];
      return answers.map(({ status }) => status).join() === '401,404,404';
    });
    const done = await eventually('done', async () => {
      const { body } = await world.call<PlatformRemovalView>('GET', `/v1/platform-removals/${started.body.id}`);
      return body.state === 'done' ? body : undefined;
    });
    expect(done.removed).toBeGreaterThan(100);
    expect(done.finished_at).not.toBeNull();
    expect(await rowsOf('wx-alfa-platform')).toEqual({});
    const after = await rowsOf('wx-bravo-platform');
    for (const table of Object.keys(before).filter((name) => !IN_PASSING.includes(name)))
      expect([table, after[table]! >= before[table]!]).toEqual([table, true]);
    const [event] = await world.db.query(
      `SELECT actor, subject FROM access.audit_event WHERE action = 'platform.removed'`,
    );
    expect(event).toMatchObject({ subject: 'platform:wx-alfa-platform' });
    // WeChat's pushes find nobody, and the appid may come again.
    await world.simulator.world.pushTicket('wx-alfa-platform').catch(() => undefined);
    expect(await rowsOf('wx-alfa-platform')).toEqual({});
    const again = await world.call('POST', '/v1/platforms', {
      body: {
        component_appid: 'wx-alfa-platform',
        component_appsecret: '0123456789abcdef0123456789abcdef',
        token: 'pushtoken',
        encoding_aes_key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
        name: 'again',
      },
    });
    expect(again.status).toBe(201);
  }, 120_000);
});

describe('erasing an account', () => {
  const path = `${ALFA}/authorizers/wx-alfa-one`;
  const withdraw = async () => {
    const { world } = tenants;
    await world.simulator.world.unauthorize('wx-alfa-platform', 'wx-alfa-one').pushed;
    await eventually('withdrawn', async () => (await world.call('GET', path)).body['state'] === 'unauthorized');
  };
  /** Every text in every row that names the account or its merchant's name. */
  const traces = async (text: string) => {
    const { db } = tenants.world;
    const found: string[] = [];
    for (const { name } of await ownedTables(db, ['platform_id'])) {
      if (name === 'access.audit_event') continue;
      const rows = await db.query(`SELECT FROM ${name} AS r WHERE platform_id = $1 AND r::text LIKE $2`, [
        tenants.platformIds['wx-alfa-platform'],
        `%${text}%`,
      ]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  };

  it('is refused while it is authorized, without the confirmation, and to limited keys', async () => {
    const { world } = tenants;
    const body = { confirm: 'wx-alfa-one', keep_history: true };
    expect(await world.call('POST', `${path}/erasures`, { body })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    await withdraw();
    expect((await world.call('POST', `${path}/erasures`, { body: { ...body, confirm: 'x' } })).status).toBe(400);
    const limited = tenants.viewers.find(({ name }) => name === 'alfa limited to one')!.key;
    expect((await world.call('POST', `${path}/erasures`, { key: limited, body })).status).toBe(403);
    const stranger = tenants.viewers.find(({ name }) => name === 'alfa limited to two')!.key;
    expect((await world.call('POST', `${path}/erasures`, { key: stranger, body })).status).toBe(404);
  }, 60_000);

  it('takes names and tokens and keeps the history, or nothing at all', async () => {
    const { world } = tenants;
    await withdraw();
    const history = await world.call('GET', `${path}/snapshots`);
    const kept = await world.call('POST', `${path}/erasures`, { body: { confirm: 'wx-alfa-one', keep_history: true } });
    expect(kept).toMatchObject({ status: 200, body: { rows: { 'custody.authorizer_token': 1 } } });
    expect(await traces('Owner of wx-alfa-one')).toEqual([]);
    expect((await world.call('GET', path)).body).toMatchObject({ nick_name: null, principal_name: null });
    expect((await world.call('GET', `${path}/snapshots`)).body).toEqual(history.body);
    expect(await world.db.query(`SELECT FROM custody.authorizer_token WHERE authorizer_appid = 'wx-alfa-one'`)).toEqual(
      [],
    );

    const gone = await world.call('POST', `${path}/erasures`, {
      body: { confirm: 'wx-alfa-one', keep_history: false },
    });
    expect(gone).toMatchObject({ status: 200, body: { keep_history: false } });
    expect((await world.call('GET', path)).status).toBe(404);
    const id = tenants.authorizerIds['alfa-one'];
    for (const { name } of await ownedTables(world.db, ['authorizer_id'])) {
      const rows = await world.db.query(`SELECT FROM ${name} WHERE authorizer_id = $1`, [id]);
      expect([name, rows.length]).toEqual([name, 0]);
    }
    for (const { name } of await ownedTables(world.db, ['authorizer_appid'])) {
      const rows = await world.db.query(`SELECT FROM ${name} WHERE authorizer_appid = 'wx-alfa-one'`);
      expect([name, rows.length]).toEqual([name, 0]);
    }
    const events = await world.db.query(
      `SELECT detail FROM access.audit_event WHERE action = 'authorizer.erased' ORDER BY id`,
    );
    expect(events).toEqual([{ detail: { keep_history: true } }, { detail: { keep_history: false } }]);
    // The others, and what is counted over all of them, are as they were.
    expect((await world.call('GET', `${ALFA}/authorizers/wx-alfa-two/domains`)).status).toBe(200);
    const coverage = `${ALFA}/domain-coverage?domain=https://everybody.example&list=requestdomain`;
    expect((await world.call('GET', coverage)).status).toBe(200);
    // It may authorize again.
    world.simulator.world.authorize('wx-alfa-platform', 'wx-alfa-one', { permissionSets: [18] });
    await eventually(
      'known again',
      async () => (await world.call('GET', path)).body['nick_name'] === 'Shop wx-alfa-one',
    );
  }, 90_000);
});
