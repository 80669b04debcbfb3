import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrail, Passwords } from '#libs/access';
import type { MeView } from '#libs/contract';
import { eventually } from '#libs/testing';
import type { Hub } from '../src/hub.ts';
import { CHEAP, HubWorld, type Answer } from './hub-world.ts';

const OURS = 'wxplatform00000a';
const THEIRS = 'wxplatform00000b';
const base = `/v1/platforms/${OURS}`;
const PASSWORD = 'correct horse battery';

describe('console users', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(OURS);
    await world.platform(THEIRS);
    await world.merchant(OURS, 'm1');
  }, 60_000);
  afterAll(() => world.stop());

  let names = 0;
  async function user(role: string, platform: string | null = OURS): Promise<string> {
    const username = `${role}.${(names += 1)}`;
    const body = { username, password: PASSWORD, role, ...(platform ? { component_appid: platform } : {}) };
    const made = await world.call('POST', '/v1/users', { body });
    expect(made).toMatchObject({ status: 201, body: { username, role, component_appid: platform } });
    expect(made.text).not.toMatch(/scrypt|correct horse/);
    return username;
  }

  /** A browser: the cookie and the header that go with every call. */
  class Browser {
    cookie = '';
    csrf = '';

    constructor(readonly hub: Hub = world.hub) {}

    async login(username: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<Answer<MeView>> {
      const body = { username, password };
      const answer = await world.call<MeView>('POST', '/v1/sessions', { key: null, body, headers }, this.hub);
      if (answer.status === 201) {
        this.cookie = (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] as string;
        this.csrf = answer.body.csrf_token ?? '';
      }
      return answer;
    }

    call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const all = { cookie: this.cookie, 'x-csrf-token': this.csrf, ...headers };
      return world.call(method, path, { key: null, headers: all, ...(body === undefined ? {} : { body }) }, this.hub);
    }
  }

  async function loggedIn(role: string, platform: string | null = OURS): Promise<Browser & { name: string }> {
    const name = await user(role, platform);
    const browser = new Browser();
    expect((await browser.login(name)).status).toBe(201);
    return Object.assign(browser, { name });
  }

  describe('a session', () => {
    it('is a cookie that scripts cannot read and other sites cannot send; neither it nor the password is kept', async () => {
      const name = await user('admin');
      const browser = new Browser();
      const { headers, body } = await browser.login(name);
      expect(headers.getSetCookie()[0]).toMatch(
        /^wxfleet_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
      );
      expect(body).toMatchObject({ kind: 'user', name: `user:${name}`, role: 'admin', component_appid: OURS });
      const token = browser.cookie.split('=')[1] as string;
      const stored = JSON.stringify([
        await world.db.query('SELECT s::text FROM access.session s'),
        await world.db.query('SELECT u::text FROM access.console_user u'),
      ]);
      expect(stored).not.toContain(token);
      expect(stored).not.toContain('correct horse');
      expect(world.lines.join()).not.toMatch(new RegExp(`${token}|correct horse`));
    });

    it('has the __Host- prefix and Secure over https', async () => {
      const hub = await world.addHub({ PUBLIC_URL: 'https://hub.example' });
      const browser = new Browser(hub);
      const { headers } = await browser.login(await user('viewer'));
      expect(headers.get('set-cookie')).toMatch(/^__Host-wxfleet_session=.*; Secure$/);
      expect((await browser.call('GET', '/v1/me')).status).toBe(200);
    });

    it('says who is asking, as it does for a key', async () => {
      const browser = await loggedIn('viewer');
      const me = await browser.call('GET', '/v1/me');
      expect(me.body).toMatchObject({
        kind: 'user',
        csrf_token: browser.csrf,
        scopes: ['authorizers:read', 'domains:read', 'api-ips:read'],
      });
      const key = await world.apiKey(OURS, { scopes: ['audit:read'], merchantIds: ['m1'] });
      expect((await world.call('GET', '/v1/me', { key })).body).toMatchObject({
        kind: 'api_key',
        role: null,
        component_appid: OURS,
        scopes: ['audit:read'],
        merchant_ids: ['m1'],
        csrf_token: null,
      });
    });

    it('changes nothing without the header that only our own page can add', async () => {
      const browser = await loggedIn('admin');
      const rename = (headers: Record<string, string>) =>
        browser.call('PATCH', `${base}/merchants/m1`, { name: 'renamed' }, headers);
      expect((await rename({})).status).toBe(200);
      for (const wrong of [
        '',
        'x',
        `${browser.csrf}x`,
        'A'.repeat(browser.csrf.length),
        'é'.repeat(browser.csrf.length),
      ]) {
        expect(await rename({ 'x-csrf-token': wrong })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      }
      const other = await loggedIn('admin');
      expect((await rename({ 'x-csrf-token': other.csrf })).status).toBe(403);
    });

    it('is not begun from another site', async () => {
      const name = await user('viewer');
      expect((await new Browser().login(name, PASSWORD, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
      expect((await new Browser().login(name, PASSWORD, { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    });

    it('of two cookies of one name is nobody’s', async () => {
      const browser = await loggedIn('viewer');
      const planted = `${browser.cookie}; wxfleet_session=${'a'.repeat(43)}`;
      expect((await browser.call('GET', '/v1/me', undefined, { cookie: planted })).status).toBe(401);
    });

    it('ends in every process: by logging out, by being disabled, by a new password', async () => {
      const elsewhere = await world.addHub();
      const ends: Record<string, (browser: Browser & { name: string }) => Promise<Answer>> = {
        logout: (browser) => browser.call('DELETE', '/v1/sessions/current'),
        disabled: ({ name }) => world.call('PATCH', `/v1/users/${name}`, { body: { disabled: true } }),
        password: ({ name }) => world.call('PATCH', `/v1/users/${name}`, { body: { password: 'another password' } }),
      };
      for (const [how, end] of Object.entries(ends)) {
        const browser = await loggedIn('viewer');
        const there = Object.assign(new Browser(elsewhere), { cookie: browser.cookie });
        expect([how, (await there.call('GET', '/v1/me')).status]).toEqual([how, 200]);
        expect((await end(browser)).status).toBeLessThan(300);
        await eventually(
          `${how}: refused elsewhere`,
          async () => (await there.call('GET', '/v1/me')).status === 401,
          60_000,
        );
        await eventually(
          `${how}: refused here`,
          async () => (await browser.call('GET', '/v1/me')).status === 401,
          60_000,
        );
      }
    });

    it('ends when it is idle for too long, and in the end whatever happens', async () => {
      for (const change of ["last_seen_at = wxfleet.now() - interval '121 minutes'", 'expires_at = wxfleet.now()']) {
        const browser = await loggedIn('viewer');
        await world.db.run(
          `UPDATE access.session SET ${change} WHERE user_id = (SELECT user_id FROM access.console_user WHERE username = $1)`,
          [browser.name],
        );
        expect((await browser.call('GET', '/v1/me')).status).toBe(401);
      }
    });
  });

  describe('a login', () => {
    it('with a wrong name and with a wrong password is the same answer', async () => {
      const name = await user('viewer');
      const wrong = await new Browser().login(name, 'wrong password');
      const nobody = await new Browser().login('nobody.at.all', 'wrong password');
      expect([wrong.status, nobody.status]).toEqual([401, 401]);
      expect({ ...wrong.body, instance: '' }).toEqual({ ...nobody.body, instance: '' });
    });

    it('with a name that no user can have is refused before anybody is looked up', async () => {
      for (const name of ['\u0000', 'a\u0000b', 'a\nb', '\ud800']) {
        expect(await new Browser().login(name, 'wrong password')).toMatchObject({
          status: 400,
          body: { errors: [{ path: 'username' }] },
        });
      }
    });

    it('after too many failures waits, even with the right password, and says for how long', async () => {
      const name = await user('viewer');
      for (let attempt = 0; attempt < 5; attempt += 1) await new Browser().login(name, 'wrong password');
      const locked = await new Browser().login(name);
      expect(locked).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
      await world.db.run('DELETE FROM access.login_brake');
      expect((await new Browser().login(name)).status).toBe(201);
    });

    it('from where the user has been before is not kept out by who guesses elsewhere', async () => {
      const hub = await world.addHub({ TRUSTED_PROXIES: '127.0.0.0/8' });
      const name = await user('viewer');
      const login = (address: string, password = PASSWORD) =>
        new Browser(hub).login(name, password, { 'x-forwarded-for': address });
      expect((await login('192.0.2.1')).status).toBe(201);
      const guesses: number[] = [];
      for (let n = 0; n < 6; n += 1) guesses.push((await login('192.0.2.66', 'wrong password')).status);
      expect(guesses).toEqual([401, 401, 401, 401, 401, 429]);
      expect((await login('192.0.2.2')).status).toBe(429);
      expect((await login('192.0.2.1')).status).toBe(201);
      // The right password there has not set the guesser free, and guesses there are counted too.
      expect((await login('192.0.2.66', 'wrong password')).status).toBe(429);
      const near: number[] = [];
      for (let n = 0; n < 6; n += 1) near.push((await login('192.0.2.1', 'wrong password')).status);
      expect(near).toEqual([401, 401, 401, 401, 401, 429]);
      await world.db.run('DELETE FROM access.login_brake');
    });

    it('with the right password gets in from a known device, while others guess names behind the same address', async () => {
      const name = await user('viewer');
      const browser = new Browser();
      const first = await browser.login(name);
      const device = first.headers.getSetCookie()[1]?.split(';', 1)[0] as string;
      expect(first.headers.getSetCookie()[1]).toMatch(
        /^wxfleet_device=[A-Za-z0-9_-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=15552000$/,
      );
      expect(device).not.toContain(name);
      // Everybody has the address of one proxy: names that nobody has, and the user's own, from other browsers.
      const guess = new Browser();
      for (let index = 0; index < 30; index += 1) await guess.login(`invented.${index}`, 'wrong password');
      for (let index = 0; index < 10; index += 1) await guess.login(name, 'wrong password');
      expect((await new Browser().login(name)).status).toBe(429);
      const again = await new Browser().login(name, PASSWORD, { cookie: device });
      expect(again.status).toBe(201);
      expect(again.headers.getSetCookie()).toHaveLength(2);
      // The device has a count of its own, and opens nobody else's account.
      const other = await user('viewer');
      expect((await new Browser().login(other, PASSWORD, { cookie: device })).status).toBe(429);
      expect((await new Browser().login(name, PASSWORD, { cookie: 'wxfleet_device=invented' })).status).toBe(429);
      const answers: number[] = [];
      for (let index = 0; index < 8; index += 1) {
        answers.push((await new Browser().login(name, 'wrong password', { cookie: device })).status);
      }
      expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
      await world.db.run('DELETE FROM access.login_brake');
    });

    it('renews a hash that was made at another cost', async () => {
      const name = await user('viewer');
      const hash = async () =>
        (
          await world.db.query<{ hash: string }>(
            'SELECT password_hash AS hash FROM access.console_user WHERE username = $1',
            [name],
          )
        )[0]?.hash;
      const before = await hash();
      const hub = await world.addHub({}, new Passwords({ ...CHEAP, p: 2 }));
      expect((await new Browser(hub).login(name)).status).toBe(201);
      expect([before, await hash()]).toEqual([
        expect.stringMatching(/^\$scrypt\$ln=10,r=8,p=1\$/),
        expect.stringMatching(/^\$scrypt\$ln=10,r=8,p=2\$/),
      ]);
      expect((await new Browser(hub).login(name)).status).toBe(201);
    });

    it('that is refused leaves a trace, with the name only when somebody has it', async () => {
      const name = await user('viewer');
      await world.hub.get(AuditTrail).flush();
      const since = (await world.db.query<{ id: number }>('SELECT max(id) AS id FROM access.audit_event'))[0]?.id;
      const attempts = [name, name, 'hunter2.typed.as.a.name', name];
      for (const username of attempts) await new Browser().login(username, 'wrong password');
      await world.db.run(
        `UPDATE access.login_brake SET locked_until = wxfleet.now() + interval '1 hour' WHERE kind = 'user'`,
      );
      expect((await new Browser().login(name)).status).toBe(429);
      await world.db.run('DELETE FROM access.login_brake');
      await world.hub.get(AuditTrail).flush();
      const events = await world.db.query<Record<string, unknown>>(
        `SELECT actor, subject, outcome, address, platform_id IS NOT NULL AS "hasPlatform", sum(count)::int AS count
           FROM access.audit_event WHERE action = 'session.refused' AND id > $1 GROUP BY 1, 2, 3, 4, 5 ORDER BY 6, 3`,
        [since],
      );
      const by = { actor: 'nobody', address: '127.0.0.1' };
      expect(events).toEqual([
        { ...by, subject: null, outcome: 'rate_limited', hasPlatform: false, count: 1 },
        { ...by, subject: null, outcome: 'unauthenticated', hasPlatform: false, count: 1 },
        { ...by, subject: `user:${name}`, outcome: 'unauthenticated', hasPlatform: true, count: 3 },
      ]);
      expect(world.lines.filter((line) => line.includes('"session.refused"') && line.includes(name))).toHaveLength(3);
      expect(world.lines.join()).not.toContain('hunter2');
    });

    it('begins and ends with its trace or not at all', async () => {
      const name = await user('viewer');
      const browser = await loggedIn('viewer');
      const sessions = async () =>
        world.db.query('SELECT session_id FROM access.session WHERE ended_at IS NULL ORDER BY 1');
      const before = await sessions();
      await world.db.run(
        `CREATE FUNCTION access.spec_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'no room for the trail'; END $$`,
      );
      await world.db.run(
        `CREATE TRIGGER spec_refuses BEFORE INSERT ON access.audit_event FOR EACH ROW
           WHEN (NEW.action LIKE 'session.%') EXECUTE FUNCTION access.spec_refuses()`,
      );
      try {
        expect((await new Browser().login(name)).status).toBe(500);
        expect((await browser.call('DELETE', '/v1/sessions/current')).status).toBe(500);
        expect(await sessions()).toEqual(before);
      } finally {
        await world.db.run('DROP TRIGGER spec_refuses ON access.audit_event');
        await world.db.run('DROP FUNCTION access.spec_refuses');
      }
      expect((await browser.call('DELETE', '/v1/sessions/current')).status).toBe(204);
    });

    it('leaves a trace', async () => {
      const browser = await loggedIn('admin');
      await browser.call('DELETE', '/v1/sessions/current');
      const { body } = await world.call<{ items: { action: string }[] }>(
        'GET',
        `${base}/audit-events?actor=user:${browser.name}`,
      );
      expect(body.items.map((event) => event.action)).toEqual(['session.ended', 'session.started']);
    });
  });

  describe('by role', () => {
    it('a viewer reads the own platform and changes nothing', async () => {
      const browser = await loggedIn('viewer');
      expect((await browser.call('GET', base)).status).toBe(200);
      expect((await browser.call('GET', `/v1/platforms/${THEIRS}`)).status).toBe(404);
      expect((await browser.call('PATCH', `${base}/merchants/m1`, { name: 'x' })).status).toBe(403);
      expect((await browser.call('GET', '/v1/users')).status).toBe(403);
      expect((await browser.call('GET', `${base}/audit-events`)).status).toBe(403);
    });

    it('an admin makes users and keys of the own platform, and no operators', async () => {
      const browser = await loggedIn('admin');
      const make = (more: object) =>
        browser.call('POST', '/v1/users', {
          username: `made.${(names += 1)}`,
          password: PASSWORD,
          role: 'viewer',
          ...more,
        });
      expect(await make({})).toMatchObject({ status: 201, body: { component_appid: OURS } });
      expect((await make({ component_appid: THEIRS })).status).toBe(400);
      expect((await make({ role: 'operator' })).status).toBe(403);
      const theirs = await user('viewer', THEIRS);
      expect((await browser.call('PATCH', `/v1/users/${theirs}`, { disabled: true })).status).toBe(404);
      const { body } = await browser.call('GET', '/v1/users?limit=500');
      expect(new Set((body['items'] as { component_appid: string }[]).map((row) => row.component_appid))).toEqual(
        new Set([OURS]),
      );
      const key = await browser.call('POST', `${base}/api-keys`, { name: 'backend', scopes: ['tokens:issue'] });
      expect(key.status).toBe(201);
    });

    it('an operator sees the whole installation', async () => {
      const browser = await loggedIn('operator', null);
      expect((await browser.call('GET', `/v1/platforms/${THEIRS}`)).status).toBe(200);
      expect((await browser.call('GET', '/v1/audit-chain')).status).toBe(200);
    });

    it('nobody sets the password of a user with more privileges, nor grants what they lack', async () => {
      const operator = await user('operator', null);
      const admin = await user('admin');
      const weak = await world.apiKey(OURS, { scopes: ['keys:write', 'authorizers:read'] });
      const patch = (name: string) =>
        world.call('PATCH', `/v1/users/${name}`, { key: weak, body: { password: 'mine mine mine' } });
      expect((await patch(admin)).status).toBe(403);
      expect((await patch(operator)).status).toBe(404);
      const limited = await world.apiKey(OURS, { merchantIds: ['m1'] });
      expect((await world.call('GET', '/v1/users', { key: limited })).status).toBe(403);
    });
  });

  describe('a key', () => {
    it('is replaced by one that may do the same; both work during the overlap, then only the new one', async () => {
      const admin = await world.apiKey(OURS);
      const scopes = ['authorizers:read', 'keys:write'] as const;
      const old = await world.call<{ id: string; key: string }>('POST', `${base}/api-keys`, {
        key: admin,
        body: { name: 'backend', scopes, merchant_ids: ['m1'] },
      });
      const rotate = (body?: unknown) =>
        world.call<{ id: string; key: string }>('POST', `${base}/api-keys/${old.body.id}/rotations`, {
          key: admin,
          body,
        });
      const made = await rotate({ overlap_seconds: 3600 });
      expect(made).toMatchObject({
        status: 201,
        body: { name: 'backend', scopes, merchant_ids: ['m1'], replaced_by: null },
      });
      for (const { key } of [old.body, made.body]) {
        expect((await world.call('GET', `${base}/merchants/m1`, { key })).status).toBe(200);
      }
      expect(await rotate()).toMatchObject({ status: 409, body: { code: 'conflict' } });
      const { body } = await world.call<{ items: Record<string, unknown>[] }>('GET', `${base}/api-keys`, {
        key: admin,
      });
      expect(body.items.find((row) => row['id'] === old.body.id)).toMatchObject({
        replaced_by: made.body.id,
        expires_at: expect.any(String),
      });
      // A leaked one is replaced without an overlap.
      const second = `${base}/api-keys/${made.body.id}/rotations`;
      const third = await world.call<{ key: string }>('POST', second, { key: admin, body: { overlap_seconds: 0 } });
      await eventually(
        'the replaced one is refused',
        async () => (await world.call('GET', `${base}/merchants/m1`, { key: made.body.key })).status === 401,
        60_000,
      );
      expect((await world.call('GET', `${base}/merchants/m1`, { key: third.body.key })).status).toBe(200);
    });

    it('gives away no more life than it has', async () => {
      const make = (key: string | undefined, body: object) =>
        world.call<{ id: string; key: string; expires_at: string | null }>('POST', `${base}/api-keys`, {
          ...(key === undefined ? {} : { key }),
          body: { name: 'k', scopes: ['keys:write', 'audit:read'], ...body },
        });
      const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
      const end = at(10);
      const short = (await make(undefined, { expires_at: end })).body.key;
      expect(await make(short, {})).toMatchObject({ status: 201, body: { expires_at: end } });
      expect(await make(short, { expires_at: at(5) })).toMatchObject({ status: 201 });
      expect(await make(short, { expires_at: at(11) })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      const lasting = await make(undefined, {});
      expect(lasting.body.expires_at).toBeNull();
      // Nor by replacing one that lives longer; taking that one away is another thing.
      const path = `${base}/api-keys/${lasting.body.id}`;
      expect((await world.call('POST', `${path}/rotations`, { key: short })).status).toBe(403);
      expect((await world.call('DELETE', path, { key: short })).status).toBe(204);
      const own = (await world.call<{ items: { id: string }[] }>('GET', `${base}/api-keys`)).body.items.find(
        ({ id }) => id !== lasting.body.id,
      );
      expect(await world.call('POST', `${base}/api-keys/${own?.id}/rotations`, { key: short })).toMatchObject({
        status: 201,
      });
      expect(await make(undefined, { expires_at: at(-1) })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ path: 'expires_at' }] },
      });
    });

    it('is not taken away by one that may do less, but by itself', async () => {
      const strong = await world.call<{ id: string; key: string }>('POST', `${base}/api-keys`, {
        body: { name: 's', scopes: ['audit:read', 'keys:write'] },
      });
      const weak = await world.apiKey(OURS, { scopes: ['keys:write'] });
      const path = `${base}/api-keys/${strong.body.id}`;
      expect(await world.call('DELETE', path, { key: weak })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
      expect((await world.call('DELETE', path, { key: strong.body.key })).status).toBe(204);
    });

    it('cannot be replaced by one that may do less, nor from another platform', async () => {
      const strong = await world.call<{ id: string }>('POST', `${base}/api-keys`, {
        body: { name: 's', scopes: ['audit:read'] },
      });
      const weak = await world.apiKey(OURS, { scopes: ['keys:write'] });
      const theirs = await world.apiKey(THEIRS);
      const path = `${base}/api-keys/${strong.body.id}/rotations`;
      expect((await world.call('POST', path, { key: weak })).status).toBe(403);
      expect((await world.call('POST', path, { key: theirs })).status).toBe(404);
    });
  });
});
