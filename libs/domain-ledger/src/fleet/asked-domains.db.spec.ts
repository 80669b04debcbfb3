import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, minutes, observation, type Domains } from '../../test/fleet.ts';
import {
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainHistory,
  DomainLedger,
  type AssertionItem,
  type CoverageQuery,
  type FleetScope,
} from '../index.ts';

jest.setTimeout(60_000);
const PLATFORM = 5;
const WHOLE: FleetScope = { platformId: PLATFORM, merchantIds: null };
const MERCHANT: FleetScope = { platformId: PLATFORM, merchantIds: ['m1'] };
const LIST = 'requestdomain' as const;

describe('a domain as it is asked about', () => {
  let test: TestDatabase;
  const ids = new Map<string, number>();
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
  const record = (at: Date, answers: Record<string, Domains>) =>
    test.db.transaction((sql) =>
      ledger.record(
        sql,
        PLATFORM,
        Object.entries(answers).map(([appid, domains]) => observation(ids.get(appid) as number, at, answer(domains))),
      ),
    );
  const ALL = ['wxbare', 'wxboth', 'wxforce', 'wxnone', 'wxurl', 'wxwaits'];

  beforeAll(async () => {
    test = await cloneDatabase();
    const rows = ALL.map((appid) => ({ appid, merchantId: 'm1' }));
    for (const [index, id] of (await addMiniProgramRows(test.db, PLATFORM, rows)).entries())
      ids.set(ALL[index] as string, id);
    await addMiniProgramRows(test.db, PLATFORM, [
      { appid: 'wxgone', state: 'unauthorized', merchantId: 'm1' },
      { appid: 'wxofficial', kind: 'official_account', merchantId: 'm1' },
      { appid: 'wxforeign', merchantId: 'm2' },
    ]);
    await addMiniProgramRows(test.db, PLATFORM + 1, [{ appid: 'wxelsewhere', merchantId: 'm1' }]);
    await record(minutes(0), Object.fromEntries(ALL.map((appid) => [appid, { effective_domain: { [LIST]: [] } }])));
    await record(minutes(60), {
      wxbare: { effective_domain: { [LIST]: ['API.cn'] } },
      wxboth: { third_domain: { [LIST]: ['api.cn'] }, effective_domain: { [LIST]: ['https://api.cn', 'api.cn'] } },
      wxforce: { third_domain: {}, effective_domain: { [LIST]: ['https://only.cn'] } },
      wxurl: { effective_domain: { [LIST]: ['https://api.cn/'] } },
      wxwaits: { mp_domain: { [LIST]: ['api.cn'] }, third_domain: { [LIST]: ['https://only.cn'] } },
    });
  });
  afterAll(() => test.drop());

  const coverage = async (query: Omit<CoverageQuery, 'list'>, scope = WHOLE) => {
    const view = await new DomainCoverage().page(test.db, scope, { ...query, list: LIST }, { limit: 50 });
    const told: Record<string, string[]> = { covered: [], pending: [], missing: [], unknown: [] };
    for (const item of view.items) told[item.verdict]?.push(item.authorizer_appid);
    for (const verdict of ['covered', 'pending', 'missing', 'unknown'] as const) {
      const own = ALL.filter((appid) => told[verdict]?.includes(appid));
      // The foreign one is the only one of whom nothing is known.
      expect({ verdict, count: view[verdict] }).toEqual({
        verdict,
        count: own.length + (verdict === 'unknown' && scope === WHOLE ? 1 : 0),
      });
      const alone = await new DomainCoverage().page(test.db, scope, { ...query, list: LIST, verdict }, { limit: 50 });
      expect(alone.items.map((item) => item.authorizer_appid).filter((appid) => ALL.includes(appid))).toEqual(own);
      told[verdict] = own;
    }
    return told;
  };

  it.each([
    ['the whole platform', WHOLE],
    ['a key of one merchant', MERCHANT],
  ])(
    'is found without a scheme as it stands and with the scheme of the list, by all questions alike: %s',
    async (_, scope) => {
      expect(await coverage({ domain: 'Api.cn' }, scope)).toEqual({
        covered: ['wxbare', 'wxboth', 'wxurl'],
        pending: ['wxwaits'],
        missing: ['wxforce', 'wxnone'],
        unknown: [],
      });
      expect(await coverage({ domain: 'https://api.cn' }, scope)).toMatchObject({
        covered: ['wxboth', 'wxurl'],
        pending: [],
      });
      const asserted = async (domain: string) => {
        const page = await new DomainAssertions().page(
          test.db,
          scope,
          { domains: [{ list: LIST, domain }], authorizerAppids: ALL },
          { limit: 50 },
        );
        return Object.fromEntries(page.items.map((item) => [item.authorizer_appid, item.verdict]));
      };
      expect(await asserted('api.cn')).toEqual({
        wxbare: 'covered',
        wxboth: 'covered',
        wxurl: 'covered',
        wxwaits: 'pending',
        wxforce: 'missing',
        wxnone: 'missing',
      });
      expect(await asserted('https://api.cn')).toMatchObject({
        wxbare: 'missing',
        wxboth: 'covered',
        wxwaits: 'missing',
      });
      for (const [domain, appids] of [
        ['api.cn', ['wxbare', 'wxboth', 'wxurl', 'wxwaits']],
        ['https://api.cn', ['wxboth', 'wxurl']],
      ] as const) {
        const { items } = await new DomainChanges().page(test.db, scope, { domain, list: LIST }, { limit: 50 });
        expect([...new Set(items.map((item) => item.authorizer_appid))].sort()).toEqual(appids);
        const living: string[] = [];
        for (const [appid, id] of ids) {
          const stays = await new DomainHistory().lifespans(test.db, PLATFORM, id, { domain, list: LIST, limit: 50 });
          if (stays.items.length > 0) living.push(appid);
        }
        expect(living.sort()).toEqual(appids);
      }
    },
  );

  it.each([
    ['the whole platform', WHOLE],
    ['a key of one merchant', MERCHANT],
  ])('is pending for a group when another one has it and it is not in force: %s', async (_, scope) => {
    expect(await coverage({ domain: 'https://only.cn', group: 'third_domain' }, scope)).toMatchObject({
      covered: ['wxwaits'],
      pending: [],
    });
    // Configured in third_domain, not in force: it is still to come, also for who asks about the console.
    expect(await coverage({ domain: 'https://only.cn', group: 'mp_domain' }, scope)).toEqual({
      covered: [],
      pending: ['wxwaits'],
      missing: ['wxbare', 'wxboth', 'wxforce', 'wxnone', 'wxurl'],
      unknown: [],
    });
    expect(await coverage({ domain: 'api.cn', group: 'third_domain' }, scope)).toEqual({
      covered: ['wxboth'],
      pending: ['wxwaits'],
      missing: ['wxbare', 'wxforce', 'wxnone', 'wxurl'],
      unknown: [],
    });
  });

  it('is not counted again for the pages behind the first one', async () => {
    const asked: string[] = [];
    const sql = {
      query: <Row>(text: string, values?: readonly unknown[]) => (asked.push(text), test.db.query<Row>(text, values)),
      run: () => Promise.reject(new Error('a reader writes')),
      repository: (): never => {
        throw new Error('a reader of its own statements');
      },
    };
    const reader = new DomainCoverage();
    const query = { domain: 'api.cn', list: LIST };
    const first = await reader.page(sql, MERCHANT, query, { limit: 2 });
    const statements = asked.length;
    const second = await reader.page(sql, MERCHANT, query, { limit: 2, cursor: first.next_cursor as string }, first);
    expect([statements, asked.length]).toEqual([2, 3]);
    expect(second).toMatchObject({ covered: 3, pending: 1, missing: 2, unknown: 0 });
    expect(second.items.map((item) => item.authorizer_appid)).toEqual(ALL.slice(2, 4));
  });

  const STRANGERS = ['wxelsewhere', 'wxforeign', 'wxgone', 'wxofficial', 'wxtypo'];
  it('is unknown of every account that was named and of which nothing may be said', async () => {
    const assertions = new DomainAssertions();
    const named = [...STRANGERS, 'wxnone', 'wxbare', 'wxbare'];
    const domains = [
      { list: LIST, domain: 'api.cn' },
      { list: 'udpdomain' as const, domain: 'udp://u.cn' },
    ];
    const pages: AssertionItem[][] = [];
    let cursor: string | undefined;
    do {
      const page = await assertions.page(
        test.db,
        MERCHANT,
        { domains, authorizerAppids: cursor ? [...named].reverse() : named },
        { limit: 3, cursor },
      );
      pages.push(page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(pages.map((items) => items.length)).toEqual([3, 3, 1]);
    const items = pages.flat();
    expect(items.map((item) => item.authorizer_appid)).toEqual([
      'wxbare',
      ...STRANGERS.slice(0, 3),
      'wxnone',
      'wxofficial',
      'wxtypo',
    ]);
    for (const appid of STRANGERS)
      expect(items.find((item) => item.authorizer_appid === appid)).toEqual({
        authorizer_appid: appid,
        merchant_id: null,
        verdict: 'unknown',
        reason: { code: 'unauthorized', since: null },
        observed_at: null,
        domains: domains.map((each) => ({ ...each, verdict: 'unknown' })),
      });
    expect(items[0]).toMatchObject({ merchant_id: 'm1', verdict: 'missing', observed_at: minutes(60).toISOString() });
    const seen: number[] = [];
    await assertions.page(
      test.db,
      MERCHANT,
      { domains, authorizerAppids: named, maxAgeMs: 1000 },
      { limit: 3 },
      async (stale) => void seen.push(...stale.map(({ authorizerId }) => authorizerId)),
    );
    expect(seen).toEqual([ids.get('wxbare')]);
    // The cursor of another question is none of this one.
    const { next_cursor: byId } = await assertions.page(test.db, MERCHANT, { domains }, { limit: 1 });
    await expect(
      assertions.page(test.db, MERCHANT, { domains, authorizerAppids: named }, { limit: 1, cursor: byId as string }),
    ).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
