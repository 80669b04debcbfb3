import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEvent } from '#libs/access';
import { INTERVAL_SECONDS, Scene, type Process } from '../../test/scene.ts';

const FULL = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'];
const EVENT: AuditEvent = {
  platformId: null,
  actor: 'user:anna',
  action: 'wechat_ips.confirmed',
  subject: 'wechat_ips:callback',
};

describe('the brake of the address lists', () => {
  let scene: Scene;
  let hub: Process;
  beforeEach(async () => {
    scene = await Scene.open();
    hub = await scene.process();
    await scene.addPlatform();
    await answers(FULL);
  });
  afterEach(() => scene.close());

  async function answers(list: unknown) {
    (scene.world.ipLists as { callback: unknown }).callback = list;
    return hub.ips.fetch('callback');
  }
  const published = async () => (await hub.ips.current(hub.db, 'callback')).ip_list;
  const candidates = async () => (await hub.ips.heldLists(hub.db, 'callback')).items;
  const alarms = () => hub.lines.filter((line) => line.includes('wechat_ips.held') && line.includes('"error"'));

  it('publishes a list that lost half, and holds one that lost more', async () => {
    expect(await answers(['1.1.1.1', '2.2.2.2'])).toMatchObject({ changed: true });
    expect(await answers(['9.9.9.9'])).toMatchObject({ changed: false });
    expect(await published()).toEqual(['1.1.1.1', '2.2.2.2']);
    const view = await hub.ips.current(hub.db, 'callback');
    expect(view.held).toMatchObject({ id: '1', reason: 'shrunk' });
    expect(await candidates()).toMatchObject([
      { state: 'held', reason: 'shrunk', ip_list: ['9.9.9.9'], added: ['9.9.9.9'], removed: ['1.1.1.1', '2.2.2.2'] },
    ]);
    expect(alarms()).toHaveLength(1);
    expect(await hub.metrics.text()).toContain('wxfleet_wechat_ips_held{kind="callback"} 1');
  });

  it('takes addresses that moved into networks for still there', async () => {
    expect(await answers(['1.0.0.0/8', '2.0.0.0/7', '4.4.4.0/24'])).toMatchObject({ changed: true });
  });

  it('publishes what three fetches in a row agree on, and starts counting at a list that differs', async () => {
    for (const list of [['8.8.8.8'], ['8.8.8.8'], ['9.9.9.9'], ['9.9.9.9']]) await answers(list);
    expect(await published()).toEqual(FULL);
    expect(alarms()).toHaveLength(2);
    expect(await answers(['9.9.9.9'])).toMatchObject({ changed: true, snapshot: { ip_list: ['9.9.9.9'] } });
    expect((await hub.ips.current(hub.db, 'callback')).held).toBeNull();
    expect((await candidates()).map(({ state, decided_by }) => [state, decided_by])).toEqual([
      ['published', 'agreement'],
      ['withdrawn', null],
    ]);
  });

  it('forgets what was held when WeChat answers as before', async () => {
    for (let round = 0; round < 4; round += 1) {
      await answers(['9.9.9.9']);
      await answers(FULL);
    }
    expect(await published()).toEqual(FULL);
    expect((await candidates()).every(({ state }) => state === 'withdrawn')).toBe(true);
  });

  it('holds a list with an entry that cannot be read, and shows it', async () => {
    expect(await answers([...FULL, '5.5.5.5', 'see our site'])).toMatchObject({ changed: false });
    expect(await published()).toEqual(FULL);
    expect(await hub.ips.current(hub.db, 'callback')).toMatchObject({
      incomplete: true,
      held: { reason: 'incomplete' },
    });
    expect(await candidates()).toMatchObject([{ unreadable: ['see our site'], added: ['5.5.5.5'], removed: [] }]);
    await answers([...FULL, '5.5.5.5']);
    expect(await published()).toEqual([...FULL, '5.5.5.5']);
    expect(await hub.ips.current(hub.db, 'callback')).toMatchObject({ incomplete: false, held: null });
  });

  it('reads ranges, masks and blank entries, and a list that is joined text', async () => {
    await answers([...FULL, '', null, '5.5.5.0-5.5.5.255', '6.6.6.0/255.255.255.0', '7.7.7.*']);
    const read = [...FULL, '5.5.5.0/24', '6.6.6.0/24', '7.7.7.0/24'];
    expect(await published()).toEqual(read);
    expect(hub.lines.join('\n')).toContain('wechat_ips.blank_entries');
    expect(await answers(read.join(';'))).toMatchObject({ changed: false, snapshot: { observations: 2 } });
    expect(await answers({ 0: '1.1.1.1', 1: '2.2.2.2', 2: '3.3.3.3', 3: '4.4.4.4' })).toMatchObject({
      changed: true,
      snapshot: { ip_list: FULL },
    });
  });

  it('never publishes an empty list by itself, and an operator may', async () => {
    for (let time = 0; time < 5; time += 1)
      await expect(answers([])).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(await published()).toEqual(FULL);
    expect(await candidates()).toMatchObject([{ reason: 'empty', state: 'held', observations: 5, removed: FULL }]);
    expect(alarms()).toHaveLength(1);
    await hub.ips.confirm('callback', '1', EVENT);
    expect(await published()).toEqual([]);
  });

  it('publishes what an operator confirms, once, and records it', async () => {
    await answers(['9.9.9.9']);
    const other = await scene.process();
    const confirmed = await Promise.allSettled([
      hub.ips.confirm('callback', '1', EVENT),
      other.ips.confirm('callback', '1', EVENT),
    ]);
    expect(confirmed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await published()).toEqual(['9.9.9.9']);
    expect(await candidates()).toMatchObject([{ state: 'published', decided_by: 'user:anna' }]);
    await expect(hub.ips.confirm('callback', '1', EVENT)).rejects.toMatchObject({ code: 'conflict' });
    await expect(hub.ips.confirm('callback', '7', EVENT)).rejects.toMatchObject({ code: 'not_found' });
    expect(await scene.db.query(`SELECT actor FROM access.audit_event WHERE action = 'wechat_ips.confirmed'`)).toEqual([
      { actor: 'user:anna' },
    ]);
    expect((await hub.ips.snapshots(hub.db, 'callback', { limit: 10 })).items).toHaveLength(2);
  });

  it('writes an event for each platform, once for each list that is held and for each that is published', async () => {
    await scene.addPlatform();
    await answers(['9.9.9.9']);
    await answers(['9.9.9.9']);
    const confirmed = await hub.ips.confirm('callback', '1', EVENT);
    const events = await scene.db.query<{
      type: string;
      data: { added: string[]; removed: string[]; sync_token: string };
    }>(`SELECT type, data FROM events.event WHERE type LIKE 'api\\_ips.%' ORDER BY event_id`);
    // The first list was published when there was one platform.
    expect(events.map(({ type }) => type)).toEqual([
      'api_ips.changed',
      ...['api_ips.held', 'api_ips.held', 'api_ips.changed', 'api_ips.changed'],
    ]);
    expect(events[1]!.data).toMatchObject({ kind: 'callback', added: ['9.9.9.9'], removed: FULL });
    expect(events[4]!.data).toEqual({
      kind: 'callback',
      added: ['9.9.9.9'],
      removed: FULL,
      sync_token: confirmed.sync_token,
    });
  });

  it('looks again within the hour while a list is held', async () => {
    await hub.ips.fetch('api-domain');
    await answers(['9.9.9.9']);
    await scene.pass(INTERVAL_SECONDS - 60);
    expect((await hub.ips.ensureFresh()).fetched).toEqual([]);
    await scene.pass(61);
    expect((await hub.ips.ensureFresh()).fetched).toContain('callback');
    expect(await candidates()).toMatchObject([{ observations: 2 }]);
  });
});

describe('the order of answers', () => {
  let scene: Scene;
  let hub: Process;
  beforeEach(async () => {
    scene = await Scene.open();
    hub = await scene.process();
    await scene.addPlatform();
  });
  afterEach(() => scene.close());

  it('is that of asking: an answer does not overrule one that was asked for later', async () => {
    scene.world.ipLists.callback = ['1.1.1.1'];
    await hub.ips.fetch('callback');
    // As another process has left it: asked for later than what is on its way now.
    await scene.db.run(
      `UPDATE api_ip_ledger.ip_watch SET last_asked_at = wxfleet.now() + interval '20 ms' WHERE kind = 'callback'`,
    );
    const asked = scene.db.query<{ now: string }>(`SELECT (wxfleet.now() - interval '1 minute')::text AS now`);
    const [{ now }] = (await asked) as [{ now: string }];
    const { fetches, lease, answer } = await scene.answerAskedAt(hub, now, ['2.2.2.2']);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await fetches.keep(lease, answer)).toMatchObject({ outcome: 'late' });
    expect((await hub.ips.current(hub.db, 'callback')).ip_list).toEqual(['1.1.1.1']);
    // The lease is free again.
    expect(await fetches.claim('callback')).not.toBeNull();
  });

  it('survives a clock that was a day fast: the next look counts again', async () => {
    scene.world.ipLists.callback = ['1.1.1.1'];
    await hub.ips.fetch('callback');
    await hub.ips.fetch('api-domain');
    await scene.db.run(
      `UPDATE api_ip_ledger.ip_watch SET last_asked_at = wxfleet.now() + interval '1 day',
         last_observed_at = wxfleet.now() + interval '1 day' WHERE kind = 'callback'`,
    );
    scene.world.ipLists.callback = ['2.2.2.2', '1.1.1.1'];
    expect((await hub.ips.ensureFresh()).fetched).toEqual(['callback']);
    expect((await hub.ips.current(hub.db, 'callback')).ip_list).toEqual(['1.1.1.1', '2.2.2.2']);
  });
});

describe('looking back', () => {
  let scene: Scene;
  let hub: Process;
  beforeEach(async () => {
    scene = await Scene.open();
    hub = await scene.process();
    await scene.addPlatform();
  });
  afterEach(() => scene.close());

  it('shows the difference of two moments, and the lifetimes of each address', async () => {
    const seen = [];
    for (const list of [['1.1.1.1', '2.2.2.0/24'], ['2.2.2.0/24'], ['1.1.1.1', '2.2.2.0/24', '3.3.3.3']]) {
      scene.world.ipLists.callback = list;
      seen.push((await hub.ips.fetch('callback')).snapshot);
      await scene.pass(60);
    }
    const [first, second, third] = seen as [(typeof seen)[0], (typeof seen)[0], (typeof seen)[0]];
    const just = (snapshot: typeof first) => new Date(Date.parse(snapshot.first_observed_at) + 1);
    expect(await hub.ips.diff(hub.db, 'callback', just(first), just(second))).toMatchObject({
      added: [],
      removed: ['1.1.1.1'],
      from_sync_token: first.sync_token,
      to_sync_token: second.sync_token,
    });
    expect(await hub.ips.diff(hub.db, 'callback', just(second), null)).toMatchObject({
      to: null,
      added: ['1.1.1.1', '3.3.3.3'],
      removed: [],
    });

    const lives = await hub.ips.lifetimes(hub.db, 'callback', { limit: 10 });
    const life = (address: string, from: typeof first, to: typeof first, end: typeof first | null) => ({
      address,
      first_observed_at: from.first_observed_at,
      last_observed_at: to.last_observed_at,
      ended_at: end?.first_observed_at ?? null,
      present: end === null,
    });
    expect(lives).toEqual({
      items: [
        life('1.1.1.1', first, first, second),
        life('1.1.1.1', third, third, null),
        life('2.2.2.0/24', first, third, null),
        life('3.3.3.3', third, third, null),
      ],
      next_cursor: null,
    });
    const pages = [];
    let cursor: string | undefined;
    do {
      const page = await hub.ips.lifetimes(hub.db, 'callback', { limit: 1, cursor });
      pages.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual(lives.items);
    const holding = await hub.ips.lifetimes(hub.db, 'callback', { limit: 10, address: '2.2.2.77' });
    expect(holding.items.map(({ address }) => address)).toEqual(['2.2.2.0/24']);
    for (const address of ['2.2.2.0/24', 'x']) {
      await expect(hub.ips.lifetimes(hub.db, 'callback', { limit: 10, address })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });
});
