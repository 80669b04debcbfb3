import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { ChangeSetsInOneRow1764000017000 } from '../../../migrations/1764000017000-change-sets-in-one-row.ts';

describe('change sets, moved from two tables into one', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('say the same at every place, there and back', async () => {
    const sql = test.db;
    const runner = { query: (text: string) => sql.runScript(text) } as unknown as QueryRunner;
    const migration = new ChangeSetsInOneRow1764000017000();
    // Added here and there, moved from one list to another, sent for the first time and still empty.
    await sql.run(
      `INSERT INTO domain_ledger.domain_change_set (digest, places, members, added_at, removed_at)
         VALUES ('a', (1 << 0) | (1 << 18), '{7,9}', ARRAY[(1 << 0) | (1 << 18), 0], ARRAY[0, 1 << 18]),
                ('b', (1 << 1) | (1 << 2), '{4}', ARRAY[1 << 2], ARRAY[1 << 1]), ('c', 1 << 23, '{}', '{}', '{}')`,
    );
    const sets = () => sql.query('SELECT * FROM domain_ledger.domain_change_set ORDER BY change_id');
    const before = await sets();
    await migration.down(runner);
    const parts = await sql.query(
      `SELECT convert_from(c.digest, 'UTF8') AS set, p.place, p.added, p.removed FROM domain_ledger.domain_change_part p
           JOIN domain_ledger.domain_change_set c USING (change_id) ORDER BY 1, 2`,
    );
    expect(parts).toEqual([
      { set: 'a', place: 0, added: [7], removed: [] },
      { set: 'a', place: 18, added: [7], removed: [9] },
      { set: 'b', place: 1, added: [], removed: [4] },
      { set: 'b', place: 2, added: [4], removed: [] },
      { set: 'c', place: 23, added: [], removed: [] },
    ]);
    await migration.up(runner);
    expect(await sets()).toEqual(before);
  });
});
