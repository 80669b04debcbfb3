import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation, type Domains } from '../../test/fleet.ts';
import {
  ChangeGroups,
  DomainAssertions,
  DomainCoverage,
  DomainLedger,
  DomainSpread,
  ObservationTimes,
  PlatformOverview,
  miscounted,
  type FleetScope,
} from '../index.ts';

jest.setTimeout(120_000);
const PLATFORM = 21;
const DAY = 86_400_000;
const WHOLE: FleetScope = { platformId: PLATFORM, merchantIds: null };
const OF_M1: FleetScope = { platformId: PLATFORM, merchantIds: ['m1'] };
const OLD = 'https://old.cn';
const NEW = 'https://new.cn';

const effective = (...domains: string[]): Domains => ({ effective_domain: { requestdomain: domains } });

/** Ten mini programs, of which two belong to merchant m1. Days are counted back from now. */
describe('what the console draws', () => {
  let test: TestDatabase;
  let ids: number[];
  let now: Date;
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY });
  const ago = (days: number) => new Date(now.getTime() - days * DAY);
  const appid = (index: number) => `wxread${index}`;

  beforeAll(async () => {
    test = await cloneDatabase();
    const [clock] = await test.db.query<{ now: Date }>('SELECT wxfleet.now() AS now');
    now = (clock as { now: Date }).now;
    ids = await addMiniProgramRows(
      test.db,
      PLATFORM,
      Array.from({ length: 10 }, (_, index) => ({ appid: appid(index), merchantId: index < 2 ? 'm1' : 'm2' })),
    );
    await addMiniProgramRows(test.db, PLATFORM + 1, [{ appid: 'wxreadother' }]);
    const record = (days: number, domains: Domains, indexes: number[]) =>
      test.db.transaction((sql) =>
        ledger.record(
          sql,
          PLATFORM,
          indexes.map((index) => observation(ids[index] as number, ago(days), answer(domains))),
        ),
      );
    // 0 to 8 are observed with OLD; 9 never is.
    await record(20.5, effective(OLD), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await record(10.5, effective(NEW), [0, 2, 3, 4]);
    await record(6.5, effective(NEW), [5]);
    // 6 changes another list as well: the same change of requestdomain.
    await record(6.25, { ...effective(NEW), mp_domain: { requestdomain: ['https://mp.cn'] } }, [6]);
    await record(5.5, effective(OLD), [3]);
    await record(0.5, effective(NEW), [0, 2, 4, 5]);
    await test.db.run(
      `UPDATE authorizers.authorizer SET permission_sets = '{17}' WHERE platform_id = $1 AND authorizer_id = $2`,
      [PLATFORM, ids[8]],
    );
    await test.db.run(
      `UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE platform_id = $1 AND authorizer_id = $2`,
      [PLATFORM, ids[5]],
    );
    await test.db.transaction((sql) =>
      ledger.noteGaps(sql, PLATFORM, [
        { authorizerId: ids[7] as number, at: ago(1), reason: 'call_failed', failure: null, transient: true },
      ]),
    );
  });
  afterAll(() => test.drop());

  it('counts the fleet, and its changes by day', async () => {
    const overview = new PlatformOverview({ snapshotIntervalMs: DAY });
    const view = await overview.read(test.db, WHOLE);
    expect(view.mini_programs).toEqual({ authorized: 9, readable: 8, fresh: 3, unknown: 2, failing: 1 });
    expect(view.fresh_seconds).toBe(2 * 86_400);
    expect(view.oldest_evidence).toEqual({ authorizer_appid: appid(1), observed_at: ago(20.5).toISOString() });
    expect(view.changes_per_day).toHaveLength(30);
    expect(view.changes_per_day.reduce((sum, { changes }) => sum + changes, 0)).toBe(7);
    const day = (days: number) => new Date(ago(days).getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(view.changes_per_day.find((each) => each.day === day(10.5))?.changes).toBe(4);
    expect(view.changes_per_day.at(-1)?.day).toBe(day(0));
    const own = await overview.read(test.db, OF_M1);
    expect(own.mini_programs).toEqual({ authorized: 2, readable: 2, fresh: 1, unknown: 0, failing: 0 });
    expect(own.changes_per_day.reduce((sum, { changes }) => sum + changes, 0)).toBe(1);
    const none = await overview.read(test.db, { platformId: PLATFORM, merchantIds: [] });
    expect(none.mini_programs.authorized).toBe(0);
    expect(none.oldest_evidence).toBeNull();
  });

  it('tells the same change of many mini programs once', async () => {
    const groups = new ChangeGroups();
    const since = { from: ago(12) };
    const page = await groups.page(test.db, WHOLE, since, { limit: 10 });
    const told = page.items.map((item) => [item.group, item.added, item.removed, item.mini_programs]);
    expect(told).toEqual([
      ['effective_domain', [OLD], [NEW], 1],
      ['mp_domain', ['https://mp.cn'], [], 1],
      ['effective_domain', [NEW], [OLD], 6],
    ]);
    const many = page.items[2];
    expect(many?.first_observed_at).toBe(ago(10.5).toISOString());
    expect(many?.last_observed_at).toBe(ago(6.25).toISOString());
    expect(many?.sample_authorizer_appids).toEqual([6, 5, 4, 3, 2].map(appid));
    expect(page.next_cursor).toBeNull();

    // The same by pages of one, also when something newer comes in between.
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const next = await groups.page(test.db, WHOLE, since, { limit: 1, cursor });
      seen.push(...next.items);
      cursor = next.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(page.items);

    const own = await groups.page(test.db, OF_M1, since, { limit: 10 });
    expect(own.items.map((item) => [item.added, item.mini_programs, item.sample_authorizer_appids])).toEqual([
      [[NEW], 1, [appid(0)]],
    ]);
    const foreign = await groups.page(test.db, OF_M1, { ...since, merchantId: 'm2' }, { limit: 10 });
    expect(foreign.items).toEqual([]);
    const week = await groups.page(test.db, WHOLE, { group: 'effective_domain' }, { limit: 10 });
    expect(week.items.map((item) => item.mini_programs)).toEqual([1, 2]);
  });

  it('draws how a domain spreads, up to the coverage of today', async () => {
    const spread = new DomainSpread();
    const query = { domain: 'NEW.cn', list: 'requestdomain' as const, from: ago(30), to: now, points: 31 };
    const view = await spread.read(test.db, WHOLE, query);
    expect(view.domain).toBe(NEW);
    const at = (days: number) => view.points[30 - days];
    // 5 is unauthorized and 8 lacks set 18: neither counts on any day.
    expect(at(25)).toMatchObject({ covered: 0, missing: 0 });
    expect(at(20)).toMatchObject({ covered: 0, missing: 7 });
    expect(at(10)).toMatchObject({ covered: 4, missing: 3 });
    expect(at(6)).toMatchObject({ covered: 5, missing: 2 });
    expect(at(0)).toMatchObject({ covered: 4, missing: 3 });
    const coverage = await new DomainCoverage().counts(test.db, WHOLE, { domain: NEW, list: 'requestdomain' });
    expect(at(0)).toMatchObject({ covered: coverage.covered, missing: coverage.missing });
    const old = await spread.read(test.db, WHOLE, { ...query, domain: OLD });
    expect(old.points.map((point) => point.missing + point.covered)).toEqual(
      view.points.map((point) => point.missing + point.covered),
    );
    expect(old.points[10]).toMatchObject({ covered: 7, missing: 0 });
    const own = await spread.read(test.db, OF_M1, query);
    expect(own.points[30]).toMatchObject({ covered: 1, missing: 1 });
    const never = await spread.read(test.db, WHOLE, { ...query, domain: 'https://nobody.cn' });
    expect(never.points[30]).toMatchObject({ covered: 0, missing: 7 });
    // A moment that is exactly an observation counts with it.
    const exact = await spread.read(test.db, WHOLE, { ...query, from: ago(10.5), points: 2 });
    expect(exact.points[0]).toMatchObject({ covered: 4, missing: 3 });
    await expect(spread.read(test.db, WHOLE, { ...query, from: now })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('tells when one mini program was observed, with its gaps', async () => {
    const times = new ObservationTimes();
    const page = await times.page(test.db, PLATFORM, ids[3] as number, { limit: 2 });
    expect(page.items.map((item) => [item.first_observed_at, item.last_observed_at])).toEqual(
      [5.5, 10.5].map((days) => [ago(days).toISOString(), ago(days).toISOString()]),
    );
    const rest = await times.page(test.db, PLATFORM, ids[3] as number, { limit: 2, cursor: page.next_cursor ?? '' });
    expect(rest.items).toHaveLength(1);
    expect(rest.next_cursor).toBeNull();
    // Ten days without any look, between two equal observations.
    const silent = await times.page(test.db, PLATFORM, ids[0] as number, { limit: 5 });
    expect(silent.items[0]).toMatchObject({
      observations: 2,
      gaps: [{ from: ago(10.5).toISOString(), to: ago(0.5).toISOString(), reason: 'silence' }],
    });
    const failing = await times.page(test.db, PLATFORM, ids[7] as number, { limit: 5, to: ago(15) });
    expect(failing).toMatchObject({ unknown: { code: 'failing', since: ago(1).toISOString() }, items: [{ gaps: [] }] });
    expect(await times.page(test.db, PLATFORM, ids[7] as number, { limit: 5, to: ago(25) })).toMatchObject({
      unknown: { code: 'failing', since: ago(1).toISOString() },
      items: [],
    });
    expect(await times.page(test.db, PLATFORM, ids[9] as number, { limit: 5 })).toEqual({
      unknown: { code: 'never_observed', since: null },
      items: [],
      next_cursor: null,
    });
  });

  it('counts an account whose details are not known yet as unknown, while it grants set 18', async () => {
    const scope: FleetScope = { platformId: PLATFORM + 2, merchantIds: null };
    const members = await addMiniProgramRows(
      test.db,
      PLATFORM + 2,
      [[18], [18], [17]].map((sets, index) => ({ appid: `wxnodetails${index}`, sets })),
    );
    const ask = () => new DomainCoverage().page(test.db, scope, { domain: NEW, list: 'requestdomain' }, { limit: 10 });
    const kinds = (kind: string | null, of: number[]) =>
      test.db.run('UPDATE authorizers.authorizer SET kind = $2 WHERE authorizer_id = ANY ($1::bigint[])', [of, kind]);
    await kinds(null, members);
    expect(await ask()).toMatchObject({ covered: 0, pending: 0, missing: 0, unknown: 2 });
    expect((await ask()).items.map((item) => [item.authorizer_appid, item.verdict, item.reason?.code])).toEqual([
      ['wxnodetails0', 'unknown', 'never_observed'],
      ['wxnodetails1', 'unknown', 'never_observed'],
    ]);
    const asserted = await new DomainAssertions().page(
      test.db,
      scope,
      { domains: [{ list: 'requestdomain', domain: NEW }] },
      { limit: 10 },
    );
    expect(asserted.items.map((item) => item.verdict)).toEqual(['unknown', 'unknown']);
    expect(await miscounted(test.db, PLATFORM + 2)).toBe(0);
    // Once the details are known, they decide.
    await kinds('official_account', [members[0] as number]);
    await kinds('mini_program', [members[1] as number, members[2] as number]);
    expect((await ask()).items.map((item) => [item.authorizer_appid, item.reason?.code])).toEqual([
      ['wxnodetails1', 'never_observed'],
      ['wxnodetails2', 'permission_set_missing'],
    ]);
    expect(await miscounted(test.db, PLATFORM + 2)).toBe(0);
  });
});
