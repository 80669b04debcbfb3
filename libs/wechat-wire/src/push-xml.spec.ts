import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { PushXmlError, type XmlBuild, type XmlFields, type XmlValue, buildPushXml, parseXml } from './push-xml.ts';

const codeOf = (source: string): string => {
  try {
    parseXml(source);
  } catch (error) {
    if (error instanceof PushXmlError) return error.code;
    throw error;
  }
  return 'read';
};
/** Objects without a prototype compare as ordinary ones. */
const plain = (value: XmlValue): unknown => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, plain(child)]));
};
const read = (source: string) => plain(parseXml(source));

describe('parseXml', () => {
  it.each([
    ['<xml><A><![CDATA[x]]></A></xml>', { A: 'x' }],
    ['<xml><A>x</A></xml>', { A: 'x' }],
    ['\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><xml>\r\n <A>\n x </A>\n</xml>\n', { A: 'x' }],
    ['<xml><A>\n <![CDATA[ x ]]>\n <!-- c --> </A></xml>', { A: ' x ' }],
    ['<xml><A>a<![CDATA[<b>&amp;]]>c</A></xml>', { A: 'a<b>&amp;c' }],
    ['<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>', { A: 'a]]>b' }],
    ['<xml><A></A><B/><C ></C ><D />\t</xml>', { A: '', B: '', C: '', D: '' }],
    ['<xml><A k="v" l=\'>\'>x</A></xml>', { A: 'x' }],
    ['<xml><A>1</A><A>2</A><A>3</A></xml>', { A: ['1', '2', '3'] }],
    ['<xml><info><name>n</name> <code>c</code></info></xml>', { info: { name: 'n', code: 'c' } }],
    ['<xml><A>&lt;&gt;&amp;&quot;&apos;&#20013;&#x4E2D;</A></xml>', { A: '<>&"\'中中' }],
    ['<xml><A>a=1&b=2&unknown;&#0;&#xD800;&#x110000;</A></xml>', { A: 'a=1&b=2&unknown;&#0;&#xD800;&#x110000;' }],
    ['<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>', { demo_resp: '[CDATA[good luck]]' }],
    ['<xml/>', {}],
  ])('reads %j', (source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it.each([
    ['', 'malformed'],
    ['   ', 'malformed'],
    ['success', 'malformed'],
    ['{"errcode":0}', 'malformed'],
    ['<html></html>', 'malformed'],
    ['<xml>', 'malformed'],
    ['<xml><A>x</xml>', 'malformed'],
    ['<xml><A>x</B></xml>', 'malformed'],
    ['<xml></xml><xml></xml>', 'malformed'],
    ['<xml></xml>x', 'malformed'],
    ['<xml><A><![CDATA[x</A></xml>', 'malformed'],
    ['<xml><1>x</1></xml>', 'malformed'],
    ['<xml><A k=v>x</A></xml>', 'malformed'],
    ['<xml', 'malformed'],
    ['<![CDATA[x]]>', 'malformed'],
    ['<!DOCTYPE xml><xml></xml>', 'forbidden_markup'],
    ['<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>', 'forbidden_markup'],
    ['<xml><!ENTITY a "b"><A>&a;</A></xml>', 'forbidden_markup'],
    ['<xml><!doctype a></xml>', 'forbidden_markup'],
    [`<xml>${'<a>'.repeat(100_000)}`, 'too_large'],
    [`<xml>${'<a>'.repeat(8)}${'</a>'.repeat(8)}</xml>`, 'too_deep'],
    [`<xml>${'x'.repeat(300_000)}</xml>`, 'too_large'],
  ])('refuses %.60j (%s)', (source, code) => {
    expect(codeOf(source)).toBe(code);
  });

  it('has no prototype to reach', () => {
    const fields = parseXml('<xml><__proto__><polluted>yes</polluted></__proto__><constructor>c</constructor></xml>');
    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(Object.keys(fields)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('never throws anything but PushXmlError', () => {
    const pieces = [
      '<',
      '>',
      '/',
      '<xml>',
      '</xml>',
      '<A>',
      '</A>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      '&amp;',
      '&#',
      ';',
      '"',
      '=',
      ' ',
      'x',
      '中',
      '\u0000',
      '<!DOCTYPE a[',
    ];
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          soup,
          fc.string({ unit: 'binary' }),
          soup.map((inner) => `<xml>${inner}</xml>`),
        ),
        (source) => typeof codeOf(source) === 'string',
      ),
      { numRuns: 2000 },
    );
  });
});

const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/).filter((name) => name !== '__proto__');
/** Text as XML allows it: no control characters, and no carriage return, which XML readers may normalise. */
const characters = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', ']]>', ']]', '<A>', '&amp;', '&', 'a]]>b]]>', ' x ', '中文\n第二行'),
);
type Tree = Parameters<typeof buildPushXml>[0];
const trees = fc.letrec<{ fields: Tree; value: XmlBuild }>((tie) => ({
  fields: fc.dictionary(names, tie('value'), { minKeys: 1, maxKeys: 5 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, maxDepth: 3 },
    characters,
    tie('fields') as fc.Arbitrary<XmlBuild>,
    fc.array(characters, { minLength: 2, maxLength: 4 }),
  ),
})).fields;

describe('buildPushXml', () => {
  it('writes the layout of captured pushes', () => {
    expect(buildPushXml({ AppId: 'wx1', CreateTime: 5, Skipped: undefined, List: ['a', 'b'], info: { n: 'm' } })).toBe(
      '<xml><AppId><![CDATA[wx1]]></AppId>\n<CreateTime>5</CreateTime>\n<List><![CDATA[a]]></List>\n<List><![CDATA[b]]></List>\n<info><n><![CDATA[m]]></n></info></xml>',
    );
    expect(buildPushXml({ A: '<&>' }, { cdata: false })).toBe('<xml><A>&lt;&amp;&gt;</A></xml>');
  });

  it('refuses names that are none', () => {
    for (const name of ['', '1', 'a b', 'a>', '/a']) expect(() => buildPushXml({ [name]: 'x' })).toThrow(RangeError);
  });

  it('what is built with CDATA is read back exactly', () => {
    fc.assert(fc.property(trees, (fields) => expect(read(buildPushXml(fields))).toEqual(fields)));
  });

  it('what is built without CDATA is read back up to white space at the ends', () => {
    const trimmed = (value: unknown): unknown => {
      if (typeof value === 'string') return value.trim();
      if (Array.isArray(value)) return value.map(trimmed);
      return Object.fromEntries(Object.entries(value as object).map(([name, child]) => [name, trimmed(child)]));
    };
    fc.assert(
      fc.property(trees, (fields) => expect(read(buildPushXml(fields, { cdata: false }))).toEqual(trimmed(fields))),
    );
  });

  it('a general XML reader reads the same', () => {
    const general = new XMLParser({
      parseTagValue: false,
      ignoreAttributes: true,
      trimValues: true,
      cdataPropName: '',
    });
    const flat = fc.dictionary(
      names.filter((name) => !(name in {})),
      fc.oneof(fc.stringMatching(/^[\u4e00-\u4fffA-Za-z0-9:/?.<>-]{0,30}$/), fc.nat()),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(flat, fc.boolean(), (fields, cdata) => {
        const xml = buildPushXml(fields, { cdata });
        expect(read(xml)).toEqual((general.parse(xml) as { xml: XmlFields }).xml);
      }),
    );
  });
});
