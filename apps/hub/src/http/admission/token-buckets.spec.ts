import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '#libs/testing';
import { TokenBuckets } from './token-buckets.ts';

describe('token buckets', () => {
  it('let a burst through, then the rate per second, and say how long to wait', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 2, burst: 3, clock });
    expect([1, 2, 3, 4].map(() => buckets.take('a').ok)).toEqual([true, true, true, false]);
    expect(buckets.take('a')).toEqual({ ok: false, remaining: 0, waitSeconds: 1 });
    expect(buckets.take('b')).toEqual({ ok: true, remaining: 2, waitSeconds: 0 });
    clock.advance(500);
    expect([buckets.take('a').ok, buckets.take('a').ok]).toEqual([true, false]);
    clock.advance(3_600_000);
    expect(buckets.peek('a')).toEqual({ ok: true, remaining: 3, waitSeconds: 0 });
  });

  it('never let more through than the burst and the rate, whatever the times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 300 }),
        (perSecond, burst, pauses) => {
          const clock = new FakeClock();
          const buckets = new TokenBuckets({ perSecond, burst, clock });
          let passed = 0;
          let elapsedMs = 0;
          for (const pause of pauses) {
            clock.advance(pause);
            elapsedMs += pause;
            if (buckets.take('a').ok) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(burst + (elapsedMs / 1000) * perSecond + 1e-6);
        },
      ),
    );
  });

  it('let through who waits as long as told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 20 }), (perSecond, burst) => {
        const clock = new FakeClock();
        const buckets = new TokenBuckets({ perSecond, burst, clock });
        let last = buckets.take('a');
        while (last.ok) last = buckets.take('a');
        clock.advance(last.waitSeconds * 1000);
        expect(buckets.take('a').ok).toBe(true);
      }),
    );
  });

  it('take back what did not count, and tell nobody of it', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2, clock: new FakeClock(), reportThreshold: 1 });
    for (let n = 0; n < 10; n += 1) {
      expect(buckets.take('a').ok).toBe(true);
      buckets.refund('a');
    }
    expect([...buckets.drainUsage()]).toEqual([]);
    buckets.refund('a');
    expect(buckets.peek('a').remaining).toBe(2);
    expect([buckets.take('a').ok, buckets.take('a').ok, buckets.take('a').ok]).toEqual([true, true, false]);
    expect([...buckets.drainUsage()]).toEqual([['a', 2]]);
  });

  it('keep no more than they may, and those that matter', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2, clock, maxBuckets: 100 });
    for (let index = 0; index < 99; index += 1) buckets.take(`quiet${index}`);
    clock.advance(2000);
    buckets.take('busy');
    buckets.take('busy');
    for (let index = 0; index < 50; index += 1) buckets.take(`new${index}`);
    expect(buckets.take('busy').ok).toBe(false);
  });

  it('tell what was taken, once, and only where it is worth it; what others took is owed for a minute at most', () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ perSecond: 40, burst: 80, clock });
    for (let n = 0; n < 5; n += 1) buckets.take('busy');
    buckets.take('calm');
    expect(buckets.drainUsage()).toEqual(new Map([['busy', 5]]));
    expect(buckets.drainUsage()).toEqual(new Map());
    buckets.take('busy');
    expect(buckets.drainUsage()).toEqual(new Map());
    buckets.take('busy');
    expect(buckets.drainUsage()).toEqual(new Map([['busy', 2]]));
    buckets.debit('other', 1_000_000);
    expect(buckets.take('other')).toEqual({ ok: false, remaining: 0, waitSeconds: 61 });
    clock.advance(60_025);
    expect(buckets.take('other').ok).toBe(true);
  });

  it('let no more through in several processes than in one, but for what is not told yet', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ process: fc.nat(2), pauseMs: fc.nat(40), tell: fc.boolean() }), { maxLength: 400 }),
        (steps) => {
          const clock = new FakeClock();
          const processes = [0, 1, 2].map(
            () => new TokenBuckets({ perSecond: 10, burst: 20, clock, reportThreshold: 1 }),
          );
          let passed = 0;
          let elapsedMs = 0;
          let untold = 0;
          let worst = 0;
          for (const { process, pauseMs, tell } of steps) {
            clock.advance(pauseMs);
            elapsedMs += pauseMs;
            if (processes[process]!.take('a').ok) {
              passed += 1;
              untold += 1;
            }
            worst = Math.max(worst, untold);
            if (!tell) continue;
            untold = 0;
            const used = processes.map((each) => each.drainUsage().get('a') ?? 0);
            processes.forEach((each, n) =>
              used.forEach((count, other) => n !== other && count > 0 && each.debit('a', count)),
            );
          }
          expect(passed).toBeLessThanOrEqual(20 + worst + (elapsedMs / 1000) * 10 + 1e-6);
        },
      ),
    );
  });
});
