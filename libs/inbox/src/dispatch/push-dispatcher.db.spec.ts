import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/kernel';
import { Gate } from '#libs/testing';
import { COMPONENT, type Scene, openScene, push, revoked } from '../../test/scene.ts';
import { listPushes, prunePushes, pushBacklog } from '../push-archive.ts';
import type { PushHandler, StoredPush } from './stored-push.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const APPID = 'wxmerchant1';
const T0 = 1_700_000_000;

/** Takes pushes with these CreateTimes (seconds after T0), in this order of arrival. */
async function arrive(...seconds: number[]): Promise<void> {
  const inbox = scene.inbox();
  for (const second of seconds) await inbox.accept(push(revoked(APPID, T0 + second)));
}

function recorder(fail: (push: StoredPush) => Error | null = () => null): { seen: number[]; handler: PushHandler } {
  const seen: number[] = [];
  const handler: PushHandler = async (stored) => {
    seen.push(stored.wechatCreatedAt.getTime() / 1000 - T0);
    const error = fail(stored);
    if (error) throw error;
    return 'handled';
  };
  return { seen, handler };
}

/** Lets time pass for leases and retries. */
function pass(seconds: number): void {
  passed += seconds;
  scene.db.travel(`${passed} seconds`);
}
let passed = 0;
beforeEach(() => {
  passed = 0;
});

describe('PushDispatcher', () => {
  it('any number of postponed pushes does not hide a newer one', async () => {
    await arrive(...Array.from({ length: 120 }, (_, index) => index));
    const { seen, handler } = recorder(({ wechatCreatedAt }) =>
      wechatCreatedAt.getTime() / 1000 - T0 < 120
        ? new AppError('upstream_busy', 'later', { retryAfterSeconds: 300 })
        : null,
    );
    const dispatcher = scene.dispatcher({ unauthorized: handler });
    expect(await dispatcher.drain(scene.platform.platformId, APPID)).toMatchObject({ postponed: 120, handled: 0 });
    await arrive(200);
    expect(await dispatcher.drain(scene.platform.platformId, APPID)).toMatchObject({ handled: 1 });
    expect(seen.at(-1)).toBe(200);
  });

  it('hands over in the order of WeChat’s time, not of arrival, and drops the bodies', async () => {
    await arrive(30, 10, 20);
    const { seen, handler } = recorder();
    const { platformId } = scene.platform;
    const counts = await scene.dispatcher({ unauthorized: handler }).drain(platformId, APPID);
    expect(seen).toEqual([10, 20, 30]);
    expect(counts).toEqual({ handled: 3, superseded: 0, unhandled: 0, postponed: 0, failed: 0, lost: 0 });
    expect((await scene.rows()).every((row) => row.state === 'handled' && row.sealed_body === null)).toBe(true);
  });

  it('gives the handler the whole push and the platform', async () => {
    await arrive(5);
    const given: unknown[] = [];
    const handler: PushHandler = async (stored, platform) => {
      given.push(stored, platform);
      return 'superseded';
    };
    await scene.dispatcher({ unauthorized: handler }).drain(scene.platform.platformId, APPID);
    expect(given).toMatchObject([
      { authorizerAppid: APPID, infoType: 'unauthorized', message: { kind: 'unauthorized', appId: COMPONENT } },
      { componentAppid: COMPONENT },
    ]);
    expect(await scene.rows()).toMatchObject([{ state: 'superseded' }]);
  });

  it('keeps the body of what has no handler', async () => {
    await arrive(1);
    const counts = await scene.dispatcher({}).drain(scene.platform.platformId, APPID);
    expect(counts.unhandled).toBe(1);
    const [row] = await scene.rows();
    expect(row?.state).toBe('unhandled');
    expect(row?.sealed_body).not.toBeNull();
  });

  it('never has two processes at the pushes of one account, and handles each once', async () => {
    await arrive(...Array.from({ length: 12 }, (_, index) => index));
    const gate = new Gate();
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    const handler: PushHandler = async (stored) => {
      running += 1;
      most = Math.max(most, running);
      seen.push(stored.pushId);
      await gate.pass();
      running -= 1;
      return 'handled';
    };
    const { platformId } = scene.platform;
    const one = scene.dispatcher({ unauthorized: handler });
    const two = scene.dispatcher({ unauthorized: handler }, { db: await scene.database.another() });
    const first = one.drain(platformId, APPID);
    await gate.waiting;
    // The other one finds the account taken, plans to look again and goes.
    expect((await two.drain(platformId, APPID)).handled).toBe(0);
    const later = (await scene.jobs()).find((job) => job.key === `push-later:${platformId}:${APPID}`);
    expect(later?.run_at.getTime()).toBeGreaterThan(Date.now());
    gate.release();
    await Promise.all([first, two.drain(platformId, APPID), two.drain(platformId, APPID)]);
    expect(most).toBe(1);
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
  });

  it('takes over from a process that died, and what that one still writes is lost', async () => {
    await arrive(1);
    const gate = new Gate();
    const { platformId } = scene.platform;
    const dead = scene.dispatcher({
      unauthorized: async () => {
        await gate.pass();
        return 'superseded';
      },
    });
    const hanging = dead.drain(platformId, APPID);
    await gate.waiting;
    pass(121);
    const { seen, handler } = recorder();
    const counts = await scene.dispatcher({ unauthorized: handler }).drain(platformId, APPID);
    expect(counts.handled).toBe(1);
    expect(seen).toEqual([1]);
    gate.release();
    expect(await hanging).toMatchObject({ lost: 1, superseded: 0 });
    expect(await scene.rows()).toMatchObject([{ state: 'handled', attempts: 2 }]);
  });

  it('does not let a failing push hold up the ones after it, and tries it again later', async () => {
    await arrive(1, 2);
    let broken = true;
    const { seen, handler } = recorder((stored) =>
      broken && stored.wechatCreatedAt.getTime() === (T0 + 1) * 1000 ? new Error('no luck') : null,
    );
    const { platformId } = scene.platform;
    const dispatcher = scene.dispatcher({ unauthorized: handler });
    expect(await dispatcher.drain(platformId, APPID)).toMatchObject({ handled: 1, postponed: 1 });
    expect(seen).toEqual([1, 2]);
    const [row] = await scene.rows();
    expect(row).toMatchObject({ state: 'pending', failure: { message: 'no luck', attempts: 1 } });
    expect((await scene.jobs()).map((job) => job.key)).toContain(`push-later:${platformId}:${APPID}`);
    // Not before its time.
    expect(await dispatcher.drain(platformId, APPID)).toMatchObject({ handled: 0, postponed: 0 });
    broken = false;
    pass(60);
    expect(await dispatcher.drain(platformId, APPID)).toMatchObject({ handled: 1 });
    expect(await scene.rows()).toMatchObject([{ state: 'handled', failure: null }, { state: 'handled' }]);
  });

  it('gives a poisonous push up, visibly, and an operator can replay it', async () => {
    await arrive(1);
    const { platformId } = scene.platform;
    const poisoned = scene.dispatcher(
      { unauthorized: recorder(() => new Error('poison')).handler },
      { maxAttempts: 3 },
    );
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await poisoned.drain(platformId, APPID);
      pass(700);
    }
    const [given] = await listPushes(scene.db, platformId, { state: 'failed', limit: 10 });
    expect(given).toMatchObject({ authorizerAppid: APPID, attempts: 3, failure: { message: 'poison' } });
    expect(await pushBacklog(scene.db)).toMatchObject({ pending: 0, failed: 1 });
    expect(scene.log.lines.some((line) => line.includes('push.given_up'))).toBe(true);

    const { seen, handler } = recorder();
    const healthy = scene.dispatcher({ unauthorized: handler });
    expect(await healthy.replay(platformId, given?.pushId ?? 0)).toBe('replayed');
    expect(await healthy.drain(platformId, APPID)).toMatchObject({ handled: 1 });
    expect(seen).toEqual([1]);
    expect(await healthy.replay(platformId, given?.pushId ?? 0)).toBe('not_replayable');
    expect(await healthy.replay(platformId, 999)).toBe('not_found');
  });

  it('has more patience while only WeChat stands in the way', async () => {
    await arrive(1);
    const busy = () => new AppError('upstream_quota_exhausted', 'used up', { retryAfterSeconds: 300 });
    const dispatcher = scene.dispatcher({ unauthorized: recorder(busy).handler }, { maxAttempts: 2 });
    const { platformId } = scene.platform;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await dispatcher.drain(platformId, APPID)).toMatchObject({ postponed: 1, failed: 0 });
      pass(250);
      expect(await dispatcher.drain(platformId, APPID)).toMatchObject({ postponed: 0 });
      pass(360);
    }
  });

  it('rescues pushes whose job is gone', async () => {
    await arrive(1);
    await scene.db.run('DELETE FROM graphile_worker._private_jobs');
    const dispatcher = scene.dispatcher({});
    expect(await dispatcher.rescue()).toBe(0);
    pass(90);
    expect(await dispatcher.rescue()).toBe(1);
    expect(await scene.jobs()).toMatchObject([{ name: 'inbox.drain_pushes' }]);
  });

  it('forgets by age: what was dealt with soon, what was not later, what waits never', async () => {
    await arrive(1);
    await scene.dispatcher({ unauthorized: recorder().handler }).drain(scene.platform.platformId, APPID);
    await arrive(2);
    await scene.dispatcher({}).drain(scene.platform.platformId, APPID);
    await arrive(3);
    expect(await prunePushes(scene.db)).toBe(0);
    pass(8 * 86_400);
    expect(await prunePushes(scene.db)).toBe(1);
    pass(100 * 86_400);
    expect(await prunePushes(scene.db)).toBe(1);
    expect(await scene.rows()).toMatchObject([{ state: 'pending' }]);
  });
});
