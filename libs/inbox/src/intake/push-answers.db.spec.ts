import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { PushAnswers } from './push-answers.ts';

const NONE = { answers: 0, p99Ms: null, slow: 0 };

describe('answers to pushes', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());
  afterEach(() => test.db.run('DELETE FROM inbox.answer_hour'));

  /** Each is a process of its own. */
  const hub = () => new PushAnswers(test.db, testLog().log);

  it('are counted by their time over all processes, and by platform', async () => {
    const [one, two] = [hub(), hub()];
    for (let n = 0; n < 98; n += 1) (n % 2 ? one : two).note(1, 'hub', 20);
    one.note(1, 'hub', 900);
    two.note(1, 'hub', 4000.5);
    one.note(1, 'backend', 9000);
    one.note(2, 'hub', 4000);
    await Promise.all([one.flush(), two.flush()]);
    expect(await hub().lastDay(test.db, 1)).toEqual({
      hub: { answers: 100, p99Ms: 1000, slow: 1 },
      backend: { answers: 1, p99Ms: null, slow: 1 },
    });
    expect(await hub().lastDay(test.db, 2)).toEqual({ hub: { answers: 1, p99Ms: 4000, slow: 0 }, backend: NONE });
    expect(await hub().lastDay(test.db, 3)).toEqual({ hub: NONE, backend: NONE });
  });

  it('are written once, in one row for each time, however many there are', async () => {
    const one = hub();
    for (let n = 0; n < 1000; n += 1) one.note(1, 'hub', n % 90);
    await Promise.all([one.flush(), one.flush()]);
    one.note(1, 'hub', 1);
    await one.onApplicationShutdown();
    await one.flush();
    const rows = await test.db.query(
      'SELECT up_to_ms AS "upTo", sum(answers)::int AS n FROM inbox.answer_hour GROUP BY up_to_ms ORDER BY up_to_ms',
    );
    expect(rows.map(({ upTo }) => upTo)).toEqual([50, 100]);
    expect(rows.reduce((sum, { n }) => sum + Number(n), 0)).toBe(1001);
  });

  it('of processes that write the same rows in another order block nobody', async () => {
    const processes = Array.from({ length: 6 }, hub);
    for (let round = 0; round < 5; round += 1) {
      processes.forEach((process, no) => {
        const ids = Array.from({ length: 30 }, (_, id) => (no % 2 ? id : 29 - id));
        for (const id of ids) process.note(id, 'hub', 1);
      });
      await Promise.all(processes.map((process) => process.flush()));
    }
    const [row] = await test.db.query<{ n: number }>('SELECT sum(answers)::int AS n FROM inbox.answer_hour');
    expect(row!.n).toBe(6 * 5 * 30);
  });

  it('of the day before do not count, and are removed', async () => {
    await test.db.run(
      `INSERT INTO inbox.answer_hour SELECT 1, date_trunc('hour', wxfleet.now(), 'UTC') - h * interval '1 hour', 'hub', 5000, 1
         FROM unnest(ARRAY[23, 25, 40]) h`,
    );
    expect((await hub().lastDay(test.db, 1)).hub).toEqual({ answers: 1, p99Ms: 5000, slow: 1 });
    const one = hub();
    one.note(1, 'hub', 1);
    await one.flush();
    const rows = await test.db.query('SELECT 1 FROM inbox.answer_hour WHERE up_to_ms = 5000');
    expect(rows).toHaveLength(2);
  });

  it('that cannot be written are forgotten, with a line of the log', async () => {
    const { log, lines } = testLog();
    const one = new PushAnswers(test.db, log);
    await test.db.run('ALTER TABLE inbox.answer_hour RENAME TO away');
    one.note(1, 'hub', 1);
    await one.flush();
    await test.db.run('ALTER TABLE inbox.away RENAME TO answer_hour');
    expect(lines.join()).toContain('push.answer_times_not_kept');
    one.note(1, 'hub', 1);
    await one.flush();
    expect((await one.lastDay(test.db, 1)).hub.answers).toBe(1);
  });
});
