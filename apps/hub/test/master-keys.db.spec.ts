import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyRotations, MasterKeyRegister } from '#libs/custody';
import { KeyRing } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const OURS = 'wxmasterplatform';
const K1 = KeyRing.generate('k1');
const K2 = KeyRing.generate('k2');
const base = `/v1/platforms/${OURS}`;

interface Keys {
  encrypts_with: string;
  keys: { key_id: string; values: number; known: boolean }[];
}

describe('master keys', () => {
  let world: HubWorld;
  const shops = Array.from({ length: 6 }, (_, index) => `wxkeyshop00000000${index}`);
  beforeEach(async () => {
    world = await HubWorld.start({ MASTER_KEYS: K1 });
    await world.platform(OURS);
    for (const shop of shops) await world.miniProgram(OURS, shop);
  }, 60_000);
  afterEach(() => world.stop());

  it('are replaced while tokens are handed out, and the old one may go', async () => {
    // Every process has been restarted with the new key in front; the old one stays until nothing is sealed under it.
    const hub = await world.addHub({ MASTER_KEYS: `${K2},${K1}` });
    await world.hub.stop();
    const call = <T = Record<string, unknown>>(method: string, path: string) => world.call<T>(method, path, {}, hub);
    const before = (await call<Keys>('GET', '/v1/master-keys')).body;
    expect(before.encrypts_with).toBe('k2');
    expect(before.keys.find(({ key_id }) => key_id === 'k1')?.values).toBeGreaterThan(shops.length);

    const started = await call<{ id: string }>('POST', '/v1/master-key-rotations');
    expect(started.status).toBe(202);
    const ended = await eventually('the rotation', async () => {
      const { body } = await call('GET', `/v1/master-key-rotations/${started.body.id}`);
      for (const shop of shops)
        expect((await call('POST', `${base}/authorizers/${shop}/access-token`)).status).toBe(200);
      return body['state'] === 'running' ? undefined : body;
    });
    expect(ended).toMatchObject({ state: 'done', key_id: 'k2', remaining: 0, reason: null });
    expect(ended['resealed']).toBe(ended['total']);
    expect(ended['total']).toBeGreaterThanOrEqual(shops.length + 2);
    expect((await call<Keys>('GET', '/v1/master-keys')).body.keys.find(({ key_id }) => key_id === 'k1')).toEqual({
      key_id: 'k1',
      values: 0,
      known: true,
    });
    const audit = await world.db.query(`SELECT action FROM access.audit_event WHERE action LIKE 'master_key%'`);
    expect(audit).toEqual([{ action: 'master_key_rotation.started' }]);

    await hub.stop();
    const alone = await world.addHub({ MASTER_KEYS: K2 });
    for (const shop of shops) {
      expect((await world.call('POST', `${base}/authorizers/${shop}/access-token`, {}, alone)).status).toBe(200);
    }
    // What was forgotten stays forgotten, and the old key alone opens nothing.
    await expect(world.addHub({ MASTER_KEYS: K1 })).rejects.toThrow('the master key "k2" is not in MASTER_KEYS');
  });

  it('stop the start with their name when one is missing or another', async () => {
    await expect(world.addHub({ MASTER_KEYS: K2 })).rejects.toThrow(
      /the master key "k1" is not in MASTER_KEYS: \d+ values are sealed under it/,
    );
    await expect(world.addHub({ MASTER_KEYS: KeyRing.generate('k1') })).rejects.toThrow(
      'MASTER_KEYS has another key under the id "k1"',
    );
    await expect(world.addHub({ MASTER_KEYS: `${K2},${KeyRing.generate('k1')}` })).rejects.toThrow('MASTER_KEYS');
    expect((await world.call('POST', `${base}/authorizers/${shops[0]}/access-token`)).status).toBe(200);
  });

  it('stop the start also when a single merchant is sealed under the missing one', async () => {
    const hub = await world.addHub({ MASTER_KEYS: `${K2},${K1}` });
    const [kept] = await world.db.query<{ sealed: Buffer }>(
      'SELECT sealed_refresh_token AS sealed FROM custody.authorizer_token WHERE authorizer_appid = $1',
      [shops[3]],
    );
    const { body } = await world.call('POST', '/v1/master-key-rotations', {}, hub);
    await eventually(
      'the rotation',
      async () =>
        (await world.call('GET', `/v1/master-key-rotations/${String(body['id'])}`, {}, hub)).body['state'] === 'done',
    );
    // As after a crash halfway, or a restored row.
    await world.db.run('UPDATE custody.authorizer_token SET sealed_refresh_token = $2 WHERE authorizer_appid = $1', [
      shops[3],
      kept?.sealed,
    ]);
    await expect(world.addHub({ MASTER_KEYS: K2 })).rejects.toThrow('1 values are sealed under it');
  });

  it('are found out where they were used before there was a register', async () => {
    await world.db.run('DELETE FROM custody.master_key');
    await expect(world.addHub({ MASTER_KEYS: K2 })).rejects.toThrow('"k1" is not in MASTER_KEYS');
    await world.addHub({ MASTER_KEYS: `${K2},${K1}` });
    const keys = await world.db.query(
      'SELECT key_id, sealed_proof IS NOT NULL AS proven FROM custody.master_key ORDER BY 1',
    );
    expect(keys).toEqual([
      { key_id: 'k1', proven: false },
      { key_id: 'k2', proven: true },
    ]);
  });

  it('are rotated by a process that seals with the new one only, and by one that came later', async () => {
    const api = await world.addHub({ MASTER_KEYS: `${K2},${K1}`, ROLES: 'api' });
    const { body } = await world.call('POST', '/v1/master-key-rotations', {}, api);
    expect((await world.call('POST', '/v1/master-key-rotations', {}, api)).body['id']).toBe(body['id']);
    // The first hub is a worker, but seals with the old key: it must not undo what is asked for.
    expect(await world.hub.get(KeyRotations).work()).toBe('nothing');
    const path = `/v1/master-key-rotations/${String(body['id'])}`;
    expect((await world.call('GET', path, {}, api)).body).toMatchObject({ state: 'running', total: null, resealed: 0 });
    await world.addHub({ MASTER_KEYS: `${K2},${K1}`, ROLES: 'worker' });
    await eventually('the rotation', async () => (await world.call('GET', path, {}, api)).body['state'] === 'done');
  });

  it('cover every sealed column of every schema', async () => {
    const columns = await world.db.query<{ name: string }>(
      `SELECT format('%s.%s.%s', table_schema, table_name, column_name) AS name FROM information_schema.columns
        WHERE column_name LIKE 'sealed%' AND table_name <> 'master_key' ORDER BY 1`,
    );
    expect(columns.length).toBeGreaterThan(10);
    const { tables } = world.hub.get(MasterKeyRegister);
    expect(tables.flatMap(({ table, sealed }) => sealed.map(({ column }) => `${table}.${column}`)).sort()).toEqual(
      columns.map(({ name }) => name),
    );
  });

  it("are an operator's business", async () => {
    const key = await world.apiKey(OURS);
    for (const [method, path] of [
      ['GET', '/v1/master-keys'],
      ['POST', '/v1/master-key-rotations'],
      ['GET', '/v1/master-key-rotations/1'],
    ] as const) {
      expect((await world.call(method, path, { key })).status).toBe(403);
    }
  });
});
