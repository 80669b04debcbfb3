import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brokenSample, documentedSample, miniProgramCapture } from '../test/reply-samples.ts';
import { ipListReply } from './api-ip.ts';
import {
  accountKind,
  authorizerInfoReply,
  authorizerListReply,
  authorizerTokenReply,
  permissionSets,
  queryAuthReply,
} from './authorizer.ts';
import {
  componentTokenReply,
  platformDomains,
  preauthCodeReply,
  quotaReply,
  serverDomainListReply,
  startPushTicketReply,
} from './component.ts';
import { DOMAIN_GROUPS, DOMAIN_LISTS, effectiveDomainReply, effectiveWebviewDomainReply } from './effective-domain.ts';
import { replyStatus, ridOf } from './reply.ts';

describe('replyStatus', () => {
  it.each([
    [{ component_access_token: 'x' }, { errcode: 0, errmsg: '' }],
    [
      { errcode: 0, errmsg: 'ok' },
      { errcode: 0, errmsg: 'ok' },
    ],
    [
      { errcode: 40001, errmsg: 'invalid credential' },
      { errcode: 40001, errmsg: 'invalid credential' },
    ],
    [
      { errcode: '-1', errmsg: null },
      { errcode: -1, errmsg: '' },
    ],
    [{ errcode: 'x' }, null],
    [{ errcode: 1.5 }, null],
    [[], null],
    [null, null],
    ['ok', null],
  ])('of %j is %j', (body, expected) => {
    expect(replyStatus(body)).toEqual(expected);
  });
});

describe('ridOf', () => {
  it.each([
    ['no domain to modify after filtered rid: 61930ce9-4e2605ba-0fb2cd5d', '61930ce9-4e2605ba-0fb2cd5d'],
    [
      'access clientip is not registered requestIP: 1.2.3.4 rid: 61930ce9-4e2605ba-0fb2cd5d',
      '61930ce9-4e2605ba-0fb2cd5d',
    ],
    ['invalid credential hint: [7EaZma04913064]', '7EaZma04913064'],
    ['ok', null],
    ['invalid grid: wide', null],
    ['', null],
  ])('of %j is %j', (errmsg, expected) => {
    expect(ridOf(errmsg)).toBe(expected);
  });
});

describe('permissionSets', () => {
  it('reads every form of an element, once each, in order', () => {
    expect(
      permissionSets([
        { funcscope_category: { id: 118 } },
        { funcscope_category: { id: 18, type: 0, name: 'n', desc: 'd' } },
        { funcscope_category: { id: 3 }, confirm_info: { need_confirm: 0, already_confirm: 0, can_confirm: 0 } },
        { funcscope_category: { id: '18' } },
      ]),
    ).toEqual([3, 18, 118]);
  });

  it('passes over what is no set', () => {
    expect(permissionSets(undefined)).toEqual([]);
    expect(permissionSets('18')).toEqual([]);
    expect(
      permissionSets([
        null,
        18,
        {},
        { funcscope_category: null },
        { funcscope_category: { id: -1 } },
        { funcscope_category: { id: 1.5 } },
      ]),
    ).toEqual([]);
  });

  it('is sorted and without repetition for any list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 })), (ids) => {
        const sets = permissionSets(ids.map((id) => ({ funcscope_category: { id } })));
        expect(sets).toEqual([...new Set(ids)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('replies of the token family', () => {
  it('keep unknown fields', () => {
    expect(componentTokenReply.parse({ component_access_token: 'CAT', expires_in: 7200, new_field: [1] })).toEqual({
      component_access_token: 'CAT',
      expires_in: 7200,
      new_field: [1],
    });
    expect(preauthCodeReply.parse({ pre_auth_code: 'PAC', expires_in: '600' }).expires_in).toBe(600);
    expect(startPushTicketReply.parse({ errcode: 0, errmsg: 'in a normal state' }).errmsg).toBe('in a normal state');
  });

  it.each([
    {},
    { component_access_token: '', expires_in: 7200 },
    { component_access_token: 'x' },
    { component_access_token: 'x', expires_in: 0 },
    { component_access_token: 'x', expires_in: 'soon' },
  ])('refuse the token %j', (body) => expect(componentTokenReply.safeParse(body).success).toBe(false));

  it('query_auth survives an account without API permission', () => {
    const { authorization_info: info } = queryAuthReply.parse({
      authorization_info: { authorizer_appid: 'wx2', authorizer_access_token: '', func_info: [] },
    });
    expect(info.authorizer_appid).toBe('wx2');
    expect(info.authorizer_access_token).toBeUndefined();
    expect(info.authorizer_refresh_token).toBeUndefined();
    expect(queryAuthReply.safeParse({ authorization_info: { func_info: [] } }).success).toBe(false);
  });

  it('an empty refresh token reads as none', () => {
    const body = { authorizer_access_token: 'AAT', expires_in: 7200 };
    for (const authorizer_refresh_token of [undefined, null, '']) {
      expect(
        authorizerTokenReply.parse({ ...body, authorizer_refresh_token }).authorizer_refresh_token,
      ).toBeUndefined();
    }
    expect(authorizerTokenReply.parse({ ...body, authorizer_refresh_token: 'ART' }).authorizer_refresh_token).toBe(
      'ART',
    );
  });
});

describe('authorizer info', () => {
  it('reads a captured mini program, escaped slashes and unknown lists included', () => {
    const reply = authorizerInfoReply.parse(JSON.parse(miniProgramCapture));
    expect(reply.authorizer_info.principal_name).toBe('个人');
    expect(reply.authorizer_info.MiniProgramInfo?.network?.['RequestDomain']).toEqual(['https://weixin.qq.com']);
    expect(reply.authorizer_info['idc']).toBe(1);
    expect(reply.authorization_info.permissionSets).toEqual([3, 17, 18]);
    expect(accountKind(reply.authorizer_info)).toBe('mini_program');
  });

  it.each(['authorizer_appid', 'authorization_appid', 'appid'])('finds the appid as %s', (name) => {
    const reply = authorizerInfoReply.parse({
      authorizer_info: { service_type_info: { id: 2 } },
      authorization_info: { [name]: 'wx2' },
    });
    expect(reply.authorization_info.authorizer_appid).toBe('wx2');
    expect(accountKind(reply.authorizer_info)).toBe('official_account');
  });

  it('reads what it can, and says what it could not', () => {
    const reply = authorizerInfoReply.parse({
      authorizer_info: {
        nick_name: 'n',
        signature: 7,
        service_type_info: { id: 'zero' },
        MiniProgramInfo: { network: 'odd' },
        basic_config: [],
      },
      authorization_info: {
        authorizer_appid: null,
        authorizer_refresh_token: 'r',
        func_info: [{ funcscope_category: { id: 18 } }, { odd: 1 }],
      },
    });
    expect(reply.authorizer_info.nick_name).toBe('n');
    expect(reply.authorization_info).toMatchObject({
      authorizer_refresh_token: 'r',
      permissionSets: [18],
      isPartial: true,
    });
    expect(reply.authorization_info.authorizer_appid).toBeUndefined();
    expect(reply.unreadable).toEqual(['signature', 'service_type_info', 'basic_config', 'func_info[]']);
    // What decides the kind was odd.
    expect(reply.kind).toBeNull();
  });

  it('does not take for absent what it could not read', () => {
    const readable = { authorizer_info: { MiniProgramInfo: [] }, authorization_info: { func_info: null } };
    const reply = authorizerInfoReply.parse(readable);
    expect(reply).toMatchObject({ kind: 'mini_program', unreadable: [] });
    expect(reply.authorization_info.permissionSets).toBeUndefined();
    expect(authorizerInfoReply.parse({ authorization_info: { func_info: 'x' } })).toMatchObject({
      kind: null,
      unreadable: ['authorizer_info', 'func_info'],
    });
    expect(authorizerInfoReply.safeParse({ errcode: 0 }).success).toBe(false);
  });

  it('is another kind for channels and shops, and without any mark', () => {
    expect(accountKind({ service_type_info: { id: 0 }, channels_info: { id: 0 } })).toBe('other');
    expect(accountKind({})).toBe('other');
  });
});

describe('authorizer list', () => {
  it('has entries without a refresh token', () => {
    const reply = authorizerListReply.parse({
      total_count: 2,
      list: [
        { authorizer_appid: 'wx1', refresh_token: 'r', auth_time: 1 },
        { authorizer_appid: 'wx2', refresh_token: '' },
      ],
    });
    expect(reply.list.map((entry) => entry.refresh_token)).toEqual(['r', undefined]);
  });

  it('is read entry by entry', () => {
    const reply = authorizerListReply.parse({
      total_count: 6,
      list: [
        { authorizer_appid: 'wx1', refresh_token: 'r', auth_time: '' },
        { refresh_token: 'r', auth_time: 1 },
        { authorizer_appid: 'wx3', refresh_token: { odd: 1 }, auth_time: 1 },
        null,
        'wx5',
        { authorizer_appid: 'wx6', auth_time: '1558000607' },
      ],
    });
    expect(reply.list).toEqual([
      { authorizer_appid: 'wx1', refresh_token: 'r', auth_time: null },
      { authorizer_appid: 'wx6', refresh_token: undefined, auth_time: 1558000607 },
    ]);
    expect(reply.unreadable.map((entry) => entry.authorizer_appid)).toEqual([null, 'wx3', null, null]);
    expect(authorizerListReply.parse({ total_count: 1, list: { 0: { authorizer_appid: 'wx1' } } }).list).toHaveLength(
      1,
    );
    expect(authorizerListReply.safeParse({ total_count: 1, list: {} }).success).toBe(false);
    expect(authorizerListReply.safeParse({ total_count: 0, list: 'x' }).success).toBe(false);
  });

  it('does not take a list that did not come for an empty one', () => {
    expect(authorizerListReply.parse({ total_count: 0 }).list).toEqual([]);
    expect(authorizerListReply.safeParse({ total_count: 33 }).success).toBe(false);
    expect(authorizerListReply.safeParse({ list: [] }).success).toBe(false);
  });
});

describe('effective domains', () => {
  it('read the documented sample', () => {
    const reply = effectiveDomainReply.parse(JSON.parse(documentedSample));
    for (const group of DOMAIN_GROUPS)
      for (const list of DOMAIN_LISTS) expect(reply[group]?.[list]?.length).toBeGreaterThan(0);
  });

  it('the sample of the English page is not JSON, only because of a comma lost in translation', () => {
    expect(brokenSample).toContain(']初始值');
    expect(() => JSON.parse(brokenSample) as unknown).toThrow(SyntaxError);
    expect(effectiveDomainReply.safeParse(JSON.parse(brokenSample.replace('初始值', ','))).success).toBe(true);
  });

  it('keep what is absent, null and empty apart', () => {
    const reply = effectiveDomainReply.parse({
      errcode: 0,
      mp_domain: {},
      third_domain: null,
      direct_domain: { requestdomain: [], future: 1 },
      future_domain: {},
    });
    expect(reply).toEqual({
      errcode: 0,
      mp_domain: {},
      third_domain: null,
      direct_domain: { requestdomain: [], future: 1 },
      future_domain: {},
    });
    expect('effective_domain' in reply).toBe(false);
    expect(effectiveDomainReply.parse({ mp_domain: [] }).mp_domain).toEqual({});
    expect(effectiveDomainReply.safeParse({ mp_domain: { requestdomain: 'https://a' } }).success).toBe(false);
    expect(effectiveDomainReply.safeParse({ mp_domain: 'x' }).success).toBe(false);
  });

  it('business domains are flat', () => {
    expect(effectiveWebviewDomainReply.parse({ errcode: 0, mp_webviewdomain: [] })).toEqual({
      errcode: 0,
      mp_webviewdomain: [],
    });
  });
});

describe('other replies', () => {
  it('quota parts may be missing', () => {
    expect(
      quotaReply.parse({ errcode: 0, errmsg: 'ok', quota: { daily_limit: 10000, used: 1, remain: 9999 } }).rate_limit,
    ).toBeUndefined();
  });

  it('addresses are a list', () => {
    expect(ipListReply.parse({ ip_list: ['101.89.47.18', '101.226.103.0/25'] }).ip_list).toHaveLength(2);
    expect(ipListReply.safeParse({}).success).toBe(false);
  });

  it('platform lists come joined, sometimes with a scheme', () => {
    expect(serverDomainListReply.parse({ errcode: 0, published_wxa_server_domain: '' })).toEqual({
      errcode: 0,
      published_wxa_server_domain: '',
    });
    expect(platformDomains('www.qq.com;https://wx.qq.com; ;a.qq.com:8443')).toEqual([
      'www.qq.com',
      'wx.qq.com',
      'a.qq.com:8443',
    ]);
    expect(platformDomains('')).toEqual([]);
  });
});
