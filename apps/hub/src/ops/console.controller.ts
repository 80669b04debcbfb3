import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Controller, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#libs/kernel';
import { Page } from '../http/endpoint.ts';
import { SHOWN } from '../http/headers.ts';
import { landingPage } from '../http/pages.ts';

const NONCE = /__CSP_NONCE__/g;
const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** One file of the console in the encodings that were made at build time. */
interface Asset {
  type: string;
  identity: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

/**
 * The console: one HTML page for all its addresses, and files whose names change with their content. Every address is listed,
 * so that no path of the interface is ever answered with a page.
 */
@Controller()
export class ConsoleController {
  private readonly folder = builtConsole();
  private readonly html = this.folder === null ? null : readFileSync(join(this.folder, 'index.html'), 'utf8');
  private readonly assets = this.folder === null ? new Map<string, Asset>() : readAssets(join(this.folder, 'assets'));
  private readonly theme = this.folder === null ? null : readFileSync(join(this.folder, 'theme.js'));

  @Page('/')
  home(@Res() reply: FastifyReply): void {
    this.page(reply);
  }

  @Page('/sign-up')
  signUp(@Res() reply: FastifyReply): void {
    this.page(reply);
  }

  @Page('/platforms/new')
  newPlatform(@Res() reply: FastifyReply): void {
    this.page(reply);
  }

  @Page('/p/*')
  onPlatform(@Res() reply: FastifyReply): void {
    this.page(reply);
  }

  @Page('/theme.js')
  themeScript(@Res() reply: FastifyReply): void {
    if (this.theme === null) throw new AppError('not_found', 'there is no such file');
    void reply
      .type(TYPES.js as string)
      .header('Cache-Control', 'public, max-age=300')
      .send(this.theme);
  }

  @Page('/assets/:name')
  asset(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const asset = this.assets.get(name);
    if (!asset) throw new AppError('not_found', 'there is no such file');
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const encoding = (['br', 'gzip'] as const).find(
      (each) => asset[each] !== undefined && new RegExp(`(^|[ ,])${each}($|[ ,;])`).test(accepted),
    );
    void reply
      .type(asset.type)
      .header('Cache-Control', 'public, max-age=31536000, immutable')
      .header('Vary', 'Accept-Encoding');
    if (encoding !== undefined) void reply.header('Content-Encoding', encoding);
    void reply.send(encoding === undefined ? asset.identity : asset[encoding]);
  }

  private page(reply: FastifyReply): void {
    if (this.html === null) {
      const { html, headers } = landingPage();
      void reply.type('text/html; charset=utf-8').headers(headers).send(html);
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    void reply
      .type('text/html; charset=utf-8')
      .headers({
        // antd writes style elements at run time: they need the nonce. No inline script, nothing from elsewhere.
        'Content-Security-Policy':
          `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; ` +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'X-Frame-Options': 'DENY',
        'Cache-Control': 'no-store',
        ...SHOWN,
      })
      .send(this.html.replace(NONCE, nonce));
  }
}

/** Where the build left the console; null: it was not built (specs that need none of it). */
function builtConsole(): string | null {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  const built = join(folder, 'dist/apps/console');
  return existsSync(join(built, 'index.html')) ? built : null;
}

/** A few hundred small files, read once: no request ever names a path of the file system. */
function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  const names = readdirSync(folder);
  const present = new Set(names);
  for (const name of names) {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (type === undefined) continue;
    assets.set(name, {
      type,
      identity: readFileSync(join(folder, name)),
      ...(present.has(`${name}.br`) ? { br: readFileSync(join(folder, `${name}.br`)) } : {}),
      ...(present.has(`${name}.gz`) ? { gzip: readFileSync(join(folder, `${name}.gz`)) } : {}),
    });
  }
  return assets;
}
