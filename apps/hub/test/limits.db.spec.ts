import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys, generateKey } from '#libs/access';
import { ComponentAccounts } from '#libs/custody';
import { eventually } from '#libs/testing';
import { HubWorld, type Answer } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const OTHER = 'wxplatform00000b';
const path = `/v1/platforms/${PLATFORM}/merchants`;

describe('limits', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start({ RATE_LIMIT_PER_KEY: '0', TRUSTED_PROXIES: '127.0.0.0/8' });
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
  }, 60_000);
  afterAll(() => world.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('stop a key that asks too often, tell it how long to wait, and leave the others alone', async () => {
    const hub = await world.addHub({ RATE_LIMIT_PER_KEY: '1' });
    const [greedy, modest] = [await world.apiKey(PLATFORM), await world.apiKey(PLATFORM)];
    const answers = await Promise.all(Array.from({ length: 40 }, () => world.call('GET', path, { key: greedy }, hub)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThan(20);
    for (const { body, headers } of refused) {
      expect(body['code']).toBe('rate_limited');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('ratelimit-policy')).toBe('"key";q=2;w=2');
      expect(headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
    }
    expect((await world.call('GET', path, { key: modest }, hub)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, Number(refused[0]?.headers.get('retry-after')) * 1000));
    expect((await world.call('GET', path, { key: greedy }, hub)).status).toBe(200);
  });

  it('stop a platform whose keys together ask too often, say which limit it is, and leave other platforms alone', async () => {
    await world.platform(OTHER);
    const other = await world.apiKey(OTHER);
    const keys = await Promise.all(Array.from({ length: 20 }, () => world.apiKey(PLATFORM)));
    const hub = await world.addHub({ RATE_LIMIT_PER_KEY: '10', RATE_LIMIT_PER_PLATFORM: '1' });
    const answers = await Promise.all(keys.map((key) => world.call('GET', path, { key }, hub)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(10);
    for (const { headers } of refused) {
      expect(headers.get('ratelimit-policy')).toBe('"platform";q=2;w=2');
      expect(headers.get('ratelimit')).toMatch(/^"platform";r=0;t=\d+$/);
    }
    const ofOther = await world.call('GET', `/v1/platforms/${OTHER}/merchants`, { key: other }, hub);
    expect([ofOther.status, ofOther.headers.get('ratelimit')]).toEqual([200, '"platform";r=1;t=1']);
    expect((await world.call('GET', path, {}, hub)).headers.get('ratelimit')).toMatch(/^"key";/);
  });

  it('stop an address that tries keys, but no key that is known, and no other address', async () => {
    const key = await world.apiKey(PLATFORM);
    expect((await world.call('GET', path, { key, headers: from('192.0.2.1') })).status).toBe(200);
    const guess = (address: string) => world.call('GET', path, { key: generateKey('pk'), headers: from(address) });
    const answers = await Promise.all(Array.from({ length: 400 }, () => guess('192.0.2.1')));
    const counts = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([counts(401) + counts(429), counts(401) >= 200, counts(429) > 50]).toEqual([400, true, true]);
    expect((await world.call('GET', path, { key, headers: from('192.0.2.1') })).status).toBe(200);
    expect((await guess('192.0.2.2')).status).toBe(401);
  });

  it('charge an address for each key it tries before anybody is asked about it', async () => {
    const answered: Answer[] = [];
    let guesses: Promise<unknown>[] = [];
    await world.db.transaction(async (sql) => {
      // Nobody is told about a key until this transaction ends.
      await sql.run('LOCK TABLE access.api_key IN ACCESS EXCLUSIVE MODE');
      guesses = Array.from({ length: 400 }, async () =>
        answered.push(await world.call('GET', path, { key: generateKey('pk'), headers: from('192.0.2.5') })),
      );
      await eventually('the rest of them is refused', async () => answered.length > 100);
      expect(answered.every(({ status }) => status === 429)).toBe(true);
      expect(answered[0]?.headers.get('ratelimit-policy')).toBe('"address";q=200;w=10');
      expect(answered[0]?.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    });
    await Promise.all(guesses);
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([401, 429]));
  });

  it('charge no address for keys that are good, however many it has', async () => {
    const keys = world.hub.get(ApiKeys);
    const accounts = world.hub.get(ComponentAccounts);
    const { platformId } = (await accounts.ref(PLATFORM))!;
    for (let round = 0; round < 15; round += 1) {
      const made = await Promise.all(
        Array.from({ length: 20 }, () =>
          keys.create(world.db, { platformId, name: 'n', scopes: ['authorizers:read'], createdBy: 'spec' }),
        ),
      );
      const answers = await Promise.all(
        made.map(({ key }) => world.call('GET', path, { key: key.reveal(), headers: from('192.0.2.6') })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
  });

  it('count the addresses of one IPv6 network as one, at the door and at logins', async () => {
    const login = (address: string, username: string) =>
      world.call('POST', '/v1/sessions', {
        key: null,
        body: { username, password: 'wrong password' },
        headers: from(address),
      });
    const answers: Answer[] = [];
    for (let n = 0; n < 25; n += 1) answers.push(await login(`2001:db8:0:1::${n.toString(16)}`, `nobody.${n}`));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('ratelimit-policy')).toBe('"login-address";q=20;w=86400');
    expect(refused?.headers.get('ratelimit')).toBe(`"login-address";r=0;t=${refused?.headers.get('retry-after')}`);
    expect((await login('2001:db8:0:2::1', 'nobody.99')).status).toBe(401);
    const guesses = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        world.call('GET', path, { key: generateKey('pk'), headers: from(`2001:db8:0:3::${n.toString(16)}`) }),
      ),
    );
    expect(guesses.some(({ status }) => status === 429)).toBe(true);
  });

  it('stop an address that opens pages or logs in without end, but always answer who watches', async () => {
    const get = (what: string) => world.call('GET', what, { key: null, headers: from('192.0.2.3') });
    // A small page: while 400 large ones are sent, the budget of a slow machine grows again.
    const answers = await Promise.all(Array.from({ length: 400 }, () => get('/docs')));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    for (const what of ['/health/live', '/health/ready', '/metrics']) expect((await get(what)).status).toBe(200);
  });

  it('slow down an address that forges pushes, and still look at what it sends', async () => {
    const forged = async (address: string) => {
      const from = performance.now();
      const query = `timestamp=1&nonce=2&msg_signature=${'0'.repeat(40)}`;
      const { status } = await world.call('POST', `/wechat/${PLATFORM}/events?${query}`, {
        key: null,
        body: '<xml><Encrypt>AAAA</Encrypt></xml>',
        headers: { 'x-forwarded-for': address, 'content-type': 'text/xml' },
      });
      return { status, ms: performance.now() - from };
    };
    const answers = await Promise.all(Array.from({ length: 300 }, () => forged('192.0.2.4')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    // From now on they come late, but for the few that the address has earned meanwhile; and each is still looked at.
    let next = await forged('192.0.2.4');
    for (let n = 0; n < 50 && next.ms < 190; n += 1) next = await forged('192.0.2.4');
    expect(next.status).toBe(403);
    expect(next.ms).toBeGreaterThan(190);
  });

  it('let people log in from an address that sends forged pushes or tries keys', async () => {
    const from9 = from('192.0.2.9');
    const query = `timestamp=1&nonce=2&msg_signature=${'0'.repeat(40)}`;
    await Promise.all(
      Array.from({ length: 300 }, () =>
        world.call('POST', `/wechat/${PLATFORM}/events?${query}`, {
          key: null,
          body: '<xml><Encrypt>AAAA</Encrypt></xml>',
          headers: { ...from9, 'content-type': 'text/xml' },
        }),
      ),
    );
    await Promise.all(
      Array.from({ length: 300 }, () => world.call('GET', path, { key: generateKey('pk'), headers: from9 })),
    );
    const body = { username: 'nobody.here', password: 'wrong password' };
    const login = await world.call('POST', '/v1/sessions', { key: null, body, headers: from9 });
    expect([login.status, login.body['code']]).toEqual([401, 'unauthenticated']);
  });

  it('read a large page in portions that make one page', async () => {
    const key = await world.apiKey(PLATFORM);
    await world.db.run(
      `INSERT INTO authorizers.merchant (platform_id, merchant_id, name)
       SELECT platform_id, 'p' || lpad(n::text, 3, '0'), 'P' FROM authorizers.merchant, generate_series(1, 250) AS n WHERE merchant_id = 'm1'`,
    );
    const ids: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await world.call('GET', `${path}?limit=205${more}`, { key });
      const items = body['items'] as { merchant_id: string }[];
      sizes.push(items.length);
      ids.push(...items.map((item) => item.merchant_id));
      cursor = body['next_cursor'] as string | null;
    } while (cursor !== null);
    expect(sizes).toEqual([205, 46]);
    expect(new Set(ids).size).toBe(251);
  });

  it('do not read for a client that disconnected while it waited for its turn', async () => {
    const key = await world.apiKey(PLATFORM);
    const hub = await world.addHub();
    const passedOver = () => world.lines.filter((line) => line.includes('client disconnected')).length;
    const caller = new AbortController();
    const ask = () =>
      fetch(new URL(path, hub.url), { headers: { authorization: `Bearer ${key}` }, signal: caller.signal });
    const asked = await world.db.transaction(async (sql) => {
      // Half of the connections wait for this lock, and everybody else of the tenant for one of them.
      await sql.run('LOCK TABLE authorizers.merchant IN ACCESS EXCLUSIVE MODE');
      const asking = Promise.allSettled(Array.from({ length: 30 }, ask));
      await eventually('the connections of the tenant are taken', async () => {
        const waiting = await sql.query(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'authorizers.merchant'::regclass`,
        );
        return waiting.length === 10;
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      caller.abort();
      const settled = await asking;
      expect(passedOver()).toBe(0);
      return settled;
    });
    expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
    await eventually('they are passed over', async () => passedOver() > 10);
    expect((await world.call('GET', path, { key }, hub)).status).toBe(200);
  });

  it('believe X-Forwarded-For from trusted proxies only', async () => {
    const key = await world.apiKey(PLATFORM);
    const rename = async (name: string, hub = world.hub) => {
      await world.call('PATCH', `${path}/m1`, { key, body: { name }, headers: from('192.0.2.77') }, hub);
      const [event] = await world.db.query<{ address: string }>(
        `SELECT address FROM access.audit_event WHERE action = 'merchant.renamed' ORDER BY id DESC LIMIT 1`,
      );
      return event?.address;
    };
    expect(await rename('one')).toBe('192.0.2.77');
    expect(await rename('two', await world.addHub({ TRUSTED_PROXIES: '198.51.100.0/24' }))).toBe('127.0.0.1');
  });

  it('send merchants back to allowed hosts only', async () => {
    const hub = await world.addHub({ RETURN_URL_HOSTS: 'shop.example,.provider.example' });
    const link = (return_url: string) =>
      world.call(
        'POST',
        `/v1/platforms/${PLATFORM}/authorization-links`,
        { body: { merchant_id: 'm1', page: 'pc', return_url } },
        hub,
      );
    for (const good of ['https://shop.example/back?x=1', 'https://a.provider.example/']) {
      expect((await link(good)).status).toBe(201);
    }
    for (const bad of [
      'https://evil.example/',
      'https://shop.example.evil.example/',
      'https://evil.example/?shop.example',
      'https://shop.example@evil.example/',
      'https://evil.example\\@shop.example/',
      '//shop.example/',
      'javascript:alert(1)',
      'data:text/html,x',
      'http://shop.example/',
    ]) {
      expect([bad, await link(bad)]).toMatchObject([bad, { status: 400, body: { errors: [{ path: 'return_url' }] } }]);
    }
  });
});
