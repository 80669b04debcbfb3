import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { KeyRing, SealedTables, Sealer, Ticks, loadSettings } from '#libs/kernel';
import { Gate, testLog } from '#libs/testing';
import {
  KeyRotations,
  MasterKeyRotation,
  CustodyOptions,
  custodySealedTables,
  type RotationOptions,
  type RotationResult,
} from '../index.ts';
import { Stage } from '../../test/stage.ts';

jest.setTimeout(60_000);

describe('rotations that were asked for', () => {
  let stage: Stage;
  let bothKeys: string;
  let appids: string[];
  beforeEach(async () => {
    stage = await Stage.open();
    bothKeys = `${KeyRing.generate('k2')},${stage.masterKeys}`;
    appids = await stage.authorize(60);
  });
  afterEach(() => stage.close());

  /** The part of one process. */
  async function worker(keys = bothKeys, onBatch: () => Promise<void> = async () => undefined) {
    const ring = KeyRing.parse(keys);
    const { db, metrics } = await stage.process({ masterKeys: bothKeys, listen: false });
    const { log } = testLog();
    const real = new MasterKeyRotation(db, new Sealer(ring), ring, new SealedTables().add(custodySealedTables), log);
    const rotation = {
      run: (options: RotationOptions): Promise<RotationResult> =>
        real.run({
          ...options,
          batchSize: 10,
          onProgress: async (progress) => {
            await options.onProgress?.(progress);
            await onBatch();
          },
        }),
    } as MasterKeyRotation;
    const ticks = new Ticks(loadSettings({}).settings, log);
    return new KeyRotations(db, rotation, ring, log, metrics, new CustodyOptions(), ticks);
  }

  it('are worked on by one process at a time', async () => {
    const [one, two] = [await worker(), await worker()];
    const { id } = await one.start(stage.db);
    expect(await two.start(stage.db)).toEqual({ id });
    expect((await Promise.all([one.work(), two.work()])).sort()).toEqual(['ended', 'nothing']);
    expect(await one.view(stage.db, id)).toMatchObject({ state: 'done', remaining: 0, reason: null });
    expect(await two.work()).toBe('nothing');
  });

  it('go on from where an interrupted process was, and its numbers with them', async () => {
    const stop = new AbortController();
    let batches = 0;
    const first = await worker(bothKeys, async () => {
      batches += 1;
      if (batches === 5) stop.abort();
    });
    const { id } = await first.start(stage.db);
    expect(await first.work({ signal: stop.signal })).toBe('interrupted');
    const halfway = await first.view(stage.db, id);
    expect(halfway).toMatchObject({ state: 'running', finishedAt: null });
    expect(halfway?.resealed).toBeGreaterThan(0);
    expect(halfway?.resealed).toBeLessThan(60);
    const second = await worker();
    expect(await second.work()).toBe('ended');
    const end = await second.view(stage.db, id);
    expect(end).toMatchObject({ state: 'done', remaining: 0 });
    expect(end?.resealed).toBe(end?.total);
    expect(end?.total).toBe(halfway?.total);
  });

  it('are left alone by a process that stood still and was taken over', async () => {
    const gate = new Gate();
    let batches = 0;
    const slow = await worker(bothKeys, async () => {
      batches += 1;
      if (batches === 3) await gate.pass();
    });
    const { id } = await slow.start(stage.db);
    const working = slow.work();
    await gate.waiting;
    expect(await (await worker()).work()).toBe('nothing');
    await stage.db.run(`UPDATE custody.master_key_rotation SET lease_until = wxfleet.now() - interval '1 s'`);
    const fast = await worker();
    expect(await fast.work()).toBe('ended');
    const done = await fast.view(stage.db, id);
    gate.release();
    expect(await working).toBe('lost');
    expect(await fast.view(stage.db, id)).toEqual(done);
  });

  it('end as incomplete when a process still seals under the old key', async () => {
    const { sealed_refresh_token: old } = await stage.row(appids[0] as string);
    // One that was not restarted with the new key writes whenever it likes.
    const rotation = await worker(bothKeys, async () => {
      await stage.db.run('UPDATE custody.authorizer_token SET sealed_refresh_token = $2 WHERE authorizer_appid = $1', [
        appids[0],
        old,
      ]);
    });
    const { id } = await rotation.start(stage.db);
    await rotation.work();
    const end = await rotation.view(stage.db, id);
    expect(end).toMatchObject({ state: 'incomplete', reason: expect.stringContaining('restart') });
    expect(end?.remaining).toBe(1);
  });

  it('fail with the name of the key that is missing, and give way to one to another key', async () => {
    const without = await worker(KeyRing.generate('k3'));
    const { id } = await without.start(stage.db);
    expect(await without.work()).toBe('ended');
    expect(await without.view(stage.db, id)).toMatchObject({
      state: 'failed',
      reason: 'the master key "k1" is not in MASTER_KEYS',
    });

    const waiting = await without.start(stage.db);
    const next = await worker();
    const { id: better } = await next.start(stage.db);
    expect(better).not.toBe(waiting.id);
    expect(await next.view(stage.db, waiting.id)).toMatchObject({ state: 'failed' });
    expect(await without.work()).toBe('nothing');
    expect(await next.work()).toBe('ended');
    expect(await next.view(stage.db, better)).toMatchObject({ state: 'done' });
  });
});
