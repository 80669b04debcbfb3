import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { FakeClock, Gate, eventually } from '#libs/testing';
import { CuttableLine } from '../../test/cuttable-line.ts';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(30_000);

describe('refreshing a merchant token', () => {
  let stage: Stage;
  let hub: Process;
  let appid: string;

  beforeEach(async () => {
    stage = await Stage.open();
    [appid] = (await stage.authorize(1)) as [string];
    hub = await stage.process();
  });

  afterEach(() => stage.close());

  const lease = (process = hub) => process.authorizerTokens.lease(stage.platform, appid);
  const refreshCalls = () => stage.world.log.total(PATH.authorizerToken);

  it('writes access token, refresh token and expiry together, and keeps nothing in the clear', async () => {
    stage.world.quirks.rotateRefreshTokens = true;
    const before = stage.refreshToken(appid).reveal();

    const leased = await lease();

    const row = await stage.row(appid);
    expect(row).toMatchObject({ state: 'usable', generation: leased.generation, failures: 0, lease_until: null });
    expect(row.access_token_expires_at).toEqual(leased.expiresAt);
    expect(stage.opened(row, 'sealed_refresh_token')).toBe(stage.refreshToken(appid).reveal());
    expect(stage.opened(row, 'sealed_previous_refresh_token')).toBe(before);
    const dump = JSON.stringify(await stage.db.query('SELECT t::text FROM custody.authorizer_token t'));
    for (const secret of [before, stage.refreshToken(appid).reveal(), leased.token.reveal()]) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('forgets the previous refresh token only after its successor has worked', async () => {
    stage.world.quirks.rotateRefreshTokens = true;
    const first = await lease();
    stage.world.quirks.rotateRefreshTokens = false;
    expect((await stage.row(appid)).sealed_previous_refresh_token).not.toBeNull();

    await hub.authorizerTokens.reportRejected(stage.platform, appid, first.token);

    expect((await stage.row(appid)).sealed_previous_refresh_token).toBeNull();
  });

  it('is taken over when the process that had begun it stops answering', async () => {
    const line = await CuttableLine.to(stage.database.url);
    const stuck = await stage.process({ leaseSeconds: 1, url: line.url });
    const gate = new Gate();
    const off = stage.world.onCall((call) => (call.path === PATH.authorizerToken ? gate.pass() : undefined));
    const overtaken = lease(stuck);
    await gate.waiting;
    off();
    line.cut(); // a process that is alive keeps its lease
    const second = await lease();
    expect(await stage.works(second.token)).toBe(true);
    line.restore();
    gate.release(); // it comes back, with a result that is nobody's any more
    const late = await overtaken;
    expect(late.generation).toBeGreaterThanOrEqual(second.generation);
    expect((await stage.row(appid)).generation).toBe(late.generation);
    await line.close();
  });

  /** Holds the calls of a path until the lease has lasted longer than one that is not renewed. */
  const holdBeyondLease = async (path: string, work: () => Promise<unknown>) => {
    const gate = new Gate();
    const off = stage.world.onCall((call) => (call.path === path ? gate.pass() : undefined));
    const running = work();
    await gate.waiting;
    off();
    const before = await stage.row(appid);
    await eventually('the lease has been renewed beyond its first end', async () => {
      const [row] = await stage.db.query<{ renewed: boolean }>(
        `SELECT wxfleet.now() > $1 AND lease_until > wxfleet.now() AS renewed FROM custody.authorizer_token`,
        [before.lease_until],
      );
      return row!.renewed;
    });
    gate.release();
    await running;
    expect((await stage.row(appid)).lease_generation).toBe(before.lease_generation);
  };

  it('stays with the process that waits for a component token', async () => {
    const waiting = await stage.process({ leaseSeconds: 1 });
    await holdBeyondLease(PATH.componentToken, () => lease(waiting));
    expect(refreshCalls()).toBe(1);
  });

  it('is not begun under a lease that was lost over the wait for a component token', async () => {
    const clock = new FakeClock();
    const late = await stage.process({ clock });
    const gate = new Gate();
    const off = stage.world.onCall((call) => (call.path === PATH.componentToken ? gate.pass() : undefined));
    const waiting = lease(late);
    await gate.waiting;
    off();
    clock.advance(15_000);
    await stage.db.run(
      'UPDATE custody.authorizer_token SET lease_generation = lease_generation + 1, lease_until = NULL',
    );
    gate.release();
    expect(await stage.works((await waiting).token)).toBe(true);
    expect(refreshCalls()).toBe(1);
  });

  it.each([false, true])('survives a lost reply (rotation of refresh tokens: %p)', async (rotate) => {
    stage.world.quirks.rotateRefreshTokens = rotate;
    // The transport repeats a broken connection once by itself; three losses reach the refresh.
    stage.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATH.authorizerToken }, times: 3 });

    const leased = await lease();

    expect(await stage.works(leased.token)).toBe(true);
    const row = await stage.row(appid);
    expect(row.failures).toBe(0);
    if (!rotate) expect(stage.opened(row, 'sealed_refresh_token')).toBe(stage.refreshToken(appid).reveal());
    // Still refreshable, also after the five minutes in which a rotated token goes on working.
    await stage.pass(6400, [hub]);
    const later = await stage.process();
    later.db.travel('6400 seconds');
    expect(await later.authorizerTokens.refreshDue({ limit: 10, concurrency: 1 })).toMatchObject({ refreshed: 1 });
  });

  it('asks once more with the same refresh token when WeChat acted but timed out', async () => {
    stage.world.quirks.rotateRefreshTokens = true;
    const slow = await stage.process({ timeoutMs: 200 });
    stage.world.faults.add({ kind: 'slow', delayMs: 600, match: { path: PATH.authorizerToken }, times: 1 });

    const leased = await lease(slow);

    expect(await stage.works(leased.token)).toBe(true);
    await eventually('WeChat has answered both', () => refreshCalls() === 2);
  });

  it('does not let a result that came too late overwrite what stands', async () => {
    const late = await stage.process();
    const gate = new Gate();
    const off = stage.world.onReply((call) => (call.path === PATH.authorizerToken ? gate.pass() : undefined));
    const overtaken = lease(late);
    await gate.waiting;
    off();
    // The merchant authorizes again meanwhile: the refresh under way is about tokens that are history.
    const renewed = Secret.of('refreshtoken@@@renewed');
    await stage.db.transaction((sql) =>
      hub.authorizerTokens.keep(sql, stage.platform.platformId, appid, {
        refreshToken: renewed,
        accessToken: Secret.of('from-the-new-authorization'),
        expiresInSeconds: 7200,
      }),
    );
    gate.release();

    expect((await overtaken).token.reveal()).toBe('from-the-new-authorization');
    expect(stage.opened(await stage.row(appid), 'sealed_refresh_token')).toBe(renewed.reveal());
    // WeChat gave a token that nobody keeps; it may have ended ours, so ours is renewed soon.
    const row = await stage.row(appid);
    const [{ due }] = (await stage.db.query<{ due: boolean }>('SELECT $1::timestamptz <= wxfleet.now() AS due', [
      row.refresh_after,
    ])) as [{ due: boolean }];
    expect(due).toBe(true);
  });

  it('tries the previous refresh token, then asks WeChat, before it gives a merchant up', async () => {
    const good = stage.refreshToken(appid);
    const keep = (token: string) =>
      stage.db.transaction((sql) =>
        hub.authorizerTokens.keep(sql, stage.platform.platformId, appid, { refreshToken: Secret.of(token) }),
      );
    await keep('refreshtoken@@@wrong'); // good is now the previous one
    expect(await stage.works((await lease()).token)).toBe(true);
    expect(stage.opened(await stage.row(appid), 'sealed_refresh_token')).toBe(good.reveal());
    expect(stage.world.log.total(PATH.info)).toBe(0);

    await stage.db.run('UPDATE custody.authorizer_token SET sealed_refresh_token = NULL');
    await keep('refreshtoken@@@wrong1');
    await keep('refreshtoken@@@wrong2'); // none of ours is right any more
    const current = await lease();
    await hub.authorizerTokens.reportRejected(stage.platform, appid, current.token);
    expect(stage.world.log.total(PATH.info)).toBe(1);
    expect(stage.opened(await stage.row(appid), 'sealed_refresh_token')).toBe(good.reveal());
    expect(hub.lost).toEqual([]);
  });

  it('recovers from the list when the details have no refresh token', async () => {
    await stage.db.run(`UPDATE custody.authorizer_token SET sealed_refresh_token = NULL`);
    stage.world.faults.add({ kind: 'notJson', match: { path: PATH.info }, times: 1 });
    await expect(lease()).rejects.toMatchObject({ code: 'upstream_failed' }); // could not be asked: no conclusion
    expect((await stage.row(appid)).state).toBe('usable');
    await stage.db.run(`UPDATE custody.authorizer_token SET refresh_after = NULL`);
    expect(await stage.works((await lease()).token)).toBe(true);
  });

  describe('when the list is the only place that knows the refresh token', () => {
    const keepWrong = (of: string) =>
      stage.db.transaction((sql) =>
        hub.authorizerTokens.keep(sql, stage.platform.platformId, of, {
          refreshToken: Secret.of('refreshtoken@@@wrong'),
        }),
      );

    beforeEach(async () => {
      stage.world.quirks.detailsRefreshToken = 'missing';
      await stage.db.run('UPDATE custody.authorizer_token SET sealed_refresh_token = NULL');
      await keepWrong(appid);
    });

    it.each([0, 1])('does not take a list of %d for a loss when it does not name the account', async (limit) => {
      await stage.authorize(1, stage.platform, 'z');
      stage.world.quirks.listOrder = 'newest_first';
      stage.world.truncateList(stage.componentAppid, limit);
      await expect(lease()).rejects.toMatchObject({ code: 'upstream_busy', retryAfterSeconds: expect.any(Number) });
      expect(hub.lost).toEqual([]);
      expect(await stage.row(appid)).toMatchObject({ state: 'usable', failures: 1 });
      stage.world.truncateList(stage.componentAppid, null);
      await stage.db.run(`UPDATE custody.authorizer_token SET refresh_after = NULL`);
      expect(await stage.works((await lease()).token)).toBe(true);
    });

    it('keeps the lease over a walk that lasts longer than it', async () => {
      const walking = await stage.process({ leaseSeconds: 1 });
      const other = await stage.process({ leaseSeconds: 1 });
      await holdBeyondLease(PATH.list, () => Promise.all([lease(walking), lease(walking)]));
      await lease(other);
      expect(stage.world.log.total(PATH.list)).toBe(1);
    });
  });

  it('reads a long list once for many: it is kept from the end of its reading', async () => {
    const [second] = (await stage.authorize(1, stage.platform, 'z')) as [string];
    const clock = new FakeClock();
    const walking = await stage.process({ clock });
    // What the details and the list name is refused as well.
    stage.world.faults.add({ kind: 'errcode', errcode: 61023, match: { path: PATH.authorizerToken } });
    stage.world.onCall((call) => {
      if (call.path === PATH.list) clock.advance(31_000);
    });
    for (const merchant of [appid, second]) {
      await expect(walking.authorizerTokens.lease(stage.platform, merchant)).rejects.toMatchObject({
        code: 'reauthorization_required',
      });
    }
    expect(stage.world.log.total(PATH.list)).toBe(1);
  });

  describe('when none of our refresh tokens is right, and what WeChat names is rotated away by replies that are lost', () => {
    const loseReplies = () =>
      stage.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATH.authorizerToken }, times: 2 });

    beforeEach(async () => {
      stage.world.quirks.rotateRefreshTokens = true;
      await stage.db.run('UPDATE custody.authorizer_token SET sealed_refresh_token = NULL');
      for (const token of ['refreshtoken@@@wrong1', 'refreshtoken@@@wrong2']) {
        await stage.db.transaction((sql) =>
          hub.authorizerTokens.keep(sql, stage.platform.platformId, appid, { refreshToken: Secret.of(token) }),
        );
      }
    });

    /** Twice: the transport's own repetition is the second, and the question after it the first to be refused. */
    function loseRepliesAfter(path: string) {
      const off = stage.world.onReply((call) => {
        if (call.path !== path) return;
        off();
        loseReplies();
      });
    }

    it('asks WeChat again which one it is', async () => {
      loseRepliesAfter(PATH.info);
      expect(await stage.works((await lease()).token)).toBe(true);
      expect(stage.opened(await stage.row(appid), 'sealed_refresh_token')).toBe(stage.refreshToken(appid).reveal());
      expect(stage.world.log.total(PATH.info)).toBe(2);
      expect(hub.lost).toEqual([]);
    });

    it('reads the list again, when that is the only place: what it said before the refusal proves nothing', async () => {
      stage.world.quirks.detailsRefreshToken = 'missing';
      loseRepliesAfter(PATH.list);
      expect(await stage.works((await lease()).token)).toBe(true);
      expect(stage.world.log.total(PATH.list)).toBe(2);
      expect(hub.lost).toEqual([]);
    });

    it('gives up for now, and not the merchant, when it happens again and again', async () => {
      const off = stage.world.onReply((call) => {
        if (call.path === PATH.info) loseReplies();
      });
      await expect(lease()).rejects.toMatchObject({ code: 'upstream_busy' });
      off();
      expect((await stage.row(appid)).state).toBe('usable');
      await stage.db.run(`UPDATE custody.authorizer_token SET refresh_after = NULL`);
      expect(await stage.works((await lease()).token)).toBe(true);
      expect(hub.lost).toEqual([]);
    });
  });

  it('says reauthorization_required only when every refresh token is refused', async () => {
    const grant = stage.world.grantForChange(stage.componentAppid, appid)!;
    grant.exchanged = false; // WeChat knows no refresh token at all for this account

    await expect(lease()).rejects.toMatchObject({
      code: 'reauthorization_required',
      details: { wechat: { errcode: 61023 } },
    });
    expect(hub.lost).toEqual([appid]);
    const row = await stage.row(appid);
    expect(row.state).toBe('lost');
    expect(row.sealed_refresh_token).not.toBeNull(); // never blanked
    const calls = stage.world.log.total();
    await expect(lease()).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect(stage.world.log.total()).toBe(calls);

    // The merchant authorizes again.
    grant.exchanged = true;
    await stage.db.transaction((sql) =>
      hub.authorizerTokens.keep(sql, stage.platform.platformId, appid, { refreshToken: stage.refreshToken(appid) }),
    );
    expect(await stage.works((await lease()).token)).toBe(true);
  });

  it('reports 61003 and keeps the tokens', async () => {
    await stage.world.unauthorize(stage.componentAppid, appid, { push: false }).pushed;
    await expect(lease()).rejects.toMatchObject({ code: 'authorizer_not_authorized' });
    expect(hub.notAuthorized).toEqual([appid]);
    expect((await stage.row(appid)).sealed_refresh_token).not.toBeNull();
  });

  it('shares one failure among all who wait, and asks again only after a pause', async () => {
    const other = await stage.process();
    stage.world.faults.add({ kind: 'errcode', errcode: 40097, match: { path: PATH.authorizerToken } });
    stage.world.latencyMs = 100;
    const results = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => lease(index % 2 ? hub : other)));
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    expect(refreshCalls()).toBe(1);
    await expect(lease()).rejects.toMatchObject({ code: 'upstream_failed', retryAfterSeconds: expect.any(Number) });
    expect(refreshCalls()).toBe(1);
  });

  it('serves a token that is due at once while its successor is fetched, by one process', async () => {
    const first = await lease();
    const other = await stage.process();
    await stage.db.run('UPDATE custody.authorizer_token SET refresh_after = wxfleet.now()');
    stage.world.latencyMs = 300;
    const fresh = await stage.process();
    // None of these has it in memory: the first look finds it due, and everybody is served without waiting for WeChat.
    const served = await Promise.all([lease(other), lease(fresh), lease(other), lease(fresh)]);
    expect(served.every((leased) => leased.token.equals(first.token))).toBe(true);
    await lease(other);
    await lease(fresh);
    await eventually('the successor is here', async () => (await stage.row(appid)).generation > first.generation);
    expect(refreshCalls()).toBe(2);
    const second = await eventually('every process serves it', async () => {
      const [a, b] = await Promise.all([lease(other), lease(fresh)]);
      return a.token.equals(b.token) && !a.token.equals(first.token) ? a : null;
    });
    expect(second.generation).toBeGreaterThan(first.generation);
  });
});
