import { describe, expect, it } from '@jest/globals';
import { AppError, SystemClock } from '#libs/kernel';
import { RateLimits } from './rate-limits.ts';

describe('rate limits', () => {
  it('let those who were held together go on a few at a time', async () => {
    const limits = new RateLimits({ perKey: 0, perPlatform: 0, clock: new SystemClock() });
    let turn = 0;
    let isWatching = true;
    const watch = () => {
      turn += 1;
      if (isWatching) setImmediate(watch);
    };
    setImmediate(watch);
    const wentOn: number[] = [];
    await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<void>((resolve) =>
            limits.hold(new AppError('rate_limited', 'no'), () => {
              wentOn.push(turn);
              resolve();
            }),
          ),
      ),
    );
    isWatching = false;
    expect(wentOn).toHaveLength(20);
    expect(Math.max(...wentOn.map((at) => wentOn.filter((other) => other === at).length))).toBeLessThanOrEqual(2);
  });
});
