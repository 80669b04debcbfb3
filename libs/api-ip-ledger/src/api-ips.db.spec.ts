import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/kernel';
import { INTERVAL_SECONDS, Scene, type Process } from '../test/scene.ts';

describe('the history of the address lists', () => {
  let scene: Scene;
  let hub: Process;

  beforeEach(async () => {
    scene = await Scene.open();
    hub = await scene.process();
    await scene.addPlatform();
  });

  afterEach(() => scene.close());

  it('keeps addresses and networks of both families, each once, and the body as it came', async () => {
    scene.world.ipLists.callback = [
      '175.27.5.0/24',
      '2402:4E00::1',
      '106.55.206.146',
      '175.27.5.0/24',
      '106.55.206.146/32',
      '2402:4e00:0:0::1',
      '175.27.5.9/24',
      'not-an-address',
    ];
    const { snapshot, changed } = await hub.ips.fetch('callback');

    const list = ['106.55.206.146', '175.27.5.0/24', '2402:4e00::1'];
    expect(changed).toBe(true);
    expect(snapshot).toMatchObject({ id: 'callback-1', observations: 1, ip_list: list, added: list, removed: [] });
    expect(await hub.ips.current(hub.db, 'callback')).toEqual({
      kind: 'callback',
      observed_at: snapshot.last_observed_at,
      stale: false,
      incomplete: true,
      sync_token: snapshot.sync_token,
      ip_list: list,
      held: null,
    });
    const [row] = await scene.db.query<{ body: string; invalid: string[] }>(
      'SELECT body, invalid FROM api_ip_ledger.ip_snapshot',
    );
    expect(JSON.parse(row!.body)).toEqual({ ip_list: scene.world.ipLists.callback });
    expect(row!.invalid).toEqual(['not-an-address']);
    expect(hub.lines.join('\n')).toContain('wechat_ips.invalid_entries');
    expect(await hub.metrics.text()).toContain('wxfleet_wechat_ips_invalid_entries{kind="callback"} 1');
    // The other list is another history.
    await expect(hub.ips.current(hub.db, 'api-domain')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('grows one row while the list is equal, in whatever order it comes, and makes another when it changes', async () => {
    scene.world.ipLists.callback = ['1.1.1.1', '2.2.2.2'];
    const first = await hub.ips.fetch('callback');
    await scene.pass(60);
    scene.world.ipLists.callback = ['2.2.2.2', '1.1.1.1', '2.2.2.2'];
    const second = await hub.ips.fetch('callback');

    expect(second).toMatchObject({ changed: false, snapshot: { id: 'callback-1', observations: 2 } });
    expect(second.snapshot.first_observed_at).toBe(first.snapshot.first_observed_at);
    expect(second.snapshot.last_observed_at > first.snapshot.last_observed_at).toBe(true);
    expect(second.snapshot.sync_token).toBe(first.snapshot.sync_token);

    await scene.pass(60);
    scene.world.ipLists.callback = ['2.2.2.2', '3.3.3.3'];
    const third = await hub.ips.fetch('callback');

    expect(third).toMatchObject({ changed: true, snapshot: { id: 'callback-2', observations: 1 } });
    expect(third.snapshot).toMatchObject({ added: ['3.3.3.3'], removed: ['1.1.1.1'] });
    expect(third.snapshot.sync_token).not.toBe(second.snapshot.sync_token);

    await scene.pass(60);
    scene.world.ipLists.callback = ['1.1.1.1', '2.2.2.2'];
    const fourth = await hub.ips.fetch('callback');
    expect(fourth).toMatchObject({ changed: true, snapshot: { id: 'callback-3' } });
    expect(fourth.snapshot.sync_token).toBe(first.snapshot.sync_token); // the same list
  });

  it('keeps the evidence of an unreadable entry that joins an otherwise equal list', async () => {
    scene.world.ipLists.callback = ['1.1.1.1'];
    await hub.ips.fetch('callback');
    scene.world.ipLists.callback = ['1.1.1.1', 'see-our-site'];
    expect(await hub.ips.fetch('callback')).toMatchObject({ changed: false });

    const [row] = await scene.db.query<{ body: string; invalid: string[] }>(
      'SELECT body, invalid FROM api_ip_ledger.ip_snapshot',
    );
    expect(row).toEqual({ body: '{"ip_list":["1.1.1.1","see-our-site"]}', invalid: ['see-our-site'] });
  });

  it('answers for a moment', async () => {
    scene.world.ipLists.callback = ['1.1.1.1', '9.9.9.9'];
    const { snapshot: old } = await hub.ips.fetch('callback');
    await scene.pass(60);
    scene.world.ipLists.callback = ['2.2.2.2', '9.9.9.9'];
    const { snapshot: young } = await hub.ips.fetch('callback');
    const at = async (moment: number) => (await hub.ips.current(hub.db, 'callback', new Date(moment))).ip_list;

    expect(await at(Date.parse(old.first_observed_at) + 1)).toEqual(['1.1.1.1', '9.9.9.9']); // the row has microseconds
    expect(await at(Date.parse(young.first_observed_at) - 1)).toEqual(['1.1.1.1', '9.9.9.9']);
    expect(await at(Date.parse(young.first_observed_at) + 1)).toEqual(['2.2.2.2', '9.9.9.9']);
    const future = await hub.ips.current(hub.db, 'callback', new Date(Date.parse(young.first_observed_at) + 1e10));
    expect(future).toMatchObject({ ip_list: ['2.2.2.2', '9.9.9.9'], stale: false });

    const before = new Date(Date.parse(old.first_observed_at) - 1000);
    const error = await hub.ips.current(hub.db, 'callback', before).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(old.first_observed_at),
    });
  });

  it('is stale once nothing was seen for more than two intervals, and only then', async () => {
    const { snapshot } = await hub.ips.fetch('callback');
    await scene.pass(2 * INTERVAL_SECONDS - 60);
    expect(await hub.ips.current(hub.db, 'callback')).toMatchObject({ stale: false });
    await scene.pass(120);
    expect(await hub.ips.current(hub.db, 'callback')).toMatchObject({
      stale: true,
      sync_token: snapshot.sync_token,
      observed_at: snapshot.last_observed_at,
      ip_list: snapshot.ip_list,
    });
    expect(
      await hub.ips.current(hub.db, 'callback', new Date(Date.parse(snapshot.last_observed_at) + 60_000)),
    ).toMatchObject({ stale: false });
    await hub.ips.fetch('callback');
    expect(await hub.ips.current(hub.db, 'callback')).toMatchObject({ stale: false });
  });

  it('pages through the history, newest first, while it grows', async () => {
    const fetchList = async (no: number) => {
      // Half of it stays, so that no list is held.
      scene.world.ipLists.callback = [`10.0.0.${no}`, '10.9.9.9'];
      await hub.ips.fetch('callback');
    };
    for (let no = 1; no <= 5; no += 1) await fetchList(no);

    const first = await hub.ips.snapshots(hub.db, 'callback', { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(['callback-5', 'callback-4']);
    await fetchList(6);
    const second = await hub.ips.snapshots(hub.db, 'callback', { limit: 2, cursor: first.next_cursor! });
    expect(second.items.map(({ id }) => id)).toEqual(['callback-3', 'callback-2']);
    expect(second.items[0]).toMatchObject({ added: ['10.0.0.3'], removed: ['10.0.0.2'] });
    const last = await hub.ips.snapshots(hub.db, 'callback', { limit: 2, cursor: second.next_cursor! });
    expect(last).toMatchObject({ items: [{ id: 'callback-1', added: ['10.0.0.1', '10.9.9.9'] }], next_cursor: null });

    for (const cursor of ['nonsense', first.next_cursor!]) {
      await expect(hub.ips.snapshots(hub.db, 'api-domain', { limit: 2, cursor })).rejects.toMatchObject({
        code: 'invalid_request',
        details: { errors: [{ path: 'cursor' }] },
      });
    }
  });
});
