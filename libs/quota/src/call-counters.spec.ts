import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallCounters, type CountBatch } from './call-counters.ts';

const PLATFORM = 'wxc1';
const PATH = '/wxa/get_effective_domain';
const call = (authorizerAppid?: string) => ({
  componentAppid: PLATFORM,
  path: PATH,
  ...(authorizerAppid === undefined ? {} : { authorizerAppid }),
});

describe('CallCounters', () => {
  it('keeps a batch until it is written, and counts on meanwhile', () => {
    const counters = new CallCounters({ maxMerchants: 10 });
    counters.add(call(), '2026-01-01', 1, 0);
    const first = counters.take(true);
    counters.add(call(), '2026-01-01', 1, 1);
    expect(counters.take(true)).toEqual({ batch: first.batch, wasHeld: true });
    expect(counters.unwritten(PLATFORM, PATH, '2026-01-01')).toBe(2);
    counters.written();
    expect(counters.take(true).batch).toMatchObject({ sequence: 2, totals: [{ calls: 1, errors: 1 }] });
    counters.written();
    expect(counters.take(true).batch).toBeNull();
    expect(counters.unwritten(PLATFORM, PATH, '2026-01-01')).toBe(0);
  });

  it('writes totals often and merchants when they are due, a day that ended at once', () => {
    const counters = new CallCounters({ maxMerchants: 10 });
    counters.add(call('wx1'), '2026-01-01', 1, 0);
    expect(counters.take(false).batch).toMatchObject({ totals: [{ calls: 1 }], merchants: [] });
    counters.written();
    counters.add(call('wx1'), '2026-01-02', 1, 0);
    const { batch } = counters.take(false);
    expect(batch?.totals).toMatchObject([{ day: '2026-01-02', calls: 1 }]);
    expect(batch?.merchants).toMatchObject([{ day: '2026-01-01', authorizerAppid: 'wx1', calls: 1 }]);
    expect(counters.merchantCount).toBe(1);
  });

  it('keeps totals exact when there are too many merchants to remember', () => {
    const counters = new CallCounters({ maxMerchants: 3 });
    for (let n = 0; n < 10; n += 1) counters.add(call(`wx${n}`), '2026-01-01', 1, 0);
    expect(counters.merchantCount).toBe(3);
    expect(counters.takeUnattributed()).toBe(7);
    expect(counters.take(true).batch).toMatchObject({ totals: [{ calls: 10 }], merchants: { length: 3 } });
  });

  it('loses and doubles nothing, whatever the order of adding, writing and failing', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('add' as const),
        merchant: fc.option(fc.constantFrom('wx1', 'wx2', 'wx3'), { nil: undefined }),
        day: fc.constantFrom('2026-01-01', '2026-01-02'),
        error: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('flush' as const), merchants: fc.boolean(), fails: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const counters = new CallCounters({ maxMerchants: 100 });
        const expected = new Map<string, number>();
        const written = new Map<string, number>();
        const bump = (map: Map<string, number>, key: string, by: number) => map.set(key, (map.get(key) ?? 0) + by);
        const write = (batch: CountBatch) => {
          for (const line of batch.totals) {
            bump(written, `${line.day} calls`, line.calls);
            bump(written, `${line.day} errors`, line.errors);
          }
          for (const line of batch.merchants) bump(written, `${line.day} ${line.authorizerAppid}`, line.calls);
        };
        for (const one of steps) {
          if (one.kind === 'add') {
            counters.add(call(one.merchant), one.day, 1, one.error ? 1 : 0);
            bump(expected, `${one.day} calls`, 1);
            bump(expected, `${one.day} errors`, one.error ? 1 : 0);
            if (one.merchant !== undefined) bump(expected, `${one.day} ${one.merchant}`, 1);
          } else {
            const { batch } = counters.take(one.merchants);
            if (batch && !one.fails) {
              write(batch);
              counters.written();
            }
          }
        }
        for (let batch = counters.take(true).batch; batch; batch = counters.take(true).batch) {
          write(batch);
          counters.written();
        }
        expect(written).toEqual(new Map([...expected].filter(([key]) => written.has(key) || expected.get(key) !== 0)));
        expect(counters.merchantCount).toBe(0);
      }),
    );
  });
});
