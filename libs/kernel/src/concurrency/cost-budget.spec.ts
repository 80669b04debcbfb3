import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CostBudget } from './cost-budget.ts';

describe('savings', () => {
  it('let spend no more than the income and what was saved, if one waits as told, and make nobody wait for long', () => {
    const steps = fc.array(
      fc.record({ cost: fc.integer({ min: 1, max: 5000 }), pauseMs: fc.integer({ min: 0, max: 400 }) }),
    );
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        (list, perSecond, saved) => {
          let nowMs = 0;
          const savings = new CostBudget({ perSecond, saved }, () => nowMs);
          const debt = 2 * perSecond;
          let spent = 0;
          for (const { cost, pauseMs } of list) {
            nowMs += pauseMs;
            const waitMs = savings.waitMs();
            expect(waitMs).toBeLessThanOrEqual(2001);
            nowMs += waitMs;
            expect(savings.waitMs()).toBeLessThanOrEqual(1);
            savings.spend(cost);
            // What goes beyond the longest debt is forgiven.
            spent += Math.min(cost, debt);
            expect(spent).toBeLessThanOrEqual(saved + (nowMs / 1000) * perSecond + debt + 1);
          }
        },
      ),
    );
  });
});
