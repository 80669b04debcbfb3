import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, minutes, observation, type Domains } from '../../test/fleet.ts';
import {
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainHistory,
  DomainLedger,
  bodyDigest,
  miscounted,
  type FleetScope,
  type Verdict,
} from '../index.ts';

jest.setTimeout(60_000);
const PLATFORM = 31;
const WHOLE: FleetScope = { platformId: PLATFORM, merchantIds: null };
const OF_M1: FleetScope = { platformId: PLATFORM, merchantIds: ['m1'] };
const A = 'https://a.cn';
const B = 'https://b.cn';

/** Answers that are a success and hold a list in a form nobody documented. What cannot be read is unknown, list by list. */
describe('answers that cannot be read', () => {
  let test: TestDatabase;
  let ids: number[];
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
  const history = new DomainHistory();
  const coverage = new DomainCoverage();
  const record = (index: number, minute: number, domains: Domains) =>
    test.db
      .transaction((sql) =>
        ledger.record(sql, PLATFORM, [observation(ids[index] as number, minutes(minute), answer(domains))]),
      )
      .then(([recorded]) => recorded?.outcome);
  const at = (index: number, minute: number) => history.at(test.db, PLATFORM, ids[index] as number, minutes(minute));
  const watch = async (index: number) => {
    const [row] = await test.db.query<{ failure: { code: string } | null; mask: number }>(
      `SELECT last_failure AS failure, unknown_places AS mask FROM domain_ledger.watch WHERE authorizer_id = $1`,
      [ids[index]],
    );
    return row;
  };

  beforeAll(async () => {
    test = await cloneDatabase();
    ids = await addMiniProgramRows(
      test.db,
      PLATFORM,
      Array.from({ length: 6 }, (_, index) => ({ appid: `wxodd${index}`, merchantId: index < 4 ? 'm1' : 'm2' })),
    );
    for (const index of ids.keys()) {
      await record(index, 0, { third_domain: { requestdomain: [A] }, effective_domain: { requestdomain: [A] } });
    }
    // 0: the list in force cannot be read. 1: null says nothing. 2: an odd list beside one that changed.
    expect(
      await record(0, 10, { third_domain: { requestdomain: [A] }, effective_domain: { requestdomain: [{ url: A }] } }),
    ).toBe('unchanged');
    expect(
      await record(1, 10, { third_domain: { requestdomain: [A] }, effective_domain: { requestdomain: null } }),
    ).toBe('unchanged');
    expect(
      await record(2, 10, { third_domain: { requestdomain: false }, effective_domain: { requestdomain: [A, B] } }),
    ).toBe('changed');
    // 3: as text, which can be read.
    expect(
      await record(3, 10, { third_domain: { requestdomain: A }, effective_domain: { requestdomain: `${A};${B}` } }),
    ).toBe('changed');
  });
  afterAll(() => test.drop());

  it('end no stay and add nothing to the feed', async () => {
    const stays = await history.lifespans(test.db, PLATFORM, ids[0] as number, { limit: 10 });
    expect(stays.items.map(({ domain, ended_at, present }) => [domain, ended_at, present])).toEqual([
      [A, null, true],
      [A, null, true],
    ]);
    const changes = await new DomainChanges().page(test.db, WHOLE, {}, { limit: 50 });
    expect(changes.items.map((item) => [item.authorizer_appid, item.group, item.added, item.removed]).sort()).toEqual([
      ['wxodd2', 'effective_domain', [B], []],
      ['wxodd3', 'effective_domain', [B], []],
    ]);
    const [latest] = (
      await history.snapshots(
        test.db,
        PLATFORM,
        { authorizerId: ids[2] as number, authorizerAppid: 'wxodd2' },
        { limit: 1 },
      )
    ).items;
    expect(latest).toMatchObject({
      unknown_lists: [{ group: 'third_domain', list: 'requestdomain' }],
      changes: [{ group: 'effective_domain', added: [B], removed: [] }],
    });
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
  });

  it('are told list by list, and never as what was known before', async () => {
    expect(await at(0, 20)).toMatchObject({
      certainty: 'latest',
      domains: { third_domain: { requestdomain: [A] }, effective_domain: {} },
      unknown_lists: [{ group: 'effective_domain', list: 'requestdomain' }],
    });
    expect((await at(3, 20)).unknown_lists).toEqual([]);
  });

  it('are kept as they came, counted, and shown as a failure of their own kind; null is no failure', async () => {
    expect((await watch(0))?.failure).toMatchObject({ code: 'upstream_unreadable' });
    expect((await watch(1))?.failure).toBeNull();
    expect((await watch(1))?.mask).not.toBe(0);
    expect((await watch(3))?.mask).toBe(0);
    const kept = await test.db.query(
      'SELECT authorizer_id AS id, answers FROM domain_ledger.unreadable_answer ORDER BY 1',
    );
    expect(kept).toEqual([
      { id: ids[0], answers: 1 },
      { id: ids[2], answers: 1 },
    ]);
  });

  it.each([
    ['the whole platform', WHOLE],
    ['a key of one merchant', OF_M1],
  ])('make a domain unknown instead of missing: %s', async (_, scope) => {
    const verdicts: Record<string, Verdict> = {
      wxodd0: 'unknown',
      wxodd1: 'unknown',
      wxodd2: 'covered',
      wxodd3: 'covered',
      wxodd4: 'covered',
      wxodd5: 'covered',
    };
    const members = Object.keys(verdicts).slice(0, scope.merchantIds ? 4 : 6);
    const query = { domain: A, list: 'requestdomain' as const };
    const all = await coverage.page(test.db, scope, query, { limit: 10 });
    expect(Object.fromEntries(all.items.map((item) => [item.authorizer_appid, item.verdict]))).toEqual(
      Object.fromEntries(members.map((appid) => [appid, verdicts[appid]])),
    );
    expect(all.items[0]?.reason).toEqual({ code: 'unreadable', since: null });
    const count = (verdict: Verdict) => members.filter((appid) => verdicts[appid] === verdict).length;
    expect(all).toMatchObject({ covered: count('covered'), unknown: count('unknown'), missing: 0, pending: 0 });
    for (const verdict of ['covered', 'unknown'] as const) {
      const page = await coverage.page(test.db, scope, { ...query, verdict }, { limit: 10 });
      expect(page.items).toHaveLength(count(verdict));
    }
    // B is in force nowhere else; whether 2 has it configured is not known, but it is in force.
    const b = await coverage.page(test.db, scope, { ...query, domain: B }, { limit: 10 });
    expect(b).toMatchObject({ covered: 2, unknown: 2 });
    const asserted = await new DomainAssertions().page(
      test.db,
      scope,
      { domains: [{ list: 'requestdomain', domain: A }] },
      { limit: 10 },
    );
    expect(asserted.items.map((item) => [item.authorizer_appid, item.verdict])).toEqual(
      members.map((appid) => [appid, verdicts[appid]]),
    );
  });

  it('leave a gap behind when the list can be read again', async () => {
    const domains = { third_domain: { requestdomain: [A] }, effective_domain: { requestdomain: [A] } };
    expect(await record(0, 30, domains)).toBe('unchanged');
    expect((await at(0, 20)).certainty).toBe('between_observations');
    expect(await at(0, 40)).toMatchObject({ certainty: 'latest', unknown_lists: [] });
    expect((await watch(0))?.failure).toBeNull();
    // What went while nobody could read it is a change of the feed against what was known last.
    expect(await record(1, 30, { ...domains, effective_domain: { requestdomain: [B] } })).toBe('changed');
    const changes = await new DomainChanges().page(test.db, WHOLE, {}, { limit: 1 });
    expect(changes.items[0]).toMatchObject({ authorizer_appid: 'wxodd1', added: [B], removed: [A] });
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
  });

  it('that say nothing about domains at all are failures: nothing is known since', async () => {
    const body = Buffer.from('{"errcode":0,"errmsg":"ok"}');
    await test.db.transaction((sql) =>
      ledger.noteGaps(sql, PLATFORM, [
        {
          authorizerId: ids[5] as number,
          at: minutes(10),
          reason: 'unreadable_answer',
          failure: { at: minutes(10).toISOString(), code: 'upstream_unreadable', wechat: null },
          transient: false,
          unreadableBody: body,
        },
      ]),
    );
    expect(await at(5, 20)).toMatchObject({
      certainty: 'unknown',
      reason: { code: 'unreadable', since: minutes(10).toISOString() },
    });
    const [kept] = await test.db.query<{ digest: string }>(
      `SELECT encode(b.digest, 'hex') AS digest FROM domain_ledger.unreadable_answer u JOIN domain_ledger.body b USING (body_id)
        WHERE u.authorizer_id = $1`,
      [ids[5]],
    );
    expect(kept?.digest).toBe(bodyDigest(body));
  });
});
