import { describe, expect, it } from '@jest/globals';
import { DelayedAnswers } from './delayed-answers.ts';

describe('delayed answers', () => {
  it('that were delayed together are released a few at a time', async () => {
    const delayed = new DelayedAnswers();
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
            delayed.add(() => {
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
