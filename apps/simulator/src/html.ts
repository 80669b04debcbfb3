import type { ServerResponse } from 'node:http';

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Colours and letters of the simulator's pages; they follow the reader's preference for dark ones. */
export const BASE_STYLE = `
:root { color-scheme: light dark; --page: #ededed; --card: #fff; --line: #e5e5e5; --ink: #191919; --soft: #666; --go: #07803e; --bad: #c0392b; }
@media (prefers-color-scheme: dark) { :root { --page: #111; --card: #1e1e1e; --line: #333; --ink: #e6e6e6; --soft: #a6a6a6; --go: #2ba35f; --bad: #ff7b6b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 34rem; padding: 0 1rem 3rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.3rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
button { width: 100%; min-height: 2.9rem; margin: .5rem 0 1rem; border: 0; border-radius: 8px; background: var(--go); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
@media (prefers-color-scheme: dark) { button { color: #06140b; } }
.empty { background: var(--card); border-radius: 10px; padding: 1.5rem; text-align: center; color: var(--soft); }
footer { margin-top: 1.5rem; font-size: .8rem; color: var(--soft); }`;

/** Sends a whole page. The title and the footer are text, `body` and `style` are not. */
export function sendPage(
  response: ServerResponse,
  page: { lang: string; title: string; style: string; body: string; footer: string; head?: string },
): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><html lang="${page.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${page.head ?? ''}<title>${escapeHtml(page.title)}</title><style>${page.style}</style></head><body><main><h1>${escapeHtml(page.title)}</h1>${page.body}</main><footer>${escapeHtml(page.footer)}</footer></body></html>`,
  );
}
