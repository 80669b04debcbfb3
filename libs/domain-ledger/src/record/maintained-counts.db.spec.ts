import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ownedTables } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation, type Domains } from '../../test/fleet.ts';
import {
  DomainGaugeReader,
  DomainLedger,
  PlatformOverview,
  countChangeDays,
  foldCounts,
  keepLookBatches,
  misbatched,
  miscounted,
  miscountedEdits,
} from '../index.ts';

jest.setTimeout(600_000);

const RUNS = Number(process.env.WXFLEET_HISTORIES ?? 3000) / 250;
const ACCOUNTS = 10;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Two days before a month ends in Beijing. */
const START = Date.UTC(2025, 5, 28, 10);

const some = (scheme: string, most: number) =>
  fc.subarray(Array.from({ length: most }, (_, n) => `${scheme}://d${n}.cn`)).map((domains) => [...domains].sort());
const lists = fc.record({ requestdomain: some('https', 6), uploaddomain: some('https', 3) }, { requiredKeys: [] });
const content: fc.Arbitrary<Domains> = fc.record(
  { mp_domain: lists, third_domain: lists, direct_domain: lists, effective_domain: lists },
  { requiredKeys: [] },
);
const who = fc.uniqueArray(fc.nat(ACCOUNTS - 1), { minLength: 1, maxLength: ACCOUNTS });
type Step = { hours: number; who: number[] } & (
  | { kind: 'observed'; contents: Domains[] }
  | {
      kind:
        | 'failed'
        | 'withdrawn'
        | 'authorized'
        | 'lost_18'
        | 'granted_18'
        | 'erased'
        | 'from_future'
        | 'folded'
        | 'kept'
        | 'looked_at_by_the_release_before'
        | 'unreadable';
    }
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      hours: fc.integer({ min: 1, max: 40 }),
      who,
      kind: fc.constant('observed' as const),
      contents: fc.array(content, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      hours: fc.integer({ min: 1, max: 10 }),
      who,
      kind: fc.constantFrom(
        ...([
          'failed',
          'withdrawn',
          'authorized',
          'lost_18',
          'granted_18',
          'from_future',
          'folded',
          'kept',
          'looked_at_by_the_release_before',
          'unreadable',
          'erased',
        ] as const),
      ),
    }),
  },
);

describe('what is counted as it happens', () => {
  let test: TestDatabase;
  let platforms = 100;
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY });
  const gauges = new DomainGaugeReader({ current: () => Promise.resolve(null) });
  const overview = new PlatformOverview({ snapshotIntervalMs: DAY });
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  /** A platform and its mini programs: every history has its own. */
  const newFleet = async () => {
    platforms += 1;
    const rows = Array.from({ length: ACCOUNTS }, (_, n) => ({ appid: `wxp${platforms}n${n}`, merchantId: 'm1' }));
    return { platformId: platforms, ids: await addMiniProgramRows(test.db, platforms, rows) };
  };
  const travelTo = (at: number) => test.db.travel(`${at - Date.now()} milliseconds`);

  const observe = (platformId: number, ids: number[], at: number, contents: Domains[], odd = false) =>
    test.db.transaction((sql) =>
      ledger.record(
        sql,
        platformId,
        ids.map((id, n) => {
          const domains = contents[n % contents.length] as Domains;
          const sent = odd ? { ...domains, third_domain: { requestdomain: 'not a list' } } : domains;
          return observation(id, new Date(at), answer(sent));
        }),
      ),
    );

  const happen = async (platformId: number, ids: number[], at: number, each: Step) => {
    const chosen = each.who.map((n) => ids[n] as number);
    const update = (set: string) =>
      test.db.run(
        `UPDATE authorizers.authorizer SET ${set} WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[])`,
        [platformId, chosen],
      );
    // Nobody observes what was erased.
    const there = await test.db.query<{ id: number }>(
      'SELECT authorizer_id AS id FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[])',
      [platformId, chosen],
    );
    const present = there.map(({ id }) => id);
    const contents = 'contents' in each ? each.contents : [{ effective_domain: { requestdomain: ['https://d0.cn'] } }];
    switch (each.kind) {
      case 'observed':
        return observe(platformId, present, at, contents);
      case 'unreadable':
        return observe(platformId, present, at, contents, true);
      case 'from_future': {
        // Two edits in a month to come, which take the place of the present month's.
        for (const [later, name] of [
          [35 * DAY, 'a'],
          [35 * DAY + HOUR, 'b'],
        ] as const) {
          travelTo(at + later);
          const sent: Domains[] = [{ third_domain: { requestdomain: [`https://${name}.cn`] } }];
          await observe(platformId, present, at + later - HOUR / 2, sent);
        }
        travelTo(at);
        // The next look finds out.
        return observe(platformId, present, at, contents);
      }
      case 'failed':
        return test.db.transaction((sql) =>
          ledger.noteGaps(
            sql,
            platformId,
            present.map((authorizerId) => ({
              authorizerId,
              at: new Date(at),
              reason: 'call_failed' as const,
              failure: null,
              transient: true,
            })),
          ),
        );
      case 'withdrawn':
        return update(`state = 'unauthorized'`);
      case 'authorized':
        return update(`state = 'authorized'`);
      case 'lost_18':
        return update(`permission_sets = '{17}'`);
      case 'granted_18':
        return update(`permission_sets = '{17,18}'`);
      case 'folded':
        return foldCounts(test.db, 7);
      case 'kept':
        await keepLookBatches(test.db, platformId, DAY, { rowsAtOnce: 3 });
        return void (await countChangeDays(test.db, platformId));
      case 'looked_at_by_the_release_before':
        // Release 0.2.0 names no batches.
        return test.db.run(
          `UPDATE domain_ledger.watch SET last_observed_at = $3, previous_observed_at = last_observed_at, observations = observations + 1
            WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[]) AND last_observed_at < $3`,
          [platformId, present, new Date(at)],
        );
      case 'erased':
        // As `AccountErasure` does: only withdrawn accounts, their rows in all tables, then the account.
        return test.db.transaction(async (sql) => {
          const withdrawn = `SELECT authorizer_id FROM authorizers.authorizer
                              WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[]) AND state = 'unauthorized'`;
          for (const { name, columns } of await ownedTables(sql, ['authorizer_id'])) {
            if (name === 'authorizers.authorizer' || !columns.includes('authorizer_id')) continue;
            await sql.run(`DELETE FROM ${name} WHERE platform_id = $1 AND authorizer_id IN (${withdrawn})`, [
              platformId,
              chosen,
            ]);
          }
          await sql.run(
            `DELETE FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_id IN (${withdrawn})`,
            [platformId, chosen],
          );
        });
    }
  };

  const misfilled = async (platformId: number): Promise<number> => {
    const [row] = await test.db.query<{ wrong: number }>(
      `SELECT count(*)::int AS wrong FROM domain_ledger.watch w LEFT JOIN domain_ledger.domain_content c USING (content_id)
        WHERE w.platform_id = $1 AND w.largest <> coalesce(c.largest, 0)`,
      [platformId],
    );
    return row?.wrong ?? 0;
  };

  /** What the first page of the console counts, counted one account after the other. */
  const recounted = async (platformId: number) => {
    const [row] = await test.db.query<{
      authorized: number;
      readable: number;
      fresh: number;
      unknown: number;
      failing: number;
    }>(
      `SELECT count(*)::int AS authorized, count(*) FILTER (WHERE s.readable)::int AS readable,
              count(*) FILTER (WHERE w.counted = 2 AND w.last_observed_at > wxfleet.now() - interval '2 days')::int AS fresh,
              count(*) FILTER (WHERE w.counted IS DISTINCT FROM 2)::int AS unknown,
              count(*) FILTER (WHERE s.readable AND w.unreadable_since IS NOT NULL)::int AS failing
         FROM domain_ledger.subject s LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
        WHERE s.platform_id = $1 AND s.state = 'authorized'`,
      [platformId],
    );
    return row;
  };

  /** Days with changes of the 30 that are shown. */
  const recountedDays = (platformId: number) =>
    test.db.query<{ day: string; changes: number }>(
      `SELECT (first_observed_at AT TIME ZONE 'Asia/Shanghai')::date::text AS day, count(*)::int AS changes
         FROM domain_ledger.snapshot
        WHERE platform_id = $1 AND change_id IS NOT NULL
          AND (first_observed_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN
              (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date - 29 AND (wxfleet.now() AT TIME ZONE 'Asia/Shanghai')::date
        GROUP BY 1 ORDER BY 1`,
      [platformId],
    );

  it('equals a recount after any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
        const { platformId, ids } = await newFleet();
        const scope = { platformId, merchantIds: null };
        let at = START;
        for (const each of steps) {
          at += each.hours * HOUR;
          travelTo(at);
          await happen(platformId, ids, at, each);
          expect([
            await miscounted(test.db, platformId),
            await miscountedEdits(test.db, platformId),
            await misfilled(platformId),
            await misbatched(test.db, platformId),
          ]).toEqual([0, 0, 0, 0]);
          const { mini_programs: counted, changes_per_day: days } = await overview.read(test.db, scope);
          expect(counted).toEqual(await recounted(platformId));
          expect(days.filter(({ changes }) => changes > 0)).toEqual(await recountedDays(platformId));
        }
        // The answer of a key that is limited to the one merchant goes another way and is the same.
        const limited = { platformId, merchantIds: ['m1'] };
        const whole = await gauges.read(test.db, scope);
        expect(await gauges.read(test.db, limited)).toEqual(whole);
        const seen = await overview.read(test.db, scope);
        const own = await overview.read(test.db, limited);
        expect({ ...own, at: null }).toEqual({ ...seen, at: null });
      }),
      { numRuns: Math.ceil(RUNS) },
    );
  });

  it('stays right while workers write and authorizations come and go at the same time', async () => {
    travelTo(START);
    const { platformId, ids } = await newFleet();
    const one = await test.another();
    const two = await test.another();
    const three = await test.another();
    for (const db of [one, two, three]) db.travel(`${START - Date.now()} milliseconds`);
    const record = (db: typeof one, part: number[], round: number) =>
      db.transaction((sql) =>
        ledger.record(
          sql,
          platformId,
          part.map((id) =>
            observation(
              id,
              new Date(START - HOUR + round * 60_000),
              answer({ third_domain: { requestdomain: [`https://d${(id + round) % 3}.cn`, 'https://all.cn'] } }),
            ),
          ),
        ),
      );
    for (let round = 0; round < 12; round += 1) {
      await Promise.all([
        record(one, ids.slice(0, 5), round),
        record(two, ids.slice(5), round),
        test.db.run(
          `UPDATE authorizers.authorizer SET state = $2 WHERE platform_id = $1 AND authorizer_id = ANY ($3::bigint[])`,
          [platformId, round % 2 === 0 ? 'unauthorized' : 'authorized', [ids[1], ids[7]]],
        ),
        foldCounts(test.db, 5),
        keepLookBatches(three, platformId, HOUR, { rowsAtOnce: 2 }),
        // What is undone leaves nothing behind.
        three
          .transaction(async (sql) => {
            await sql.run(
              'SELECT FROM domain_ledger.watch WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[]) ORDER BY authorizer_id FOR UPDATE',
              [platformId, ids],
            );
            await ledger.record(
              sql,
              platformId,
              ids.map((id) => observation(id, new Date(START - HOUR / 2), answer({ third_domain: {} }))),
            );
            throw new Error('undone');
          })
          .catch((error: unknown) => expect(error).toMatchObject({ message: 'undone' })),
      ]);
      expect(await misbatched(test.db, platformId)).toBe(0);
      const { mini_programs: counted } = await overview.read(test.db, { platformId, merchantIds: null });
      expect(counted).toEqual(await recounted(platformId));
    }
    expect([await miscounted(test.db, platformId), await miscountedEdits(test.db, platformId)]).toEqual([0, 0]);
    const { edits } = await gauges.read(test.db, { platformId, merchantIds: null });
    expect(edits.map(({ count }) => count)).toEqual(Array.from({ length: 10 }, () => 11));
  });

  it('has a row leave its batch where the release before takes its latest observation back', async () => {
    travelTo(START);
    const { platformId, ids } = await newFleet();
    const scope = { platformId, merchantIds: null };
    await observe(platformId, ids, START - DAY, [{ third_domain: { requestdomain: ['https://a.cn'] } }]);
    await observe(platformId, ids, START - HOUR, [{ third_domain: { requestdomain: ['https://a.cn'] } }]);
    const before = await overview.read(test.db, scope);
    await test.db.run(
      `UPDATE domain_ledger.watch SET latest_no = latest_no, last_observed_at = $3 WHERE platform_id = $1 AND authorizer_id = $2`,
      [platformId, ids[3], new Date(START - 3 * DAY)],
    );
    expect(await misbatched(test.db, platformId)).toBe(0);
    const seen = await overview.read(test.db, scope);
    expect(seen.mini_programs.fresh).toBe(before.mini_programs.fresh - 1);
    expect(seen.oldest_evidence?.observed_at).toBe(new Date(START - 3 * DAY).toISOString());
  });

  it('puts together who is left in old batches, and removes those that nobody is in', async () => {
    travelTo(START);
    const { platformId, ids } = await newFleet();
    const same = [{ third_domain: { requestdomain: ['https://a.cn'] } }];
    for (const [n, id] of ids.entries()) await observe(platformId, [id], START - 3 * DAY + n * 1000, same);
    const batches = () =>
      test.db.query<{ size: number }>(
        'SELECT size FROM domain_ledger.look_batch WHERE platform_id = $1 ORDER BY asked_from, batch_id',
        [platformId],
      );
    expect(await batches()).toHaveLength(ACCOUNTS);
    await observe(platformId, ids.slice(0, 7), START - HOUR, same);
    await observe(platformId, ids.slice(0, 2), START - HOUR / 2, same);
    expect(await batches()).toHaveLength(ACCOUNTS + 2);
    await keepLookBatches(test.db, platformId, DAY);
    // Three that were last seen alone, long ago, a batch of seven with five left in it, and one of two.
    expect((await batches()).map(({ size }) => size)).toEqual([3, 7, 2]);
    // Nobody was looked at for two days: small batches are put together.
    travelTo(START + 2 * DAY);
    await keepLookBatches(test.db, platformId, DAY);
    expect((await batches()).map(({ size }) => size)).toEqual([ACCOUNTS]);
    // What the release before looks at stays in its batch, which is older than all its members then.
    await test.db.run(`UPDATE domain_ledger.watch SET last_observed_at = $2 WHERE platform_id = $1`, [
      platformId,
      new Date(START + DAY),
    ]);
    travelTo(START + 2 * DAY + 2 * HOUR);
    await keepLookBatches(test.db, platformId, DAY);
    const [only, ...others] = await test.db.query<{ from: Date }>(
      'SELECT asked_from AS from FROM domain_ledger.look_batch WHERE platform_id = $1',
      [platformId],
    );
    expect([only?.from, others]).toEqual([new Date(START + DAY), []]);
    expect(await misbatched(test.db, platformId)).toBe(0);
  });

  it('counts days that have ended once, and again where a snapshot came or went', async () => {
    const { platformId, ids } = await newFleet();
    const scope = { platformId, merchantIds: null };
    const content = (name: string) => [{ third_domain: { requestdomain: [`https://${name}.cn`] } }];
    for (let days = 12; days >= 4; days -= 1) {
      travelTo(START - days * DAY);
      await observe(platformId, ids.slice(0, days), START - days * DAY, content(`d${days}`));
    }
    travelTo(START);
    const shown = async () =>
      (await overview.read(test.db, scope)).changes_per_day.filter(({ changes }) => changes > 0);
    const agrees = async () => expect(await shown()).toEqual(await recountedDays(platformId));
    await agrees();
    expect(await shown()).toHaveLength(8);
    expect(await countChangeDays(test.db, platformId)).toBe(27);
    expect(await countChangeDays(test.db, platformId)).toBe(0);
    await agrees();
    // A late answer of the release before, and an erasure, neither of them committed while the days are counted again.
    const [one, two] = [await test.another(), await test.another()];
    for (const db of [one, two]) db.travel(`${START - Date.now()} milliseconds`);
    let commit = () => {};
    const waiting = new Promise<void>((resolve) => (commit = resolve));
    let written = () => {};
    const wrote = new Promise<void>((resolve) => (written = resolve));
    const late = one.transaction(async (sql) => {
      await sql.run(
        `INSERT INTO domain_ledger.snapshot (platform_id, authorizer_id, no, content_id, body_id, change_id, first_observed_at)
         SELECT platform_id, authorizer_id, no + 100, content_id, body_id, change_id, first_observed_at
           FROM domain_ledger.snapshot WHERE platform_id = $1 AND change_id IS NOT NULL AND authorizer_id = $2`,
        [platformId, ids[0]],
      );
      await sql.run('DELETE FROM domain_ledger.snapshot WHERE platform_id = $1 AND authorizer_id = $2', [
        platformId,
        ids[3],
      ]);
      written();
      await waiting;
    });
    await wrote;
    await agrees();
    await test.db.run('DELETE FROM domain_ledger.snapshot WHERE platform_id = $1 AND authorizer_id = $2', [
      platformId,
      ids[4],
    ]);
    await agrees();
    const counting = countChangeDays(two, platformId);
    commit();
    await late;
    expect(await counting).toBe(8);
    await agrees();
    // The clock is fast, and set right again: what was counted in between was not the whole day.
    const ahead = START + 6 * DAY;
    travelTo(ahead);
    await countChangeDays(test.db, platformId);
    travelTo(START);
    await observe(platformId, ids.slice(5), START, content('x'));
    await agrees();
    travelTo(ahead - DAY);
    await agrees();
    expect(await countChangeDays(test.db, platformId)).toBeGreaterThan(0);
    travelTo(ahead + DAY);
    await agrees();
  });
});
