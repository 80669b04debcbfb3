import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WORKER_ROLE, type Database } from '#libs/kernel';
import { Gate, cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { EventFeed } from './event-feed.ts';
import { testSequencer } from '../../test/sequencer.ts';
import { EventWriter, type NewEvent } from './event-writer.ts';

const event = (path: string, platformId = 1): NewEvent => ({
  platformId,
  type: 'quota.parked',
  data: { path, until: null },
});

describe('EventSequencer', () => {
  let test: TestDatabase;
  let db: Database;
  const writer = new EventWriter();
  const feed = new EventFeed();
  beforeEach(async () => {
    test = await cloneDatabase({ poolSize: 20 });
    db = await test.another();
    db.actAs(WORKER_ROLE);
  });
  afterEach(() => test.drop());

  const sequencer = (on: Database = db) => testSequencer(on);
  const paths = async (platformId = 1) =>
    (await feed.read(db, platformId, { after: null, limit: 1e6 })).items.map(({ id, data }) => [
      id,
      (data as { path: string }).path,
    ]);

  it('numbers an event that commits later than others after them, and never skips one', async () => {
    const late = new Gate();
    const committed = db.transaction(async (sql) => {
      await writer.write(sql, [event('late')]);
      await late.pass();
    });
    await late.waiting;
    await writer.write(db, [event('a'), event('b')]);
    await sequencer().extend();
    expect(await paths()).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    late.release();
    await committed;
    await sequencer().extend();
    expect(await paths()).toEqual([
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'late'],
    ]);
  });

  it('is not held up by an open transaction of somebody else', async () => {
    const open = new Gate();
    const other = test.db.transaction(async (sql) => {
      await sql.run(`INSERT INTO quota.budget (platform_id, path, per_day) VALUES (1, '/x', 1)`);
      await open.pass();
    });
    await open.waiting;
    await writer.write(db, [event('a')]);
    expect(await sequencer().extend()).toBe(1);
    open.release();
    await other;
  });

  it('loses no event of 16 writers at once for a reader that follows, with several sequencers at work', async () => {
    const writers = 16;
    const each = 60;
    const others = await Promise.all([1, 2, 3].map(() => test.another({ poolSize: 4 })));
    for (const other of others) other.actAs(WORKER_ROLE);
    const sequencers = [db, ...others].map((on) => sequencer(on));
    await Promise.all(sequencers.map((one) => one.onModuleInit()));
    const seen: string[] = [];
    let position = 0;
    let done = false;
    const reading = (async () => {
      const reader = await test.another({ poolSize: 1 });
      while (!done || seen.length < writers * each) {
        const found = await feed.read(reader, 1, { after: position, limit: 37 });
        for (const { id, data } of found.items) {
          expect(Number(id)).toBe(seen.length + 1);
          seen.push((data as { path: string }).path);
        }
        position = found.lastSeq;
      }
    })();
    const writing = Promise.all(
      Array.from({ length: writers }, async (_, of) => {
        for (let n = 0; n < each; n += 1) {
          await db.transaction(async (sql) => {
            await writer.write(sql, [event(`${of}/${n}`)]);
            // Commits in another order than the ids were drawn in.
            if (n % 3 === of % 3) await new Promise((resolve) => setTimeout(resolve, 1 + (of % 5)));
          });
        }
      }),
    );
    await writing;
    done = true;
    await reading;
    await Promise.all(sequencers.map((one) => one.onApplicationShutdown()));
    expect(new Set(seen).size).toBe(writers * each);
    expect(seen).toHaveLength(writers * each);
  });

  it('numbers more than one batch, of many platforms', async () => {
    await db.run(
      `INSERT INTO events.event (platform_id, type, occurred_at, data)
       SELECT n % 7, 'platform.ready', now(), '{}' FROM generate_series(1, 5000) n`,
    );
    expect(await sequencer().extend()).toBe(5000);
    const rows = await db.query<{ dense: boolean }>(
      `SELECT min(seq) = 1 AND max(seq) = count(*) AND count(DISTINCT seq) = count(*) AND max(seq) = (
                SELECT seq FROM events.feed_head h WHERE h.platform_id = e.platform_id) AS dense
         FROM events.event e GROUP BY platform_id`,
    );
    expect(rows).toEqual(Array.from({ length: 7 }, () => ({ dense: true })));
    expect(await sequencer().extend()).toBe(0);
  });

  it('works when something is written, without being asked', async () => {
    const one = sequencer();
    await one.onModuleInit();
    await writer.write(db, [event('a')]);
    await eventually('the number', async () => (await paths()).length === 1);
    await writer.write(db, [event('b')]);
    await eventually('the next number', async () => (await paths()).length === 2);
    await one.onApplicationShutdown();
    await writer.write(db, [event('c')]);
    await sequencer().extend();
    expect((await paths()).map(([, path]) => path)).toEqual(['a', 'b', 'c']);
  });
});
