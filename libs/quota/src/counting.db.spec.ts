import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EFFECTIVE, PREAUTH, Stage } from '../test/stage.ts';
import { listBudgets, merchantCalls, quotaView, setBudget } from './index.ts';

describe('counting calls', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
    await stage.addMerchants('wxa1', 'wxa2');
  });
  afterEach(() => stage.close());

  const totals = () =>
    stage.count<{ path: string; calls: number; errors: number }>(
      'SELECT path, calls, errors FROM quota.call_count ORDER BY path',
    );

  it('adds up what all processes call, by path and by merchant', async () => {
    const [a, b] = await Promise.all([stage.process(), stage.process()]);
    const { day } = a.quota.today();
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([a.effective('wxa1'), b.effective('wxa1'), b.effective('wxa2'), a.preauth()]);
      await Promise.all([a.quota.pass(), b.quota.pass()]);
    }
    stage.world.faults.add({ kind: 'errcode', errcode: 61007, match: { authorizerAppid: 'wxa2' } });
    expect(await a.effective('wxa2')).toBe(61007);
    await a.quota.flush();
    expect(await totals()).toEqual([
      { path: PREAUTH, calls: 3, errors: 0 },
      { path: EFFECTIVE, calls: 10, errors: 1 },
    ]);
    const sql = stage.database.db;
    expect(await merchantCalls(sql, stage.platformId, 'wxa1', day)).toEqual([
      { day, path: EFFECTIVE, calls: 6, errors: 0 },
    ]);
    expect(await merchantCalls(sql, stage.platformId, 'wxa2', day, 7)).toEqual([
      { day, path: EFFECTIVE, calls: 4, errors: 1 },
    ]);
    expect(await merchantCalls(sql, stage.platformId, 'wxa3', day)).toEqual([]);
    expect(await a.metrics.text()).toContain(`wxfleet_wechat_calls_total{path="${EFFECTIVE}",outcome="api_error"} 1`);
  });

  it('loses nothing while the database is away, and counts nothing twice when only the reply was lost', async () => {
    const one = await stage.process();
    one.line = 'away';
    for (let n = 0; n < 5; n += 1) await one.effective('wxa1');
    await one.quota.pass();
    expect(await totals()).toEqual([]);
    one.line = 'reply_lost';
    await one.quota.pass();
    expect(await totals()).toEqual([{ path: EFFECTIVE, calls: 5, errors: 0 }]);
    await one.effective('wxa1');
    await one.quota.pass();
    one.line = 'up';
    await one.effective('wxa1');
    await one.quota.pass();
    expect(await totals()).toEqual([{ path: EFFECTIVE, calls: 7, errors: 0 }]);
    expect(await merchantCalls(stage.database.db, stage.platformId, 'wxa1', one.quota.today().day)).toMatchObject([
      { calls: 7 },
    ]);
    expect(one.lines.filter((line) => line.includes('"quota.counts_kept"'))).toHaveLength(1);
  });

  it('writes at stop', async () => {
    const one = await stage.process();
    await one.preauth();
    await one.quota.stop();
    expect(await totals()).toEqual([{ path: PREAUTH, calls: 1, errors: 0 }]);
  });

  it('keeps a sweep in a few rows and a bounded memory', async () => {
    const one = await stage.process({ merchantsAtOnce: 1000 });
    const merchants = 20_000;
    for (let n = 0; n < merchants; n += 1) {
      const call = {
        componentAppid: stage.platform.componentAppid,
        authorizerAppid: `wxfleet${n}`,
        path: EFFECTIVE,
        priority: 'background',
      } as const;
      one.quota.before(call);
      one.quota.after(call, { kind: 'ok', durationMs: 1 });
      if (n % 1000 === 999) await one.quota.pass();
    }
    await one.quota.flush();
    const [stored] = await stage.count<{ rows: number; merchants: number; calls: number }>(
      `SELECT count(*) AS rows, sum(cardinality(authorizer_appids))::int AS merchants,
              (SELECT sum(calls)::int FROM quota.call_count) AS calls FROM quota.merchant_call_chunk`,
    );
    expect(stored).toMatchObject({ merchants, calls: merchants });
    expect(stored!.rows).toBeLessThanOrEqual(merchants / 1000 + 1);
  });

  it('does not count what never left', async () => {
    const one = await stage.process();
    const call = { componentAppid: stage.platform.componentAppid, path: PREAUTH, priority: 'interactive' } as const;
    one.quota.before(call);
    one.quota.after(call, { kind: 'transport_error', reason: 'connect', mayHaveTakenEffect: false, durationMs: 1 });
    one.quota.before(call);
    one.quota.after(call, { kind: 'transport_error', reason: 'timeout', mayHaveTakenEffect: true, durationMs: 1 });
    await one.quota.flush();
    expect(await totals()).toEqual([{ path: PREAUTH, calls: 1, errors: 1 }]);
  });

  it('stops at our own budget over all processes, background work earlier', async () => {
    const [a, b] = await Promise.all([stage.process(), stage.process()]);
    const { db } = stage.database;
    await setBudget(db, stage.platformId, PREAUTH, { perDay: 6, reserve: 2 });
    expect(await listBudgets(db, stage.platformId)).toEqual([{ path: PREAUTH, perDay: 6, reserve: 2 }]);
    await Promise.all([a.quota.pass(), b.quota.pass()]);
    expect([await a.preauth('background'), await a.preauth('background'), await a.preauth()]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    await a.quota.pass();
    await b.quota.pass();
    expect(await b.preauth('background')).toBe('ok');
    expect(await b.preauth('background')).toBe('upstream_quota_exhausted');
    expect([await b.preauth(), await b.preauth(), await b.preauth()]).toEqual(['ok', 'ok', 'upstream_quota_exhausted']);
    expect(b.refusal({ path: PREAUTH })?.retryAfterSeconds).toBeGreaterThan(0);
    await b.quota.pass();
    await a.quota.pass();
    expect(await a.preauth()).toBe('upstream_quota_exhausted');
    expect((await quotaView(db, stage.platformId, a.quota.today())).budgets).toEqual([
      { path: PREAUTH, per_day: 6, reserve: 2, used: 6, remaining: 0, remaining_background: 0 },
    ]);
    expect(stage.world.log.total(PREAUTH)).toBe(6);

    // A day later the budget is whole again.
    for (const one of [a, b]) {
      one.db.travel('1 day');
      await one.quota.pass();
    }
    expect(await a.preauth('background')).toBe('ok');
    await setBudget(db, stage.platformId, PREAUTH, null);
    expect(await listBudgets(db, stage.platformId)).toEqual([]);
    await expect(setBudget(db, stage.platformId, PREAUTH, { perDay: 5, reserve: 6 })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('removes what is old', async () => {
    const one = await stage.process();
    await one.effective('wxa1');
    await one.quota.flush();
    one.db.travel('8 days');
    await one.quota.pass();
    expect(await one.quota.prune()).toEqual({ totals: 0, merchantChunks: 1, parks: 0 });
    one.db.travel('402 days');
    await one.quota.pass();
    expect(await one.quota.prune()).toEqual({ totals: 1, merchantChunks: 0, parks: 0 });
  });
});
