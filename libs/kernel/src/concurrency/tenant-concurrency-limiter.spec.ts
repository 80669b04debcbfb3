import { describe, expect, it, jest } from '@jest/globals';
import { TenantConcurrencyLimiter } from './tenant-concurrency-limiter.ts';

/** Work that ends when the spec says so. */
function held() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('fair shares', () => {
  it('hold a flood of one name to its share, in order, while another name goes on', async () => {
    const fair = new TenantConcurrencyLimiter({ atOnce: 2 });
    const flood = Array.from({ length: 5 }, held);
    const begun: number[] = [];
    const all = flood.map(({ work }, index) =>
      fair.run('a', () => {
        begun.push(index);
        return work();
      }),
    );
    await soon();
    expect(begun).toEqual([0, 1]);
    expect(await fair.run('b', async () => 'at once')).toBe('at once');
    flood[1]?.end();
    await soon();
    expect(begun).toEqual([0, 1, 2]);
    flood.forEach(({ end }) => end());
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('let who is alone spend without end, and beside others so much a second', async () => {
    jest.useFakeTimers({ now: 0 });
    try {
      const fair = new TenantConcurrencyLimiter({ atOnce: 3, beside: { perSecond: 10_000, saved: 100 } });
      const begun: number[] = [];
      const spend = (cost: number) =>
        fair.run('a', async (charge) => {
          charge(cost);
          begun.push(performance.now());
        });
      const began = performance.now();
      for (let n = 0; n < 5; n += 1) await spend(1000);
      expect(begun).toEqual(Array(5).fill(began));
      await fair.run('b', async () => undefined);
      // It has spent 5000 in advance; half a second later there is something left again, and each further thing costs 50 ms.
      const all = [spend(500), spend(500), spend(500)];
      await jest.advanceTimersByTimeAsync(480);
      expect(begun).toHaveLength(5);
      await jest.advanceTimersByTimeAsync(200);
      await Promise.all(all);
      const [first, second, third] = begun.slice(5).map((at) => at - began) as [number, number, number];
      for (const [measured, expected] of [
        [first, 490],
        [second, 540],
        [third, 590],
      ] as const)
        expect(Math.abs(measured - expected)).toBeLessThanOrEqual(2);
      expect(await fair.run('b', async () => 'at once')).toBe('at once');
    } finally {
      jest.useRealTimers();
    }
  });

  it('take into account what is under way and not paid for yet', async () => {
    const nowMs = 0;
    const fair = new TenantConcurrencyLimiter({ atOnce: 10, beside: { perSecond: 1, saved: 1000 } }, () => nowMs);
    for (let n = 0; n < 50; n += 1) await fair.run('a', async (charge) => charge(20));
    await fair.run('b', async () => undefined);
    // Time stands still. Of its 1000 a name has 400 left, and what it did cost suggests 300 for each that it begins.
    await fair.run('c', async (charge) => charge(600));
    const { work, end } = held();
    let begun = 0;
    const all = Array.from({ length: 5 }, () =>
      fair.run('c', () => {
        begun += 1;
        return work();
      }),
    );
    await soon();
    expect(begun).toBe(2);
    end();
    await soon();
    await Promise.all(all);
    expect(begun).toBe(5);
  });

  it('let the next one in behind one that hangs, however much its kind costs', async () => {
    const fair = new TenantConcurrencyLimiter({ atOnce: 2, beside: { perSecond: 1000, saved: 100 } });
    await fair.run('b', async () => undefined);
    for (let n = 0; n < 3; n += 1) await fair.run('a', async (charge) => charge(300));
    const { work, end } = held();
    const hanging = fair.run('a', work);
    expect(await fair.run('a', async () => 'next')).toBe('next');
    end();
    await hanging;
  });

  it('finish what is half done before they begin something else', async () => {
    // A timer that is late finds enough saved for two to begin at once: the clock is the spec's.
    jest.useFakeTimers({ now: 0 });
    try {
      const fair = new TenantConcurrencyLimiter({ atOnce: 5, beside: { perSecond: 10_000, saved: 100 } });
      await fair.run('b', async () => undefined);
      await fair.run('a', async (charge) => charge(200));
      const parts: string[] = [];
      const inParts = async (name: string) => {
        for (let part = 0; part < 3; part += 1) {
          const work = async (charge: (cost: number) => void) => {
            charge(200);
            parts.push(`${name}${part}`);
          };
          await fair.run('a', work, { continues: part > 0 });
        }
      };
      const all = Promise.all(['x', 'y', 'z'].map(inParts));
      await jest.advanceTimersByTimeAsync(1000);
      await all;
      expect(parts).toEqual(['x0', 'x1', 'x2', 'y0', 'y1', 'y2', 'z0', 'z1', 'z2']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('charge the later parts of something as many times as they are told', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      let nowMs = 0;
      const fair = new TenantConcurrencyLimiter(
        { atOnce: 1, beside: { perSecond: 1, saved: 100 }, continuing: 3 },
        () => nowMs,
      );
      await fair.run('b', async () => undefined);
      const begun: string[] = [];
      const part = (name: string, continues: boolean) =>
        fair.run(
          'a',
          async (charge) => {
            charge(20);
            begun.push(name);
          },
          { continues },
        );
      // Time stands still: 20, and twice 60, and nothing is left of 100.
      await part('first', false);
      await part('second', true);
      await part('third', true);
      const fourth = part('fourth', true);
      await soon();
      expect(begun).toEqual(['first', 'second', 'third']);
      // Left waiting, its timer would keep the process alive.
      nowMs = 60_000;
      await jest.advanceTimersByTimeAsync(60_000);
      await fourth;
      expect(begun).toEqual(['first', 'second', 'third', 'fourth']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('pass over who has gone, a few in a turn of the event loop and at no cost', async () => {
    const fair = new TenantConcurrencyLimiter({ atOnce: 1, beside: { perSecond: 1, saved: 100 } });
    await fair.run('b', async () => undefined);
    const { work, end } = held();
    const first = fair.run('a', work);
    const begun: string[] = [];
    let refused = 0;
    const gone = Array.from({ length: 20 }, (_, n) =>
      fair
        .run('a', async () => begun.push(`gone ${n}`), { gone: () => true })
        .catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'request_timeout' });
          refused += 1;
        }),
    );
    const last = fair.run('a', async () => begun.push('there'), { gone: () => false });
    await soon();
    end();
    await first;
    await soon();
    expect(refused).toBeLessThan(5);
    await Promise.all([...gone, last]);
    expect(begun).toEqual(['there']);
    expect(refused).toBe(20);
  });

  it('take back what was paid for who has gone', async () => {
    const nowMs = 0;
    const fair = new TenantConcurrencyLimiter({ atOnce: 1, beside: { perSecond: 1, saved: 100 } }, () => nowMs);
    await fair.run('b', async () => undefined);
    await fair.run('a', async (charge) => charge(40));
    const { work, end } = held();
    const first = fair.run('a', work);
    // 60 are left, and 20 are what one usually costs: were they kept, the fourth would wait for ever, for time stands still.
    const gone = Array.from({ length: 10 }, () => fair.run('a', async () => undefined, { gone: () => true }));
    const settled = Promise.allSettled(gone);
    end();
    await first;
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await fair.run('a', async () => 'at once')).toBe('at once');
  });

  it('give the place back after a failure', async () => {
    const fair = new TenantConcurrencyLimiter({ atOnce: 1 });
    for (let round = 0; round < 3; round += 1) {
      await expect(fair.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    }
    expect(await fair.run('a', async () => 1)).toBe(1);
  });

  it('turn away who comes after too many', async () => {
    const fair = new TenantConcurrencyLimiter({ atOnce: 1, maxWaiting: 2 });
    const { work, end } = held();
    const waiting = [1, 2, 3].map(() => fair.run('a', work));
    await expect(fair.run('a', work)).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    end();
    await Promise.all(waiting);
  });
});
