import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { WORKER_ROLE, isDatabaseUnavailable, type Sql, type Tenant } from './database.ts';

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

  it('survives a connection that dies in the moment in which it is made', async () => {
    const db = await test.another({ poolSize: 2 });
    const { pool } = db as unknown as { pool: pg.Pool };
    let made = 0;
    pool.on('connect', (client) => {
      made += 1;
      // What a server sends that is being shut down, right behind its welcome: nobody has had the time to listen.
      client.emit('error', Object.assign(new Error('terminating connection'), { code: '57P01' }));
    });
    const asked = await Promise.allSettled([db.query('SELECT pg_sleep(0.05)'), db.query('SELECT pg_sleep(0.05)')]);
    expect(asked).toHaveLength(2);
    expect(made).toBeGreaterThan(0);
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
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
    const merchantIds = ["o'neil", 'a"b\\c', '{}', ''];
    const seen = await test.db.forTenant({ platformId: 7, merchantIds }, (sql) =>
      sql.query('SELECT wxfleet.tenant_platform() p, wxfleet.tenant_merchants() m, current_user::text u'),
    );
    expect(seen).toEqual([{ p: 7, m: merchantIds, u: 'wxfleet_api' }]);
    const after = await test.db.query<{ p: string; u: string }>(
      "SELECT coalesce(current_setting('wxfleet.platform_id', true), '') p, current_user::text u",
    );
    expect(after[0]?.p).toBe('');
    expect(after[0]?.u).not.toBe('wxfleet_api');
  });

  it('tells apart no limit, and a limit to nothing', async () => {
    const ask = (tenant: Tenant) =>
      test.db.forTenant(tenant, (sql) =>
        sql.query(
          'SELECT wxfleet.every_platform() ep, wxfleet.tenant_platform() p, wxfleet.every_merchant() em, wxfleet.tenant_merchants() m',
        ),
      );
    expect(await ask({ platformId: null, merchantIds: null })).toEqual([{ ep: true, p: null, em: true, m: null }]);
    expect(await ask({ platformId: 1, merchantIds: [] })).toEqual([{ ep: false, p: 1, em: false, m: [] }]);
  });

  it('works as the role it is told to, which owns nothing, and goes back to it after a tenant', async () => {
    const db = await test.another({ poolSize: 1 });
    db.actAs(WORKER_ROLE);
    const user = () => db.query('SELECT current_user::text u');
    expect(await user()).toEqual([{ u: WORKER_ROLE }]);
    await expect(db.run('CREATE TABLE access.mine (id int)')).rejects.toMatchObject({ code: '42501' });
    await expect(db.run('DROP TABLE access.api_key')).rejects.toMatchObject({ code: '42501' });
    await db.forTenant({ platformId: 1, merchantIds: null }, (sql) => sql.query('SELECT 1'));
    expect(await user()).toEqual([{ u: WORKER_ROLE }]);
    await expect(
      db.forTenant({ platformId: 1, merchantIds: null }, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await user()).toEqual([{ u: WORKER_ROLE }]);
  });

  it('leaves connections to others, however many transactions one tenant begins', async () => {
    const db = await test.another({ poolSize: 4, connectTimeoutMs: 2000 });
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const flood = Array.from({ length: 50 }, () => db.forTenant({ platformId: 1, merchantIds: null }, () => held));
    const other = (sql: Sql) => sql.query('SELECT wxfleet.tenant_platform() p');
    expect(await db.forTenant({ platformId: 2, merchantIds: null }, other)).toEqual([{ p: 2 }]);
    expect(await db.query('SELECT 1 one')).toEqual([{ one: 1 }]);
    release();
    await Promise.all(flood);
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
