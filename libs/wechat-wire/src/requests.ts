/**
 * Bodies of the calls, with WeChat's field names. They are not uniform: the platform's secret is `component_appsecret` in
 * one call, `component_secret` in another and `appsecret` in a third.
 */
export const requests = {
  startPushTicket: (componentAppid: string, componentAppsecret: string) => ({
    component_appid: componentAppid,
    component_secret: componentAppsecret,
  }),
  componentToken: (componentAppid: string, componentAppsecret: string, ticket: string) => ({
    component_appid: componentAppid,
    component_appsecret: componentAppsecret,
    component_verify_ticket: ticket,
  }),
  createPreauthCode: (componentAppid: string) => ({ component_appid: componentAppid }),
  /** `authorizationCode` with its `queryauthcode@@@` prefix, URL-decoded. */
  queryAuth: (componentAppid: string, authorizationCode: string) => ({
    component_appid: componentAppid,
    authorization_code: authorizationCode,
  }),
  authorizerToken: (componentAppid: string, authorizerAppid: string, authorizerRefreshToken: string) => ({
    component_appid: componentAppid,
    authorizer_appid: authorizerAppid,
    authorizer_refresh_token: authorizerRefreshToken,
  }),
  getAuthorizerInfo: (componentAppid: string, authorizerAppid: string) => ({
    component_appid: componentAppid,
    authorizer_appid: authorizerAppid,
  }),
  getAuthorizerList: (componentAppid: string, offset: number, count: number) => ({
    component_appid: componentAppid,
    offset,
    count,
  }),
  /** Without `authorizerAppid` the platform's own quota is reset, with it that account's. */
  clearComponentQuotaV2: (componentAppid: string, componentAppsecret: string, authorizerAppid?: string) => ({
    component_appid: componentAppid,
    appsecret: componentAppsecret,
    ...(authorizerAppid === undefined ? {} : { appid: authorizerAppid }),
  }),
  /** `cgiPath` starts with a slash and has no host. */
  quotaGet: (cgiPath: string) => ({ cgi_path: cgiPath }),
  getServerDomainList: () => ({ action: 'get' as const }),
  getJumpDomainList: () => ({ action: 'get' as const }),
  getDomainConfirmFile: () => ({}),
  callbackCheck: () => ({ action: 'all' as const, check_operator: 'DEFAULT' as const }),
  /** An empty body would be answered with 44002. */
  getEffectiveDomain: () => ({}),
  sendCustomText: (toUser: string, content: string) => ({
    touser: toUser,
    msgtype: 'text' as const,
    text: { content },
  }),
} as const;
