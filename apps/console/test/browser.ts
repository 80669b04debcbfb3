import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/** The family name inside the font files. */
const CHINESE = 'Noto Sans S Chinese';

export interface TestBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** Where the browser is, and what its process needs to find its libraries. */
interface UnpackedChromium {
  path: string;
  env: Record<string, string>;
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
  const bundled =
    process.platform === 'linux' && process.arch === 'x64' && process.env.CHROMIUM === undefined
      ? await unpackChromium()
      : undefined;
  const browser = await chromium.launch({
    ...(process.env.CHROMIUM !== undefined
      ? { executablePath: process.env.CHROMIUM }
      : bundled
        ? { executablePath: bundled.path }
        : { channel: 'chrome' }),
    // Its own arguments would end the browser with its first context, and switch web security off.
    args: ['--no-sandbox'],
    env: { ...process.env, ...bundled?.env, FONTCONFIG_FILE: fontsConf },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Beside the package, where the next run finds it; the package itself would leave it in the temporary folder. */
async function unpackChromium(): Promise<UnpackedChromium> {
  const folder = join(import.meta.dirname, '../../../node_modules/.cache/wxfleet-chromium');
  if (!existsSync(folder)) {
    // A run that is killed half way leaves no half browser under the name.
    const part = `${folder}-${process.pid}`;
    await mkdir(part, { recursive: true });
    await chromiumIn(part);
    await rename(part, folder);
  }
  return chromiumIn(folder);
}

async function chromiumIn(folder: string): Promise<UnpackedChromium> {
  const program = join(import.meta.dirname, '../unpack-chromium.mjs');
  // With this variable, libraries that a bare system lacks are unpacked as well.
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  return JSON.parse((await promisify(execFile)(process.execPath, [program], { env })).stdout) as UnpackedChromium;
}
