import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Barrier, Gate } from '#libs/testing';
import { INTERVAL_SECONDS, PATH, Scene, type Process } from '../../test/scene.ts';

/** The statement that takes the lease. */
const CLAIM = 'SET lease_generation';
const NOTHING = { fetched: [], failed: [] };
const BOTH = ['api-domain', 'callback'];

describe('one fetch per interval', () => {
  let scene: Scene;
  let one: Process;
  let two: Process;

  beforeEach(async () => {
    scene = await Scene.open();
    one = await scene.process();
    two = await scene.process();
  });

  afterEach(() => scene.close());

  it('does nothing before there is a platform', async () => {
    expect(await one.ips.ensureFresh()).toEqual(NOTHING);
    expect(await one.ips.lastFailure(one.db, 'callback')).toBeNull();
  });

  it('by one process, while another is at it and right after it', async () => {
    await scene.addPlatform();
    const gate = new Gate();
    const off = scene.world.onCall(({ path }) => (path === PATH['api-domain'] ? gate.pass() : undefined));
    const ticking = one.ips.ensureFresh();
    await gate.waiting;
    // The first list is being fetched by one, so two takes the second and leaves the first alone.
    expect(await two.ips.ensureFresh()).toEqual({ fetched: ['callback'], failed: [] });
    off();
    gate.release();
    expect(await ticking).toEqual({ fetched: ['api-domain'], failed: [] });

    expect(await two.ips.ensureFresh()).toEqual(NOTHING);
    await scene.pass(INTERVAL_SECONDS - 60);
    expect(await one.ips.ensureFresh()).toEqual(NOTHING);
    expect([scene.calls('api-domain'), scene.calls('callback')]).toEqual([1, 1]);

    await scene.pass(120);
    expect(await two.ips.ensureFresh()).toEqual({ fetched: BOTH, failed: [] });
    expect(await one.ips.ensureFresh()).toEqual(NOTHING);
    expect([scene.calls('api-domain'), scene.calls('callback')]).toEqual([2, 2]);
  });

  it('by one process when many tick at the same moment', async () => {
    await scene.addPlatform();
    const processes = [one, two, await scene.process(), await scene.process()];
    const barrier = new Barrier(processes.length);
    const passes = await Promise.all(
      processes.map(async ({ ips }) => {
        await barrier.arrive();
        return ips.ensureFresh();
      }),
    );
    expect(passes.flatMap(({ fetched }) => fetched).sort()).toEqual(BOTH);
    expect([scene.calls('api-domain'), scene.calls('callback')]).toEqual([1, 1]);
  });

  it('a caller that asks while a fetch is under way gets its result, in the same process and in another', async () => {
    await scene.addPlatform();
    const gate = new Gate();
    const off = scene.world.onCall(({ path }) => (path === PATH.callback ? gate.pass() : undefined));
    const leading = one.ips.fetch('callback');
    await gate.waiting;
    const refused = scene.reached(two, CLAIM);
    const following = [one.ips.fetch('callback'), two.ips.fetch('callback'), two.ips.fetch('callback')];
    await refused;
    off();
    gate.release();
    const { snapshot } = await leading;
    for (const each of await Promise.all(following)) expect(each.snapshot).toEqual(snapshot);
    expect(scene.calls('callback')).toBe(1);
    // On demand means now, however fresh the list is.
    expect(await two.ips.fetch('callback')).toMatchObject({ changed: false, snapshot: { observations: 2 } });
  });

  it('is taken over when the process dies between the call and the write', async () => {
    await scene.addPlatform();
    const gate = new Gate();
    const off = scene.world.onReply(({ path }) => (path === PATH['api-domain'] ? gate.pass() : undefined));
    const dying = one.ips.ensureFresh().catch(() => 'died');
    await gate.waiting;
    off();
    await one.db.close(); // whatever it gets to know now, it can tell nobody
    gate.release();
    expect(await dying).toBe('died');
    expect(await two.ips.ensureFresh()).toEqual({ fetched: ['callback'], failed: [] }); // the other one is leased

    await scene.pass(61);
    expect(await two.ips.ensureFresh()).toEqual({ fetched: ['api-domain'], failed: [] });
    expect((await two.ips.snapshots(two.db, 'api-domain', { limit: 5 })).items).toMatchObject([{ observations: 1 }]);
  });

  it('a caller who waited for a process that died fetches by himself', async () => {
    await scene.addPlatform();
    const gate = new Gate();
    const off = scene.world.onReply(({ path }) => (path === PATH.callback ? gate.pass() : undefined));
    const dying = one.ips.fetch('callback').catch(() => 'died');
    await gate.waiting;
    off();
    const refused = scene.reached(two, CLAIM);
    const waiting = two.ips.fetch('callback');
    await refused;
    await one.db.close();
    await scene.pass(61);
    expect(await waiting).toMatchObject({ changed: true, snapshot: { observations: 1 } });
    gate.release();
    expect(await dying).toBe('died');
  });

  it('an answer that comes after the takeover writes nothing', async () => {
    await scene.addPlatform();
    await scene.addPlatform();
    scene.world.ipLists.callback = ['1.1.1.1'];
    const gate = new Gate();
    const off = scene.world.onReply(({ path }) => (path === PATH.callback ? gate.pass() : undefined));
    const late = one.ips.fetch('callback');
    await gate.waiting; // the answer 1.1.1.1 is made and on its way
    off();
    await scene.pass(61);
    scene.world.ipLists.callback = ['2.2.2.2'];
    await two.ips.fetch('callback');
    gate.release();

    expect((await late).snapshot.ip_list).toEqual(['2.2.2.2']);
    const { items } = await two.ips.snapshots(two.db, 'callback', { limit: 5 });
    expect(items.map(({ ip_list }) => ip_list)).toEqual([['2.2.2.2']]);
    expect(await one.metrics.text()).toContain('outcome="lost"} 1');
  });
});

describe('when WeChat does not give a list', () => {
  let scene: Scene;
  let hub: Process;

  beforeEach(async () => {
    scene = await Scene.open();
    hub = await scene.process();
  });

  afterEach(() => scene.close());

  const snapshots = async () => (await hub.ips.snapshots(hub.db, 'callback', { limit: 10 })).items;

  it.each([45009, 48001, -1])('the next platform is asked (%p)', async (errcode) => {
    const first = await scene.addPlatform();
    await hub.ips.fetch('callback'); // so that this one is asked first
    const second = await scene.addPlatform();
    const { componentAppid } = first;
    scene.world.faults.add({ kind: 'errcode', errcode, match: { path: PATH.callback, componentAppid } });

    expect(await hub.ips.fetch('callback')).toMatchObject({ changed: false, snapshot: { observations: 2 } });
    expect(await hub.ips.lastFailure(hub.db, 'callback')).toBeNull();
    expect(hub.lines.some((line) => line.includes('platform_failed') && line.includes(componentAppid))).toBe(true);
    const asked = scene.world.calls(PATH.callback).map((call) => call.componentAppid);
    expect(asked.at(-1)).toBe(second.componentAppid);

    // The one that worked is asked first from now on.
    const before = scene.calls('callback');
    await hub.ips.fetch('callback');
    expect(scene.calls('callback')).toBe(before + 1);
  });

  it('platforms that never had a ticket are passed over', async () => {
    for (let index = 0; index < 7; index += 1) await scene.addPlatform({ ticket: false });
    const ready = await scene.addPlatform();
    await hub.ips.fetch('callback');
    expect(scene.world.calls(PATH.callback).map((call) => call.componentAppid)).toEqual([ready.componentAppid]);
  });

  it('many that always fail do not keep a good one from being asked', async () => {
    for (let index = 0; index < 7; index += 1) {
      const { componentAppid } = await scene.addPlatform();
      scene.world.faults.add({ kind: 'errcode', errcode: 48001, match: { path: PATH.callback, componentAppid } });
    }
    await scene.addPlatform();
    const outcomes = [];
    for (let time = 0; time < 8; time += 1) {
      outcomes.push(
        await hub.ips.fetch('callback').then(
          () => 'ok',
          () => 'failed',
        ),
      );
    }
    expect(outcomes).toContain('ok');
    expect(outcomes.at(-1)).toBe('ok'); // once it worked, it comes first
  });

  it('says that no platform is ready, and looks again a minute after the failure', async () => {
    const platform = await scene.addPlatform({ ticket: false });
    await expect(hub.ips.fetch('callback')).rejects.toMatchObject({ code: 'ticket_unavailable' });
    for (let time = 0; time < 8; time += 1) {
      await scene.pass(61);
      expect((await hub.ips.ensureFresh()).failed).toContain('callback');
    }
    await scene.giveTicket(platform);
    await scene.pass(61);
    expect((await hub.ips.ensureFresh()).fetched).toContain('callback');
  });

  it('keeps the failure and the list, and tries again after growing pauses', async () => {
    await scene.addPlatform();
    const { snapshot } = await hub.ips.fetch('callback');
    await hub.ips.fetch('api-domain');
    const fault = scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATH.callback } });

    await scene.pass(INTERVAL_SECONDS + 1);
    expect(await hub.ips.ensureFresh()).toEqual({ fetched: ['api-domain'], failed: ['callback'] });
    expect(await hub.ips.lastFailure(hub.db, 'callback')).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      code: 'upstream_quota_exhausted',
      wechat: { errcode: 45009 },
    });
    expect(await snapshots()).toMatchObject([{ ip_list: snapshot.ip_list, observations: 1 }]);
    expect(hub.lines.some((line) => line.includes('wechat_ips.fetch_failed') && line.includes('"warn"'))).toBe(true);

    const pauses = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600];
    for (const pause of pauses) {
      await scene.pass(pause - 5);
      expect((await hub.ips.ensureFresh()).failed).toEqual([]);
      await scene.pass(6);
      expect((await hub.ips.ensureFresh()).failed).toEqual(['callback']);
    }
    expect(await hub.metrics.text()).toContain('wxfleet_wechat_ips_failures{kind="callback"} 10');
    expect(hub.lines.some((line) => line.includes('wechat_ips.stale') && line.includes('"error"'))).toBe(true);
    expect(await hub.ips.current(hub.db, 'callback')).toMatchObject({ stale: true, ip_list: snapshot.ip_list });

    scene.world.faults.remove(fault.id);
    await scene.pass(3601);
    expect((await hub.ips.ensureFresh()).fetched).toContain('callback');
    expect(await hub.ips.lastFailure(hub.db, 'callback')).toBeNull();
    const other = await scene.process(); // which has fetched nothing itself
    expect(await other.metrics.text()).toContain('wxfleet_wechat_ips_failures{kind="callback"} 0');
  });

  it('a caller who waited for another process hears of its failure', async () => {
    await scene.addPlatform();
    const other = await scene.process();
    scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATH.callback } });
    const gate = new Gate();
    scene.world.onCall(({ path }) => (path === PATH.callback ? gate.pass() : undefined));
    const leading = hub.ips.fetch('callback').catch((error: unknown) => error);
    await gate.waiting;
    const refused = scene.reached(other, CLAIM);
    const following = other.ips.fetch('callback').catch((error: unknown) => error);
    await refused;
    gate.release();
    const failure = { code: 'upstream_quota_exhausted', details: { wechat: { errcode: 45009 } } };
    expect(await leading).toMatchObject(failure);
    expect(await following).toMatchObject(failure);
  });

  it.each([
    ['none at all', []],
    ['none that can be read', ['see-our-site']],
  ])('a list with %s never takes the place of one with addresses', async (_name, list) => {
    await scene.addPlatform();
    scene.world.ipLists.callback = ['1.1.1.1'];
    await hub.ips.fetch('callback');
    scene.world.ipLists.callback = [...list];

    await expect(hub.ips.fetch('callback')).rejects.toMatchObject({ code: 'upstream_failed' });

    expect(await snapshots()).toMatchObject([{ ip_list: ['1.1.1.1'], observations: 1 }]);
    expect(await hub.ips.lastFailure(hub.db, 'callback')).toMatchObject({
      code: 'upstream_failed',
      reason: expect.stringContaining('without any address'),
    });
    expect(hub.lines.some((line) => line.includes('wechat_ips.empty_list') && line.includes('"error"'))).toBe(true);
    expect(await hub.metrics.text()).toContain('wxfleet_wechat_ips_failures{kind="callback"} 1');
  });

  it.each(['html', 'halfBody', 'notJson', 'reset'] as const)(
    'an answer that is no list changes nothing (%s)',
    async (kind) => {
      await scene.addPlatform();
      await hub.ips.fetch('callback');
      const fault = scene.world.faults.add({ kind, match: { path: PATH.callback } });

      const error: unknown = await hub.ips.fetch('callback').catch((reason: unknown) => reason);

      expect(['upstream_failed', 'upstream_busy']).toContain((error as { code: string }).code);
      expect(await hub.ips.lastFailure(hub.db, 'callback')).toMatchObject({ code: (error as { code: string }).code });
      expect(await snapshots()).toMatchObject([{ observations: 1 }]);
      scene.world.faults.remove(fault.id);
      expect(await hub.ips.fetch('callback')).toMatchObject({ changed: false, snapshot: { observations: 2 } });
    },
  );

  it('says nothing of tokens', async () => {
    const { platformId, componentAppid } = await scene.addPlatform();
    scene.world.faults.add({ kind: 'errcode', errcode: 40013, match: { path: PATH.callback } });
    await hub.ips.fetch('callback').catch(() => undefined);
    const { token } = await hub.custody.componentTokens.lease({ platformId, componentAppid });
    const told = hub.lines.join('\n') + JSON.stringify(await scene.db.query('SELECT * FROM api_ip_ledger.ip_watch'));
    expect(told).toContain('40013');
    expect(told).not.toContain(token.reveal());
  });

  it('gives the lease back when it is stopped', async () => {
    await scene.addPlatform();
    const gate = new Gate();
    const off = scene.world.onCall(({ path }) => (path === PATH['api-domain'] ? gate.pass() : undefined));
    const stop = new AbortController();
    const ticking = hub.ips.ensureFresh({ signal: stop.signal });
    await gate.waiting;
    stop.abort();
    expect(await ticking).toEqual(NOTHING);
    off();
    gate.release();
    const other = await scene.process();
    expect(await other.ips.ensureFresh()).toEqual({ fetched: BOTH, failed: [] });
    expect(await hub.ips.lastFailure(hub.db, 'api-domain')).toBeNull();
  });
});

describe('a fetch that a platform asks for', () => {
  let scene: Scene;
  let hub: Process;

  beforeEach(async () => {
    scene = await Scene.open();
    hub = await scene.process();
  });

  afterEach(() => scene.close());

  const asked = () => scene.world.calls(PATH.callback).map((call) => call.componentAppid);

  it('is made with its token and no other', async () => {
    const other = await scene.addPlatform();
    const own = await scene.addPlatform({ ticket: false });
    await hub.ips.fetch('callback');
    await scene.pass(61);
    await expect(hub.ips.fetchFor(own, 'callback')).rejects.toMatchObject({ code: 'ticket_unavailable' });
    await scene.giveTicket(own);
    expect(await hub.ips.fetchFor(own, 'callback')).toMatchObject({ changed: false, snapshot: { observations: 2 } });
    expect(asked()).toEqual([other.componentAppid, own.componentAppid]);
  });

  it('is not made within a minute of the last observation, by any process', async () => {
    const own = await scene.addPlatform();
    scene.world.ipLists.callback = ['1.1.1.1', '9.9.9.9'];
    const { snapshot } = await hub.ips.fetchFor(own, 'callback');
    scene.world.ipLists.callback = ['2.2.2.2', '9.9.9.9'];
    for (let time = 0; time < 20; time += 1) {
      expect(await hub.ips.fetchFor(own, 'callback')).toEqual({ snapshot, changed: false });
    }
    expect(scene.calls('callback')).toBe(1);
    await scene.pass(61);
    expect(await hub.ips.fetchFor(own, 'callback')).toMatchObject({
      changed: true,
      snapshot: { ip_list: ['2.2.2.2', '9.9.9.9'] },
    });
  });

  it('tells nothing of what others met, and keeps nothing of what it met', async () => {
    const other = await scene.addPlatform();
    const own = await scene.addPlatform();
    const { componentAppid } = other;
    const waits = async (platform: typeof own) => {
      const gate = new Gate();
      const off = scene.world.onCall((call) =>
        call.path === PATH.callback && call.componentAppid === platform.componentAppid ? gate.pass() : undefined,
      );
      const fetching = hub.ips.fetchFor(platform, 'callback').catch((error: unknown) => error);
      await gate.waiting;
      return { gate, off, fetching };
    };
    const fault = scene.world.faults.add({
      kind: 'errcode',
      errcode: 45009,
      match: { path: PATH.callback, componentAppid },
    });
    const theirs = await waits(other);
    // While theirs is under way, and after it has failed.
    expect(await hub.ips.fetchFor(own, 'callback')).toMatchObject({ changed: true });
    theirs.gate.release();
    theirs.off();
    expect(await theirs.fetching).toMatchObject({
      code: 'upstream_quota_exhausted',
      details: { wechat: { errcode: 45009 } },
    });
    expect(await hub.ips.lastFailure(hub.db, 'callback')).toBeNull();
    scene.world.faults.remove(fault.id);

    // The schedule met something; a platform that asks for a fetch hears nothing of it, and holds up no schedule.
    await scene.pass(INTERVAL_SECONDS + 1);
    const ofAll = scene.world.faults.add({ kind: 'errcode', errcode: 48001, match: { path: PATH.callback } });
    expect((await hub.ips.ensureFresh()).failed).toEqual(['callback']);
    const before = await scene.db.query('SELECT * FROM api_ip_ledger.ip_watch ORDER BY kind');
    for (let time = 0; time < 5; time += 1) await expect(hub.ips.fetchFor(own, 'callback')).rejects.toThrow();
    expect(await scene.db.query('SELECT * FROM api_ip_ledger.ip_watch ORDER BY kind')).toEqual(before);
    scene.world.faults.remove(ofAll.id);
    expect(await hub.ips.fetchFor(own, 'callback')).toMatchObject({ changed: false });
  });

  it('does not put an older list behind a newer one', async () => {
    const other = await scene.addPlatform();
    const own = await scene.addPlatform();
    scene.world.ipLists.callback = ['1.1.1.1'];
    const gate = new Gate();
    const off = scene.world.onReply(({ path }) => (path === PATH.callback ? gate.pass() : undefined));
    const late = hub.ips.fetchFor(own, 'callback');
    await gate.waiting; // the answer 1.1.1.1 is made and on its way
    off();
    scene.world.ipLists.callback = ['2.2.2.2'];
    await hub.ips.fetchFor(other, 'callback');
    gate.release();
    expect((await late).snapshot.ip_list).toEqual(['2.2.2.2']);
    expect((await hub.ips.snapshots(hub.db, 'callback', { limit: 5 })).items).toHaveLength(1);
  });
});
