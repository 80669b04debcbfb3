import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DIST = 'dist/apps/console';
const LIMIT = 350_000;

interface Chunk {
  file: string;
  imports?: string[];
  isEntry?: boolean;
}

/** Only where the console was built, which `npm test` does before. */
(existsSync(join(DIST, 'manifest.json')) ? describe : describe.skip)('what a browser loads at first', () => {
  it(`is at most ${LIMIT / 1000} kB of compressed JavaScript`, () => {
    const manifest = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
    const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry);
    const files = new Set<string>();
    const add = (name: string | undefined) => {
      const chunk = name === undefined ? undefined : manifest[name];
      if (!chunk || files.has(chunk.file)) return;
      files.add(chunk.file);
      chunk.imports?.forEach(add);
    };
    add(entry);
    expect(files.size).toBeGreaterThan(0);
    const bytes = [...files].reduce((sum, file) => {
      const compressed = join(DIST, `${file}.gz`);
      return sum + statSync(existsSync(compressed) ? compressed : join(DIST, file)).size;
    }, 0);
    process.stdout.write(`initial JavaScript: ${Math.round(bytes / 1000)} kB gzip in ${files.size} files\n`);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
  });

  it('comes from nowhere else and runs no inline script', () => {
    const html = readFileSync(join(DIST, 'index.html'), 'utf8');
    expect(html.match(/(?:src|href)="https?:/g)).toBeNull();
    for (const [, body] of html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)) expect(body?.trim()).toBe('');
  });
});
