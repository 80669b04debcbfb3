import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PasswordHashPool, Passwords } from '#libs/access';
import { Gate, eventually, lockAwaited } from '#libs/testing';
import type { Hub } from '../src/hub.ts';
import { CHEAP, HubWorld, type Answer } from './hub-world.ts';

const OURS = 'wxplatform00000a';
const THEIRS = 'wxplatform00000b';
const PASSWORD = 'correct horse battery';

describe('passwords of console users', () => {
  let world: HubWorld;
  let hub: Hub;
  const queue = new PasswordHashPool();
  let ours: string;
  let theirs: string;
  beforeAll(async () => {
    world = await HubWorld.start();
    hub = await world.addHub({}, new Passwords(CHEAP, queue));
    for (const platform of [OURS, THEIRS]) await world.platform(platform);
    for (const [username, component_appid] of [
      ['anna', OURS],
      ['bert', THEIRS],
    ] as const) {
      const body = { username, password: PASSWORD, role: 'admin', component_appid };
      expect((await world.call('POST', '/v1/users', { body })).status).toBe(201);
    }
    ours = await world.apiKey(OURS);
    theirs = await world.apiKey(THEIRS);
  }, 60_000);
  afterAll(() => world.stop());

  const setPassword = (key: string, username: string) =>
    world.call('PATCH', `/v1/users/${username}`, { key, body: { password: PASSWORD } }, hub);
  const make = (key: string, username: string, role = 'viewer') =>
    world.call('POST', '/v1/users', { key, body: { username, password: PASSWORD, role } }, hub);
  const login = (username: string) =>
    world.call('POST', '/v1/sessions', { key: null, body: { username, password: PASSWORD } }, hub);

  it('are worked on for nobody who may not change that user', async () => {
    const gate = new Gate();
    // The only slot for changes is taken: a request that needs it would not be answered.
    const held = queue.run({ kind: 'change', who: 'the spec' }, () => gate.pass());
    await gate.waiting;
    const weak = await world.apiKey(OURS, { scopes: ['keys:write', 'authorizers:read'] });
    expect((await setPassword(theirs, 'nobody')).status).toBe(404);
    expect((await setPassword(theirs, 'anna')).status).toBe(404);
    expect((await setPassword(weak, 'anna')).status).toBe(403);
    expect((await make(ours, 'anna')).status).toBe(400);
    expect((await make(theirs, 'cleo', 'operator')).status).toBe(403);
    gate.release();
    await held;
  });

  it('of one tenant keep no other tenant from logging in, nor from more than its turn', async () => {
    const gate = new Gate();
    const held = queue.run({ kind: 'change', who: 'the spec' }, () => gate.pass());
    await gate.waiting;
    const answered: Answer[] = [];
    const flood = Array.from({ length: 12 }, async () => answered.push(await setPassword(theirs, 'bert')));
    await eventually('all but four are refused', async () => answered.length === 8);
    for (const refused of answered) {
      expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(refused.headers.get('retry-after')).toBe('1');
    }
    expect((await login('anna')).status).toBe(201);
    const mine = setPassword(ours, 'anna');
    gate.release();
    expect((await mine).status).toBe(200);
    await Promise.all([...flood, held]);
    expect(answered.slice(8).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('that nobody had time to look at are no failed logins', async () => {
    const gates = [new Gate(), new Gate()];
    const held = gates.map((gate) => queue.run({ kind: 'login', who: 'the spec' }, () => gate.pass()));
    await Promise.all(gates.map((gate) => gate.waiting));
    await world.db.run('DELETE FROM access.login_brake');
    // Of different names, so that it is not the brake that refuses; eight of an address may wait.
    const logins = Array.from({ length: 12 }, (_, n) => login(n === 0 ? 'anna' : `nobody.${n}`));
    try {
      expect(await Promise.race(logins)).toMatchObject({
        status: 429,
        body: { code: 'rate_limited', detail: 'too many login attempts in progress; try again shortly' },
      });
      await eventually('four were refused', async () => {
        const [row] = await world.db.query<{ failures: number }>(
          `SELECT failures FROM access.login_brake WHERE kind = 'address'`,
        );
        return row?.failures === 8;
      });
    } finally {
      for (const gate of gates) gate.release();
    }
    await Promise.all([...held, ...logins]);
  });

  it('are not set for a user who gets more privileges at that moment', async () => {
    const weak = await world.apiKey(OURS, {
      scopes: ['keys:write', 'authorizers:read', 'domains:read', 'api-ips:read'],
    });
    expect((await make(ours, 'dora')).status).toBe(201);
    let answer: ReturnType<typeof setPassword> | undefined;
    await world.db.transaction(async (sql) => {
      await sql.run(`UPDATE access.console_user SET role = 'admin' WHERE username = 'dora'`);
      answer = setPassword(weak, 'dora');
      await lockAwaited('the change waits for the promotion', world.db);
    });
    expect((await answer)?.status).toBe(403);
  });
});
