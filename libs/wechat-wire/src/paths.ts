/**
 * Paths under the API base URL, each from the WeChat page of the same name. All are POST with a JSON body except the two
 * of the address lists, which are GET.
 */
export const PATHS = {
  startPushTicket: '/cgi-bin/component/api_start_push_ticket',
  componentToken: '/cgi-bin/component/api_component_token',
  createPreauthCode: '/cgi-bin/component/api_create_preauthcode',
  queryAuth: '/cgi-bin/component/api_query_auth',
  authorizerToken: '/cgi-bin/component/api_authorizer_token',
  getAuthorizerInfo: '/cgi-bin/component/api_get_authorizer_info',
  getAuthorizerList: '/cgi-bin/component/api_get_authorizer_list',
  clearQuota: '/cgi-bin/clear_quota',
  clearComponentQuotaV2: '/cgi-bin/component/clear_quota/v2',
  quotaClear: '/cgi-bin/openapi/quota/clear',
  quotaGet: '/cgi-bin/openapi/quota/get',
  ridGet: '/cgi-bin/openapi/rid/get',
  getEffectiveDomain: '/wxa/get_effective_domain',
  getEffectiveWebviewDomain: '/wxa/get_effective_webviewdomain',
  modifyDomain: '/wxa/modify_domain',
  modifyDomainDirectly: '/wxa/modify_domain_directly',
  modifyWxaServerDomain: '/cgi-bin/component/modify_wxa_server_domain',
  modifyWxaJumpDomain: '/cgi-bin/component/modify_wxa_jump_domain',
  getDomainConfirmFile: '/cgi-bin/component/get_domain_confirmfile',
  getWebviewDomainConfirmFile: '/wxa/get_webviewdomain_confirmfile',
  callbackCheck: '/cgi-bin/callback/check',
  getApiDomainIp: '/cgi-bin/get_api_domain_ip',
  getCallbackIp: '/cgi-bin/getcallbackip',
  sendCustomMessage: '/cgi-bin/message/custom/send',
} as const;

export type WechatPath = (typeof PATHS)[keyof typeof PATHS];

/**
 * Query parameter of the component access token. Current pages say `access_token`, older pages and most SDKs
 * `component_access_token`; WeChat documents both, so this is the one place to change.
 */
export const COMPONENT_TOKEN_PARAMETER = 'access_token';

/** Query parameter of an authorizer access token. */
export const AUTHORIZER_TOKEN_PARAMETER = 'access_token';

/** `api_get_authorizer_list` answers 40170 for a larger page. */
export const MAX_AUTHORIZER_LIST_COUNT = 500;

/** Seconds during which WeChat accepts a component_verify_ticket (page "component_verify_ticket"). */
export const TICKET_LIFETIME_SECONDS = 12 * 3600;
