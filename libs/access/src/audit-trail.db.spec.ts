import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#libs/kernel';
import { Gate, cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { AuditOptions, AuditTrail } from './audit-trail.ts';

describe('the audit trail', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('records with the change or not at all', async () => {
    const audit = new AuditTrail(test.db, testLog().log);
    const event = { platformId: 1, actor: 'operator:a', action: 'merchant.created', subject: 'merchant:m' };
    await expect(
      test.db.transaction(async (sql) => {
        await audit.record(sql, event);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await audit.list(test.db, 1, { limit: 10 })).items).toEqual([]);
    await test.db.transaction((sql) => audit.record(sql, { ...event, detail: { name: 'M' } }));
    expect((await audit.list(test.db, 1, { limit: 10 })).items).toMatchObject([
      { actor: 'operator:a', action: 'merchant.created', outcome: 'ok', count: 1, detail: { name: 'M' } },
    ]);
  });

  it('counts what is alike and writes it on stop', async () => {
    const audit = new AuditTrail(test.db, testLog().log);
    audit.start();
    const event = { platformId: 2, actor: 'api_key:k', action: 'access_token.issued', subject: 'authorizer:wx1' };
    for (let index = 0; index < 1000; index += 1) audit.count(event);
    audit.count({ ...event, outcome: 'upstream_busy' });
    await audit.stop();
    const { items } = await audit.list(test.db, 2, { limit: 10 });
    expect(items.map(({ outcome, count }) => [outcome, count]).sort()).toEqual([
      ['ok', 1000],
      ['upstream_busy', 1],
    ]);
  });

  it('keeps the counts while it cannot write', async () => {
    const db = await test.another();
    const audit = new AuditTrail(db, testLog().log);
    const event = { platformId: 3, actor: 'api_key:k', action: 'access_token.issued' };
    audit.count(event);
    await test.db.run('ALTER TABLE access.audit_event RENAME TO away');
    await audit.flush();
    await test.db.run('ALTER TABLE access.away RENAME TO audit_event');
    audit.count(event);
    await audit.flush();
    expect((await audit.list(test.db, 3, { limit: 10 })).items).toMatchObject([{ count: 2 }]);
  });

  it('counts what was done for one merchant apart from what was done for another', async () => {
    const audit = new AuditTrail(test.db, testLog().log);
    const event = { platformId: 6, actor: 'api_key:k', action: 'access_token.issued', subject: 'authorizer:wx1' };
    for (const merchantId of ['m1', 'm2', null]) audit.count({ ...event, merchantId });
    await audit.flush();
    const { items } = await audit.list(test.db, 6, { limit: 10 });
    expect(items.map(({ merchant_id, count }) => [merchant_id, count])).toEqual([
      [null, 1],
      ['m2', 1],
      ['m1', 1],
    ]);
  });

  it('says what it cannot write when it ends without a database', async () => {
    const db = await Database.open({ url: test.url });
    const { log, lines } = testLog();
    const audit = new AuditTrail(db, log);
    const event = { platformId: 7, merchantId: 'm', actor: 'api_key:k', action: 'access_token.issued', address: '::1' };
    audit.count(event);
    audit.count(event);
    await db.close();
    await audit.stop();
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'audit.unwritten', ...event, count: 2, uncertain: false }),
    );
    await audit.stop();
    expect(lines.filter((line) => line.includes('audit.unwritten'))).toHaveLength(1);
  });

  it('says what a write holds that does not come to an end, as uncertain', async () => {
    const db = await test.another();
    const { log, lines } = testLog();
    const audit = new AuditTrail(db, log, undefined, { ...new AuditOptions(), lastWriteMs: 50 });
    const held = new Gate();
    const holds = test.db.transaction(async (sql) => {
      await sql.run('LOCK TABLE access.audit_event IN ACCESS EXCLUSIVE MODE');
      await held.pass();
    });
    await held.waiting;
    audit.count({ platformId: 8, actor: 'api_key:k', action: 'access_token.issued' });
    await audit.stop();
    expect(lines.join('\n')).toContain('"event":"audit.unwritten","platformId":8');
    expect(lines.join('\n')).toContain('"count":1,"uncertain":true');
    held.release();
    await holds;
  });

  it('answers by time, actor and action, in pages', async () => {
    const audit = new AuditTrail(test.db, testLog().log);
    for (const action of ['a', 'b', 'a', 'b', 'a']) {
      await audit.record(test.db, { platformId: 4, actor: action === 'a' ? 'operator:1' : 'api_key:2', action });
    }
    const first = await audit.list(test.db, 4, { limit: 2, action: 'a' });
    const rest = await audit.list(test.db, 4, { limit: 2, action: 'a', cursor: first.next_cursor ?? '' });
    expect([first.items.length, rest.items.length, rest.next_cursor]).toEqual([2, 1, null]);
    expect((await audit.list(test.db, 4, { limit: 9, actor: 'api_key:2' })).items).toHaveLength(2);
    expect((await audit.list(test.db, 4, { limit: 9, to: new Date(0) })).items).toHaveLength(0);
    expect((await audit.list(test.db, 5, { limit: 9 })).items).toHaveLength(0);
  });
});
