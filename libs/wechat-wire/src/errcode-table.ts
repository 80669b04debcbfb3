/**
 * What to do about an error code.
 * - `ok` nothing happened; `retry` back off and repeat; `token` drop that token if it is still the current one and repeat once
 * - `quota_minute`, `quota_day`, `quota_month` stop this call until its window resets
 * - `ticket` wait for the next component_verify_ticket; `reauth` the merchant must authorize (again)
 * - `config` the operator must fix something at WeChat or here; `blocked` WeChat blocks the account or the call: suspend it
 * - `benign` take it as done; `give_up` it cannot work for this account or input; `bug` the caller is wrong
 * - `unknown` not in the table
 */
export type ErrcodeReaction =
  | 'ok'
  | 'retry'
  | 'token'
  | 'quota_minute'
  | 'quota_day'
  | 'quota_month'
  | 'ticket'
  | 'reauth'
  | 'config'
  | 'blocked'
  | 'benign'
  | 'give_up'
  | 'bug'
  | 'unknown';

type Row = readonly [code: number, errmsg: string | null, reaction: ErrcodeReaction, meaning: string, source?: string];

const QUOTA = 'getApiQuota';
const DOMAIN = 'modifyServerDomain';
const DIRECT = 'modifyServerDomainDirectly (as mirrored by the dtapps Go SDK)';
const WEBVIEW = 'modifyJumpDomain';
const PRIVACY = 'get_code_privacy_info';

/** WeChat's codes that a platform can meet. Texts and meanings after WeChat page "Return codes" unless a row names another. */
export const ERRCODE_ROWS: readonly Row[] = [
  [-1, 'system error', 'retry', 'WeChat is busy, try later'],
  [0, 'ok', 'ok', 'success'],
  [
    40001,
    'invalid credential, access_token is invalid or not latest',
    'token',
    'the token is not or no longer the one',
  ],
  [40013, 'invalid appid', 'config', 'the appid is wrong, or wrong for this secret'],
  [40014, 'invalid access_token', 'token', 'the token is not one'],
  [40030, 'invalid refresh_token', 'reauth', 'the refresh token is not one; read the authorizer list first'],
  [40066, 'invalid url', 'bug', 'the path does not exist'],
  [40091, 'invalid component ticket', 'ticket', 'the ticket is not valid'],
  [40094, 'invalid component credential', 'ticket', 'ticket or secret of the platform is not valid'],
  [40097, 'invalid args', 'bug', 'an argument is wrong'],
  [40099, 'invalid code, this code has consumed', 'benign', 'the code was used before; fine if its result is here'],
  [40101, 'missing parameter', 'bug', 'a parameter is missing'],
  [40125, 'invalid appsecret', 'config', 'the secret is wrong; do not loop'],
  [40163, 'code been used', 'benign', 'the code was used before; fine if its result is here'],
  [40164, 'invalid ip, not in whitelist', 'config', 'the caller is not on the IP whitelist (ordinary accounts)'],
  [40170, 'args count exceed count limit', 'bug', 'more than 500 list entries asked for', 'api_get_authorizer_list'],
  // Texts: not documented.
  [40201, null, 'give_up', 'no valid callback URL is entered at WeChat', 'callback/check'],
  [40202, null, 'bug', 'no such action', 'callback/check'],
  [40203, null, 'bug', 'no such operator', 'callback/check'],
  [41001, 'access_token missing', 'bug', 'the call has no token'],
  [41002, 'appid missing', 'bug', 'the call has no appid'],
  [41003, 'refresh_token missing', 'bug', 'the call has no refresh token'],
  [41004, 'appsecret missing', 'bug', 'the call has no secret'],
  [41018, 'missing component_appid', 'bug', 'the call has no component_appid'],
  [41019, 'missing platform_secret', 'bug', 'the call has no platform secret'],
  [41020, 'missing platform_ticket', 'bug', 'the call has no ticket'],
  [41021, 'missing component_access_token', 'bug', 'the call has no component token'],
  [42001, 'access_token expired', 'token', 'the token has expired'],
  [42002, 'refresh_token expired', 'reauth', 'the refresh token has expired'],
  [42003, 'code expired', 'reauth', 'the code has expired'],
  [42006, 'component_access_token expired', 'token', 'the component token has expired'],
  [42007, 'access_token and refresh_token exception', 'reauth', 'both tokens were voided, as by a new password'],
  [43001, 'require GET', 'bug', 'the call must be a GET'],
  [43002, 'require POST', 'bug', 'the call must be a POST'],
  [43003, 'require https', 'bug', 'the call must use https'],
  [43007, 'require bizuser authorize', 'reauth', 'the account has not authorized the platform'],
  [44002, 'empty post data', 'bug', 'the body is empty; send {}'],
  [45002, 'content size out of limit', 'bug', 'the content is too long'],
  [45009, 'reach max api daily quota limit', 'quota_day', 'the calls of the day are used up'],
  [45011, 'api minute-quota reach limit, must slower, retry next minute', 'quota_minute', 'too many calls this minute'],
  [45035, 'access clientip is not registered, not in ip-white-list', 'config', 'the caller is not on the IP whitelist'],
  [45082, 'need icp license for the url domain', 'config', 'the domain has no ICP filing'],
  [45102, 'api blocked temporarily', 'blocked', 'the interface is blocked for a while'],
  [45103, 'api unsupported', 'give_up', 'the interface is no longer supported'],
  [45104, 'reach max domain quota limit', 'quota_month', 'the domain changes of the month are used up'],
  [45501, 'requests of the app temporarily blocked by supervisor', 'blocked', 'the account is blocked for a while'],
  [47001, 'data format error', 'bug', 'the body is no valid JSON or lacks a field'],
  [47002, 'do not use json unicode escapes', 'bug', 'text must be sent as UTF-8, not escaped'],
  [48001, 'api unauthorized', 'give_up', 'the account lacks the ability, or the token is of the wrong kind'],
  [48004, 'api forbidden for irregularities', 'blocked', 'the interface was taken away for violations'],
  [
    48006,
    'forbid to clear quota because of reaching the limit',
    'quota_month',
    'the quota resets of the month are used up',
  ],
  [48009, 'api expired', 'give_up', 'the interface is out of service'],
  [50002, 'user limited', 'blocked', 'the account is frozen or cancelled'],
  [50004, 'user not allowed to use access token', 'blocked', 'the account is frozen or cancelled'],
  [61000, 'invalid component type', 'config', 'the platform has the wrong type'],
  [61001, 'component type and component appid is not match', 'config', 'the appid is of another platform type'],
  [61002, 'the third appid is not open KF', 'config', 'the account has no customer service'],
  [
    61003,
    'component is not authorized by this account',
    'reauth',
    'the account has not (or no longer) authorized the platform',
  ],
  [61004, 'access clientip is not registered', 'config', "the caller's address is not on the platform's IP whitelist"],
  [61005, 'component ticket is expired', 'ticket', 'the ticket has expired; restart the pushes'],
  [61006, 'component ticket is invalid', 'ticket', 'the ticket is not one of this platform'],
  [61007, 'api is unauthorized to component', 'reauth', 'the permission set of the call was not granted'],
  [61008, 'component req key is duplicated', 'bug', 'a request key was used twice'],
  [61009, 'code is invalid', 'bug', 'the authorization code is not one'],
  [61010, 'code is expired', 'reauth', 'the authorization code has expired or was used'],
  [61011, 'invalid component', 'config', 'the appid is no third-party platform'],
  [61012, 'invalid option name', 'bug', 'no such option'],
  [61013, 'invalid option value', 'bug', 'no such value of the option'],
  [
    61014,
    'must use component token for component api',
    'bug',
    "a merchant's token was used where the platform's is due",
  ],
  [
    61015,
    'must use biz account token for not component api',
    'bug',
    "the platform's token was used where a merchant's is due",
  ],
  [
    61016,
    'function category of API need be confirmed by component',
    'config',
    'the permission set waits for confirmation',
  ],
  [61017, 'function category is not authorized', 'reauth', 'the permission set was not granted'],
  [61018, 'already confirm', 'benign', 'the permission set is confirmed'],
  [61019, 'not need confirm', 'benign', 'the permission set needs no confirmation'],
  [61020, 'err parameter', 'bug', 'a parameter is wrong'],
  [61021, "can't confirm", 'give_up', 'the permission set cannot be confirmed'],
  [61022, "can't resubmit", 'give_up', 'the confirmation cannot be sent again'],
  [61023, 'refresh_token is invalid', 'reauth', 'the refresh token is not valid; read the authorizer list first'],
  [
    61024,
    'must use api(api_component_token) to get token for component acct',
    'bug',
    'the wrong token interface was called',
  ],
  [61025, 'read-only option', 'bug', 'the option cannot be set'],
  [61026, 'register access deny', 'give_up', 'registration refused'],
  [61027, 'register limit exceed', 'give_up', 'too many registrations'],
  [61028, 'component is unpublished', 'config', 'the platform is not published; only test accounts work'],
  [61029, 'component need republish with base category', 'config', 'the platform must be published again'],
  [61030, 'component cancel authorization not allowed', 'give_up', 'a platform cannot revoke an authorization'],
  [61039, null, 'retry', 'the privacy check of the code is not finished, wait a minute', PRIVACY],
  [61040, null, 'bug', 'the code uses a private interface that is undeclared or not granted', PRIVACY],
  [61051, 'invalid realname type', 'give_up', 'account registration refused'],
  [61052, 'need to be certified', 'give_up', 'account registration refused'],
  [61053, 'realname exceed limits', 'give_up', 'account registration refused'],
  [61054, 'realname in black list', 'give_up', 'account registration refused'],
  [61055, 'exceed quota per month', 'give_up', 'account registration refused'],
  [61056, 'copy_wx_verify is required option', 'give_up', 'account registration refused'],
  [61058, 'invalid ticket', 'give_up', 'account registration refused'],
  [61061, 'overseas access deny', 'give_up', 'account registration refused'],
  [61063, 'admin exceed limits', 'give_up', 'account registration refused'],
  [61064, 'admin in black list', 'give_up', 'account registration refused'],
  [61065, 'idcard exceed limits', 'give_up', 'account registration refused'],
  [61066, 'idcard in black list', 'give_up', 'account registration refused'],
  [61067, 'mobile exceed limits', 'give_up', 'account registration refused'],
  [61068, 'mobile in black list', 'give_up', 'account registration refused'],
  [61069, 'invalid admin', 'give_up', 'account registration refused'],
  [61070, 'name, idcard, wechat name not in accordance', 'give_up', 'account registration refused'],
  [65316, null, 'give_up', 'the business domain change was refused', 'modifyThirdpartyJumpDomain'],
  [76001, null, 'bug', 'no such rid', 'getRidInfo'],
  [76002, null, 'bug', 'the rid is malformed', 'getRidInfo'],
  [76003, null, 'bug', 'no permission for this rid or path', 'getRidInfo'],
  [76021, 'cgi_path not found', 'bug', 'no such path', QUOTA],
  [76022, null, 'bug', 'the token is of the wrong kind for the path', QUOTA],
  [85015, null, 'give_up', 'the account is not a mini program', DOMAIN],
  [85016, 'exceed valid domain count', 'config', 'more than 1000 domains in all', DOMAIN],
  [
    85017,
    'no domain to modify after filtered',
    'benign',
    "nothing new, or not in the platform's list; read the list",
    DOMAIN,
  ],
  [85018, null, 'config', 'the domain is not registered on the platform', DOMAIN],
  [85022, 'invalid action', 'bug', 'no such action'],
  [85301, 'no domain to modify after filtered', 'bug', 'the domain breaks the rules of domains', DOMAIN],
  [85302, null, 'config', 'the domain has no ICP filing', DOMAIN],
  [85303, null, 'config', 'the domain breaks the rules and has no ICP filing', DOMAIN],
  [86000, 'should be called only from third party', 'bug', "only a platform's token of the merchant is accepted"],
  [86001, 'component experience version not exists', 'give_up', 'there is no trial version'],
  [86002, null, 'config', 'the mini program has no name, picture or introduction yet'],
  [86100, null, 'bug', 'the domain has the wrong scheme', DIRECT],
  [86101, null, 'bug', 'api.weixin.qq.com is not allowed as a domain', DIRECT],
  [86102, null, 'quota_month', 'more than 50 changes this month', DIRECT],
  [89019, null, 'benign', 'the business domains are unchanged', WEBVIEW],
  [89020, null, 'config', 'the platform has no business domains', WEBVIEW],
  [89021, null, 'config', "not one of the platform's business domains", WEBVIEW],
  [89022, null, 'give_up', 'the business domain change was refused', WEBVIEW],
  [89029, null, 'config', 'too many business domains', WEBVIEW],
  [89030, 'operation reach month limit', 'quota_month', 'the changes of the month are used up'],
  [89031, 'user bind reach limit', 'give_up', 'the user is bound too often'],
  [89032, 'weapp bind members reach limit', 'give_up', 'the mini program has too many members'],
  [89231, 'not support single', 'give_up', 'personal mini programs are not supported', WEBVIEW],
  [89247, 'inner error', 'retry', 'WeChat failed inside, try later'],
  [89250, 'inner error', 'retry', 'WeChat failed inside, try later'],
  [89254, 'lack of some component rights', 'reauth', 'more permission sets must be granted'],
  [89256, 'no component info', 'token', 'the token is wrong'],
  [89501, null, 'config', 'an administrator must confirm the address of the caller'],
  [89502, null, 'config', 'an administrator must confirm the address of the caller'],
  [89503, null, 'config', 'an administrator must confirm the address of the caller'],
  [89504, null, 'config', 'an administrator must confirm the address of the caller'],
  [89505, null, 'config', 'an administrator must confirm the address of the caller'],
  [89506, null, 'config', 'the administrator refused the address of the caller; wait 24 hours'],
  [89507, null, 'config', 'the administrator refused the address of the caller; wait an hour'],
  [9402202, 'concurrent limit', 'retry', 'too many at the same time; back off with jitter'],
  [9410016, null, 'give_up', 'the business domain change was refused', 'modifyThirdpartyJumpDomain'],
];
