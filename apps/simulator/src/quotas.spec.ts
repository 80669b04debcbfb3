import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, DAY_MS, type Scene, SECRET, startScene } from '../test/scene.ts';

const APPID = 'wxa000000000000001';
const EFFECTIVE = '/wxa/get_effective_domain';

describe('quotas', () => {
  let scene: Scene;
  let component: string;
  let merchant: string;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.clock.set(Date.parse('2026-11-22T04:00:00Z'));
    scene.world.clock.setRate(0);
    scene.world.addMiniProgram({ appid: APPID });
    await renew();
  });
  afterEach(async () => scene.stop());

  async function renew(): Promise<void> {
    await scene.world.pushTicket(COMPONENT);
    const { authCode } = scene.world.authorize(COMPONENT, APPID, { push: false });
    merchant = `access_token=${(await scene.exchange(authCode)).accessToken}`;
    component = `access_token=${await scene.componentToken()}`;
  }
  const effective = async (): Promise<unknown> => (await scene.post(EFFECTIVE, {}, merchant))['errcode'];
  const clear = async (body: object = {}): Promise<Record<string, unknown>> =>
    scene.post('/cgi-bin/component/clear_quota/v2', { component_appid: COMPONENT, appsecret: SECRET, ...body });

  it('counts a minute and a day for each account', async () => {
    scene.world.quotas.set(EFFECTIVE, { perMinute: 2, perDay: 3 });
    expect([await effective(), await effective(), await effective()]).toEqual([0, 0, 45011]);
    await scene.world.advance(60_000);
    expect([await effective(), await effective()]).toEqual([0, 45009]);
    await scene.world.advance(DAY_MS);
    await renew();
    expect(await effective()).toBe(0);
    scene.world.quotas.set(EFFECTIVE, null);
    expect([await effective(), await effective(), await effective(), await effective()]).toEqual([0, 0, 0, 0]);
  });

  it('reports limits and use to the owner of the token', async () => {
    scene.world.quotas.set(EFFECTIVE, { perDay: 100, perMinute: 10 });
    await effective();
    const report = async (path: string, token: string): Promise<Record<string, unknown>> =>
      scene.post('/cgi-bin/openapi/quota/get', { cgi_path: path }, token);
    expect(await report(EFFECTIVE, merchant)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      quota: { daily_limit: 100, used: 1, remain: 99 },
      component_rate_limit: { call_count: 10, refresh_second: 60 },
    });
    const tokens = await report('/cgi-bin/component/api_component_token', component);
    expect(tokens).toMatchObject({ quota: { daily_limit: 10_000, used: 2 } });
    expect(await report('wxa/x', merchant)).toMatchObject({ errcode: 76003 });
    expect(await report('/wxa/unknown', merchant)).toMatchObject({ errcode: 76021 });
    expect(await report('/sns/oauth2/access_token', merchant)).toMatchObject({ errcode: 76022 });
  });

  it('clears with the secret when the token call itself is exhausted, ten times a month', async () => {
    scene.world.quotas.set('/cgi-bin/component/api_component_token', { perDay: 2 });
    const ask = async (): Promise<unknown> => (await scene.componentToken()).slice(0, 3);
    expect(await ask()).toBe('und');
    expect(await clear()).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await ask()).toBe('90_');
    for (let n = 1; n < 10; n += 1) expect(await clear()).toMatchObject({ errcode: 0 });
    expect(await clear()).toMatchObject({ errcode: 48006 });
    expect(await clear({ appid: APPID })).toMatchObject({ errcode: 0 });
    expect(await clear({ appid: 'wxstranger' })).toMatchObject({ errcode: 43007 });
    expect(await clear({ appsecret: 'wrong' })).toMatchObject({ errcode: 40125 });
    await scene.world.advance(31 * DAY_MS);
    expect(await clear()).toMatchObject({ errcode: 0 });
  });

  it('clears with a token, each for its own account only', async () => {
    scene.world.quotas.set(EFFECTIVE, { perDay: 1 });
    expect([await effective(), await effective()]).toEqual([0, 45009]);
    expect(await scene.post('/cgi-bin/clear_quota', { appid: COMPONENT }, merchant)).toMatchObject({ errcode: 40013 });
    expect(await scene.post('/cgi-bin/clear_quota', { appid: APPID }, merchant)).toMatchObject({ errcode: 0 });
    expect(await effective()).toBe(0);
  });

  it('explains a failed call by its rid', async () => {
    const failed = await scene.post(EFFECTIVE, '{', merchant);
    const rid = /rid: (\S+)$/.exec(String(failed['errmsg']))?.[1];
    const found = await scene.post('/cgi-bin/openapi/rid/get', { rid }, component);
    expect(found).toMatchObject({
      errcode: 0,
      request: {
        invoke_time: scene.world.clock.nowSeconds(),
        request_url: EFFECTIVE,
        request_body: '{',
        response_body: JSON.stringify(failed),
        client_ip: '127.0.0.1',
      },
    });
    const unknown = { rid: '00000000-00000000-00000000' };
    expect(await scene.post('/cgi-bin/openapi/rid/get', unknown, component)).toMatchObject({ errcode: 76001 });
    expect(await scene.post('/cgi-bin/openapi/rid/get', { rid: 'x' }, component)).toMatchObject({ errcode: 76002 });
  });
});
