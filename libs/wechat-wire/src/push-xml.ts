/**
 * The small XML of WeChat's pushes: elements, text, CDATA. The envelope arrives unauthenticated, so the reader knows no
 * document types, no entity declarations and no external anything, and is bounded in size and depth. It reads in one
 * pass without recursion. Attributes, comments and processing instructions are skipped.
 */
export type PushXmlErrorCode = 'too_large' | 'too_deep' | 'forbidden_markup' | 'malformed' | 'missing_element';

/** The only error of the push parsers. Its message names positions and element names, never content. */
export class PushXmlError extends Error {
  override readonly name = 'PushXmlError';
  readonly code: PushXmlErrorCode;

  constructor(code: PushXmlErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Text of a leaf, fields of a parent, or a list where an element stood more than once. */
export type XmlValue = string | XmlFields | XmlValue[];
/** Child elements by name; made without a prototype, so no element name can reach one. */
export interface XmlFields {
  [name: string]: XmlValue;
}

export interface XmlLimits {
  /** UTF-16 units; 256 Ki by default. The longest documented pushes have a few Ki. */
  maxLength?: number;
  /** elements inside each other, the root included; 8 by default (documented pushes have 3) */
  maxDepth?: number;
}

const NAME = /[A-Za-z_\u0080-\uffff][\w.:\-\u0080-\uffff]*/y;
const ATTRIBUTES = /(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));/g;
const PREDEFINED = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" } as const;

interface OpenElement {
  name: string;
  fields: XmlFields | undefined;
  text: string;
  hasCdata: boolean;
}

/**
 * Reads one document and returns the children of its root `<xml>`. White space around text is dropped, inside CDATA it
 * stays. Text between child elements has no meaning in any push and is dropped.
 */
export function parseXml(source: string, limits: XmlLimits = {}): XmlFields {
  const maxLength = limits.maxLength ?? 262_144;
  const maxDepth = limits.maxDepth ?? 8;
  if (source.length > maxLength) throw new PushXmlError('too_large', `the XML has more than ${maxLength} characters`);

  const open: OpenElement[] = [];
  let root: OpenElement | undefined;
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < source.length) {
    const parent = open.at(-1);
    const tag = source.indexOf('<', at);
    const text = source.slice(at, tag === -1 ? source.length : tag);
    // White space beside a CDATA section is layout, not content.
    if (parent) parent.text += parent.hasCdata && text.trim() === '' ? '' : expand(text);
    else if (text.trim() !== '') throw malformed(at, 'text outside the root element');
    if (tag === -1) break;

    if (source.startsWith('<![CDATA[', tag)) {
      const end = endOf(source, ']]>', tag + 9);
      if (!parent) throw malformed(tag, 'CDATA outside the root element');
      if (!parent.hasCdata) parent.text = parent.text.trim();
      parent.text += source.slice(tag + 9, end);
      parent.hasCdata = true;
      at = end + 3;
    } else if (source.startsWith('<!--', tag)) {
      at = endOf(source, '-->', tag + 4) + 3;
    } else if (source.startsWith('<?', tag)) {
      at = endOf(source, '?>', tag + 2) + 2;
    } else if (source.startsWith('<!', tag)) {
      throw new PushXmlError('forbidden_markup', `a declaration at ${tag}: document types and entities are refused`);
    } else if (source.startsWith('</', tag)) {
      const name = nameAt(source, tag + 2);
      const end = endOf(source, '>', tag + 2 + name.length);
      if (parent?.name !== name || source.slice(tag + 2 + name.length, end).trim() !== '') {
        throw malformed(tag, 'an end tag without its start tag');
      }
      open.pop();
      close(parent, open.at(-1));
      at = end + 1;
    } else {
      const name = nameAt(source, tag + 1);
      ATTRIBUTES.lastIndex = tag + 1 + name.length;
      const rest = ATTRIBUTES.exec(source);
      if (!rest) throw malformed(tag, 'a broken start tag');
      if (!parent && root) throw malformed(tag, 'a second root element');
      if (open.length >= maxDepth)
        throw new PushXmlError('too_deep', `more than ${maxDepth} elements inside each other`);
      const element: OpenElement = { name, fields: undefined, text: '', hasCdata: false };
      root ??= element;
      if (rest[1] === '/') close(element, parent);
      else open.push(element);
      at = ATTRIBUTES.lastIndex;
    }
  }
  if (open.length > 0 || !root) throw malformed(source.length, 'the document ends too early');
  if (root.name !== 'xml') throw malformed(0, 'the root element is not <xml>');
  return root.fields ?? emptyFields();
}

/** What the builder writes: text, whole numbers, nested fields, lists for repeated elements; absent values are skipped. */
export type XmlBuild = string | number | { readonly [name: string]: XmlBuild | undefined | null } | readonly XmlBuild[];

/**
 * Writes `<xml>…</xml>` in the layout of WeChat's samples. With `cdata` (the default, as in captured pushes) text goes
 * into CDATA and numbers stay bare; without it text is escaped, as in the samples of the documentation.
 */
export function buildPushXml(
  fields: { readonly [name: string]: XmlBuild | undefined | null },
  options: { cdata?: boolean } = {},
): string {
  return `<xml>${writeFields(fields, options.cdata ?? true)}</xml>`;
}

function writeFields(fields: { readonly [name: string]: XmlBuild | undefined | null }, cdata: boolean): string {
  let out = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (!isName(name)) throw new RangeError('an element name that XML does not allow');
    for (const item of isList(value) ? value : [value]) {
      if (isList(item)) throw new RangeError('a list inside a list has no XML form');
      out += `<${name}>${writeValue(item, cdata)}</${name}>\n`;
    }
  }
  return out.slice(0, -1);
}

function writeValue(value: Exclude<XmlBuild, readonly XmlBuild[]>, cdata: boolean): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return writeFields(value, cdata);
  return cdata ? cdataOf(value) : escapeText(value);
}

/** Text as CDATA; an end mark inside it is split over two sections. */
export function cdataOf(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function isList(value: XmlBuild): value is readonly XmlBuild[] {
  return Array.isArray(value);
}

function isName(name: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(name)?.[0] === name;
}

function nameAt(source: string, at: number): string {
  NAME.lastIndex = at;
  const name = NAME.exec(source)?.[0];
  if (name === undefined) throw malformed(at, 'no element name');
  return name;
}

function endOf(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  if (end === -1) throw malformed(from, `no ${mark}`);
  return end;
}

function close(element: OpenElement, parent: OpenElement | undefined): void {
  if (!parent) return;
  const value = element.fields ?? (element.hasCdata ? element.text : element.text.trim());
  const siblings = (parent.fields ??= emptyFields());
  const before = siblings[element.name];
  if (before === undefined) siblings[element.name] = value;
  else if (Array.isArray(before)) before.push(value);
  else siblings[element.name] = [before, value];
}

function emptyFields(): XmlFields {
  return Object.create(null) as XmlFields;
}

/** The five predefined references and numeric ones. Anything else with an ampersand stays as it is: there is nothing to look up. */
function expand(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, name?: keyof typeof PREDEFINED, decimal?: string, hex?: string) => {
    if (name) return PREDEFINED[name];
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
    const isCharacter = point !== 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : whole;
  });
}

function malformed(at: number, what: string): PushXmlError {
  return new PushXmlError('malformed', `${what} (at ${at})`);
}
