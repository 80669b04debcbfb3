import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aggregated, holds, lostFrom } from './ip-cover.ts';
import { normaliseIpList } from './ip-list.ts';

/** Networks close to each other, so that they meet. */
const entry = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 22, max: 32 }))
    .map(([third, last, prefix]) => `10.0.${third}.${last}/${prefix}`),
  fc
    .tuple(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 112, max: 128 }))
    .map(([last, prefix]) => `2001:db8::${last.toString(16)}/${prefix}`),
);
const list = fc.array(entry, { maxLength: 20 }).map((entries) => normaliseIpList(entries).entries);
const probe = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 255 })).map(([c, d]) => `10.0.${c}.${d}`),
  fc.integer({ min: 0, max: 65_535 }).map((last) => normaliseIpList([`2001:db8::${last.toString(16)}`]).entries[0]!),
);

describe('aggregation', () => {
  it('merges what lies beside or within', () => {
    expect(aggregated(['1.1.0.0/24', '1.1.1.0/24', '1.1.1.9', '2001:db8::/33', '2001:db8:8000::/33'])).toEqual([
      '1.1.0.0/23',
      '2001:db8::/32',
    ]);
    expect(aggregated(['2001:db8::/112', '2001:db8::/113'])).toEqual(['2001:db8::/112']);
    expect(aggregated(['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'])).toEqual(['0.0.0.0/0', '::/0']);
    expect(aggregated([])).toEqual([]);
  });

  it('holds the same addresses in no more entries', () => {
    fc.assert(
      fc.property(list, fc.array(probe, { maxLength: 30 }), (entries, probes) => {
        const merged = aggregated(entries);
        expect(merged.length).toBeLessThanOrEqual(entries.length);
        for (const address of probes) {
          expect(merged.some((each) => holds(each, address))).toBe(entries.some((each) => holds(each, address)));
        }
        expect(lostFrom(entries, merged)).toEqual([]);
        expect(lostFrom(merged, entries)).toEqual([]);
      }),
    );
  });
});

describe('what a list lost', () => {
  it('is what no entry and no adjacent entries hold together', () => {
    expect(lostFrom(['1.1.1.1', '1.1.1.0/24', '2.2.2.2'], ['1.1.1.0/25', '1.1.1.128/25'])).toEqual(['2.2.2.2']);
    expect(lostFrom(['1.1.1.0/24'], ['1.1.1.0/25'])).toEqual(['1.1.1.0/24']);
    expect(lostFrom(['1.1.1.1'], ['::ffff:101:101'])).toEqual(['1.1.1.1']);
  });

  it('is never an entry that is still there', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const lost = lostFrom(before, after);
        for (const each of after) expect(lost).not.toContain(each);
        for (const each of lost) expect(before).toContain(each);
      }),
    );
  });
});
