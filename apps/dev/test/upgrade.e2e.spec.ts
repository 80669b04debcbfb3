import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { buildHubOf, previousRelease } from './previous-release.ts';
import { COMPONENT, HUB, ProcessWorld } from './processes.ts';

const root = join(import.meta.dirname, '../../..');
const previous = previousRelease(root);
const SHOP = 'wxaaaaaaaaaaaaaaaa';
const base = `/v1/platforms/${COMPONENT}`;

const reason = 'missing' in previous ? `: skipped, ${previous.missing}` : `: ${previous.tag}`;
('tag' in previous ? describe : describe.skip)(`the release before, beside this one${reason}`, () => {
  let folder: string;
  let clone: TestDatabase;
  let world: ProcessWorld;
  const name = `upgrade_${process.pid}`;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wxfleet-upgrade-'));
    if ('tag' in previous) await buildHubOf(previous.tag, { root, folder });
    // The clones have the schema of this release already.
    clone = await cloneDatabase();
    await clone.db.runScript(`CREATE DATABASE ${name}`);
    const url = new URL(clone.url);
    url.pathname = `/${name}`;
    world = await ProcessWorld.start({
      url: url.href,
      db: clone.db,
      drop: async () => {
        await clone.db.runScript(`DROP DATABASE ${name} WITH (FORCE)`);
        await clone.drop();
      },
    });
  }, 300_000);
  afterAll(async () => {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves on the schema of this one, and this one on its data', async () => {
    const before = await world.hub({}, join(folder, HUB));
    await world.platform(before.url, before.rest);
    await before.rest.post(`${base}/merchants`, { merchant_id: 'm1', name: 'One' });
    world.simulator.world.addMiniProgram({ appid: SHOP });
    await world.simulator.world.authorize(COMPONENT, SHOP, { permissionSets: [17, 18] }).pushed;
    const account = `${base}/authorizers/${SHOP}`;
    await eventually('the account', () => before.rest.get(account).catch(() => undefined));

    const after = await world.hub();
    for (const { rest } of [before, after, before]) {
      expect(await rest.get(`${base}/merchants/m1`)).toMatchObject({ name: 'One' });
      expect(await rest.post(`${account}/access-token`)).toHaveProperty('access_token');
      expect(await rest.post(`${account}/snapshots`)).toHaveProperty('id');
      expect(await rest.get(`${account}/domains`)).toHaveProperty('certainty');
      expect(await rest.get(`${base}/authorizers?limit=1`)).toMatchObject({ items: [{ authorizer_appid: SHOP }] });
    }
    // A push that the old one takes is known to the new one.
    expect((await world.simulator.world.unauthorize(COMPONENT, SHOP).pushed)?.ok).toBe(true);
    await eventually('the withdrawal', async () => (await after.rest.get(account))['state'] === 'unauthorized');
    expect(await before.program.ends('SIGTERM')).toBe(0);
    expect(await after.rest.get(account)).toMatchObject({ state: 'unauthorized' });
  }, 120_000);
});
