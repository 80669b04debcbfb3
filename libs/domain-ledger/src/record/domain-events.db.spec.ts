import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventWriter } from '#libs/events';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, minutes, observation, type Domains } from '../../test/fleet.ts';
import { DomainLedger } from '../index.ts';

jest.setTimeout(60_000);
const PLATFORM = 41;
const A = 'https://a.cn';
const B = 'https://b.cn';

describe('events of the domain ledger', () => {
  let test: TestDatabase;
  let ids: number[];
  const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 }, new EventWriter());
  let read = 0;
  /** What was written since the last call. */
  const written = async () => {
    const rows = await test.db.query<{ id: number; type: string; appid: string; merchant: string; data: unknown }>(
      `SELECT event_id AS id, type, authorizer_appid AS appid, merchant_id AS merchant, data FROM events.event
        WHERE platform_id = $1 AND event_id > $2 ORDER BY event_id`,
      [PLATFORM, read],
    );
    read = rows.at(-1)?.id ?? read;
    return rows.map(({ type, appid, merchant, data }) => ({ type, appid, merchant, data }));
  };
  const record = (minute: number, domains: Domains, indexes = [0]) =>
    test.db.transaction((sql) =>
      ledger.record(
        sql,
        PLATFORM,
        indexes.map((index) => observation(ids[index] as number, minutes(minute), answer(domains))),
      ),
    );
  const fail = (minute: number) =>
    test.db.transaction((sql) =>
      ledger.noteGaps(sql, PLATFORM, [
        {
          authorizerId: ids[0] as number,
          at: minutes(minute),
          reason: 'call_failed',
          failure: { at: minutes(minute).toISOString(), code: 'upstream_busy', wechat: null },
          transient: true,
        },
      ]),
    );

  beforeAll(async () => {
    test = await cloneDatabase();
    ids = await addMiniProgramRows(test.db, PLATFORM, [
      { appid: 'wxevent0', merchantId: 'm1' },
      { appid: 'wxevent1', merchantId: 'm2' },
    ]);
  });
  afterAll(() => test.drop());

  const both = (...domains: string[]): Domains => ({
    third_domain: { requestdomain: domains },
    effective_domain: { requestdomain: domains },
  });

  it('tells nothing of a first observation, nor of one that changes nothing', async () => {
    await record(0, both(A), [0, 1]);
    await record(10, both(A), [0, 1]);
    await record(20, { ...both(A), mp_domain: {} });
    expect(await written()).toEqual([]);
  });

  it('tells what changed, what is in force now, and when a drift begins and ends', async () => {
    await record(30, { third_domain: { requestdomain: [A, B] }, effective_domain: { requestdomain: [A] } }, [0, 1]);
    const change = (group: string) => ({ group, list: 'requestdomain', added: [B], removed: [] });
    const subject = { appid: 'wxevent0', merchant: 'm1' };
    const began = await written();
    expect(began.filter(({ appid }) => appid === 'wxevent0')).toEqual([
      {
        ...subject,
        type: 'domains.changed',
        data: {
          snapshot_id: expect.any(String),
          groups: ['third_domain'],
          changes: [change('third_domain')],
          truncated: false,
        },
      },
      {
        ...subject,
        type: 'domains.drift_started',
        data: { pending: [{ list: 'requestdomain', domains: [B] }] },
      },
    ]);
    expect(began.filter(({ merchant }) => merchant === 'm2')).toHaveLength(2);
    await record(40, both(A, B));
    expect((await written()).map(({ type, data }) => [type, (data as { changes?: unknown }).changes])).toEqual([
      ['domains.changed', [change('effective_domain')]],
      ['domains.effective', [change('effective_domain')]],
      ['domains.drift_ended', undefined],
    ]);
  });

  it('tells of a failure once, and of the success that ends it', async () => {
    await fail(50);
    await fail(60);
    expect((await written()).map(({ type, data }) => [type, data])).toEqual([
      ['snapshot.failed', { code: 'upstream_busy', wechat: null, since: minutes(50).toISOString() }],
    ]);
    await record(70, both(A, B));
    await record(80, both(A, B));
    expect((await written()).map(({ type, data }) => [type, data])).toEqual([
      ['snapshot.recovered', { since: minutes(50).toISOString() }],
    ]);
  });

  it('names at most a hundred domains', async () => {
    await record(90, both(...Array.from({ length: 150 }, (_, n) => `https://d${n}.cn`)));
    const [event] = await written();
    const data = event?.data as { truncated: boolean; changes: { added: string[]; removed: string[] }[] };
    expect(data.truncated).toBe(true);
    expect(data.changes.flatMap(({ added, removed }) => [...added, ...removed])).toHaveLength(100);
  });

  it('is committed with the fact, or not at all', async () => {
    await expect(
      test.db.transaction(async (sql) => {
        await ledger.record(sql, PLATFORM, [observation(ids[0] as number, minutes(100), answer(both(A)))]);
        throw new Error('the process ends here');
      }),
    ).rejects.toThrow('the process ends here');
    expect(await written()).toEqual([]);
    await record(100, both(A));
    expect((await written())[0]?.type).toBe('domains.changed');
  });
});
