import { describe, expect, it } from '@jest/globals';
import { inTurn } from './ip-source.ts';

const platforms = [1, 2, 3, 4].map((platformId) => ({ platformId, componentAppid: `wx${platformId}` }));
const ids = (first: number | null, turn: number) => inTurn(platforms, first, turn).map(({ platformId }) => platformId);

describe('the order of platforms', () => {
  it('begins with the one that worked last', () => {
    expect(ids(3, 0)).toEqual([3, 1, 2, 4]);
  });

  it('lets the others take turns', () => {
    expect(ids(3, 1)).toEqual([3, 2, 4, 1]);
    expect(ids(3, 2)).toEqual([3, 4, 1, 2]);
    expect(ids(null, 5)).toEqual([2, 3, 4, 1]);
  });

  it('does without one that is gone', () => {
    expect(ids(9, 0)).toEqual([1, 2, 3, 4]);
    expect(inTurn([], 9, 3)).toEqual([]);
  });
});
