import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIST_SCHEMES, type CoverageItemView, type CoverageView, type FleetChangeView } from '#libs/contract';
import { PlatformListRefresh } from '#libs/domain-ledger';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const base = `/v1/platforms/${PLATFORM}`;
const HAS = 'wxshophas0000001';
const WAITS = 'wxshopwaits00001';
const LACKS = 'wxshoplacks00001';
const HIDDEN = 'wxshophidden0001';
const API = 'https://api.example.com';
const SHARED = 'https://shared.example.com';
const ASKED = `domain=${encodeURIComponent(API)}&list=requestdomain`;

interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
interface Assertion {
  authorizer_appid: string;
  verdict: string;
  observed_at: string | null;
  domains: { verdict: string }[];
}

describe('questions about the fleet over REST', () => {
  let world: HubWorld;
  let limited: string;
  const snapshot = async (appid: string) => {
    const { status, text } = await world.call('POST', `${base}/authorizers/${appid}/snapshots`);
    if (status >= 300) throw new Error(text);
  };
  const verdicts = (items: readonly { authorizer_appid: string; verdict: string }[]) =>
    Object.fromEntries(items.map((item) => [item.authorizer_appid, item.verdict]));
  const coverage = async (query: string, key?: string) =>
    (await world.call<CoverageView>('GET', `${base}/domain-coverage?${query}`, key ? { key } : {})).body;
  const assertion = async (body: object, key?: string, query = '') =>
    world.call<Page<Assertion>>('POST', `${base}/domain-assertions${query}`, { body, ...(key ? { key } : {}) });

  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.merchant(PLATFORM, 'm2');
    await world.miniProgram(PLATFORM, HAS, { merchantId: 'm1' });
    await world.miniProgram(PLATFORM, WAITS, { merchantId: 'm1' });
    await world.miniProgram(PLATFORM, LACKS, { merchantId: 'm2' });
    await world.miniProgram(PLATFORM, HIDDEN, { merchantId: 'm2', permissionSets: [17] });
    const both = { third_domain: { requestdomain: [SHARED] }, effective_domain: { requestdomain: [SHARED] } };
    for (const appid of [HAS, WAITS, LACKS]) {
      world.simulator.world.setDomains(appid, { mp_domain: {}, direct_domain: {}, ...both });
      await snapshot(appid);
    }
    world.simulator.world.setDomains(HAS, {
      third_domain: { requestdomain: [SHARED, API] },
      effective_domain: { requestdomain: [SHARED, API] },
    });
    world.simulator.world.setDomains(WAITS, {
      third_domain: { requestdomain: [SHARED, API] },
      direct_domain: { tcpdomain: ['tcp://direct.example.com:1'] },
    });
    for (const appid of [HAS, WAITS, LACKS]) await snapshot(appid);
    limited = await world.apiKey(PLATFORM, { merchantIds: ['m2'] });
  }, 60_000);
  afterAll(() => world.stop());

  it.each(['htps://x', 'http://x.example', 'wss://x.example', '//x'])(
    'refuses a domain that no list of its kind could hold: %s',
    async (domain) => {
      const answer = await world.call(
        'GET',
        `${base}/domain-coverage?list=requestdomain&domain=${encodeURIComponent(domain)}`,
      );
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ in: 'query', path: 'domain' }] } });
    },
  );

  it('tell who has a domain, who waits for it, who lacks it, and of whom it is not known', async () => {
    const { items, ...counts } = await coverage(ASKED);
    expect(counts).toEqual({
      domain: API,
      list: 'requestdomain',
      group: 'effective_domain',
      covered: 1,
      pending: 1,
      missing: 1,
      unknown: 1,
      next_cursor: null,
    });
    expect(verdicts(items)).toEqual({ [HAS]: 'covered', [WAITS]: 'pending', [LACKS]: 'missing', [HIDDEN]: 'unknown' });
    expect(items.find((item) => item.authorizer_appid === HIDDEN)?.observed_at).toBeNull();
    expect(verdicts((await coverage(`${ASKED}&verdict=pending`)).items)).toEqual({ [WAITS]: 'pending' });
    expect(await coverage(`${ASKED}&group=third_domain`)).toMatchObject({ covered: 2, pending: 0 });
    expect(await coverage('domain=API.example.com&list=requestdomain')).toMatchObject({ covered: 1 });
  });

  it('come in pages that meet everybody once', async () => {
    const met: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: CoverageView = await coverage(`${ASKED}&limit=1${cursor ? `&cursor=${cursor}` : ''}`);
      met.push(...page.items.map((item: CoverageItemView) => item.authorizer_appid));
      cursor = page.next_cursor;
    }
    expect(met.sort()).toEqual([HAS, WAITS, LACKS, HIDDEN].sort());
  });

  it('find what is configured and not in force, and nothing else', async () => {
    const { body } = await world.call<Page<object>>('GET', `${base}/domain-drift`);
    expect(body.items).toEqual([
      {
        authorizer_appid: WAITS,
        merchant_id: 'm1',
        pending: [
          { list: 'requestdomain', domains: [API] },
          { list: 'tcpdomain', domains: ['tcp://direct.example.com:1'] },
        ],
        effective_only: [],
        since: expect.any(String),
        observed_at: expect.any(String),
      },
    ]);
  });

  it('feed every change, by time, group, list, domain and merchant', async () => {
    const changes = async (query: string, key?: string) =>
      (await world.call<Page<FleetChangeView>>('GET', `${base}/domain-changes?${query}`, key ? { key } : {})).body
        .items;
    const ofApi = await changes(`domain=${encodeURIComponent(API)}`);
    expect(
      ofApi.map(({ authorizer_appid, group, added, removed }) => [authorizer_appid, group, added, removed]),
    ).toEqual([
      [WAITS, 'third_domain', [API], []],
      [HAS, 'third_domain', [API], []],
      [HAS, 'effective_domain', [API], []],
    ]);
    const shown = await world.call('GET', `${base}/snapshots/${ofApi[0]?.snapshot_id}`);
    expect(shown.body).toMatchObject({ authorizer_appid: WAITS, first_observed_at: ofApi[0]?.observed_at });
    const direct = await changes('list=tcpdomain&group=direct_domain&merchant_id=m1');
    expect(direct.filter((item) => item.added.length > 0)).toMatchObject([{ authorizer_appid: WAITS }]);
    expect(await changes(`list=udpdomain&domain=api.example.com`)).toEqual([]);
    expect(await changes(`domain=${encodeURIComponent(API)}&from=${ofApi[0]?.observed_at}`)).toEqual([ofApi[0]]);
    expect(await changes(`merchant_id=m2&domain=${encodeURIComponent(API)}`)).toEqual([]);
    expect(await changes('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).toEqual([]);
    const wrong = await world.call('GET', `${base}/domain-changes?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`);
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ in: 'query', path: 'to' }] } });
  });

  it('come as CSV however long they are, the same as in pages', async () => {
    const csv = (path: string, key?: string) =>
      world.call('GET', `${base}/${path}`, { headers: { accept: 'text/csv' }, ...(key ? { key } : {}) });
    const changes = await csv(`domain-changes?domain=${encodeURIComponent(API)}`);
    expect([changes.status, changes.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const lines = changes.text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('authorizer_appid,merchant_id,snapshot_id,observed_at,group,list,added,removed');
    expect(lines[1]).toMatch(new RegExp(`^${WAITS},m1,s[^,]+,[^,]+,third_domain,requestdomain,${API},$`));
    expect(lines).toHaveLength(4);
    await world.db.run(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets)
       SELECT (SELECT platform_id FROM custody.component_account), 'wxmany' || n, 0, 'authorized', 'mini_program', '{17}'
         FROM generate_series(1, 4500) n`,
    );
    const whole = await csv(`domain-coverage?${ASKED}`);
    const rows = whole.text.trimEnd().split('\r\n').slice(1);
    expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(4504);
    expect(rows).toHaveLength(4504);
    expect(rows[0]).toMatch(new RegExp(`^${HAS},m1,covered,.+Z$`));
    expect((await coverage(`${ASKED}&limit=1`)).unknown).toBe(4501);
    expect((await csv(`domain-coverage?${ASKED}&verdict=missing`, limited)).text.split('\r\n')).toHaveLength(3);
    // What is wrong with the question is told before the answer begins.
    expect(await csv(`domain-coverage?${ASKED}&cursor=nonsense`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    await world.db.run(`DELETE FROM authorizers.authorizer WHERE authorizer_appid LIKE 'wxmany%'`);
  });

  it("know how near the fleet is to WeChat's limits, and what the next release drops", async () => {
    const gauges = async (key?: string) =>
      (await world.call<Record<string, unknown>>('GET', `${base}/domain-gauges`, key ? { key } : {})).body;
    expect(await gauges()).toMatchObject({
      lists: expect.arrayContaining([expect.objectContaining({ authorizer_appid: HAS, count: 2, limit: 200 })]),
      domains: [{ domain: 'tcp://direct.example.com:1', count: 1, limit: 100 }],
      edits: expect.arrayContaining([
        expect.objectContaining({ authorizer_appid: WAITS, limit: 50, lower_bound: true }),
      ]),
      at_risk: null,
    });
    world.simulator.world.setPlatformServerDomains(PLATFORM, ['shared.example.com']);
    await world.hub.get(PlatformListRefresh).refresh();
    expect((await gauges())['at_risk']).toMatchObject([{ domain: API, list: 'requestdomain', count: 1, limit: null }]);
    expect(await gauges(limited)).toMatchObject({ lists: [{ authorizer_appid: LACKS }], domains: [] });
  });

  it('judge before a release, by evidence that is young enough', async () => {
    const domains = [
      { list: 'requestdomain', domain: API },
      { list: 'requestdomain', domain: SHARED },
    ];
    const { body } = await assertion({ domains });
    expect(verdicts(body.items)).toEqual({
      [HAS]: 'covered',
      [WAITS]: 'pending',
      [LACKS]: 'missing',
      [HIDDEN]: 'unknown',
    });
    expect(body.items.find((item) => item.authorizer_appid === LACKS)?.domains.map((each) => each.verdict)).toEqual([
      'missing',
      'covered',
    ]);
    expect(verdicts((await assertion({ domains, merchant_ids: ['m1'] })).body.items)).toEqual({
      [HAS]: 'covered',
      [WAITS]: 'pending',
    });
    const first = await assertion({ domains, authorizer_appids: [HAS, LACKS] }, undefined, '?limit=1');
    expect(verdicts(first.body.items)).toEqual({ [HAS]: 'covered' });
    const second = await assertion(
      { domains, authorizer_appids: [HAS, LACKS] },
      undefined,
      `?limit=1&cursor=${first.body.next_cursor}`,
    );
    expect(verdicts(second.body.items)).toEqual({ [LACKS]: 'missing' });
    expect(second.body.next_cursor).toBeNull();
  });

  it('ask WeChat about stale evidence when told to, and only with the power to', async () => {
    const body = {
      domains: [{ list: 'requestdomain', domain: API }],
      authorizer_appids: [LACKS, HIDDEN],
      max_age: 'P1D',
    };
    await world.db.run(
      `WITH aged AS (
         UPDATE domain_ledger.watch SET first_observed_at = first_observed_at - interval '2 days',
                last_observed_at = last_observed_at - interval '2 days'
          WHERE authorizer_id = (SELECT authorizer_id FROM authorizers.authorizer WHERE authorizer_appid = $1)
         RETURNING authorizer_id, latest_no)
       UPDATE domain_ledger.snapshot s SET first_observed_at = s.first_observed_at - interval '2 days'
         FROM aged WHERE s.authorizer_id = aged.authorizer_id`,
      [LACKS],
    );
    world.simulator.world.setDomains(LACKS, { effective_domain: { requestdomain: [SHARED, API] } });
    const stale = await assertion(body);
    expect(verdicts(stale.body.items)).toEqual({ [LACKS]: 'unknown', [HIDDEN]: 'unknown' });
    const weak = await world.apiKey(PLATFORM, { scopes: ['domains:read'] });
    expect(await assertion({ ...body, fetch_stale: true }, weak)).toMatchObject({ status: 403 });
    const fetched = await assertion({ ...body, fetch_stale: true }, limited);
    expect(verdicts(fetched.body.items)).toEqual({ [LACKS]: 'covered', [HIDDEN]: 'unknown' });
    const audit = await world.call<Page<object>>('GET', `${base}/audit-events?action=domains.fetched_for_assertion`);
    expect(audit.body.items).toMatchObject([{ detail: { stale: 1, fetched: 1 } }]);
  });

  it.each([
    ['domain-coverage', 'list=wsrequestdomain', 'https://a.cn', 'must begin with wss:// or with the host'],
    ['domain-coverage', 'list=requestdomain', 'WSS://a.cn', 'must begin with https://'],
    ['domain-coverage', 'list=requestdomain', '  ', 'must name a host'],
    ['domain-coverage', 'list=requestdomain', 'https:// ', 'must name a host'],
    ['domain-changes', 'list=udpdomain', 'tcp://a.cn', 'must begin with udp://'],
    ['domain-changes', 'group=mp_domain', ' ', 'must name a host'],
    [`authorizers/${HAS}/domain-lifespans`, 'list=tcpdomain', 'https://a.cn', 'must begin with tcp://'],
    [`authorizers/${HAS}/domain-lifespans`, 'group=mp_domain', '/path', 'must name a host'],
  ])('refuse at %s with %s the domain "%s"', async (path, query, domain, message) => {
    const refused = await world.call('GET', `${base}/${path}?${query}&domain=${encodeURIComponent(domain)}`);
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ in: 'query', path: 'domain' }] },
    });
    expect(refused.text).toContain(message);
  });

  it('take a domain in every list with its scheme and without one', async () => {
    for (const [list, scheme] of Object.entries(LIST_SCHEMES)) {
      for (const domain of [`${scheme}a.cn:8443`, 'a.cn:8443', `${scheme.toUpperCase()}例子.CN/`, ' a.cn '])
        expect((await coverage(`list=${list}&domain=${encodeURIComponent(domain)}`)).missing).toBeGreaterThan(0);
    }
  });

  it('answer for every account that was named, and find no merchant where there is none', async () => {
    const domains = [{ list: 'requestdomain', domain: API }];
    const named = await assertion({ domains, authorizer_appids: ['wxtypo0000000001', HAS] });
    expect(verdicts(named.body.items)).toEqual({ [HAS]: 'covered', wxtypo0000000001: 'unknown' });
    // Foreign or invented: to a key of other merchants both look alike.
    const foreign = await assertion({ domains, authorizer_appids: ['wxtypo0000000001', HAS] }, limited);
    const unsaid = (authorizer_appid: string) => ({
      authorizer_appid,
      merchant_id: null,
      verdict: 'unknown',
      reason: { code: 'unauthorized', since: null },
      observed_at: null,
      domains: [{ ...domains[0], verdict: 'unknown' }],
    });
    expect(foreign.body).toEqual({ items: [unsaid(HAS), unsaid('wxtypo0000000001')], next_cursor: null });
    expect((await assertion({ domains, merchant_ids: ['nobody'] })).body.items).toEqual([]);
  });

  it.each([
    ['a domain of another scheme', { domains: [{ list: 'wsrequestdomain', domain: API }] }, 'domains.0.domain'],
    ['a blank domain', { domains: [{ list: 'requestdomain', domain: '   ' }] }, 'domains.0.domain'],
    ['no domain', { domains: [] }, 'domains'],
    ['an unknown list', { domains: [{ list: 'x', domain: API }] }, 'domains.0.list'],
    ['a nonsensical age', { domains: [{ list: 'requestdomain', domain: API }], max_age: 'PT' }, 'max_age'],
    [
      'merchants and appids at once',
      { domains: [{ list: 'requestdomain', domain: API }], merchant_ids: ['m1'], authorizer_appids: [HAS] },
      'authorizer_appids',
    ],
  ])('refuse an assertion with %s', async (_, body, path) => {
    expect(await assertion(body)).toMatchObject({ status: 400, body: { errors: [{ in: 'body', path }] } });
  });

  it('show a key that is limited to merchants nothing of the others', async () => {
    const only = [LACKS, HIDDEN].sort();
    const own = await coverage(ASKED, limited);
    expect(own.items.map((item) => item.authorizer_appid).sort()).toEqual(only);
    expect(own.covered + own.pending + own.missing + own.unknown).toBe(2);
    const asked = await assertion({ domains: [{ list: 'requestdomain', domain: API }], merchant_ids: ['m1'] }, limited);
    expect(asked.body.items).toEqual([]);
    const texts = await Promise.all(
      [
        `domain-coverage?${ASKED}`,
        'domain-drift',
        'domain-changes',
        'domain-changes?merchant_id=m1',
        'domain-gauges',
      ].map(async (path) => (await world.call('GET', `${base}/${path}`, { key: limited })).text),
    );
    for (const text of texts) for (const appid of [HAS, WAITS]) expect(text).not.toContain(appid);
  });
});
