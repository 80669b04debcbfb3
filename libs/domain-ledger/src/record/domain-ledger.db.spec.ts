import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Barrier, cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgram, answer, minutes, observation } from '../../test/fleet.ts';
import { DomainHistory, DomainLedger, foldCounts, miscounted } from '../index.ts';

const HOUR = 3_600_000;
const PLATFORM = 7;

describe('the domain ledger', () => {
  let test: TestDatabase;
  const ledger = new DomainLedger({ snapshotIntervalMs: 24 * HOUR });
  const history = new DomainHistory();
  let id = 0;
  let count = 0;
  const subject = () => ({ authorizerId: id, authorizerAppid: `wx${count}` });

  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());
  beforeEach(async () => {
    count += 1;
    id = await addMiniProgram(test.db, PLATFORM, { appid: `wx${count}` });
  });

  const record = (at: Date, body: Buffer, db = test.db) =>
    db.transaction((sql) => ledger.record(sql, PLATFORM, [observation(id, at, body)])).then((all) => all[0]?.outcome);
  const blind = (at: Date) =>
    test.db.transaction((sql) =>
      ledger.noteGaps(sql, PLATFORM, [
        {
          authorizerId: id,
          at,
          reason: 'call_failed',
          failure: { at: at.toISOString(), code: 'upstream_busy', wechat: null },
          transient: true,
        },
      ]),
    );
  const at = (moment: Date) => history.at(test.db, PLATFORM, id, moment);

  const one = answer({ effective_domain: { requestdomain: ['https://a.example.com'] } });
  const two = answer({ effective_domain: { requestdomain: ['https://a.example.com', 'https://b.example.com'] } });

  it('keeps a change as a snapshot, and a repetition as growth of the latest one', async () => {
    expect(await record(minutes(0), one)).toBe('first');
    expect(await record(minutes(10), one)).toBe('unchanged');
    expect(await record(minutes(20), two)).toBe('changed');
    const page = await history.snapshots(test.db, PLATFORM, subject(), { limit: 10 });
    expect(page.items.map(({ domains, changes, observations }) => ({ domains, changes, observations }))).toEqual([
      {
        domains: { effective_domain: { requestdomain: ['https://a.example.com', 'https://b.example.com'] } },
        changes: [{ group: 'effective_domain', list: 'requestdomain', added: ['https://b.example.com'], removed: [] }],
        observations: 1,
      },
      {
        domains: { effective_domain: { requestdomain: ['https://a.example.com'] } },
        changes: [{ group: 'effective_domain', list: 'requestdomain', added: ['https://a.example.com'], removed: [] }],
        observations: 2,
      },
    ]);
    expect(page.items[1]).toMatchObject({
      first_observed_at: minutes(0).toISOString(),
      last_observed_at: minutes(10).toISOString(),
    });
    expect(await history.raw(test.db, PLATFORM, subject(), page.items[1]?.id ?? '')).toEqual(one);
  });

  it('makes no new snapshot for order, letter case, duplicates or unknown fields, and knows the new bytes again', async () => {
    await record(
      minutes(0),
      answer({ mp_domain: { requestdomain: ['https://A.example.com', 'https://b.example.com/'] } }),
    );
    const respelled = answer(
      { mp_domain: { requestdomain: ['https://b.example.com', 'HTTPS://a.example.com', 'https://a.example.com'] } },
      { new_field: { of: 'WeChat' } },
    );
    expect(await record(minutes(1), respelled)).toBe('unchanged');
    expect(await record(minutes(2), respelled)).toBe('unchanged');
    const page = await history.snapshots(test.db, PLATFORM, subject(), { limit: 10 });
    expect(page.items).toHaveLength(1);
    expect(page.items[0]).toMatchObject({
      observations: 3,
      domains: { mp_domain: { requestdomain: ['https://A.example.com', 'https://b.example.com/'] } },
    });
  });

  it('keeps absent, empty and present lists apart', async () => {
    expect(await record(minutes(0), answer({ effective_domain: {} }))).toBe('first');
    expect(await record(minutes(1), answer({ effective_domain: { requestdomain: [] } }))).toBe('changed');
    const now = await at(minutes(1));
    expect(now.domains).toEqual({ effective_domain: { requestdomain: [] } });
    expect((await at(minutes(0))).domains).toEqual({ effective_domain: {} });
    const diff = await history.diff(test.db, PLATFORM, id, minutes(0), minutes(1));
    expect(diff.changes).toEqual([{ group: 'effective_domain', list: 'requestdomain', added: [], removed: [] }]);
  });

  it('says how certain a moment is', async () => {
    await record(minutes(10), one);
    await record(minutes(20), one);
    await blind(minutes(30));
    const certain = async (minute: number) => {
      const answered = await at(minutes(minute));
      return [answered.certainty, answered.observed_before, answered.observed_after].map((part) =>
        part?.startsWith('2026') ? (Date.parse(part) - minutes(0).getTime()) / 60_000 : part,
      );
    };
    expect(await certain(5)).toEqual(['unknown', null, 10]);
    expect(await certain(10)).toEqual(['observed', 10, 20]);
    expect(await certain(15)).toEqual(['observed', 10, 20]);
    expect(await certain(25)).toEqual(['latest', 20, null]);
    expect(await certain(30)).toEqual(['unknown', 20, null]);
    await record(minutes(40), one);
    expect(await certain(30)).toEqual(['between_observations', 20, 40]);
    expect(await certain(40)).toEqual(['observed', 40, null]);
    await record(minutes(50), two);
    expect(await certain(45)).toEqual(['between_observations', 40, 50]);
    expect(await certain(55)).toEqual(['latest', 50, null]);
    expect((await history.snapshots(test.db, PLATFORM, subject(), { limit: 9 })).items).toHaveLength(2);
  });

  it('makes a gap of a silence that is longer than two intervals', async () => {
    await record(minutes(0), one);
    await record(minutes(60 * 72), one);
    expect((await at(minutes(60))).certainty).toBe('between_observations');
    await record(minutes(60 * 96), one);
    expect((await at(minutes(60 * 80))).certainty).toBe('observed');
  });

  it('never lets an older answer overwrite a newer one', async () => {
    await record(minutes(0), one);
    await record(minutes(30), two);
    await record(minutes(60), two);
    expect(await record(minutes(45), one)).toBe('superseded');
    expect(await record(minutes(60), two)).toBe('superseded');
    const page = await history.snapshots(test.db, PLATFORM, subject(), { limit: 9 });
    expect(page.items).toHaveLength(2);
    // Something else was seen in between, so nobody may claim to know that moment.
    expect((await at(minutes(45))).certainty).toBe('between_observations');
    expect((await at(minutes(60))).certainty).toBe('observed');
  });

  it('is blind from the moment a grant or set 18 is lost', async () => {
    await record(minutes(0), one);
    await test.db.run(`UPDATE authorizers.authorizer SET permission_sets = '{17}' WHERE authorizer_id = $1`, [id]);
    const now = await history.at(test.db, PLATFORM, id, null);
    expect(now.certainty).toBe('unknown');
    expect(now.domains).toEqual({ effective_domain: { requestdomain: ['https://a.example.com'] } });
    await test.db.run(`UPDATE authorizers.authorizer SET permission_sets = '{17,18}' WHERE authorizer_id = $1`, [id]);
    expect((await history.at(test.db, PLATFORM, id, null)).certainty).toBe('unknown');
    const back = new Date(Date.now() + 1000);
    await record(back, one);
    expect((await at(new Date(Date.now()))).certainty).toBe('between_observations');
    expect((await at(back)).certainty).toBe('observed');
  });

  it('lists the stays of domains', async () => {
    await record(minutes(0), one);
    await record(minutes(10), two);
    await record(minutes(20), one);
    await record(minutes(30), two);
    await record(minutes(40), two);
    const all = await history.lifespans(test.db, PLATFORM, id, { limit: 50 });
    const minute = (text: string | null) => text && (Date.parse(text) - minutes(0).getTime()) / 60_000;
    expect(
      all.items.map((stay) => [
        stay.domain,
        minute(stay.first_observed_at),
        minute(stay.last_observed_at),
        minute(stay.ended_at),
        stay.present,
      ]),
    ).toEqual([
      ['https://a.example.com', 0, 40, null, true],
      ['https://b.example.com', 10, 10, 20, false],
      ['https://b.example.com', 30, 40, null, true],
    ]);
    const first = await history.lifespans(test.db, PLATFORM, id, { limit: 2 });
    const rest = await history.lifespans(test.db, PLATFORM, id, { limit: 2, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect((await history.lifespans(test.db, PLATFORM, id, { limit: 9, domain: 'B.example.com' })).items).toHaveLength(
      2,
    );
  });

  it('does not deadlock two workers that record the same mini programs in opposite order, and keeps every counter right', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 20; n++) ids.push(await addMiniProgram(test.db, 8, { appid: `wxd${count}_${n}` }));
    const other = await test.another();
    for (let round = 0; round < 6; round++) {
      const barrier = new Barrier(2);
      const body = (n: number) =>
        answer({
          effective_domain: { requestdomain: [`https://r${round}.example.com`, `https://n${n % 3}.example.com`] },
        });
      const run = (db: typeof other, order: number[], second: number) =>
        db.transaction(async (sql) => {
          await barrier.arrive();
          return ledger.record(
            sql,
            8,
            order.map((each, n) => observation(each, new Date(minutes(round).getTime() + second), body(n))),
          );
        });
      const [a, b] = await Promise.all([run(test.db, ids, 1), run(other, [...ids].reverse(), 1)]);
      expect([...a, ...b]).toHaveLength(40);
    }
    expect(await miscounted(test.db, 8)).toBe(0);
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
    // Each round has left domains behind that nobody has any more.
    const [unused] = await test.db.query<{ counters: number }>(
      'SELECT count(*)::int AS counters FROM domain_ledger.domain_use WHERE uses = 0',
    );
    expect(unused).toEqual({ counters: 0 });
  });

  it('removes the counters of domains that nobody has any more when the last authorization ends', async () => {
    const ids = [await addMiniProgram(test.db, 9, { appid: 'wxlast' })];
    const only = answer({ effective_domain: { requestdomain: ['https://only-here.example'] } });
    await test.db.transaction((sql) => ledger.record(sql, 9, [observation(ids[0] as number, minutes(1), only)]));
    await foldCounts(test.db);
    const counters = async () =>
      (await test.db.query('SELECT FROM domain_ledger.domain_use WHERE platform_id = 9 AND domain_id > 0')).length;
    expect(await counters()).toBeGreaterThan(0);
    await test.db.run(`UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE authorizer_id = ANY ($1)`, [ids]);
    await foldCounts(test.db);
    expect(await counters()).toBe(0);
    expect(await miscounted(test.db, 9)).toBe(0);
  });

  it('orders answers by when they were asked, whenever they are read', async () => {
    const early = observation(id, minutes(10), one, minutes(30));
    const late = observation(id, minutes(20), two, minutes(21));
    const outcome = async (each: typeof early) =>
      (await test.db.transaction((sql) => ledger.record(sql, PLATFORM, [each])))[0]?.outcome;
    expect(await outcome(late)).toBe('first');
    // A process was paused with this answer in its socket: it says what was so before, and changes nothing.
    expect(await outcome(early)).toBe('superseded');
    const shown = await at(minutes(40));
    expect(shown).toMatchObject({ certainty: 'latest', observed_before: minutes(20).toISOString() });
    expect(shown.domains?.effective_domain?.requestdomain).toHaveLength(2);
    expect((await history.snapshots(test.db, PLATFORM, subject(), { limit: 10 })).items).toHaveLength(1);
    // From asking to reading the answer it may have been otherwise.
    expect((await at(minutes(20))).certainty).toBe('between_observations');
    const [kept] = await test.db.query(
      `SELECT w.answer_ms AS last, s.first_answer_ms AS first FROM domain_ledger.watch w
         JOIN domain_ledger.snapshot s USING (platform_id, authorizer_id) WHERE w.authorizer_id = $1`,
      [id],
    );
    expect(kept).toEqual({ last: 60_000, first: 60_000 });
    // Within one batch too, however it is sorted.
    const batch = [observation(id, minutes(60), one, minutes(61)), observation(id, minutes(50), two, minutes(62))];
    await test.db.transaction((sql) => ledger.record(sql, PLATFORM, batch));
    expect((await at(minutes(70))).domains?.effective_domain?.requestdomain).toHaveLength(1);
  });

  it('is sure of what ends a gap only from when that answer was read, also once the run is closed', async () => {
    const read = (asked: number, answered: number, body: Buffer) =>
      test.db.transaction((sql) =>
        ledger.record(sql, PLATFORM, [observation(id, minutes(asked), body, minutes(answered))]),
      );
    const told = async () =>
      (await Promise.all([10, 20, 22, 30].map((minute) => at(minutes(minute))))).map((each) => each.certainty);
    const expected = ['between_observations', 'between_observations', 'between_observations', 'observed'];
    await read(0, 0, one);
    await blind(minutes(10));
    await read(20, 25, one);
    await read(40, 40, one);
    expect(await told()).toEqual(expected);
    await read(60, 60, two);
    expect(await told()).toEqual(expected);
    // Asked within the run and read late: what says otherwise leaves nothing certain before the answer of the last look was read.
    await read(70, 90, two);
    await read(100, 107, one);
    await read(101, 101, one);
    await read(65, 80, one);
    const [gap] = await test.db.query(
      `SELECT to_answer_ms AS ms FROM domain_ledger.observation_gap WHERE authorizer_id = $1 AND gap_to = $2`,
      [id, minutes(70)],
    );
    expect(gap).toEqual({ ms: 20 * 60_000 });
  });

  describe('with a clock that was fast once', () => {
    const now = async () =>
      ((await test.db.query<{ now: Date }>('SELECT wxfleet.now() AS now'))[0] as { now: Date }).now;
    const inHours = async (hours: number) => new Date((await now()).getTime() + hours * HOUR);
    const clockIs = async (hours: number, work: () => Promise<unknown>) => {
      test.db.travel(`${hours} hours`);
      await work();
      test.db.travel(null);
    };

    it('counts the next look, and keeps what was observed with the wrong time apart', async () => {
      const before = await inHours(-2);
      await record(before, one);
      await clockIs(24, async () => expect(await record(await now(), two)).toBe('changed'));
      const look = await now();
      expect(await record(look, one)).toBe('unchanged');
      const page = await history.snapshots(test.db, PLATFORM, subject(), { limit: 10 });
      expect(
        page.items.map(({ first_observed_at, last_observed_at }) => [first_observed_at, last_observed_at]),
      ).toEqual([[before.toISOString(), look.toISOString()]]);
      // In between something else was observed, at a time that is not known.
      expect((await at(await inHours(-1))).certainty).toBe('between_observations');
      expect((await at(await inHours(1))).certainty).toBe('latest');
      const kept = await test.db.query(
        'SELECT no, observations FROM domain_ledger.set_aside WHERE authorizer_id = $1',
        [id],
      );
      expect(kept).toEqual([{ no: 2, observations: 1 }]);
      expect(await miscounted(test.db, PLATFORM)).toBe(0);
      // The number of what was set aside is not used again.
      expect(await record(new Date(look.getTime() + 1), two)).toBe('changed');
      const [latest] = (await history.snapshots(test.db, PLATFORM, subject(), { limit: 1 })).items;
      expect(latest?.id).toMatch(/3$/);
      expect(await miscounted(test.db, PLATFORM)).toBe(0);
    });

    it('keeps the part of a run that is past', async () => {
      const [first, second] = [await inHours(-3), await inHours(-2)];
      await record(first, one);
      await record(second, one);
      await clockIs(24, async () => record(await now(), one));
      const look = await now();
      expect(await record(look, two)).toBe('changed');
      const page = await history.snapshots(test.db, PLATFORM, subject(), { limit: 10 });
      expect(page.items.map((item) => item.last_observed_at)).toEqual([look.toISOString(), second.toISOString()]);
      expect(await miscounted(test.db, PLATFORM)).toBe(0);
    });

    it('keeps how long the answer took of the look that is the last again', async () => {
      const [first, second] = [await inHours(-3), await inHours(-2)];
      const tenMinutesLater = new Date(second.getTime() + 600_000);
      await record(first, one);
      await test.db.transaction((sql) => ledger.record(sql, PLATFORM, [observation(id, second, one, tenMinutesLater)]));
      await clockIs(24, async () => record(await now(), one));
      expect(await record(await now(), two)).toBe('changed');
      const [closed] = await test.db.query(
        'SELECT last_observed_at AS at, last_answer_ms AS ms FROM domain_ledger.snapshot WHERE authorizer_id = $1 AND no = 1',
        [id],
      );
      expect(closed).toEqual({ at: second, ms: 600_000 });
    });

    it('has nothing but the next look when all of it was observed with the wrong time', async () => {
      await clockIs(24, async () => record(await now(), one));
      expect(await record(await now(), two)).toBe('first');
      const page = await history.snapshots(test.db, PLATFORM, subject(), { limit: 10 });
      expect(page.items.map((item) => item.domains.effective_domain?.requestdomain?.length)).toEqual([2]);
      expect(await miscounted(test.db, PLATFORM)).toBe(0);
    });

    it('does not take an observation that claims to be from the future, nor a failure for one that lasts', async () => {
      await record(await inHours(-1), one);
      expect(await record(await inHours(24), two)).toBe('set_aside');
      expect(await record(await inHours(24), one)).toBe('set_aside');
      await clockIs(24, async () => blind(await now()));
      expect(await record(await now(), one)).toBe('unchanged');
      expect((await at(await inHours(1))).certainty).toBe('latest');
    });
  });
});
