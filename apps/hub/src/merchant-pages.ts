import { DOMAIN_PERMISSION_SET, type LinkOpening } from '#libs/authorizers';
import { permissionSetName } from '#libs/wechat-wire';
import { escapeHtml, mark, page, type HtmlPage } from './http/pages.ts';

/** The pages that a merchant sees, mostly on a phone, in Chinese: the invitation to authorize, and what came of it. */

/** A phone, as its browser says; decides only which of the two ways is offered first. */
const PHONE = /\b(Mobile|Android|iPhone|iPod|HarmonyOS)\b/i;
const IN_WECHAT = /\bMicroMessenger\//;

/** The invitation: who asks for what, and the way to WeChat's page, which wants the browser to come from here. */
export function invitationPage(
  opening: Extract<LinkOpening, { outcome: 'open' }>,
  about: { platformName: string; userAgent: string },
): HtmlPage {
  const { link, merchantName, pcUrl, mobileUrl } = opening;
  const isPhone = PHONE.test(about.userAgent);
  const [first, second] =
    isPhone || IN_WECHAT.test(about.userAgent)
      ? [
          { url: mobileUrl, text: '前往微信授权' },
          { url: pcUrl, text: '无法打开？改用电脑扫码授权页' },
        ]
      : [
          { url: pcUrl, text: '前往微信扫码授权' },
          { url: mobileUrl, text: '在微信内打开的授权页' },
        ];
  const outside =
    isPhone && !IN_WECHAT.test(about.userAgent)
      ? '<p class="notice">请在微信中打开本链接：把链接发给自己或文件传输助手，再从聊天中点开。</p>'
      : '';
  const asked = link.permissionSets;
  const isForDomains = asked === null || asked.includes(DOMAIN_PERMISSION_SET);
  const sets = asked
    ? `<h2>申请的权限</h2><ul>${asked.map((id) => `<li>${setName(id)}</li>`).join('')}</ul>`
    : '<h2>申请的权限</h2><p>该第三方平台已发布的权限集，将在微信授权页上逐项列出。</p>';
  const domains = isForDomains
    ? `<div class="notice"><b>请保留勾选“${setName(DOMAIN_PERMISSION_SET)}”。</b><br>服务商需要它来查看并维护小程序的服务器域名、提交代码与发布版本。该权限互斥：授权后，服务器域名与代码发布由服务商代为管理；如已授权给其他第三方平台，需先在公众平台取消。</div>`
    : '';
  const account = link.authorizerAppid !== null && link.usedAt === null ? row('限定账号', link.authorizerAppid) : '';
  const platform = escapeHtml(about.platformName);
  return page(
    `授权给${about.platformName}`,
    `${mark('ask')}
<h1>${escapeHtml(merchantName)}，请授权 ${platform}</h1>
<p class="soft">${platform} 是为您提供小程序服务的第三方平台。授权由账号管理员在微信的页面上确认，可随时在微信公众平台取消。</p>
<dl>${row('第三方平台', about.platformName)}${row('商家', merchantName)}${account}${row('链接有效期至', localTime(link.expiresAt))}</dl>
${sets}
${domains}${outside}
<a class="go" href="${escapeHtml(first.url)}">${first.text}</a>
<a class="other" href="${escapeHtml(second.url)}">${second.text}</a>
<p class="en" lang="en">${platform} asks you to authorize it. WeChat's own page opens next; its administrator confirms there.</p>`,
    'origin',
  );
}

/** The link cannot be opened (any more). */
export function deadLinkPage(outcome: 'not_found' | 'expired' | 'revoked'): HtmlPage {
  const reason = {
    not_found: ['链接不存在', '请检查链接是否完整，或向服务商索取新的授权链接。'],
    expired: ['授权链接已过期', '请向服务商索取新的授权链接。'],
    revoked: ['授权链接已停用', '服务商已停用此链接，请向服务商索取新的授权链接。'],
  }[outcome] as [string, string];
  return page(
    reason[0],
    `${mark('bad')}<h1>${reason[0]}</h1><p>${reason[1]}</p><p class="en" lang="en">This link cannot be used. Please ask for a new one.</p>`,
  );
}

/** What is known of the account that has just authorized. */
export interface AuthorizedAccount {
  authorizerAppid: string;
  nickName: string | null;
  permissionSets: readonly number[];
}

/**
 * The merchant has authorized. Names the account, and warns when set 18 was asked for and not granted: nobody listens later.
 * @param again where the merchant can authorize again; null: nowhere
 * @param onward where the merchant goes on to; null: the page is the end
 */
export function authorizedPage(
  account: AuthorizedAccount | null,
  options: { platformName: string; isForDomains: boolean; again: string | null; onward: string | null },
): HtmlPage {
  const platform = escapeHtml(options.platformName);
  const rows = account
    ? `<dl>${row('账号', account.nickName ?? account.authorizerAppid)}${row('AppID', account.authorizerAppid)}${row('第三方平台', options.platformName)}</dl>`
    : '';
  const onward = options.onward
    ? `<a class="go" href="${escapeHtml(options.onward)}">继续</a>`
    : '<p class="soft">可以关闭此页面。</p>';
  if (account && lacksDomains(account, options.isForDomains)) {
    const again = options.again ? `<a class="go" href="${escapeHtml(options.again)}">重新授权</a>` : '';
    const skip = options.onward ? `<a class="other" href="${escapeHtml(options.onward)}">暂不，继续</a>` : '';
    return page(
      '授权缺少一项权限',
      `${mark('warn')}<h1>授权成功，但缺少一项权限</h1>${rows}
<div class="notice">未授予“<b>${setName(DOMAIN_PERMISSION_SET)}</b>”（权限集 ${DOMAIN_PERMISSION_SET}）。缺少它，${platform} 无法查看和维护小程序的服务器域名，小程序可能无法连接服务商的服务器。<br>可能的原因：授权时取消了勾选，或该权限已授权给其他第三方平台（需先在微信公众平台“设置－第三方设置”中取消）。</div>
${again}${skip}
<p class="en" lang="en">Authorized, but permission set 18 was not granted: server domains cannot be managed. Please authorize again with it.</p>`,
    );
  }
  return page(
    '授权成功',
    `${mark('ok')}<h1>授权成功</h1><p>${account ? `“${escapeHtml(account.nickName ?? account.authorizerAppid)}”已授权给 ${platform}。` : `您已授权给 ${platform}。`}</p>${rows}${onward}
<p class="en" lang="en">Authorization succeeded. You can close this page.</p>`,
  );
}

/** Whether set 18 was asked for and is not among what was granted. */
export function lacksDomains(account: AuthorizedAccount, isForDomains: boolean): boolean {
  return isForDomains && !account.permissionSets.includes(DOMAIN_PERMISSION_SET);
}

/** WeChat could not be asked yet; the hub goes on by itself. */
export function pendingPage(): HtmlPage {
  return page(
    '授权处理中',
    `${mark('wait')}<h1>授权处理中</h1><p>我们已收到您的授权，正在向微信确认，通常在几分钟内完成。可以关闭此页面，无需重新授权。</p>
<p class="en" lang="en">Your authorization has arrived and is being processed. You can close this page.</p>`,
  );
}

function row(name: string, value: string): string {
  return `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`;
}

function setName(id: number): string {
  const name = permissionSetName(id);
  return name === null ? `权限集 ${id}` : escapeHtml(name);
}

/** Merchants of WeChat live by China's time. */
function localTime(at: Date): string {
  return new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(at);
}
