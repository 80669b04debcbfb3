import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Batcher } from './batcher.ts';
import { SingleFlight } from './single-flight.ts';

describe('Batcher', () => {
  it('answers everybody with their own result, in batches no larger than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), async (items, maxSize) => {
        const sizes: number[] = [];
        const batcher = new Batcher<number, number>({
          maxSize,
          write: async (batch) => {
            sizes.push(batch.length);
            await new Promise((resolve) => setImmediate(resolve));
            return batch.map((item) => item * 2);
          },
        });
        expect(await Promise.all(items.map((item) => batcher.add(item)))).toEqual(items.map((item) => item * 2));
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxSize);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(items.length);
      }),
    );
  });

  it('collects while a batch is being written', async () => {
    const sizes: number[] = [];
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const batcher = new Batcher<number, void>({
      maxSize: 100,
      write: async (batch) => {
        sizes.push(batch.length);
        if (sizes.length === 1) await held;
        return batch.map(() => undefined);
      },
    });
    const first = batcher.add(0);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = Array.from({ length: 9 }, (_, index) => batcher.add(index));
    release();
    await Promise.all([first, ...rest]);
    expect(sizes).toEqual([1, 9]);
  });

  it('rejects a whole batch that failed and goes on with the next', async () => {
    const batcher = new Batcher<string, string>({
      maxSize: 1,
      write: async ([item]) => {
        if (item === 'bad') throw new Error('refused');
        return [item as string];
      },
    });
    const outcomes = await Promise.allSettled(['good', 'bad', 'fine'].map((item) => batcher.add(item)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await batcher.drained();
  });
});

describe('SingleFlight', () => {
  it('shares one run among those who come while it lasts, and starts another one afterwards', async () => {
    const flight = new SingleFlight<number>();
    let runs = 0;
    const work = async () => {
      runs += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return runs;
    };
    expect(await Promise.all([flight.run('k', work), flight.run('k', work), flight.run('other', work)])).toEqual([
      2, 2, 2,
    ]);
    expect(runs).toBe(2);
    await flight.run('k', work);
    expect(runs).toBe(3);
    expect(flight.size).toBe(0);
  });

  it('frees the key when the work throws at once', async () => {
    const flight = new SingleFlight<number>();
    const fail = () => {
      throw new Error('at once');
    };
    await expect(flight.run('k', fail)).rejects.toThrow('at once');
    expect(await flight.run('k', async () => 1)).toBe(1);
  });
});
