import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, minutes, observation, type Domains } from '../../test/fleet.ts';
import {
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainDrift,
  DomainGaugeReader,
  DomainLedger,
  foldCounts,
  miscounted,
  normaliseDomain,
  type ChangeItem,
  type FleetScope,
  type Verdict,
} from '../index.ts';

jest.setTimeout(300_000);
/**
 * Mini programs. With 20,000, from the root of the repository:
 * WXFLEET_FLEET=20000 node --experimental-vm-modules --conditions=source node_modules/jest/bin/jest.js \
 *   libs/domain-ledger/src/fleet/fleet.db.spec.ts --selectProjects db
 */
const SIZE = Number(process.env.WXFLEET_FLEET ?? 3000);
const PLATFORM = 11;
const WHOLE: FleetScope = { platformId: PLATFORM, merchantIds: null };
const SHARED = 'https://api.provider.cn';
const NEW = 'https://new.provider.cn';

interface Member {
  id: number;
  appid: string;
  merchant: string | null;
  principal: string;
  state: string;
  sets: number[];
  domains: Domains | null;
  /** The answer that came first, where the second was another one. */
  before: Domains | null;
}

/** A fleet in which every case has its place: nothing here is random, so every count can be said. */
function plan(index: number): Omit<Member, 'id'> {
  const third = [SHARED, `https://t${index % 7}.provider.cn`];
  const domains: Domains = {
    mp_domain: { requestdomain: [] },
    third_domain: { requestdomain: third, wsrequestdomain: [] },
    direct_domain: {},
    effective_domain: { requestdomain: [...third], wsrequestdomain: [] },
  };
  const member = {
    appid: `wxm${String(index).padStart(6, '0')}`,
    merchant: index % 10 === 9 ? null : `m${index % 23}`,
    principal: `P${index % 301}`,
    state: index % 41 === 0 ? 'unauthorized' : index % 43 === 0 ? 'reauthorization_required' : 'authorized',
    sets: index % 19 === 0 ? [17] : [17, 18],
    domains: index % 53 === 0 ? null : domains,
    before: null as Domains | null,
  };
  const own = `https://shop${index}.cn`;
  if (index % 13 === 1) domains.third_domain = { requestdomain: [...third, NEW] }; // pending
  if (index % 97 === 2) domains.effective_domain = { requestdomain: [`https://t${index % 7}.provider.cn`] }; // SHARED is pending
  if (index % 501 === 3) {
    domains.third_domain = { requestdomain: [own] };
    domains.effective_domain = { requestdomain: [own] }; // SHARED is missing
  }
  if (index % 17 === 4) domains.direct_domain = { requestdomain: ['https://direct.cn'], tcpdomain: ['tcp://d.cn'] };
  if (index % 29 === 5) {
    // In force alone is sent.
    delete domains.mp_domain;
    delete domains.third_domain;
    delete domains.direct_domain;
  }
  if (index % 31 === 6) domains.effective_domain = { requestdomain: [...third, own], wsrequestdomain: ['wss://x.cn'] };
  // A drift that begins with the second observation, and one of those before that ends with it.
  if (index % 39 === 1 && member.domains) member.before = { ...domains, third_domain: { requestdomain: third } };
  if (index % 37 === 8 && member.domains && !member.before)
    member.before = { ...domains, third_domain: { requestdomain: [...third, own] } };
  if (index % 37 === 7 && member.domains)
    member.before = { ...domains, effective_domain: { requestdomain: [SHARED], wsrequestdomain: [] } };
  if (index === 124) domains.mp_domain = { requestdomain: Array.from({ length: 199 }, (_, n) => `https://l${n}.cn`) };
  return member;
}

const listOf = (domains: Domains | null, group: string, list: string) =>
  ((domains?.[group]?.[list] as string[] | undefined) ?? []).map(normaliseDomain);
/** Lists in which the fleet drifts. */
const DRIFTING = ['requestdomain', 'wsrequestdomain', 'tcpdomain'];
const groups = ['mp_domain', 'third_domain', 'direct_domain', 'effective_domain'];
const known = (member: Member) => member.domains !== null && member.sets.includes(18);

function verdictOf(member: Member, domain: string, list: string, group = 'effective_domain'): Verdict {
  if (!known(member)) return 'unknown';
  if (listOf(member.domains, group, list).includes(domain)) return 'covered';
  if (listOf(member.domains, 'effective_domain', list).includes(domain)) return 'missing';
  return groups.some((each) => listOf(member.domains, each, list).includes(domain)) ? 'pending' : 'missing';
}

describe('questions to the fleet', () => {
  let test: TestDatabase;
  let fleet: Member[];
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
  const coverage = new DomainCoverage();
  const authorized = (of = fleet) => of.filter((member) => member.state === 'authorized');

  beforeAll(async () => {
    test = await cloneDatabase();
    const plans = Array.from({ length: SIZE }, (_, index) => plan(index));
    const ids = await addMiniProgramRows(
      test.db,
      PLATFORM,
      // Everybody begins authorized and with set 18; what is lost is lost later.
      plans.map((member) => ({ appid: member.appid, merchantId: member.merchant, principal: member.principal })),
    );
    await addMiniProgramRows(test.db, PLATFORM + 1, [{ appid: 'wxother' }]);
    fleet = plans.map((member, index) => ({ ...member, id: ids[index] as number }));
    const record = (at: Date, of: (member: Member) => Domains | null) =>
      test.db.transaction((sql) =>
        ledger.record(
          sql,
          PLATFORM,
          fleet.flatMap((member) => {
            const domains = of(member);
            return domains ? [observation(member.id, at, answer(domains))] : [];
          }),
        ),
      );
    await record(minutes(0), (member) => member.before ?? member.domains);
    await record(minutes(60), (member) => member.domains);
    await record(minutes(120), (member) => member.domains);
    for (const state of ['unauthorized', 'reauthorization_required']) {
      await test.db.run(
        `UPDATE authorizers.authorizer SET state = $2 WHERE platform_id = $1 AND authorizer_id = ANY ($3::bigint[])`,
        [PLATFORM, state, fleet.filter((member) => member.state === state).map(({ id }) => id)],
      );
    }
    await test.db.run(
      `UPDATE authorizers.authorizer SET permission_sets = '{17}' WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[])`,
      [PLATFORM, fleet.filter((member) => !member.sets.includes(18)).map(({ id }) => id)],
    );
    await test.db.run('ANALYZE');
  });
  afterAll(() => test.drop());

  const everything = async <Item>(
    page: (cursor?: string) => Promise<{ items: Item[]; next_cursor: string | null }>,
  ) => {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const next = await page(cursor);
      items.push(...next.items);
      cursor = next.next_cursor ?? undefined;
    } while (cursor);
    return items;
  };

  it('keeps its counters right through everything that happened, folded or not', async () => {
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
    await foldCounts(test.db, 7);
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
    while ((await foldCounts(test.db, 1000)) > 0);
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
  });

  const merchants = ['m1', 'm2', 'm22'];
  it.each([
    ['the whole platform', null],
    ['a key of three merchants', merchants],
    ['a key of no merchant', []],
  ])(
    'tells %s who has a domain, who waits for it, who lacks it and of whom it is not known',
    async (_, merchantIds) => {
      const scope = { ...WHOLE, merchantIds };
      const members = authorized().filter(
        (member) => merchantIds === null || merchantIds.includes(member.merchant ?? ''),
      );
      for (const query of [
        { domain: SHARED, list: 'requestdomain' as const },
        { domain: 'API.provider.cn', list: 'requestdomain' as const },
        { domain: NEW, list: 'requestdomain' as const },
        { domain: NEW, list: 'requestdomain' as const, group: 'third_domain' as const },
        { domain: SHARED, list: 'requestdomain' as const, group: 'third_domain' as const },
        { domain: SHARED, list: 'requestdomain' as const, group: 'mp_domain' as const },
        { domain: 'https://direct.cn', list: 'requestdomain' as const, group: 'third_domain' as const },
        { domain: 'https://shop6.cn', list: 'requestdomain' as const, group: 'third_domain' as const },
        { domain: 'wss://x.cn', list: 'wsrequestdomain' as const, group: 'direct_domain' as const },
        { domain: 'https://shop3.cn', list: 'requestdomain' as const },
        { domain: 'tcp://d.cn', list: 'tcpdomain' as const },
        { domain: 'https://never.seen.cn', list: 'uploaddomain' as const },
      ]) {
        const name = query.domain.includes('://') ? query.domain : `https://${query.domain.toLowerCase()}`;
        const truth = members.map((member) => ({
          authorizer_appid: member.appid,
          verdict: verdictOf(member, name, query.list, query.group),
        }));
        const counts = await coverage.counts(test.db, scope, query);
        for (const verdict of ['covered', 'pending', 'missing', 'unknown'] as const) {
          const expected = truth.filter((item) => item.verdict === verdict);
          expect({ query, verdict, count: counts[verdict] }).toEqual({ query, verdict, count: expected.length });
          const found = await everything((cursor) =>
            coverage.page(test.db, scope, { ...query, verdict }, { limit: 400, cursor }),
          );
          expect(found.map(({ authorizer_appid, verdict: told }) => ({ authorizer_appid, verdict: told }))).toEqual(
            expected,
          );
        }
        const all = await everything((cursor) => coverage.page(test.db, scope, query, { limit: 500, cursor }));
        expect(all.map(({ authorizer_appid, verdict }) => ({ authorizer_appid, verdict }))).toEqual(truth);
      }
    },
  );

  it('ends a page early rather than walking past the whole fleet, and misses nobody', async () => {
    const walking = new DomainCoverage({ stretch: 70, reach: 200 });
    const query = { domain: SHARED, list: 'requestdomain' as const, verdict: 'missing' as const };
    const expected = authorized().filter((member) => verdictOf(member, SHARED, 'requestdomain') === 'missing');
    const pages: number[] = [];
    const found = await everything(async (cursor) => {
      const page = await walking.page(test.db, WHOLE, query, { limit: 3, cursor });
      pages.push(page.items.length);
      return page;
    });
    expect(found.map((item) => item.authorizer_appid)).toEqual(expected.map((member) => member.appid));
    expect(pages.length).toBeGreaterThan(SIZE / 400);
    expect(pages).toContain(0);
  });

  it('streams all of it', async () => {
    const rows: string[] = [];
    for await (const item of coverage.each(test.db, WHOLE, { domain: SHARED, list: 'requestdomain' }))
      rows.push(item.authorizer_appid);
    expect(rows).toEqual(authorized().map((member) => member.appid));
  });

  it('finds every drift and no other', async () => {
    const truth = authorized()
      .filter(known)
      .flatMap((member) => {
        const parts = DRIFTING.map((list) => {
          const configured = new Set(groups.slice(0, 3).flatMap((group) => listOf(member.domains, group, list)));
          const sent = groups.slice(0, 3).some((group) => member.domains?.[group]?.[list] !== undefined);
          const effective = listOf(member.domains, 'effective_domain', list);
          return {
            list,
            pending: [...configured].filter((name) => !effective.includes(name)).sort(),
            only: sent ? effective.filter((name) => !configured.has(name)).sort() : [],
          };
        });
        const pending = parts
          .filter((part) => part.pending.length > 0)
          .map(({ list, pending: domains }) => ({ list, domains }));
        const only = parts.filter((part) => part.only.length > 0).map(({ list, only: domains }) => ({ list, domains }));
        return pending.length + only.length > 0
          ? [{ authorizer_appid: member.appid, pending, effective_only: only }]
          : [];
      });
    const found = await everything((cursor) => new DomainDrift().page(test.db, WHOLE, { limit: 300, cursor }));
    expect(
      found.map(({ authorizer_appid, pending, effective_only }) => ({ authorizer_appid, pending, effective_only })),
    ).toEqual(truth);
    const drifts = (domains: Domains | null) =>
      DRIFTING.some((list) => {
        const effective = new Set(listOf(domains, 'effective_domain', list));
        const configured = new Set(groups.slice(0, 3).flatMap((group) => listOf(domains, group, list)));
        const sent = groups.slice(0, 3).some((group) => domains?.[group]?.[list] !== undefined);
        return (
          [...configured].some((name) => !effective.has(name)) ||
          (sent && [...effective].some((name) => !configured.has(name)))
        );
      });
    const since = found.map((item) => {
      const member = fleet.find(({ appid }) => appid === item.authorizer_appid);
      return [item.authorizer_appid, minutes(drifts(member?.before ?? member?.domains ?? null) ? 0 : 60).toISOString()];
    });
    expect(found.map((item) => [item.authorizer_appid, item.since])).toEqual(since);
    expect(new Set(since.map(([, at]) => at)).size).toBe(2);
    expect(new Set(found.map((item) => item.observed_at))).toEqual(new Set([minutes(120).toISOString()]));
    const limited = await everything((cursor) =>
      new DomainDrift().page(test.db, { ...WHOLE, merchantIds: merchants }, { limit: 300, cursor }),
    );
    const mine = new Set(
      fleet.filter((member) => merchants.includes(member.merchant ?? '')).map((member) => member.appid),
    );
    expect(limited.map((item) => item.authorizer_appid)).toEqual(
      truth.map((item) => item.authorizer_appid).filter((appid) => mine.has(appid)),
    );
  });

  it('has every change in its feed, and first snapshots are none', async () => {
    const changes = new DomainChanges();
    const key = (item: ChangeItem) =>
      `${item.authorizer_appid} ${item.group} ${item.list} +${item.added.join()} -${item.removed.join()}`;
    const all = await everything((cursor) => changes.page(test.db, WHOLE, {}, { limit: 100, cursor }));
    const changed = fleet.filter((member) => member.before && member.domains);
    expect(new Set(all.map((item) => item.authorizer_appid))).toEqual(
      new Set(changed.filter(differs).map((member) => member.appid)),
    );
    expect(all.every((item) => item.observed_at === minutes(60).toISOString())).toBe(true);
    expect(new Set(all.map(key)).size).toBe(all.length);
    const one = all[0] as ChangeItem;
    const filtered = async (query: Parameters<DomainChanges['page']>[2], scope = WHOLE) =>
      (await everything((cursor) => changes.page(test.db, scope, query, { limit: 33, cursor }))).map(key);
    const named = one.added[0] ?? one.removed[0] ?? '';
    expect(await filtered({ domain: named })).toEqual(
      all.filter((item) => [...item.added, ...item.removed].includes(named)).map(key),
    );
    expect(await filtered({ merchantId: 'm1' })).toEqual(all.filter((item) => item.merchant_id === 'm1').map(key));
    expect(await filtered({}, { ...WHOLE, merchantIds: merchants })).toEqual(
      all.filter((item) => merchants.includes(item.merchant_id ?? '')).map(key),
    );
    expect(await filtered({ merchantId: 'm3' }, { ...WHOLE, merchantIds: merchants })).toEqual([]);
    expect(await filtered({ list: 'wsrequestdomain' })).toEqual(
      all.filter((item) => item.list === 'wsrequestdomain').map(key),
    );
    expect(await filtered({ group: 'third_domain' })).toEqual(
      all.filter((item) => item.group === 'third_domain').map(key),
    );
    expect(await filtered({ group: 'mp_domain' })).toEqual([]);
    expect(await filtered({ to: minutes(59) })).toEqual([]);
    expect(await filtered({ from: minutes(60), to: minutes(60) })).toHaveLength(all.length);
    expect(await filtered({ domain: 'https://never.seen.cn' })).toEqual([]);
  });

  it('judges what a release needs, and takes evidence that is too old for none', async () => {
    const assertions = new DomainAssertions();
    const domains = [
      { list: 'requestdomain' as const, domain: SHARED },
      { list: 'requestdomain' as const, domain: NEW },
    ];
    const worst = (verdicts: Verdict[]) =>
      (['missing', 'pending', 'unknown', 'covered'] as const).find((each) => verdicts.includes(each));
    const truth = authorized().map((member) => {
      const verdicts = domains.map(({ domain, list }) => verdictOf(member, domain, list));
      return [member.appid, worst(verdicts), ...verdicts];
    });
    const told = async (assertion: Parameters<DomainAssertions['page']>[2], scope = WHOLE) =>
      (await everything((cursor) => assertions.page(test.db, scope, assertion, { limit: 250, cursor }))).map((item) => [
        item.authorizer_appid,
        item.verdict,
        ...item.domains.map((domain) => domain.verdict),
      ]);
    expect(await told({ domains })).toEqual(truth);
    // Somebody else's mini program is answered as one that nobody has.
    expect(await told({ domains, authorizerAppids: [fleet[1]?.appid ?? '', 'wxother'] })).toEqual([
      truth.find(([appid]) => appid === fleet[1]?.appid),
      ['wxother', 'unknown', 'unknown', 'unknown'],
    ]);
    expect(await told({ domains, merchantIds: ['m1', 'm3'] }, { ...WHOLE, merchantIds: merchants })).toEqual(
      truth.filter(([appid]) => fleet.find((member) => member.appid === appid)?.merchant === 'm1'),
    );
    expect(new Set((await told({ domains, maxAgeMs: 60_000 })).map(([, verdict]) => verdict))).toEqual(
      new Set(['unknown']),
    );
    const asked: number[] = [];
    await assertions.page(test.db, WHOLE, { domains, maxAgeMs: 60_000 }, { limit: 10 }, async (stale) => {
      asked.push(...stale.map(({ authorizerId }) => authorizerId));
    });
    const page = authorized()
      .slice(0, 10)
      .filter((member) => member.sets.includes(18));
    expect(asked).toEqual(page.map(({ id }) => id));
  });

  it('knows how near the fleet is to the limits', async () => {
    const own = {
      published: ['api.provider.cn', 't0.provider.cn'],
      testing: null,
      firstObservedAt: minutes(1),
      lastObservedAt: minutes(2),
    };
    const reader = new DomainGaugeReader({ current: () => Promise.resolve(own) });
    const gauges = await reader.read(test.db, WHOLE);
    expect(gauges.lists[0]).toMatchObject({
      authorizer_appid: 'wxm000124',
      group: 'mp_domain',
      list: 'requestdomain',
      count: 199,
      limit: 200,
    });
    const direct = authorized().filter(
      (member) => known(member) && listOf(member.domains, 'direct_domain', 'requestdomain').length > 0,
    );
    expect(gauges.domains).toContainEqual(
      expect.objectContaining({
        domain: 'https://direct.cn',
        count: new Set(direct.map((member) => member.principal)).size,
        limit: 100,
      }),
    );
    const risks = gauges.at_risk ?? [];
    expect(risks.map((item) => item.domain)).toContain('https://t1.provider.cn');
    expect(risks.map((item) => item.domain)).not.toContain(SHARED);
    const t1 = authorized().filter(
      (member) =>
        known(member) && listOf(member.domains, 'effective_domain', 'requestdomain').includes('https://t1.provider.cn'),
    );
    expect(risks.find((item) => item.domain === 'https://t1.provider.cn')?.count).toBe(t1.length);
    const limited = await reader.read(test.db, { ...WHOLE, merchantIds: ['m1'] });
    const appids = new Set(fleet.filter((member) => member.merchant === 'm1').map((member) => member.appid));
    expect(limited.lists.every((item) => appids.has(item.authorizer_appid))).toBe(true);
    expect(
      (await new DomainGaugeReader({ current: () => Promise.resolve(null) }).read(test.db, WHOLE)).at_risk,
    ).toBeNull();
  });

  it('counts the edits that were made, and whose they were', async () => {
    // Now is ten days into the month of everything that happened here.
    test.db.travel(`${minutes(10 * 24 * 60).getTime() - Date.now()} milliseconds`);
    const times = (member: Member) => {
      const index = fleet.indexOf(member);
      return index % 211 === 8 ? 2 + (index % 5) : 0;
    };
    const edited = fleet.filter((member) => member.domains && times(member) > 0);
    for (let round = 1; round <= 6; round++) {
      for (const there of [true, false]) {
        const at = minutes(180 + 20 * round + (there ? 0 : 10));
        await test.db.transaction((sql) =>
          ledger.record(
            sql,
            PLATFORM,
            edited
              .filter((member) => times(member) >= round)
              .map((member) =>
                observation(
                  member.id,
                  at,
                  answer(
                    there
                      ? { ...member.domains, direct_domain: { udpdomain: ['udp://e.cn'] } }
                      : (member.domains ?? {}),
                  ),
                ),
              ),
          ),
        );
      }
    }
    const editable = (domains: Domains | null) =>
      JSON.stringify(['third_domain', 'direct_domain'].flatMap((group) => listOf(domains, group, 'requestdomain')));
    const truth = new Map(
      authorized().map((member) => {
        const planted = member.before && member.domains && editable(member.before) !== editable(member.domains);
        return [member.appid, (planted ? 1 : 0) + (member.domains ? 2 * times(member) : 0)];
      }),
    );
    const { edits } = await new DomainGaugeReader({ current: () => Promise.resolve(null) }).read(test.db, WHOLE);
    const most = [...truth.values()].filter((count) => count > 0).sort((a, b) => b - a);
    expect(edits.map((item) => item.count)).toEqual(most.slice(0, 50));
    for (const item of edits)
      expect([item.authorizer_appid, item.count]).toEqual([item.authorizer_appid, truth.get(item.authorizer_appid)]);
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
    test.db.travel(null);
  });
});

function differs(member: Member): boolean {
  return JSON.stringify(member.before) !== JSON.stringify(member.domains);
}
