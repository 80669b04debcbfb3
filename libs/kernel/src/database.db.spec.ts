import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { isDatabaseUnavailable } from './database.ts';

describe('Database', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('gives rows of RETURNING and counts of plain writes', async () => {
    await test.db.run('CREATE TABLE t (id bigint, at timestamptz)');
    const rows = await test.db.query<{ id: number }>('INSERT INTO t VALUES ($1, now()) RETURNING id', [9]);
    expect(rows).toEqual([{ id: 9 }]);
    expect(await test.db.query('UPDATE t SET id = 10 RETURNING id')).toEqual([{ id: 10 }]);
    expect(await test.db.run('UPDATE t SET id = 11')).toBe(1);
  });

  it('rolls back what a rejected transaction wrote', async () => {
    await test.db.run('CREATE TABLE r (id int)');
    await expect(
      test.db.transaction(async (sql) => {
        await sql.run('INSERT INTO r VALUES (1)');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await test.db.query('SELECT * FROM r')).toEqual([]);
  });

  it('tells row-level security for whom a transaction runs, and nothing after it', async () => {
    const seen = await test.db.forTenant({ platformId: 7, merchantIds: ["o'neil"] }, (sql) =>
      sql.query("SELECT current_setting('wxfleet.platform_id') p, current_setting('wxfleet.merchant_ids') m"),
    );
    expect(seen).toEqual([{ p: '7', m: '["o\'neil"]' }]);
    expect(await test.db.query("SELECT coalesce(current_setting('wxfleet.platform_id', true), '') p")).toEqual([
      { p: '' },
    ]);
  });

  it('shifts wxfleet.now() for its own handle only', async () => {
    const other = await test.another();
    test.db.travel('-42 days');
    const age = 'SELECT round(extract(epoch FROM now() - wxfleet.now()) / 86400) AS days';
    expect(Number((await test.db.query<{ days: string }>(age))[0]?.days)).toBe(42);
    expect(Number((await other.query<{ days: string }>(age))[0]?.days)).toBe(0);
    test.db.travel(null);
    expect(Number((await test.db.query<{ days: string }>(age))[0]?.days)).toBe(0);
  });

  it('hears notifications, and says when it may have missed some', async () => {
    const heard: string[] = [];
    let gaps = 0;
    const stop = await test.db.listen(
      'c1',
      (payload) => heard.push(payload),
      () => (gaps += 1),
    );
    const other = await test.another();
    await other.notify('c1', 'hello');
    await eventually('first message', () => heard.includes('hello'));
    await other.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%listener'",
    );
    await eventually('reconnect', () => gaps === 1);
    await other.notify('c1', 'again');
    await eventually('message after reconnect', () => heard.includes('again'));
    await stop();
  });

  it('goes on after its connections were ended by the server', async () => {
    const other = await test.another();
    await test.db.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const attempt = async () => {
      try {
        return await other.query('SELECT 1 AS one');
      } catch (error) {
        expect(isDatabaseUnavailable(error)).toBe(true);
        return undefined;
      }
    };
    expect(await eventually('a new connection', attempt)).toEqual([{ one: 1 }]);
  });
});
