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

  describe('and that WeChat named to a question', () => {
    const now = async () => (await stage.db.query<{ at: Date }>('SELECT wxfleet.now() AS at'))[0]!.at;
    const name = (refreshToken: string, fetchedAt: Date) =>
      hub.authorizerTokens.keep(stage.db, stage.platform.platformId, appid, {
        refreshToken: Secret.of(refreshToken),
        fetchedAt,
        isNamed: true,
      });

    it('that was asked before the usable token came is not taken', async () => {
      const asked = await now();
      await keep('refreshtoken@@@newer');
      expect(await name('refreshtoken@@@older', asked)).toBe('outdated');
      expect(await kept()).toEqual({ current: 'refreshtoken@@@newer', previous: working });
      expect(await name('refreshtoken@@@newest', await now())).toBe('replaced');
      expect(await kept()).toEqual({ current: 'refreshtoken@@@newest', previous: working });
    });

    it('that was asked before a refresh and is stored after it is not taken', async () => {
      const asked = await now();
      // The refresh brings another refresh token.
      stage.world.grantOf(stage.componentAppid, appid)!.epoch += 1;
      await refresh();
      const rotated = await kept();
      expect(rotated.current).toBe(stage.refreshToken(appid).reveal());
      expect(await name(working, asked)).toBe('outdated');
      expect(await kept()).toEqual(rotated);
    });

    it('is as old as the question, so that a later one is told from it', async () => {
      const asked = await now();
      const later = await now();
      await stage.db.run('DELETE FROM custody.authorizer_token');
      expect(await name('refreshtoken@@@first', asked)).toBe('created');
      expect(await name('refreshtoken@@@later', later)).toBe('replaced');
      expect(await name('refreshtoken@@@first', asked)).toBe('outdated');
      expect(await kept()).toMatchObject({ current: 'refreshtoken@@@later' });
    });

    it('is taken whenever it was asked while no token works', async () => {
      const asked = await now();
      await keep('refreshtoken@@@refused');
      await stage.db.run("UPDATE custody.authorizer_token SET state = 'lost'");
      expect(await name('refreshtoken@@@other', asked)).toBe('replaced');
    });
  });
});
