import { createHook } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

describe('the pass over what is due', () => {
  let stage: Stage;
  let hub: Process;

  beforeEach(async () => {
    stage = await Stage.open();
    hub = await stage.process();
  });

  afterEach(() => stage.close());

  const pass = (process = hub, limit = 10_000) => process.authorizerTokens.refreshDue({ limit, concurrency: 32 });
  const fresh = async () =>
    (
      await stage.db.query<{ count: number }>(
        'SELECT count(*) AS count FROM custody.authorizer_token WHERE access_token_expires_at > wxfleet.now()',
      )
    )[0]!.count;

  it('refreshes each merchant once, however many processes run it at the same time', async () => {
    await stage.authorize(300);
    const other = await stage.process();
    stage.world.latencyMs = 5;
    const [a, b] = await Promise.all([pass(), pass(other)]);
    expect(a.refreshed + b.refreshed).toBe(300);
    expect(a.claimed + b.claimed).toBe(300);
    expect(await fresh()).toBe(300);
    expect(stage.world.log.total(PATH.authorizerToken)).toBe(300);
    expect(stage.world.log.total(PATH.componentToken)).toBe(1);
    expect(await pass()).toMatchObject({ claimed: 0 });
  });

  it('is fair to platforms', async () => {
    const small = await stage.addPlatform('wxc00000000000000bb');
    await stage.authorize(300);
    await stage.authorize(20, small, 'c');
    await pass(hub, 120);
    const done = await stage.db.query<{ platform_id: number; count: number }>(
      `SELECT platform_id, count(*) AS count FROM custody.authorizer_token
        WHERE sealed_access_token IS NOT NULL GROUP BY 1 ORDER BY 1`,
    );
    expect(done.find((row) => row.platform_id === small.platformId)!.count).toBe(20);
  });

  it('spreads the next refreshes of a fleet over a quarter of an hour, well before the tokens expire', async () => {
    await stage.authorize(200);
    await pass();
    const [spread] = await stage.db.query<{ earliest: number; latest: number; seconds: number }>(
      `SELECT min(extract(epoch FROM access_token_expires_at - refresh_after))::int AS earliest,
              max(extract(epoch FROM access_token_expires_at - refresh_after))::int AS latest,
              extract(epoch FROM max(refresh_after) - min(refresh_after))::int AS seconds FROM custody.authorizer_token`,
    );
    expect(spread!.earliest).toBeGreaterThanOrEqual(900);
    expect(spread!.latest).toBeLessThanOrEqual(1801);
    expect(spread!.seconds).toBeGreaterThan(600);
  });

  it('gives each merchant its own outcome', async () => {
    const appids = await stage.authorize(30);
    for (const appid of appids.slice(0, 3)) stage.world.grantForChange(stage.componentAppid, appid)!.exchanged = false;
    for (const appid of appids.slice(3, 6)) {
      await stage.world.unauthorize(stage.componentAppid, appid, { push: false }).pushed;
    }
    stage.world.addMiniProgram({ appid: 'wx-token-err-48001' });
    stage.world.seedGrant(stage.componentAppid, 'wx-token-err-48001');
    await hub.authorizerTokens.keep(stage.db, stage.platform.platformId, 'wx-token-err-48001', {
      refreshToken: stage.refreshToken('wx-token-err-48001'),
    });
    expect(await pass()).toEqual({
      claimed: 31,
      refreshed: 24,
      superseded: 0,
      failed: 1,
      not_authorized: 3,
      lost: 3,
      released: 0,
    });
    expect([...hub.lost].sort()).toEqual(appids.slice(0, 3));
    expect([...hub.notAuthorized].sort()).toEqual(appids.slice(3, 6));
    expect(await pass()).toMatchObject({ claimed: 0 }); // what failed waits
  });

  it('leaves the merchants alone when the platform cannot be asked at all', async () => {
    await stage.authorize(300);
    stage.world.rotateKeys(stage.componentAppid, { componentAppsecret: 'another-secret' });
    for (let again = 0; again < 3; again += 1) expect(await pass()).toMatchObject({ claimed: 0, lost: 0, failed: 0 });
    expect(stage.world.log.total(PATH.componentToken)).toBe(1);
    const [leased] = await stage.db.query<{ count: number }>(
      'SELECT count(*) AS count FROM custody.authorizer_token WHERE lease_until IS NOT NULL OR failures > 0',
    );
    expect(leased!.count).toBe(0);
  });

  it('costs with many platforms what each of them costs, and not what each costs all the others', async () => {
    await stage.authorize(20);
    const platforms = 200;
    // Without a ticket, as they are after they were made.
    await stage.db.run(
      `INSERT INTO custody.component_account (component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
       SELECT 'wxmany' || n, 'n', sealed_appsecret, sealed_push_token, sealed_aes_key
         FROM custody.component_account, generate_series(1, $1::int) AS n WHERE platform_id = $2`,
      [platforms, stage.platform.platformId],
    );
    let promises = 0;
    const hook = createHook({ init: (_, type) => void (type === 'PROMISE' && (promises += 1)) }).enable();
    const counts = await pass();
    hook.disable();
    expect(counts).toMatchObject({ claimed: 20, refreshed: 20 });
    // Some 70 for a platform whose token is asked for in vain; a race of all workers for all claims makes 45,000.
    expect(promises).toBeGreaterThan(platforms);
    expect(promises).toBeLessThan(platforms * 500);
  });

  it('does not go on against a used-up quota', async () => {
    await stage.authorize(300);
    await hub.componentTokens.lease(stage.platform);
    stage.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATH.authorizerToken } });
    const counts = await pass();
    expect(stage.world.log.total(PATH.authorizerToken)).toBeLessThanOrEqual(32);
    expect(counts.failed + counts.released).toBe(counts.claimed);
    expect(counts.refreshed).toBe(0);
  });

  it('can be stopped, and gives back what it had not begun', async () => {
    await stage.authorize(300);
    stage.world.latencyMs = 30;
    const stop = new AbortController();
    const off = stage.world.onReply((call) => {
      if (call.path === PATH.authorizerToken) stop.abort();
    });
    const counts = await hub.authorizerTokens.refreshDue({ limit: 10_000, concurrency: 8, signal: stop.signal });
    off();
    expect(counts.refreshed + counts.released).toBe(counts.claimed);
    expect(counts.refreshed).toBe(await fresh());
    expect(counts.refreshed).toBeLessThan(300);
    stage.world.latencyMs = 0;
    expect((await pass()).refreshed + counts.refreshed).toBe(300);
  });
});
