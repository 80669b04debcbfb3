import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const outDir = join(here, '../../dist/apps/console');

/** Compresses once at build time, so that the hub only picks a file. */
function precompress() {
  return {
    name: 'precompress',
    apply: 'build',
    closeBundle() {
      for (const folder of [outDir, join(outDir, 'assets')]) {
        for (const name of readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file))) {
          const bytes = readFileSync(join(folder, name));
          if (bytes.length < 1024) continue;
          writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
          const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
          writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
        }
      }
    },
  };
}

export default defineConfig({
  root: here,
  base: '/',
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
    // No inline data: what the page may load is said by its Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    rollupOptions: {
      // Every module of antd says "use client"; that means something to other bundlers only.
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
    },
  },
  plugins: [precompress()],
  // `npx vite apps/console` against a running hub, for work on the console itself.
  server: { host: '127.0.0.1', proxy: { '/v1': process.env.HUB_URL ?? 'http://127.0.0.1:3000' } },
});
