import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { durationMs, durationText } from './duration.ts';

describe('durations', () => {
  it('are written as people write them', () => {
    const day = 86_400_000;
    expect([400 * day, day + 43_200_000, 5_400_000, 1500].map(durationText)).toEqual([
      'P400D',
      'P1DT12H',
      'PT1H30M',
      'PT1.5S',
    ]);
  });

  it('are read back as they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (ms) => {
        expect(durationMs(durationText(ms))).toBe(ms);
      }),
    );
  });
});
