import { createHash } from 'node:crypto';
import type { Problem } from '#libs/contract';
import { SHOWN } from './headers.ts';

/** Small pages for people, mostly on a phone: no script, no external asset, in Chinese; the style is allowed by its hash. */
export interface HtmlPage {
  html: string;
  headers: Record<string, string>;
}

const STYLE = `
:root { color-scheme: light dark; --page: #f5f6f7; --card: #fff; --line: #e3e5e8; --ink: #1a1a1a; --soft: #5c6066; --go: #07803e; --warn-line: #ad6800; --warn: #fff8e6; --bad: #a8071a; }
@media (prefers-color-scheme: dark) { :root { --page: #101214; --card: #1b1e21; --line: #33373c; --ink: #e8e8e8; --soft: #a5aab1; --go: #2ba35f; --warn-line: #d89614; --warn: #2b2412; --bad: #ff7875; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: max(1.25rem, 6vh) 1rem 3rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem 1.25rem; }
.mark { width: 2.75rem; height: 2.75rem; border-radius: 50%; display: grid; place-items: center; font-size: 1.4rem; color: #fff; background: var(--go); margin-bottom: .75rem; }
.mark.warn { background: var(--warn-line); } .mark.bad { background: var(--bad); } .mark.wait { background: var(--soft); }
h1 { font-size: 1.35rem; line-height: 1.35; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .4rem 0; overflow-wrap: anywhere; }
.soft, dt, .en { color: var(--soft); } .en { font-size: .85rem; margin-top: 1rem; }
dl { margin: 1rem 0; border-top: 1px solid var(--line); }
dl div { display: flex; gap: 1rem; justify-content: space-between; padding: .55rem 0; border-bottom: 1px solid var(--line); }
dt { flex: none; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
ul { margin: .25rem 0; padding-left: 1.2rem; } li { margin: .3rem 0; }
.notice { background: var(--warn); border-left: 3px solid var(--warn-line); border-radius: 6px; padding: .75rem .9rem; margin: 1rem 0; }
.go { display: block; text-align: center; text-decoration: none; background: var(--go); color: #fff; font-weight: 600; border-radius: 8px; padding: .8rem 1rem; margin-top: 1.25rem; min-height: 3rem; }
@media (prefers-color-scheme: dark) { .go { color: #06140b; } .mark { color: #06140b; } }
.go:focus-visible, .other:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.other { display: block; text-align: center; color: inherit; padding: .8rem; margin-top: .25rem; }
code { font-family: ui-monospace, monospace; font-size: .85em; }`;

/** Nothing but our own style; no frame may hold these pages. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Frame-Options': 'DENY',
  // Which platform and merchant: nothing for search engines.
  'X-Robots-Tag': 'noindex, nofollow',
  ...SHOWN,
};

export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] as string,
  );
}

type Mark = 'ask' | 'ok' | 'warn' | 'bad' | 'wait';
const MARKS: Record<Mark, string> = { ask: '授', ok: '✓', warn: '!', bad: '×', wait: '…' };

/** The sign above a heading. */
export const mark = (kind: Mark) => `<div class="mark ${kind}" aria-hidden="true">${MARKS[kind]}</div>`;

/** `body` is trusted HTML; escape what comes from outside. */
export function page(title: string, body: string, referrer: 'no-referrer' | 'origin' = 'no-referrer'): HtmlPage {
  return {
    headers: { ...PAGE_HEADERS, 'Referrer-Policy': referrer },
    html: `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main><div class="card">
${body}
</div></main></body>
</html>
`,
  };
}

/** Something went wrong on the way back from WeChat. */
export function problemPage(problem: Problem): HtmlPage {
  const wrong = (problem.errors ?? []).map(
    ({ path, message }) => `<code>${escapeHtml(path)}</code> ${escapeHtml(message)}`,
  );
  return page(
    '授权未完成 Not authorized',
    `${mark('bad')}<h1>授权未完成</h1>
<p>${problem.status >= 500 ? '服务暂时不可用，请稍后重新打开授权链接。' : '授权链接无效或已过期，请向服务商索取新的链接。'}</p>
<p class="en" lang="en">${
      problem.status >= 500
        ? 'The authorization could not be completed now. Please open the link again later.'
        : 'This link is invalid or has expired. Please ask for a new one.'
    }</p>
${wrong.length > 0 ? `<p class="soft">${wrong.join('<br>')}</p>` : ''}
<p class="soft"><code>${escapeHtml(problem.code)}</code> <code>${escapeHtml(problem.instance)}</code></p>`,
  );
}

/** What stands at `/` where the console was not built. */
export function landingPage(): HtmlPage {
  return page(
    'wxfleet',
    `<h1>wxfleet</h1>
<p>微信第三方平台运营后台：授权、令牌与服务器域名历史。</p>
<p class="en" lang="en">Back office for operators of a WeChat third-party platform: authorizations, tokens and the history of effective server domains.</p>
<ul>
<li><a href="/docs">接口文档 API documentation</a></li>
<li><a href="/openapi.json">OpenAPI 3.1</a></li>
<li><a href="/health/ready">运行状态 Health</a></li>
<li><a href="/metrics">监控指标 Metrics</a></li>
</ul>`,
  );
}
