import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser } from '../../console/test/browser.ts';
import { HubWorld } from './hub-world.ts';

const WAIT = { timeout: 60_000 };

/** `/docs` in a real browser, with the policy of its own answer. */
describe('the page of the interface', () => {
  let world: HubWorld;
  let opened: TestBrowser;
  beforeAll(async () => {
    world = await HubWorld.start();
    opened = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    await world.stop();
  });

  async function look(path: string, locale: string, see: (page: Page) => Promise<void>): Promise<void> {
    const context = await opened.browser.newContext({ baseURL: world.hub.url, locale });
    const faults: string[] = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    const started = performance.now();
    await page.goto(path, WAIT);
    await page.locator('.opblock-tag').first().waitFor(WAIT);
    process.stdout.write(`${path} for ${locale}: shown after ${Math.round(performance.now() - started)} ms\n`);
    await see(page);
    expect(faults).toEqual([]);
    await context.close();
  }

  async function open(page: Page, tag: string, summary: string): Promise<void> {
    await page.locator('.opblock-tag').filter({ hasText: tag }).first().click(WAIT);
    await page.getByText(summary, { exact: true }).waitFor(WAIT);
  }

  it(
    'is English, shows the operations of a tag, and leads to the Chinese one',
    () =>
      look('/docs', 'en-GB', async (page) => {
        await open(page, 'Platforms', 'Register a platform');
        await page.getByRole('link', { name: '中文' }).click();
        await open(page, '第三方平台', '注册第三方平台');
      }),
    120_000,
  );

  it(
    'is Chinese for a browser that asks for it, and English on request',
    () =>
      look('/docs', 'zh-CN', async (page) => {
        await open(page, '授权方', '获取有效的 access token');
        expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
        await page.goto('/docs/en', WAIT);
        await open(page, 'Authorizers', 'Get a valid access token');
      }),
    120_000,
  );
});
