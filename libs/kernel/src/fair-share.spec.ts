import { describe, expect, it } from '@jest/globals';
import { FairShare } from './fair-share.ts';

/** Work that ends when the spec says so. */
function held() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('fair shares', () => {
  it('hold a flood of one name to its share, in order, while another name goes on', async () => {
    const fair = new FairShare(2);
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

  it('give the place back after a failure', async () => {
    const fair = new FairShare(1);
    for (let round = 0; round < 3; round += 1) {
      await expect(fair.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    }
    expect(await fair.run('a', async () => 1)).toBe(1);
  });

  it('turn away who comes after too many', async () => {
    const fair = new FairShare(1, 2);
    const { work, end } = held();
    const waiting = [1, 2, 3].map(() => fair.run('a', work));
    await expect(fair.run('a', work)).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
    end();
    await Promise.all(waiting);
  });
});
