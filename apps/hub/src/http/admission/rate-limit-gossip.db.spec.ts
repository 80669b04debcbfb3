import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#libs/kernel';
import { cloneDatabase, eventually, testLog, type TestDatabase } from '#libs/testing';
import { RateLimitGossip } from './rate-limit-gossip.ts';
import { TokenBuckets } from './token-buckets.ts';

/** So slow that nothing is earned during a spec. */
const SLOW = { perSecond: 0.01, burst: 100, reportThreshold: 1, clock: new SystemClock() };

describe('limits of all processes together', () => {
  let test: TestDatabase;
  const started: RateLimitGossip[] = [];
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(async () => {
    await Promise.all(started.map((each) => each.stop()));
    await test.drop();
  });

  async function process(): Promise<{ buckets: TokenBuckets; gossip: RateLimitGossip }> {
    const buckets = new TokenBuckets(SLOW);
    const gossip = new RateLimitGossip(test.db, testLog().log, { key: buckets });
    await gossip.start();
    started.push(gossip);
    return { buckets, gossip };
  }

  it('what one let through is missing in the others, and counts once where it was taken', async () => {
    const [first, second] = [await process(), await process()];
    for (let n = 0; n < 60; n += 1) first.buckets.take('busy');
    await first.gossip.publish();
    await eventually('the other knows', () => second.buckets.peek('busy').remaining === 40);
    expect(first.buckets.peek('busy').remaining).toBe(40);
    expect(second.buckets.peek('calm').remaining).toBe(100);
    for (let n = 0; n < 40; n += 1) expect(second.buckets.take('busy').ok).toBe(true);
    expect(second.buckets.take('busy').ok).toBe(false);
    await second.gossip.publish();
    await eventually('the first knows', () => !first.buckets.take('busy').ok);
  });

  it('more names than a notification holds are told in several', async () => {
    const [first, second] = [await process(), await process()];
    const names = Array.from({ length: 600 }, (_, n) => `key_${String(n).padStart(24, '0')}`);
    for (const name of names) first.buckets.take(name);
    await first.gossip.publish();
    await eventually('all are known', () => names.every((name) => second.buckets.peek(name).remaining === 99));
  });

  it('what is no message of ours changes nothing', async () => {
    const { buckets, gossip } = await process();
    for (const payload of [
      '',
      '{',
      '[]',
      '{"from":"x","used":{"key":{"negative":-5}}}',
      '{"from":"x","used":{"other":{"a":1}}}',
    ])
      await test.db.notify('wxfleet_use', payload);
    await test.db.notify('wxfleet_use', '{"from":"x","used":{"key":{"last":1}}}');
    await eventually('the last one is known', () => buckets.peek('last').remaining === 99);
    expect(buckets.peek('negative').remaining).toBe(100);
    await gossip.publish();
  });
});
