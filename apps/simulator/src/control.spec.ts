import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { AES_KEY, COMPONENT, type Scene, startScene } from '../test/scene.ts';

const APPID = 'wxa000000000000001';

describe('control surface', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
  });
  afterEach(async () => scene.stop());

  async function control(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
    const response = await fetch(`${scene.simulator.url}/_control${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  }
  const done = { status: 200, json: { ok: true } };

  it('tells a whole story from another process', async () => {
    expect((await control('POST', '/accounts', { appid: APPID, nickName: '小店' })).json).toMatchObject({
      appid: APPID,
    });
    const granted = (await control('POST', `/platforms/${COMPONENT}/grants/${APPID}`, { permissionSets: [18] })).json;
    expect(granted).toMatchObject({ pushed: { ok: true, infoType: 'authorized' }, redirectUrl: null });
    const { authCode } = granted as { authCode: string };
    const { accessToken } = await scene.exchange(authCode);
    const domains = { mp_domain: { requestdomain: ['https://a.example.com'] } };
    expect(await control('PATCH', `/accounts/${APPID}/domains`, domains)).toEqual(done);
    expect(await control('POST', `/accounts/${APPID}/release`)).toEqual(done);
    expect(await scene.post('/wxa/get_effective_domain', {}, `access_token=${accessToken}`)).toMatchObject({
      effective_domain: { requestdomain: ['https://a.example.com'] },
    });
    expect((await control('GET', `/platforms/${COMPONENT}/grants/${APPID}`)).json).toMatchObject({
      permissionSets: [18],
    });
    expect((await control('DELETE', `/platforms/${COMPONENT}/grants/${APPID}`)).json).toMatchObject({
      infoType: 'unauthorized',
    });
    expect((await control('GET', '/pushes?infoType=authorized')).json).toHaveLength(1);
    expect((await control('GET', '/counters')).json).toMatchObject({
      calls: { '/wxa/get_effective_domain': { '0': 1 } },
      pushes: { sent: 3, failed: 0 },
    });
    expect((await control('GET', '/calls?path=/wxa/get_effective_domain')).json).toMatchObject([
      { authorizerAppid: APPID },
    ]);
  });

  it('sets faults, quirks, quotas, latency, addresses and the clock', async () => {
    const { json } = await control('POST', '/faults', { kind: 'errcode', errcode: 45009, match: { path: '/wxa/*' } });
    expect(json).toMatchObject({ id: 1, hits: 0 });
    expect(await control('DELETE', '/faults/1')).toEqual(done);
    expect(scene.world.faults.rules).toEqual([]);
    await control('POST', '/push-faults', { kind: 'drop', times: 1 });
    expect((await control('POST', `/platforms/${COMPONENT}/ticket`)).json).toMatchObject({ fault: 'drop' });
    expect((await control('PATCH', '/quirks', { listOrder: 'newest_first' })).json).toMatchObject({
      listOrder: 'newest_first',
    });
    await control('PUT', '/quotas', { path: '/wxa/get_effective_domain', perDay: 1 });
    await control('PUT', '/latency', { ms: 1 });
    await control('PUT', '/ip-lists', { callback: ['10.0.0.0/8'] });
    expect(scene.world.latencyMs).toBe(1);
    expect(scene.world.ipLists.callback).toEqual(['10.0.0.0/8']);
    expect((await control('PATCH', '/clock', { setMs: 1_800_000_000_000, rate: 0, advanceMs: 5 })).json).toEqual({
      nowMs: 1_800_000_000_005,
      rate: 0,
    });
    expect(await control('POST', '/reset', {})).toEqual(done);
    expect(scene.world.latencyMs).toBe(0);
    expect(scene.world.quirks.listOrder).toBe('oldest_first');
    expect(scene.world.platforms.size).toBe(1);
    await control('POST', '/reset', { all: true });
    expect(scene.world.platforms.size).toBe(0);
  });

  it('makes platforms and fleets', async () => {
    const platform = {
      componentAppid: 'wxc0000000000000009',
      componentAppsecret: 's',
      token: 't',
      encodingAesKey: AES_KEY,
      eventsUrl: `${scene.receiverUrl}/nine`,
    };
    expect((await control('POST', '/platforms', platform)).status).toBe(200);
    await scene.world.pusher.idle();
    expect(scene.received.map(({ path }) => path)).toEqual(['/nine']);
    const fleet = await control('POST', '/fleets', { platform: platform.componentAppid, count: 1_000 });
    expect(fleet.json).toMatchObject({ prefix: 'wxf1ee70', count: 1_000 });
    await control('POST', '/fleets/changes', { share: 1 });
    await control('PATCH', `/platforms/${platform.componentAppid}`, { listLimit: 5, token: 'new' });
    expect((await control('GET', '/world')).json).toMatchObject({
      platforms: [{ authorized: 0 }, { authorized: 1_000 }],
      fleets: [{ version: 1 }],
    });
    expect(scene.world.platform(platform.componentAppid)).toMatchObject({ listLimit: 5, token: 'new' });
  });

  it('refuses what it does not understand', async () => {
    expect((await control('POST', '/faults', { kind: 'nonsense' })).status).toBe(400);
    expect((await control('POST', '/accounts', { appid: APPID, nickname: 'typo' })).status).toBe(400);
    expect((await control('POST', '/accounts/wxnobody/release')).json).toEqual({
      error: 'there is no account wxnobody',
    });
    expect((await control('GET', '/nowhere')).status).toBe(404);
    expect((await control('GET', '/')).json).toMatchObject({ routes: expect.arrayContaining(['GET /world']) });
  });
});
