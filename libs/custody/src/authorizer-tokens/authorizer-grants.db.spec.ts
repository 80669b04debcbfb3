import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

describe('refresh tokens that come before the one before has worked', () => {
  let stage: Stage;
  let hub: Process;
  let appid: string;
  /** The token that has worked. */
  let working: string;

  beforeEach(async () => {
    stage = await Stage.open();
    hub = await stage.process();
    [appid] = (await stage.authorize(1)) as [string];
    await hub.authorizerTokens.lease(stage.platform, appid);
    working = stage.refreshToken(appid).reveal();
  });

  afterEach(() => stage.close());

  const keep = (refreshToken: string) =>
    hub.authorizerTokens.keep(stage.db, stage.platform.platformId, appid, { refreshToken: Secret.of(refreshToken) });
  const kept = async () => {
    const row = await stage.row(appid);
    return {
      current: stage.opened(row, 'sealed_refresh_token'),
      previous: stage.opened(row, 'sealed_previous_refresh_token'),
    };
  };
  const refresh = async () => {
    await stage.db.run(
      'UPDATE custody.authorizer_token SET access_token_expires_at = NULL, refresh_after = wxfleet.now()',
    );
    const cold = await stage.process();
    return cold.authorizerTokens.lease(stage.platform, appid);
  };

  it('do not push out the one that last worked', async () => {
    await keep('refreshtoken@@@first');
    expect(await kept()).toEqual({ current: 'refreshtoken@@@first', previous: working });
    await keep('refreshtoken@@@second');
    await keep('refreshtoken@@@second');
    await keep('refreshtoken@@@third');
    expect(await kept()).toEqual({ current: 'refreshtoken@@@third', previous: working });
    expect(await stage.works((await refresh()).token)).toBe(true);
    // WeChat did not have to be asked for it.
    expect(stage.world.log.total(PATH.info)).toBe(0);
    expect(await kept()).toEqual({ current: working, previous: null });
  });

  it('nor does the previous one that comes back push out the one in between', async () => {
    await keep('refreshtoken@@@first');
    await keep(working);
    expect(await kept()).toEqual({ current: working, previous: 'refreshtoken@@@first' });
  });

  it('and that WeChat itself names do not either', async () => {
    await keep('refreshtoken@@@first');
    // Authorized again: both are refused, WeChat names a third one, and the call with it fails.
    stage.world.grantOf(stage.componentAppid, appid)!.epoch += 1;
    stage.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATH.authorizerToken }, after: 2 });
    await expect(refresh()).rejects.toMatchObject({ code: 'upstream_quota_exhausted' });
    expect(await kept()).toEqual({ current: stage.refreshToken(appid).reveal(), previous: working });
  });
});
