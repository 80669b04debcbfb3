import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventWriter } from '#libs/events';
import { Ticks, loadSettings } from '#libs/kernel';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation, type Domains } from '../../test/fleet.ts';
import { DomainLedger, PrincipalLimits } from '../index.ts';

jest.setTimeout(60_000);
const PLATFORM = 47;
/** 15 March in Beijing. */
const NOW = new Date('2026-03-15T04:00:00Z');
const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000);
const domains = (count: number, prefix = 'd') => Array.from({ length: count }, (_, n) => `https://${prefix}${n}.cn`);

describe("events about WeChat's limits", () => {
  let test: TestDatabase;
  let ids: number[];
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 }, new EventWriter());
  let read = 0;
  const written = async (type = 'domains.limit') => {
    const rows = await test.db.query<{ id: number; appid: string | null; data: Record<string, unknown> }>(
      `SELECT event_id AS id, authorizer_appid AS appid, data FROM events.event
        WHERE platform_id = $1 AND event_id > $2 AND type = $3 ORDER BY event_id`,
      [PLATFORM, read, type],
    );
    read = rows.at(-1)?.id ?? read;
    return rows.map(({ appid, data }): Record<string, unknown> => ({ appid, ...data }));
  };
  const record = (at: Date, content: Domains, index = 0) => {
    test.db.travel(`${at.getTime() - Date.now()} milliseconds`);
    return test.db.transaction((sql) =>
      ledger.record(sql, PLATFORM, [observation(ids[index] as number, at, answer(content))]),
    );
  };

  beforeAll(async () => {
    test = await cloneDatabase();
    test.db.travel(`${NOW.getTime() - Date.now()} milliseconds`);
    ids = await addMiniProgramRows(
      test.db,
      PLATFORM,
      Array.from({ length: 103 }, (_, n) => ({ appid: `wxlimit${n}`, principal: `Shop ${n}`, merchantId: 'm1' })),
    );
  });
  afterAll(() => test.drop());

  it('tells of a list once for each level that it reaches, also at the first look', async () => {
    const list = (count: number): Domains => ({ mp_domain: { requestdomain: domains(count) } });
    const limit = { appid: 'wxlimit0', limit: 'list_200', group: 'mp_domain', list: 'requestdomain', domain: null };
    await record(minutes(0), list(160));
    expect(await written()).toEqual([{ ...limit, count: 160, level: 80 }]);
    await record(minutes(1), list(189));
    await record(minutes(2), list(170));
    expect(await written()).toEqual([]);
    await record(minutes(3), list(200));
    expect(await written()).toEqual([{ ...limit, count: 200, level: 100 }]);
    await record(minutes(4), list(100));
    await record(minutes(5), list(190));
    expect(await written()).toEqual([{ ...limit, count: 190, level: 95 }]);
  });

  it('tells of the 40th, 48th and 50th edit of a month, and begins with the next month', async () => {
    const edit = (n: number): Domains => ({ third_domain: { requestdomain: domains(1, `e${n}x`) } });
    await record(minutes(10), edit(0), 1);
    for (let n = 1; n <= 52; n += 1) await record(minutes(10 + n), edit(n), 1);
    expect((await written()).map((data) => [data['limit'], data['count'], data['level']])).toEqual([
      ['edits_50', 40, 80],
      ['edits_50', 48, 95],
      ['edits_50', 50, 100],
    ]);
    // What cannot be edited from outside is no edit.
    await record(minutes(70), { ...edit(52), mp_domain: { requestdomain: domains(3) } }, 1);
    const april = new Date('2026-04-20T04:00:00Z');
    for (let n = 0; n < 39; n += 1) await record(new Date(april.getTime() + n * 60_000), edit(100 + n), 1);
    expect(await written()).toEqual([]);
    await record(new Date(april.getTime() + 40 * 60_000), edit(200), 1);
    await record(new Date(april.getTime() + 41 * 60_000), edit(201), 1);
    expect(await written()).toMatchObject([{ limit: 'edits_50', count: 40, level: 80 }]);
  });

  it('tells of a domain that nearly a hundred principals have, once for each level, and again after it had fewer', async () => {
    const limits = new PrincipalLimits(
      test.db,
      new EventWriter(),
      { refs: () => Promise.resolve([{ platformId: PLATFORM, componentAppid: 'wxp' }]) } as never,
      new Ticks(loadSettings({}).settings, testLog().log),
      testLog().log,
    );
    const start = new Date('2026-05-01T04:00:00Z');
    let hour = 0;
    /** Two processes at once, an hour later. */
    const check = async () => {
      hour += 2;
      test.db.travel(`${start.getTime() + hour * 3_600_000 - Date.now()} milliseconds`);
      await Promise.all([limits.checkAll(), limits.checkAll()]);
      await limits.checkAll();
    };
    const have = async (from: number, to: number, has = true) => {
      for (let n = from; n < to; n += 1) {
        const content = has ? { direct_domain: { requestdomain: ['https://shared.cn'] } } : { direct_domain: {} };
        await record(new Date(start.getTime() + (hour + 1) * 3_600_000), content, n);
      }
    };
    const limit = { appid: null, limit: 'principals_100', group: null, list: null, domain: 'https://shared.cn' };
    await have(2, 81);
    await check();
    expect(await written()).toEqual([]);
    await have(81, 85);
    await check();
    expect(await written()).toEqual([{ ...limit, count: 83, level: 80 }]);
    await check();
    await have(85, 103);
    await check();
    expect(await written()).toEqual([{ ...limit, count: 101, level: 100 }]);
    await have(50, 103, false);
    await check();
    await have(50, 97);
    await check();
    expect(await written()).toEqual([{ ...limit, count: 95, level: 95 }]);
  });

  it('tells of a first look only where an endpoint asks for it by name', async () => {
    const [quiet, asked] = await addMiniProgramRows(test.db, PLATFORM, [{ appid: 'wxquiet' }, { appid: 'wxasked' }]);
    ids.push(quiet as number, asked as number);
    const at = new Date('2026-06-01T04:00:00Z');
    await record(at, { mp_domain: { requestdomain: domains(2) } }, ids.length - 2);
    await test.db.run(
      `INSERT INTO events.webhook_endpoint (platform_id, endpoint_id, url, event_types, ordering, format, signature, sealed_secret, fanned_out_seq, created_by)
       VALUES ($1, 'we_1', 'https://receiver.cn', '{domains.first_seen}', 'none', 'standard', 'v1', '', 0, 'spec')`,
      [PLATFORM],
    );
    await record(at, { mp_domain: { requestdomain: domains(2) }, effective_domain: {} }, ids.length - 1);
    read = 0;
    expect(await written('domains.first_seen')).toEqual([
      { appid: 'wxasked', snapshot_id: expect.any(String), groups: expect.arrayContaining(['mp_domain']) },
    ]);
  });
});
