import type { IncomingMessage, ServerResponse } from 'node:http';

import { EXCLUSIVE_PERMISSION_SETS, permissionSetName } from '#libs/wechat-wire';
import type { Account } from './accounts.ts';
import { BASE_STYLE, escapeHtml as text, sendPage } from './html.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

/** Paths of the page on its two hosts, old and current (WeChat page "Authorization_Process_Technical_Description"). */
export const AUTHORIZATION_PAGE_PATHS: readonly string[] = [
  '/cgi-bin/componentloginpage',
  '/wxaopen/safe/bindcomponent',
  '/safe/bindcomponent',
];
const MAX_LISTED = 50;

/**
 * The page on which a merchant's administrator authorizes a platform. It lists the accounts that fit `auth_type` and `biz_appid`;
 * choosing one (`authorizer_appid`, repeated `set`, `confirm=1`) grants, pushes and redirects with `auth_code` and `expires_in`.
 * Like WeChat's page it opens only for a browser that comes from a page on the platform's 授权发起页域名, and only with a
 * `redirect_uri` on that domain; `quirks.checkAuthorizationOrigin` switches the rule off.
 */
export function serveAuthorizationPage(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
): void {
  const parameters = new URLSearchParams(query);
  const platform = world.platforms.get(parameters.get('component_appid') ?? '');
  if (platform === undefined) return problem(response, '无效的 component_appid', 'component_appid');
  const preAuthCode = parameters.get('pre_auth_code') ?? '';
  if (world.codes.openPreAuthCode(preAuthCode, platform.componentAppid, world.clock.nowSeconds()) === null)
    return problem(response, '授权链接已失效', 'pre_auth_code is invalid or expired');
  const redirectUri = parameters.get('redirect_uri') ?? '';
  if (!URL.canParse(redirectUri) || !/^https?:/.test(redirectUri)) return problem(response, '参数错误', 'redirect_uri');
  if (world.quirks.checkAuthorizationOrigin && !comesFromTheDomain(platform, request, redirectUri)) {
    return problem(response, '无法打开授权页', originRefusal(platform, request, redirectUri));
  }
  if (parameters.get('confirm') === '1') {
    const appid = parameters.get('authorizer_appid') ?? '';
    if (!offered(world, parameters).some((account) => account.appid === appid))
      return problem(response, '无法授权', 'this account cannot be chosen here');
    const { redirectUrl } = world.authorize(platform.componentAppid, appid, {
      permissionSets: parameters.getAll('set').map(Number).filter(Number.isInteger),
      viaPreAuthCode: preAuthCode,
      redirectUri,
    });
    response.writeHead(302, { location: redirectUrl ?? redirectUri });
    response.end();
    return;
  }
  choice(world, platform, parameters, request.url?.split('?')[0] ?? '', response);
}

/** Host (with port) of the page that the browser comes from; null when it does not say. */
function refererHost(request: IncomingMessage): string | null {
  const { referer } = request.headers;
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).host : null;
}

function comesFromTheDomain(platform: Platform, request: IncomingMessage, redirectUri: string): boolean {
  const from = refererHost(request);
  const domain = platform.authorizationHost;
  // Confirming on the page itself comes from the page itself.
  const isOwnPage = from !== null && from === request.headers.host;
  return new URL(redirectUri).host === domain && (from === domain || isOwnPage);
}

/** The sentence that public reports quote; `空` stands for a browser that does not say where it comes from. */
function originRefusal(platform: Platform, request: IncomingMessage, redirectUri: string): string {
  return (
    `请确认授权入口页所在域名，与授权后回调URL的域名相同，并且，此两者都必须与申请第三方平台时填写的授权发起页域名相同。` +
    `授权入口页所在域名：${refererHost(request) ?? '空'}；授权后回调URL的域名：${new URL(redirectUri).host}；` +
    `授权发起页域名：${platform.authorizationHost}`
  );
}

function choice(
  world: World,
  platform: Platform,
  parameters: URLSearchParams,
  action: string,
  response: ServerResponse,
): void {
  const wanted = (parameters.get('category_id_list') ?? '')
    .split('|')
    .filter((id) => /^\d+$/.test(id))
    .map(Number);
  const sets = wanted.length > 0 ? wanted : platform.permissionSets;
  const accounts = offered(world, parameters);
  const hidden = [...parameters]
    .filter(([name]) => !['authorizer_appid', 'set', 'confirm'].includes(name))
    .map(([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`)
    .join('');
  const cards = accounts.map((account, index) => {
    const granted = world.grantOf(platform.componentAppid, account.appid)?.authorized === true;
    const open = accounts.length === 1 || index === 0 ? ' open' : '';
    const boxes = sets.map((id) => setRow(id, isTaken(world, platform, account.appid, id))).join('');
    return `<details name="account"${open}>
<summary><span class="avatar" aria-hidden="true">${text([...account.nickName][0] ?? '店')}</span><span><b>${text(account.nickName)}</b>${granted ? '<span class="tag">已授权</span>' : ''}<br><small>${text(account.principalName)} · ${text(account.appid)}</small></span></summary>
<form action="${text(action)}"><fieldset><legend>将授予以下权限</legend>${boxes}</fieldset>
${hidden}<input type="hidden" name="authorizer_appid" value="${text(account.appid)}"><input type="hidden" name="confirm" value="1">
<button>授权</button></form></details>`;
  });
  const list = cards.length === 0 ? '<p class="empty">没有可授权的账号</p>' : cards.join('');
  page(
    response,
    `授权给 ${platform.name}`,
    `<p class="lead">请选择要授权的账号，由该账号的管理员确认。授权后，<b>${text(platform.name)}</b> 可以代您使用勾选的权限。</p>${list}`,
  );
}

function setRow(id: number, isTaken: boolean): string {
  const name = permissionSetName(id) ?? '未公开名称的权限集';
  const exclusive = EXCLUSIVE_PERMISSION_SETS.has(id) ? '<small class="tag">互斥</small>' : '';
  if (isTaken) {
    return `<p class="taken">${text(name)} <small>权限集 ${id}</small>${exclusive}<br><small>已授权给其他第三方平台，需先在公众平台取消后才能授权</small></p>`;
  }
  return `<label><input type="checkbox" name="set" value="${id}" checked> <span>${text(name)} <small>权限集 ${id}</small>${exclusive}</span></label>`;
}

/** Whether another platform holds this exclusive set of the account; such a set is not offered. */
function isTaken(world: World, platform: Platform, appid: string, set: number): boolean {
  if (!EXCLUSIVE_PERMISSION_SETS.has(set)) return false;
  return [...world.platforms.keys()].some((other) => {
    const grant = other === platform.componentAppid ? null : world.grantOf(other, appid);
    return grant?.authorized === true && grant.permissionSets.includes(set);
  });
}

/** Accounts the page offers: of the right kind and in good standing; with `biz_appid` only that one, whatever the kind. */
function offered(world: World, parameters: URLSearchParams): Account[] {
  const only = parameters.get('biz_appid') ?? '';
  if (only !== '') {
    const account = world.findAccount(only);
    return account === null ? [] : [account];
  }
  const chosen = parameters.get('authorizer_appid');
  const kinds = { '1': ['official_account'], '2': ['mini_program'] }[parameters.get('auth_type') ?? '3'] ?? [
    'official_account',
    'mini_program',
  ];
  const platform = parameters.get('component_appid') ?? '';
  const fresh: Account[] = [];
  const authorized: Account[] = [];
  for (const account of world.accounts.values()) {
    if (!kinds.includes(account.kind) || ![1, 18].includes(account.accountStatus)) continue;
    if (chosen !== null && account.appid !== chosen) continue;
    (world.grantOf(platform, account.appid)?.authorized === true ? authorized : fresh).push(account);
  }
  // Those that have not authorized yet first: they are who such a page is for.
  return [...fresh, ...authorized].slice(0, MAX_LISTED);
}

function problem(response: ServerResponse, title: string, reason: string): void {
  page(response, title, `<p class="lead">${text(reason)}</p>`);
}

const STYLE = `${BASE_STYLE}
small, .lead, legend { color: var(--soft); }
.lead { margin: 0 0 1rem; overflow-wrap: anywhere; }
details { background: var(--card); border-radius: 10px; margin: 0 0 .75rem; padding: 0 1rem; }
summary { display: flex; gap: .75rem; align-items: center; padding: .85rem 0; cursor: pointer; list-style: none; overflow-wrap: anywhere; }
summary::-webkit-details-marker { display: none; }
.avatar { flex: none; width: 2.6rem; height: 2.6rem; border-radius: 50%; display: grid; place-items: center; background: var(--line); }
.tag { font-size: .72rem; border: 1px solid currentColor; border-radius: 4px; padding: 0 .3rem; margin-left: .35rem; color: var(--soft); white-space: nowrap; }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 0; padding: .5rem 0; }
legend { padding: 0; font-size: .9rem; float: left; width: 100%; margin-bottom: .35rem; }
label, .taken { display: flex; gap: .6rem; padding: .45rem 0; margin: 0; clear: both; }
.taken { display: block; opacity: .75; }
input[type=checkbox] { flex: none; width: 1.15rem; height: 1.15rem; margin-top: .2rem; accent-color: var(--go); }`;

function page(response: ServerResponse, title: string, body: string): void {
  sendPage(response, {
    lang: 'zh-CN',
    title,
    style: STYLE,
    body,
    footer: '这是微信授权页的模拟，不会触及真实账号。',
  });
}
