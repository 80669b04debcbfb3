import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PlatformRef } from '#libs/custody';
import { Secret } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import type { ServerDomainLists } from '#libs/wechat';
import { EventWriter } from '#libs/events';
import { addMiniProgramRows, answer, observation } from '../../test/fleet.ts';
import { DomainLedger, PlatformLists } from '../index.ts';

jest.setTimeout(60_000);
/** Kept as it came, whatever else is in it. */
const RAW = (call: number) => `{ "errcode":0, "nobody_documented":${call} }`;

describe("the platform's own list of server domains", () => {
  let test: TestDatabase;
  let answered: Omit<ServerDomainLists, 'raw'>;
  let asked = 0;
  const platforms: PlatformRef[] = [
    { platformId: 1, componentAppid: 'wxone' },
    { platformId: 2, componentAppid: 'wxtwo' },
  ];
  const [one] = platforms as [PlatformRef];
  const lists = () =>
    new PlatformLists(
      test.db,
      {
        call: (platform, call) =>
          platform.platformId === 1 ? call(Secret.of('token')) : Promise.reject(new Error('no ticket')),
      },
      {
        getServerDomainList: () => {
          asked += 1;
          return Promise.resolve({ ...answered, raw: RAW(asked) });
        },
      },
    );
  beforeEach(async () => {
    test = await cloneDatabase();
    asked = 0;
  });
  afterEach(() => test.drop());

  it('is unknown while it was never fetched, and has a history in normal form afterwards', async () => {
    const own = lists();
    expect(await own.current(test.db, 1)).toBeNull();
    answered = { published: ['www.QQ.com', 'https://wx.qq.com/', 'www.qq.com'], testing: null };
    expect(await own.fetch(one)).toEqual({ changed: true });
    expect(await own.current(test.db, 1)).toMatchObject({ published: ['www.qq.com', 'wx.qq.com'], testing: null });
    answered = { published: ['wx.qq.com', 'www.qq.com'], testing: null };
    expect(await own.fetch(one)).toEqual({ changed: false });
    answered = { published: ['wx.qq.com', 'www.qq.com'], testing: [] };
    expect(await own.fetch(one)).toEqual({ changed: true });
    const rows = await test.db.query(`SELECT no, observations, body FROM domain_ledger.platform_list ORDER BY no`);
    expect(rows).toEqual([
      { no: 1, observations: 2, body: RAW(1) },
      { no: 2, observations: 1, body: RAW(3) },
    ]);
  });

  it('is fetched when it is due; the failure of one platform keeps no other from its turn', async () => {
    const own = lists();
    answered = { published: [], testing: [] };
    const failed: number[] = [];
    const pass = () =>
      own.ensureFresh([...platforms].reverse(), 86_400_000, ({ platformId }) => failed.push(platformId));
    expect(await pass()).toBe(1);
    expect(await pass()).toBe(0);
    expect([asked, failed]).toEqual([1, [2, 2]]);
    test.db.travel('25 hours');
    expect(await pass()).toBe(1);
  });

  it('is ordered by when it was asked: an answer that was read late changes nothing', async () => {
    let release: (value: ServerDomainLists) => void = () => undefined;
    const paused = new Promise<ServerDomainLists>((resolve) => (release = resolve));
    const slow = new PlatformLists(
      test.db,
      { call: (_, call) => call(Secret.of('token')) },
      {
        getServerDomainList: () => {
          asked += 1;
          return paused;
        },
      },
    );
    const late = slow.fetch(one);
    while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
    answered = { published: ['new.cn'], testing: null };
    expect(await lists().fetch(one)).toEqual({ changed: true });
    release({ published: ['old.cn'], testing: null, raw: '{}' });
    expect(await late).toEqual({ changed: false });
    expect(await lists().current(test.db, 1)).toMatchObject({ published: ['new.cn'] });
  });

  it('is fetched and counted again after a clock that was fast once', async () => {
    const own = lists();
    answered = { published: ['a.cn'], testing: null };
    test.db.travel('48 hours');
    await own.fetch(one);
    test.db.travel(null);
    answered = { published: ['b.cn'], testing: null };
    expect(await own.ensureFresh([one], 86_400_000, () => undefined)).toBe(1);
    const list = await own.current(test.db, 1);
    expect(list).toMatchObject({ published: ['b.cn'] });
    const [clock] = await test.db.query<{ now: Date }>('SELECT wxfleet.now() AS now');
    expect(list?.lastObservedAt.getTime()).toBeLessThanOrEqual((clock as { now: Date }).now.getTime());
  });

  it('tells of hosts that come and go, with how many mini programs have one that went in force', async () => {
    const own = new PlatformLists(
      test.db,
      { call: (_, call) => call(Secret.of('token')) },
      { getServerDomainList: () => Promise.resolve({ ...answered, raw: '{}' }) },
      new EventWriter(),
    );
    const ids = await addMiniProgramRows(test.db, 1, [{ appid: 'wxuses' }, { appid: 'wxconfigured' }]);
    const domains = { requestdomain: ['https://gone.cn'] };
    const at = new Date(Date.now() - 60_000);
    await test.db.transaction((sql) =>
      new DomainLedger({ snapshotIntervalMs: 86_400_000 }).record(sql, 1, [
        observation(ids[0] as number, at, answer({ effective_domain: domains })),
        observation(ids[1] as number, at, answer({ third_domain: domains })),
      ]),
    );
    const events = () =>
      test.db.query<{ data: unknown }>(`SELECT data FROM events.event WHERE type LIKE 'platform_domains.%'`);
    answered = { published: ['gone.cn', 'stays.cn'], testing: null };
    await own.fetch(one);
    answered = { published: ['gone.cn', 'stays.cn'], testing: [] };
    await own.fetch(one);
    expect(await events()).toEqual([]);
    answered = { published: ['stays.cn', 'new.cn'], testing: null };
    await own.fetch(one);
    expect((await events()).map(({ data }) => data)).toEqual([
      { added: ['new.cn'], removed: ['gone.cn'], would_drop: 1 },
    ]);
  });
});
