import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { JobQueue } from '#libs/jobs';
import { KeyRing, Sealer, Secret } from '#libs/kernel';
import { FakeClock, Gate, eventually, testLog } from '#libs/testing';
import { CuttableLine } from '../../test/cuttable-line.ts';
import { PATH, Stage, type Process } from '../../test/stage.ts';
import { CustodyOptions } from '../custody-options.ts';
import { AuthorizerCommits, type Refreshed } from '../authorizer-tokens/authorizer-commits.ts';

jest.setTimeout(60_000);

describe('what a refresh has brought', () => {
  let stage: Stage;
  let line: CuttableLine;
  let clock: FakeClock;
  let hub: Process;
  let appid: string;

  beforeEach(async () => {
    stage = await Stage.open();
    stage.world.quirks.rotateRefreshTokens = true;
    line = await CuttableLine.to(stage.database.url);
    clock = new FakeClock();
    [appid] = (await stage.authorize(1)) as [string];
    hub = await stage.process({ url: line.url, clock });
  });

  afterEach(async () => {
    line.restore();
    await stage.close();
    await line.close();
  });

  const lease = () => hub.authorizerTokens.lease(stage.platform, appid);
  const refreshCalls = () => stage.world.log.total(PATH.authorizerToken);
  /** The database goes away while WeChat answers. */
  const cutAtTheReply = async (work: () => Promise<unknown>) => {
    const gate = new Gate();
    const off = stage.world.onReply((call) => (call.path === PATH.authorizerToken ? gate.pass() : undefined));
    const running = work();
    running.catch(() => undefined);
    await gate.waiting;
    off();
    line.cut();
    gate.release();
    return running;
  };
  const isWritten = async () =>
    stage.opened(await stage.row(appid), 'sealed_refresh_token') === stage.refreshToken(appid).reveal();

  it('is written when the database is back, however long that takes, and nobody waits for it', async () => {
    const joined: Promise<unknown>[] = [];
    const first = cutAtTheReply(() => {
      const waiting = lease();
      joined.push(lease(), lease());
      return waiting;
    });
    await expect(first).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: expect.any(Number) });
    for (const end of await Promise.allSettled(joined)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    }
    await expect(lease()).rejects.toMatchObject({ code: 'unavailable' });
    clock.advance(600_000);
    await expect(lease()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await isWritten()).toBe(false);
    line.restore();
    await eventually('it is written', isWritten);
    expect((await stage.row(appid)).failures).toBe(0);
    expect(refreshCalls()).toBe(1);
  });

  it('does not keep a caller from the token that is here, while it lives', async () => {
    const first = await lease();
    await stage.pass(7150, [hub]);
    await stage.giveTicket(hub);
    clock.advance(7_150_000);
    const served = (await cutAtTheReply(() =>
      hub.authorizerTokens.lease(stage.platform, appid, { minLifeSeconds: 60 }),
    )) as { token: Secret };
    expect(served.token.equals(first.token)).toBe(true);
  });

  it('does not hold up a pass', async () => {
    const pass = cutAtTheReply(() => hub.authorizerTokens.refreshDue({ limit: 1, concurrency: 1 }));
    expect(await pass).toMatchObject({ failed: 1 });
    line.restore();
    await eventually('it is written', isWritten);
  });

  it('does not hold up those who claim for many', async () => {
    const claim = (await hub.authorizerTokens.claimMany(stage.platform, [appid])).get(appid)!;
    await expect(cutAtTheReply(() => hub.authorizerTokens.redeem(stage.platform, claim))).rejects.toMatchObject({
      code: 'unavailable',
    });
    line.restore();
    await eventually('it is written', isWritten);
  });

  it('is reported by the name of the merchant, and nothing else, when the process has to stop without it', async () => {
    await expect(cutAtTheReply(lease)).rejects.toMatchObject({ code: 'unavailable' });
    await hub.stop();
    const said = hub.lines.filter((text) => text.includes('token.rotated_and_not_written'));
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0]!)).toMatchObject({ level: 'error', authorizerAppid: appid });
    expect(hub.lines.join('\n')).not.toContain(stage.refreshToken(appid).reveal());
  });

  describe('by hand', () => {
    const { log, lines } = testLog();
    const commitsOf = (db = hub.db, options: Partial<CustodyOptions> = {}) =>
      new AuthorizerCommits(
        db,
        new Sealer(KeyRing.parse(stage.masterKeys)),
        clock,
        log,
        new JobQueue(),
        new CustodyOptions(options),
      );
    const resultsOf = async (appids: readonly string[]): Promise<Refreshed[]> => {
      const claims = await hub.authorizerTokens.claimMany(stage.platform, appids);
      return appids.map((of) => ({
        claim: claims.get(of)!,
        accessToken: Secret.of(`access of ${of}`),
        expiresInSeconds: 7200,
        newRefreshToken: Secret.of(`refresh of ${of}`),
        used: 'current',
      }));
    };

    it('is written for all but those whose values the database cannot hold', async () => {
      const appids = await stage.authorize(9, stage.platform, 'b');
      const results = await resultsOf(appids);
      results[4]!.expiresInSeconds = 1e300;
      const commits = commitsOf();
      const ends = await Promise.allSettled(results.map((result) => commits.refreshed(result)));
      expect(ends.map(({ status }) => status === 'fulfilled')).toEqual(appids.map((_, index) => index !== 4));
      for (const merchant of appids) {
        const token = stage.opened(await stage.row(merchant), 'sealed_refresh_token');
        expect(token === `refresh of ${merchant}`).toBe(merchant !== appids[4]);
      }
    });

    it('is tried again whatever the database has against it for the moment', async () => {
      await stage.db.runScript(`
        CREATE SEQUENCE attempts;
        GRANT USAGE ON SEQUENCE attempts TO PUBLIC;
        CREATE FUNCTION balk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('attempts') < 3 THEN RAISE EXCEPTION 'no room' USING ERRCODE = 'XX000'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER balk BEFORE UPDATE OF sealed_access_token ON custody.authorizer_token
          FOR EACH ROW EXECUTE FUNCTION balk();`);
      const [result] = await resultsOf([appid]);
      expect(await commitsOf().refreshed(result!)).toMatchObject({ generation: expect.any(Number) });
    });

    it('is kept in a bounded number', async () => {
      const appids = await stage.authorize(3, stage.platform, 'b');
      const results = await resultsOf(appids);
      line.cut();
      const commits = commitsOf(hub.db, { maxPendingCommits: 2 });
      const kept = results.slice(0, 2).map((result) => commits.refreshed(result));
      await expect(
        commits.pending.waitFor(`${stage.platform.platformId}:${appids[0]}`, kept[0]!),
      ).rejects.toMatchObject({
        code: 'unavailable',
      });
      await expect(commits.refreshed(results[2]!)).rejects.toMatchObject({ code: 'unavailable' });
      expect(lines.filter((text) => text.includes('too many results'))).toHaveLength(1);
      line.restore();
      expect((await Promise.all(kept)).every((token) => token !== null)).toBe(true);
    });
  });
});
