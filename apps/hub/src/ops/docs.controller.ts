import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { chineseOpenApiDocument, openApiDocument } from '#libs/contract';
import { Endpoint, Page } from '../http/endpoint.ts';
import { SHOWN } from '../http/headers.ts';

/** Swagger UI sets style attributes; its scripts are files of ours, so no inline script is allowed. */
const DOCS_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  ...SHOWN,
};

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wxfleet API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<p style="margin:8px 20px;text-align:right;font-family:sans-serif"><a id="other" href="/docs/zh">中文</a></p>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Language by the path, else that of the browser. Operations are drawn when their tag is opened: all of them at once take seconds. */
const DOCS_START = `const wanted = location.pathname.slice('/docs/'.length) || navigator.language;
const isChinese = wanted.toLowerCase().startsWith('zh');
document.documentElement.lang = isChinese ? 'zh-CN' : 'en';
document.getElementById('other').href = isChinese ? '/docs/en' : '/docs/zh';
document.getElementById('other').textContent = isChinese ? 'English' : '中文';
SwaggerUIBundle({
  url: isChinese ? '/docs/openapi.zh.json' : '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'none',
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The description of the interface, for machines and people; every asset comes from this process. */
@Controller()
export class DocsController {
  private readonly document = JSON.stringify(openApiDocument());
  private readonly chineseDocument = JSON.stringify(chineseOpenApiDocument());

  @Endpoint('openapi')
  openapi(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type('application/json').header('Cache-Control', 'no-cache');
    return this.document;
  }

  @Endpoint('docs')
  docs(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type('text/html; charset=utf-8').headers(DOCS_HEADERS);
    return DOCS_PAGE;
  }

  @Page('/docs/en')
  english(@Res({ passthrough: true }) reply: FastifyReply): string {
    return this.docs(reply);
  }

  @Page('/docs/zh')
  chinese(@Res({ passthrough: true }) reply: FastifyReply): string {
    return this.docs(reply);
  }

  @Page('/docs/openapi.zh.json')
  chineseOpenapi(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type('application/json').header('Cache-Control', 'no-cache');
    return this.chineseDocument;
  }

  @Page('/docs/start.js')
  start(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type('text/javascript; charset=utf-8').header('Cache-Control', 'no-cache');
    return DOCS_START;
  }

  @Page('/docs/swagger-ui-bundle.js')
  script(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return asset(reply, 'swagger-ui-bundle.js', 'text/javascript; charset=utf-8');
  }

  @Page('/docs/swagger-ui.css')
  style(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return asset(reply, 'swagger-ui.css', 'text/css; charset=utf-8');
  }
}

function asset(reply: FastifyReply, name: string, type: string): StreamableFile {
  const file = join(assets, name);
  if (!existsSync(file)) throw new Error(`swagger-ui-dist has no ${name}`);
  reply.header('Cache-Control', 'public, max-age=3600');
  return new StreamableFile(createReadStream(file), { type });
}
