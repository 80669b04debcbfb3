/** What may be authorized on the page (page "Authorization Process Technical Description"). */
export const AUTH_TYPES = {
  officialAccount: 1,
  miniProgram: 2,
  officialAccountAndMiniProgram: 3,
  miniProgramPromoter: 4,
  channels: 5,
  all: 6,
  salesAssistant: 8,
} as const;
export type AuthType = (typeof AUTH_TYPES)[keyof typeof AUTH_TYPES];

export interface AuthorizationPage {
  /** `pc` shows a QR code to scan, `mobile` opens inside WeChat */
  page: 'pc' | 'mobile';
  componentAppid: string;
  preAuthCode: string;
  /** not yet URL-encoded; its domain must be the one configured for starting authorizations */
  redirectUri: string;
  authType: AuthType;
  /** only this account is offered, whatever `authType` says */
  bizAppid?: string;
  /** asks for these sets instead of all that the platform published */
  permissionSets?: readonly number[];
  /** stands in for both of WeChat's hosts, without a slash at the end: a simulator, or a test host */
  baseUrl?: string;
}

const PC_HOST = 'https://mp.weixin.qq.com';
const PC_PATH = '/cgi-bin/componentloginpage';
const MOBILE_HOST = 'https://open.weixin.qq.com';
const MOBILE_PATH = '/wxaopen/safe/bindcomponent';

/** Address of the page on which a merchant's administrator grants the authorization. */
export function authorizationPageUrl(page: AuthorizationPage): string {
  const query: [string, string][] = [
    ['component_appid', page.componentAppid],
    ['pre_auth_code', page.preAuthCode],
    ['redirect_uri', page.redirectUri],
    ['auth_type', String(page.authType)],
  ];
  if (page.bizAppid !== undefined) query.push(['biz_appid', page.bizAppid]);
  if (page.permissionSets?.length) query.push(['category_id_list', page.permissionSets.join('|')]);
  if (page.page === 'pc') return `${page.baseUrl ?? PC_HOST}${PC_PATH}?${encode(query)}`;
  return `${page.baseUrl ?? MOBILE_HOST}${MOBILE_PATH}?${encode([['action', 'bindcomponent'], ['no_scan', '1'], ...query])}#wechat_redirect`;
}

/** Percent signs, not plus signs, for spaces: nothing is said about how WeChat's pages read a plus. */
function encode(query: readonly (readonly [string, string])[]): string {
  return query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}
