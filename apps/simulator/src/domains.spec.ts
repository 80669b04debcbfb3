import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, type Scene, startScene } from '../test/scene.ts';
import { fullDomains, fullLists } from './domains.ts';

const APPID = 'wxa000000000000001';
const EFFECTIVE = '/wxa/get_effective_domain';

describe('server domains', () => {
  let scene: Scene;
  let token: string;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.addMiniProgram({ appid: APPID });
    const { authCode } = scene.world.authorize(COMPONENT, APPID, { push: false });
    token = `access_token=${(await scene.exchange(authCode)).accessToken}`;
  });
  afterEach(async () => scene.stop());

  const effective = async (): Promise<Record<string, unknown>> => scene.post(EFFECTIVE, {}, token);
  const modify = async (body: object, path = 'modify_domain'): Promise<Record<string, unknown>> =>
    scene.post(`/wxa/${path}`, body, token);
  const platformList = async (body: object): Promise<Record<string, unknown>> =>
    scene.post('/cgi-bin/component/modify_wxa_server_domain', body, `access_token=${await scene.componentToken()}`);

  it('keeps the business domains of a platform apart, and names the file for them', async () => {
    const component = `access_token=${await scene.componentToken()}`;
    const jump = (body: object) => scene.post('/cgi-bin/component/modify_wxa_jump_domain', body, component);
    const ok = { errcode: 0, errmsg: 'ok' };
    expect(await jump({ action: 'get' })).toEqual({
      ...ok,
      published_wxa_jump_h5_domain: '',
      testing_wxa_jump_h5_domain: '',
    });
    const domains = { wxa_jump_h5_domain: 'h5.example.com;https://no.example.com', is_modify_published_together: true };
    expect(await jump({ action: 'add', ...domains })).toEqual({
      ...ok,
      published_wxa_jump_h5_domain: 'h5.example.com',
      testing_wxa_jump_h5_domain: 'h5.example.com',
      invalid_wxa_jump_h5_domain: 'https://no.example.com',
    });
    const many = Array.from({ length: 301 }, (_, n) => `h${n}.example.com`).join(';');
    expect(await jump({ action: 'set', wxa_jump_h5_domain: many })).toMatchObject({ errcode: 65316 });
    expect(await platformList({ action: 'get' })).toMatchObject({ published_wxa_server_domain: '' });

    const file = await scene.post('/cgi-bin/component/get_domain_confirmfile', {}, component);
    const shape = {
      ...ok,
      file_name: expect.stringMatching(/^\w{10}\.txt$/),
      file_content: expect.stringMatching(/^\w{32}$/),
    };
    expect(file).toEqual(shape);
    expect(await scene.post('/cgi-bin/component/get_domain_confirmfile', {}, component)).toEqual(file);
    const ofMiniProgram = await scene.post('/wxa/get_webviewdomain_confirmfile', {}, token);
    expect(ofMiniProgram).toEqual(shape);
    expect(ofMiniProgram['file_name']).not.toBe(file['file_name']);
    expect(await scene.post('/wxa/get_webviewdomain_confirmfile', {}, component)).toMatchObject({ errcode: 61015 });
  });

  it('checks the callback URL', async () => {
    const check = async (body: object) =>
      scene.post('/cgi-bin/callback/check', body, `access_token=${await scene.componentToken()}`);
    const dns = [{ ip: '127.0.0.1', real_operator: 'UNICOM' }];
    expect(await check({ action: 'dns', check_operator: 'DEFAULT' })).toEqual({ dns });
    expect(await check({ action: 'all', check_operator: 'DEFAULT' })).toMatchObject({
      dns,
      ping: [{ package_loss: '0%' }],
    });
    expect(await check({ action: 'other' })).toMatchObject({ errcode: 40202 });
    expect(await check({ action: 'all', check_operator: 'other' })).toMatchObject({ errcode: 40203 });
  });

  it('sends all groups and lists, in the order of the page', async () => {
    const reply = await effective();
    expect(reply).toEqual({ errcode: 0, errmsg: 'ok', ...fullDomains() });
    expect(Object.keys(reply)).toEqual([
      'errcode',
      'errmsg',
      'mp_domain',
      'third_domain',
      'direct_domain',
      'effective_domain',
    ]);
  });

  it('needs set 18 and a mini program', async () => {
    scene.world.updateAuthorization(COMPONENT, APPID, { permissionSets: [17, 30], push: false });
    expect(await effective()).toMatchObject({ errcode: 61007 });
    scene.world.addOfficialAccount({ appid: 'wxb000000000000001' });
    const { authCode } = scene.world.authorize(COMPONENT, 'wxb000000000000001', { push: false });
    const { accessToken } = await scene.exchange(authCode);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${accessToken}`)).toMatchObject({ errcode: 85015 });
  });

  it('keeps what is configured apart from what is in force until a release', async () => {
    scene.world.setDomainLists(APPID, 'mp_domain', { requestdomain: ['https://mp.example.com'] });
    const added = await modify({ action: 'add', requestdomain: ['https://third.example.com'] });
    expect(added).toMatchObject({ errcode: 0, requestdomain: ['https://third.example.com'], no_icp_domain: [] });
    await modify({ action: 'set', tcpdomain: ['tcp://direct.example.com:8443'] }, 'modify_domain_directly');
    expect(await effective()).toMatchObject({
      mp_domain: { requestdomain: ['https://mp.example.com'] },
      third_domain: { requestdomain: ['https://third.example.com'] },
      direct_domain: { tcpdomain: ['tcp://direct.example.com:8443'] },
      effective_domain: fullLists(),
    });
    scene.world.release(APPID);
    expect(await effective()).toMatchObject({
      effective_domain: fullLists({
        requestdomain: ['https://third.example.com', 'https://mp.example.com'],
        tcpdomain: ['tcp://direct.example.com:8443'],
      }),
    });
  });

  it('drops at release what is not in the platform list, except by method two', async () => {
    scene.world.setDomains(APPID, {
      mp_domain: { requestdomain: ['https://old.example.com'] },
      third_domain: { requestdomain: ['https://listed.example.com'] },
      direct_domain: { requestdomain: ['https://direct.example.com'] },
    });
    scene.world.setPlatformServerDomains(COMPONENT, ['listed.example.com']);
    scene.world.release(APPID);
    expect(await effective()).toMatchObject({
      effective_domain: { requestdomain: ['https://listed.example.com', 'https://direct.example.com'] },
    });
  });

  it('adds, replaces, deletes and reads', async () => {
    await modify({ action: 'add', requestdomain: ['https://a.example.com', 'https://b.example.com'] });
    await modify({ action: 'delete', requestdomain: ['https://a.example.com'] });
    await modify({ action: 'set', wsrequestdomain: ['wss://c.example.com'] });
    const reply = await modify({ action: 'get' });
    expect(reply).toEqual({
      errcode: 0,
      errmsg: 'ok',
      ...fullLists({ requestdomain: ['https://b.example.com'], wsrequestdomain: ['wss://c.example.com'] }),
    });
  });

  it.each([
    ['unknown action', { action: 'delete_legal_domain' }, 85022],
    ['doubled scheme', { action: 'add', wsrequestdomain: ['wss://https://a.example.com'] }, 85301],
    ['bare address', { action: 'add', requestdomain: ['https://10.0.0.1'] }, 85301],
    ["WeChat's own host", { action: 'add', requestdomain: ['https://api.weixin.qq.com'] }, 85301],
    ['no filing', { action: 'add', requestdomain: ['https://noicp.example.com'] }, 85302],
    ['both', { action: 'add', requestdomain: ['https://noicp.example.com', 'ftp://x.example.com'] }, 85303],
    ['nothing new', { action: 'add', requestdomain: ['https://here.example.com'] }, 85017],
    ['not in the platform list', { action: 'add', requestdomain: ['https://foreign.example.com'] }, 85018],
    [
      'too many',
      { action: 'add', requestdomain: Array.from({ length: 201 }, (_, n) => `https://here.example.com:${n + 1}`) },
      85016,
    ],
    ['not a list', { action: 'add', requestdomain: 'https://here.example.com' }, 47001],
  ])('refuses by method one: %s', async (_name, body, errcode) => {
    scene.world.quirks.hostsWithoutIcp = ['noicp.example.com'];
    scene.world.setPlatformServerDomains(COMPONENT, ['here.example.com']);
    scene.world.setDomainLists(APPID, 'third_domain', { requestdomain: ['https://here.example.com'] });
    const before = await effective();
    expect(await modify(body)).toMatchObject({ errcode });
    expect(await effective()).toEqual(before);
  });

  it('reports rejects beside what it took', async () => {
    const reply = await modify({ action: 'add', requestdomain: ['https://ok.example.com', 'http://bad.example.com'] });
    expect(reply).toMatchObject({
      errcode: 0,
      requestdomain: ['https://ok.example.com'],
      invalid_requestdomain: ['http://bad.example.com'],
    });
  });

  it('has codes of its own for method two', async () => {
    const direct = async (entry: string): Promise<unknown> =>
      (await modify({ action: 'add', requestdomain: [entry] }, 'modify_domain_directly'))['errcode'];
    expect(await direct('http://a.example.com')).toBe(86100);
    expect(await direct('https://api.weixin.qq.com')).toBe(86101);
    for (let n = 0; n < 50; n += 1) expect(await direct(`https://d${n}.example.com`)).toBe(0);
    expect(await direct('https://one-more.example.com')).toBe(86102);
  });

  it('dresses the reply of one account in every quirk', async () => {
    scene.world.setDomains(APPID, {
      third_domain: { requestdomain: ['https://a.example.com', 'https://b.example.com:8443'], udpdomain: [] },
    });
    scene.world.setDomainQuirks(APPID, { absentGroups: ['mp_domain'], absentLists: ['tcpdomain'] });
    let reply = await effective();
    expect(reply).not.toHaveProperty('mp_domain');
    expect(reply['third_domain']).toEqual({
      requestdomain: ['https://a.example.com', 'https://b.example.com:8443'],
      udpdomain: [],
    });
    expect(reply['effective_domain']).not.toHaveProperty('tcpdomain');
    scene.world.setDomainQuirks(APPID, {
      upperCaseHosts: true,
      reversed: true,
      duplicates: true,
      extraFields: { beta: 1 },
    });
    reply = await effective();
    expect(reply['beta']).toBe(1);
    expect(reply['third_domain']).toMatchObject({
      requestdomain: ['https://A.EXAMPLE.COM', 'https://B.EXAMPLE.COM:8443', 'https://A.EXAMPLE.COM'],
    });
    scene.world.setDomainQuirks(APPID, { onlyEffective: true });
    expect(Object.keys(await effective())).toEqual(['errcode', 'errmsg', 'effective_domain']);
  });

  it('keeps the platform list for test and published version', async () => {
    expect(await platformList({ action: 'get' })).toMatchObject({ published_wxa_server_domain: '' });
    const reply = await platformList({ action: 'add', wxa_server_domain: 'a.example.com;https://b.example.com' });
    expect(reply).toEqual({
      errcode: 0,
      errmsg: 'ok',
      published_wxa_server_domain: '',
      testing_wxa_server_domain: 'a.example.com',
      invalid_wxa_server_domain: 'https://b.example.com',
    });
    await platformList({ action: 'set', wxa_server_domain: 'c.example.com', is_modify_published_together: true });
    await platformList({ action: 'delete', wxa_server_domain: 'unknown.example.com' });
    expect(await platformList({ action: 'get' })).toMatchObject({
      published_wxa_server_domain: 'c.example.com',
      testing_wxa_server_domain: 'c.example.com',
    });
    scene.world.quirks.schemesInPlatformList = true;
    expect(await platformList({ action: 'get' })).toMatchObject({
      testing_wxa_server_domain: 'https://c.example.com',
    });
  });

  it('answers business domains as flat lists', async () => {
    expect(await scene.post('/wxa/get_effective_webviewdomain', {}, token)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      mp_webviewdomain: [],
      third_webviewdomain: [],
      direct_webviewdomain: [],
      effective_webviewdomain: [],
    });
  });

  it('answers both address lists to both kinds of token, without errcode', async () => {
    scene.world.ipLists.callback = ['175.27.0.0/24', '175.27.0.0/24'];
    const component = `access_token=${await scene.componentToken()}`;
    expect(await scene.get('/cgi-bin/get_api_domain_ip', component)).toEqual({
      ip_list: scene.world.ipLists.apiDomain,
    });
    expect(await scene.get('/cgi-bin/getcallbackip', token)).toEqual({ ip_list: ['175.27.0.0/24', '175.27.0.0/24'] });
  });
});
