import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLenientJson } from './lenient-json.ts';

describe('parseLenientJson', () => {
  it('reads raw control characters inside of strings', () => {
    expect(parseLenientJson('{"signature":"a\nb\tc\u0000d\u001fe","n":1}')).toEqual({
      signature: 'a\nb\tc\u0000d\u001fe',
      n: 1,
    });
    expect(parseLenientJson('{\n"k\ney": "v \\" \n \\\\"\r\n}')).toEqual({ 'k\ney': 'v " \n \\' });
  });

  it('refuses what is not JSON for another reason', () => {
    for (const text of ['', '<html>', '{"a":1', '{"a":"b', '{"a":\u0001}']) {
      expect(() => parseLenientJson(text)).toThrow(SyntaxError);
    }
  });

  it('gives back every value whose strings were written raw', () => {
    const control = fc.array(fc.constantFrom('\n', '\t', '\u0000', '\u001f', '"', '\\', 'x', '中'), { maxLength: 8 });
    const text = control.map((parts) => parts.join(''));
    const raw = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const json = `[${pairs.map(([a, b]) => `{${raw('k')}:\n${raw(a)},"b":${raw(b)}}`).join(',\r\n')}]`;
        expect(parseLenientJson(json)).toEqual(pairs.map(([k, b]) => ({ k, b })));
      }),
    );
  });
});
