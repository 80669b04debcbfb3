import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation, type Domains, type MiniProgramRow } from '../../test/fleet.ts';
import { DomainGaugeReader, DomainLedger, foldCounts, miscounted, type PlatformList } from '../index.ts';

jest.setTimeout(120_000);
const NOW = new Date('2026-03-15T04:00:00Z');
/** In Beijing. */
const MONTH = new Date('2026-02-28T16:00:00Z');
const hours = (count: number, from = MONTH) => new Date(from.getTime() + count * 3_600_000);

describe("how near the fleet is to WeChat's limits", () => {
  let test: TestDatabase;
  let own: PlatformList | null = null;
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
  const reader = new DomainGaugeReader({ current: () => Promise.resolve(own) });
  const gauges = (platformId: number, merchantIds: string[] | null = null) =>
    reader.read(test.db, { platformId, merchantIds });
  const record = (platformId: number, at: Date, rows: [number, Domains][]) =>
    test.db.transaction((sql) =>
      ledger.record(
        sql,
        platformId,
        rows.map(([id, domains]) => observation(id, at, answer(domains))),
      ),
    );
  const fleet = (platformId: number, rows: MiniProgramRow[]) => addMiniProgramRows(test.db, platformId, rows);
  const direct = (...requestdomain: string[]): Domains => ({ direct_domain: { requestdomain } });

  beforeAll(async () => {
    test = await cloneDatabase();
    test.db.travel(`${NOW.getTime() - Date.now()} milliseconds`);
  });
  afterAll(() => test.drop());

  it('finds a domain of 99 principals behind fifty that 120 mini programs of one have', async () => {
    const busy = await fleet(
      21,
      Array.from({ length: 120 }, (_, n) => ({ appid: `wxbusy${n}`, principal: 'One Ltd', merchantId: 'm1' })),
    );
    const many = await fleet(
      21,
      Array.from({ length: 99 }, (_, n) => ({ appid: `wxmany${n}`, principal: `Shop ${n}`, merchantId: 'm2' })),
    );
    const fifty = Array.from({ length: 50 }, (_, n) => `https://own${n}.one.cn`);
    await record(21, NOW, [
      ...busy.map((id): [number, Domains] => [id, direct(...fifty)]),
      ...many.map((id): [number, Domains] => [id, direct('https://danger.cn')]),
    ]);
    const { domains } = await gauges(21);
    expect([domains.length, domains[0]]).toEqual([
      50,
      { domain: 'https://danger.cn', count: 99, limit: 100, observed_at: NOW.toISOString() },
    ]);
    expect(domains.slice(1).every((item) => item.count === 1)).toBe(true);
    expect((await gauges(21, ['m2'])).domains).toEqual([domains[0]]);
    expect((await gauges(21, ['m1'])).domains.map((item) => item.count)).toEqual(Array.from({ length: 50 }, () => 1));
  });

  it('counts principals exactly over all lists, whatever is folded', async () => {
    // Deterministic, uneven: domain d is direct in list d % 2 or in both, of mini programs n with (n * 7919 + d * 104729) % (d + 2) === 0.
    const principalOf = (n: number) => (n % 5 === 0 ? null : `P${(n * 31) % (3 + (n % 90))}`);
    const rows = Array.from({ length: 300 }, (_, n) => ({ appid: `wxr${n}`, principal: principalOf(n) }));
    const has = (n: number, d: number) => (n * 7919 + d * 104_729) % (2 + (d % 61)) === 0;
    const held = (n: number, list: number) =>
      Array.from({ length: 140 }, (_, d) => d)
        .filter((d) => has(n, d) && (d % 3 === 2 || d % 3 === list))
        .map((d) => `https://d${d}.cn`);
    const ids = await fleet(22, rows);
    await record(
      22,
      NOW,
      ids.map((id, n) => [id, { direct_domain: { requestdomain: held(n, 0), uploaddomain: held(n, 1) } }]),
    );
    const gone = (n: number) => n % 11 === 3;
    await test.db.run(
      `UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE authorizer_id = ANY ($1::bigint[])`,
      [ids.filter((_, n) => gone(n))],
    );
    const truth = new Map<string, Set<string>>();
    for (const [n, row] of rows.entries()) {
      if (gone(n)) continue;
      for (const domain of [...held(n, 0), ...held(n, 1)])
        truth.set(domain, (truth.get(domain) ?? new Set()).add(row.principal ?? row.appid));
    }
    const counts = [...truth.values()].map((principals) => principals.size).sort((a, b) => b - a);
    const check = async () => {
      const { domains } = await gauges(22);
      expect(domains.map((item) => item.count)).toEqual(counts.slice(0, 50));
      for (const item of domains)
        expect([item.domain, item.count]).toEqual([item.domain, truth.get(item.domain)?.size]);
    };
    await check();
    while ((await foldCounts(test.db, 1000)) > 0);
    await check();
    expect(await miscounted(test.db, 22)).toBe(0);
  });

  it('sees an edit where a domain came or went this month, and nothing else', async () => {
    const [border, within, empty, gone, late, elsewhere] = (await fleet(
      23,
      ['wxborder', 'wxwithin', 'wxempty', 'wxgone', 'wxlate', 'wxelse'].map((appid) => ({ appid, merchantId: 'm1' })),
    )) as [number, number, number, number, number, number];
    const a: Domains = { third_domain: { requestdomain: ['https://a.cn'] } };
    const b: Domains = { third_domain: { requestdomain: ['https://b.cn'] } };
    const everybody = (at: Date, except: number[] = []) =>
      record(
        23,
        at,
        [border, within, empty, gone, late, elsewhere].filter((id) => !except.includes(id)).map((id) => [id, a]),
      );
    await everybody(hours(-47), [late]);
    // The others were seen with the old domains when the month had begun; of this one the edit may be last month's.
    await everybody(hours(0), [border, late]);
    await record(23, hours(1), [
      [border, b],
      [within, b],
      [empty, { third_domain: { requestdomain: ['https://a.cn'], udpdomain: [] } }],
      [gone, b],
      [late, b],
      [elsewhere, { ...a, mp_domain: { requestdomain: ['https://b.cn'] } }],
    ]);
    await record(23, hours(25), [
      [border, a],
      [within, a],
    ]);
    await test.db.run(`UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE authorizer_id = $1`, [gone]);
    for (const merchants of [null, ['m1']]) {
      const { edits } = await gauges(23, merchants);
      expect(edits.map((item) => [item.authorizer_appid, item.count, item.since])).toEqual([
        ['wxwithin', 2, MONTH.toISOString()],
        ['wxborder', 1, MONTH.toISOString()],
      ]);
    }
  });

  it('lets at risk be what a release drops: not what is direct, whatever is folded', async () => {
    const ids = await fleet(
      24,
      Array.from({ length: 130 }, (_, n) => ({ appid: `wxrisk${n}`, merchantId: n < 10 ? 'm1' : 'm2' })),
    );
    const inForce = (n: number) => [
      'https://listed.cn',
      'https://both.cn',
      'https://mixed.cn',
      'https://plain.cn',
      ...(n < 5 ? ['https://few.cn'] : []),
    ];
    await record(
      24,
      hours(-1, NOW),
      ids.map((id, n) => [
        id,
        {
          direct_domain: {
            requestdomain: ['https://both.cn', ...(n < 60 ? ['https://mixed.cn'] : [])],
            uploaddomain: ['https://plain.cn'],
          },
          effective_domain: { requestdomain: inForce(n) },
        },
      ]),
    );
    own = { published: ['listed.cn'], testing: null, firstObservedAt: NOW, lastObservedAt: NOW };
    const told = async (merchants: string[] | null = null) =>
      (await gauges(24, merchants)).at_risk?.map((item) => [item.domain, item.list, item.count]);
    const whole = (lost: number) => [
      ['https://plain.cn', 'requestdomain', 130 - lost],
      ['https://mixed.cn', 'requestdomain', 70 - lost],
      ['https://few.cn', 'requestdomain', 5],
    ];
    expect(await told()).toEqual(whole(0));
    expect(await told(['m1'])).toEqual([
      ['https://plain.cn', 'requestdomain', 10],
      ['https://few.cn', 'requestdomain', 5],
    ]);
    await test.db.run(
      `UPDATE authorizers.authorizer SET permission_sets = '{17}' WHERE authorizer_id = ANY ($1::bigint[])`,
      [ids.slice(100, 120)],
    );
    expect(await told()).toEqual(whole(20));
    while ((await foldCounts(test.db, 1000)) > 0);
    expect(await told()).toEqual(whole(20));
    // Nobody is counted for what is in force and direct any more, and then again.
    await record(
      24,
      NOW,
      ids.slice(0, 60).map((id, n) => [id, { effective_domain: { requestdomain: inForce(n) } }]),
    );
    const now = new Map((await told())?.map(([domain, , count]) => [domain, count]));
    expect([now.get('https://mixed.cn'), now.get('https://both.cn')]).toEqual([110, 60]);
    expect(await miscounted(test.db, 24)).toBe(0);
    own = null;
    expect(await told()).toBeUndefined();
  });
});
