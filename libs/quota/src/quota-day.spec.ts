import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quotaDay } from './quota-day.ts';

const at = (text: string) => Date.parse(text);

describe('quotaDay', () => {
  it('turns at midnight in Beijing', () => {
    const evening = quotaDay(at('2026-11-22T15:59:59.999Z'));
    expect(evening).toEqual({ day: '2026-11-22', endsMs: at('2026-11-22T16:00:00Z') });
    expect(quotaDay(evening.endsMs)).toEqual({ day: '2026-11-23', endsMs: at('2026-11-23T16:00:00Z') });
  });

  it('turns at another hour when told so', () => {
    expect(quotaDay(at('2026-11-22T20:59:59Z'), 5)).toEqual({ day: '2026-11-22', endsMs: at('2026-11-22T21:00:00Z') });
    expect(quotaDay(at('2026-11-22T21:00:00Z'), 5).day).toBe('2026-11-23');
  });

  it('puts every moment into exactly one day of 24 hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 23 }), (ms, hour) => {
        const { day, endsMs } = quotaDay(ms, hour);
        expect(endsMs).toBeGreaterThan(ms);
        expect(endsMs - ms).toBeLessThanOrEqual(86_400_000);
        expect(quotaDay(endsMs - 1, hour).day).toBe(day);
        expect(quotaDay(endsMs, hour).day).not.toBe(day);
      }),
    );
  });
});
