import { describe, expect, it } from '@jest/globals';
import type { Evidence, Handout, RefreshCall, TokenWrite } from './evidence.ts';
import { judge } from './verdict.ts';

const call = (hub: string, startedAt: number, endedAt: number, more: Partial<RefreshCall> = {}): RefreshCall => ({
  seq: endedAt,
  appid: 'wx1',
  hub,
  startedAt,
  endedAt,
  succeeded: true,
  fault: null,
  ...more,
});
const write = (at: number, serial: number | null, more: Partial<TokenWrite> = {}): TokenWrite => ({
  appid: 'wx1',
  at,
  serial,
  generation: serial ?? 0,
  state: 'usable',
  hasRefreshToken: true,
  ...more,
});
const handout = (askedAt: number, serial: number, more: Partial<Handout> = {}): Handout => ({
  appid: 'wx1',
  hub: 'a',
  askedAt,
  answeredAt: askedAt + 5,
  triedAt: askedAt + 10,
  serial,
  expiresInSeconds: 7000,
  expiresAt: askedAt + 7_000_000,
  errcode: 0,
  ...more,
});

/** Two expiries, each followed by one refresh that was written and handed out: as it should be. */
const good: Evidence = {
  startedAt: 1000,
  disturbances: [],
  expiries: [
    { appid: 'wx1', at: 10_000, serial: 1 },
    { appid: 'wx1', at: 50_000, serial: 2 },
  ],
  calls: [call('a', 10_100, 10_110), call('b', 50_100, 50_110)],
  writes: [write(500, 1), write(10_120, 2), write(50_120, 3)],
  handouts: [handout(9000, 1), handout(10_050, 2), handout(20_000, 2, { hub: 'b' }), handout(60_000, 3)],
  unserved: [],
  unusable: [],
  exits: [],
  timeoutMs: 1000,
};
const kill = { kind: 'kill -9', from: 10_115, to: 10_118, hub: 'a' };
const violations = (more: Partial<Evidence>) =>
  judge({ ...good, ...more }).violations.map((text) => text.split(':')[0]);

describe('the verdict of a soak', () => {
  it('finds nothing where all is well', () => {
    expect(judge(good)).toEqual({ exceptions: [], misgivings: [], violations: [] });
  });

  it('takes a call that failed for nothing', () => {
    const calls = [...good.calls, call('b', 10_300, 10_310, { succeeded: false })];
    expect(judge({ ...good, calls }).exceptions).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['a merchant who gets no token in the end', { unserved: ['wx1'] }, 'lost'],
    ['a merchant whose row is not usable in the end', { unusable: [{ appid: 'wx1', state: 'lost' }] }, 'lost'],
    [
      'a process that ended though nobody had killed it',
      { exits: [{ hub: 'a', at: 60_000, how: 'exit 1' }] },
      'ended by itself',
    ],
    [
      'a merchant given up, even if found again later',
      { writes: [...good.writes, write(60_000, 3, { state: 'lost' }), write(70_000, 4)] },
      'given up as lost',
    ],
    [
      'a refresh token that is gone',
      { writes: [...good.writes, write(60_000, 3, { hasRefreshToken: false })] },
      'refresh token blanked',
    ],
    [
      'an earlier token in the place of a later one',
      { writes: [...good.writes, write(60_000, 2, { generation: 4 })] },
      'stale overwrite',
    ],
    [
      'an earlier generation in the place of a later one',
      { writes: [...good.writes, write(60_000, 4, { generation: 1 })] },
      'stale overwrite',
    ],
    [
      'a token whose time was over by what the hub itself said',
      { handouts: [handout(60_000, 3, { expiresInSeconds: 0 })] },
      'expired token handed out',
    ],
    [
      'a token whose time was over when it came',
      { handouts: [handout(60_000, 3, { expiresAt: 60_005 })] },
      'expired token handed out',
    ],
    ['a token that was over long before', { handouts: [handout(11_500, 1)] }, 'late token handed out'],
    ['a token that had a successor long before', { handouts: [handout(60_000, 2)] }, 'late token handed out'],
    ['a token that no row ever had', { handouts: [handout(60_000, 9)] }, 'token handed out that was never committed'],
    [
      'a token that WeChat does not know, though nothing replaced it',
      { handouts: [handout(60_000, 3, { errcode: 40001 })] },
      'dead token handed out',
    ],
    [
      'a token that two refreshes have ended which nobody spoilt',
      {
        calls: [...good.calls, call('b', 55_000, 55_010), call('b', 56_000, 56_010)],
        expiries: [...good.expiries, { appid: 'wx1', at: 54_000, serial: 9 }, { appid: 'wx1', at: 55_500, serial: 9 }],
        handouts: [handout(60_000, 3, { errcode: 40001 })],
      },
      'dead token handed out',
    ],
    ['a second refresh', { calls: [...good.calls, call('b', 10_300, 10_310)] }, 'unexplained'],
    ['a refresh before any expiry', { calls: [call('b', 5000, 5010), ...good.calls] }, 'unexplained'],
  ])('sees %s', (_, more, violation) => {
    expect(violations(more)).toEqual([violation]);
  });

  it.each<[string, Partial<Evidence>, string[]]>([
    ['its process was killed before it was written', { disturbances: [kill] }, ['kill -9']],
    [
      'the reply of the first was lost',
      { calls: [call('a', 10_100, 10_110, { fault: 'replyLostAfterEffect' })] },
      ['reply lost'],
    ],
    ['the reply of the first came too late', { calls: [call('a', 10_100, 11_200, { fault: 'slow' })] }, ['reply late']],
    [
      'the database was away',
      { disturbances: [{ kind: 'database stopped', from: 10_000, to: 10_200 }] },
      ['database stopped'],
    ],
    [
      'its token was reported as refused',
      { disturbances: [{ kind: 'rejected token reported', from: 12_000, to: 12_100, appids: new Set(['wx1']) }] },
      ['rejected token reported'],
    ],
  ])('accepts a second refresh when %s', (_, more, causes) => {
    const calls = [more.calls?.[0] ?? good.calls[0]!, call('b', 12_050, 12_060), good.calls[1]!];
    const { exceptions, violations: found } = judge({ ...good, ...more, calls, handouts: [] });
    expect(exceptions.map((exception) => exception.causes)).toEqual([causes]);
    expect(found).toEqual([]);
  });

  it.each<[string, Evidence['disturbances'][number]]>([
    ['another process was killed', { ...kill, hub: 'b' }],
    ['its process was killed long after', { ...kill, from: 30_000, to: 30_001 }],
    [
      'somebody reported the token of another merchant',
      { kind: 'rejected token reported', from: 12_000, to: 12_100, appids: new Set(['wx2']) },
    ],
    [
      'somebody reported the token when all was over',
      { kind: 'rejected token reported', from: 13_000, to: 13_100, appids: new Set(['wx1']) },
    ],
  ])('does not accept a second refresh because %s', (_, disturbance) => {
    const calls = [good.calls[0]!, call('b', 12_050, 12_060), good.calls[1]!];
    expect(violations({ disturbances: [disturbance], calls, handouts: [] })).toEqual(['unexplained']);
  });

  it('accepts what a process sends when it goes on after it had stood still, and what that costs, and not what comes later', () => {
    const frozen = { kind: 'process frozen', from: 10_050, to: 12_000, hub: 'b' };
    const of = (sentAt: number) => {
      const late = [call('b', sentAt, sentAt + 10), call('c', sentAt + 900, sentAt + 910)];
      return violations({ disturbances: [frozen], calls: [...good.calls, ...late], handouts: [] });
    };
    expect([of(12_200), of(13_200)]).toEqual([[], ['unexplained']]);
  });

  it('tells what happened around a refresh that nothing explains', () => {
    const calls = [...good.calls, call('b', 12_000, 12_010), call('b', 10_200, 10_210, { succeeded: false })];
    const disturbances = [
      { ...kill, hub: 'c' },
      { kind: 'database restart', from: 90_000, to: 90_100 },
    ];
    expect(judge({ ...good, calls, disturbances }).violations).toEqual([
      [
        'unexplained: wx1, expired at 1970-01-01T00:00:10.000Z, refreshed 2 times: a 100..110, b 2000..2010',
        '-9500 ms: written: token 1 of generation 1, usable',
        '-1000 ms: a handed out token 1 at -995 ms, WeChat said 0',
        '0 ms: token 1 was made to be over',
        '50 ms: a handed out token 2 at 55 ms, WeChat said 0',
        '100 ms: a asked WeChat until 110 ms: refreshed',
        '115 ms: kill -9 c until 118 ms',
        '120 ms: written: token 2 of generation 2, usable',
        '200 ms: b asked WeChat until 210 ms: not refreshed',
        '2000 ms: b asked WeChat until 2010 ms: refreshed',
      ].join('\n    '),
    ]);
  });

  it('lets one spoilt refresh pay for two more, and not for a third', () => {
    const more = [12_000, 13_000, 14_000].map((at) => call('b', at, at + 10));
    const of = (count: number) => violations({ disturbances: [kill], calls: [...good.calls, ...more.slice(0, count)] });
    expect([of(1), of(2), of(3)]).toEqual([[], [], ['unexplained']]);
  });

  it('accepts a late token from a process that could not hear, and not from another one', () => {
    const frozen = { kind: 'process frozen', from: 10_000, to: 15_000, hub: 'a' };
    const late = (hub: string) => violations({ disturbances: [frozen], handouts: [handout(14_990, 1, { hub })] });
    expect([late('a'), late('b')]).toEqual([[], ['late token handed out']]);
  });

  it('accepts a late token when the database went away during the question, and not when somebody had no processor', () => {
    const late = (disturbance: object) =>
      violations({
        disturbances: [{ kind: 'database restart', from: 14_995, to: 16_000, ...disturbance }],
        handouts: [handout(14_990, 1, { answeredAt: 15_200 })],
      });
    expect([late({}), late({ kind: 'process starved' })]).toEqual([[], ['late token handed out']]);
  });

  it('counts a refresh whose token was over as soon as it was written to the expiry before', () => {
    const calls = [call('a', 10_100, 10_121), call('b', 12_000, 12_010), good.calls[1]!];
    const expiries = [...good.expiries, { appid: 'wx1', at: 10_121, serial: 2 }];
    expect(violations({ calls, expiries, handouts: [] })).toEqual([]);
    expect(violations({ calls, handouts: [] })).toEqual(['unexplained']);
  });

  it('accepts a dead token that was replaced for the second time before WeChat was asked, and not after that', () => {
    const of = (triedAt: number) =>
      judge({
        ...good,
        calls: [...good.calls, call('b', 59_900, 59_910), call('b', 60_007, 60_009)],
        expiries: [...good.expiries, { appid: 'wx1', at: 59_800, serial: 9 }, { appid: 'wx1', at: 60_000, serial: 9 }],
        handouts: [handout(60_000, 3, { errcode: 40001, triedAt })],
      });
    expect(of(60_010).misgivings).toMatchObject([{ kind: 'dead', causes: ['replaced twice in this moment'] }]);
    expect(of(60_010).violations).toEqual([]);
    expect(of(60_006).violations).toMatchObject([expect.stringContaining('dead token handed out')]);
  });

  it('accepts a dead token that was replaced twice behind the back of its row, and names what did it', () => {
    const spoilt = [55_000, 56_000].map((at) => call('b', at, at + 10, { fault: 'replyLostAfterEffect' }));
    const { misgivings, violations: found } = judge({
      ...good,
      calls: [...good.calls, ...spoilt],
      disturbances: [{ kind: 'rejected token reported', from: 54_000, to: 57_000, appids: new Set(['wx1']) }],
      handouts: [handout(60_000, 3, { errcode: 40001 })],
    });
    expect(misgivings).toMatchObject([{ kind: 'dead', causes: ['reply lost'] }]);
    expect(found).toEqual([]);
  });
});
