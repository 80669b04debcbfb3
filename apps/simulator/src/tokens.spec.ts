import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, type Scene, SECRET, startScene } from '../test/scene.ts';

const APPID = 'wxa000000000000001';
const EFFECTIVE = '/wxa/get_effective_domain';
const PREAUTH = '/cgi-bin/component/api_create_preauthcode';
const own = { component_appid: COMPONENT };

describe('access tokens', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.clock.setRate(0);
    scene.world.addMiniProgram({ appid: APPID });
  });
  afterEach(async () => scene.stop());

  const merchantToken = async (): Promise<string> =>
    (await scene.exchange(scene.world.authorize(COMPONENT, APPID, { push: false }).authCode)).accessToken;
  const preauth = async (query: string): Promise<Record<string, unknown>> => scene.post(PREAUTH, own, query);

  it('takes both spellings of the parameter for component calls', async () => {
    const token = await scene.componentToken();
    expect(await preauth(`access_token=${token}`)).toMatchObject({ expires_in: 1800 });
    expect(await preauth(`component_access_token=${token}`)).toMatchObject({ expires_in: 1800 });
    expect(await preauth(`access_token=${encodeURIComponent(token)}`)).not.toHaveProperty('errcode');
  });

  it('lets a superseded token live five minutes', async () => {
    const first = await scene.componentToken();
    const second = await scene.componentToken();
    expect(first).not.toBe(second);
    await scene.world.advance(299_000);
    expect(await preauth(`access_token=${first}`)).not.toHaveProperty('errcode');
    await scene.world.advance(1_000);
    expect(await preauth(`access_token=${first}`)).toMatchObject({ errcode: 40001 });
    expect(await preauth(`access_token=${second}`)).not.toHaveProperty('errcode');
  });

  it('expires both kinds after 7200 simulated seconds', async () => {
    const merchant = await merchantToken();
    const component = await scene.componentToken();
    await scene.world.advance(7_199_000);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${merchant}`)).toMatchObject({ errcode: 0 });
    await scene.world.advance(1_000);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${merchant}`)).toMatchObject({ errcode: 42001 });
    expect(await preauth(`access_token=${component}`)).toMatchObject({ errcode: 42001 });
    scene.world.quirks.expiredComponentTokenCode = 42006;
    expect(await preauth(`access_token=${component}`)).toMatchObject({ errcode: 42006 });
  });

  it('supersedes merchant tokens in the same way', async () => {
    const { accessToken: first, refreshToken } = await scene.exchange(
      scene.world.authorize(COMPONENT, APPID, { push: false }).authCode,
    );
    const refreshed = await scene.post(
      '/cgi-bin/component/api_authorizer_token',
      { ...own, authorizer_appid: APPID, authorizer_refresh_token: refreshToken },
      `access_token=${await scene.componentToken()}`,
    );
    expect(Object.keys(refreshed).sort()).toEqual([
      'authorizer_access_token',
      'authorizer_refresh_token',
      'expires_in',
    ]);
    expect(refreshed['authorizer_refresh_token']).toBe(refreshToken);
    await scene.world.advance(299_000);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${first}`)).toMatchObject({ errcode: 0 });
    await scene.world.advance(1_000);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${first}`)).toMatchObject({ errcode: 40001 });
    expect(scene.world.refreshes(COMPONENT, APPID)).toBe(1);
  });

  it('refuses the wrong kind, none and garbage', async () => {
    const merchant = await merchantToken();
    const component = await scene.componentToken();
    expect(await preauth(`access_token=${merchant}`)).toMatchObject({ errcode: 61014 });
    expect(await scene.post(EFFECTIVE, {}, `access_token=${component}`)).toMatchObject({ errcode: 61015 });
    expect(await preauth('')).toMatchObject({ errcode: 41001 });
    expect(await preauth('access_token=garbage')).toMatchObject({ errcode: 40014 });
    const forged = `${component.slice(0, 10)}${component[10] === 'A' ? 'B' : 'A'}${component.slice(11)}`;
    expect(await preauth(`access_token=${forged}`)).toMatchObject({ errcode: 40014 });
  });

  it('refuses wrong secrets, unknown platforms and foreign addresses', async () => {
    await scene.world.pushTicket(COMPONENT);
    const request = {
      component_appid: COMPONENT,
      component_appsecret: SECRET,
      component_verify_ticket: scene.world.platform(COMPONENT).lastTicket,
    };
    const call = async (change: object): Promise<Record<string, unknown>> =>
      scene.post('/cgi-bin/component/api_component_token', { ...request, ...change });
    expect(await call({ component_appsecret: 'wrong' })).toMatchObject({ errcode: 40125 });
    expect(await call({ component_appsecret: undefined })).toMatchObject({ errcode: 41004 });
    expect(await call({ component_appid: 'wxnone' })).toMatchObject({ errcode: 61011 });
    expect(await call({ component_appid: undefined })).toMatchObject({ errcode: 41018 });
    scene.world.rotateKeys(COMPONENT, { componentAppsecret: 'new' });
    expect(await call({})).toMatchObject({ errcode: 40125 });
    scene.world.rotateKeys(COMPONENT, { componentAppsecret: SECRET });
    const token = await scene.componentToken();
    scene.world.platform(COMPONENT).ipWhitelist = ['10.1.2.3'];
    const refused = await call({});
    expect(refused['errcode']).toBe(61004);
    expect(refused['errmsg']).toMatch(/ requestIP: 127\.0\.0\.1 rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(await preauth(`access_token=${token}`)).toMatchObject({ errcode: 61004 });
    scene.world.platform(COMPONENT).ipWhitelist = ['127.0.0.1'];
    expect(await preauth(`access_token=${token}`)).not.toHaveProperty('errcode');
  });

  it('answers failures with HTTP 200 and a rid whose first group is the time', async () => {
    const response = await fetch(`${scene.simulator.url}${PREAUTH}`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(200);
    const { errmsg } = (await response.json()) as { errmsg: string };
    const rid = /rid: ([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}$/.exec(errmsg);
    expect(Number.parseInt(rid?.[1] ?? '', 16)).toBe(scene.world.clock.nowSeconds());
  });

  it('judges method and body', async () => {
    const token = `access_token=${await scene.componentToken()}`;
    expect(await scene.get(PREAUTH, token)).toMatchObject({ errcode: 43002 });
    expect(await scene.post('/cgi-bin/getcallbackip', {}, token)).toMatchObject({ errcode: 43001 });
    expect(await scene.post(PREAUTH, '', token)).toMatchObject({ errcode: 44002 });
    expect(await scene.post(PREAUTH, '{', token)).toMatchObject({ errcode: 47001 });
    expect(await scene.post(PREAUTH, '[]', token)).toMatchObject({ errcode: 47001 });
    expect(await scene.post(PREAUTH, '{"component_appid":"\\u4e2d"}', token)).toMatchObject({ errcode: 47002 });
    expect(await scene.post(PREAUTH, { component_appid: 'wxother' }, token)).toMatchObject({ errcode: 40013 });
    expect(await scene.post('/wxa/nothing', {}, token)).toMatchObject({ errcode: 40066 });
    const merchant = `access_token=${await merchantToken()}`;
    expect(await scene.post(EFFECTIVE, '', merchant)).toMatchObject({ errcode: 44002 });
    expect(await scene.get(EFFECTIVE, merchant)).toMatchObject({ errcode: 43002 });
  });

  it('escapes slashes on demand', async () => {
    scene.world.setDomainLists(APPID, 'effective_domain', { requestdomain: ['https://a.example.com'] });
    const url = `${scene.simulator.url}${EFFECTIVE}?access_token=${await merchantToken()}`;
    const body = async (): Promise<string> => (await fetch(url, { method: 'POST', body: '{}' })).text();
    const plain = await body();
    expect(plain).toContain('"https://a.example.com"');
    scene.world.quirks.escapeSlashes = true;
    const escaped = await body();
    expect(escaped).toContain('"https:\\/\\/a.example.com"');
    expect(JSON.parse(escaped)).toEqual(JSON.parse(plain));
  });
});
