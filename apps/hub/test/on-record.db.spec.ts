import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gate } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const base = `/v1/platforms/${PLATFORM}`;
const SHOP = 'wxshop0000000001';

describe('what a hub is asked to do', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.miniProgram(PLATFORM, SHOP, { merchantId: 'm1' });
    await world.call('POST', `${base}/authorizers/${SHOP}/snapshots`);
  }, 60_000);
  afterAll(() => world.stop());

  /** Actions in the trail since `id`, with their outcomes; without refusals, which are counted and written some time later. */
  async function since(id: number): Promise<string[]> {
    const rows = await world.db.query<{ text: string }>(
      `SELECT action || ' ' || outcome AS text FROM access.audit_event WHERE id > $1 AND actor LIKE 'operator:%' AND action NOT LIKE '%.refused' ORDER BY id`,
      [id],
    );
    return rows.map(({ text }) => text);
  }

  async function latest(): Promise<number> {
    const [row] = await world.db.query<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM access.audit_event');
    return row?.id ?? 0;
  }

  it.each([
    [
      '/wxa/get_effective_domain',
      `${base}/authorizers/${SHOP}/snapshots`,
      undefined,
      'snapshot.asked',
      'snapshot.taken',
    ],
    [
      '/cgi-bin/getcallbackip',
      '/v1/wechat-ips/callback/snapshots',
      undefined,
      'wechat_ips.fetch_asked',
      'wechat_ips.fetched',
    ],
    [
      '/wxa/get_effective_domain',
      `${base}/domain-assertions`,
      { domains: [{ list: 'requestdomain', domain: 'https://a.example' }], max_age: 'PT0S', fetch_stale: true },
      'domains.fetch_for_assertion_asked',
      'domains.fetched_for_assertion',
    ],
  ])('is in the trail before WeChat is asked: %s by %s', async (wechatPath, path, body, asked, done) => {
    const before = await latest();
    const gate = new Gate();
    const off = world.simulator.world.onCall((call) => (call.path === wechatPath ? gate.pass() : undefined));
    const answer = world.call('POST', path, body === undefined ? {} : { body });
    await gate.waiting;
    expect(await since(before)).toEqual([`${asked} ok`]);
    off();
    gate.release();
    expect((await answer).status).toBeLessThan(300);
    expect(await since(before)).toEqual([`${asked} ok`, `${done} ok`]);
  });

  it('is in the trail with what came of it when it goes wrong', async () => {
    const { faults } = world.simulator.world;
    const before = await latest();
    const fault = faults.add({ kind: 'errcode', errcode: 45009, match: { path: '/wxa/get_effective_domain' } });
    expect((await world.call('POST', `${base}/authorizers/${SHOP}/snapshots`)).status).toBe(503);
    faults.remove(fault.id);
    expect(await since(before)).toEqual(['snapshot.asked ok', 'snapshot.taken upstream_quota_exhausted']);
  });

  it('is in the trail if and only if it is done, where the database alone does it', async () => {
    const before = await latest();
    await world.db.run('ALTER TABLE access.audit_event ADD CONSTRAINT no_more CHECK (false) NOT VALID');
    const started = await world.call('POST', '/v1/master-key-rotations');
    expect(started.status).toBe(500);
    await world.db.run('ALTER TABLE access.audit_event DROP CONSTRAINT no_more');
    expect(await world.db.query('SELECT 1 FROM custody.master_key_rotation')).toEqual([]);
    expect((await world.call('POST', '/v1/master-key-rotations')).status).toBe(202);
    expect(await since(before)).toEqual(['master_key_rotation.started ok']);
  });

  it('is in the trail before a push is put back into the queue', async () => {
    const [push] = await world.db.query<{ id: number }>('SELECT min(push_id) AS id FROM inbox.push');
    const before = await latest();
    expect((await world.call('POST', `${base}/pushes/${push?.id}/replays`)).status).toBe(409);
    expect(await since(before)).toEqual(['push.replay_asked ok', 'push.replayed conflict']);
  });
});
