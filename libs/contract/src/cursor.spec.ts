import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CursorError, decodeCursor, encodeCursor, pageOf } from './cursor.ts';

describe('cursors', () => {
  it('come back as they went', () => {
    const text = fc.string().filter((value) => !value.includes('\u0000'));
    fc.assert(
      fc.property(text, fc.maxSafeInteger(), fc.option(text), (a, b, c) => {
        expect(decodeCursor('list', encodeCursor('list', [a, b, c]), ['string', 'number', 'string?'])).toEqual([
          a,
          b,
          c,
        ]);
      }),
    );
  });

  it('of another list are refused', () => {
    expect(() => decodeCursor('other', encodeCursor('list', ['a']), ['string'])).toThrow(CursorError);
  });

  it.each([
    ['too few parts', encodeCursor('list', [])],
    ['too many parts', encodeCursor('list', ['a', 'b'])],
    ['a part of another type', encodeCursor('list', [1])],
    ['null where it cannot be', encodeCursor('list', [null])],
    ['a character that PostgreSQL refuses', encodeCursor('list', ['a\u0000'])],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['nothing', ''],
    ['too long', encodeCursor('list', ['a'.repeat(2000)])],
  ])('with %s are refused', (_, cursor) => {
    expect(() => decodeCursor('list', cursor, ['string'])).toThrow(CursorError);
  });

  it('of any text are read or refused, never anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          try {
            expect(decodeCursor('list', text, ['string'])).toHaveLength(1);
          } catch (error) {
            expect(error).toBeInstanceOf(CursorError);
          }
        },
      ),
    );
  });
});

describe('a page', () => {
  const page = (rows: number[], limit: number) =>
    pageOf(
      'n',
      rows,
      limit,
      (row) => row * 10,
      (row) => [row],
    );

  it('shows at most limit items and points after the last one shown', () => {
    const first = page([1, 2, 3], 2);
    expect(first.items).toEqual([10, 20]);
    expect(decodeCursor('n', first.next_cursor as string, ['number'])).toEqual([2]);
  });

  it('is the last one without a surplus row', () => {
    expect(page([1, 2], 2)).toEqual({ items: [10, 20], next_cursor: null });
    expect(page([], 2)).toEqual({ items: [], next_cursor: null });
  });
});
