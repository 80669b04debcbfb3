import { describe, expect, it } from '@jest/globals';
import { MinuteLimits } from './minute-limits.ts';

const PATH = 'wxc1 /wxa/get_effective_domain';

describe('MinuteLimits', () => {
  it('takes one merchant, however often refused, for that merchant alone', () => {
    const limits = new MinuteLimits();
    for (let n = 0; n < 50; n += 1) expect(limits.refused(PATH, 'wx1', n * 1000)).toBe(false);
  });

  it('takes two merchants in a row for the platform', () => {
    const limits = new MinuteLimits();
    expect(limits.refused(PATH, 'wx1', 1000)).toBe(false);
    limits.succeeded(PATH, 999); // sent before the first refusal: proves nothing
    expect(limits.refused(PATH, 'wx2', 1500)).toBe(true);
  });

  it('takes merchants refused among successes of others for themselves, unless they are many', () => {
    const limits = new MinuteLimits();
    const verdicts = Array.from({ length: 8 }, (_, n) => {
      const verdict = limits.refused(PATH, `wx${n}`, 1000 + n * 100);
      limits.succeeded(PATH, 1050 + n * 100);
      return verdict;
    });
    expect(verdicts).toEqual([false, false, false, false, false, false, false, true]);
  });

  it('forgets after a minute', () => {
    const limits = new MinuteLimits();
    for (let n = 0; n < 50; n += 1) {
      expect(limits.refused(PATH, `wx${n}`, n * 10_000)).toBe(false);
      limits.succeeded(PATH, n * 10_000 + 1);
    }
    expect(limits.refused('wxc1 /wxa/other', 'wx1', 0)).toBe(false);
  });
});
