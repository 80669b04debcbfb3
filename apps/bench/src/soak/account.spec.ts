import { describe, expect, it } from '@jest/globals';
import { accountFor } from './account.ts';
import type { RefreshCall } from './evidence.ts';

const call = (seq: number, endedAt: number, more: Partial<RefreshCall> = {}): RefreshCall => ({
  seq,
  appid: 'wx1',
  startedAt: endedAt - 5,
  endedAt,
  succeeded: true,
  fault: null,
  ...more,
});
const expiries = new Map([['wx1', [1000, 100_000]]]);

describe('accountFor', () => {
  it('takes one refresh per expiry for granted, and failed ones for nothing', () => {
    const calls = [call(1, 1500), call(2, 1600, { succeeded: false }), call(3, 100_500)];
    expect(accountFor(calls, expiries, [])).toEqual([]);
  });

  it('leaves a second refresh unexplained when nothing was disturbed near it', () => {
    const disturbances = [{ kind: 'kill', from: 200_000, to: 200_001 }];
    expect(accountFor([call(1, 1500), call(2, 1700)], expiries, disturbances)).toEqual([
      { appid: 'wx1', expiredAt: 1000, refreshes: 2, calls: '495..500, 695..700', causes: [] },
    ]);
  });

  it('names what explains it: a lost reply, a killed process, a reported token of that merchant only', () => {
    const calls = [call(1, 1500, { fault: 'replyLostAfterEffect' }), call(2, 1700)];
    const disturbances = [
      { kind: 'kill', from: 1550, to: 1560 },
      { kind: 'database restart', from: 9000, to: 9500 },
      { kind: 'rejected token reported', from: 1600, to: 1600, appids: new Set(['wx2']) },
    ];
    expect(accountFor(calls, expiries, disturbances)[0]?.causes).toEqual(['kill', 'reply:replyLostAfterEffect']);
  });
});
