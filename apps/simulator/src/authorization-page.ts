import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Account } from './accounts.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

/** Paths of the page on its two hosts, old and current (WeChat page "Authorization_Process_Technical_Description"). */
export const AUTHORIZATION_PAGE_PATHS: readonly string[] = [
  '/cgi-bin/componentloginpage',
  '/wxaopen/safe/bindcomponent',
  '/safe/bindcomponent',
];
const MAX_LISTED = 50;
/** Sets that one platform at a time may hold (WeChat page "miniprogram_authority"). */
const EXCLUSIVE_SETS: ReadonlySet<number> = new Set([
  18, 25, 40, 41, 45, 49, 51, 73, 76, 81, 85, 104, 119, 135, 138, 157, 158, 198,
]);

/**
 * The page on which a merchant's administrator authorizes a platform. It lists the accounts that fit `auth_type` and `biz_appid`;
 * choosing one (`authorizer_appid`, repeated `set`, `confirm=1`) grants, pushes and redirects with `auth_code` and `expires_in`.
 */
export function serveAuthorizationPage(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
): void {
  const parameters = new URLSearchParams(query);
  const platform = world.platforms.get(parameters.get('component_appid') ?? '');
  if (platform === undefined) return page(response, '无效的 component_appid', '<p>component_appid</p>');
  const preAuthCode = parameters.get('pre_auth_code') ?? '';
  if (world.codes.openPreAuthCode(preAuthCode, platform.componentAppid, world.clock.nowSeconds()) === null)
    return page(response, '授权链接已失效', '<p>pre_auth_code is invalid or expired</p>');
  const redirectUri = parameters.get('redirect_uri') ?? '';
  if (!URL.canParse(redirectUri) || !/^https?:/.test(redirectUri))
    return page(response, '参数错误', '<p>redirect_uri</p>');
  if (parameters.get('confirm') === '1') {
    const appid = parameters.get('authorizer_appid') ?? '';
    if (!offered(world, parameters).some((account) => account.appid === appid))
      return page(response, '无法授权', '<p>this account cannot be chosen here</p>');
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
  const rows = accounts.map((account) => {
    const granted = world.grantOf(platform.componentAppid, account.appid)?.authorized === true;
    const boxes = sets
      .filter((id) => !isTaken(world, platform, account.appid, id))
      .map((id) => `<label><input type="checkbox" name="set" value="${id}" checked> ${id}</label>`)
      .join(' ');
    return `<li><form action="${text(action)}"><b>${text(account.nickName)}</b> ${text(account.principalName)} <code>${text(account.appid)}</code>${granted ? ' (已授权)' : ''}<br>${boxes} ${hidden}<input type="hidden" name="authorizer_appid" value="${text(account.appid)}"><input type="hidden" name="confirm" value="1"> <button>授权 Authorize</button></form></li>`;
  });
  const body = rows.length === 0 ? '<p>没有可授权的帐号 no account to choose</p>' : `<ul>${rows.join('')}</ul>`;
  page(response, `授权给 ${platform.name}`, body);
}

/** Whether another platform holds this exclusive set of the account; such a set is not offered. */
function isTaken(world: World, platform: Platform, appid: string, set: number): boolean {
  if (!EXCLUSIVE_SETS.has(set)) return false;
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
  const accounts: Account[] = [];
  for (const account of world.accounts.values()) {
    if (!kinds.includes(account.kind) || ![1, 18].includes(account.accountStatus)) continue;
    if (chosen !== null && account.appid !== chosen) continue;
    accounts.push(account);
    if (accounts.length === MAX_LISTED) break;
  }
  return accounts;
}

function page(response: ServerResponse, title: string, body: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${text(title)}</title><h1>${text(title)}</h1>${body}`,
  );
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
