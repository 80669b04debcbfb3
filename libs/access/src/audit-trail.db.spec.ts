import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { AuditTrail } from './audit-trail.ts';

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
