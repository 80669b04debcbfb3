import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { Stage, type Process } from '../test/stage.ts';

let stage: Stage;
let hub: Process;

beforeAll(async () => {
  stage = await Stage.open();
  hub = await stage.process();
});
afterAll(() => stage.close());

/** Events written since the last look. */
async function written(): Promise<{ type: string; appid: string | null; data: Record<string, unknown> }[]> {
  const events = await stage.db.query<{ type: string; appid: string | null; data: Record<string, unknown> }>(
    'SELECT type, authorizer_appid AS appid, data FROM events.event WHERE platform_id = $1 ORDER BY event_id',
    [stage.platform.platformId],
  );
  await stage.db.run('DELETE FROM events.event');
  return events;
}

it('the first ticket makes a platform ready; pushes that stop and come back are told once', async () => {
  expect(await written()).toEqual([{ type: 'platform.ready', appid: null, data: {} }]);
  await stage.pass(21 * 60, [hub]);
  await Promise.all([hub.ticketGuard.guard(), (await stage.process()).ticketGuard.guard(), hub.ticketGuard.guard()]);
  expect(await written()).toMatchObject([{ type: 'ticket.stale', data: { last_received_at: expect.any(String) } }]);
  await stage.giveTicket(hub);
  await stage.giveTicket(hub);
  expect(await written()).toMatchObject([{ type: 'ticket.recovered', data: { expires_at: expect.any(String) } }]);
});

it('a wrong secret is told once, and its replacement', async () => {
  stage.world.rotateKeys(stage.componentAppid, { componentAppsecret: 'another-secret' });
  for (let n = 0; n < 3; n += 1) await hub.accounts.misconfigured(stage.platform.platformId, null);
  await expect(hub.componentTokens.lease(stage.platform)).rejects.toMatchObject({ code: 'platform_misconfigured' });
  expect(await written()).toMatchObject([{ type: 'platform.misconfigured', data: { code: 'platform_misconfigured' } }]);
  await stage.db.transaction((sql) =>
    hub.accounts.update(sql, stage.platform.platformId, { componentAppsecret: Secret.of('another-secret') }),
  );
  await hub.componentTokens.lease(stage.platform);
  expect(await written()).toMatchObject([{ type: 'platform.ready' }]);
});

it('tokens that are lost and come back; a rollback leaves no event', async () => {
  const [appid] = (await stage.authorize(1)) as [string];
  stage.world.grantForChange(stage.componentAppid, appid)!.exchanged = false;
  await expect(hub.authorizerTokens.lease(stage.platform, appid)).rejects.toMatchObject({
    code: 'reauthorization_required',
  });
  expect(await written()).toMatchObject([
    { type: 'token.reauthorization_required', appid, data: { errcode: 61023, since: expect.any(String) } },
  ]);
  const keep = (refreshToken: Secret, fails: boolean) =>
    stage.db.transaction(async (sql) => {
      await hub.authorizerTokens.keep(sql, stage.platform.platformId, appid, { refreshToken });
      if (fails) throw new Error('rolled back');
    });
  await expect(keep(Secret.of('refresh-1'), true)).rejects.toThrow('rolled back');
  expect(await written()).toEqual([]);
  await keep(Secret.of('refresh-2'), false);
  await keep(Secret.of('refresh-3'), false);
  expect(await written()).toMatchObject([{ type: 'token.recovered', appid, data: { since: expect.any(String) } }]);
});
