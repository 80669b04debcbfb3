import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { COMPONENT, startWorld, type TestWorld } from './test-world.ts';

const APPID = 'wxaaaaaaaaaaaaaaaa';
const base = `/v1/platforms/${COMPONENT}`;

/** Opens a link as a merchant does; gives where the button leads. */
async function clickOn(url: string): Promise<URL> {
  const page = await fetch(url);
  expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'origin']);
  const [, href = ''] = /class="go" href="([^"]+)"/.exec(await page.text()) ?? [];
  return new URL(href.replaceAll('&amp;', '&'));
}

/** The path a provider walks, each step on the one before: push, link, redirect, events, token, snapshot, change, history. */
describe('the whole path over HTTP', () => {
  let world: TestWorld;
  let linkUrl: URL;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const account = () => world.simulator.world.account(APPID);

  it('is ready once the first ticket has been pushed', async () => {
    const platform = await eventually('ready', async () => {
      const view = await world.rest.get(base);
      return view.state === 'ready' && view;
    });
    expect(platform).toMatchObject({
      component_appid: COMPONENT,
      events_url: `${world.hub.url}/wechat/${COMPONENT}/events`,
      messages_url: expect.stringContaining(`/wechat/${COMPONENT}/messages/`),
      redirect_url: `${world.hub.url}/wechat/${COMPONENT}/authorized`,
      ticket_received_at: expect.any(String),
    });
    expect(JSON.stringify(platform)).not.toContain(world.secrets.appsecret);
  });

  it('makes an authorization link for a merchant', async () => {
    await world.rest.post(`${base}/merchants`, { merchant_id: 'm1', name: '一号店' });
    const link = await world.rest.post<{ url: string; pre_auth_code_expires_at: string | null; expires_at: string }>(
      `${base}/authorization-links`,
      {
        merchant_id: 'm1',
        page: 'pc',
        permission_sets: [17, 18],
      },
    );
    expect(link.pre_auth_code_expires_at).toBeNull();
    expect(new Date(link.expires_at).getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    linkUrl = await clickOn(link.url);
    expect(linkUrl.origin).toBe(world.simulator.url);
    expect(linkUrl.searchParams.get('component_appid')).toBe(COMPONENT);
    expect(linkUrl.searchParams.get('category_id_list')).toBe('17|18');
    // A bare link to WeChat's page does not open it: WeChat wants the browser to come from the platform's own page.
    expect(await (await fetch(linkUrl)).text()).toContain('请确认授权入口页所在域名');
    const fromThePage = await fetch(linkUrl, { headers: { referer: `${world.hub.url}/` } });
    expect(await fromThePage.text()).not.toContain('请确认授权入口页所在域名');
  });

  it('assigns the mini program to the merchant of the link, whether redirect or push comes first', async () => {
    world.simulator.world.addMiniProgram({
      appid: APPID,
      nickName: '一号小程序',
      principalName: '一号有限公司',
      domains: {
        effective_domain: { requestdomain: ['https://a.example.cn'] },
        third_domain: { requestdomain: ['https://a.example.cn'] },
      },
    });
    const result = world.simulator.world.authorize(COMPONENT, APPID, {
      permissionSets: [17, 18],
      viaPreAuthCode: linkUrl.searchParams.get('pre_auth_code') as string,
      redirectUri: linkUrl.searchParams.get('redirect_uri') as string,
    });
    const [page] = await Promise.all([result.redirect(), result.pushed]);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('“一号小程序”已授权给');
    const authorizer = await eventually('the authorizer with its names', async () => {
      const view = await world.rest.get(`${base}/authorizers/${APPID}`).catch(() => undefined);
      return view?.nick_name && view;
    });
    expect(authorizer).toMatchObject({
      authorizer_appid: APPID,
      component_appid: COMPONENT,
      merchant_id: 'm1',
      kind: 'mini_program',
      nick_name: '一号小程序',
      principal_name: '一号有限公司',
      state: 'authorized',
      permission_sets: [17, 18],
      can_read_domains: true,
      unauthorized_at: null,
    });
    // Redirect and push carried the same code: it was exchanged once.
    expect(world.simulator.world.calls('/cgi-bin/component/api_query_auth')).toHaveLength(1);
  });

  it('hands out a token that WeChat accepts', async () => {
    const response = await fetch(`${world.hub.url}${base}/authorizers/${APPID}/access-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${process.env.NOTHING ?? ''}` },
    });
    expect(response.status).toBe(401);
    const token = await world.rest.post<{ access_token: string; expires_in: number; expires_at: string }>(
      `${base}/authorizers/${APPID}/access-token`,
    );
    expect(token.expires_in).toBeGreaterThan(0);
    const answer = await fetch(`${world.simulator.url}/wxa/get_effective_domain?access_token=${token.access_token}`, {
      method: 'POST',
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({ errcode: 0 });
  });

  it('takes the first snapshot by itself soon after the authorization', async () => {
    const page = await eventually('the first snapshot', async () => {
      const view = await world.rest.get<{ items: unknown[] }>(`${base}/authorizers/${APPID}/snapshots`);
      return view.items.length > 0 ? view : undefined;
    });
    expect(page.items).toHaveLength(1);
    expect(page.items[0]).toMatchObject({
      authorizer_appid: APPID,
      domains: { effective_domain: { requestdomain: ['https://a.example.cn'] } },
    });
  });

  it('adds no snapshot for order, letter case of the host or a repeated entry', async () => {
    world.simulator.world.setDomainQuirks(APPID, { reversed: true, upperCaseHosts: true, duplicates: true });
    const again = await world.rest.post<{ observations: number }>(`${base}/authorizers/${APPID}/snapshots`);
    expect(again.observations).toBeGreaterThan(1);
    const page = await world.rest.get<{ items: unknown[] }>(`${base}/authorizers/${APPID}/snapshots`);
    expect(page.items).toHaveLength(1);
    world.simulator.world.setDomainQuirks(APPID, {});
  });

  it('records a change, and rebuilds every moment', async () => {
    const before = await world.rest.get<{ at: string; observed_before: string }>(
      `${base}/authorizers/${APPID}/domains`,
    );
    account().setGroup('effective_domain', { requestdomain: ['https://b.example.cn', 'https://a.example.cn'] });
    const response = await fetch(`${world.hub.url}${base}/authorizers/${APPID}/snapshots`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.rest.apiKey}` },
    });
    expect(response.status).toBe(201);
    const second = (await response.json()) as { id: string; first_observed_at: string; changes: unknown };
    expect(second.changes).toEqual([
      { group: 'effective_domain', list: 'requestdomain', added: ['https://b.example.cn'], removed: [] },
    ]);

    const at = async (moment: string) =>
      world.rest.get<{ certainty: string; domains: { effective_domain?: { requestdomain?: string[] } } | null }>(
        `${base}/authorizers/${APPID}/domains?at=${encodeURIComponent(moment)}`,
      );
    // The moment of asking: what it says was true at some moment from then until the answer was read.
    expect(await at(second.first_observed_at)).toMatchObject({
      certainty: expect.stringMatching(/^(observed|between_observations)$/),
      domains: { effective_domain: { requestdomain: ['https://b.example.cn', 'https://a.example.cn'] } },
    });
    expect(await at(before.observed_before)).toMatchObject({
      certainty: 'observed',
      domains: { effective_domain: { requestdomain: ['https://a.example.cn'] } },
    });
    expect(await at('2020-01-01T00:00:00.000Z')).toMatchObject({ certainty: 'unknown', domains: null });

    const diff = await world.rest.get<{ changes: unknown }>(
      `${base}/authorizers/${APPID}/domain-diff?from=${encodeURIComponent(before.observed_before)}&to=${encodeURIComponent(second.first_observed_at)}`,
    );
    expect(diff.changes).toEqual([
      { group: 'effective_domain', list: 'requestdomain', added: ['https://b.example.cn'], removed: [] },
    ]);
    const raw = await fetch(`${world.hub.url}${base}/snapshots/${second.id}/raw`, {
      headers: { authorization: `Bearer ${world.rest.apiKey}` },
    });
    expect(((await raw.json()) as { effective_domain: unknown }).effective_domain).toMatchObject({
      requestdomain: ['https://b.example.cn', 'https://a.example.cn'],
    });
    const spans = await world.rest.get<{ items: { domain: string; present: boolean }[] }>(
      `${base}/authorizers/${APPID}/domain-lifespans?group=effective_domain&list=requestdomain`,
    );
    expect(spans.items.map((item) => [item.domain, item.present]).sort()).toEqual([
      ['https://a.example.cn', true],
      ['https://b.example.cn', true],
    ]);
  });

  it('keeps what was known when the merchant withdraws, and asks WeChat no more', async () => {
    await world.simulator.world.unauthorize(COMPONENT, APPID).pushed;
    await eventually(
      'the state',
      async () => (await world.rest.get(`${base}/authorizers/${APPID}`)).state === 'unauthorized',
    );
    const calls = world.simulator.world.calls('/wxa/get_effective_domain').length;
    await expect(world.rest.post(`${base}/authorizers/${APPID}/snapshots`)).rejects.toThrow(
      /409.*authorizer_not_authorized/,
    );
    await expect(world.rest.post(`${base}/authorizers/${APPID}/access-token`)).rejects.toThrow(
      /409.*authorizer_not_authorized/,
    );
    expect(world.simulator.world.calls('/wxa/get_effective_domain')).toHaveLength(calls);
    const page = await world.rest.get<{ items: unknown[] }>(`${base}/authorizers/${APPID}/snapshots`);
    expect(page.items).toHaveLength(2);
  });

  it('asks for no domains where permission set 18 was not granted', async () => {
    world.simulator.world.addMiniProgram({ appid: 'wxbbbbbbbbbbbbbbbb' });
    await world.simulator.world.authorize(COMPONENT, 'wxbbbbbbbbbbbbbbbb', { permissionSets: [17, 118] }).pushed;
    await eventually('the authorizer', () =>
      world.rest.get(`${base}/authorizers/wxbbbbbbbbbbbbbbbb`).catch(() => undefined),
    );
    const calls = world.simulator.world.calls('/wxa/get_effective_domain').length;
    await expect(world.rest.post(`${base}/authorizers/wxbbbbbbbbbbbbbbbb/snapshots`)).rejects.toThrow(
      /409.*permission_set_missing/,
    );
    expect(world.simulator.world.calls('/wxa/get_effective_domain')).toHaveLength(calls);
  });

  it('keeps the addresses of WeChat', async () => {
    await world.rest.post('/v1/wechat-ips/api-domain/snapshots');
    const view = await world.rest.get<{ ip_list: string[]; stale: boolean }>('/v1/wechat-ips/api-domain');
    expect(view.ip_list.length).toBeGreaterThan(0);
    expect(view.stale).toBe(false);
  });

  it('wrote no secret into a log line, a reply or the database', async () => {
    // Trouble too: errors are where secrets usually leak.
    const { faults } = world.simulator.world;
    for (const kind of ['html', 'halfBody', 'reset', 'notJson'] as const) {
      faults.add({ match: { path: '/cgi-bin/get_api_domain_ip' }, kind, times: 1 });
      await world.rest.post('/v1/wechat-ips/api-domain/snapshots').catch(() => undefined);
    }
    faults.add({
      match: { path: '/cgi-bin/component/api_create_preauthcode' },
      kind: 'errcode',
      errcode: 40013,
      times: 1,
    });
    await world.rest.post(`${base}/authorization-links`, { merchant_id: 'm1', page: 'mobile' }).catch(() => undefined);

    expect(
      [...world.used].filter((secret) => secret.startsWith('refreshtoken@@@') || secret.startsWith('ticket@@@')),
    ).not.toEqual([]);
    const tables = await world.database.db.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const dump: string[] = [];
    for (const { name } of tables) {
      const rows = await world.database.db.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
      dump.push(...rows.map((row) => row.line));
    }
    const text = { log: world.lines.join('\n'), replies: world.replies.join('\n'), database: dump.join('\n') };
    expect(text.log.length * text.replies.length * text.database.length).toBeGreaterThan(0);
    for (const [where, all] of Object.entries(text)) {
      const leaks = [...world.used].filter(
        (secret) => all.includes(secret) || all.includes(Buffer.from(secret).toString('hex')),
      );
      expect({ where, leaks: leaks.map((leak) => leak.slice(0, 12)) }).toEqual({ where, leaks: [] });
    }
  });
});
