import { describe, expect, it } from '@jest/globals';
import { lackingSince, readableSpans, type Grant } from '../src/timeline/grants.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const day = (n: number) => START + n * DAY;
const grant = (
  n: number,
  state: Grant['state'],
  sets: number[],
  lost: number[] = [],
  gained: number[] = [],
): Grant => ({
  at: new Date(day(n)).toISOString(),
  state,
  permission_sets: sets,
  gained,
  lost,
  can_read_domains: state === 'authorized' && sets.includes(18),
});
/** Newest first, as the hub gives them. */
const HISTORY = [
  grant(9, 'authorized', [17, 18], [], [18]),
  grant(6, 'unauthorized', [17]),
  grant(5, 'authorized', [17], [30]),
  grant(3, 'authorized', [17, 30], [18]),
  grant(1, 'authorized', [17, 18, 30], [], [30]),
  grant(0, 'authorized', [17, 18]),
];

describe('grants of an account', () => {
  it('say since when it has lacked a set, by the latest loss', () => {
    expect(lackingSince(HISTORY, 30)).toBe(new Date(day(5)).toISOString());
    expect(lackingSince(HISTORY, 18)).toBe(new Date(day(3)).toISOString());
    expect(lackingSince(HISTORY, 49)).toBeNull();
    expect(lackingSince([], 18)).toBeNull();
  });

  it('are told as times in which its domains could be read, without a break between equal ones', () => {
    expect(readableSpans(HISTORY, day(10))).toEqual([
      { from: day(0), to: day(3), readable: true, state: 'authorized' },
      { from: day(3), to: day(6), readable: false, state: 'authorized' },
      { from: day(6), to: day(9), readable: false, state: 'unauthorized' },
      { from: day(9), to: day(10), readable: true, state: 'authorized' },
    ]);
    expect(readableSpans([], day(10))).toEqual([]);
  });
});
