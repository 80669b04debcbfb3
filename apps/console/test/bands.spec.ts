import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bandsOf, placed, ticksOf } from '../src/timeline/bands.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');

const span = (domain: string, from: number, to: number, ended: number | null) => ({
  group: 'effective_domain' as const,
  list: 'requestdomain' as const,
  domain,
  first_observed_at: iso(from),
  last_observed_at: iso(to),
  ended_at: ended === null ? null : iso(ended),
  present: ended === null,
});

describe('bands of a timeline', () => {
  it('are sure where observed on both sides, maybe between two observations, latest after the last one', () => {
    const day = (n: number) => START + n * DAY;
    const { bands } = bandsOf(
      [span('https://a.cn', day(0), day(9), null), span('https://b.cn', day(3), day(5), day(6))],
      [
        { from: day(0), to: day(2) },
        { from: day(3), to: day(5) },
        { from: day(6), to: day(9), gaps: [{ from: day(7), to: day(8) }] },
      ],
      day(10),
      true,
    );
    expect(bands).toHaveLength(1);
    expect(bands[0]?.unchanged.map(({ domain }) => domain)).toEqual(['https://a.cn']);
    expect(bands[0]?.unchanged[0]?.parts.map(({ kind }) => kind)).toEqual(['sure', 'maybe', 'sure', 'latest']);
    expect(bands[0]?.rows.map(({ domain, parts }) => [domain, parts])).toEqual([
      [
        'https://b.cn',
        [
          { kind: 'maybe', from: day(2), to: day(3) },
          { kind: 'sure', from: day(3), to: day(5) },
          { kind: 'maybe', from: day(5), to: day(6) },
        ],
      ],
    ]);
  });

  it('never draw a part of negative length, or outside of the axis, however late the clock of the page is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(50)), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: -2000, max: 4000 }),
        fc.boolean(),
        (observed, clock, holds) => {
          let at = START;
          const stretches = observed.map(([wait, length, gap]) => {
            const from = at + wait + 1;
            at = from + length;
            const gaps = length > 2 * gap && gap > 0 ? [{ from: from + gap, to: from + 2 * gap }] : [];
            return { from, to: at, gaps };
          });
          const spans = stretches.map(({ from, to }, n) =>
            span(`https://d${n}.cn`, from, to, stretches[n + 1]?.from ?? null),
          );
          const data = bandsOf(spans, stretches, START + clock, holds);
          expect(data.from).toBeLessThan(data.to);
          for (const band of data.bands)
            for (const { parts } of [...band.rows, ...band.unchanged])
              for (const part of parts) {
                expect(part.to).toBeGreaterThanOrEqual(part.from);
                expect(part.from).toBeGreaterThanOrEqual(data.from);
                expect(part.to).toBeLessThanOrEqual(data.to);
              }
        },
      ),
    );
  });

  it('have at most as many marks on the axis as there is room for', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), fc.integer({ min: 60_000, max: 2_000_000_000 }), (from, length) => {
        const ticks = ticksOf(START + from, START + from + length, 7);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks.every((tick) => tick >= START + from && tick <= START + from + length)).toBe(true);
      }),
    );
  });

  it('are drawn wide enough to be seen, and inside', () => {
    const share = (at: number) => at;
    expect(placed({ from: 20, to: 50 }, share)).toEqual({ x: '20%', width: '30%' });
    expect(placed({ from: 100, to: 100 }, share)).toEqual({ x: '99.75%', width: '0.25%' });
    expect(placed({ from: -10, to: 40 }, share)).toEqual({ x: '0%', width: '40%' });
  });
});
