import { escapeHtml } from '../http/pages.ts';

/** What the page reads of the OpenAPI document. */
export interface DocumentIndex {
  info: { title: string; version: string; description?: string };
  tags: readonly { name: string; description?: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

interface DocumentedOperation {
  operationId: string;
  summary?: string;
  tags?: readonly string[];
}

export type DocsLanguage = 'en' | 'zh';

const OTHER: Record<DocsLanguage, { path: string; name: string }> = {
  en: { path: '/docs/zh', name: '中文' },
  zh: { path: '/docs/en', name: 'English' },
};
export const DOCUMENT_PATH: Record<DocsLanguage, string> = { en: '/openapi.json', zh: '/docs/openapi.zh.json' };

/** The first language of an `Accept-Language` header decides; browsers send the preferred one first. */
export function preferredLanguage(acceptLanguage: string | undefined): DocsLanguage {
  return /^\s*zh\b/i.test(acceptLanguage ?? '') ? 'zh' : 'en';
}

const STYLE = `
body { margin: 0; font-family: sans-serif; background: #fff; }
.bar { display: flex; gap: 20px; justify-content: flex-end; max-width: 1460px; margin: 0 auto; padding: 12px 20px; box-sizing: border-box; }
.swagger-ui details.opblock-tag-section > summary { list-style: none; }
.swagger-ui details.opblock-tag-section > summary::-webkit-details-marker { display: none; }
.swagger-ui details .opblock-summary { column-gap: 10px; }
.swagger-ui details.opblock-tag-section > summary > span { font-weight: 700; }
.swagger-ui .response-col_links { display: none; }
@media (max-width: 700px) { .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; } .swagger-ui .opblock-tag { flex-wrap: wrap; } .swagger-ui .opblock .opblock-summary-path { max-width: none; } }
@media (prefers-color-scheme: dark) { body { background: #1c2022; } .bar a { color: #9ec1ff; } }`;

/**
 * The page of the interface: tags and operations as plain HTML in the classes of Swagger UI, so that there is something to read before
 * (and without) its 1.7 MB of script; Swagger UI then takes its place.
 */
export function docsPage(document: DocumentIndex, language: DocsLanguage): string {
  const { title, version, description } = document.info;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<style>${STYLE}</style>
<script src="/docs/theme.js"></script>
<link rel="preload" as="fetch" crossorigin href="${DOCUMENT_PATH[language]}">
<script defer src="/docs/swagger-ui-bundle.js"></script>
<script defer src="/docs/start.js"></script>
</head>
<body>
<nav class="bar"><a href="${DOCUMENT_PATH[language]}">openapi.json</a><a href="${OTHER[language].path}">${OTHER[language].name}</a></nav>
<div id="index" class="swagger-ui"><div class="wrapper">
<div class="information-container"><div class="info"><hgroup class="main"><h2 class="title">${escapeHtml(title)} <small><pre class="version">${escapeHtml(version)}</pre></small></h2></hgroup>
<div class="description"><div class="markdown">${paragraphs(description)}</div></div></div></div>
${document.tags.map((tag) => section(tag, document)).join('\n')}
</div></div>
<div id="docs" data-document="${DOCUMENT_PATH[language]}" hidden></div>
</body>
</html>
`;
}

function section({ name, description = '' }: DocumentIndex['tags'][number], document: DocumentIndex): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes(name))
      .map(([method, { summary = '' }]) => operation(method, path, summary)),
  );
  return `<details class="opblock-tag-section" data-tag="${escapeHtml(name)}"><summary class="opblock-tag"><span>${escapeHtml(name)}</span><small>${escapeHtml(description)}</small></summary>
${operations.join('\n')}
</details>`;
}

function operation(method: string, path: string, summary: string): string {
  return `<div class="opblock opblock-${method}"><div class="opblock-summary"><span class="opblock-summary-method">${method.toUpperCase()}</span><span class="opblock-summary-path">${escapeHtml(path)}</span><div class="opblock-summary-description">${escapeHtml(summary)}</div></div></div>`;
}

/** The Markdown that the document's own introduction uses: paragraphs and code. */
function paragraphs(markdown = ''): string {
  return markdown
    .split(/\n{2,}/)
    .map((text) => `<p>${escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('\n');
}

/** Runs before the first paint: Swagger UI is dark by a class of the document. */
export const DOCS_THEME = `const dark = matchMedia('(prefers-color-scheme: dark)');
const apply = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', apply);
apply();
`;

/** Operations are drawn when their tag is opened: all of them at once take seconds. Tags opened before stay open. */
export const DOCS_START = `const container = document.getElementById('docs');
const ui = SwaggerUIBundle({
  url: container.dataset.document,
  dom_id: '#docs',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'none',
  tryItOutEnabled: true,
  validatorUrl: null,
  onComplete() {
    const index = document.getElementById('index');
    const opened = [...index.querySelectorAll('details[open]')];
    for (const { dataset } of opened) ui.layoutActions.show(['operations-tag', dataset.tag], true);
    index.remove();
    container.hidden = false;
  },
});
`;
