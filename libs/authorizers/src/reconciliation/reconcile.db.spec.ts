import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { Gate, eventually, lockAwaited } from '#libs/testing';
import { PATHS, type Process, Scene } from '../../test/scene.ts';
import { refreshTokenOf } from '../../../../apps/simulator/src/tokens.ts';
import type { ReconciliationRow } from './reconcile-store.ts';

let scene: Scene;
let hub: Process;
beforeEach(async () => {
  scene = await Scene.open();
  hub = await scene.process({ options: { listPageSize: 4 } });
});
afterEach(() => scene.close());

const appidOf = (index: number) => `wxm${String(index).padStart(15, '0')}`;

/** Accounts authorized at WeChat, codes exchanged, and the same here, as if every event had come. */
async function fleet(count: number): Promise<string[]> {
  const appids = Array.from({ length: count }, (_, index) => appidOf(index));
  for (const appid of appids) {
    scene.addMiniProgram(appid);
    scene.world.seedGrant(scene.componentAppid, appid);
    await scene.db.run(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets)
       VALUES ($1, $2, 0, 'authorized', 'mini_program', '{17,18}')`,
      [scene.platform.platformId, appid],
    );
    await hub.custody.authorizerTokens.keep(scene.db, scene.platform.platformId, appid, {
      refreshToken: refreshTokenAt(appid),
    });
  }
  return appids;
}

/** The refresh token that WeChat holds for current. */
function refreshTokenAt(appid: string): Secret {
  const grant = scene.world.grantOf(scene.componentAppid, appid);
  if (!grant) throw new Error('no grant');
  return Secret.of(refreshTokenOf(scene.world, scene.world.platform(scene.componentAppid), appid, grant));
}

async function reconcile(process = hub, options: { acceptShrunkList?: boolean } = {}): Promise<ReconciliationRow> {
  const { reconcile: it } = process.authorizers;
  const { id } = await it.start(scene.platform, options);
  await it.run(scene.platform, id);
  return (await it.view(scene.db, scene.platform.platformId, id)) as ReconciliationRow;
}

async function states(): Promise<Record<string, number>> {
  const rows = await scene.db.query<{ state: string; count: number }>(
    'SELECT state, count(*) AS count FROM authorizers.authorizer GROUP BY state',
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** As if WeChat had refused `refused`, which is all there was. */
async function loseTokens(appid: string, refused: Secret): Promise<void> {
  const { platformId } = scene.platform;
  await scene.db.run('DELETE FROM custody.authorizer_token WHERE authorizer_appid = $1', [appid]);
  await hub.custody.authorizerTokens.keep(scene.db, platformId, appid, { refreshToken: refused });
  await scene.db.run("UPDATE custody.authorizer_token SET state = 'lost' WHERE authorizer_appid = $1", [appid]);
}

const wipeTokens = () => scene.db.run('DELETE FROM custody.authorizer_token');

describe('AuthorizerReconcile', () => {
  it('finds everything as it is', async () => {
    await fleet(10);
    expect(await reconcile()).toMatchObject({
      state: 'done',
      reason: null,
      totalCount: 10,
      listed: 10,
      unchanged: 10,
      created: 0,
      recovered: 0,
      markedUnauthorized: 0,
      withoutRefreshToken: 0,
      failed: 0,
    });
    expect(scene.calls(PATHS.list)).toBe(3);
    expect(scene.calls(PATHS.info)).toBe(0);
    expect(await scene.db.query('SELECT * FROM authorizers.reconciliation_seen')).toEqual([]);
  });

  it('counts the whole fleet once for each walk, not for each page', async () => {
    await fleet(12);
    const { db } = hub;
    const query = db.query.bind(db);
    let counts = 0;
    db.query = async (text: string, values?: readonly unknown[]) => {
      if (/count\(\*\) AS held/.test(text)) counts += 1;
      return query(text, values);
    };
    expect(await reconcile()).toMatchObject({ state: 'done', unchanged: 12 });
    expect(scene.calls(PATHS.list)).toBe(3);
    expect(counts).toBe(1);
  });

  it('brings back every refresh token that was lost, and they work', async () => {
    const appids = await fleet(9);
    await wipeTokens();
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 9, recovered: 9, unchanged: 0 });
    for (const appid of appids) expect(await scene.isRefreshable(hub, appid)).toBe(true);
    expect(await reconcile()).toMatchObject({ state: 'done', unchanged: 9, recovered: 0 });
  });

  it('brings them back also where the rows are left and only what was sealed is gone', async () => {
    const appids = await fleet(9);
    await scene.db.run(
      `UPDATE custody.authorizer_token
          SET sealed_refresh_token = NULL, sealed_previous_refresh_token = NULL, sealed_access_token = NULL`,
    );
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 9, recovered: 9, unchanged: 0 });
    for (const appid of appids) expect(await scene.isRefreshable(hub, appid)).toBe(true);
  });

  it('creates accounts whose authorization was never heard of, and asks what they are', async () => {
    await fleet(3);
    scene.world.addMiniProgram({ appid: 'wxnew', nickName: 'New one' });
    scene.world.seedGrant(scene.componentAppid, 'wxnew', [18]);
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 4, created: 1, unchanged: 3 });
    await hub.runJobs();
    expect(await scene.authorizer('wxnew')).toMatchObject({
      state: 'authorized',
      kind: 'mini_program',
      nick_name: 'New one',
      permission_sets: [18],
    });
    expect(hub.firstLooks).toContain('wxnew');
    expect(await scene.isRefreshable(hub, 'wxnew')).toBe(true);
  });

  it('reads the details again: a lost change of the permission sets is repaired', async () => {
    const [appid] = await fleet(5);
    await scene.world.updateAuthorization(scene.componentAppid, appid as string, { permissionSets: [17], push: false })
      .pushed;
    expect(await reconcile()).toMatchObject({ state: 'done', unchanged: 5 });
    await hub.runJobs();
    expect(await scene.authorizer(appid as string)).toMatchObject({ permission_sets: [17] });
    expect(scene.calls(PATHS.info)).toBe(5);
    // What was read a moment ago is not read again by the schedule.
    const { reconcile: its } = hub.authorizers;
    const { id } = await its.start(scene.platform, { detailsMaxAgeSeconds: 3600 });
    await hub.runJobs();
    expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({ state: 'done' });
    expect(scene.calls(PATHS.info)).toBe(5);
  });

  it('reports accounts without a refresh token as such, and blanks nothing', async () => {
    await fleet(3);
    scene.addMiniProgram('wxunexchanged');
    await scene.authorize('wxunexchanged');
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 4, withoutRefreshToken: 1, created: 0 });
    expect(await scene.authorizer('wxunexchanged')).toMatchObject({ state: 'reauthorization_required' });
    expect(await reconcile()).toMatchObject({ withoutRefreshToken: 1, unchanged: 3 });
    scene.world.quirks.unexchangedRefreshToken = 'empty';
    expect(await reconcile()).toMatchObject({ withoutRefreshToken: 1, unchanged: 3 });
  });

  it('marks as unauthorized only who is not listed and, asked about alone, is confirmed as such', async () => {
    const [first, second] = await fleet(30);
    await scene.world.unauthorize(scene.componentAppid, first as string, { push: false }).pushed;
    // The second one is authorized, but missing in the list for a reason of the list's own.
    scene.world.truncateList(scene.componentAppid, 28);
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 28, markedUnauthorized: 1, unchanged: 29 });
    expect(await states()).toEqual({ authorized: 29, unauthorized: 1 });
    expect(await scene.authorizer(first as string)).toMatchObject({ state: 'unauthorized' });
    await expect(hub.custody.authorizerTokens.lease(scene.platform, first as string)).rejects.toMatchObject({
      code: 'authorizer_not_authorized',
    });
    expect(await scene.isRefreshable(hub, second as string)).toBe(true);
  });

  it('repairs accounts that are listed although they are unauthorized or lost here, asking about each', async () => {
    const [gone, lost, stale] = await fleet(20);
    const { lifecycle } = hub.authorizers;
    await scene.db.run("UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE authorizer_appid = $1", [gone]);
    await hub.custody.authorizerTokens.suspend(scene.db, scene.platform.platformId, gone as string);
    await loseTokens(lost as string, Secret.of('refreshtoken@@@refused'));
    await lifecycle.markLost(scene.platform.platformId, lost as string);
    // Listed by WeChat although withdrawn: the list lags.
    await scene.db.run("UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE authorizer_appid = $1", [stale]);
    scene.world.faults.add({
      kind: 'errcode',
      errcode: 61003,
      match: { path: PATHS.info, authorizerAppid: stale },
    });
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 20, recovered: 2, unchanged: 18 });
    expect(await states()).toEqual({ authorized: 19, unauthorized: 1 });
    for (const appid of [gone, lost]) expect(await scene.isRefreshable(hub, appid as string)).toBe(true);
  });

  it('takes the listed token of an account that was authorized again unseen', async () => {
    const [appid] = await fleet(5);
    scene.pass(60, hub);
    await scene.world.unauthorize(scene.componentAppid, appid as string, { push: false }).pushed;
    scene.pass(60, hub);
    const grant = scene.world.seedGrant(scene.componentAppid, appid as string);
    grant.epoch += 1;
    expect(await reconcile()).toMatchObject({ state: 'done', recovered: 1, unchanged: 4 });
    expect(await scene.isRefreshable(hub, appid as string)).toBe(true);
  });

  it('does not bring back the tokens of an account whose withdrawal arrives while a page is being written', async () => {
    const [appid] = (await fleet(5)) as [string];
    await scene.db.run('UPDATE custody.authorizer_token SET sealed_refresh_token = NULL WHERE authorizer_appid = $1', [
      appid,
    ]);
    const { platformId } = scene.platform;
    const { id } = await hub.authorizers.reconcile.start(scene.platform);
    let running: Promise<unknown> | undefined;
    await scene.db.transaction(async (sql) => {
      await sql.run("UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE authorizer_appid = $1", [appid]);
      await hub.custody.authorizerTokens.suspend(sql, platformId, appid);
      // It has read the states, and waits for this account.
      running = hub.authorizers.reconcile.run(scene.platform, id);
      await lockAwaited('the page to wait for the account', scene.db);
    });
    expect(await running).toBe('done');
    const [row] = await scene.db.query('SELECT state FROM custody.authorizer_token WHERE authorizer_appid = $1', [
      appid,
    ]);
    expect(row).toEqual({ state: 'suspended' });
    expect(await scene.authorizer(appid)).toMatchObject({ state: 'unauthorized' });
  });

  describe('an account without a usable token', () => {
    const markLost = (appid: string) => hub.authorizers.lifecycle.markLost(scene.platform.platformId, appid);

    it('for which WeChat has none either needs a new authorization, whatever was here of it', async () => {
      const [kept] = await fleet(4);
      // Authorized here, its tokens gone, and its new authorization never exchanged: listed without a token.
      scene.addMiniProgram('wxwiped');
      await scene.authorize('wxwiped');
      await scene.db.run(
        `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind)
         VALUES ($1, 'wxwiped', 0, 'authorized', 'mini_program')`,
        [scene.platform.platformId],
      );
      expect(await reconcile()).toMatchObject({ state: 'done', unchanged: 4, withoutRefreshToken: 1, recovered: 0 });
      expect(await scene.authorizer('wxwiped')).toMatchObject({ state: 'reauthorization_required' });
      expect((await scene.history('wxwiped')).at(-1)).toBe('reconciliation applied');
      // The same when the account itself is asked about, and its details have no token.
      scene.world.quirks.detailsRefreshToken = 'missing';
      await scene.db.run('DELETE FROM custody.authorizer_token WHERE authorizer_appid = $1', [kept]);
      await hub.authorizers.lifecycle.refreshInfo(scene.platform, kept as string);
      expect(await scene.authorizer(kept as string)).toMatchObject({ state: 'reauthorization_required' });
      expect((await scene.history(kept as string)).at(-1)).toBe('verification applied');
      // WeChat's list had one all the time.
      expect(await reconcile()).toMatchObject({ recovered: 1, withoutRefreshToken: 1 });
      expect(await scene.authorizer(kept as string)).toMatchObject({ state: 'authorized' });
      expect(await scene.isRefreshable(hub, kept as string)).toBe(true);
    });

    it('is repaired with the token of the list when its details have none', async () => {
      const [lost] = await fleet(4);
      await loseTokens(lost as string, Secret.of('refreshtoken@@@refused'));
      await markLost(lost as string);
      scene.world.quirks.detailsRefreshToken = 'missing';
      expect(await reconcile()).toMatchObject({ state: 'done', recovered: 1, unchanged: 3 });
      expect(await scene.authorizer(lost as string)).toMatchObject({ state: 'authorized' });
      expect(await scene.isRefreshable(hub, lost as string)).toBe(true);
    });

    it('stays lost while WeChat names the very token that it refused, before or after the loss was heard of', async () => {
      const [told, untold] = (await fleet(5)) as [string, string];
      for (const appid of [told, untold]) await loseTokens(appid, refreshTokenAt(appid));
      await markLost(told);
      expect(await reconcile()).toMatchObject({ state: 'done', recovered: 0, unchanged: 4, failed: 1 });
      expect(await states()).toEqual({ authorized: 3, reauthorization_required: 2 });
      const histories = [await scene.history(told), await scene.history(untold)];
      for (const details of ['shown', 'missing'] as const) {
        scene.world.quirks.detailsRefreshToken = details;
        expect(await reconcile()).toMatchObject({ recovered: 0, unchanged: 5, failed: 0 });
      }
      expect(await states()).toEqual({ authorized: 3, reauthorization_required: 2 });
      expect([await scene.history(told), await scene.history(untold)]).toEqual(histories);
      await expect(hub.custody.authorizerTokens.lease(scene.platform, told)).rejects.toMatchObject({
        code: 'reauthorization_required',
      });
    });
  });

  describe('stops with an alarm, and marks nobody, when', () => {
    const expectAlarm = async () => {
      expect(await hub.metrics.text()).toContain(`wxfleet_reconciliation_alarm{platform="${scene.componentAppid}"} 1`);
      expect(await states()).toEqual({ authorized: 10 });
      expect(scene.calls(PATHS.info)).toBe(0);
    };

    it('the list is empty', async () => {
      await fleet(10);
      scene.world.truncateList(scene.componentAppid, 0);
      expect(await reconcile()).toMatchObject({ state: 'stopped', reason: expect.stringContaining('list_empty') });
      expect(hub.lines.some((line) => line.includes('"error"') && line.includes('reconciliation.stopped'))).toBe(true);
      await expectAlarm();
      scene.world.truncateList(scene.componentAppid, null);
      expect(await reconcile()).toMatchObject({ state: 'done' });
      expect(await hub.metrics.text()).toContain(`wxfleet_reconciliation_alarm{platform="${scene.componentAppid}"} 0`);
    });

    it('the list is suddenly much shorter', async () => {
      await fleet(10);
      scene.world.truncateList(scene.componentAppid, 7);
      expect(await reconcile()).toMatchObject({ state: 'stopped', reason: expect.stringContaining('list_shrunk') });
      await expectAlarm();
    });

    it('the list names as many accounts as ever, but others', async () => {
      await fleet(10);
      for (let index = 0; index < 10; index += 1) {
        const appid = `wxother${index}`;
        scene.addMiniProgram(appid);
        scene.world.seedGrant(scene.componentAppid, appid);
      }
      scene.world.quirks.listOrder = 'newest_first';
      scene.world.truncateList(scene.componentAppid, 10);
      expect(await reconcile()).toMatchObject({
        state: 'stopped',
        reason: expect.stringContaining('accounts_missing'),
      });
      expect(await states()).toEqual({ authorized: 20 });
      expect(scene.calls(PATHS.info)).toBe(0);
    });

    it.each(['html', 'halfBody', 'reset'] as const)('a page fails (%s)', async (kind) => {
      await fleet(10);
      scene.world.faults.add({ kind, match: { path: PATHS.list }, after: 1 });
      expect(await reconcile()).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('page_failed: at 4'),
        listed: 4,
        markedUnauthorized: 0,
      });
      await expectAlarm();
    });

    it('the quota is used up', async () => {
      await fleet(10);
      scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATHS.list } });
      expect(await reconcile()).toMatchObject({ state: 'failed', reason: expect.stringContaining('45009') });
      await expectAlarm();
    });
  });

  it('an operator who knows why the list is shorter may say so; each account is still asked about', async () => {
    const appids = await fleet(10);
    for (const appid of appids.slice(0, 6)) {
      await scene.world.unauthorize(scene.componentAppid, appid, { push: false }).pushed;
    }
    expect(await reconcile()).toMatchObject({ state: 'stopped' });
    expect(await reconcile(hub, { acceptShrunkList: true })).toMatchObject({ state: 'done', markedUnauthorized: 6 });
    expect(await states()).toEqual({ authorized: 4, unauthorized: 6 });
  });

  it('may say so while a run is under way, to the process that has it', async () => {
    const appids = await fleet(10);
    for (const appid of appids.slice(0, 6)) {
      await scene.world.unauthorize(scene.componentAppid, appid, { push: false }).pushed;
    }
    const gate = new Gate();
    const release = scene.world.onReply(async (call) => {
      if (call.path === PATHS.list) await gate.pass();
    });
    const { reconcile: its } = hub.authorizers;
    const { id } = await its.start(scene.platform);
    const running = its.run(scene.platform, id);
    await gate.waiting;
    const other = await scene.process();
    expect(await other.authorizers.reconcile.start(scene.platform, { acceptShrunkList: true })).toEqual({ id });
    gate.release();
    release();
    expect(await running).toBe('done');
    // It was said of that run, not of the next.
    scene.world.truncateList(scene.componentAppid, 1);
    expect(await reconcile()).toMatchObject({ state: 'stopped' });
    // An empty list looks the same as a wrong platform, whatever anybody says.
    scene.world.truncateList(scene.componentAppid, 0);
    expect(await reconcile(hub, { acceptShrunkList: true })).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('list_empty'),
    });
  });

  it('one page that fails once is read again', async () => {
    await fleet(10);
    scene.world.faults.add({ kind: 'html', match: { path: PATHS.list }, times: 1 });
    expect(await reconcile()).toMatchObject({ state: 'done', unchanged: 10 });
  });

  it('goes over the list again when it changes while it is being read', async () => {
    const appids = await fleet(12);
    scene.addMiniProgram('wxlate');
    let pages = 0;
    const release = scene.world.onReply(async (call) => {
      if (call.path !== PATHS.list) return;
      pages += 1;
      if (pages !== 1) return;
      // Everybody moves up by one: the account that was fifth is now fourth, on a page that has been read.
      await scene.world.unauthorize(scene.componentAppid, appids[0] as string, { push: false }).pushed;
    });
    const row = await reconcile();
    release();
    expect(pages).toBeGreaterThan(4);
    expect(row).toMatchObject({ state: 'done', listed: 12, markedUnauthorized: 0 });
    // Listed at first, so nobody asked; the next run does.
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 11, markedUnauthorized: 1 });
  });

  it('is one run per platform, from any process, and one process at a time works on it', async () => {
    await fleet(10);
    const other = await scene.process({ options: { listPageSize: 4 } });
    const gate = new Gate();
    const release = scene.world.onReply(async (call) => {
      if (call.path === PATHS.list) await gate.pass();
    });
    const { id } = await hub.authorizers.reconcile.start(scene.platform);
    expect((await other.authorizers.reconcile.start(scene.platform)).id).toBe(id);
    const running = hub.authorizers.reconcile.run(scene.platform, id);
    await gate.waiting;
    expect(await other.authorizers.reconcile.run(scene.platform, id)).toBe('elsewhere');
    gate.release();
    release();
    expect(await running).toBe('done');
    expect(await other.authorizers.reconcile.run(scene.platform, id)).toBe('elsewhere');
    expect((await hub.authorizers.reconcile.start(scene.platform)).id).not.toBe(id);
  });

  /** Goes on with a run until the reply with the n-th page from now on is under way, and loses the database there. */
  async function runKilledAt(page: number, doomed: Process, id: number): Promise<void> {
    let pages = 0;
    const gate = new Gate();
    const release = scene.world.onReply(async (call) => {
      if (call.path !== PATHS.list) return;
      pages += 1;
      if (pages === page) await gate.pass();
    });
    const dead = doomed.authorizers.reconcile.run(scene.platform, id).catch(() => 'killed');
    await gate.waiting;
    await doomed.db.close();
    gate.release();
    release();
    await dead;
  }

  it('a killed run is taken up where it was, and counts nobody twice', async () => {
    const appids = await fleet(12);
    await wipeTokens();
    const doomed = await scene.process({ doomed: true, options: { listPageSize: 4 } });
    const { id } = await doomed.authorizers.reconcile.start(scene.platform);
    await runKilledAt(3, doomed, id);
    const { reconcile: its } = hub.authorizers;
    expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({
      state: 'running',
      listed: 8,
      recovered: 8,
    });
    // Its lease has to end first.
    expect(await its.run(scene.platform, id)).toBe('elsewhere');
    scene.pass(61, hub);
    expect(await its.run(scene.platform, id)).toBe('done');
    expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({
      listed: 12,
      recovered: 12,
      unchanged: 0,
    });
    for (const appid of appids) expect(await scene.isRefreshable(hub, appid)).toBe(true);
  });

  it('stops when it is told to, and goes on later', async () => {
    await fleet(12);
    const stopping = new AbortController();
    const release = scene.world.onReply((call) => {
      if (call.path === PATHS.list) stopping.abort();
    });
    const { reconcile: its } = hub.authorizers;
    const { id } = await its.start(scene.platform);
    expect(await its.run(scene.platform, id, { signal: stopping.signal })).toBe('interrupted');
    release();
    expect(await its.run(scene.platform, id)).toBe('done');
    expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({ listed: 12, unchanged: 12 });
  });

  describe('goes on in portions', () => {
    const inPortions = (options: { doomed?: boolean } = {}) =>
      scene.process({ ...options, options: { listPageSize: 4, reconciliationPortion: { pages: 1, ms: 60_000 } } });

    it('of one page, with the result and the calls of one that has no end', async () => {
      const [gone, ...rest] = await fleet(12);
      await scene.world.unauthorize(scene.componentAppid, gone as string, { push: false }).pushed;
      await loseTokens(rest[5] as string, Secret.of('refreshtoken@@@refused'));
      const portioned = await inPortions();
      const { reconcile: its } = portioned.authorizers;
      const { id } = await its.start(scene.platform);
      const outcomes = [];
      for (let outcome = ''; outcome !== 'done'; outcomes.push(outcome)) {
        outcome = await its.run(scene.platform, id);
        if (outcomes.length > 9) throw new Error(outcomes.join(' '));
      }
      expect(outcomes).toEqual(['continues', 'continues', 'continues', 'done']);
      expect(scene.calls(PATHS.list)).toBe(3);
      expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({
        state: 'done',
        listed: 11,
        recovered: 1,
        unchanged: 10,
        markedUnauthorized: 1,
      });
      // At most one waits, which finds nothing to do.
      const waiting = (await scene.jobs()).filter((key) => key.startsWith('reconcile:'));
      expect(waiting).toEqual([`reconcile:${scene.platform.platformId}`]);
      await portioned.runJobs();
      expect(scene.calls(PATHS.list)).toBe(3);
    });

    it('and lets the shorter one of another platform, which came later, be done first', async () => {
      await fleet(12);
      const other = await scene.addPlatform('wxcother000000000');
      scene.world.seedGrant(other.componentAppid, scene.addMiniProgram('wxmother0000000000'));
      const portioned = await inPortions();
      const { reconcile: its } = portioned.authorizers;
      await its.start(scene.platform);
      await its.start(other);
      // One slot.
      await portioned.runJobs();
      const ended = await scene.db.query<{ platform: number }>(
        `SELECT platform_id AS platform FROM authorizers.reconciliation WHERE state = 'done' ORDER BY finished_at`,
      );
      expect(ended).toEqual([{ platform: other.platformId }, { platform: scene.platform.platformId }]);
      const asked = scene.world.calls(PATHS.list).map((call) => call.componentAppid === other.componentAppid);
      expect(asked).toEqual([false, true, false, false]);
    });

    it('and goes over the list again when it has changed between two of them', async () => {
      const [first] = await fleet(12);
      const portioned = await inPortions();
      const { reconcile: its } = portioned.authorizers;
      const { id } = await its.start(scene.platform);
      expect(await its.run(scene.platform, id)).toBe('continues');
      // Everybody moves up by one, so that the fifth is on the page that has been read.
      await scene.world.unauthorize(scene.componentAppid, first as string, { push: false }).pushed;
      await portioned.runJobs();
      expect(scene.calls(PATHS.list)).toBe(3 + 3);
      expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({
        state: 'done',
        listed: 12,
        markedUnauthorized: 0,
      });
    });

    it('and one that is killed within a portion is taken up where it was, and counts nobody twice', async () => {
      await fleet(12);
      await wipeTokens();
      const doomed = await inPortions({ doomed: true });
      const { id } = await doomed.authorizers.reconcile.start(scene.platform);
      expect(await doomed.authorizers.reconcile.run(scene.platform, id)).toBe('continues');
      await runKilledAt(1, doomed, id);
      const survivor = await inPortions();
      scene.pass(61, hub, survivor);
      const { reconcile: its } = survivor.authorizers;
      await survivor.runJobs();
      expect(await its.view(scene.db, scene.platform.platformId, id)).toMatchObject({
        state: 'done',
        listed: 12,
        recovered: 12,
        unchanged: 0,
      });
    });

    it('and is not put behind others by the schedule while it waits for its turn', async () => {
      await fleet(12);
      const portioned = await inPortions();
      const { reconcile: its } = portioned.authorizers;
      const { id } = await its.start(scene.platform);
      expect(await its.run(scene.platform, id)).toBe('continues');
      const waiting = () => scene.db.query('SELECT id, run_at FROM graphile_worker.jobs');
      const before = await waiting();
      scene.pass(300, hub, portioned);
      expect(await its.ensureScheduled([scene.platform], 86_400_000)).toBe(0);
      expect(await waiting()).toEqual(before);
    });
  });

  it('an event that comes while its account is being asked about is not undone', async () => {
    const [appid] = await fleet(20);
    const name = appid as string;
    await scene.world.unauthorize(scene.componentAppid, name, { push: false }).pushed;
    let once = true;
    const release = scene.world.onReply(async (call) => {
      if (call.path !== PATHS.info || !once) return;
      once = false;
      // WeChat has answered 61003; before that is applied, the merchant comes back and its event is handled.
      scene.pass(5, hub);
      const { event } = await scene.authorize(name);
      await hub.authorizers.lifecycle.apply(event, scene.platform);
    });
    expect(await reconcile()).toMatchObject({ state: 'done', markedUnauthorized: 0 });
    release();
    expect(await scene.authorizer(name)).toMatchObject({ state: 'authorized' });
    expect(await scene.isRefreshable(hub, name)).toBe(true);
  });

  it('by schedule: once per interval and platform, and a run that stands still is woken', async () => {
    await fleet(3);
    const { reconcile: its } = hub.authorizers;
    const day = 86_400_000;
    expect(await its.ensureScheduled([scene.platform], day)).toBe(1);
    expect(await its.ensureScheduled([scene.platform], day)).toBe(0);
    await scene.db.run('DELETE FROM graphile_worker._private_jobs');
    scene.pass(300, hub);
    expect(await its.ensureScheduled([scene.platform], day)).toBe(0);
    expect(await scene.jobs()).toEqual([`reconcile:${scene.platform.platformId}`]);
    await hub.runJobs();
    expect(await scene.db.query('SELECT state FROM authorizers.reconciliation')).toEqual([{ state: 'done' }]);
    scene.pass(86_400, hub);
    expect(await its.ensureScheduled([scene.platform], day)).toBe(1);
  });

  it('pushes that may be missing lead to one that begins after they were missed', async () => {
    await fleet(3);
    const { reconcile: it } = hub.authorizers;
    const since = async () => (await scene.db.query<{ at: Date }>('SELECT wxfleet.now() AS at'))[0]!.at;
    const count = async () =>
      (await scene.db.query<{ count: number }>('SELECT count(*) AS count FROM authorizers.reconciliation'))[0]!.count;
    const { id } = await it.start(scene.platform);
    scene.pass(5, hub);
    const missed = await since();
    await expect(it.startSince(scene.platform, missed)).rejects.toThrow('still running');
    await it.run(scene.platform, id);
    await it.startSince(scene.platform, missed);
    await it.startSince(scene.platform, missed);
    expect(await count()).toBe(2);
    await hub.runJobs();
    await it.startSince(scene.platform, missed);
    expect(await count()).toBe(2);
  });

  it('one odd entry does not cost the others of its page, and concludes nothing about its account', async () => {
    const appids = await fleet(6);
    const token = (index: number) => `"refresh_token":"${refreshTokenAt(appids[index] as string).reveal()}"`;
    scene.world.faults.add({
      kind: 'altered',
      match: { path: PATHS.list },
      replace: [
        [`"authorizer_appid":"${appids[0]}"`, '"odd":1'],
        [token(1), '"refresh_token":{"odd":true}'],
        [`${token(2)},"auth_time":`, `${token(2)},"auth_time":"","was":`],
      ],
    });
    expect(await reconcile()).toMatchObject({
      state: 'done',
      listed: 6,
      failed: 2,
      unchanged: 5,
      withoutRefreshToken: 0,
    });
    expect(await states()).toEqual({ authorized: 6 });
  });

  it('a count that is one above the list does not stop it; one far above does, until it is accepted', async () => {
    await fleet(6);
    const claim = (total: number) => {
      scene.world.faults.clear();
      const replace = [['"total_count":6', `"total_count":${total}`]] as const;
      scene.world.faults.add({ kind: 'altered', match: { path: PATHS.list }, replace });
    };
    claim(7);
    expect(await reconcile()).toMatchObject({ state: 'done', listed: 6, unchanged: 6 });
    claim(60);
    expect(await reconcile()).toMatchObject({ state: 'stopped', reason: 'list_ended_early: nothing at 6 of 60' });
    expect(await reconcile(hub, { acceptShrunkList: true })).toMatchObject({ state: 'done', listed: 6, unchanged: 6 });
    const told = await scene.db.query<{ state: string; listed: number }>(
      `SELECT data->>'state' AS state, (data->>'listed')::int AS listed FROM events.event
        WHERE type = 'reconciliation.finished' ORDER BY event_id`,
    );
    expect(told).toEqual([
      { state: 'done', listed: 6 },
      { state: 'stopped', listed: 6 },
      { state: 'done', listed: 6 },
    ]);
  });

  describe('that came to no good end', () => {
    const day = 86_400_000;
    /** Minutes from now on after which the schedule starts one that fails again. */
    const pauses = async (count: number): Promise<number[]> => {
      const { reconcile: its } = hub.authorizers;
      const minutes: number[] = [];
      for (let waited = 0; minutes.length < count; waited += 1) {
        if ((await its.ensureScheduled([scene.platform], day)) === 1) {
          await hub.runJobs();
          minutes.push(waited);
          waited = 0;
        }
        scene.pass(60, hub);
        if (waited > 100) throw new Error(`no further run after ${minutes.join(', ')}`);
      }
      return minutes;
    };

    it.each([
      ['failed', () => void scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATHS.list } })],
      ['stopped', () => scene.world.truncateList(scene.componentAppid, 0)],
    ])('(%s) is tried again after five minutes, then more rarely, and daily once it is done', async (state, spoil) => {
      await fleet(6);
      spoil();
      expect(await pauses(7)).toEqual([0, 5, 10, 20, 40, 60, 60]);
      expect(await scene.db.query('SELECT DISTINCT state FROM authorizers.reconciliation')).toEqual([{ state }]);
      scene.world.faults.clear();
      scene.world.truncateList(scene.componentAppid, null);
      scene.pass(3600, hub);
      const { reconcile: its } = hub.authorizers;
      expect(await its.ensureScheduled([scene.platform], day)).toBe(1);
      await hub.runJobs();
      scene.pass(23 * 3600, hub);
      expect(await its.ensureScheduled([scene.platform], day)).toBe(0);
      scene.pass(3700, hub);
      // One that was asked for by hand and failed is followed by the schedule's own after the shortest pause.
      spoil();
      await scene.giveTicket();
      await reconcile();
      expect(await its.ensureScheduled([scene.platform], day)).toBe(0);
      scene.pass(300, hub);
      expect(await its.ensureScheduled([scene.platform], day)).toBe(1);
    });

    it('raises the alarm in every process, and the good run of any process ends it', async () => {
      const other = await scene.process({ options: { listPageSize: 4 } });
      const alarmOf = async (process: Process) =>
        /wxfleet_reconciliation_alarm\{[^}]*\} (\d)/.exec(await process.metrics.text())?.[1];
      expect(await alarmOf(other)).toBeUndefined();
      await fleet(6);
      scene.world.truncateList(scene.componentAppid, 0);
      expect(await reconcile()).toMatchObject({ state: 'stopped' });
      expect(await alarmOf(hub)).toBe('1');
      scene.world.truncateList(scene.componentAppid, null);
      expect(await reconcile(other)).toMatchObject({ state: 'done' });
      expect(await alarmOf(other)).toBe('0');
      // As after a restart.
      expect(await alarmOf(await scene.process())).toBe('0');
      await eventually('this process has read again', async () => (await alarmOf(hub)) === '0', 15_000);
      // A database that does not answer is not waited for: a fresh process knows nothing, this one what it knew.
      const fresh = await scene.process();
      await scene.db.transaction(async (sql) => {
        await sql.query('LOCK TABLE authorizers.reconciliation IN ACCESS EXCLUSIVE MODE');
        expect(await alarmOf(fresh)).toBeUndefined();
        expect(await alarmOf(hub)).toBe('0');
      });
    }, 30_000);
  });
});
