import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WORKER_ROLE, type Database } from '#libs/kernel';
import { Gate, cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { AuditChain, type ChainProblem } from './audit-chain.ts';
import { AuditTrail } from './audit-trail.ts';

describe('the chain of the audit trail', () => {
  let test: TestDatabase;
  let db: Database;
  let chain: AuditChain;
  let trail: AuditTrail;
  beforeEach(async () => {
    test = await cloneDatabase();
    db = await test.another();
    db.actAs(WORKER_ROLE);
    chain = new AuditChain(db, testLog().log);
    trail = new AuditTrail(db, testLog().log, chain);
  });
  afterEach(() => test.drop());

  const record = (action: string, on: AuditTrail = trail) =>
    db.transaction((sql) =>
      on.record(sql, { platformId: 1, merchantId: 'm', actor: 'api_key:k', action, detail: { b: 1, a: '中文"' } }),
    );

  async function problems(limit = 1000, expected?: { seq: number; hash: string }): Promise<ChainProblem[]> {
    const found: ChainProblem[] = [];
    let cursor: string | undefined;
    do {
      const stretch = await chain.verify(db, { limit, cursor, expected });
      found.push(...stretch.problems);
      cursor = stretch.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }

  async function chained(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await record(`action.${index}`);
    await chain.extend();
  }

  it('holds while nobody touches it, whatever the length of a stretch', async () => {
    expect(await problems()).toEqual([]);
    await chained(7);
    await chained(3);
    for (const limit of [1, 2, 5, 1000]) expect(await problems(limit)).toEqual([]);
    const { checked, head, waiting } = await chain.verify(db, { limit: 100 });
    expect([checked, head.seq, waiting]).toEqual([10, 10, 0]);
  });

  it.each([
    ["actor = 'somebody else'"],
    ["outcome = 'ok '"],
    ["detail = '{}'"],
    ['platform_id = 2'],
    ['merchant_id = NULL'],
    ["at = at + interval '1 microsecond'"],
    ['count = 2'],
    ["hash = sha256('x')"],
  ])('finds an event in which somebody set %s', async (change) => {
    await chained(5);
    await test.db.run(`UPDATE access.audit_event SET ${change} WHERE seq = 3`);
    expect(await problems()).toContainEqual(expect.objectContaining({ kind: 'altered', seq: 3 }));
  });

  it('finds a removed event, in the middle, at the beginning and at the end', async () => {
    await chained(6);
    await test.db.run('DELETE FROM access.audit_event WHERE seq IN (1, 3, 4, 6)');
    for (const limit of [1, 2, 100]) {
      expect((await problems(limit)).map(({ kind, seq, untilSeq }) => [kind, seq, untilSeq])).toEqual([
        ['removed', 1, 1],
        ['removed', 3, 4],
        ['removed', 6, 6],
      ]);
    }
  });

  it('finds events that changed places, and a removal that was covered by renumbering', async () => {
    await chained(6);
    await test.db.run('DELETE FROM access.audit_event WHERE seq = 4');
    await test.db.run('UPDATE access.audit_event SET seq = seq - 1 WHERE seq > 4');
    await test.db.run('UPDATE access.audit_head SET seq = 5');
    expect(await problems()).toContainEqual(expect.objectContaining({ kind: 'altered', seq: 4 }));
  });

  it('finds a chain that was rewritten as a whole, with a head that was noted elsewhere', async () => {
    await chained(5);
    const noted = (await chain.verify(db, { limit: 1 })).head;
    await test.db.run(`UPDATE access.audit_event SET seq = NULL, hash = NULL, actor = 'forged'`);
    await test.db.run(`UPDATE access.audit_head SET seq = 0, hash = sha256('wxfleet audit chain')`);
    await chain.extend();
    expect(await problems()).toEqual([]);
    expect(await problems(1000, noted)).toEqual([expect.objectContaining({ kind: 'altered', seq: 5 })]);
    await test.db.run('DELETE FROM access.audit_event');
    await test.db.run(`UPDATE access.audit_head SET seq = 0, hash = sha256('wxfleet audit chain')`);
    expect(await problems()).toEqual([]);
    expect(await problems(1000, noted)).toEqual([expect.objectContaining({ kind: 'removed', seq: 1, untilSeq: 5 })]);
  });

  it('is made by several processes at once without a gap, and by events that commit out of order', async () => {
    const others = await Promise.all([1, 2, 3].map(() => test.another()));
    const chains = [chain, ...others.map((other) => new AuditChain(other, testLog().log))];
    const late = new Gate();
    const committed = db.transaction(async (sql) => {
      await trail.record(sql, { platformId: 1, actor: 'api_key:k', action: 'late' });
      await late.pass();
    });
    await late.waiting;
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([...chains.map((each) => each.extend()), record('a'), record('b')]);
    }
    await chain.extend();
    late.release();
    await committed;
    await Promise.all(chains.map((each) => each.extend()));
    await chain.extend();
    expect(await problems(3)).toEqual([]);
    const rows = await test.db.query<{ seq: number; action: string }>(
      'SELECT seq, action FROM access.audit_event ORDER BY seq',
    );
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    expect(rows.at(-1)?.action).toBe('late');
  });

  it('ends its turn after a number of links and goes on in the next one', async () => {
    await test.db.run(
      `INSERT INTO access.audit_event (platform_id, actor, action, outcome) SELECT 1, 'a', 'b', 'ok' FROM generate_series(1, 600)`,
    );
    expect(await chain.extend(300)).toBe(500); // whole batches of 250
    expect(await chain.extend(300)).toBe(100);
    expect(await problems()).toEqual([]);
  });

  it('keeps no count from being written while it is held up', async () => {
    const held = new Gate();
    const holds = test.db.transaction(async (sql) => {
      await sql.run('LOCK TABLE access.audit_head IN ACCESS EXCLUSIVE MODE');
      await held.pass();
    });
    await held.waiting;
    trail.count({ platformId: 1, actor: 'api_key:k', action: 'access_token.issued' });
    const linked = trail.link();
    for (const total of [1, 2]) {
      await trail.flush();
      const [{ sum } = { sum: 0 }] = await test.db.query<{ sum: number }>('SELECT sum(count) FROM access.audit_event');
      expect(sum).toBe(total);
      trail.count({ platformId: 1, actor: 'api_key:k', action: 'access_token.issued' });
    }
    held.release();
    await Promise.all([holds, linked]);
    await trail.stop();
    expect((await chain.verify(db, { limit: 10 })).head.seq).toBe(3);
  });

  it('is extended by a turn of its own, and tells how many events wait', async () => {
    trail.count({ platformId: 1, actor: 'api_key:k', action: 'access_token.issued' });
    await trail.flush();
    await trail.link();
    expect((await chain.verify(db, { limit: 10 })).head.seq).toBe(1);
    await test.db.run(
      `INSERT INTO access.audit_event (platform_id, actor, action, outcome, at) VALUES (1, 'a', 'b', 'ok', now() - interval '2 minutes')`,
    );
    expect((await chain.verify(db, { limit: 10 })).waiting).toBe(1);
  });
});
