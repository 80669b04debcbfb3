import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PlatformRef } from '#libs/custody';
import { Metrics, SystemClock } from '#libs/kernel';
import { EventWriter } from '#libs/events';
import { CallQuota, QuotaOptions } from '#libs/quota';
import { Gate, eventually, testLog } from '#libs/testing';
import { appids, DOMAIN_PATH, Scene, type Process } from '../../test/scene.ts';
import { miscounted } from '../index.ts';
import { SweepRounds } from './sweep-rounds.ts';

jest.setTimeout(60_000);

const REFRESH_PATH = '/cgi-bin/component/api_authorizer_token';

describe('sweeps', () => {
  let scene: Scene;
  let platform: PlatformRef;
  beforeEach(async () => {
    scene = await Scene.open();
    platform = await scene.addPlatform();
  });
  const gates: CallQuota[] = [];
  afterEach(async () => {
    await Promise.all(gates.splice(0).map((gate) => gate.stop()));
    await scene.close();
  });

  const request = async (process: Process, on = platform) =>
    (await scene.db.transaction((sql) => process.sweeps.request(sql, on.platformId, 'spec'))).id;
  const view = async (process: Process, id: number, on = platform) => {
    const found = await process.sweeps.view(scene.db, on.platformId, id);
    if (!found) throw new Error('no such sweep');
    const { state, total, changed, unchanged, skipped_permission, failed } = found;
    return { state, total, changed, unchanged, skipped_permission, failed };
  };
  const settled = async (process: Process, id: number, on = platform) => {
    const { changed, unchanged, skipped_permission, failed } = await view(process, id, on);
    return changed + unchanged + skipped_permission + failed;
  };
  /** Seconds for which the first shard of the platform still waits. */
  const wait = async () => {
    const [shard] = await scene.db.query<{ wait: number }>(
      `SELECT extract(epoch FROM not_before - wxfleet.now())::float8 AS wait FROM domain_ledger.sweep_shard WHERE platform_id = $1`,
      [platform.platformId],
    );
    return shard?.wait ?? 0;
  };
  /** The gate that stands before every call in production. */
  const quota = async () => {
    const gate = new CallQuota(
      scene.db,
      new SystemClock(),
      testLog().log,
      new Metrics(),
      new QuotaOptions(),
      new EventWriter(),
    );
    await gate.start();
    gates.push(gate);
    return gate;
  };
  const inRoundOrder = async () =>
    (
      await scene.db.query<{ appid: string }>(
        `SELECT authorizer_appid AS appid FROM authorizers.authorizer WHERE platform_id = $1 ORDER BY slot, authorizer_id`,
        [platform.platformId],
      )
    ).map(({ appid }) => appid);

  const leased = async () =>
    (await scene.db.query(`SELECT 1 FROM custody.authorizer_token WHERE lease_until > wxfleet.now()`)).length;

  it('asks every authorized mini program once, skips those without set 18, and counts', async () => {
    const process = await scene.process({ pageSize: 7 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 40).map((appid) => ({ appid })),
    );
    await scene.addMiniPrograms(
      platform,
      appids('b', 5).map((appid) => ({ appid, sets: [17] })),
    );
    const first = await request(process);
    expect(await process.sweeps.work()).toMatchObject({ total: 45, changed: 40, skippedPermission: 5 });
    expect(await view(process, first)).toEqual({
      state: 'done',
      total: 45,
      changed: 40,
      unchanged: 0,
      skipped_permission: 5,
      failed: 0,
    });
    expect([...scene.asked().values()].every((calls) => calls === 1)).toBe(true);
    expect(scene.asked().size).toBe(40);

    scene.world.setDomainLists(appids('a', 40)[3] ?? '', 'effective_domain', {
      requestdomain: ['https://new.example.com'],
    });
    scene.world.setDomainQuirks(appids('a', 40)[4] ?? '', { reversed: true, duplicates: true, upperCaseHosts: true });
    const second = await request(process);
    await process.sweeps.work();
    expect(await view(process, second)).toMatchObject({ state: 'done', total: 45, changed: 1, unchanged: 39 });
    const told = await scene.db.query<{ data: unknown }>(
      `SELECT data FROM events.event WHERE type = 'sweep.finished' ORDER BY event_id`,
    );
    expect(told.map(({ data }) => data)).toEqual([
      { ...(await view(process, first)), sweep_id: String(first) },
      { ...(await view(process, second)), sweep_id: String(second) },
    ]);
    expect(await miscounted(scene.db, platform.platformId)).toBe(0);
  });

  it('is shared by two processes, each mini program once', async () => {
    const [one, two] = await Promise.all([scene.process({ pageSize: 20 }), scene.process({ pageSize: 20 })]);
    await scene.addMiniPrograms(
      platform,
      appids('a', 300).map((appid) => ({ appid })),
    );
    await scene.db.run(`DELETE FROM domain_ledger.sweep`);
    await one.sweeps.ensureRounds();
    await scene.makeDue(platform.platformId);
    const [a, b] = await Promise.all([one.sweeps.work(), two.sweeps.work()]);
    expect(a.total + b.total).toBe(300);
    expect(a.total).toBeGreaterThan(0);
    expect(b.total).toBeGreaterThan(0);
    expect(scene.asked().size).toBe(300);
    expect([...scene.asked().values()].every((calls) => calls === 1)).toBe(true);
    const [round] = (await one.sweeps.list(scene.db, platform.platformId, { limit: 5 })).items;
    expect(round).toMatchObject({ state: 'done', total: 300, changed: 300 });
    // The round of this interval is there already, for every process.
    expect(await two.sweeps.ensureRounds()).toEqual({ opened: 0 });
  });

  it('opens no round of an interval that passed while its process stood still, and says why a round failed', async () => {
    await scene.addMiniPrograms(
      platform,
      appids('a', 3).map((appid) => ({ appid })),
    );
    await scene.db.run(`DELETE FROM domain_ledger.sweep`);
    const intervalMs = 600_000;
    const rounds = new SweepRounds(intervalMs);
    // Between looking at the clock and opening the round, more than an interval goes by.
    const lookedLongAgo = Object.create(scene.db, {
      query: { value: async () => [{ now: new Date(Date.now() - intervalMs - 1000) }] },
    }) as typeof scene.db;
    expect(await rounds.open(lookedLongAgo, platform.platformId)).toBeNull();
    const opened = await rounds.open(scene.db, platform.platformId);
    expect(opened).not.toBeNull();
    expect(await rounds.view(scene.db, platform.platformId, opened?.id ?? 0)).toMatchObject({ reason: null });

    await scene.db.run(`UPDATE domain_ledger.sweep SET round_at = round_at - interval '1 hour'`);
    await rounds.close(scene.db, platform.platformId);
    expect(await rounds.view(scene.db, platform.platformId, opened?.id ?? 0)).toMatchObject({
      state: 'failed',
      reason: 'overtaken',
    });
  });

  it('gets new tokens for a page at once, while the refresh pass and callers want the same', async () => {
    const [one, two] = await Promise.all([scene.process({ pageSize: 50 }), scene.process({ pageSize: 50 })]);
    const names = appids('a', 200);
    await scene.addMiniPrograms(
      platform,
      names.map((appid) => ({ appid })),
    );
    // No token yet: every mini program needs one. Three ways to it at the same time.
    await scene.db.run(`UPDATE custody.authorizer_token SET refresh_after = wxfleet.now() - interval '1 s'`);
    await request(one);
    const [counts] = await Promise.all([
      one.sweeps.work(),
      two.custody.authorizerTokens.refreshDue({ limit: 1000, concurrency: 8 }),
      ...names.slice(90, 110).map((appid) => two.custody.authorizerTokens.lease(platform, appid)),
    ]);
    expect(counts).toMatchObject({ total: 200, changed: 200, failed: 0 });
    const refreshed = new Map<string, number>();
    for (const { authorizerAppid } of scene.world.calls(REFRESH_PATH)) {
      refreshed.set(authorizerAppid, (refreshed.get(authorizerAppid) ?? 0) + 1);
    }
    expect([refreshed.size, Math.max(...refreshed.values())]).toEqual([200, 1]);
    expect(await leased()).toBe(0);
  });

  it('gives back what it has claimed and not refreshed when it is stopped', async () => {
    const process = await scene.process({ pageSize: 60, concurrency: 4 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 60).map((appid) => ({ appid })),
    );
    await request(process);
    const stop = new AbortController();
    const gate = new Gate();
    const off = scene.world.onCall((call) => (call.path === REFRESH_PATH ? gate.pass() : undefined));
    const working = process.sweeps.work({ signal: stop.signal });
    await gate.waiting;
    // Claimed ahead of need: more than are being asked for.
    expect(await leased()).toBeGreaterThan(4);
    stop.abort();
    off();
    gate.release();
    await working;
    await process.custody.authorizerTokens.drained();
    await eventually('no lease is left', async () => (await leased()) === 0);
  });

  it('is gone on with by another process where a stopped or crashed one was', async () => {
    const one = await scene.process({ pageSize: 10, concurrency: 4 });
    const two = await scene.process({ pageSize: 10 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 60).map((appid) => ({ appid })),
    );
    const id = await request(one);
    // From the 30th call on WeChat hangs, so the first process is in the middle of its pages when it dies.
    scene.world.faults.add({ kind: 'hang', match: { path: DOMAIN_PATH }, after: 29 });
    const dead = new AbortController();
    const working = one.sweeps.work({ signal: dead.signal });
    await eventually('pages are committed', async () => (await settled(one, id)) > 0);
    // What a crash leaves behind: a lease that nobody renews and nobody gives back.
    await scene.db.run(
      `UPDATE domain_ledger.sweep_shard SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() - interval '1 s'`,
    );
    dead.abort();
    await working;
    scene.world.faults.clear();
    await two.sweeps.work();
    expect(await view(two, id)).toMatchObject({ state: 'done', total: 60, changed: 60, failed: 0 });
    const [rows] = await scene.db.query<{ snapshots: number; observations: number }>(
      `SELECT count(*)::int AS snapshots, (SELECT sum(observations)::int FROM domain_ledger.watch) AS observations
         FROM domain_ledger.snapshot`,
    );
    expect(rows).toEqual({ snapshots: 60, observations: 60 });
  });

  it('writes nothing for a shard that another process has taken over', async () => {
    const process = await scene.process();
    await scene.addMiniPrograms(
      platform,
      appids('a', 10).map((appid) => ({ appid })),
    );
    const id = await request(process);
    scene.world.faults.add({ kind: 'slow', delayMs: 400, match: { path: DOMAIN_PATH } });
    const working = process.sweeps.work();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await scene.db.run(
      `UPDATE domain_ledger.sweep_shard SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + interval '1 h'`,
    );
    await working;
    expect(await view(process, id)).toMatchObject({ state: 'running', total: 10, changed: 0 });
    expect(await scene.db.query('SELECT 1 FROM domain_ledger.snapshot')).toEqual([]);
  });

  it('tries again what failed in passing, and keeps what failed for good', async () => {
    const process = await scene.process();
    await scene.addMiniPrograms(
      platform,
      appids('a', 12).map((appid) => ({ appid })),
    );
    await scene.addMiniPrograms(platform, [{ appid: 'wx-err-48001' }, { appid: 'wx-notjson' }]);
    scene.world.faults.add({ kind: 'reset', match: { path: DOMAIN_PATH, authorizerAppid: appids('a', 12)[0] ?? '' } });
    const id = await request(process);
    await process.sweeps.work();
    expect(await view(process, id)).toMatchObject({ state: 'running', total: 14, changed: 11, failed: 3 });
    scene.world.faults.clear();
    scene.world.log.reset();
    await scene.makeDue(platform.platformId);
    await process.sweeps.work();
    expect(await view(process, id)).toMatchObject({ state: 'done', total: 14, changed: 12, failed: 2 });
    expect(scene.asked()).toEqual(new Map([[appids('a', 12)[0], 1]]));
  });

  it.each(['with', 'without'])(
    'holds a platform back that is rate limited, and loses none of its mini programs, %s the books of quotas',
    async (books) => {
      const gate = books === 'with' ? await quota() : undefined;
      const process = await scene.process({ concurrency: 4, pageSize: 10, ...(gate ? { gate } : {}) });
      const other = await scene.addPlatform();
      await scene.addMiniPrograms(
        platform,
        appids('a', 90).map((appid) => ({ appid })),
      );
      await scene.addMiniPrograms(
        other,
        appids('b', 50).map((appid) => ({ appid })),
      );
      const limited = scene.world.faults.add({
        kind: 'errcode',
        errcode: 45011,
        match: { path: DOMAIN_PATH, componentAppid: platform.componentAppid },
        after: 23,
      });
      const [id, otherId] = [await request(process), await request(process, other)];
      await process.sweeps.work();
      expect(await view(process, otherId, other)).toMatchObject({ state: 'done', total: 50, changed: 50 });
      expect(await view(process, id)).toMatchObject({ state: 'running', total: 90 });
      expect(await settled(process, id)).toBeLessThan(50);
      expect(await wait()).toBeGreaterThan(50);
      expect(limited.hits).toBeLessThan(15);
      // Nobody is said to have failed who was not asked.
      const failures = async () =>
        (await scene.db.query('SELECT 1 FROM domain_ledger.watch WHERE failures > 0')).length;
      expect(await failures()).toBeLessThanOrEqual(limited.hits);
      const before = await failures();
      if (gate) {
        // Our own books know that it is not over: no call is made, and nobody fails.
        for (let n = 0; n < 3; n += 1) {
          await scene.makeDue(platform.platformId);
          await process.sweeps.work();
          expect(await wait()).toBeGreaterThan(30);
        }
        expect(await failures()).toBe(before);
      }
      scene.world.faults.clear();
      // A process that begins when it has ended: what its books say ends with the time, which a spec does not wait for.
      if (gate) await scene.db.run('DELETE FROM quota.park');
      const later = gate ? await scene.process({ gate: await quota(), concurrency: 4, pageSize: 10 }) : process;
      for (let n = 0; n < 3; n += 1) {
        await scene.makeDue(platform.platformId);
        await later.sweeps.work();
      }
      expect(await view(process, id)).toMatchObject({ state: 'done', total: 90, changed: 90, failed: 0 });
      expect([...scene.asked().values()].filter((calls) => calls > 2)).toEqual([]);
    },
  );

  it('goes on with everybody else when some mini programs have used up their own quota', async () => {
    const process = await scene.process({ gate: await quota(), concurrency: 16, pageSize: 50 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 120).map((appid) => ({ appid })),
    );
    const order = await inRoundOrder();
    const spent = order.slice(0, 16).filter((_, index) => index % 2 === 0);
    for (const authorizerAppid of spent)
      scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: DOMAIN_PATH, authorizerAppid } });
    // Twice: in the second round they are refused by our own books, at once and one after the other.
    for (const changed of [112, 0]) {
      const id = await request(process);
      await process.sweeps.work();
      expect(await view(process, id)).toMatchObject({ state: 'done', total: 120, failed: 8, changed });
    }
    expect(spent.map((appid) => scene.asked().get(appid))).toEqual(spent.map(() => 1));
  });

  it('leaves a platform alone whose calls of the day are used up, after some calls', async () => {
    const process = await scene.process({ gate: await quota(), concurrency: 8, pageSize: 10 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 200).map((appid) => ({ appid })),
    );
    const spent = scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: DOMAIN_PATH }, after: 40 });
    const id = await request(process);
    await process.sweeps.work();
    expect(await view(process, id)).toMatchObject({ state: 'running', total: 200, changed: 40 });
    expect(spent.hits).toBeLessThan(40);
    expect(await wait()).toBeGreaterThan(3000);
    // The next day everybody is asked, also those who failed before it was clear that it was not their own limit.
    scene.world.faults.clear();
    await scene.db.run('DELETE FROM quota.park');
    const later = await scene.process({ gate: await quota(), concurrency: 8, pageSize: 50 });
    for (let n = 0; n < 3; n += 1) {
      await scene.makeDue(platform.platformId);
      await later.sweeps.work();
    }
    expect(await view(later, id)).toMatchObject({ state: 'done', total: 200, changed: 200, failed: 0 });
  });

  it('lets one mini program with an exhausted quota fail alone', async () => {
    const process = await scene.process({ concurrency: 4 });
    await scene.addMiniPrograms(platform, [
      { appid: 'wx-quota-45009' },
      ...appids('a', 30).map((appid) => ({ appid })),
    ]);
    const id = await request(process);
    await process.sweeps.work();
    expect(await view(process, id)).toMatchObject({ state: 'done', total: 31, changed: 30, failed: 1 });
  });

  it('does not let a slow platform delay the others', async () => {
    const process = await scene.process({ concurrency: 12, timeoutMs: 4000 });
    const fast = [await scene.addPlatform(), await scene.addPlatform()];
    await scene.addMiniPrograms(
      platform,
      appids('s', 40).map((appid) => ({ appid })),
    );
    for (const [index, each] of fast.entries()) {
      await scene.addMiniPrograms(
        each,
        appids(`f${index}`, 60).map((appid) => ({ appid })),
      );
    }
    scene.world.faults.add({
      kind: 'slow',
      delayMs: 3000,
      match: { path: DOMAIN_PATH, componentAppid: platform.componentAppid },
    });
    const slowId = await request(process);
    const ids = await Promise.all(fast.map((each) => request(process, each)));
    const stop = new AbortController();
    const working = process.sweeps.work({ signal: stop.signal });
    const started = performance.now();
    for (;;) {
      const states = await Promise.all(fast.map((each, index) => view(process, ids[index] ?? 0, each)));
      if (states.every((state) => state.state === 'done')) break;
      // The slow platform alone needs at least ten times three seconds with its share of the places.
      if (performance.now() - started > 20_000) throw new Error('the fast platforms were delayed');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await view(process, slowId)).state).toBe('running');
    stop.abort();
    await working;
  });

  it('reads the grant again when WeChat refuses in spite of the record', async () => {
    const process = await scene.process();
    await scene.addMiniPrograms(platform, [{ appid: 'wx-err-61007' }]);
    const id = await request(process);
    await process.sweeps.work();
    expect(process.reread).toEqual(['wx-err-61007']);
    expect(await view(process, id)).toMatchObject({ state: 'done', total: 1, failed: 1 });
    const [watch] = await scene.db.query<{ reason: string; code: string }>(
      `SELECT unreadable_reason AS reason, last_failure->>'code' AS code FROM domain_ledger.watch`,
    );
    expect(watch).toEqual({ reason: 'permission_set_missing', code: 'permission_set_missing' });
  });

  it('says how far it is while it runs', async () => {
    const process = await scene.process({ pageSize: 10, concurrency: 4 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 40).map((appid) => ({ appid })),
    );
    const id = await request(process);
    const gate = new Gate();
    let calls = 0;
    const off = scene.world.onCall((call) => {
      if (call.path !== DOMAIN_PATH) return undefined;
      calls += 1;
      return calls > 25 ? gate.pass() : undefined;
    });
    const working = process.sweeps.work();
    await gate.waiting;
    await eventually('two pages are committed', async () => (await settled(process, id)) === 20);
    expect(await view(process, id)).toMatchObject({ state: 'running', total: 40, changed: 20 });
    // It opens the scheduled round as well, which has not begun.
    await process.sweeps.ensureRounds();
    const metrics = await process.metrics.text();
    expect(metrics).toContain(`wxfleet_sweep_expected_mini_programs{component_appid="${platform.componentAppid}"} 80`);
    expect(metrics).toContain(`wxfleet_sweep_settled_mini_programs{component_appid="${platform.componentAppid}"} 20`);
    off();
    gate.release();
    await working;
    expect(await view(process, id)).toMatchObject({ state: 'done', total: 40 });
  });

  it('is not held up by mini programs that WeChat is slow about', async () => {
    const process = await scene.process({ concurrency: 16, pageSize: 10 });
    await scene.addMiniPrograms(
      platform,
      appids('a', 80).map((appid) => ({ appid })),
    );
    const order = await inRoundOrder();
    const gate = new Gate();
    // One of each page does not answer until all the others have.
    const slow = new Set(order.filter((_, index) => index % 10 === 3).slice(0, 7));
    const off = scene.world.onCall((call) =>
      call.path === DOMAIN_PATH && slow.has(call.authorizerAppid) ? gate.pass() : undefined,
    );
    const id = await request(process);
    const working = process.sweeps.work();
    await eventually(
      'all others have been asked',
      () => [...scene.asked().keys()].filter((appid) => !slow.has(appid)).length === 73,
    );
    off();
    gate.release();
    await working;
    expect(await view(process, id)).toMatchObject({ state: 'done', total: 80, changed: 80, failed: 0 });
  });

  it('gets another token for a mini program whose own does not open, and goes on', async () => {
    const process = await scene.process({ pageSize: 50 });
    const names = appids('a', 20);
    await scene.addMiniPrograms(
      platform,
      names.map((appid) => ({ appid })),
    );
    await request(process);
    await process.sweeps.work();
    const spoil = (column: string) =>
      scene.db.run(
        `UPDATE custody.authorizer_token SET ${column} = set_byte(${column}, length(${column}) - 1, 1 # get_byte(${column}, length(${column}) - 1))
          WHERE authorizer_appid = $1`,
        [names[7]],
      );
    await spoil('sealed_access_token');
    const second = await request(process);
    await process.sweeps.work();
    expect(await view(process, second)).toMatchObject({ state: 'done', total: 20, unchanged: 20, failed: 0 });
    expect(process.lines.some((line) => line.includes('authorizer_token.unreadable'))).toBe(true);
    // With its refresh token gone, too, it fails alone.
    await spoil('sealed_access_token');
    await spoil('sealed_refresh_token');
    // The first one has it in memory.
    const another = await scene.process({ pageSize: 50 });
    const third = await request(another);
    await another.sweeps.work();
    expect(await view(another, third)).toMatchObject({ state: 'done', total: 20, unchanged: 19, failed: 1 });
  });

  it('lets a result that the database does not take fail alone', async () => {
    const process = await scene.process({ pageSize: 50 });
    const names = appids('a', 20);
    await scene.addMiniPrograms(
      platform,
      names.map((appid) => ({ appid })),
    );
    await scene.db.run(
      `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
           IF NEW.authorizer_id = (SELECT authorizer_id FROM authorizers.authorizer WHERE authorizer_appid = '${names[7]}')
              AND NEW.last_observed_at IS NOT NULL THEN RAISE EXCEPTION 'not this one' USING ERRCODE = '22P05'; END IF;
           RETURN NEW;
         END $$`,
    );
    await scene.db.run(
      `CREATE TRIGGER refuse BEFORE UPDATE ON domain_ledger.watch FOR EACH ROW EXECUTE FUNCTION public.refuse()`,
    );
    const id = await request(process);
    await process.sweeps.work();
    expect(await view(process, id)).toMatchObject({ state: 'done', total: 20, changed: 19, failed: 1 });
    const [watch] = await scene.db.query<{ code: string }>(
      `SELECT last_failure->>'code' AS code FROM domain_ledger.watch WHERE failures > 0`,
    );
    expect(watch).toEqual({ code: 'internal' });
  });
});
