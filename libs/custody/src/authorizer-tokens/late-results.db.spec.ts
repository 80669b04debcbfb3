import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Gate, eventually } from '#libs/testing';
import { CuttableLine } from '../../test/cuttable-line.ts';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

/** More than the time for which WeChat takes the token before the last one, in seconds. */
const OVERLAP = 301;

describe('a token that came when its lease was somebody else’s', () => {
  let stage: Stage;
  let hub: Process;
  let appid: string;
  /** What a spec that fails would leave waiting. */
  const ends: (() => unknown)[] = [];

  beforeEach(async () => {
    stage = await Stage.open();
    [appid] = (await stage.authorize(1)) as [string];
    hub = await stage.process();
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await stage.close();
  });

  const lease = (process: Process) => process.authorizerTokens.lease(stage.platform, appid);
  const isDue = async () => {
    const [row] = await stage.db.query<{ due: boolean }>(
      'SELECT refresh_after <= wxfleet.now() AS due FROM custody.authorizer_token WHERE authorizer_appid = $1',
      [appid],
    );
    return row!.due;
  };
  /** A process with nothing in memory, when the token is to be refreshed and not over yet. */
  const whenDue = async () => {
    await stage.pass(6400, [hub]);
    await stage.giveTicket(hub);
    const later = await stage.process();
    later.db.travel('6400 seconds');
    stage.db.travel('6400 seconds');
    return later;
  };
  /** Somebody else takes the lease over and writes another result under it. */
  const overtake = async () => {
    await stage.db.run(
      `UPDATE custody.authorizer_token
          SET lease_generation = lease_generation + 1, lease_until = NULL, refresh_after = wxfleet.now() + interval '1 hour'`,
    );
  };
  /** Every reply to a refresh is lost, and at the one of this number the lease too. */
  const loseReplies = (times: number, overtakenAt: number) => {
    stage.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATH.authorizerToken }, times });
    let replies = 0;
    stage.world.onReply((call) => {
      if (call.path !== PATH.authorizerToken) return undefined;
      replies += 1;
      return replies === overtakenAt ? overtake() : undefined;
    });
  };

  it('does not leave the one that is written under that lease in the row for long', async () => {
    const line = await CuttableLine.to(stage.database.url);
    ends.push(() => line.close());
    const stuck = await stage.process({ leaseSeconds: 1, url: line.url });
    const late = new Gate();
    const writing = new Gate();
    ends.unshift(
      () => [late, writing].forEach((gate) => gate.release()),
      () => line.restore(),
    );
    const offCall = stage.world.onCall((call) => (call.path === PATH.authorizerToken ? late.pass() : undefined));
    const overtaken = lease(stuck);
    await late.waiting;
    offCall();
    line.cut(); // a process that is alive keeps its lease
    const offReply = stage.world.onReply((call) => (call.path === PATH.authorizerToken ? writing.pass() : undefined));
    const second = lease(hub);
    await writing.waiting;
    offReply();
    line.restore();
    late.release(); // WeChat gives the stuck one a token after all, later than the one that is about to be written
    await eventually('the late result is noted', async () => (await stage.row(appid)).late_result_at !== null);
    writing.release();
    const written = await second;

    expect((await overtaken).token.equals(written.token)).toBe(true);
    expect(await isDue()).toBe(true);
    expect(await hub.authorizerTokens.refreshDue({ limit: 10, concurrency: 1 })).toMatchObject({ refreshed: 1 });
    expect(await isDue()).toBe(false);
    await stage.pass(OVERLAP, [hub]);
    expect(await stage.works(written.token)).toBe(false);
    expect(await stage.works((await lease(hub)).token)).toBe(true);
  });

  it.each([
    // Of four: the transport asks twice by itself, and then the refresh once more.
    { when: 'before it is asked for once more', replies: 2 },
    { when: 'and was lost the second time too', replies: 4 },
  ])('makes the row due when its reply was lost, $when', async ({ replies }) => {
    const first = await lease(hub);
    const later = await whenDue();
    loseReplies(replies, replies);

    const pass = await later.authorizerTokens.refreshDue({ limit: 1, concurrency: 1 });

    expect(pass).toMatchObject({ claimed: 1, refreshed: 0, lost: 0 });
    expect(await isDue()).toBe(true);
    expect(await stage.row(appid)).toMatchObject({ failures: 0, generation: first.generation });
  });

  it('is nothing when WeChat never acted', async () => {
    await lease(hub);
    const later = await whenDue();
    stage.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATH.authorizerToken } });
    stage.world.onReply((call) => (call.path === PATH.authorizerToken ? overtake() : undefined));

    await later.authorizerTokens.refreshDue({ limit: 1, concurrency: 1 });

    expect(await isDue()).toBe(false);
    expect((await stage.row(appid)).late_result_at).toBeNull();
  });
});
