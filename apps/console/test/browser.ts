import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** The family name inside the font files. */
const CHINESE = 'Noto Sans S Chinese';

export interface TestBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/**
 * A Chromium with Chinese letters. `CHROMIUM` names one of your own; on Linux x64 one comes with the project, elsewhere
 * an installed Chrome is used.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'wxfleet-browser-'));
  const fonts = join(import.meta.dirname, '../../../node_modules/@embedpdf/fonts-sc/fonts');
  const fontsConf = join(folder, 'fonts.conf');
  await writeFile(
    fontsConf,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir>` +
      `<dir>/usr/share/fonts</dir>` +
      ['system-ui', 'sans-serif', 'sans', 'serif', 'monospace', 'ui-monospace']
        .map(
          (name) =>
            `<alias binding="strong"><family>${name}</family><prefer><family>${CHINESE}</family></prefer></alias>`,
        )
        .join('') +
      `<cachedir>${join(folder, 'cache')}</cachedir></fontconfig>`,
  );
  const bundled = process.platform === 'linux' && process.arch === 'x64' && process.env.CHROMIUM === undefined;
  const browser = await chromium.launch({
    ...(process.env.CHROMIUM !== undefined
      ? { executablePath: process.env.CHROMIUM }
      : bundled
        ? { executablePath: await bundledChromium() }
        : { channel: 'chrome' }),
    // Its own arguments would end the browser with its first context, and switch web security off.
    args: ['--no-sandbox'],
    env: { ...process.env, FONTCONFIG_FILE: fontsConf },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bundledChromium(): Promise<string> {
  // Must be there before the import: then the libraries that a bare system lacks are unpacked as well.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: chromiumFile } = await import('@sparticuz/chromium');
  return chromiumFile.executablePath();
}
