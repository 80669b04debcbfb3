import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ActiveTenants } from './active-tenants.ts';

describe('active tenants', () => {
  it('are others who were seen within a minute, as a list of everybody would say', () => {
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      pauseMs: fc.constantFrom(0, 1, 25_000, 59_999, 60_000, 60_001),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let nowMs = 0;
        const tenants = new ActiveTenants(() => nowMs);
        const seen = new Map<string, number>();
        for (const { name, pauseMs } of steps) {
          nowMs += pauseMs;
          const others = [...seen].some(([other, atMs]) => other !== name && nowMs - atMs < 60_000);
          expect(tenants.see(name)).toBe(others);
          seen.set(name, nowMs);
        }
      }),
    );
  });
});
