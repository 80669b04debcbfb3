import type { Problem } from '#libs/contract';
import { SHOWN } from './headers.ts';

/** Small pages for people: no script, no external asset, readable in Chinese and English. */
export interface HtmlPage {
  html: string;
  headers: Record<string, string>;
}

/** Nothing but our own style; no frame may hold these pages. */
export const PAGE_HEADERS: Record<string, string> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  ...SHOWN,
};

export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] as string,
  );
}

/** `body` is trusted HTML; escape what comes from outside. */
export function page(title: string, body: string): HtmlPage {
  return {
    headers: PAGE_HEADERS,
    html: `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }
  h1 { font-size: 1.5rem; line-height: 1.3; }
  p.en, .note { opacity: .75; }
  code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
  li { margin: .4rem 0; }
</style>
</head>
<body>
${body}
</body>
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
    `<h1>授权未完成</h1>
<p>${problem.status >= 500 ? '服务暂时不可用，请稍后重新打开授权链接。' : '授权链接无效或已过期，请向服务商索取新的链接。'}</p>
<p class="en" lang="en">${
      problem.status >= 500
        ? 'The authorization could not be completed now. Please open the link again later.'
        : 'This link is invalid or has expired. Please ask for a new one.'
    }</p>
${wrong.length > 0 ? `<p class="note">${wrong.join('<br>')}</p>` : ''}
<p class="note"><code>${escapeHtml(problem.code)}</code> <code>${escapeHtml(problem.instance)}</code></p>`,
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
