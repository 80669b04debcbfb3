import { chmod, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { Log } from '#libs/kernel';
import { PostgresServer } from '#libs/postgres';
import { readQrCode } from '#libs/testing';
import { CONSOLE_USER, DevWorld } from '../../dev/src/dev-world.ts';
import { Rest } from '../../dev/src/rest.ts';
import { PLATFORM, miniPrograms } from '../../dev/src/seed/people.ts';
import { openBrowser, type TestBrowser } from './browser.ts';

const require = createRequire(import.meta.url);
const HOME = `/p/${PLATFORM.componentAppid}`;
const API = `/v1/platforms/${PLATFORM.componentAppid}`;
const VIEWER = { username: 'looker', password: 'only-looks-at-things' };
const WAIT = { timeout: 30_000 };
/** A shop of the merchant that added a host by mistake and took it back (story of the example world). */
const SHOP = miniPrograms().find(
  ({ merchantId, permissionSets }) => merchantId === 'm-flower' && permissionSets.includes(18),
);
const STRAY = 'https://test-stage.flower-example.cn';
const SECOND_HOST = 'https://api2.yunfan-example.cn';

/** The text of the QR code in a screenshot; the browser unpacks it, in a page of no site. */
async function readPicture(page: Page, png: Buffer): Promise<string | null> {
  const empty = await page.context().newPage();
  try {
    const { width, height, pixels } = await empty.evaluate(
      async (source) => {
        const picture = new Image();
        picture.src = source;
        await picture.decode();
        const canvas = document.createElement('canvas');
        Object.assign(canvas, { width: picture.width, height: picture.height });
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        context.drawImage(picture, 0, 0);
        const { data } = context.getImageData(0, 0, picture.width, picture.height);
        return { width: picture.width, height: picture.height, pixels: [...data] };
      },
      `data:image/png;base64,${png.toString('base64')}`,
    );
    return readQrCode(new Uint8ClampedArray(pixels), width, height);
  } finally {
    await empty.close();
  }
}

/** The console as people use it: a real browser, a real hub, six weeks of history. */
describe('the console', () => {
  let dataDir: string;
  let shots: string;
  let world: DevWorld;
  let rest: Rest;
  let opened: TestBrowser;
  let context: BrowserContext | undefined;
  /** What no page may do. */
  const faults: string[] = [];

  beforeAll(async () => {
    if (!existsSync('dist/apps/console/index.html')) throw new Error('build the console first: npm run build:console');
    dataDir = await mkdtemp(join(tmpdir(), 'wxfleet-console-'));
    // Run by root, the server has an account of its own that must be able to enter.
    await chmod(dataDir, 0o755);
    shots = process.env.WXFLEET_SHOTS ?? join(dataDir, 'shots');
    opened = await openBrowser();
    world = await DevWorld.start({
      dataDir,
      port: 0,
      host: '127.0.0.1',
      changeEveryMs: 0,
      snapshotInterval: 'PT24H',
      log: new Log('error', (line) => process.stderr.write(line + '\n')),
      say: () => undefined,
    });
    rest = new Rest(world.hub.url, world.adminApiKey);
    await rest.post('/v1/users', { ...VIEWER, role: 'viewer', component_appid: PLATFORM.componentAppid });
    // Six weeks of history are played first; a busy machine takes its time.
  }, 600_000);
  afterAll(async () => {
    await opened?.close();
    await world?.stop();
    if (dataDir !== undefined) await PostgresServer.remove(dataDir);
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
    expect(faults.splice(0)).toEqual([]);
  });

  interface Look {
    width?: number;
    theme?: 'light' | 'dark';
    language?: 'zh-CN' | 'en';
    /** Of the browser; that of the console is chosen by `language`. */
    locale?: string;
    as?: { username: string; password: string } | null;
  }

  /** A browser of its own for a person, who is signed in unless `as` is null. */
  async function open(path: string, look: Look = {}): Promise<Page> {
    const { width = 1440, as = { username: CONSOLE_USER, password: world.consolePassword } } = look;
    context = await opened.browser.newContext({
      baseURL: world.hub.url,
      viewport: { width, height: width < 600 ? 844 : 900 },
      locale: look.locale ?? look.language ?? 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      // On a busy machine a button of a dialog that is still growing is gone between pressing and releasing.
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(WAIT.timeout);
    if (as) {
      const response = await context.request.post('/v1/sessions', { data: as });
      expect(response.status()).toBe(201);
    }
    await context.addInitScript(
      ([theme, language, signedIn]) => {
        if (theme) localStorage.setItem('wxfleet.theme', theme);
        if (language) localStorage.setItem('wxfleet.language', language);
        if (signedIn) localStorage.setItem('wxfleet.signed-in', '1');
      },
      [look.theme, look.language, as ? 'yes' : undefined],
    );
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400 && response.status() !== 401) faults.push(`${response.status()} ${response.url()}`);
    });
    page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(world.hub.url) && !/^(data|blob|about):/.test(url)) faults.push(`elsewhere: ${url}`);
    });
    await page.goto(path);
    return page;
  }

  /** An account that was just pushed is known once its push was handled. */
  async function settledIntake(appid: string): Promise<void> {
    for (const until = Date.now() + WAIT.timeout; ;) {
      const known = await rest.get<{ state: string }>(`${API}/authorizers/${appid}`).catch(() => null);
      if (known?.state === 'authorized') return;
      if (Date.now() > until) throw new Error(`${appid} did not arrive`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** When the account lost permission set 18, once the hub knows. */
  async function settledGrant(appid: string): Promise<string> {
    for (const until = Date.now() + WAIT.timeout; ;) {
      const { items } = await rest.get<{ items: { at: string; lost: number[] }[] }>(
        `${API}/authorizers/${appid}/grants`,
      );
      if (items[0]?.lost.includes(18)) return items[0].at;
      if (Date.now() > until) throw new Error(`${appid} did not lose set 18`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The merchant of the shop sets this host and releases. */
  function simulatorChange(host: string): void {
    world.simulator.world.setDomainLists(SHOP?.appid ?? '', 'direct_domain', { requestdomain: [host] });
    world.simulator.world.release(SHOP?.appid ?? '');
  }

  async function settled(page: Page): Promise<void> {
    await page.waitForFunction(
      () => document.querySelector('.skeleton') === null && document.querySelector('h1') !== null,
    );
    await page.waitForLoadState('networkidle');
  }

  it('lets a person in with the name and password that npm start prints, and says what is wrong otherwise', async () => {
    const page = await open('/', { as: null });
    await page.getByLabel('用户名').fill(CONSOLE_USER);
    await page.getByLabel('密码', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('alert').getByText('用户名或密码不正确').waitFor();
    // The refusal itself is what the browser writes down.
    expect(faults.splice(0).every((fault) => fault.includes('401'))).toBe(true);
    await page.getByLabel('密码', { exact: true }).fill(world.consolePassword);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('heading', { name: '总览', level: 1 }).waitFor();
    await page.getByRole('heading', { name: '需要处理', level: 2 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(HOME);

    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByLabel('用户名').waitFor();
    await page.reload();
    await page.getByLabel('用户名').waitFor();
  });

  it('greets in the language of the browser, and keeps the one that was chosen', async () => {
    const page = await open('/', { as: null, locale: 'en-GB' });
    await page.getByLabel('User name').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByLabel('用户名').waitFor();
    await page.reload();
    await page.getByLabel('用户名').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  });

  it('shows in four clicks why a shop broke on a certain day', async () => {
    const page = await open(HOME);
    await page.getByRole('link', { name: '小程序', exact: true }).click(); // 1
    await page.getByPlaceholder('名称、AppID 或主体').fill(SHOP?.nickName ?? '');
    await page.locator(`table.data a[href$="/mini-programs/${SHOP?.appid}"]`).click(); // 2
    const change = page.locator('.feed li', { hasText: `移除 ${STRAY}` }).last();
    await change.getByRole('button', { name: '看差异' }).click(); // 3
    const difference = page.locator('table.compare');
    await difference.getByText(STRAY).first().waitFor();
    expect(await difference.locator('.del').allInnerTexts()).toContain(STRAY);
    await page.screenshot({ path: join(shots, 'broke.png'), fullPage: true });
    // What is seen is what the link shows.
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('from')).not.toBeNull();
    expect(searchParams.get('to')).not.toBeNull();
  });

  it('shows a colleague the same two moments by a link', async () => {
    const { items } = await rest.get<{ items: { first_observed_at: string; last_observed_at: string }[] }>(
      `${API}/authorizers/${SHOP?.appid}/snapshots`,
    );
    const [newest, before] = items;
    const query = new URLSearchParams({ from: before?.last_observed_at ?? '', to: newest?.first_observed_at ?? '' });
    const page = await open(`${HOME}/mini-programs/${SHOP?.appid}?${query}`, { as: VIEWER });
    const rows = page.locator('table.compare tbody tr');
    await rows.first().waitFor();
    const { changes } = await rest.get<{ changes: { added: string[]; removed: string[] }[] }>(
      `${API}/authorizers/${SHOP?.appid}/domain-diff?${query}`,
    );
    expect(changes.length).toBeGreaterThan(0);
    expect(await rows.count()).toBe(changes.length);
    expect((await page.locator('table.compare .add').allInnerTexts()).sort()).toEqual(
      changes.flatMap(({ added }) => added).sort(),
    );
    expect((await page.locator('table.compare .del').allInnerTexts()).sort()).toEqual(
      changes.flatMap(({ removed }) => removed).sort(),
    );
  });

  it('answers who does not have a domain, as CSV', async () => {
    const page = await open(`${HOME}/domains`);
    await page.getByLabel('域名', { exact: true }).fill(SECOND_HOST);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByRole('button', { name: /已配置未生效/ }).click();
    // The unfiltered rows hold this verdict too: only the pressed tile says that the choice has arrived.
    await page.getByRole('button', { name: /已配置未生效/, pressed: true }).waitFor();
    await page.locator('table.data .tag', { hasText: '已配置未生效' }).first().waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '导出 CSV' }).click(),
    ]);
    const rows = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/).slice(1);
    const coverage = await rest.get<{ pending: number }>(
      `${API}/domain-coverage?${new URLSearchParams({ domain: SECOND_HOST, list: 'requestdomain' })}`,
    );
    expect(rows.length).toBe(coverage.pending);
    expect(coverage.pending).toBeGreaterThan(0);
    expect(rows.every((row) => row.includes('pending'))).toBe(true);
  });

  it('invites a merchant and sees the first snapshot arrive', async () => {
    const appid = 'wxnewcomer0000001';
    world.simulator.world.addMiniProgram({ appid, nickName: '新店', principalName: '新店有限公司' });
    const page = await open(`${HOME}/links?merchant=m-tea`);
    await page.getByRole('button', { name: '生成链接' }).click();
    const link = await page.getByTestId('link').innerText();
    await page.getByText('等待商家授权').waitFor();
    // What a phone sees on the screen is the same link, whatever the theme.
    const code = page.getByRole('img', { name: '链接的二维码' });
    expect(await readPicture(page, await code.screenshot())).toBe(link);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await readPicture(page, await code.screenshot())).toBe(link);

    // What the merchant opens is a page of the hub, which leads to WeChat's.
    const opening = await fetch(link, { redirect: 'manual' });
    expect(new URL(link).origin).toBe(world.hub.url);
    expect(opening.status).toBe(200);
    const onward = /pre_auth_code=([^&"#]+)/.exec((await opening.text()).replaceAll('&amp;', '&'))?.[1];

    world.simulator.world.authorize(PLATFORM.componentAppid, appid, {
      permissionSets: [17, 18, 30],
      ...(onward === undefined ? {} : { viaPreAuthCode: decodeURIComponent(onward) }),
    });
    const outcome = page.locator('.feed li', { hasText: appid });
    await outcome.getByText('已授权').waitFor();
    await outcome.getByText(/首次快照 \d{4}-/).waitFor();
    await page.screenshot({ path: join(shots, 'invited.png'), fullPage: true });
  });

  it('takes a snapshot now and shows what came of it', async () => {
    const host = 'https://fresh.flower-example.cn';
    simulatorChange(host);
    const page = await open(`${HOME}/mini-programs/${SHOP?.appid}`);
    await settled(page);
    await page.getByRole('button', { name: '立即拍摄快照' }).click();
    await page.getByText('域名有变化：已记录新的快照').waitFor();
    await page.locator('.feed li').first().getByText(`新增 ${host}`).first().waitFor();
    await page.getByRole('button', { name: '立即拍摄快照' }).click();
    await page.getByText('域名没有变化').waitFor();
  });

  it('tells the same change of many once, and names the many', async () => {
    const from = new Date(Date.now() - 60 * 86_400_000).toISOString();
    const page = await open(`${HOME}/changes?from=${from}`);
    const item = page
      .locator('.feed li', { hasText: `新增 ${SECOND_HOST}` })
      .filter({ hasText: '个小程序' })
      .first();
    const count = Number(/(\d+) 个小程序/.exec(await item.innerText())?.[1]);
    expect(count).toBeGreaterThan(5);
    await item.getByRole('link', { name: '查看是哪些' }).click();
    await page.locator('table.data tbody tr').first().waitFor();
    await settled(page);
    expect(await page.locator('table.data tbody tr').count()).toBeGreaterThan(5);
  });

  it('shows a viewer what it may not do, with the reason', async () => {
    const page = await open(`${HOME}/mini-programs/${SHOP?.appid}`, { as: VIEWER });
    const button = page.getByRole('button', { name: '立即拍摄快照' });
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toContain('domains:snapshot');
    let asked = false;
    page.on('request', (request) => (asked ||= request.method() !== 'GET'));
    // A person can press it; the test's own click would wait for it to be enabled.
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('domains:snapshot').waitFor();
    await page.goto(`${HOME}/access`);
    await page.getByText('查看密钥和用户需要 keys:write 权限').waitFor();
    await page.goto(`${HOME}/jobs`);
    expect(await page.getByRole('button', { name: '立即巡检' }).getAttribute('aria-disabled')).toBe('true');
    expect(asked).toBe(false);
  });

  it('shows a new key once, and asks before it is revoked', async () => {
    const page = await open(`${HOME}/access`);
    await page.getByRole('button', { name: '创建密钥' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('用途').fill('browser story');
    await dialog.getByRole('button', { name: '创建密钥' }).click();
    const key = await page.getByTestId('new-key').innerText();
    const own = new Rest(world.hub.url, key);
    expect((await own.get<{ items: unknown[] }>(`${API}/authorizers?limit=1`)).items.length).toBe(1);
    await page.getByRole('button', { name: '我已保存' }).click();
    await page.getByText('browser story').waitFor();
    expect(await page.content()).not.toContain(key);

    const row = page.locator('tr', { hasText: 'browser story' });
    await row.getByRole('button', { name: '吊销' }).click();
    await page.getByRole('dialog').getByText('不能恢复').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '吊销' }).click();
    await row.getByText('已吊销').waitFor();
    await expect(own.get(`${API}/authorizers?limit=1`)).rejects.toThrow('401');
  });

  it('sends events to a webhook, shows every attempt, and counts before it sends again', async () => {
    const received: { body: string; headers: Record<string, string> }[] = [];
    let healthy = true;
    const receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        received.push({ body, headers: request.headers as Record<string, string> });
        // The wait keeps the hub from trying again by itself in the moment in which a person does.
        if (healthy) response.writeHead(204).end();
        else response.writeHead(500, { 'retry-after': '600' }).end('the shelf is full');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
    try {
      const page = await open(`${HOME}/events?tab=webhooks`);
      await page.getByRole('button', { name: '创建接收地址' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('接收 URL').fill(target);
      await dialog.getByLabel('用途').fill('browser story');
      // Of one merchant and one kind, so that six weeks of history are not sent again below.
      await dialog.getByLabel('事件类型').fill('domains.*');
      await page.keyboard.press('Enter');
      await dialog.getByLabel('限定商家').fill('一束花开');
      await page.keyboard.press('Enter');
      await dialog.getByText('用途').click();
      await dialog.getByRole('button', { name: '创建接收地址' }).click();
      const secret = await page.getByTestId('new-key').innerText();
      await page.getByRole('button', { name: '我已保存' }).click();
      await page.getByRole('link', { name: target }).click();
      expect(await page.content()).not.toContain(secret);

      await page.getByRole('button', { name: '发送测试事件' }).click();
      await page.getByText('测试成功：HTTP 204').waitFor();
      const test = received.find(({ body }) => body.includes('webhook.test'));
      expect(new Webhook(secret).verify(test?.body ?? '', test?.headers ?? {})).toMatchObject({ type: 'webhook.test' });

      healthy = false;
      simulatorChange('https://hook.flower-example.cn');
      await rest.post(`${API}/authorizers/${SHOP?.appid}/snapshots`);
      const row = page.locator('table.data tr', { hasText: 'domains.changed' }).first();
      await row.getByText('HTTP 500').waitFor();
      await row.getByRole('button', { name: 'domains.changed' }).click();
      const attempts = page.getByRole('dialog');
      await attempts.getByText('the shelf is full').first().waitFor();
      await attempts.getByRole('button', { name: '关闭' }).last().click();
      healthy = true;
      await row.getByRole('button', { name: '立即重试' }).click();
      await row.getByText('已送达').waitFor();

      // What was delivered is sent again only on request, and only after a count.
      await page.getByLabel('范围').click();
      await page.getByTitle('全部（包括已送达）').click();
      await page.getByRole('button', { name: '先计数' }).click();
      const count = page.getByRole('button', { name: /补发 \d+ 个事件/ });
      await count.waitFor();
      const counted = Number(/\d+/.exec(await count.innerText())?.[0]);
      expect(counted).toBeGreaterThan(0);
      await count.click();
      await page.getByText(new RegExp(`已排队 ${counted} / ${counted}，送达 ${counted}`)).waitFor();
      await page.screenshot({ path: join(shots, 'webhook.png'), fullPage: true });

      await page.getByRole('button', { name: '停用', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: '停用', exact: true }).click();
      await page.getByText('手动停用').waitFor({ timeout: 60_000 });
    } finally {
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  });

  it('makes a relay, changes it, switches it off and removes it', async () => {
    const page = await open(`${HOME}/events?tab=relays`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: '创建转发规则' }).first().click();
    await dialog.getByLabel('名称').fill('browser-story');
    await dialog.getByLabel('接收 URL').fill('http://127.0.0.1:9/relay');
    await dialog.getByLabel('仅这些 MsgType').fill('text');
    await page.keyboard.press('Enter');
    await dialog.getByText('名称', { exact: true }).click();
    await dialog.getByRole('button', { name: '创建转发规则' }).click();
    const secret = await page.getByTestId('new-key').innerText();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('button', { name: '我已保存' }).click();
    const row = page.locator('table.data tr', { hasText: 'browser-story' });
    await row.getByText('仅这些 MsgType: text').waitFor();
    expect(await page.content()).not.toContain(secret);

    await row.getByRole('button', { name: '修改' }).click();
    await dialog.getByLabel('接收 URL').fill('http://127.0.0.1:9/changed');
    await dialog.getByRole('button', { name: '保存' }).click();
    await row.getByText('/changed').waitFor();
    await row.getByRole('button', { name: '停用' }).click();
    await dialog.getByRole('button', { name: '停用' }).click();
    await row.getByText('已停用').waitFor();
    expect(await rest.get(`${API}/relays/browser-story`)).toMatchObject({
      url: 'http://127.0.0.1:9/changed',
      match: { msg_types: ['text'] },
      enabled: false,
    });
    await row.getByRole('button', { name: '删除' }).click();
    await dialog.getByRole('button', { name: '删除' }).click();
    await row.waitFor({ state: 'detached' });
  });

  it("fetches WeChat's addresses and shows what changed", async () => {
    const { ipLists } = world.simulator.world;
    ipLists.apiDomain.splice(0, 1, '203.0.113.77');
    const page = await open(`${HOME}/addresses`);
    await page.getByRole('button', { name: '立即获取' }).click();
    await page.locator('.feed li').first().getByText('新增 203.0.113.77').waitFor();
    await page.locator('.ip-list').getByText('203.0.113.77').waitFor();

    // A list that has lost more than half waits for a person.
    const all = ipLists.apiDomain.splice(1);
    await page.getByRole('button', { name: '立即获取' }).click();
    await page.getByRole('button', { name: '确认发布' }).click();
    expect(
      await page
        .locator('.ip-list')
        .getByText(all[0] ?? '', { exact: true })
        .count(),
    ).toBe(1);
    await page.getByRole('dialog').getByRole('button', { name: '确认发布' }).click();
    await page.getByText('已发布').first().waitFor();
    await page
      .locator('.ip-list')
      .getByText(all[0] ?? '', { exact: true })
      .waitFor({ state: 'detached' });
    ipLists.apiDomain.push(...all);
  });

  it('shows refused pushes and the checks of the connection', async () => {
    const refused = await fetch(
      `${world.hub.url}/wechat/${PLATFORM.componentAppid}/events?timestamp=1&nonce=1&msg_signature=x&encrypt_type=aes`,
      { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<xml><Encrypt>x</Encrypt></xml>' },
    );
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const page = await open(`${HOME}/connect`);
    await page.getByText('签名不符').or(page.getByText('内容不是微信推送的格式')).first().waitFor();
    const [checked] = await Promise.all([
      page.waitForResponse(
        (response) => response.request().method() === 'POST' && response.url().endsWith(`${API}/checks`),
        { timeout: 60_000 },
      ),
      page.getByRole('button', { name: '立即检查' }).click(),
    ]);
    expect(checked.status()).toBe(200);
    await page.getByText('检查于').waitFor({ timeout: 60_000 });
    const { items } = await rest.get<{ items: { title_zh: string }[] }>(`${API}/checks`);
    for (const { title_zh } of items)
      expect(await page.getByText(title_zh, { exact: true }).count()).toBeGreaterThan(0);
  });

  it('tells who lost permission set 18, and since when', async () => {
    const loser = miniPrograms().filter(({ merchantId, permissionSets }) => {
      return merchantId === 'm-flower' && permissionSets.includes(18);
    })[1];
    const appid = loser?.appid ?? '';
    world.simulator.world.updateAuthorization(PLATFORM.componentAppid, appid, { permissionSets: [17, 30] });
    const lost = await settledGrant(appid);
    const page = await open(`${HOME}/permissions`);
    // The list is long: the account is looked for page by page.
    const row = page.locator('table.data tr', { hasText: appid });
    for (;;) {
      await settled(page);
      if ((await row.count()) > 0) break;
      await page.getByRole('button', { name: '下一页' }).click();
      await page.locator('table.data.dim').waitFor({ state: 'detached' });
    }
    await row.locator(`time[datetime="${lost}"]`).waitFor();
    await row.getByRole('link', { name: loser?.nickName ?? '' }).click();
    const latest = page.locator('.feed').first().locator('li').first();
    await latest.getByText('失去').waitFor();
    await latest.getByText('18', { exact: true }).waitFor();
    await page.getByRole('link', { name: '域名', exact: true }).last().click();
    await page.getByRole('img', { name: /授权: .*缺少权限集 18/ }).waitFor();
  });

  it('starts a sweep and shows its progress until it is done', async () => {
    const page = await open(`${HOME}/jobs`);
    const rows = page.locator('table.data tbody tr');
    await rows.first().waitFor();
    await page.getByRole('button', { name: '立即巡检' }).click();
    await page.getByText('巡检已开始').waitFor();
    const { items } = await rest.get<{ items: { id: string }[] }>(`${API}/sweeps?limit=1`);
    expect(items.length).toBe(1);
    await rows.first().getByText('已完成').waitFor();
  });

  it('remembers language and theme, and is used by keyboard alone on a phone', async () => {
    const page = await open(HOME, { width: 390 });
    await page.getByRole('button', { name: '打开菜单' }).focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('navigation', { name: '主导航' });
    await menu.getByRole('link', { name: '变更' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '变更', level: 1 }).waitFor();
    await page.evaluate(() => {
      localStorage.setItem('wxfleet.language', 'en');
      localStorage.setItem('wxfleet.theme', 'dark');
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Changes', level: 1 }).waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual([
      'en',
      'dark',
    ]);
  });

  const PAGES = {
    overview: '',
    connect: '/connect',
    'mini-programs': '/mini-programs?state=authorized',
    'mini-program': `/mini-programs/${SHOP?.appid}`,
    'mini-program-compare': `/mini-programs/${SHOP?.appid}?from=2026-01-01T00:00:00.000Z`,
    'mini-program-grants': `/mini-programs/${SHOP?.appid}?tab=grants`,
    'mini-program-calls': `/mini-programs/${SHOP?.appid}?tab=calls`,
    'mini-program-pushes': `/mini-programs/${SHOP?.appid}?tab=pushes`,
    links: '/links?merchant=m-tea',
    permissions: '/permissions',
    domain: '/domains',
    'domain-coverage': `/domains?domain=${encodeURIComponent(SECOND_HOST)}`,
    changes: '/changes',
    'changes-feed': '/changes?view=feed',
    risks: '/risks',
    addresses: '/addresses',
    events: '/events',
    webhooks: '/events?tab=webhooks',
    relays: '/events?tab=relays',
    jobs: '/jobs',
    access: '/access',
    users: '/access?tab=users',
    audit: '/audit',
  };
  // `npm run pictures` says where to; otherwise they go to the other screenshots.
  it.each(['zh-CN', 'en'] as const)('gives the pictures for the READMEs, %s', async (language) => {
    const folder = process.env.WXFLEET_PICTURES ?? shots;
    await mkdir(folder, { recursive: true });
    // The story ends two days ago; a fleet that is looked after was seen today.
    const { id } = await rest.post<{ id: string }>(`${API}/sweeps`);
    for (let view = { state: 'running' }; view.state === 'running';)
      [view] = await Promise.all([
        rest.get<{ state: string }>(`${API}/sweeps/${id}`),
        new Promise((resolve) => setTimeout(resolve, 200)),
      ]);
    const page = await open(HOME, { width: 1280, theme: 'light', language });
    await page.setViewportSize({ width: 1280, height: 820 });
    await settled(page);
    const ending = language === 'en' ? '.png' : `.${language}.png`;
    await page.screenshot({ path: join(folder, `overview${ending}`) });
    await page.goto(`${HOME}/mini-programs/${SHOP?.appid}`);
    await settled(page);
    await page.screenshot({ path: join(folder, `timeline${ending}`) });
  });

  it('draws 1,200 domains over 400 snapshots, and says how long that took', async () => {
    const appid = 'wxlonghistory0001';
    const { simulator } = world;
    simulator.world.addMiniProgram({ appid, nickName: '老店', principalName: '老店有限公司' });
    simulator.world.authorize(PLATFORM.componentAppid, appid, { permissionSets: [17, 18, 30] });
    const domains = Array.from({ length: 1200 }, (_, at) => `https://d${at}.example.cn`);
    for (let at = 0; at < 400; at += 1) {
      const from = Math.floor(at * 2.5);
      simulator.world.setDomainLists(appid, 'effective_domain', { requestdomain: domains.slice(from, from + 203) });
      if (at === 0) await settledIntake(appid);
      await rest.post(`${API}/authorizers/${appid}/snapshots`);
    }
    const page = await open(`${HOME}/mini-programs/${appid}`);
    await page.waitForFunction(() => performance.getEntriesByName('wxfleet.timeline.drawn').length > 0);
    const [drawn] = await page.evaluate(() =>
      performance.getEntriesByName('wxfleet.timeline.drawn').map(({ duration }) => duration),
    );
    process.stdout.write(`timeline of 1,200 domains and 400 snapshots: drawn in ${Math.round(drawn ?? NaN)} ms\n`);
    const names = await page.locator('section[aria-label] .tl-name').allTextContents();
    expect([...names].sort()).toEqual([...domains].sort());
    // The domain that was there longest, and one that came with the last snapshot.
    const parts = (domain: string) =>
      page.locator('.tl-row', { has: page.locator(`[title="${domain}"]`) }).locator('rect');
    expect(await parts(domains[202] ?? '').evaluateAll(kinds)).toEqual(['tl-sure', 'hatch']);
    expect((await parts(domains[1199] ?? '').evaluateAll(kinds)).slice(0, 2)).toEqual(['hatch', 'tl-sure']);
    expect(await page.locator('.tl-axis .tl-flag').count()).toBe(399);

    // A click on a band chooses its moment; what was in force then is what the hub says.
    await page
      .locator('.tl-cell')
      .nth(600)
      .click({ position: { x: 300, y: 10 } });
    await page.waitForURL(/[?&]at=/);
    const at = new URL(page.url()).searchParams.get('at') ?? '';
    const { domains: then } = await rest.get<{ domains: Record<string, Record<string, string[]>> }>(
      `${API}/authorizers/${appid}/domains?${new URLSearchParams({ at })}`,
    );
    const expected = then.effective_domain?.requestdomain ?? [];
    expect(expected.length).toBe(203);
    await page
      .getByText(expected[0] ?? '', { exact: true })
      .last()
      .waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'leads a merchant on a phone through the authorization, %s',
    async (colorScheme) => {
      const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
      const appid = colorScheme === 'light' ? 'wxphoneshop000001' : 'wxphoneshop000002';
      world.simulator.world.addMiniProgram({ appid, nickName: '街角小店', principalName: '街角小店有限公司' });
      context = await opened.browser.newContext({
        baseURL: world.hub.url,
        viewport: { width: 390, height: 844 },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        reducedMotion: 'reduce',
        colorScheme,
        userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50',
      });
      context.setDefaultTimeout(WAIT.timeout);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
      const look = async (name: string) => {
        await page.screenshot({ path: join(shots, `merchant-${name}-${colorScheme}.png`), fullPage: true });
        await page.evaluate(axe);
        expect({ name, violations: await page.evaluate(violations) }).toEqual({ name, violations: [] });
        expect({ name, wider: await page.evaluate(overflow) }).toEqual({ name, wider: 0 });
      };
      const link = () =>
        rest.post<{ id: string; url: string }>(`${API}/authorization-links`, {
          merchant_id: 'm-tea',
          page: 'mobile',
          authorizer_appid: appid,
          permission_sets: [17, 18, 30],
        });

      const { url } = await link();
      await page.goto(url);
      await page.getByRole('heading', { name: /请授权/ }).waitFor();
      await look('invitation');
      await page.getByRole('link', { name: '前往微信授权' }).click();
      await page.getByRole('button', { name: '授权' }).waitFor();
      await look('wechat');
      await page.getByRole('button', { name: '授权' }).click();
      await arrived(page, '授权成功');
      await look('authorized');

      // The same link again, without the set that it asks for.
      await page.goto((await link()).url);
      await page.getByRole('link', { name: '前往微信授权' }).click();
      await page.getByRole('checkbox', { name: /权限集 18/ }).uncheck();
      await page.getByRole('button', { name: '授权' }).click();
      await arrived(page, '授权成功，但缺少一项权限');
      await look('lacking');

      const revoked = await link();
      await context.request.delete(`${API}/authorization-links/${revoked.id}`, {
        headers: { authorization: `Bearer ${world.adminApiKey}` },
      });
      await page.goto(revoked.url);
      await page.getByRole('heading', { name: '授权链接已停用' }).waitFor();
      await look('revoked');
      await page.goto(`/wechat/${PLATFORM.componentAppid}/authorized?expires_in=600`);
      await page.getByRole('heading', { name: '授权未完成' }).waitFor();
      await look('error');
    },
  );

  /** Every page once at this width, theme and language, and once more as it fits the other width. */
  it.each([
    { width: 1440, other: 390, theme: 'light', language: 'zh-CN' },
    { width: 390, other: 1440, theme: 'dark', language: 'en' },
  ] as const)(
    'is accessible and fits on every page at $width px, $theme, $language',
    async ({ other, ...look }) => {
      const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
      const page = await open(HOME, look);
      const size = page.viewportSize() ?? { width: look.width, height: 900 };
      for (const [name, path] of Object.entries(PAGES)) {
        await page.goto(HOME + path);
        await settled(page);
        await page.screenshot({
          path: join(shots, `${name}-${look.width}-${look.theme}-${look.language}.png`),
          fullPage: true,
        });
        await page.evaluate(axe);
        expect({ name, violations: await page.evaluate(violations) }).toEqual({ name, violations: [] });
        const wider = [await page.evaluate(overflow)];
        await page.setViewportSize({ ...size, width: other });
        wider.push(await page.evaluate(overflow));
        await page.setViewportSize(size);
        expect({ name, wider }).toEqual({ name, wider: [0, 0] });
      }
      // Twenty-three pages, each looked through as a whole.
    },
    600_000,
  );
});

/** WeChat may answer the hub late: then the page says that it is being processed, and shows more when it is opened again. */
async function arrived(page: Page, title: string): Promise<void> {
  const pending = page.getByRole('heading', { name: '授权处理中' });
  const there = page.getByRole('heading', { name: title });
  for (let tries = 0; tries < 10; tries += 1) {
    await pending.or(there).waitFor();
    if (await there.isVisible()) return;
    await page.waitForTimeout(1000);
    await page.reload();
  }
  await there.waitFor();
}

/** Runs in the page. */
function overflow(): number {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** Runs in the page: what each rectangle of a band means. */
function kinds(rects: Element[]): (string | undefined)[] {
  return rects.map((rect) =>
    rect.getAttribute('fill')?.includes('hatch') ? 'hatch' : rect.getAttribute('class')?.split(' ')[0],
  );
}

/** Runs in the page, where axe was loaded before: the serious violations. */
async function violations(): Promise<string[]> {
  const { axe } = window as unknown as {
    axe: {
      run(
        root: Document,
        options: object,
      ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
    };
  };
  const result = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    resultTypes: ['violations'],
  });
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}
