import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '#libs/access';
import { eventually } from '#libs/testing';
import { HubWorld, type Answer } from './hub-world.ts';

const OURS = 'wxplatform00000a';
const base = `/v1/platforms/${OURS}`;
const PASSWORD = 'correct horse battery';

interface MadeKey {
  id: string;
  key: string;
  networks: string[] | null;
}

describe('what a key can give away', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(OURS);
  }, 60_000);
  afterAll(() => world.stop());

  let names = 0;
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const makeKey = (body: object, key?: string) =>
    world.call<MadeKey>('POST', `${base}/api-keys`, {
      ...(key === undefined ? {} : { key }),
      body: { name: 'k', scopes: ['keys:write', 'authorizers:read', 'domains:read', 'api-ips:read'], ...body },
    });
  const makeUser = (body: object, key?: string) =>
    world.call<{ username: string; expires_at: string | null }>('POST', '/v1/users', {
      ...(key === undefined ? {} : { key }),
      body: { username: `u.${(names += 1)}`, password: PASSWORD, role: 'viewer', component_appid: OURS, ...body },
    });
  const login = (username: string): Promise<Answer> =>
    world.call('POST', '/v1/sessions', { key: null, body: { username, password: PASSWORD } });

  it('is no user who lives longer, by making one or by setting a password', async () => {
    const end = at(30);
    const short = (await makeKey({ expires_at: end })).body.key;
    const made = await makeUser({}, short);
    expect(made).toMatchObject({ status: 201, body: { expires_at: end } });
    expect(await makeUser({ expires_at: at(31) }, short)).toMatchObject({ status: 403, body: { code: 'forbidden' } });

    const lasting = (await makeUser({})).body;
    expect(lasting.expires_at).toBeNull();
    const patch = (body: object) => world.call('PATCH', `/v1/users/${lasting.username}`, { key: short, body });
    expect((await patch({ password: 'mine mine mine' })).status).toBe(403);
    expect((await patch({ disabled: false })).status).toBe(403);
    expect((await patch({ expires_at: null })).status).toBe(403);
    // Taking away is another thing.
    expect((await patch({ disabled: true })).status).toBe(200);
    expect(
      (await world.call('PATCH', `/v1/users/${made.body.username}`, { key: short, body: { expires_at: null } })).status,
    ).toBe(403);
    expect(await world.call('PATCH', `/v1/users/${made.body.username}`, { body: { expires_at: null } })).toMatchObject({
      status: 200,
      body: { expires_at: null },
    });
  });

  it('ends with the user: neither a login nor a session goes on after that', async () => {
    const { username } = (await makeUser({ expires_at: at(30) })).body;
    const opened = await login(username);
    expect(opened.status).toBe(201);
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';', 1)[0] as string;
    const [session] = await world.db.query<{ same: boolean }>(
      `SELECT s.expires_at = u.expires_at AS same FROM access.session s JOIN access.console_user u USING (user_id)
        WHERE u.username = $1`,
      [username],
    );
    expect(session).toEqual({ same: true });
    await world.db.run(`UPDATE access.console_user SET expires_at = wxfleet.now() WHERE username = $1`, [username]);
    expect((await login(username)).status).toBe(401);
    await world.db.run(
      `UPDATE access.session SET expires_at = wxfleet.now() WHERE user_id = (SELECT user_id FROM access.console_user WHERE username = $1)`,
      [username],
    );
    const fresh = await world.addHub();
    expect((await world.call('GET', '/v1/me', { key: null, headers: { cookie } }, fresh)).status).toBe(401);
  });

  it('is revoked with it, where that is asked for, to the last one', async () => {
    const root = (await makeKey({})).body;
    const child = (await makeKey({}, root.key)).body;
    const grandchild = (await makeKey({}, child.key)).body;
    const { username } = (await makeUser({}, grandchild.key)).body;
    const bystander = (await makeKey({})).body;
    expect((await login(username)).status).toBe(201);
    const works = async (key: string) => (await world.call('GET', base, { key })).status === 200;

    const kept = (await makeKey({}, root.key)).body;
    expect((await world.call('DELETE', `${base}/api-keys/${kept.id}`)).status).toBe(204);
    expect(await works(child.key)).toBe(true);
    expect((await world.call('DELETE', `${base}/api-keys/${root.id}?made=revoke`)).status).toBe(204);
    for (const { key } of [root, child, grandchild]) await eventually('it is refused', async () => !(await works(key)));
    expect((await login(username)).status).toBe(401);
    expect(await works(bystander.key)).toBe(true);
    const [event] = await world.db.query<{ detail: unknown }>(
      `SELECT detail FROM access.audit_event WHERE action = 'api_key.revoked' AND subject = $1`,
      [`api_key:${root.id}`],
    );
    expect(event?.detail).toEqual({
      revoked_keys: [child.id, grandchild.id, kept.id].sort(),
      disabled_users: [username],
    });
  });

  it('is no key for other networks, and a key works from its own only', async () => {
    const here = (await makeKey({ networks: ['127.0.0.1', '10.9.8.7/8'] })).body;
    expect(here.networks).toEqual(['127.0.0.1/32', '10.0.0.0/8']);
    expect((await world.call('GET', base, { key: here.key })).status).toBe(200);
    expect((await makeKey({}, here.key)).body.networks).toEqual(here.networks);
    expect((await makeKey({ networks: ['10.1.0.0/16'] }, here.key)).status).toBe(201);
    for (const networks of [['10.0.0.0/7'], ['::/0'], ['127.0.0.0/31']]) {
      expect(await makeKey({ networks }, here.key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await makeUser({}, here.key)).status).toBe(403);
    expect(await makeKey({ networks: ['10.0.0.0/8', 'nowhere'] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'networks.1' }] },
    });
    const elsewhere = (await makeKey({ networks: ['203.0.113.0/24'] })).body;
    const refused = await world.call('GET', base, { key: elsewhere.key });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(refused.text).toContain('127.0.0.1');
    // From memory too, and after a rotation.
    expect((await world.call('GET', base, { key: elsewhere.key })).status).toBe(403);
    const rotated = await world.call<MadeKey>('POST', `${base}/api-keys/${elsewhere.id}/rotations`);
    expect(rotated.body.networks).toEqual(['203.0.113.0/24']);
  });

  it('shows from where a key was used last', async () => {
    const { id, key } = (await makeKey({})).body;
    await world.call('GET', base, { key });
    await world.hub.get(ApiKeys).flushUse();
    const { body } = await world.call<{ items: { id: string; last_used_address: string | null }[] }>(
      'GET',
      `${base}/api-keys`,
    );
    expect(body.items.find((row) => row.id === id)).toMatchObject({ last_used_address: '127.0.0.1' });
  });

  it('erases a user for good, when the name is repeated', async () => {
    const { username } = (await makeUser({})).body;
    const opened = await login(username);
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';', 1)[0] as string;
    const erase = (body: object, key?: string) =>
      world.call('DELETE', `/v1/users/${username}`, { body, ...(key === undefined ? {} : { key }) });
    expect(await erase({ confirm: 'somebody' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'confirm' }] },
    });
    const weak = (await makeKey({ scopes: ['keys:write'] })).body.key;
    expect((await erase({ confirm: username }, weak)).status).toBe(403);
    expect((await erase({ confirm: username })).status).toBe(204);
    expect((await erase({ confirm: username })).status).toBe(404);
    expect((await login(username)).status).toBe(401);
    await eventually(
      'the session ends',
      async () => (await world.call('GET', '/v1/me', { key: null, headers: { cookie } })).status === 401,
    );
    expect(await world.db.query('SELECT 1 FROM access.console_user WHERE username = $1', [username])).toEqual([]);
    const [event] = await world.db.query<{ actor: string }>(
      `SELECT actor FROM access.audit_event WHERE action = 'user.erased' AND subject = $1`,
      [`user:${username}`],
    );
    expect(event?.actor).toMatch(/^operator:/);
  });
});
