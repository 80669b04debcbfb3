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
    await page.goto(path, { ...WAIT, waitUntil: 'commit' });
    await page.locator('#docs .opblock-tag').first().waitFor(WAIT);
    const ready = performance.now() - started;
    const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    process.stdout.write(
      `${path} for ${locale}: painted after ${Math.round(painted ?? Number.NaN)} ms, complete after ${Math.round(ready)} ms\n`,
    );
    await see(page);
    expect(faults).toEqual([]);
    await context.close();
  }

  async function open(page: Page, tag: string, summary: string): Promise<void> {
    await page.locator('#docs .opblock-tag').filter({ hasText: tag }).first().click(WAIT);
    await page.locator('#docs').getByText(summary, { exact: true }).waitFor(WAIT);
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
        await page.locator('#docs').getByText('获取有效的 access token', { exact: true }).click(WAIT);
        const replies = page.locator('#docs .responses-wrapper');
        await replies.getByText('Schema', { exact: true }).first().click(WAIT);
        await replies.getByText('expires_in', { exact: true }).click(WAIT);
        await replies.getByText('距失效的秒数', { exact: true }).waitFor(WAIT);
        await page.goto('/docs/en', WAIT);
        await open(page, 'Authorizers', 'Get a valid access token');
      }),
    120_000,
  );

  it('lists tags and operations without a script, and keeps open what was opened before the script is there', async () => {
    const context = await opened.browser.newContext({ baseURL: world.hub.url, locale: 'en-GB', colorScheme: 'dark' });
    const page = await context.newPage();
    let deliver = (): void => undefined;
    const wanted = new Promise<void>((resolve) => (deliver = resolve));
    await page.route('**/swagger-ui-bundle.js', async (route) => {
      await wanted;
      await route.continue();
    });
    await page.goto('/docs', { ...WAIT, waitUntil: 'commit' });
    await page.locator('#index summary', { hasText: 'Platforms' }).first().click(WAIT);
    await page.locator('#index').getByText('Register a platform', { exact: true }).waitFor(WAIT);
    expect(await page.locator('html').getAttribute('class')).toContain('dark-mode');
    deliver();
    await page.locator('#docs').getByText('Register a platform', { exact: true }).waitFor(WAIT);
    expect(await page.locator('#index').count()).toBe(0);
    await context.close();
  }, 120_000);
});
