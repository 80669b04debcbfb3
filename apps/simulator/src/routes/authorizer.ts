import { MAX_AUTHORIZER_LIST_COUNT, PATHS } from '#libs/wechat-wire';

import type { Account } from '../accounts.ts';
import type { Call } from '../call.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Grant } from '../grants.ts';
import type { WorldQuirks } from '../quirks.ts';
import { Refusal } from '../refusal.ts';
import { isRefreshToken, issueAuthorizerToken, refreshTokenOf, TOKEN_LIFETIME_S } from '../tokens.ts';
import type { World } from '../world.ts';
import { assertOwnAppid } from './component.ts';

/** Calls about the accounts that authorized a platform. */
export const authorizerEndpoints: readonly Endpoint[] = [
  { path: PATHS.queryAuth, method: 'POST', token: 'component', answer: queryAuth },
  { path: PATHS.authorizerToken, method: 'POST', token: 'component', answer: authorizerToken },
  { path: PATHS.getAuthorizerInfo, method: 'POST', token: 'component', answer: authorizerInfo },
  { path: PATHS.getAuthorizerList, method: 'POST', token: 'component', answer: authorizerList },
];

function queryAuth(call: Call, world: World): Record<string, unknown> {
  assertOwnAppid(call);
  const { platform } = call;
  const given = call.text('authorization_code', 40097);
  const code = world.codes.redeemable(given, platform.componentAppid, world.clock.nowSeconds());
  const grant = world.grantForChange(platform.componentAppid, code.appid);
  if (grant === null || !grant.authorized || grant.epoch !== code.epoch) throw new Refusal(61010);
  code.used = true;
  world.touch();
  const info: Record<string, unknown> = { authorizer_appid: code.appid };
  if (world.findAccount(code.appid)?.apiPermission) {
    grant.exchanged = true;
    info['authorizer_access_token'] = issueAuthorizerToken(world, platform, code.appid, grant);
    info['expires_in'] = TOKEN_LIFETIME_S;
    info['authorizer_refresh_token'] = refreshTokenOf(world, platform, code.appid, grant);
  }
  return { authorization_info: { ...info, func_info: funcInfo(grant.permissionSets, world.quirks.funcInfo) } };
}

function authorizerToken(call: Call, world: World): Record<string, unknown> {
  assertOwnAppid(call);
  const { platform } = call;
  const appid = call.text('authorizer_appid', 40013);
  const grant = world.grantOf(platform.componentAppid, appid);
  if (grant === null || !grant.authorized) throw new Refusal(61003);
  const given = call.json()['authorizer_refresh_token'];
  if (typeof given !== 'string' || !isRefreshToken(world, platform, appid, grant, given)) throw new Refusal(61023);
  if (world.quirks.rotateRefreshTokens) {
    grant.rotation += 1;
    grant.rotatedAt = world.clock.nowSeconds();
  }
  const token = issueAuthorizerToken(world, platform, appid, grant);
  grant.refreshes += 1;
  return {
    authorizer_access_token: token,
    expires_in: TOKEN_LIFETIME_S,
    authorizer_refresh_token: refreshTokenOf(world, platform, appid, grant),
  };
}

function authorizerInfo(call: Call, world: World): Record<string, unknown> {
  assertOwnAppid(call);
  const { platform } = call;
  const appid = call.text('authorizer_appid', 40013);
  const account = world.findAccount(appid);
  const grant = world.grantOf(platform.componentAppid, appid);
  if (account === null || grant === null || !grant.authorized) throw new Refusal(61003);
  return {
    authorizer_info: accountInfo(account),
    authorization_info: {
      authorizer_appid: appid,
      ...(grant.exchanged && world.quirks.detailsRefreshToken === 'shown'
        ? { authorizer_refresh_token: refreshTokenOf(world, platform, appid, grant) }
        : {}),
      func_info: funcInfo(grant.permissionSets, world.quirks.funcInfo),
    },
  };
}

function authorizerList(call: Call, world: World): Record<string, unknown> {
  assertOwnAppid(call);
  const { platform } = call;
  const { offset = 0, count } = call.json();
  if (!isCount(offset) || !isCount(count)) throw new Refusal(47001);
  if (count > MAX_AUTHORIZER_LIST_COUNT) throw new Refusal(40170);
  const all = world.grants.total(platform.componentAppid);
  const total = Math.min(all, platform.listLimit ?? all);
  const size = Math.max(0, Math.min(count, total - offset));
  const isNewestFirst = world.quirks.listOrder === 'newest_first';
  const page = world.grants.page(platform.componentAppid, isNewestFirst ? all - offset - size : offset, size);
  if (isNewestFirst) page.reverse();
  return {
    total_count: total,
    list: page.map(({ appid, grant }) => ({
      authorizer_appid: appid,
      ...listedRefreshToken(world, call, appid, grant),
      auth_time: grant.authTime,
    })),
  };
}

function listedRefreshToken(world: World, call: Call, appid: string, grant: Grant): { refresh_token?: string } {
  if (grant.exchanged) return { refresh_token: refreshTokenOf(world, call.platform, appid, grant) };
  return world.quirks.unexchangedRefreshToken === 'empty' ? { refresh_token: '' } : {};
}

/** `func_info` in one of its three known forms (WeChat page "query_auth"; `confirm_info` from a capture of 2022). */
function funcInfo(sets: readonly number[], form: WorldQuirks['funcInfo']): Record<string, unknown>[] {
  return sets.map((id) => {
    if (form === 'named') return { funcscope_category: { id, type: 0, name: `权限集 ${id}`, desc: '' } };
    const element = { funcscope_category: { id } };
    return form === 'confirm' && [3, 18, 30].includes(id)
      ? { ...element, confirm_info: { need_confirm: 0, already_confirm: 0, can_confirm: 0 } }
      : element;
  });
}

/** `authorizer_info` as captured for a mini program; official accounts have no `MiniProgramInfo`. */
function accountInfo(account: Account): Record<string, unknown> {
  const common = {
    nick_name: account.nickName,
    head_img: account.headImg,
    service_type_info: { id: account.serviceType },
    verify_type_info: { id: account.verifyType },
    user_name: account.userName,
    alias: '',
    qrcode_url: 'http://mmbiz.qpic.cn/mmbiz_jpg/simulated/0',
    business_info: { open_pay: 0, open_shake: 0, open_scan: 0, open_card: 0, open_store: 0 },
    idc: 1,
    principal_name: account.principalName,
    signature: '',
  };
  const tail = {
    register_type: 0,
    account_status: account.accountStatus,
    basic_config: { is_phone_configured: true, is_email_configured: true },
  };
  if (account.kind === 'official_account') return { ...common, ...tail };
  const effective = account.domains.effective_domain ?? {};
  return {
    ...common,
    MiniProgramInfo: {
      network: {
        RequestDomain: effective.requestdomain ?? [],
        WsRequestDomain: effective.wsrequestdomain ?? [],
        UploadDomain: effective.uploaddomain ?? [],
        DownloadDomain: effective.downloaddomain ?? [],
        BizDomain: account.webviewDomains.effective_webviewdomain,
        UDPDomain: effective.udpdomain ?? [],
        TCPDomain: effective.tcpdomain ?? [],
      },
      categories: [{ first: '生活服务', second: '丽人服务' }],
      visit_status: 0,
    },
    ...tail,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
