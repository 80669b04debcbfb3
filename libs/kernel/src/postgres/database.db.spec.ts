import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import type pg from 'pg';
import { QueryFailedError, type DataSource } from 'typeorm';
import { Gate, cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { WORKER_ROLE, type Database, type Tenant } from './database.ts';
import { isConnectionBroken, isDatabaseUnavailable } from './errors.ts';
import { Transaction, type Sql } from './transaction.ts';

const sourceOf = (db: Database) => (db as unknown as { source: DataSource }).source;
const poolOf = (db: Database) => (sourceOf(db).driver as unknown as { master: pg.Pool }).master;

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
    const pool = poolOf(db);
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

  it('asks several things of a transaction without waiting for the first answer', async () => {
    const db = await test.another({ poolSize: 1 });
    await db.query('SELECT 1');
    const pool = poolOf(db) as pg.Pool & { _clients: { connection: { stream: Socket } }[] };
    const socket = pool._clients[0]!.connection.stream;
    const blocker = await test.another({ poolSize: 1 });
    const text = `SELECT 2 AS two /* ${'long enough to be seen '.repeat(200)} */`;
    let asked: Promise<unknown> = Promise.resolve();
    await blocker.transaction(async (blocking) => {
      await blocking.query('SELECT pg_advisory_xact_lock(77)');
      const sentBefore = socket.bytesWritten;
      asked = db.transaction((sql) =>
        Promise.all([sql.query('SELECT 1 AS one FROM pg_advisory_xact_lock(77)'), sql.query(text)]),
      );
      // The first one waits for the lock all the while: what is sent does not follow any answer.
      await eventually('the second one is sent', () => socket.bytesWritten - sentBefore > text.length);
    });
    expect(await asked).toEqual([[{ one: 1 }], [{ two: 2 }]]);
  });

  it('does nothing of what stands behind a statement that failed', async () => {
    await test.db.run('CREATE TABLE f (id int)');
    const together = test.db.transaction((sql) =>
      Promise.all([
        sql.run('INSERT INTO f VALUES (1)'),
        sql.query('SELECT 1 / 0'),
        sql.run('INSERT INTO f VALUES (2)'),
      ]),
    );
    await expect(together).rejects.toMatchObject({ code: '22012' });
    expect(await test.db.query('SELECT * FROM f')).toEqual([]);
  });

  it('says that nothing was committed when a failure was passed over', async () => {
    await test.db.run('CREATE TABLE o (id int PRIMARY KEY)');
    const work = test.db.transaction(async (sql) => {
      await sql.run('INSERT INTO o VALUES (1)');
      await sql.run('INSERT INTO o VALUES (1)').catch(() => undefined);
      return 'done';
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await test.db.query('SELECT * FROM o')).toEqual([]);
  });

  it('does nothing for somebody as whom it may not act', async () => {
    await test.db.run('CREATE TABLE w (id int)');
    const runner = sourceOf(test.db).createQueryRunner();
    const client = (await runner.connect()) as pg.PoolClient;
    try {
      const transaction = new Transaction(client, runner, { settings: { role: 'nobody_at_all' } });
      await expect(transaction.run('INSERT INTO w VALUES (1)')).rejects.toMatchObject({ code: '22023' });
      await expect(transaction.commit()).rejects.toMatchObject({ code: '22023' });
    } finally {
      await runner.release();
    }
    expect(await test.db.query('SELECT * FROM w')).toEqual([]);
  });

  it.each<[string, Tenant | null]>([
    ['by itself', null],
    ['for a tenant', { platformId: 1, merchantIds: null }],
  ])('takes one statement only, with values and without, %s', async (_, tenant) => {
    const two = 'SELECT 1; RESET ROLE';
    const ask = (text: string, values?: unknown[]) =>
      tenant ? test.db.forTenant(tenant, (sql) => sql.query(text, values)) : test.db.query(text, values);
    await expect(ask(two)).rejects.toMatchObject({ code: '42601' });
    await expect(ask(two, [])).rejects.toMatchObject({ code: '42601' });
    await expect(ask('SELECT $1::int; RESET ROLE', [1])).rejects.toMatchObject({ code: '42601' });
  });

  it('changes nothing for a tenant whose transaction does not begin', async () => {
    const db = await test.another({ poolSize: 1 });
    db.actAs(WORKER_ROLE);
    const pool = poolOf(db);
    const client = await pool.connect();
    const query = client.query.bind(client) as (config: { text: string }) => Promise<unknown>;
    let broken = 0;
    client.query = ((config: { text: string }) => {
      if (config.text !== 'BEGIN') return query(config);
      broken += 1;
      return query({ ...config, text: 'BEGIN OTHERWISE' });
    }) as never;
    client.release();
    const tenant: Tenant = { platformId: 7, merchantIds: null };
    const write = db.forTenant(tenant, (sql) =>
      sql.run("INSERT INTO authorizers.merchant (platform_id, merchant_id, name) VALUES (7, 'm', 'n')"),
    );
    await expect(write).rejects.toMatchObject({ code: '42601' });
    expect(broken).toBe(1);
    expect(await test.db.query('SELECT * FROM authorizers.merchant')).toEqual([]);
    // The connection is as good as before for the worker.
    expect(await db.query('SELECT current_user::text u')).toEqual([{ u: WORKER_ROLE }]);
  });

  it('lets who only reads write nothing', async () => {
    const tenant: Tenant = { platformId: 7, merchantIds: null };
    expect(await test.db.readForTenant(tenant, (sql) => sql.query('SELECT wxfleet.tenant_platform() p'))).toEqual([
      { p: 7 },
    ]);
    const write = (sql: Sql) => sql.run("INSERT INTO authorizers.merchant (platform_id, merchant_id) VALUES (7, 'm')");
    await expect(test.db.readForTenant(tenant, write)).rejects.toMatchObject({ code: '25006' });
    await expect(
      test.db.readForTenant(tenant, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
  });

  it('leaves a server that takes no writes any more', async () => {
    await test.db.run('CREATE TABLE failed_over (id int)');
    const db = await test.another({ poolSize: 1 });
    // What a connection finds whose server has become a standby.
    await db.query("SELECT set_config('default_transaction_read_only', 'on', false)");
    const write = () => db.transaction((sql) => sql.run('INSERT INTO failed_over VALUES (1)'));
    const refusal = await write().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: '25006' });
    expect(isDatabaseUnavailable(refusal)).toBe(true);
    expect(await write()).toBe(1);
  });

  it.each([
    ['ENETUNREACH', true],
    ['ENETDOWN', true],
    ['EHOSTDOWN', true],
    ['EADDRNOTAVAIL', true],
    ['53100', true],
    ['53200', true],
    ['57P05', true],
    ['55P03', true],
    ['57014', true],
    ['23505', false],
  ])('tells a server at fault from a statement at fault: %s', (code, isAway) => {
    const error = Object.assign(new Error('no'), { code });
    expect(isDatabaseUnavailable(error)).toBe(isAway);
    expect(isDatabaseUnavailable(new QueryFailedError('SELECT 1', [], error))).toBe(isAway);
    // What only came too late leaves the connection usable.
    expect(isConnectionBroken(error)).toBe(isAway && !['55P03', '57014'].includes(code));
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

  it('lets the short questions of one tenant go before the next long one of another, however little that reads', async () => {
    const db = await test.another();
    const order: string[] = [];
    const ask = (platformId: number, what: string, text: string) =>
      db.readForTenant({ platformId, merchantIds: null }, (sql) => sql.query(text)).then(() => order.push(what));
    await ask(2, 'calm', 'SELECT 1');
    await ask(1, 'long', 'SELECT pg_sleep(3)');
    // A reader has its answer before its transaction has ended and is charged.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ask(2, 'calm', 'SELECT 1');
    const next = ask(1, 'next', 'SELECT 1');
    for (let count = 0; count < 5; count += 1) await ask(2, 'calm', 'SELECT 1');
    await next;
    expect(order).toEqual(['calm', 'long', 'calm', 'calm', 'calm', 'calm', 'calm', 'calm', 'next']);
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

  it('ends what waits for a lock for too long, and uses the connection again', async () => {
    const db = await test.another({ poolSize: 1, lockTimeoutMs: 50 });
    await test.db.run('CREATE TABLE locked (id int)');
    await test.db.transaction(async (sql) => {
      await sql.run('LOCK TABLE locked');
      const [before] = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const refusal = await db.query('SELECT * FROM locked').catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: '55P03' });
      expect(await db.query('SELECT pg_backend_pid() AS pid')).toEqual([before]);
    });
    expect(await db.query('SELECT * FROM locked')).toEqual([]);
  });

  it('keeps connections for what is urgent, however many others are in use', async () => {
    const db = await test.another({ poolSize: 3, reserved: 1, connectTimeoutMs: 200 });
    const gate = new Gate();
    const holders = [1, 2].map(() => db.transaction(() => gate.pass()));
    await gate.waiting;
    const third = await db.query('SELECT 1').catch((error: unknown) => error);
    expect(isDatabaseUnavailable(third)).toBe(true);
    expect(await db.urgentTransaction((sql) => sql.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    const patient = db.query('SELECT 2 AS two');
    gate.release();
    expect(await patient).toEqual([{ two: 2 }]);
    await Promise.all(holders);
    // Nothing is lost by timing out.
    expect(await Promise.all([1, 2, 3].map(() => db.query('SELECT 1 AS one')))).toHaveLength(3);
  });
});
