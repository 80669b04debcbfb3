import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Database, ownedTables } from '#libs/kernel';
import { Gate, cloneDatabase, lockAwaited, testLog, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation } from '../../test/fleet.ts';
import { DomainHistory, DomainLedger, miscounted } from '../index.ts';
import { UnusedLists, UnusedListsOptions } from './unused-lists.ts';

const DAY = 86_400_000;
const TABLES = ['domain_content', 'domain_list', 'domain', 'domain_change_set', 'body'] as const;

/** What is referred to and not there. Nothing ever is. */
const DANGLING = `
  SELECT 'content' AS what FROM domain_ledger.snapshot s WHERE NOT EXISTS (SELECT FROM domain_ledger.domain_content c WHERE c.content_id = s.content_id)
   UNION ALL
  SELECT 'body' FROM domain_ledger.snapshot s WHERE NOT EXISTS (SELECT FROM domain_ledger.body b WHERE b.body_id = s.body_id)
   UNION ALL
  SELECT 'change set' FROM domain_ledger.snapshot s
   WHERE s.change_id IS NOT NULL AND NOT EXISTS (SELECT FROM domain_ledger.domain_change_set c WHERE c.change_id = s.change_id)
   UNION ALL
  SELECT 'list' FROM domain_ledger.domain_content c, unnest(c.list_ids) AS l (id)
   WHERE l.id IS NOT NULL AND NOT EXISTS (SELECT FROM domain_ledger.domain_list dl WHERE dl.list_id = l.id)
   UNION ALL
  SELECT 'domain of a list' FROM domain_ledger.domain_list dl, unnest(dl.domain_ids) AS m (id)
   WHERE NOT EXISTS (SELECT FROM domain_ledger.domain d WHERE d.domain_id = m.id)
   UNION ALL
  SELECT 'domain of a change' FROM domain_ledger.domain_change_set c, unnest(c.members) AS m (id)
   WHERE NOT EXISTS (SELECT FROM domain_ledger.domain d WHERE d.domain_id = m.id)`;

describe('lists that nothing refers to', () => {
  let test: TestDatabase;
  let db: Database;
  let platform = 100;
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY });
  const { log } = testLog();
  const collector = (options: Partial<UnusedListsOptions> = {}) =>
    new UnusedLists(db, log, { ...new UnusedListsOptions(), ...options });

  beforeAll(async () => {
    test = await cloneDatabase();
    ({ db } = test);
  });
  afterAll(() => test.drop());
  beforeEach(() => {
    platform += 10;
  });

  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        TABLES.map(async (table) => {
          const [row] = await db.query<{ count: number }>(`SELECT count(*) AS count FROM domain_ledger.${table}`);
          return [table, row!.count] as const;
        }),
      ),
    );
  const body = (names: readonly string[]) =>
    answer({ effective_domain: { requestdomain: names.map((name) => `https://${name}.cn`) } });
  /** One mini program of a platform, looked at once a day until today. */
  async function history(of: number, steps: readonly (readonly string[])[]): Promise<number> {
    const [id] = await addMiniProgramRows(db, of, [{ appid: `wx${of}` }]);
    for (const [index, names] of steps.entries()) {
      const at = new Date(Date.now() - (steps.length - index) * DAY);
      await db.transaction((sql) => ledger.record(sql, of, [observation(id as number, at, body(names))]));
    }
    return id as number;
  }
  /** As the removal does it. */
  async function remove(of: number): Promise<void> {
    for (const { name } of await ownedTables(db, ['platform_id'])) {
      await db.run(`DELETE FROM ${name} WHERE platform_id = $1`, [of]);
    }
  }

  it('are removed with their domains, changes and bodies once their platform is, and those of others stay', async () => {
    const letters = fc.subarray(['a', 'b', 'c', 'd', 'e']);
    const steps = fc.array(letters, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, steps, fc.integer({ min: 1, max: 4 }), async (ours, theirs, portion) => {
        const before = await counts();
        const kept = await history((platform += 1), ours);
        const mine = await counts();
        const look = async () => [
          (
            await new DomainHistory().snapshots(
              db,
              platform,
              { authorizerId: kept, authorizerAppid: '' },
              { limit: 50 },
            )
          ).items,
          (await new DomainHistory().lifespans(db, platform, kept, { limit: 50 })).items,
        ];
        const shown = await look();
        await history(platform + 5000, theirs);
        await remove(platform + 5000);
        await collector({ portion }).collect();
        expect(await counts()).toEqual(mine);
        expect(await look()).toEqual(shown);
        expect(await db.query(DANGLING)).toEqual([]);
        expect(await miscounted(db, platform)).toBe(0);
        await remove(platform);
        await collector({ portion }).collect();
        expect(await counts()).toEqual(before);
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  it('stay when they are referred to again by what has not been committed yet', async () => {
    await history(platform, [['x'], ['x', 'y']]);
    await remove(platform);
    const other = await addMiniProgramRows(db, platform + 1, [{ appid: 'wxother' }]);
    const recorded = new Gate();
    const recording = db.transaction(async (sql) => {
      const at = (days: number) => new Date(Date.now() - days * DAY);
      await ledger.record(sql, platform + 1, [observation(other[0] as number, at(2), body(['x']))]);
      await ledger.record(sql, platform + 1, [observation(other[0] as number, at(1), body(['x', 'y']))]);
      await recorded.pass();
    });
    await recorded.waiting;
    // It cannot know, so it leaves them to another day.
    expect(await collector({ lockWaitMs: 50 }).collect()).toBe(0);
    const collecting = collector({ lockWaitMs: 20_000 }).collect();
    await lockAwaited('the collector waits for the recorder', db);
    recorded.release();
    await recording;
    await collecting;
    expect(await db.query(DANGLING)).toEqual([]);
    await remove(platform + 1);
    await collector().collect();
  });

  it('are made again when they are asked for while they are being removed', async () => {
    await history(platform, [['p'], ['p', 'q']]);
    await remove(platform);
    const other = await addMiniProgramRows(db, platform + 1, [{ appid: 'wxlater' }]);
    let collecting: Promise<number> | undefined;
    let recording: Promise<unknown> | undefined;
    await db.transaction(async (sql) => {
      // The collector has its lock, and stands still at the first row.
      await sql.query('SELECT FROM domain_ledger.domain_content FOR UPDATE');
      collecting = collector({ lockWaitMs: 20_000 }).collect();
      await lockAwaited('the collector waits for the row', db);
      recording = db.transaction((own) =>
        ledger.record(own, platform + 1, [
          observation(other[0] as number, new Date(Date.now() - DAY), body(['p', 'q'])),
        ]),
      );
      await lockAwaited('the recorder waits for the collector', db, 2);
    });
    await Promise.all([collecting, recording]);
    expect(await db.query(DANGLING)).toEqual([]);
    const [row] = await db.query('SELECT FROM domain_ledger.snapshot WHERE platform_id = $1', [platform + 1]);
    expect(row).toBeDefined();
  });

  it('are looked for once a day, by one process, and not on the first day', async () => {
    const before = await counts();
    await history(platform, [['z']]);
    await remove(platform);
    await collector().collectDaily();
    expect(await counts()).not.toEqual(before);
    await db.run(
      `UPDATE domain_ledger.retention SET started_at = started_at - interval '25 hours' WHERE platform_id = 0`,
    );
    await Promise.all([collector().collectDaily(), collector().collectDaily()]);
    expect(await counts()).toEqual(before);
    await history(platform + 1, [['z']]);
    await remove(platform + 1);
    const with1 = await counts();
    await collector().collectDaily();
    expect(await counts()).toEqual(with1);
  });
});
