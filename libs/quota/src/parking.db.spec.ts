import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { EFFECTIVE, PREAUTH, type Process, Stage } from '../test/stage.ts';
import { quotaView, setBudget } from './index.ts';

const HOUR = 3600;

describe('parking paths', () => {
  let stage: Stage;
  let a: Process;
  let b: Process;
  beforeEach(async () => {
    stage = await Stage.open();
    await stage.addMerchants('wxa1', 'wxa2', 'wxa3');
    [a, b] = await Promise.all([stage.process({ resetHour: quietHour() }), stage.process({ resetHour: quietHour() })]);
  });
  afterEach(() => stage.close());

  /** An hour at least twelve away, so that no day ends while a spec travels. */
  function quietHour(): number {
    return (new Date(Date.now() + 8 * HOUR * 1000).getUTCHours() + 13) % 24;
  }

  const sent = (path: string) => stage.world.log.total(path);
  const refused = (process: Process, path: string, authorizerAppid?: string) =>
    process.refusal({ path, ...(authorizerAppid === undefined ? {} : { authorizerAppid }) });
  const heardBy = (process: Process, path: string, authorizerAppid?: string) =>
    eventually('the other process knows', () => refused(process, path, authorizerAppid));
  async function travel(seconds: number, processes = [a, b]): Promise<void> {
    for (const process of processes) process.db.travel(`${seconds} seconds`);
    await Promise.all(processes.map((process) => process.quota.pass()));
  }

  describe('45009, the day is used up', () => {
    beforeEach(async () => {
      stage.world.quotas.set(EFFECTIVE, { perDay: 2 });
      expect([await a.effective('wxa1'), await a.effective('wxa1'), await a.effective('wxa1')]).toEqual([
        'ok',
        'ok',
        45009,
      ]);
    });

    it('tells the feed when the path is parked and when it is released, in the transaction of the fact', async () => {
      await heardBy(b, EFFECTIVE, 'wxa1');
      const told = () =>
        stage.count<{ type: string; authorizer_appid: string; data: { path: string; until: string | null } }>(
          `SELECT type, authorizer_appid, data FROM events.event WHERE type LIKE 'quota.%' ORDER BY event_id`,
        );
      const [row] = await stage.count<{ until: Date }>('SELECT parked_until AS until FROM quota.park');
      const parked = { type: 'quota.parked', authorizer_appid: 'wxa1' };
      expect(await told()).toEqual([{ ...parked, data: { path: EFFECTIVE, until: row!.until.toISOString() } }]);
      await a.quota.lifted(stage.platformId, 'wxa1');
      expect((await told())[1]).toEqual({
        type: 'quota.released',
        authorizer_appid: 'wxa1',
        data: { path: EFFECTIVE, until: null },
      });
    });

    it('stops that merchant on that path in every process, and nobody else', async () => {
      const error = await heardBy(b, EFFECTIVE, 'wxa1');
      expect(error).toMatchObject({ code: 'upstream_quota_exhausted', details: { wechat: { errcode: 45009 } } });
      expect(error.retryAfterSeconds).toBeGreaterThan(HOUR - 60);
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(HOUR);
      const before = sent(EFFECTIVE);
      expect([await a.effective('wxa1'), await b.effective('wxa1')]).toEqual([
        'upstream_quota_exhausted',
        'upstream_quota_exhausted',
      ]);
      expect(sent(EFFECTIVE)).toBe(before);
      expect([await b.effective('wxa2'), await a.preauth()]).toEqual(['ok', 'ok']);
      const view = await quotaView(stage.database.db, stage.platformId, a.quota.today());
      expect(view).toMatchObject({
        parked_count: 1,
        resets_at: a.quota.today().endsAt.toISOString(),
        parks: [{ authorizer_appid: 'wxa1', path: EFFECTIVE, errcode: 45009, strikes: 1 }],
      });
      const until = view.parks[0]!.parked_until;
      expect(Math.abs(Date.parse(until) - a.quota.today().endsAt.getTime())).toBeLessThan(2);
      expect(await b.metrics.text()).toContain(
        `wxfleet_wechat_parked_paths{path="${EFFECTIVE}",holder="merchant",errcode="45009"} 1`,
      );
    });

    it('asks once an hour over all processes, and goes on as soon as WeChat answers', async () => {
      await heardBy(b, EFFECTIVE, 'wxa1');
      const before = sent(EFFECTIVE);
      const bothAsk = async (seconds: number) => {
        await travel(seconds);
        // Both processes see callers refused while a probe is due, and claim it at the same time.
        expect([refused(a, EFFECTIVE, 'wxa1')?.code, refused(b, EFFECTIVE, 'wxa1')?.code]).toEqual([
          'upstream_quota_exhausted',
          'upstream_quota_exhausted',
        ]);
        await Promise.all([a.quota.pass(), b.quota.pass()]);
        const calls = [a, a, a, b, b, b].map((process) => process.effective('wxa1'));
        return (await Promise.all(calls)).map(String).sort();
      };
      const others = Array<string>(5).fill('upstream_quota_exhausted');
      expect(await bothAsk(HOUR + 10)).toEqual(['45009', ...others]);
      expect(sent(EFFECTIVE)).toBe(before + 1);
      await Promise.all([a.quota.pass(), b.quota.pass()]);
      await eventually('the refusal of the probe is written', async () => {
        const [row] = await stage.count<{ strikes: number }>('SELECT strikes FROM quota.park');
        return row?.strikes === 2;
      });

      stage.world.quotas.set(EFFECTIVE, null);
      await travel(HOUR + 60);
      expect([await a.effective('wxa1'), await b.effective('wxa1')].sort()).toEqual(others.slice(0, 2));
      expect(sent(EFFECTIVE)).toBe(before + 1);

      expect(await bothAsk(2 * HOUR + 60)).toEqual(['ok', ...others].sort());
      await eventually(
        'both go on',
        async () => (await a.effective('wxa1')) === 'ok' && (await b.effective('wxa1')) === 'ok',
      );
      expect(await stage.count('SELECT 1 FROM quota.park')).toEqual([]);
    });

    it('asks again in a minute when the probe proved nothing', async () => {
      await travel(HOUR + 10, [a]);
      refused(a, EFFECTIVE, 'wxa1');
      await a.quota.pass();
      stage.world.faults.add({ kind: 'html', match: { path: EFFECTIVE } });
      const before = sent(EFFECTIVE);
      // The transport would repeat the call; only the first attempt is the probe.
      expect(await a.effective('wxa1')).toBe('upstream_quota_exhausted');
      expect(sent(EFFECTIVE)).toBe(before + 1);
      stage.world.faults.clear();
      stage.world.quotas.set(EFFECTIVE, null);
      await travel(HOUR + 40, [a]);
      refused(a, EFFECTIVE, 'wxa1');
      await a.quota.pass();
      expect(await a.effective('wxa1')).toBe('upstream_quota_exhausted');
      await travel(HOUR + 80, [a]);
      refused(a, EFFECTIVE, 'wxa1');
      await a.quota.pass();
      expect(await a.effective('wxa1')).toBe('ok');
      expect(sent(EFFECTIVE)).toBe(before + 2);
    });

    it('ends with the day', async () => {
      const left = Math.ceil((a.quota.today().endsAt.getTime() - Date.now()) / 1000) + 2;
      stage.world.quotas.set(EFFECTIVE, null);
      await travel(left - 120, [a]);
      expect(await a.effective('wxa1')).toBe('upstream_quota_exhausted');
      await travel(left, [a]);
      expect(await a.effective('wxa1')).toBe('ok');
    });

    it('is known after a restart, and while the database is away', async () => {
      await a.quota.pass();
      const c = await stage.process({ resetHour: quietHour() });
      expect(await c.effective('wxa1')).toBe('upstream_quota_exhausted');
      c.line = 'away';
      await c.quota.pass();
      expect([await c.effective('wxa1'), await c.effective('wxa2')]).toEqual(['upstream_quota_exhausted', 'ok']);
      expect([await c.effective('wxa2'), await c.effective('wxa2')]).toEqual(['ok', 45009]);
      expect(await c.effective('wxa2')).toBe('upstream_quota_exhausted');
      expect(refused(a, EFFECTIVE, 'wxa2')).toBeNull();
      c.line = 'up';
      await c.quota.pass();
      await heardBy(a, EFFECTIVE, 'wxa2');
    });

    it('is lifted for everybody by the operator, ten times a month', async () => {
      await heardBy(b, EFFECTIVE, 'wxa1');
      const clear = () => a.reset.clearComponentQuota(stage.platform, stage.secret, 'wxa1');
      expect(await clear()).toEqual({ outcome: 'cleared', lifted: 1 });
      await eventually('the other process goes on', async () => (await b.effective('wxa1')) === 'ok');
      for (let n = 1; n < 10; n += 1) expect(await clear()).toMatchObject({ outcome: 'cleared', lifted: 0 });
      expect(await clear()).toMatchObject({ outcome: 'limit_reached', wechat: { errcode: 48006 } });
      expect(await a.reset.clearComponentQuota(stage.platform, stage.secret, 'wxnobody')).toMatchObject({
        outcome: 'refused',
        wechat: { errcode: 43007 },
      });
    });
  });

  it("parks the platform's own path, and starts its budget again after a reset", async () => {
    await setBudget(stage.database.db, stage.platformId, PREAUTH, { perDay: 3, reserve: 0 });
    await Promise.all([a.quota.pass(), b.quota.pass()]);
    stage.world.quotas.set(PREAUTH, { perDay: 2 });
    expect([await a.preauth(), await a.preauth(), await a.preauth()]).toEqual(['ok', 'ok', 45009]);
    expect(await a.preauth()).toBe('upstream_quota_exhausted');
    expect(await heardBy(b, PREAUTH)).toMatchObject({ details: { wechat: { errcode: 45009 } } });
    await a.quota.pass();
    expect(await b.reset.clearComponentQuota(stage.platform, stage.secret)).toEqual({ outcome: 'cleared', lifted: 1 });
    await b.quota.pass();
    await a.quota.pass();
    await eventually('the path is open', () => refused(a, PREAUTH) === null);
    const { budgets } = await quotaView(stage.database.db, stage.platformId, a.quota.today());
    expect(budgets).toMatchObject([{ used: 0, remaining: 3 }]);
  });

  describe('45011, too fast', () => {
    it("parks the platform's path for a minute, and longer when it goes on", async () => {
      stage.world.quotas.set(PREAUTH, { perMinute: 2 });
      const burst = await Promise.all(Array.from({ length: 12 }, () => a.preauth()));
      expect(burst.filter((outcome) => outcome === 'ok')).toHaveLength(2);
      expect(await a.preauth()).toBe('upstream_busy');
      const first = await heardBy(b, PREAUTH);
      expect(first).toMatchObject({ code: 'upstream_busy', details: { wechat: { errcode: 45011 } } });
      expect(first.retryAfterSeconds).toBeLessThanOrEqual(60);
      // Twelve refused together are one strike.
      expect(await stage.count('SELECT strikes FROM quota.park')).toEqual([{ strikes: 1 }]);

      await travel(61);
      expect(await b.preauth()).toBe(45011);
      const second = await heardBy(a, PREAUTH);
      expect(second.retryAfterSeconds).toBeGreaterThan(100);
      expect(second.retryAfterSeconds).toBeLessThanOrEqual(120);

      await stage.world.advance(60_000);
      await travel(190);
      expect([await a.preauth(), await b.preauth()]).toEqual(['ok', 'ok']);
      // Two quiet minutes later everything is forgiven.
      await travel(320);
      expect(await a.preauth()).toBe(45011);
      await a.quota.pass();
      expect(await stage.count('SELECT strikes FROM quota.park')).toEqual([{ strikes: 1 }]);
    });

    it('lets one merchant stop only itself, and two in a row the platform', async () => {
      stage.world.faults.add({ kind: 'errcode', errcode: 45011, match: { path: EFFECTIVE, authorizerAppid: 'wxa1' } });
      expect([await a.effective('wxa1'), await a.effective('wxa1')]).toEqual([45011, 'upstream_busy']);
      expect(await a.effective('wxa2')).toBe('ok');
      await heardBy(b, EFFECTIVE, 'wxa1');
      expect(await b.effective('wxa2')).toBe('ok');
      stage.world.faults.clear();
      stage.world.faults.add({ kind: 'errcode', errcode: 45011, match: { path: EFFECTIVE } });
      expect([await b.effective('wxa2'), await b.effective('wxa3')]).toEqual([45011, 45011]);
      expect(refused(b, EFFECTIVE, 'wxa9')).toMatchObject({ code: 'upstream_busy' });
      await heardBy(a, EFFECTIVE, 'wxa9');
    });
  });

  it('an old success lifts nothing that was refused since', async () => {
    const call = { componentAppid: stage.platform.componentAppid, path: PREAUTH, priority: 'interactive' } as const;
    const refuse = (process: Process) => {
      const info = { ...call };
      process.quota.after(info, { kind: 'api_error', errcode: 45009, reaction: 'quota_day', durationMs: 0 });
    };
    refuse(a);
    await heardBy(b, PREAUTH);
    await travel(HOUR + 5);
    refused(a, PREAUTH);
    await a.quota.pass();
    const probe = { ...call };
    a.quota.before(probe);
    // While the probe is on its way, the other process is refused once more.
    refuse(b);
    await eventually('the second refusal is written', async () => {
      await a.quota.pass();
      const [row] = await stage.count<{ version: number }>('SELECT version FROM quota.park');
      return row?.version === 2;
    });
    await eventually('and heard', async () => {
      await a.quota.pass();
      return (refused(a, PREAUTH)?.retryAfterSeconds ?? 0) > HOUR - 60;
    });
    a.quota.after(probe, { kind: 'ok', durationMs: 5 });
    await a.quota.pass();
    expect(refused(a, PREAUTH)).not.toBeNull();
    expect(await stage.count('SELECT 1 FROM quota.park')).toHaveLength(1);
  });
});
