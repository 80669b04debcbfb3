import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { ScriptedServer, json } from '../test/scripted-server.ts';
import { ApiIpApi } from './api-ip-api.ts';
import { ComponentApi } from './component-api.ts';
import { WechatApiError, WechatProtocolError } from './errors.ts';
import { MiniProgramApi, readEffectiveDomain } from './mini-program-api.ts';
import { WechatTransport } from './transport.ts';

const call = { componentAppid: 'wx1', authorizerAppid: 'wx2', priority: 'interactive' } as const;
const token = Secret.of('CAT');

let server: ScriptedServer;
let transport: WechatTransport;
beforeEach(async () => {
  server = await ScriptedServer.start();
  transport = new WechatTransport({ baseUrl: server.url, timeoutMs: 5000, maxConcurrency: 2, random: () => 0 });
});
afterEach(async () => {
  await server.stop();
  await transport.close();
});

const sent = () =>
  server.seen.map(({ method, url, body }) => [method, url, body === '' ? '' : (JSON.parse(body) as unknown)]);

describe('ComponentApi', () => {
  it('sends each secret under the name that its call wants', async () => {
    const api = new ComponentApi(transport);
    server.script = [
      json({ errcode: 0, errmsg: 'in a normal state' }),
      json({ component_access_token: 'NEW', expires_in: 7200 }),
      json({ errcode: 0, errmsg: 'ok' }),
      json({ errcode: 0, errmsg: 'ok' }),
    ];
    expect(await api.startPushTicket(call, { appsecret: 'S' })).toEqual({ wasStopped: false });
    const issued = await api.componentToken(call, { appsecret: Secret.of('S'), ticket: Secret.of('T') });
    expect([issued.token.reveal(), issued.expiresIn]).toEqual(['NEW', 7200]);
    await api.clearComponentQuotaV2({ componentAppid: 'wx1', priority: 'interactive' }, { appsecret: 'S' });
    await api.clearComponentQuotaV2(call, { appsecret: 'S' });
    expect(sent()).toEqual([
      ['POST', '/cgi-bin/component/api_start_push_ticket', { component_appid: 'wx1', component_secret: 'S' }],
      [
        'POST',
        '/cgi-bin/component/api_component_token',
        { component_appid: 'wx1', component_appsecret: 'S', component_verify_ticket: 'T' },
      ],
      ['POST', '/cgi-bin/component/clear_quota/v2', { component_appid: 'wx1', appsecret: 'S' }],
      ['POST', '/cgi-bin/component/clear_quota/v2', { component_appid: 'wx1', appsecret: 'S', appid: 'wx2' }],
    ]);
  });

  it('knows a restart of pushes from a probe', async () => {
    server.script = [json({ errcode: 0, errmsg: 'ok' })];
    expect(await new ComponentApi(transport).startPushTicket(call, { appsecret: 'S' })).toEqual({ wasStopped: true });
  });

  it('exchanges a code, whatever the account has', async () => {
    const api = new ComponentApi(transport);
    server.script = [
      json({
        authorization_info: {
          authorizer_appid: 'wx2',
          authorizer_access_token: 'AAT',
          expires_in: 7200,
          authorizer_refresh_token: 'ART',
          func_info: [{ funcscope_category: { id: 30 } }, { funcscope_category: { id: 18 } }],
        },
      }),
      json({ authorization_info: { authorizer_appid: 'wx2', func_info: [] } }),
      json({ authorization_info: { authorizer_appid: 'wx2', authorizer_refresh_token: '' } }),
    ];
    const full = await api.queryAuth(call, token, 'queryauthcode@@@1');
    expect([
      full.authorizerAppid,
      full.accessToken?.reveal(),
      full.expiresIn,
      full.refreshToken?.reveal(),
      full.permissionSets,
    ]).toEqual(['wx2', 'AAT', 7200, 'ART', [18, 30]]);
    expect(await api.queryAuth(call, token, 'c')).toEqual({
      authorizerAppid: 'wx2',
      accessToken: null,
      expiresIn: null,
      isPartial: false,
      refreshToken: null,
      permissionSets: [],
    });
    // Not said is not the same as nothing granted.
    expect((await api.queryAuth(call, token, 'c')).permissionSets).toBeNull();
    expect(sent()[0]).toEqual([
      'POST',
      '/cgi-bin/component/api_query_auth?access_token=CAT',
      { component_appid: 'wx1', authorization_code: 'queryauthcode@@@1' },
    ]);
  });

  it('refreshes, and tells an absent refresh token from a new one', async () => {
    const api = new ComponentApi(transport);
    server.script = [
      json({ authorizer_access_token: 'A', expires_in: 7200, authorizer_refresh_token: 'R2' }),
      json({ authorizer_access_token: 'A', expires_in: 7200 }),
    ];
    expect((await api.authorizerToken(call, token, 'R1')).refreshToken?.reveal()).toBe('R2');
    expect((await api.authorizerToken(call, token, 'R1')).refreshToken).toBeNull();
    expect(sent()[0]).toEqual([
      'POST',
      '/cgi-bin/component/api_authorizer_token?access_token=CAT',
      { component_appid: 'wx1', authorizer_appid: 'wx2', authorizer_refresh_token: 'R1' },
    ]);
  });

  it('reads details and pages of authorizers', async () => {
    const api = new ComponentApi(transport);
    server.script = [
      json({
        authorizer_info: { nick_name: 'n', MiniProgramInfo: {} },
        authorization_info: {
          appid: 'wx2',
          authorizer_refresh_token: 'R',
          func_info: [{ funcscope_category: { id: 18 } }],
        },
      }),
      json({
        total_count: 2,
        list: [
          { authorizer_appid: 'wx2', refresh_token: 'R', auth_time: 1558000607 },
          { authorizer_appid: 'wx3', refresh_token: '' },
        ],
      }),
    ];
    const details = await api.getAuthorizerInfo(call, token);
    expect([
      details.authorizerAppid,
      details.kind,
      details.refreshToken?.reveal(),
      details.permissionSets,
      details.info.nick_name,
    ]).toEqual(['wx2', 'mini_program', 'R', [18], 'n']);
    const page = await api.getAuthorizerList(call, token, { offset: 500, count: 500 });
    expect(
      page.items.map((item) => [item.authorizerAppid, item.refreshToken?.reveal() ?? null, item.authTime]),
    ).toEqual([
      ['wx2', 'R', 1558000607],
      ['wx3', null, null],
    ]);
    expect(sent()[1]?.[2]).toEqual({ component_appid: 'wx1', offset: 500, count: 500 });
    await expect(api.getAuthorizerList(call, token, { offset: 0, count: 501 })).rejects.toThrow(RangeError);
  });

  it('asks for links, quotas and platform domains', async () => {
    const api = new ComponentApi(transport);
    server.script = [
      json({ pre_auth_code: 'P', expires_in: 600 }),
      json({ errcode: 0, errmsg: 'ok', quota: { daily_limit: 10000, used: 1, remain: 9999 } }),
      json({ errcode: 0, errmsg: 'ok', published_wxa_server_domain: 'https://a.com;b.com', new_field: 1 }),
    ];
    expect((await api.createPreauthCode(call, token)).preAuthCode.reveal()).toBe('P');
    expect((await api.quotaGet(call, token, '/cgi-bin/component/api_component_token')).quota?.daily_limit).toBe(10000);
    expect(await api.getServerDomainList(call, token)).toEqual({
      published: ['a.com', 'b.com'],
      testing: null,
      raw: JSON.stringify({
        errcode: 0,
        errmsg: 'ok',
        published_wxa_server_domain: 'https://a.com;b.com',
        new_field: 1,
      }),
    });
    expect(
      sent()
        .slice(1)
        .map(([, , body]) => body),
    ).toEqual([{ cgi_path: '/cgi-bin/component/api_component_token' }, { action: 'get' }]);
  });
});

describe('ComponentApi on business domains and the callback URL', () => {
  it('reads the lists, the file and what WeChat sees, also with parts that are missing', async () => {
    const api = new ComponentApi(transport);
    server.script = [
      json({
        errcode: 0,
        errmsg: 'ok',
        published_wxa_jump_h5_domain: 'https://a.com;b.com;',
        testing_wxa_jump_h5_domain: '',
      }),
      json({ errcode: 0, errmsg: 'ok' }),
      json({ errcode: 0, errmsg: 'ok', file_name: 'a1B2.txt', file_content: 'c0ffee' }),
      json({ errcode: 0, errmsg: 'ok', file_name: 'a1B2.txt' }),
      json({
        dns: [{ ip: '203.0.113.9', real_operator: 'UNICOM' }, { ip: '203.0.113.10' }],
        ping: [{ ip: '203.0.113.9', from_operator: 'UNICOM', package_loss: '0%', time: '23.079ms' }],
      }),
      json({ errcode: 0, errmsg: 'ok', dns: null }),
    ];
    expect(await api.getJumpDomainList(call, token)).toEqual({ published: ['https://a.com', 'b.com'], testing: [] });
    expect(await api.getJumpDomainList(call, token)).toEqual({ published: null, testing: null });
    expect(await api.getDomainConfirmFile(call, token)).toEqual({ name: 'a1B2.txt', content: 'c0ffee' });
    await expect(api.getDomainConfirmFile(call, token)).rejects.toBeInstanceOf(WechatProtocolError);
    expect(await api.checkCallback(call, token)).toEqual({
      dns: [
        { address: '203.0.113.9', operator: 'UNICOM' },
        { address: '203.0.113.10', operator: null },
      ],
      pings: [{ address: '203.0.113.9', operator: 'UNICOM', loss: '0%' }],
    });
    expect(await api.checkCallback(call, token)).toEqual({ dns: [], pings: [] });
    expect(sent().map(([, , body]) => body)).toEqual([
      { action: 'get' },
      { action: 'get' },
      {},
      {},
      { action: 'all', check_operator: 'DEFAULT' },
      { action: 'all', check_operator: 'DEFAULT' },
    ]);
  });
});

describe('MiniProgramApi', () => {
  const body = '{"errcode":0,"errmsg":"ok","mp_domain":{"requestdomain":["https:\\/\\/a.com"]},"third_domain":{}}';

  it('returns the body as it came beside what it says, in both forms', async () => {
    const api = new MiniProgramApi(transport);
    server.script = [json(body)];
    const whole = await api.getEffectiveDomain(call, 'AAT');
    expect(whole.raw).toBe(body);
    expect(whole.reply.mp_domain?.requestdomain).toEqual(['https://a.com']);
    const bytes = await api.getEffectiveDomainRaw(call, 'AAT');
    expect(readEffectiveDomain(bytes)).toEqual(whole);
    expect(sent()).toEqual(Array(2).fill(['POST', '/wxa/get_effective_domain?access_token=AAT', {}]));
  });

  it('a refusal is found in both forms', async () => {
    const api = new MiniProgramApi(transport);
    server.script = [json({ errcode: 61007, errmsg: 'api is unauthorized to component' })];
    for (const work of [api.getEffectiveDomain(call, 'AAT'), api.getEffectiveDomainRaw(call, 'AAT')])
      await expect(work).rejects.toBeInstanceOf(WechatApiError);
  });

  it('bytes that only look like a success are found out when they are read', () => {
    for (const bytes of ['{"errcode":0,}', '{"errcode":0,"mp_domain":"x"}', '{"errcode":0,"errcode":61007}']) {
      expect(() => readEffectiveDomain(Buffer.from(bytes))).toThrow(
        bytes.includes('61007') ? WechatApiError : WechatProtocolError,
      );
    }
  });

  it('sends a customer service text once', async () => {
    server.script = [json({ errcode: 0, errmsg: 'ok' })];
    await new MiniProgramApi(transport).sendCustomMessage(call, 'AAT', { toUser: 'oUser', content: '好_from_api' });
    expect(sent()).toEqual([
      [
        'POST',
        '/cgi-bin/message/custom/send?access_token=AAT',
        { touser: 'oUser', msgtype: 'text', text: { content: '好_from_api' } },
      ],
    ]);
    expect(server.seen[0]?.body).toContain('好');
  });
});

describe('ApiIpApi', () => {
  it('reads both lists with a GET', async () => {
    const api = new ApiIpApi(transport);
    server.script = [json({ ip_list: ['101.89.47.18', '101.226.103.0/25'] })];
    expect((await api.getApiDomainIp(call, token)).reply.ip_list).toEqual(['101.89.47.18', '101.226.103.0/25']);
    expect((await api.getCallbackIp(call, token)).raw).toBe('{"ip_list":["101.89.47.18","101.226.103.0/25"]}');
    expect(sent()).toEqual([
      ['GET', '/cgi-bin/get_api_domain_ip?access_token=CAT', ''],
      ['GET', '/cgi-bin/getcallbackip?access_token=CAT', ''],
    ]);
    server.script = [json({ errcode: 40013, errmsg: 'invalid appid' })];
    await expect(api.getApiDomainIp(call, token)).rejects.toMatchObject({ errcode: 40013, reaction: 'config' });
  });
});
