import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKER_ROLE } from '#libs/kernel';
import { cloneDatabase, lockAwaited, type TestDatabase } from '#libs/testing';
import { LoginThrottle } from './login-throttle.ts';

describe('failed logins', () => {
  let test: TestDatabase;
  let brake: LoginThrottle;
  beforeAll(async () => {
    test = await cloneDatabase();
    test.db.actAs(WORKER_ROLE);
    brake = new LoginThrottle(test.db);
  });
  afterAll(() => test.drop());

  const tried = async (name: string, address: string) =>
    brake.attempt(name, address).then(
      () => 'may try',
      (error: { code: string; retryAfterSeconds: number }) => [error.code, error.retryAfterSeconds],
    );

  it('make a name wait, longer each time, up to a quarter of an hour, also in another process', async () => {
    const elsewhere = await test.another();
    const waits: unknown[] = [];
    for (let attempt = 0; attempt < 30; attempt += 1) {
      let answer = await tried('anna', `a${attempt}`);
      if (answer !== 'may try') {
        waits.push(answer[1]);
        await expect(new LoginThrottle(elsewhere).attempt('anna', `b${attempt}`)).rejects.toMatchObject({
          code: 'rate_limited',
        });
        await test.db.run('UPDATE access.login_brake SET locked_until = wxfleet.now()');
        answer = await tried('anna', `c${attempt}`);
      }
      expect(answer).toBe('may try');
    }
    expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(waits.at(-1)).toBe(900);
  });

  it('count each of many that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => tried('bert', `d${index}`)));
    expect(answers.filter((answer) => answer === 'may try')).toHaveLength(5);
  });

  it('that began earlier and were counted later wait for nothing', async () => {
    const onlooker = await test.another();
    let earlier: Promise<unknown> | undefined;
    await test.db.transaction(async (sql) => {
      await sql.run(`SELECT set_config('wxfleet.clock_shift', '1 second', true)`);
      await new LoginThrottle(sql).attempt('dora', 'her address');
      earlier = tried('dora', 'her address');
      await lockAwaited('it waits for the other', onlooker);
    });
    expect(await earlier).toBe('may try');
  });

  it('make an address wait, whatever the names', async () => {
    const answers: unknown[] = [];
    for (let index = 0; index < 25; index += 1) answers.push(await tried(`name${index}`, 'one address'));
    expect(answers.filter((answer) => answer === 'may try')).toHaveLength(20);
  });

  it('are forgotten with the right password, and after a day', async () => {
    for (let attempt = 0; attempt < 4; attempt += 1) await tried('cleo', 'e1');
    await brake.succeeded('cleo', 'e1');
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await tried('cleo', 'e2')).toBe('may try');
    expect(await tried('cleo', 'e2')).toEqual(['rate_limited', 1]);
    await test.db.run(
      `UPDATE access.login_brake SET failed_at = failed_at - interval '25 hours', locked_until = failed_at`,
    );
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await tried('cleo', 'e2')).toBe('may try');
    await brake.prune();
    expect((await test.db.query('SELECT 1 FROM access.login_brake')).length).toBe(2);
  });
});
