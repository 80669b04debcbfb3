import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ticks, WORKER_ROLE, loadSettings, type Database } from '#libs/kernel';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { AuditChain, type ChainProblem } from './audit-chain.ts';
import { AuditRetention, AuditRetentionOptions } from './audit-retention.ts';
import { AuditTrail } from './audit-trail.ts';

const DAY_MS = 86_400_000;

describe('the end of the audit trail', () => {
  let test: TestDatabase;
  let db: Database;
  let chain: AuditChain;
  let retention: AuditRetention;
  const { log, lines } = testLog();
  beforeEach(async () => {
    test = await cloneDatabase();
    db = await test.another();
    db.actAs(WORKER_ROLE);
    chain = new AuditChain(db, log);
    retention = retentionOf({});
  });
  afterEach(() => test.drop());

  const retentionOf = (options: Partial<AuditRetentionOptions>) =>
    new AuditRetention(db, log, new AuditTrail(db, log, chain), new Ticks(loadSettings({}).settings, log), {
      ...new AuditRetentionOptions(),
      ...options,
    });

  /** Events of some days ago, in the order of their age. */
  async function happened(days: number, action: string, times = 1, subject = 'authorizer:a'): Promise<void> {
    await test.db.run(
      `INSERT INTO access.audit_event (at, platform_id, merchant_id, actor, action, subject, outcome, count)
       SELECT date_trunc('hour', wxfleet.now()) - $1 * interval '1 day' + n * interval '1 second', 1, 'm', 'api_key:k', $2, $4, 'ok', 2
         FROM generate_series(1, $3::int) AS n`,
      [days, action, times, subject],
    );
    await chain.extend();
  }
  async function problems(): Promise<ChainProblem[]> {
    await chain.extend();
    const found: ChainProblem[] = [];
    let cursor: string | undefined;
    do {
      const stretch = await chain.verify(db, { limit: 3, cursor });
      found.push(...stretch.problems);
      cursor = stretch.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }
  const actions = async () =>
    (
      await test.db.query<{ action: string; count: number }>(
        `SELECT action, count FROM access.audit_event WHERE action <> 'audit.thinned' ORDER BY at, action`,
      )
    ).map(({ action, count }) => `${action} ${count}`);

  it('leaves young events alone', async () => {
    await happened(29, 'access_token.issued', 5);
    expect(await retention.work()).toEqual({ checkpoints: 0, summed: 0, removed: 0 });
    expect(await problems()).toEqual([]);
    expect(await actions()).toHaveLength(5);
  });

  it('sums the hand-outs of an hour, loses no count, and the chain holds before and after', async () => {
    await happened(40, 'access_token.issued', 10);
    await happened(40, 'access_token.issued', 10, 'authorizer:b');
    await happened(40, 'merchant.created');
    await happened(1, 'access_token.issued', 3);
    expect(await retention.work()).toEqual({ checkpoints: 1, summed: 20, removed: 0 });
    expect(await actions()).toEqual([
      'access_token.issued 20',
      'access_token.issued 20',
      'merchant.created 2',
      ...new Array<string>(3).fill('access_token.issued 2'),
    ]);
    expect(await problems()).toEqual([]);
    expect(await retention.work()).toEqual({ checkpoints: 0, summed: 0, removed: 0 });
    expect(await problems()).toEqual([]);
  });

  it('removes each class of events after its own time', async () => {
    for (const days of [1100, 500, 100]) {
      await happened(days, 'merchant.created');
      await happened(days, 'session.started');
      await happened(days, 'access_token.issued');
    }
    const { removed } = await retention.work();
    expect(removed).toBe(5);
    expect(await actions()).toEqual([
      'merchant.created 2',
      ...['access_token.issued 2', 'merchant.created 2', 'session.started 2'],
    ]);
    expect(await problems()).toEqual([]);
    const strict = retentionOf({ changesMs: 90 * DAY_MS, loginsMs: 90 * DAY_MS, handOutsMs: 90 * DAY_MS });
    await strict.work();
    expect(await actions()).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  it.each([
    ['changed', `UPDATE access.audit_event SET actor = 'nobody' WHERE action = 'merchant.created'`],
    ['removed', `DELETE FROM access.audit_event WHERE action = 'merchant.created'`],
    [
      'removed together with its digest',
      `WITH gone AS (DELETE FROM access.audit_event WHERE action = 'merchant.created')
       UPDATE access.audit_checkpoint SET kept_digest = sha256('')`,
    ],
  ])('finds an old event that was %s beneath a checkpoint', async (_how, statement) => {
    await happened(40, 'access_token.issued', 3);
    await happened(40, 'merchant.created');
    await retention.work();
    expect(await problems()).toEqual([]);
    await test.db.query(statement);
    expect(await problems()).toContainEqual(expect.objectContaining({ kind: 'altered', seq: 1, untilSeq: 4 }));
  });

  it('thins nothing where the chain is broken', async () => {
    await happened(40, 'access_token.issued', 5);
    await test.db.run(`UPDATE access.audit_event SET actor = 'nobody' WHERE seq = 2`);
    expect(await retention.work()).toEqual({ checkpoints: 0, summed: 0, removed: 0 });
    expect(lines.some((line) => line.includes('audit.chain_broken') && line.includes('"error"'))).toBe(true);
    expect(await actions()).toHaveLength(5);
  });

  it('is the only way to remove events, and not for young ones nor for those without a checkpoint', async () => {
    await happened(40, 'merchant.created');
    await expect(db.run('DELETE FROM access.audit_event')).rejects.toMatchObject({ code: '42501' });
    const all = 'SELECT access.remove_audit_events(array_agg(id)) AS removed FROM access.audit_event';
    expect(await db.query(all)).toEqual([{ removed: 0 }]);
    await retention.work();
    await happened(1, 'merchant.created');
    await test.db.run('UPDATE access.audit_checkpoint SET until_seq = 100');
    expect(await db.query(all)).toEqual([{ removed: 1 }]);
    await expect(
      test.db.forTenant({ platformId: null, merchantIds: null }, (sql) => sql.query(all)),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('is reached by one process at a time, and by all together', async () => {
    await happened(40, 'access_token.issued', 50);
    const works = await Promise.all([retention.work(), retentionOf({}).work(), retentionOf({}).work()]);
    expect(works.reduce((sum, { checkpoints }) => sum + checkpoints, 0)).toBeLessThanOrEqual(1);
    await retention.work();
    expect(await actions()).toEqual(['access_token.issued 100']);
    expect(await problems()).toEqual([]);
  });
});
