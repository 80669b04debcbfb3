import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, minutes, observation } from '../../test/fleet.ts';
import { DomainChanges, DomainLedger, type ChangeItem } from '../index.ts';

jest.setTimeout(60_000);
const PLATFORM = 8;
const WHOLE = { platformId: PLATFORM, merchantIds: null };

describe("the fleet's feed of changes, while it grows", () => {
  let test: TestDatabase;
  let ids: number[];
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
  const changes = new DomainChanges();
  beforeAll(async () => {
    test = await cloneDatabase();
    ids = await addMiniProgramRows(
      test.db,
      PLATFORM,
      Array.from({ length: 9 }, (_, n) => ({ appid: `wx${n}` })),
    );
    for (const [n] of ids.entries()) await look(n, 0, 'old');
  });
  afterAll(() => test.drop());

  const look = (n: number, minute: number, name: string) =>
    test.db.transaction((sql) =>
      ledger.record(sql, PLATFORM, [
        observation(
          ids[n] as number,
          minutes(minute),
          answer({
            third_domain: { requestdomain: [`https://${name}.cn`] },
            effective_domain: { requestdomain: [`https://${name}.cn`] },
          }),
        ),
      ]),
    );
  const told = (items: readonly ChangeItem[]) =>
    items.map((item) => `${item.authorizer_appid} ${item.group.slice(0, 5)} ${item.observed_at.slice(14, 16)}`);

  it('goes on from a cursor where it was, whatever comes to be known before and behind it', async () => {
    for (const n of [0, 1, 2, 3, 4, 5]) await look(n, 10 + 5 * n, 'new');
    // Three of twelve: in the middle of a snapshot.
    const first = await changes.page(test.db, WHOLE, {}, { limit: 3 });
    expect(told(first.items)).toEqual(['wx5 third 35', 'wx5 effec 35', 'wx4 third 30']);
    await look(6, 50, 'new');
    // Pages that were committed late: one belongs where the reader has been, one where it will be.
    await look(7, 32, 'new');
    await look(8, 17, 'new');
    const rest: ChangeItem[] = [];
    let cursor = first.next_cursor;
    while (cursor !== null) {
      const page = await changes.page(test.db, WHOLE, {}, { limit: 3, cursor });
      rest.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(told(rest)).toEqual([
      ...['wx4 effec 30', 'wx3 third 25', 'wx3 effec 25', 'wx2 third 20', 'wx2 effec 20'],
      ...['wx8 third 17', 'wx8 effec 17', 'wx1 third 15', 'wx1 effec 15', 'wx0 third 10', 'wx0 effec 10'],
    ]);
    // What was missed is there for who asks from an hour before the latest, and is told from what is known by its name.
    const nameOf = (item: ChangeItem) => [item.snapshot_id, item.group, item.list].join();
    const known = new Set([...first.items, ...rest].map(nameOf));
    const from = new Date(Date.parse(first.items[0]?.observed_at ?? '') - 3_600_000);
    const again = await changes.page(test.db, WHOLE, { from }, { limit: 50 });
    expect(told(again.items.filter((item) => !known.has(nameOf(item))))).toEqual([
      ...['wx6 third 50', 'wx6 effec 50', 'wx7 third 32', 'wx7 effec 32'],
    ]);
  });
});
