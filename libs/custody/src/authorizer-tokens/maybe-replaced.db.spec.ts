import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { Gate, eventually } from '#libs/testing';
import { CuttableLine } from '../../test/cuttable-line.ts';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

/** Until the refresh of a token is due, in seconds, and less than until it expires. */
const DUE = 6400;
/** How many replies are lost before a refresh fails: the transport and the refresh each try once more. */
const EVERY_TRY = 4;

describe('an access token that WeChat may have replaced, in a reply that nobody has', () => {
  let stage: Stage;
  let hub: Process;
  let appid: string;

  beforeEach(async () => {
    stage = await Stage.open();
    [appid] = (await stage.authorize(1)) as [string];
    hub = await stage.process();
  });

  afterEach(() => stage.close());

  const lease = (process: Process) => process.authorizerTokens.lease(stage.platform, appid);
  const refreshCalls = () => stage.world.log.total(PATH.authorizerToken);
  const pass = async (seconds: number) => {
    await stage.pass(seconds, [hub]);
    await stage.giveTicket(hub);
  };
  /** A process with nothing in memory, as after a restart, some seconds later. */
  const travelled = async (seconds: number) => {
    const process = await stage.process();
    process.db.travel(`${seconds} seconds`);
    return process;
  };
  const loseEveryReply = async () => {
    const first = await lease(hub);
    await pass(DUE);
    stage.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATH.authorizerToken }, times: EVERY_TRY });
    const dying = await travelled(DUE);
    expect(await dying.authorizerTokens.refreshDue({ limit: 10, concurrency: 1 })).toMatchObject({ failed: 1 });
    expect(await stage.works(first.token)).toBe(false);
    return first;
  };

  it('is not served after the process that was fetching its successor has died', async () => {
    const first = await lease(hub);
    await pass(DUE);
    const line = await CuttableLine.to(stage.database.url);
    const dying = await stage.process({ url: line.url, leaseSeconds: 1 });
    dying.db.travel(`${DUE} seconds`);
    const gate = new Gate();
    const off = stage.world.onReply((call) => (call.path === PATH.authorizerToken ? gate.pass() : undefined));
    const work = dying.authorizerTokens.refreshDue({ limit: 10, concurrency: 1 }).catch(() => null);
    await gate.waiting;
    off();
    line.cut();
    gate.release();
    await pass(301);
    expect(await stage.works(first.token)).toBe(false);
    const before = refreshCalls();

    const leased = await lease(await travelled(DUE + 301));

    expect(await stage.works(leased.token)).toBe(true);
    expect(refreshCalls()).toBe(before + 1);
    expect(await stage.row(appid)).toMatchObject({ may_be_replaced: false, generation: leased.generation });
    line.restore();
    await work;
    await line.close();
  });

  it('is served while WeChat is not to be asked, and then no more', async () => {
    const first = await loseEveryReply();
    const fresh = await travelled(DUE);
    const before = refreshCalls();
    expect((await lease(fresh)).token.equals(first.token)).toBe(true);
    expect(refreshCalls()).toBe(before);

    fresh.db.travel(`${DUE + 300} seconds`); // past the pause after the failure
    const leased = await lease(fresh);

    expect(await stage.works(leased.token)).toBe(true);
    expect((await lease(fresh)).token.equals(leased.token)).toBe(true);
    expect(refreshCalls()).toBe(before + 1);
  });

  it('stays so when the next refresh fails for certain', async () => {
    const first = await loseEveryReply();
    const fresh = await travelled(DUE + 300);
    stage.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATH.authorizerToken }, times: 1 });
    expect((await lease(fresh)).token.equals(first.token)).toBe(true);
    expect(await stage.row(appid)).toMatchObject({ may_be_replaced: true, failures: 2 });
  });

  it('is not in doubt when the refresh that failed was never carried out', async () => {
    const first = await lease(hub);
    await pass(DUE);
    stage.world.faults.add({ kind: 'errcode', errcode: -1, match: { path: PATH.authorizerToken } });
    expect(await hub.authorizerTokens.refreshDue({ limit: 10, concurrency: 1 })).toMatchObject({ failed: 1 });
    expect(await stage.row(appid)).toMatchObject({ may_be_replaced: false });
    const before = refreshCalls();
    const fresh = await travelled(DUE + 300);
    expect((await lease(fresh)).token.equals(first.token)).toBe(true);
    expect((await lease(fresh)).token.equals(first.token)).toBe(true);
    await eventually('its successor is asked for beside', () => refreshCalls() > before);
  });

  it('is known to be in doubt when a pass that is stopped does not ask again', async () => {
    await lease(hub);
    await pass(DUE);
    stage.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATH.authorizerToken } });
    const stop = new AbortController();
    stage.world.onReply((call) => void (call.path === PATH.authorizerToken && stop.abort()));
    const counts = await hub.authorizerTokens.refreshDue({ limit: 10, concurrency: 1, signal: stop.signal });
    expect(counts).toMatchObject({ failed: 1, released: 0 });
    expect(await stage.row(appid)).toMatchObject({ may_be_replaced: true, lease_until: null });
  });

  it('is served after two seconds when WeChat does not answer', async () => {
    const first = await loseEveryReply();
    const fresh = await travelled(DUE + 300);
    const gate = new Gate();
    const off = stage.world.onCall((call) => (call.path === PATH.authorizerToken ? gate.pass() : undefined));

    const served = await Promise.all([lease(fresh), lease(fresh), lease(fresh)]);

    expect(served.every(({ token }) => token.equals(first.token))).toBe(true);
    expect(stage.world.log.inFlight).toBe(1); // and the answer is still waited for
    off();
    gate.release();
    await eventually('the successor is here', async () => (await stage.row(appid)).generation > first.generation);
    expect(await stage.works((await lease(fresh)).token)).toBe(true);
  });

  it('is fetched again for those who ask for many, or served when that fails', async () => {
    const first = await loseEveryReply();
    const { authorizerTokens } = await travelled(DUE + 300);
    expect((await authorizerTokens.leaseMany(stage.platform, [appid])).get(appid)).toBe('to_refresh');
    stage.world.faults.add({ kind: 'errcode', errcode: -1, match: { path: PATH.authorizerToken } });
    const claim = (await authorizerTokens.claimMany(stage.platform, [appid])).get(appid)!;
    expect((await authorizerTokens.redeem(stage.platform, claim)).token.equals(first.token)).toBe(true);
  });

  it('is not in doubt any more when the merchant has authorized again', async () => {
    await loseEveryReply();
    const given = Secret.of('from-the-new-authorization');
    await stage.db.transaction((sql) =>
      hub.authorizerTokens.keep(sql, stage.platform.platformId, appid, {
        refreshToken: stage.refreshToken(appid),
        accessToken: given,
        expiresInSeconds: 7200,
      }),
    );
    expect(await stage.row(appid)).toMatchObject({ may_be_replaced: false });
    expect((await lease(await travelled(DUE))).token.equals(given)).toBe(true);
  });
});
