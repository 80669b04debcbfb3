import type { IncomingMessage, ServerResponse } from 'node:http';

import { decryptPush, pushSignature } from '#libs/wechat-wire';

import { ACCOUNT_EVENT_NAMES, type AccountEvent } from './account-events.ts';
import { BASE_STYLE, escapeHtml, sendPage } from './html.ts';
import { elementOf } from './push-texts.ts';
import type { Delivery } from './pusher.ts';
import type { World } from './world.ts';

type Language = 'zh' | 'en';

const SHOWN = 50;
const REFRESH_SECONDS = 2;

const TEXTS = {
  title: ['推送与消息', 'Pushes and messages'],
  lead: ['以微信的身份向平台推送，并查看平台的应答。', 'Push to a platform as WeChat does, and see what it answers.'],
  platform: ['第三方平台', 'Platform'],
  account: ['授权方 AppID', 'AppID of the account'],
  what: ['推送内容', 'What to push'],
  message: ['用户消息（文本）', "A customer's message (text)"],
  ticket: ['component_verify_ticket', 'component_verify_ticket'],
  content: ['消息文本', 'Text of the message'],
  example: ['你好，什么时候发货？', 'Hello, when will it be sent?'],
  send: ['发送', 'Send'],
  pushed: ['推送记录', 'What was pushed'],
  nothing: ['暂无推送', 'Nothing has been pushed'],
  noPlatform: ['还没有第三方平台', 'There is no platform yet'],
  attempt: ['第 # 次', 'attempt #'],
  answered: ['应答', 'Answer'],
  empty: ['空应答', 'empty answer'],
  reply: ['回复用户', 'Reply to the customer'],
  unreadable: ['加密应答无法解开', 'an encrypted answer that cannot be opened'],
  refresh: ['刷新', 'Refresh'],
  repeat: [
    '5 秒内没有应答的消息会重复推送，共三次，MsgId 相同。',
    'A message that is not answered within 5 seconds is repeated, three times in total, with the same MsgId.',
  ],
  footer: ['这是微信的模拟，不会触及真实账号。', 'This is a simulation of WeChat; no real account is touched.'],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

const EVENT_TEXTS: Record<AccountEvent, readonly [zh: string, en: string]> = {
  weapp_audit_success: ['代码审核通过', 'Code audit passed'],
  weapp_audit_fail: ['代码审核不通过', 'Code audit refused'],
  weapp_audit_delay: ['代码审核延后', 'Code audit delayed'],
  wxa_privacy_apply: ['隐私接口审核结果', 'Result of a privacy interface audit'],
  wxa_category_audit: ['类目审核结果', 'Result of a category audit'],
  wxa_nickname_audit: ['名称审核结果', 'Result of a name audit'],
  wxa_appeal_record: ['申诉记录', 'Record of an appeal'],
};

/**
 * A page for people: pushes audit results, tickets and customers' messages, and shows what the platform answered. A push that
 * the form asks for goes on while the page is shown.
 */
export function serveMessagePage(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
  body: string,
): void {
  const language = languageOf(new URLSearchParams(query).get('lang'), request.headers['accept-language']);
  if (request.method === 'POST') {
    const form = new URLSearchParams(body);
    const problem = push(world, form);
    const kept = { lang: language, platform: form.get('platform') ?? '', account: form.get('account') ?? '' };
    const back = new URLSearchParams(problem === null ? kept : { ...kept, problem });
    response.writeHead(303, { location: `?${back.toString()}` }).end();
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  show(world, response, language, new URLSearchParams(query));
}

/** @returns why nothing is pushed; null when it is on its way */
function push(world: World, form: URLSearchParams): string | null {
  const componentAppid = form.get('platform') ?? '';
  const appid = (form.get('account') ?? '').trim();
  const what = form.get('what') ?? '';
  try {
    world.platform(componentAppid);
    if (what === 'ticket') void world.pushTicket(componentAppid);
    else if (appid === '') return 'AppID?';
    else if (what === 'message') track(world.messages.say(componentAppid, appid, form.get('content') ?? ''));
    else if (isAccountEvent(what)) track(world.messages.tell(componentAppid, appid, what));
    else return what;
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Problems show in the list: a delivery has its error. */
function track(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

function isAccountEvent(value: string): value is AccountEvent {
  return (ACCOUNT_EVENT_NAMES as readonly string[]).includes(value);
}

function languageOf(chosen: string | null, accepted = ''): Language {
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return accepted === '' || /^zh/i.test(accepted) ? 'zh' : 'en';
}

function show(world: World, response: ServerResponse, language: Language, query: URLSearchParams): void {
  const t = (name: keyof typeof TEXTS) => escapeHtml(TEXTS[name][language === 'zh' ? 0 : 1]);
  const platforms = [...world.platforms.values()];
  const problem = query.get('problem');
  const options = platforms
    .map(({ componentAppid, name }) => {
      const selected = componentAppid === query.get('platform') ? ' selected' : '';
      return `<option value="${escapeHtml(componentAppid)}"${selected}>${escapeHtml(name)} (${escapeHtml(componentAppid)})</option>`;
    })
    .join('');
  const kinds = [
    `<option value="message">${t('message')}</option>`,
    ...ACCOUNT_EVENT_NAMES.map(
      (name) =>
        `<option value="${name}">${escapeHtml(EVENT_TEXTS[name][language === 'zh' ? 0 : 1])} · ${name}</option>`,
    ),
    `<option value="ticket">${t('ticket')}</option>`,
  ].join('');
  const known = appidsOf(world)
    .map((appid) => `<option value="${escapeHtml(appid)}">`)
    .join('');
  const other = language === 'zh' ? 'en' : 'zh';
  const form =
    platforms.length === 0
      ? `<p class="empty">${t('noPlatform')}</p>`
      : `<form class="card" method="post" action="?lang=${language}">
<label>${t('platform')}<select name="platform">${options}</select></label>
<label>${t('account')}<input name="account" list="accounts" autocapitalize="off" autocomplete="off" value="${escapeHtml(query.get('account') ?? appidsOf(world)[0] ?? '')}"></label><datalist id="accounts">${known}</datalist>
<label>${t('what')}<select name="what">${kinds}</select></label>
<label>${t('content')}<input name="content" value="${t('example')}"></label>
<button>${t('send')}</button><p class="soft">${t('repeat')}</p></form>`;
  const pushes = world.pushes().slice(-SHOWN).reverse();
  const list =
    pushes.length === 0
      ? `<p class="empty">${t('nothing')}</p>`
      : `<ol>${pushes.map((delivery) => row(world, delivery, t)).join('')}</ol>`;
  const isBusy = world.pusher.isBusy;
  sendPage(response, {
    lang: language === 'zh' ? 'zh-CN' : 'en',
    title: TEXTS.title[language === 'zh' ? 0 : 1],
    style: BASE_STYLE + STYLE,
    // Only while something is on its way: a form that is being filled in stays.
    head: isBusy ? `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : '',
    body: `<p class="soft">${t('lead')} <a href="?lang=${other}" lang="${other}">${other === 'en' ? 'English' : '中文'}</a></p>
${problem === null ? '' : `<p class="bad" role="alert">${escapeHtml(problem)}</p>`}${form}
<h2>${t('pushed')} <a href="?lang=${language}">${t('refresh')}</a></h2>${list}`,
    footer: TEXTS.footer[language === 'zh' ? 0 : 1],
  });
}

function appidsOf(world: World): string[] {
  return [
    ...[...world.accounts.keys()].slice(0, 200),
    ...world.fleets.flatMap((fleet) => (fleet.count > 0 ? [fleet.appidOf(0)] : [])),
  ];
}

function row(world: World, delivery: Delivery, t: (name: keyof typeof TEXTS) => string): string {
  const { infoType, about, authorizerAppid, attempt, status, ms, error, ok, at } = delivery;
  const tries = attempt === 1 ? '' : ` <span class="tag">${t('attempt').replace('#', String(attempt))}</span>`;
  const outcome = error ?? `HTTP ${status ?? '—'}`;
  return `<li class="card"><p><b>${escapeHtml(about === '' ? infoType : about)}</b>${tries} <span class="${ok ? 'good' : 'bad'}">${escapeHtml(outcome)}</span> <span class="soft">${Math.round(ms)} ms</span></p>
<p class="soft">${new Date(at).toISOString()} · ${escapeHtml(delivery.componentAppid)}${authorizerAppid === '' ? '' : ` · ${escapeHtml(authorizerAppid)}`}</p>
${status === null ? '' : `<p>${answerOf(world, delivery, t)}</p>`}</li>`;
}

function answerOf(world: World, delivery: Delivery, t: (name: keyof typeof TEXTS) => string): string {
  const { body } = delivery;
  if (body === '') return `<span class="soft">${t('empty')}</span>`;
  if (elementOf(body, 'Encrypt') === null)
    return `<span class="soft">${t('answered')}</span> ${escapeHtml(body.slice(0, 500))}`;
  const opened = openReply(world, delivery);
  if (opened === null) return `<span class="bad">${t('unreadable')}</span>`;
  const content = elementOf(opened, 'Content') ?? opened;
  return `<span class="soft">${t('reply')}</span> ${escapeHtml(content.slice(0, 500))}`;
}

/** The XML of an encrypted answer; null when its signature or its key is not the platform's. */
export function openReply(world: World, { componentAppid, body }: Delivery): string | null {
  const platform = world.platforms.get(componentAppid);
  const [encrypt, timestamp, nonce] = ['Encrypt', 'TimeStamp', 'Nonce'].map((name) => elementOf(body, name));
  if (!platform || encrypt == null || timestamp == null || nonce == null) return null;
  if (elementOf(body, 'MsgSignature') !== pushSignature(platform.token, timestamp, nonce, encrypt)) return null;
  try {
    return decryptPush(platform.aesKey, componentAppid, encrypt);
  } catch {
    return null;
  }
}

const STYLE = `
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
h2 a { font-size: .85rem; font-weight: 400; }
a { color: var(--go); }
.card { background: var(--card); border-radius: 10px; padding: .75rem 1rem; margin: 0 0 .75rem; }
.card p { margin: 0 0 .25rem; overflow-wrap: anywhere; }
label { display: block; margin: .35rem 0; font-size: .9rem; color: var(--soft); }
select, input { display: block; width: 100%; min-height: 2.75rem; margin-top: .2rem; padding: 0 .6rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page); color: var(--ink); font: inherit; font-size: 16px; }
ol { list-style: none; margin: 0; padding: 0; }
.soft { color: var(--soft); font-size: .85rem; }
.good { color: var(--go); }
.bad { color: var(--bad); }
.tag { font-size: .72rem; border: 1px solid currentColor; border-radius: 4px; padding: 0 .3rem; color: var(--soft); white-space: nowrap; }`;
