import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { payloadsOf } from '../token-invalidation-channel.ts';
import { effectiveExpiry, coolDownSeconds, refreshAfterSeconds } from './refresh-schedule.ts';

describe('the time of the next refresh', () => {
  it('lies between 90 and 105 minutes for a life of two hours, the same for the same merchant', () => {
    fc.assert(
      fc.property(fc.string(), (appid) => {
        const seconds = refreshAfterSeconds(appid, 7200);
        expect(seconds).toBeGreaterThanOrEqual(5399);
        expect(seconds).toBeLessThanOrEqual(6300);
        expect(refreshAfterSeconds(appid, 7200)).toBe(seconds);
      }),
    );
  });

  it('is after the beginning and before the end of any life', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 4, max: 1_000_000 }), (appid, life) => {
        const seconds = refreshAfterSeconds(appid, life);
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThan(life);
      }),
    );
  });
});

describe('the life of a token', () => {
  it('is what WeChat says, and never so long that nobody would ask for another', () => {
    expect([1, 7200, 1e300, Number.POSITIVE_INFINITY].map(effectiveExpiry)).toEqual([1, 7200, 86_400, 86_400]);
  });
});

describe('the pause after failures', () => {
  it('doubles up to its limit', () => {
    expect([1, 2, 3, 4, 5, 100].map((failures) => coolDownSeconds(failures, 1, 10))).toEqual([1, 2, 4, 8, 10, 10]);
  });
});

describe('payloads of notifications', () => {
  it('carry every appid once and stay below the limit of PostgreSQL', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9-]{1,64}$/), { maxLength: 800 }), (appids) => {
        const payloads = payloadsOf(7, appids);
        expect(payloads.flatMap((payload) => payload.slice(2).split(','))).toEqual(appids);
        expect(payloads.every((payload) => payload.startsWith('7:') && payload.length < 8000)).toBe(true);
      }),
    );
  });

  it('say nothing when nothing changed, and name the component token by an empty appid', () => {
    expect(payloadsOf(7, [])).toEqual([]);
    expect(payloadsOf(7, [''])).toEqual(['7:']);
  });
});
