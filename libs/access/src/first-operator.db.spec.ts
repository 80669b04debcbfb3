import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, KeyRing, Log, Sealer } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { AuditChain } from './audit-chain.ts';
import { AuditTrail } from './audit-trail.ts';
import { ConsoleUsers } from './console-users.ts';
import { FirstOperator } from './first-operator.ts';

describe('the first operator', () => {
  let database: TestDatabase;
  let db: Database;
  const log = new Log('error', () => undefined);
  const withKeys = (ring: string) => {
    const sealer = new Sealer(KeyRing.parse(ring));
    return new FirstOperator(db, sealer, new ConsoleUsers(), new AuditTrail(db, log, new AuditChain(db, log)));
  };
  const ring = KeyRing.generate('k1');
  const hash = 'scrypt$not-checked-here';

  beforeAll(async () => {
    database = await cloneDatabase();
    db = database.db;
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    db.travel(null);
    await db.query('DELETE FROM access.console_user');
  });

  it('is made by a token, once', async () => {
    const first = withKeys(ring);
    const token = (await first.offer()) as string;
    const made = await first.redeem(token, { username: 'root', hash, address: '127.0.0.1' });
    expect(made).toMatchObject({ username: 'root', role: 'operator', platformId: null });
    await expect(first.redeem(token, { username: 'second', hash, address: '127.0.0.1' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await first.offer()).toBeNull();
    const [event] = await db.query<{ action: string; subject: string }>(
      `SELECT action, subject FROM access.audit_event WHERE subject = 'user:root'`,
    );
    expect(event).toEqual({ action: 'user.created', subject: 'user:root' });
  });

  it('is one of several who come at once', async () => {
    const first = withKeys(ring);
    const token = (await first.offer()) as string;
    const results = await Promise.allSettled(
      ['a1', 'b2', 'c3', 'd4'].map((username) => first.redeem(token, { username, hash, address: '127.0.0.1' })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect((await db.query('SELECT FROM access.console_user')).length).toBe(1);
  });

  it('is not made by a token of another installation, a changed one, or an old one', async () => {
    const first = withKeys(ring);
    const foreign = (await withKeys(KeyRing.generate('k1')).offer()) as string;
    const token = (await first.offer()) as string;
    for (const wrong of [foreign, `${token.slice(0, -2)}AA`, 'x', '']) {
      await expect(first.check(wrong)).rejects.toMatchObject({ code: 'not_found' });
    }
    await first.check(token);
    db.travel('25 hours');
    await expect(first.check(token)).rejects.toMatchObject({ code: 'not_found' });
  });
});
