import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, type Scene, startScene } from '../test/scene.ts';

const APPID = 'wxa000000000000001';
const BASE = '/cgi-bin/component/';
const own = { component_appid: COMPONENT };

describe('authorizations', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.clock.setRate(0);
    scene.world.addMiniProgram({
      appid: APPID,
      nickName: '美妆饰品',
      principalName: '个人',
      userName: 'gh_c43395cb652e',
    });
  });
  afterEach(async () => scene.stop());

  const component = async (name: string, body: object): Promise<Record<string, unknown>> =>
    scene.post(BASE + name, { ...own, ...body }, `access_token=${await scene.componentToken()}`);
  const exchange = async (code: string): Promise<Record<string, unknown>> =>
    component('api_query_auth', { authorization_code: code });
  const refresh = async (token: string): Promise<Record<string, unknown>> =>
    component('api_authorizer_token', { authorizer_appid: APPID, authorizer_refresh_token: token });
  const list = async (offset = 0, count = 500): Promise<Record<string, unknown>> =>
    component('api_get_authorizer_list', { offset, count });

  it('pushes "authorized" with the code, its absolute expiry and the pre-auth code', async () => {
    const { pre_auth_code: preAuthCode } = await component('api_create_preauthcode', {});
    const result = scene.world.authorize(COMPONENT, APPID, { viaPreAuthCode: String(preAuthCode) });
    expect(await result.pushed).toMatchObject({ ok: true, infoType: 'authorized', authorizerAppid: APPID });
    const now = scene.world.clock.nowSeconds();
    expect(scene.received.at(-1)?.fields).toEqual({
      AppId: COMPONENT,
      CreateTime: String(now),
      InfoType: 'authorized',
      AuthorizerAppid: APPID,
      AuthorizationCode: result.authCode,
      AuthorizationCodeExpiredTime: String(now + 3600),
      PreAuthCode: preAuthCode,
    });
    expect(result.authCode).toMatch(/^queryauthcode@@@/);
    expect(preAuthCode).toMatch(/^preauthcode@@@/);
  });

  it('exchanges a code once', async () => {
    const { authCode } = scene.world.authorize(COMPONENT, APPID, { permissionSets: [18, 17], push: false });
    const reply = await exchange(authCode);
    expect(reply).toEqual({
      authorization_info: {
        authorizer_appid: APPID,
        authorizer_access_token: expect.any(String),
        expires_in: 7200,
        authorizer_refresh_token: expect.stringMatching(/^refreshtoken@@@/),
        func_info: [{ funcscope_category: { id: 18 } }, { funcscope_category: { id: 17 } }],
      },
    });
    expect(await exchange(authCode)).toMatchObject({ errcode: 61010 });
    expect(await exchange('queryauthcode@@@nonsense')).toMatchObject({ errcode: 61009 });
    const preauth = await component('api_create_preauthcode', {});
    expect(await exchange(String(preauth['pre_auth_code']))).toMatchObject({ errcode: 61009 });
  });

  it('lets a code die after an hour', async () => {
    const { authCode } = scene.world.authorize(COMPONENT, APPID, { push: false });
    await scene.world.advance(3_600_000);
    expect(await exchange(authCode)).toMatchObject({ errcode: 61010 });
  });

  it('gives different codes to redirect and push on demand; both work once', async () => {
    scene.world.quirks.distinctCodes = true;
    const { authCode, pushCode } = scene.world.authorize(COMPONENT, APPID, { push: false });
    expect(authCode).not.toBe(pushCode);
    expect(await exchange(authCode)).toHaveProperty('authorization_info');
    expect(await exchange(pushCode)).toHaveProperty('authorization_info');
  });

  it('pushes "updateauthorized" only when the sets differ', async () => {
    await scene.world.authorize(COMPONENT, APPID, { permissionSets: [17, 18] }).pushed;
    expect(await scene.world.updateAuthorization(COMPONENT, APPID, { permissionSets: [18, 17] }).pushed).toBeNull();
    await scene.world.updateAuthorization(COMPONENT, APPID, { permissionSets: [17] }).pushed;
    expect(scene.received.map(({ fields }) => fields['InfoType'])).toEqual(['authorized', 'updateauthorized']);
  });

  it('kills tokens with the authorization and makes new ones with the next', async () => {
    const first = await scene.exchange(scene.world.authorize(COMPONENT, APPID, { push: false }).authCode);
    expect(await refresh('refreshtoken@@@other')).toMatchObject({ errcode: 61023 });
    await scene.world.unauthorize(COMPONENT, APPID).pushed;
    expect(scene.received.at(-1)?.fields).toEqual({
      AppId: COMPONENT,
      CreateTime: String(scene.world.clock.nowSeconds()),
      InfoType: 'unauthorized',
      AuthorizerAppid: APPID,
    });
    expect(await refresh(first.refreshToken)).toMatchObject({ errcode: 61003 });
    expect(await list()).toEqual({ total_count: 0, list: [] });
    const stale = `access_token=${first.accessToken}`;
    expect(await scene.post('/wxa/get_effective_domain', {}, stale)).toMatchObject({ errcode: 40001 });
    const second = await scene.exchange(scene.world.authorize(COMPONENT, APPID, { push: false }).authCode);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await refresh(first.refreshToken)).toMatchObject({ errcode: 61023 });
    expect(await refresh(second.refreshToken)).toMatchObject({ expires_in: 7200 });
    expect(await scene.post('/wxa/get_effective_domain', {}, stale)).toMatchObject({ errcode: 40001 });
  });

  it('rotates refresh tokens on demand, the old one works five more minutes', async () => {
    const { refreshToken } = await scene.exchange(scene.world.authorize(COMPONENT, APPID, { push: false }).authCode);
    scene.world.quirks.rotateRefreshTokens = true;
    const rotated = String((await refresh(refreshToken))['authorizer_refresh_token']);
    expect(rotated).not.toBe(refreshToken);
    scene.world.quirks.rotateRefreshTokens = false;
    await scene.world.advance(299_000);
    expect(await refresh(refreshToken)).toMatchObject({ authorizer_refresh_token: rotated });
    await scene.world.advance(1_000);
    expect(await refresh(refreshToken)).toMatchObject({ errcode: 61023 });
    expect(await refresh(rotated)).toMatchObject({ expires_in: 7200 });
  });

  it('lists accounts, without refresh token until the code was exchanged', async () => {
    const { authCode } = scene.world.authorize(COMPONENT, APPID, { push: false });
    const entry = { authorizer_appid: APPID, auth_time: scene.world.clock.nowSeconds() };
    expect(await list()).toEqual({ total_count: 1, list: [entry] });
    scene.world.quirks.unexchangedRefreshToken = 'empty';
    expect(await list()).toEqual({ total_count: 1, list: [{ ...entry, refresh_token: '' }] });
    const { refreshToken } = await scene.exchange(authCode);
    expect(await list()).toEqual({ total_count: 1, list: [{ ...entry, refresh_token: refreshToken }] });
    expect(await list(0, 501)).toMatchObject({ errcode: 40170 });
    expect(await list(-1)).toMatchObject({ errcode: 47001 });
    expect(await list(5)).toEqual({ total_count: 1, list: [] });
    scene.world.truncateList(COMPONENT, 0);
    expect(await list()).toEqual({ total_count: 0, list: [] });
  });

  it('describes mini programs and official accounts', async () => {
    const official = 'wxb000000000000001';
    scene.world.addOfficialAccount({ appid: official });
    scene.world.seedGrant(COMPONENT, APPID, [18]);
    scene.world.seedGrant(COMPONENT, official, [1]);
    const about = async (appid: string): Promise<Record<string, Record<string, unknown>>> =>
      (await component('api_get_authorizer_info', { authorizer_appid: appid })) as never;
    const mini = await about(APPID);
    expect(mini['authorizer_info']).toMatchObject({
      nick_name: '美妆饰品',
      principal_name: '个人',
      user_name: 'gh_c43395cb652e',
      MiniProgramInfo: { network: { RequestDomain: [] } },
    });
    expect(mini['authorization_info']).toMatchObject({ authorizer_appid: APPID, func_info: [{}] });
    expect((await about(official))['authorizer_info']).not.toHaveProperty('MiniProgramInfo');
    expect(await about('wxnobody')).toMatchObject({ errcode: 61003 });
  });

  it('gives no tokens to accounts without API permission', async () => {
    scene.world.addMiniProgram({ appid: 'wxpoor', apiPermission: false });
    const { authCode } = scene.world.authorize(COMPONENT, 'wxpoor', { push: false });
    const { authorization_info: info } = await exchange(authCode);
    expect(Object.keys(info as object)).toEqual(['authorizer_appid', 'func_info']);
  });

  it('shows func_info in all three known forms', async () => {
    scene.world.seedGrant(COMPONENT, APPID, [18]);
    const form = async (funcInfo: 'named' | 'confirm'): Promise<unknown> => {
      scene.world.quirks.funcInfo = funcInfo;
      const reply = await component('api_get_authorizer_info', { authorizer_appid: APPID });
      return (reply['authorization_info'] as { func_info: unknown[] }).func_info[0];
    };
    expect(await form('named')).toMatchObject({ funcscope_category: { id: 18, type: 0 } });
    expect(await form('confirm')).toMatchObject({ funcscope_category: { id: 18 }, confirm_info: { need_confirm: 0 } });
  });
});

describe('authorization page', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.addMiniProgram({ appid: APPID, nickName: '<小店>' });
    scene.world.addOfficialAccount({ appid: 'wxb000000000000001' });
  });
  afterEach(async () => scene.stop());

  const page = async (
    parameters: Record<string, string>,
    path = '/cgi-bin/componentloginpage',
    referer: string | null = `${scene.receiverUrl}/`,
  ): Promise<Response> =>
    fetch(`${scene.simulator.url}${path}?${new URLSearchParams(parameters).toString()}`, {
      redirect: 'manual',
      headers: referer === null ? {} : { referer },
    });

  it('lets a person choose an account, then grants, pushes and redirects with the code', async () => {
    const preAuthCode = scene.world.newPreAuthCode(scene.world.platform(COMPONENT));
    const link = {
      component_appid: COMPONENT,
      pre_auth_code: preAuthCode,
      redirect_uri: `${scene.receiverUrl}/back?state=s1`,
      auth_type: '2',
      category_id_list: '17|18',
    };
    for (const path of ['/cgi-bin/componentloginpage', '/wxaopen/safe/bindcomponent', '/safe/bindcomponent']) {
      const html = await (await page(link, path)).text();
      expect(html).toContain('&lt;小店&gt;');
      expect(html).not.toContain('wxb000000000000001');
      expect(html).toContain('value="18" checked');
    }
    const confirm = new URLSearchParams({ ...link, authorizer_appid: APPID, confirm: '1' });
    confirm.append('set', '18');
    const response = await fetch(`${scene.simulator.url}/cgi-bin/componentloginpage?${confirm.toString()}`, {
      redirect: 'manual',
      headers: { referer: `${scene.simulator.url}/cgi-bin/componentloginpage` },
    });
    expect(response.status).toBe(302);
    const target = new URL(response.headers.get('location') ?? '');
    expect(target.pathname).toBe('/back');
    expect(target.searchParams.get('state')).toBe('s1');
    expect(target.searchParams.get('expires_in')).toBe('3600');
    await scene.world.pusher.idle();
    expect(scene.received[0]?.fields).toMatchObject({
      InfoType: 'authorized',
      PreAuthCode: preAuthCode,
      AuthorizationCode: target.searchParams.get('auth_code'),
    });
    expect(scene.world.grantOf(COMPONENT, APPID)?.permissionSets).toEqual([18]);
  });

  it('opens only for who comes from the 授权发起页域名, and goes back only there', async () => {
    const link = {
      component_appid: COMPONENT,
      pre_auth_code: scene.world.newPreAuthCode(scene.world.platform(COMPONENT)),
      redirect_uri: `${scene.receiverUrl}/back`,
      auth_type: '2',
    };
    const confirm = { ...link, authorizer_appid: APPID, set: '18', confirm: '1' };
    const path = '/cgi-bin/componentloginpage';
    expect(await (await page(link, path, null)).text()).toMatch(/请确认授权入口页所在域名.*：空/);
    expect(await (await page(link, path, 'https://elsewhere.example/')).text()).toContain('请确认授权入口页所在域名');
    expect(await (await page({ ...link, redirect_uri: 'https://elsewhere.example/' })).text()).toContain('请确认授权');
    expect((await page(confirm, path, null)).status).toBe(200);
    expect(scene.world.grantOf(COMPONENT, APPID)).toBeNull();
    expect(await (await page(link)).text()).toContain('小程序开发与数据分析');
    scene.world.quirks.checkAuthorizationOrigin = false;
    expect((await page(confirm, path, null)).status).toBe(302);
    scene.world.quirks.checkAuthorizationOrigin = true;
    scene.world.platform(COMPONENT).configure({ authorizationHost: 'shop.example' });
    expect(await (await page(link)).text()).toContain('授权发起页域名：shop.example');
    const moved = { ...link, redirect_uri: 'https://shop.example/back' };
    expect(await (await page(moved, path, 'https://shop.example/')).text()).toContain('value="18" checked');
  });

  it('does not offer an exclusive set that another platform holds', async () => {
    const other = scene.world.addPlatform({ ...scene.world.platform(COMPONENT).options(), componentAppid: 'wxc2' });
    scene.world.seedGrant(other.componentAppid, APPID, [18]);
    const html = await (
      await page({
        component_appid: COMPONENT,
        pre_auth_code: scene.world.newPreAuthCode(scene.world.platform(COMPONENT)),
        redirect_uri: `${scene.receiverUrl}/back`,
        auth_type: '2',
        category_id_list: '17|18',
      })
    ).text();
    expect(html).toContain('value="17" checked');
    expect(html).not.toContain('value="18" checked');
  });

  it('refuses dead links and accounts it does not offer', async () => {
    const preAuthCode = scene.world.newPreAuthCode(scene.world.platform(COMPONENT));
    const link = {
      component_appid: COMPONENT,
      pre_auth_code: preAuthCode,
      redirect_uri: `${scene.receiverUrl}/back`,
      auth_type: '2',
    };
    const choose = { authorizer_appid: 'wxb000000000000001', set: '1', confirm: '1' };
    expect((await page({ ...link, ...choose })).status).toBe(200);
    expect(scene.world.grantOf(COMPONENT, 'wxb000000000000001')).toBeNull();
    expect((await page({ ...link, ...choose, biz_appid: 'wxb000000000000001' })).status).toBe(302);
    expect(await (await page({ ...link, pre_auth_code: 'x' })).text()).toContain('invalid or expired');
    expect(await (await page({ ...link, redirect_uri: 'javascript:alert(1)' })).text()).toContain('redirect_uri');
    scene.world.clock.advance(1_801_000);
    expect(await (await page(link)).text()).toContain('invalid or expired');
  });
});
