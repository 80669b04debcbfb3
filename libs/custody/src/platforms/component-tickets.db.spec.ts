import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '#libs/kernel';
import { FakeClock } from '#libs/testing';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

describe('component tickets', () => {
  let stage: Stage;
  let hub: Process;
  const clock = new FakeClock();

  beforeEach(async () => {
    stage = await Stage.open();
    hub = await stage.process({ clock });
  });

  afterEach(() => stage.close());

  const receive = (ticket: Secret | string, at: number, platform = stage.platform) =>
    hub.tickets.receive(
      stage.db,
      platform.platformId,
      typeof ticket === 'string' ? Secret.of(ticket) : ticket,
      new Date(at),
    );

  /** `ticket.stale` in the log of a process. */
  const alarmsOf = ({ lines }: Process) =>
    lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ event }) => event === 'ticket.stale');

  it('end as the one with the newest time of WeChat, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }), async (seconds) => {
        await stage.db.run('DELETE FROM custody.component_ticket');
        let expected = { second: 0, name: '' };
        for (const [index, second] of seconds.entries()) {
          const name = `ticket-${index}`;
          const outcome = await receive(name, second * 1000);
          expect(outcome).toBe(second >= expected.second ? 'kept' : 'older');
          if (second >= expected.second) expected = { second, name };
        }
        const [newest] = await hub.tickets.usable(stage.db, stage.platform.platformId);
        expect(newest!.ticket.reveal()).toBe(expected.name);
      }),
      { numRuns: 60 },
    );
  });

  it('arriving at once from many sides end as the newest', async () => {
    const now = stage.world.clock.nowMs();
    await Promise.all(Array.from({ length: 30 }, (_, index) => receive(`t-${index}`, now + ((index * 7) % 30) * 1000)));
    const [newest] = await hub.tickets.usable(stage.db, stage.platform.platformId);
    expect(newest!.ticket.reveal()).toBe(`t-${[...Array(30).keys()].find((index) => (index * 7) % 30 === 29)}`);
  });

  it('with a time of WeChat that lies ahead of their own arrival rank by their arrival, also those kept before', async () => {
    const { platformId } = stage.platform;
    const newest = async () => (await hub.tickets.usable(stage.db, platformId))[0]!.ticket.reveal();
    const start = stage.world.clock.nowMs();
    await receive('t-before', start + 1000);
    await stage.db.run(`UPDATE custody.component_ticket SET wechat_created_at = wxfleet.now() + interval '30 days'`);
    await stage.pass(600, [hub]);
    // Older than the arrival of the wrong one: it may be older than that ticket itself.
    expect(await receive('t-late', start - 5000)).toBe('older');
    expect(await receive('t-after', start + 598_000)).toBe('kept');
    expect(await newest()).toBe('t-after');
    expect(await receive('t-late', start - 5000)).toBe('older');
    expect(await receive('t-next', start + 1_198_000)).toBe('kept');
  });

  it('fall back to the last one that worked', async () => {
    const token = await hub.componentTokens.lease(stage.platform);
    await receive('ticket@@@of-another-platform', stage.world.clock.nowMs() + 1000);
    await hub.componentTokens.reportRejected(stage.platform, token.token);
    const [row] = await stage.db.query<{ generation: number }>('SELECT generation FROM custody.component_token');
    expect(row!.generation).toBe(2);
    expect(stage.world.calls(PATH.componentToken).map((call) => call.errcode)).toEqual([0, 61006, 0]);
  });

  it('that are all refused give ticket_unavailable, until the next one comes', async () => {
    const fresh = await stage.addPlatform('wxc00000000000000aa', { ticket: false });
    await expect(hub.componentTokens.lease(fresh)).rejects.toMatchObject({ code: 'ticket_unavailable' });
    await receive('ticket@@@nonsense', stage.world.clock.nowMs(), fresh);
    await expect(hub.componentTokens.lease(fresh)).rejects.toMatchObject({
      code: 'ticket_unavailable',
      details: { wechat: { errcode: 61006 } },
    });
    const calls = stage.world.log.total(PATH.componentToken);
    await expect(hub.componentTokens.lease(fresh)).rejects.toMatchObject({ code: 'ticket_unavailable' });
    expect(stage.world.log.total(PATH.componentToken)).toBe(calls); // cooling down
    await receive(stage.newTicket(fresh.componentAppid), stage.world.clock.nowMs() + 1000, fresh);
    expect((await hub.componentTokens.lease(fresh)).expiresInSeconds).toBeGreaterThan(7000);
  });

  it('of which WeChat refuses a young one once are tried again soon, without waiting for the next ticket', async () => {
    stage.world.faults.add({ kind: 'errcode', errcode: 61006, match: { path: PATH.componentToken }, times: 1 });
    await expect(hub.componentTokens.lease(stage.platform)).rejects.toMatchObject({ code: 'ticket_unavailable' });
    await stage.pass(3, [hub]);
    expect((await hub.componentTokens.lease(stage.platform)).expiresInSeconds).toBeGreaterThan(7000);
  });

  it('are guarded: an alarm after two periods, a request to push again from time to time', async () => {
    const row = async () => (await hub.accounts.get(stage.db, stage.componentAppid))!;
    expect((await row()).state).toBe('ready');
    expect(await hub.ticketGuard.guard()).toMatchObject({ stale: 0, asked: 0 });

    stage.world.platform(stage.componentAppid).pushing = false;
    await stage.pass(21 * 60, [hub]);
    expect((await row()).state).toBe('ticket_stale');
    expect(alarmsOf(hub)).toEqual([]);
    const lastReceivedAt = (await row()).ticketReceivedAt!.toISOString();
    expect(await hub.ticketGuard.guard()).toEqual({ stale: 1, alarmed: 1, asked: 1, askFailed: 0 });
    expect(alarmsOf(hub)).toMatchObject([{ level: 'error', componentAppid: stage.componentAppid, lastReceivedAt }]);
    expect(stage.world.platform(stage.componentAppid).pushing).toBe(true);
    expect(await hub.metrics.text()).toMatch(/wxfleet_ticket_stale\{[^}]*\} 1/);
    const other = await stage.process();
    other.db.travel(`${21 * 60} seconds`);
    expect(await other.ticketGuard.guard()).toEqual({ stale: 1, alarmed: 0, asked: 0, askFailed: 0 });
    await stage.pass(30 * 60, [hub]);
    expect(await hub.ticketGuard.guard()).toMatchObject({ alarmed: 0, asked: 1 });
    expect(stage.world.log.total(PATH.startPush)).toBe(2);

    await stage.giveTicket(hub);
    expect((await row()).state).toBe('ready');
    await stage.pass(21 * 60, [hub]);
    expect(await hub.ticketGuard.guard()).toMatchObject({ alarmed: 1 }); // a new outage is a new alarm
    expect(alarmsOf(hub)).toHaveLength(2);
    expect(alarmsOf(other)).toEqual([]);
  });

  it('that never come raise the alarm once, two periods after the platform was made', async () => {
    const silent = await stage.addPlatform('wxc00000000000000ab', { ticket: false });
    const other = await stage.process();
    await stage.pass(19 * 60, [hub, other]);
    expect(await hub.ticketGuard.guard()).toMatchObject({ stale: 0, alarmed: 0 });
    await stage.pass(2 * 60, [hub, other]);
    await stage.giveTicket(hub);
    expect(await hub.ticketGuard.guard()).toMatchObject({ stale: 1, alarmed: 1 });
    expect(alarmsOf(hub)).toMatchObject([
      { level: 'error', componentAppid: silent.componentAppid, lastReceivedAt: null },
    ]);
    for (const process of [other, hub]) {
      expect(await process.ticketGuard.guard()).toMatchObject({ stale: 1, alarmed: 0 });
    }
    // Once they have begun and stop, that is an outage like any other.
    await stage.giveTicket(hub, silent);
    await stage.pass(21 * 60, [hub, other]);
    await stage.giveTicket(hub);
    expect(await other.ticketGuard.guard()).toMatchObject({ stale: 1, alarmed: 1 });
    expect(alarmsOf(other)).toMatchObject([{ componentAppid: silent.componentAppid }]);
  });

  it('yield tokens for as long as WeChat would accept the last one', async () => {
    const [appid] = (await stage.authorize(1)) as [string];
    await stage.pass(11.9 * 3600, [hub]);
    const leased = await hub.authorizerTokens.lease(stage.platform, appid);
    expect(await stage.works(leased.token)).toBe(true);
    await stage.pass(0.2 * 3600, [hub]);
    const cold = await stage.process();
    cold.db.travel(`${12.1 * 3600} seconds`);
    // The component token from before goes on to the end of its own life.
    expect((await cold.componentTokens.lease(stage.platform)).expiresInSeconds).toBeGreaterThan(6000);
    await stage.pass(2 * 3600, [hub]);
    cold.db.travel(`${14.1 * 3600} seconds`);
    clock.advance(3 * 3600_000);
    await expect(hub.componentTokens.lease(stage.platform)).rejects.toMatchObject({ code: 'ticket_unavailable' });
  });

  it('with a wrong app secret make the platform misconfigured until the secret is replaced', async () => {
    stage.world.rotateKeys(stage.componentAppid, { componentAppsecret: 'another-secret' });
    await expect(hub.componentTokens.lease(stage.platform)).rejects.toMatchObject({
      code: 'platform_misconfigured',
      details: { wechat: { errcode: 40125 } },
    });
    await expect(hub.componentTokens.lease(stage.platform)).rejects.toMatchObject({ code: 'platform_misconfigured' });
    expect(stage.world.log.total(PATH.componentToken)).toBe(1);
    expect(await hub.accounts.get(stage.db, stage.componentAppid)).toMatchObject({
      state: 'misconfigured',
      misconfigured: { wechat: { errcode: 40125 } },
    });
    await stage.db.transaction((sql) =>
      hub.accounts.update(sql, stage.platform.platformId, { componentAppsecret: Secret.of('another-secret') }),
    );
    await hub.componentTokens.lease(stage.platform);
    expect((await hub.accounts.get(stage.db, stage.componentAppid))!.state).toBe('ready');
  });

  it('are of no use while WeChat refuses our address; the state says so until a call works', async () => {
    const [appid] = (await stage.authorize(1)) as [string];
    await hub.componentTokens.lease(stage.platform);
    stage.world.faults.add({ kind: 'errcode', errcode: 61004, match: { path: PATH.authorizerToken }, times: 1 });
    await expect(hub.authorizerTokens.lease(stage.platform, appid)).rejects.toMatchObject({
      code: 'platform_misconfigured',
      details: { wechat: { errcode: 61004 } },
    });
    expect((await hub.accounts.get(stage.db, stage.componentAppid))!.state).toBe('misconfigured');
    await stage.db.run('UPDATE custody.authorizer_token SET refresh_after = wxfleet.now()');
    await hub.authorizerTokens.lease(stage.platform, appid);
    expect((await hub.accounts.get(stage.db, stage.componentAppid))!.state).toBe('ready');
  });
});
