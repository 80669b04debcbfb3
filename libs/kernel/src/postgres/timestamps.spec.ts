import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { parseTimestamp } from './timestamps.ts';

/** As PostgreSQL writes it: zeros at the end of the fraction are left out, and so are an offset's minutes when there are none. */
function written(ms: number, micros: number, offsetMinutes: number): string {
  const local = new Date(ms + offsetMinutes * 60_000).toISOString();
  const fraction = `${local.slice(20, 23)}${String(micros).padStart(3, '0')}`.replace(/0+$/, '');
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.abs(offsetMinutes) % 60;
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offsetMinutes) / 60))}${minutes ? `:${two(minutes)}` : ''}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)}${fraction && `.${fraction}`}${offset}`;
}

const moments = fc.integer({ min: Date.UTC(101, 0), max: Date.UTC(9998, 0) });
const offsets = fc.constantFrom(0, 480, -300, 330, 345, -210, 840);

describe('parseTimestamp', () => {
  it('reads back every moment to the millisecond, in every zone', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 999 }), offsets, (ms, micros, offset) => {
        expect(parseTimestamp(written(ms, micros, offset))?.getTime()).toBe(ms);
      }),
    );
  });

  it('agrees with the parser of the driver on whole milliseconds', () => {
    // The builtin table, which our own setting does not touch.
    const driver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMP, 'text') as (text: string) => Date;
    fc.assert(
      fc.property(moments, offsets, (ms, offset) => {
        const text = written(ms, 0, offset);
        expect(Math.abs((parseTimestamp(text) as Date).getTime() - driver(text).getTime())).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    'infinity',
    '-infinity',
    '10000-01-01 00:00:00+00',
    '0044-03-15 00:00:00+00 BC',
    '0044-03-15 00:00:00+00',
    '',
  ])('leaves %p to the driver', (text) => expect(parseTimestamp(text)).toBeNull());

  it('never takes other text for a moment', () => {
    const nearly = fc
      .tuple(moments, fc.nat(25), fc.string({ minLength: 1, maxLength: 1 }))
      .map(([ms, at, char]) => [written(ms, 0, 0), at, char] as const);
    fc.assert(
      fc.property(nearly, ([text, at, char]) => {
        const spoilt = text.slice(0, at) + char + text.slice(at + 1);
        const found = parseTimestamp(spoilt);
        if (found) expect(spoilt).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d*)?[+-]\d{2}(:\d{2})?$/);
      }),
    );
  });
});
