import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AUTH_TYPES, authorizationPageUrl } from './authorization-page.ts';

const base = {
  componentAppid: 'wx1',
  preAuthCode: 'preauthcode@@@a+b/c=',
  redirectUri: 'https://hub.example.com/wechat/wx1/authorized?link=ä&x=1',
  authType: AUTH_TYPES.miniProgram,
} as const;

describe('authorizationPageUrl', () => {
  it('is the QR code page on a PC', () => {
    expect(authorizationPageUrl({ ...base, page: 'pc' })).toBe(
      'https://mp.weixin.qq.com/cgi-bin/componentloginpage?component_appid=wx1&pre_auth_code=preauthcode%40%40%40a%2Bb%2Fc%3D' +
        '&redirect_uri=https%3A%2F%2Fhub.example.com%2Fwechat%2Fwx1%2Fauthorized%3Flink%3D%C3%A4%26x%3D1&auth_type=2',
    );
  });

  it('is the bind page inside WeChat on a phone', () => {
    const url = authorizationPageUrl({ ...base, page: 'mobile', bizAppid: 'wx2', permissionSets: [18, 30] });
    expect(
      url.startsWith(
        'https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&component_appid=wx1&',
      ),
    ).toBe(true);
    expect(url.endsWith('&auth_type=2&biz_appid=wx2&category_id_list=18%7C30#wechat_redirect')).toBe(true);
  });

  it('leaves out an empty list of sets, which means: all that are published', () => {
    expect(authorizationPageUrl({ ...base, page: 'pc', permissionSets: [] })).not.toContain('category_id_list');
  });

  it('carries every value through a URL unchanged', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.constantFrom('pc', 'mobile'),
        (preAuthCode, redirectUri, page) => {
          const url = new URL(authorizationPageUrl({ ...base, page, preAuthCode, redirectUri }));
          expect(url.searchParams.get('pre_auth_code')).toBe(preAuthCode);
          expect(url.searchParams.get('redirect_uri')).toBe(redirectUri);
        },
      ),
    );
  });

  it('leads to another base where one is given', () => {
    const baseUrl = 'http://127.0.0.1:8080';
    expect(authorizationPageUrl({ ...base, page: 'pc', baseUrl })).toMatch(
      /^http:\/\/127\.0\.0\.1:8080\/cgi-bin\/componentloginpage\?component_appid=wx1&/,
    );
    expect(authorizationPageUrl({ ...base, page: 'mobile', baseUrl })).toMatch(
      /^http:\/\/127\.0\.0\.1:8080\/wxaopen\/safe\/bindcomponent\?action=bindcomponent&.*#wechat_redirect$/,
    );
  });
});
