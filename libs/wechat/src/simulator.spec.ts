import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { COMPONENT, SECRET, type Scene, startScene } from '../../../apps/simulator/test/scene.ts';
import { Secret } from '#libs/kernel';
import { ApiIpApi } from './api-ip-api.ts';
import { ComponentApi } from './component-api.ts';
import { WechatApiError, WechatError, WechatProtocolError, WechatTransportError } from './errors.ts';
import { MiniProgramApi, readEffectiveDomain } from './mini-program-api.ts';
import { WechatTransport } from './transport.ts';

const APPID = 'wxa000000000000001';
const platform = { componentAppid: COMPONENT, priority: 'interactive' } as const;
const merchant = { ...platform, authorizerAppid: APPID };

/** The client against the simulator: a second pair of eyes on both, over real HTTP. */
describe('the client and the simulator', () => {
  let scene: Scene;
  let transport: WechatTransport;
  let component: ComponentApi;
  let miniProgram: MiniProgramApi;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.clock.setRate(0);
    scene.world.addMiniProgram({ appid: APPID });
    transport = new WechatTransport({
      baseUrl: scene.simulator.url,
      timeoutMs: 2000,
      maxConcurrency: 4,
      random: () => 0,
    });
    component = new ComponentApi(transport);
    miniProgram = new MiniProgramApi(transport);
  });
  afterEach(async () => {
    await scene.stop();
    await transport.close();
  });

  async function componentToken(): Promise<Secret> {
    await scene.world.pushTicket(COMPONENT);
    const ticket = Secret.of(scene.world.platform(COMPONENT).lastTicket ?? '');
    return (await component.componentToken(platform, { appsecret: Secret.of(SECRET), ticket })).token;
  }

  async function grant(appid: string): Promise<Secret> {
    const code = scene.world.authorize(COMPONENT, appid, { push: false }).authCode;
    const { accessToken } = await component.queryAuth(platform, await componentToken(), code);
    return accessToken ?? Secret.of('');
  }

  it('go the whole way from a ticket to domains', async () => {
    const token = await componentToken();
    expect((await component.createPreauthCode(platform, token)).expiresIn).toBeGreaterThan(0);
    const code = scene.world.authorize(COMPONENT, APPID, { push: false }).authCode;
    const granted = await component.queryAuth(platform, token, code);
    expect(granted.authorizerAppid).toBe(APPID);
    expect(granted.permissionSets).toContain(18);
    await expect(component.queryAuth(platform, token, code)).rejects.toMatchObject({
      errcode: 61010,
      reaction: 'reauth',
    });

    const refreshed = await component.authorizerToken(merchant, token, granted.refreshToken ?? '');
    expect(refreshed.accessToken.reveal()).not.toBe(granted.accessToken?.reveal());
    const details = await component.getAuthorizerInfo(merchant, token);
    expect([details.authorizerAppid, details.kind]).toEqual([APPID, 'mini_program']);
    expect(details.refreshToken?.reveal()).toBe(granted.refreshToken?.reveal());
    const page = await component.getAuthorizerList(platform, token, { offset: 0, count: 500 });
    expect([page.totalCount, page.items.map((item) => item.authorizerAppid)]).toEqual([1, [APPID]]);

    const domains = await miniProgram.getEffectiveDomain(merchant, refreshed.accessToken);
    expect(domains.reply.errcode).toBe(0);
    expect(readEffectiveDomain(await miniProgram.getEffectiveDomainRaw(merchant, refreshed.accessToken))).toEqual(
      domains,
    );
    const addresses = new ApiIpApi(transport);
    expect((await addresses.getApiDomainIp(platform, token)).reply.ip_list.length).toBeGreaterThan(0);
    expect((await addresses.getCallbackIp(platform, token)).reply.ip_list.length).toBeGreaterThan(0);
    expect(
      (await component.quotaGet(platform, token, '/cgi-bin/component/api_component_token')).quota?.daily_limit,
    ).toBeGreaterThan(0);
    await component.getServerDomainList(platform, token);
    expect(await component.getJumpDomainList(platform, token)).toEqual({ published: [], testing: [] });
    expect((await component.getDomainConfirmFile(platform, token)).name).toMatch(/\.txt$/);
    expect((await component.checkCallback(platform, token)).pings).toHaveLength(1);
    await component.startPushTicket(platform, { appsecret: SECRET });
  });

  it('agree on refusals', async () => {
    const token = await componentToken();
    const aat = await grant(APPID);
    const codeOf = async (work: Promise<unknown>) => {
      const error: unknown = await work.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(WechatApiError);
      expect((error as WechatApiError).rid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
      return [(error as WechatApiError).errcode, (error as WechatApiError).reaction];
    };
    expect(await codeOf(miniProgram.getEffectiveDomain(merchant, token))).toEqual([61015, 'bug']);
    expect(await codeOf(component.createPreauthCode(platform, aat))).toEqual([61014, 'bug']);
    expect(await codeOf(component.queryAuth(platform, token, 'queryauthcode@@@nothing'))).toEqual([61009, 'reauth']);
    expect(await codeOf(component.authorizerToken(merchant, token, 'refreshtoken@@@nothing'))).toEqual([
      61023,
      'reauth',
    ]);
    expect(await codeOf(component.componentToken(platform, { appsecret: SECRET, ticket: 'ticket@@@nothing' }))).toEqual(
      [61006, 'ticket'],
    );
    const wrong = component.componentToken(platform, {
      appsecret: 'wrong',
      ticket: scene.world.platform(COMPONENT).lastTicket ?? '',
    });
    expect((await codeOf(wrong))[1]).toBe('config');
  });

  it.each([
    ['wx-busy-2', null],
    ['wx-err-61007', { errcode: 61007 }],
    ['wx-quota-45011', { errcode: 45011, reaction: 'quota_minute' }],
    ['wx-html', { code: 'wechat_protocol_error', reason: 'bad_status', status: 502 }],
    ['wx-notjson', { code: 'wechat_protocol_error', reason: 'not_json' }],
    ['wx-halfbody', { code: 'wechat_protocol_error', reason: 'truncated' }],
    ['wx-reset', { code: 'wechat_transport_error', reason: 'reset', mayHaveTakenEffect: true }],
  ])('the fault %s arrives as what it is', async (appid, expected) => {
    scene.world.addMiniProgram({ appid });
    const token = await grant(appid);
    const call = { ...platform, authorizerAppid: appid };
    for (const work of [
      () => miniProgram.getEffectiveDomain(call, token),
      () => miniProgram.getEffectiveDomainRaw(call, token),
    ]) {
      if (expected === null) await work();
      else await expect(work()).rejects.toMatchObject(expected);
    }
  });

  it('a call that takes effect while its reply is lost says that it may have, and is not repeated', async () => {
    const token = await componentToken();
    const code = scene.world.authorize(COMPONENT, APPID, { push: false }).authCode;
    scene.world.faults.add({
      kind: 'replyLostAfterEffect',
      match: { path: '/cgi-bin/component/api_query_auth' },
      times: 1,
    });
    const error: unknown = await component.queryAuth(platform, token, code).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WechatTransportError);
    expect((error as WechatError).mayHaveTakenEffect).toBe(true);
    expect(scene.world.calls('/cgi-bin/component/api_query_auth')).toHaveLength(1);
    await expect(component.queryAuth(platform, token, code)).rejects.toMatchObject({ errcode: 61010 });
  });

  it('half a token never shows in an error', async () => {
    await scene.world.pushTicket(COMPONENT);
    const ticket = scene.world.platform(COMPONENT).lastTicket ?? '';
    scene.world.faults.add({ kind: 'halfBody', match: { path: '/cgi-bin/component/api_component_token' } });
    const error = await component
      .componentToken(platform, { appsecret: SECRET, ticket })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WechatProtocolError);
    const { raw } = error as WechatProtocolError;
    expect(raw).toMatch(/^\{"component_access_token":"(\[redacted\])?$/);
    expect(raw).not.toContain(ticket);
  });
});
