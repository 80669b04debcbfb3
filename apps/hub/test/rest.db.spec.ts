import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { ADMIN_KEY, APPSECRET, HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const SHOP = 'wxshop0000000001';
const base = `/v1/platforms/${PLATFORM}`;
const shop = `${base}/authorizers/${SHOP}`;

interface Token {
  access_token: string;
  expires_at: string;
  expires_in: number;
}
interface Page<T = Record<string, unknown>> {
  items: T[];
  next_cursor: string | null;
}

describe('the REST interface', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.miniProgram(PLATFORM, SHOP, { merchantId: 'm1' });
  }, 60_000);
  afterAll(() => world.stop());

  describe('platforms', () => {
    it('say where WeChat has to push to and how they are, and never show a secret', async () => {
      const { body, text } = await world.call('GET', base);
      expect(body).toMatchObject({
        component_appid: PLATFORM,
        events_url: `${world.hub.url}/wechat/${PLATFORM}/events`,
        messages_url: `${world.hub.url}/wechat/${PLATFORM}/messages/$APPID$`,
        redirect_url: `${world.hub.url}/wechat/${PLATFORM}/authorized`,
        state: 'ready',
      });
      expect(text).not.toContain(APPSECRET);
    });

    it('are registered once', async () => {
      const body = {
        component_appid: PLATFORM,
        component_appsecret: APPSECRET,
        token: 't',
        encoding_aes_key: 'a'.repeat(43),
        name: 'again',
      };
      const again = await world.call('POST', '/v1/platforms', { body });
      expect(again).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ path: 'component_appid' }] },
      });
    });

    it('are renamed, and refuse a change of nothing', async () => {
      const renamed = await world.call('PATCH', base, { body: { name: '新名字' } });
      expect(renamed).toMatchObject({ status: 200, body: { name: '新名字' } });
      expect(await world.call('PATCH', base, { body: {} })).toMatchObject({ status: 400 });
    });

    it('can be changed by a key of the platform, but not made', async () => {
      const key = await world.apiKey(PLATFORM);
      expect((await world.call('PATCH', base, { key, body: { name: 'by key' } })).status).toBe(200);
      const body = {
        component_appid: 'wxother',
        component_appsecret: APPSECRET,
        token: 't',
        encoding_aes_key: 'a'.repeat(43),
        name: 'mine',
      };
      expect((await world.call('POST', '/v1/platforms', { key, body })).status).toBe(403);
    });
  });

  describe('merchants', () => {
    it('are created, shown, renamed and listed in pages', async () => {
      for (const id of ['p1', 'p2', 'p3']) await world.merchant(PLATFORM, id);
      const renamed = await world.call('PATCH', `${base}/merchants/p2`, { body: { name: '二号店' } });
      expect(renamed.body).toMatchObject({ merchant_id: 'p2', name: '二号店' });
      expect((await world.call('GET', `${base}/merchants/p2`)).body).toEqual(renamed.body);
      const seen: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { body: Page } = await world.call<Page>(
          'GET',
          `${base}/merchants?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        expect(page.body.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.body.items.map((item) => item['merchant_id']));
        cursor = page.body.next_cursor;
      }
      expect(seen).toEqual(['m1', 'p1', 'p2', 'p3']);
    });

    it('refuse a cursor of another list', async () => {
      const { body } = await world.call<Page>('GET', `${base}/merchants?limit=1`);
      const other = await world.call('GET', `${base}/authorizers?cursor=${body.next_cursor}`);
      expect(other).toMatchObject({ status: 400, body: { errors: [{ in: 'query', path: 'cursor' }] } });
    });
  });

  describe('an authorization', () => {
    it('goes from the link over the redirect to an authorizer of the merchant', async () => {
      const appid = 'wxshop0000000077';
      world.simulator.world.addMiniProgram({ appid, nickName: '小店', principalName: '某公司' });
      const link = await world.call<{ id: string; url: string; pre_auth_code_expires_at: string | null }>(
        'POST',
        `${base}/authorization-links`,
        { body: { merchant_id: 'm1', page: 'pc', return_url: 'https://provider.example/done?x=1', expires_in: 'P2D' } },
      );
      expect(link).toMatchObject({ status: 201, body: { state: 'open', pre_auth_code_expires_at: null } });
      expect(link.body.url).toBe(`${world.hub.url}/wechat/${PLATFORM}/authorize/${link.body.id}`);
      const page = await world.call('GET', new URL(link.body.url).pathname, { key: null });
      expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'origin']);
      expect(page.text).toContain('请保留勾选“小程序开发与数据分析”');
      const href = /class="go" href="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const url = new URL(href.replaceAll('&amp;', '&'));
      expect(url.host).toBe('mp.weixin.qq.com');
      const redirect = new URL(url.searchParams.get('redirect_uri') ?? '');
      expect(redirect.origin).toBe(world.hub.url);

      const granted = world.simulator.world.authorize(PLATFORM, appid, {
        viaPreAuthCode: url.searchParams.get('pre_auth_code') ?? '',
      });
      redirect.searchParams.set('auth_code', granted.authCode ?? '');
      redirect.searchParams.set('expires_in', '3600');
      const back = await world.call('GET', redirect.pathname + redirect.search, { key: null });
      expect([back.status, back.headers.get('location')]).toEqual([302, 'https://provider.example/done?x=1']);
      const known = await eventually('the details', async () => {
        const { body } = await world.call('GET', `${base}/authorizers/${appid}`);
        return body['kind'] === 'mini_program' && body;
      });
      expect(known).toMatchObject({
        merchant_id: 'm1',
        state: 'authorized',
        nick_name: '小店',
        principal_name: '某公司',
      });
    });

    it('that WeChat does not know ends on a page for people', async () => {
      const answer = await world.call('GET', `/wechat/${PLATFORM}/authorized?auth_code=queryauthcode%40%40%40forged`, {
        key: null,
        headers: { accept: 'text/html' },
      });
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.text).toMatch(/授权/);
      const nothing = await world.call('GET', `/wechat/${PLATFORM}/authorized`, { key: null });
      expect([nothing.status, nothing.text.includes('auth_code')]).toEqual([400, true]);
    });
  });

  describe('authorizers', () => {
    it('are filtered', async () => {
      await world.miniProgram(PLATFORM, 'wxshop0000000002', { permissionSets: [17, 25] });
      const appids = async (query: string) =>
        (await world.call<Page<{ authorizer_appid: string }>>('GET', `${base}/authorizers?${query}`)).body.items.map(
          (item) => item.authorizer_appid,
        );
      expect(await appids('lacks_permission_set=18')).toEqual(['wxshop0000000002']);
      expect(await appids('permission_set=18&merchant_id=m1')).toContain(SHOP);
      expect(await appids('q=SHOP0000000002')).toEqual(['wxshop0000000002']);
      expect(await appids('q=%25')).toEqual([]);
      expect(await appids('state=unauthorized')).toEqual([]);
    });

    it('are assigned only to a merchant that exists', async () => {
      const answer = await world.call('PATCH', shop, { body: { merchant_id: 'nobody' } });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'merchant_id' }] } });
    });
  });

  describe('access tokens', () => {
    it('are handed out, the same to everybody, never to be stored on the way', async () => {
      const key = await world.apiKey(PLATFORM, { scopes: ['tokens:issue'] });
      const [one, two] = await Promise.all([
        world.call<Token>('POST', `${shop}/access-token`, { key }),
        world.call<Token>('POST', `${shop}/access-token`, { key, body: {} }),
      ]);
      expect(one.status).toBe(200);
      expect(two.body.access_token).toBe(one.body.access_token);
      expect(one.headers.get('cache-control')).toBe('no-store');
      const seconds = (Date.parse(one.body.expires_at) - Date.now()) / 1000;
      expect(Math.abs(seconds - one.body.expires_in)).toBeLessThan(5);
      expect(world.lines.join('\n')).not.toContain(one.body.access_token);
    });

    it('are replaced when WeChat rejected the current one, and only then', async () => {
      const before = (await world.call<Token>('POST', `${shop}/access-token`)).body.access_token;
      const body = { rejected_access_token: before };
      const after = (await world.call<Token>('POST', `${shop}/access-token`, { body })).body.access_token;
      expect(after).not.toBe(before);
      const stale = (await world.call<Token>('POST', `${shop}/access-token`, { body })).body.access_token;
      expect(stale).toBe(after);
    });

    it('are counted for the audit trail', async () => {
      await world.call('POST', `${shop}/access-token`);
      const seen = await eventually('the count', async () => {
        const { body } = await world.call<Page>('GET', `${base}/audit-events?action=access_token.issued`);
        return body.items.length > 0 && body.items;
      });
      expect((seen as unknown[])[0]).toMatchObject({
        subject: `authorizer:${SHOP}`,
        outcome: 'ok',
        address: '127.0.0.1',
      });
    });

    it('of nobody are not there', async () => {
      const answer = await world.call('POST', `${base}/authorizers/wxnobody/access-token`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    });
  });

  describe('snapshots', () => {
    it('are new when the domains differ and grow when they do not', async () => {
      const { world: wechat } = world.simulator;
      wechat.setDomains(SHOP, { effective_domain: { requestdomain: ['https://a.example.com'] } });
      await world.call('POST', `${shop}/snapshots`);
      const same = await world.call<{ id: string; observations: number }>('POST', `${shop}/snapshots`);
      expect(same.status).toBe(200);
      wechat.setDomains(SHOP, { effective_domain: { requestdomain: ['https://b.example.com'] } });
      const changed = await world.call<{ id: string; changes: unknown[] }>('POST', `${shop}/snapshots`);
      expect(changed.status).toBe(201);
      expect(changed.body.changes).toContainEqual({
        group: 'effective_domain',
        list: 'requestdomain',
        added: ['https://b.example.com'],
        removed: ['https://a.example.com'],
      });

      const list = await world.call<Page<{ id: string }>>('GET', `${shop}/snapshots?limit=1`);
      expect(list.body.items).toEqual([changed.body]);
      expect((await world.call('GET', `${base}/snapshots/${changed.body.id}`)).body).toEqual(changed.body);
      const raw = await world.call<{ effective_domain: unknown }>('GET', `${base}/snapshots/${changed.body.id}/raw`);
      expect(raw.body.effective_domain).toMatchObject({ requestdomain: ['https://b.example.com'] });
      const now = await world.call('GET', `${shop}/domains`);
      expect(now.body).toMatchObject({ domains: { effective_domain: { requestdomain: ['https://b.example.com'] } } });
      const from = (await world.call<{ first_observed_at: string }>('GET', `${base}/snapshots/${same.body.id}`)).body;
      const diff = await world.call('GET', `${shop}/domain-diff?from=${from.first_observed_at}`);
      expect(diff.body['changes']).toEqual(changed.body.changes);
      const spans = await world.call<Page>('GET', `${shop}/domain-lifespans?domain=https://B.example.com/`);
      expect(spans.body.items).toMatchObject([{ domain: 'https://b.example.com', present: true }]);
    });

    it('without permission set 18 are refused without asking WeChat', async () => {
      const answer = await world.call('POST', `${base}/authorizers/wxshop0000000002/snapshots`);
      expect(answer).toMatchObject({ status: 409, body: { code: 'permission_set_missing', permission_set_id: 18 } });
    });

    it('that no one took are not there', async () => {
      for (const id of ['1', 's1-zz', 'sffffffffff-1', 'x'.repeat(100)]) {
        expect((await world.call('GET', `${base}/snapshots/${id}`)).status).toBe(404);
      }
    });
  });

  describe("WeChat's addresses", () => {
    it('are fetched, and need no second transfer while they do not change', async () => {
      expect([200, 201]).toContain((await world.call('POST', '/v1/wechat-ips/callback/snapshots')).status);
      const first = await world.call<{ ip_list: string[] }>('GET', '/v1/wechat-ips/callback');
      const etag = first.headers.get('etag') ?? '';
      const second = await world.call('GET', '/v1/wechat-ips/callback', { headers: { 'if-none-match': `W/${etag}` } });
      expect([second.status, second.text, second.headers.get('etag')]).toEqual([304, '', etag]);
      const text = await world.call('GET', '/v1/wechat-ips/callback?format=text');
      expect(text.text.trimEnd().split('\n')).toEqual(first.body.ip_list);
      expect(text.headers.get('etag')).not.toBe(etag);
      const history = await world.call<Page>('GET', '/v1/wechat-ips/callback/snapshots');
      expect(history.body.items).toHaveLength(1);
    });
  });

  describe('API keys', () => {
    it('are shown once, listed without themselves, and refused once revoked', async () => {
      const created = await world.call<{ id: string; key: string }>('POST', `${base}/api-keys`, {
        body: { name: 'short lived', scopes: ['authorizers:read'] },
      });
      const { id, key } = created.body;
      expect((await world.call('GET', base, { key })).status).toBe(200);
      const listed = await world.call<Page>('GET', `${base}/api-keys`);
      expect(listed.text).not.toContain(key);
      expect(listed.body.items[0]).toMatchObject({ id, prefix: key.slice(0, 13), revoked_at: null });
      expect((await world.call('DELETE', `${base}/api-keys/${id}`)).status).toBe(204);
      await eventually('it is refused', async () => (await world.call('GET', base, { key })).status === 401);
    });

    it('cannot give away more than they have', async () => {
      const key = await world.apiKey(PLATFORM, { scopes: ['keys:write', 'domains:read'], merchantIds: ['m1'] });
      const create = (body: object) => world.call('POST', `${base}/api-keys`, { key, body: { name: 'x', ...body } });
      expect((await create({ scopes: ['tokens:issue'] })).status).toBe(403);
      expect((await create({ scopes: ['domains:read'], merchant_ids: ['p1'] })).status).toBe(403);
      const made = await create({ scopes: ['domains:read'] });
      expect(made).toMatchObject({ status: 201, body: { merchant_ids: ['m1'] } });
    });

    it('of an unknown id are not there', async () => {
      expect((await world.call('DELETE', `${base}/api-keys/key_nobody`)).status).toBe(404);
    });
  });

  it('sweeps the fleet on demand', async () => {
    const started = await world.call<{ id: string }>('POST', `${base}/sweeps`);
    expect(started.status).toBe(202);
    const done = await eventually('its end', async () => {
      const { body } = await world.call('GET', `${base}/sweeps/${started.body.id}`);
      return body['state'] !== 'running' && body;
    });
    expect(done).toMatchObject({ state: 'done', skipped_permission: 1, failed: 0 });
    const listed = await world.call<Page>('GET', `${base}/sweeps?limit=500`);
    expect(listed.body.items).toContainEqual(done);
    for (const id of ['999999', 'abc']) expect((await world.call('GET', `${base}/sweeps/${id}`)).status).toBe(404);
  });

  it('keeps a trace of every change', async () => {
    const { body } = await world.call<Page<{ action: string; actor: string }>>('GET', `${base}/audit-events?limit=500`);
    const actions = new Set(body.items.map((event) => event.action));
    for (const action of [
      'platform.created',
      'platform.changed',
      'merchant.created',
      'merchant.renamed',
      'authorization_link.created',
      'authorizer.assigned',
      'snapshot.taken',
      'api_key.created',
      'api_key.revoked',
    ]) {
      expect(actions).toContain(action);
    }
    expect(JSON.stringify(body)).not.toContain(ADMIN_KEY);
  });

  it('starts a reconciliation and tells how it ended', async () => {
    const started = await world.call<{ id: string }>('POST', `${base}/reconciliations`);
    expect(started.status).toBe(202);
    const done = await eventually('its end', async () => {
      const { body } = await world.call('GET', `${base}/reconciliations/${started.body.id}`);
      return body['state'] !== 'running' && body;
    });
    expect(done).toMatchObject({ state: 'done', failed: 0 });
    expect((await world.call('GET', `${base}/reconciliations/999999`)).status).toBe(404);
    expect((await world.call('GET', `${base}/reconciliations/abc`)).status).toBe(404);
  });

  it('lets a caller accept a list that is shorter than it was, which the audit trail remembers', async () => {
    const start = (body: unknown) => world.call<{ id: string }>('POST', `${base}/reconciliations`, { body });
    expect((await start({ accept_shrunk_list: 'yes' })).status).toBe(400);
    const limited = await world.apiKey(PLATFORM, { merchantIds: ['m1'] });
    const asked = { key: limited, body: { accept_shrunk_list: true } };
    expect((await world.call('POST', `${base}/reconciliations`, asked)).status).toBe(403);
    const { status, body } = await start({ accept_shrunk_list: true });
    expect(status).toBe(202);
    // While that one is under way it is said of that one; either way a second request is taken.
    expect((await start({ accept_shrunk_list: true })).status).toBe(202);
    const [row] = await world.db.query(
      'SELECT accept_shrunk_list AS accepted FROM authorizers.reconciliation WHERE reconciliation_id = $1',
      [body.id],
    );
    expect(row).toEqual({ accepted: true });
    const audit = await world.call<{ items: { subject: string; detail: unknown }[] }>(
      'GET',
      `${base}/audit-events?action=reconciliation.started`,
    );
    expect(audit.body.items.find(({ subject }) => subject === `reconciliation:${body.id}`)?.detail).toEqual({
      accept_shrunk_list: true,
    });
  });

  it('is alive, ready, and measured', async () => {
    expect((await world.call('GET', '/health/live', { key: null })).body).toEqual({ status: 'ok' });
    expect((await world.call('GET', '/health/ready', { key: null })).body).toEqual({ status: 'ok' });
    const { text } = await world.call('GET', '/metrics', { key: null });
    expect(text).toMatch(/wxfleet_http_request_seconds_bucket\{[^}]*operation="issueAccessToken"/);
    expect(text).not.toContain(SHOP);
  });

  it('takes pushes of any media type and refuses forged ones', async () => {
    const path = `/wechat/${PLATFORM}/events?timestamp=1&nonce=2&msg_signature=${'0'.repeat(40)}`;
    const body = `<xml><AppId>${PLATFORM}</AppId><Encrypt>AAAA</Encrypt></xml>`;
    for (const type of ['text/xml', 'application/json', 'application/x-www-form-urlencoded', 'nonsense; x']) {
      const answer = await world.call('POST', path, { key: null, body, headers: { 'content-type': type } });
      expect([type, answer.status, answer.body['code']]).toEqual([type, 403, 'forbidden']);
      // WeChat has no API key, so nothing is said about one.
      expect(answer.text).not.toMatch(/API key|scope/i);
    }
    const huge = await world.call('POST', path, { key: null, body: 'x'.repeat(70_000) });
    expect(huge).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });
});
