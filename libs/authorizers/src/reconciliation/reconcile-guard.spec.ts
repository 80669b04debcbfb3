import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_LIST_GUARD, suspicionOf } from './reconcile-guard.ts';

const suspicious = (held: number, total: number) => suspicionOf(held, total, DEFAULT_LIST_GUARD) !== null;

describe('suspicionOf', () => {
  it.each([
    [0, 0, false],
    [1, 0, true],
    [3, 1, false],
    [5, 2, true],
    [100, 91, false],
    [100, 89, true],
    [20_000, 18_000, false],
    [20_000, 17_999, true],
    [5, 500, false],
  ])('%i held, %i listed: %p', (held, total, expected) => expect(suspicious(held, total)).toBe(expected));

  it('never suspects a longer list more than a shorter one', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (held, a, b) => {
        const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
        return suspicious(held, shorter) || !suspicious(held, longer);
      }),
    );
  });
});
