import { describe, expect, it } from '@jest/globals';
import { ERRCODE_ROWS } from './errcode-table.ts';
import { ERRCODES, errcode } from './errcodes.ts';
import { PATHS } from './paths.ts';

describe('errcode', () => {
  it('has every code once, in order', () => {
    const codes = ERRCODE_ROWS.map(([code]) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
    expect(ERRCODES.size).toBe(codes.length);
  });

  it('answers for every number, and knows nothing about the unassigned ones', () => {
    expect(errcode(123456)).toMatchObject({ code: 123456, reaction: 'unknown', errmsg: null });
    const unassigned = [...range(61031, 61038), ...range(61041, 61050), 61057, 61059, 61060, 61062];
    for (let code = 61000; code <= 61070; code += 1) {
      expect([code, errcode(code).reaction === 'unknown']).toEqual([code, unassigned.includes(code)]);
    }
  });

  it.each([
    [0, 'ok'],
    [-1, 'retry'],
    [9402202, 'retry'],
    [40001, 'token'],
    [40014, 'token'],
    [42001, 'token'],
    [42006, 'token'],
    [45009, 'quota_day'],
    [45011, 'quota_minute'],
    [48006, 'quota_month'],
    [45104, 'quota_month'],
    [61003, 'reauth'],
    [61007, 'reauth'],
    [61023, 'reauth'],
    [61004, 'config'],
    [40125, 'config'],
    [61005, 'ticket'],
    [61006, 'ticket'],
    [50002, 'blocked'],
    [85017, 'benign'],
    [44002, 'bug'],
    [61014, 'bug'],
    [48001, 'give_up'],
  ])('%d asks for %s', (code, reaction) => {
    expect(errcode(code).reaction).toBe(reaction);
  });

  it('takes 40001 for a wrong secret where no token is sent, so that nobody loops', () => {
    expect(errcode(40001, PATHS.componentToken).reaction).toBe('config');
    expect(errcode(40001, PATHS.getEffectiveDomain).reaction).toBe('token');
    expect(errcode(40001).reaction).toBe('token');
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
