import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Headers, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { chineseOpenApiDocument, openApiDocument } from '#libs/contract';
import { Endpoint, Page } from '../http/endpoint.ts';
import { SHOWN } from '../http/headers.ts';
import {
  DOCS_START,
  DOCS_THEME,
  docsPage,
  preferredLanguage,
  type DocsLanguage,
  type DocumentIndex,
} from './docs-page.ts';

/** Swagger UI sets style attributes; its scripts are files of ours, so no inline script is allowed. */
const DOCS_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  ...SHOWN,
};

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The description of the interface, for machines and people; every asset comes from this process. */
@Controller()
export class DocsController {
  private readonly documents = { en: openApiDocument(), zh: chineseOpenApiDocument() } as Readonly<
    Record<DocsLanguage, unknown>
  >;
  private readonly texts = { en: JSON.stringify(this.documents.en), zh: JSON.stringify(this.documents.zh) };
  private readonly pages = {
    en: docsPage(this.documents.en as DocumentIndex, 'en'),
    zh: docsPage(this.documents.zh as DocumentIndex, 'zh'),
  };

  @Endpoint('openapi')
  openapi(@Res({ passthrough: true }) reply: FastifyReply): string {
    return asked(reply, 'application/json', this.texts.en);
  }

  @Page('/docs/openapi.zh.json')
  chineseOpenapi(@Res({ passthrough: true }) reply: FastifyReply): string {
    return asked(reply, 'application/json', this.texts.zh);
  }

  /** In the language that the browser prefers. */
  @Endpoint('docs')
  docs(
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    reply.header('Vary', 'Accept-Language');
    return this.page(preferredLanguage(languages), reply);
  }

  @Page('/docs/en')
  english(@Res({ passthrough: true }) reply: FastifyReply): string {
    return this.page('en', reply);
  }

  @Page('/docs/zh')
  chinese(@Res({ passthrough: true }) reply: FastifyReply): string {
    return this.page('zh', reply);
  }

  @Page('/docs/theme.js')
  theme(@Res({ passthrough: true }) reply: FastifyReply): string {
    return asked(reply, 'text/javascript; charset=utf-8', DOCS_THEME);
  }

  @Page('/docs/start.js')
  start(@Res({ passthrough: true }) reply: FastifyReply): string {
    return asked(reply, 'text/javascript; charset=utf-8', DOCS_START);
  }

  @Page('/docs/swagger-ui-bundle.js')
  script(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return asset(reply, 'swagger-ui-bundle.js', 'text/javascript; charset=utf-8');
  }

  @Page('/docs/swagger-ui.css')
  style(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return asset(reply, 'swagger-ui.css', 'text/css; charset=utf-8');
  }

  private page(language: DocsLanguage, reply: FastifyReply): string {
    reply.type('text/html; charset=utf-8').headers(DOCS_HEADERS);
    return this.pages[language];
  }
}

/** A small text that the browser asks for each time, so that a new version shows at once. */
function asked(reply: FastifyReply, type: string, text: string): string {
  reply.type(type).header('Cache-Control', 'no-cache');
  return text;
}

function asset(reply: FastifyReply, name: string, type: string): StreamableFile {
  const file = join(assets, name);
  if (!existsSync(file)) throw new Error(`swagger-ui-dist has no ${name}`);
  reply.header('Cache-Control', 'public, max-age=3600');
  return new StreamableFile(createReadStream(file), { type });
}
