import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation } from '../../test/fleet.ts';
import { DomainHistory, DomainLedger, DomainRetention, miscounted } from '../index.ts';

jest.setTimeout(120_000);
const DAY = 86_400_000;
const PLATFORM = 5;
const POLICY = { keepAllMs: 60 * DAY, thinToMs: 30 * DAY };

describe('retention', () => {
  let test: TestDatabase;
  let made = 0;
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY });
  const history = new DomainHistory();
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  const bodyOf = (letters: readonly string[]) =>
    answer({ effective_domain: { requestdomain: letters.map((letter) => `https://${letter}.cn`) } });
  const contents = fc.array(fc.subarray(['a', 'b', 'c', 'd']), { minLength: 3, maxLength: 25 });

  it('changes no answer that it promises to keep, and is done when it has been done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(contents, { minLength: 8, maxLength: 8 }), async (all) => {
        made += 1;
        const platform = PLATFORM + made;
        const ids = await addMiniProgramRows(
          test.db,
          platform,
          all.map((_, index) => ({ appid: `wx${made}_${index}` })),
        );
        // One observation every eight days, the last of them today.
        const today = Date.now();
        const times = all.map((steps) => steps.map((_, step) => today - (steps.length - 1 - step) * 8 * DAY));
        for (let step = 0; step < 25; step++) {
          await test.db.transaction((sql) =>
            ledger.record(
              sql,
              platform,
              all.flatMap((steps, index) => {
                const at = times[index]?.[step];
                return at === undefined
                  ? []
                  : [observation(ids[index] as number, new Date(at), bodyOf(steps[step] ?? []))];
              }),
            ),
          );
        }
        const horizon = today - POLICY.keepAllMs;
        const look = async (index: number) => {
          const subject = { authorizerId: ids[index] as number, authorizerAppid: `wx${made}_${index}` };
          const stays = (await history.lifespans(test.db, platform, subject.authorizerId, { limit: 500 })).items;
          const recent = [];
          for (let at = horizon + 1000; at <= today; at += 3 * DAY) {
            recent.push(await history.at(test.db, platform, subject.authorizerId, new Date(at)));
          }
          const { items } = await history.snapshots(test.db, platform, subject, { limit: 500 });
          const old = [];
          for (const at of times[index] ?? []) {
            old.push(await history.at(test.db, platform, subject.authorizerId, new Date(at)));
          }
          return {
            starts: stays.map((stay) => [stay.domain, stay.first_observed_at, stay.present]),
            recent,
            latest: items[0],
            items,
            old,
          };
        };
        const before = await Promise.all(all.map((_, index) => look(index)));
        const done = await new DomainRetention(test.db).run(platform, POLICY);
        expect(done).toMatchObject({ finished: true, examined: all.length });
        const after = await Promise.all(all.map((_, index) => look(index)));
        let removed = 0;
        for (const [index, then] of before.entries()) {
          const now = after[index];
          if (!now) throw new Error('a mini program is gone');
          expect(now.starts).toEqual(then.starts);
          expect(now.recent).toEqual(then.recent);
          expect({ ...now.latest, changes: [] }).toEqual({ ...then.latest, changes: [] });
          removed += then.items.length - now.items.length;
          // What stays is as it was; its changes are told against the one that is kept before it.
          for (const item of now.items) {
            expect({ ...then.items.find((each) => each.id === item.id), changes: [] }).toEqual({
              ...item,
              changes: [],
            });
          }
          // An old moment is answered as before, or not claimed to be known.
          now.old.forEach((answered, step) => {
            if (answered.certainty === 'observed') expect(answered.domains).toEqual(then.old[step]?.domains);
            else expect(answered.certainty).toBe('between_observations');
          });
        }
        expect(done?.removed).toBe(removed);
        expect(await new DomainRetention(test.db).run(platform, POLICY)).toMatchObject({ removed: 0 });
        expect(await miscounted(test.db, platform)).toBe(0);
      }),
      { numRuns: 12 },
    );
  });

  it('removes the middle and the bodies nobody needs, goes on where it was interrupted, and is done by one process', async () => {
    const platform = PLATFORM + 5000;
    const ids = await addMiniProgramRows(
      test.db,
      platform,
      Array.from({ length: 450 }, (_, index) => ({ appid: `wxr${index}` })),
    );
    // Five domains go one after the other, three months before today.
    for (let step = 0; step < 5; step++) {
      const at = new Date(Math.floor((Date.now() - 200 * DAY) / POLICY.thinToMs) * POLICY.thinToMs + (step + 1) * DAY);
      const body = answer({
        mp_domain: { udpdomain: ['e', 'f', 'g', 'h', 'i'].slice(step).map((letter) => `udp://${letter}.cn`) },
      });
      await test.db.transaction((sql) =>
        ledger.record(
          sql,
          platform,
          ids.map((id) => observation(id, at, body)),
        ),
      );
    }
    const retention = new DomainRetention(test.db);
    const stop = new AbortController();
    const other: unknown[] = [];
    const first = await retention.run(platform, POLICY, {
      signal: stop.signal,
      onPage: () => {
        stop.abort();
        other.push(null);
      },
    });
    expect(first).toMatchObject({ finished: false, examined: 200 });
    expect(other).toHaveLength(1);
    await test.db.run(
      `UPDATE domain_ledger.retention SET lease_until = wxfleet.now() + interval '1 h' WHERE platform_id = $1`,
      [platform],
    );
    expect(await retention.run(platform, POLICY)).toBeNull();
    await test.db.run(`UPDATE domain_ledger.retention SET lease_until = NULL WHERE platform_id = $1`, [platform]);
    expect(await retention.run(platform, POLICY)).toMatchObject({ finished: true, examined: 450, removed: 2 * 450 });
    const [left] = await test.db.query<{ snapshots: number; orphans: number }>(
      `SELECT (SELECT count(*)::int FROM domain_ledger.snapshot WHERE platform_id = $1) AS snapshots,
              (SELECT count(*)::int FROM domain_ledger.body b
                WHERE NOT EXISTS (SELECT 1 FROM domain_ledger.snapshot s WHERE s.body_id = b.body_id)) AS orphans`,
      [platform],
    );
    expect(left).toEqual({ snapshots: 3 * 450, orphans: 0 });
  });
});
