import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonList, toJson } from './json-list.ts';

describe('a list in portions', () => {
  it('is the same text as the list in one piece', () => {
    const items = fc.array(fc.jsonValue());
    fc.assert(
      fc.property(fc.array(items), fc.option(fc.string({ unit: 'binary' })), (portions, next) => {
        const list = new JsonList();
        for (const portion of portions) list.add(portion);
        list.nextCursor = next;
        expect(list).toHaveLength(portions.flat().length);
        expect(toJson(list).toString()).toBe(JSON.stringify({ items: portions.flat(), next_cursor: next }));
      }),
    );
  });

  it('leaves alone what is none', () => {
    expect(toJson({ a: [1, 'ü'] })).toBe('{"a":[1,"ü"]}');
  });
});
