import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { FakeClock } from '#libs/testing';
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

  it('are as old as the call that brought them, whenever they are stored', async () => {
    const asked = new Date(Date.now() - 60_000);
    const { platformId } = stage.platform;
    const grant = { refreshToken: Secret.of('refreshtoken@@@given'), fetchedAt: asked };
    await hub.authorizerTokens.keep(stage.db, platformId, appid, grant);
    const read = async () =>
      (await stage.db.query<{ at: Date }>('SELECT refresh_token_received_at AS at FROM custody.authorizer_token'))[0]!
        .at;
    expect(await read()).toEqual(asked);
    // A refresh brings another one, which is stored much later.
    await keep(working);
    stage.world.quirks.rotateRefreshTokens = true;
    await stage.db.run(
      `UPDATE custody.authorizer_token SET access_token_expires_at = NULL, refresh_after = wxfleet.now(), refresh_token_received_at = $1`,
      [asked],
    );
    const cold = await stage.process();
    const before = (await stage.db.query<{ at: Date }>('SELECT wxfleet.now() AS at'))[0]!.at;
    const release = stage.world.onReply(async (call) => {
      if (call.path === PATH.authorizerToken) await stage.pass(15, [cold]);
    });
    await cold.authorizerTokens.lease(stage.platform, appid);
    release();
    expect(await kept()).toMatchObject({ current: stage.refreshToken(appid).reveal() });
    expect((await kept()).current).not.toBe(working);
    expect((await read()).getTime()).toBeLessThan(before.getTime() + 15_000);
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
      // Not in the same millisecond.
      const later = new Date((await now()).getTime() + 1);
      await stage.db.run('DELETE FROM custody.authorizer_token');
      expect(await name('refreshtoken@@@first', asked)).toBe('created');
      expect(await name('refreshtoken@@@later', later)).toBe('replaced');
      expect(await name('refreshtoken@@@first', asked)).toBe('outdated');
      expect(await kept()).toMatchObject({ current: 'refreshtoken@@@later' });
    });

    const receivedAt = async () =>
      (
        await stage.db.query<{ at: Date }>(
          'SELECT refresh_token_received_at AS at FROM custody.authorizer_token WHERE authorizer_appid = $1',
          [appid],
        )
      )[0]!.at;
    it('with a list that is kept in memory is as old as the list', async () => {
      const [other] = (await stage.authorize(1, stage.platform, 'b')) as [string];
      const clock = new FakeClock();
      const cold = await stage.process({ clock });
      stage.world.quirks.detailsRefreshToken = 'missing';
      for (const each of [other, appid]) stage.world.grantOf(stage.componentAppid, each)!.epoch += 1;
      await cold.authorizerTokens.lease(stage.platform, other);
      expect(stage.world.log.total(PATH.list)).toBe(1);
      clock.advance(20_000);
      await stage.pass(20, [cold]);
      await stage.db.run(
        'UPDATE custody.authorizer_token SET access_token_expires_at = NULL, refresh_after = wxfleet.now()',
      );
      await cold.authorizerTokens.lease(stage.platform, appid);
      expect(stage.world.log.total(PATH.list)).toBe(1);
      // Not as old as its storing. The clock of the process stands still meanwhile, the database's goes on.
      expect((await now()).getTime() - (await receivedAt()).getTime()).toBeGreaterThanOrEqual(20_000);
    });

    it('is taken whenever it was asked while no token works', async () => {
      const asked = await now();
      await keep('refreshtoken@@@refused');
      await stage.db.run("UPDATE custody.authorizer_token SET state = 'lost'");
      expect(await name('refreshtoken@@@other', asked)).toBe('replaced');
    });
  });
});
