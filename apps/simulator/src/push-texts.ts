/** How element texts are written: `<![CDATA[…]]>` as captured pushes have it, or plain as WeChat's own samples show it. */
export type TextStyle = 'cdata' | 'plain';

/** An element with a text, or with elements. `bigint` is for ids of 64 bits. */
export type Element = readonly [name: string, value: string | number | bigint | Elements];
export type Elements = readonly Element[];

/** The decrypted XML of a push, element order kept. Numbers are never wrapped. */
export function pushXml(elements: Elements, style: TextStyle): string {
  return `<xml>${inner(elements, style)}</xml>`;
}

function inner(elements: Elements, style: TextStyle): string {
  return elements.map(([name, value]) => `<${name}>${written(value, style)}</${name}>`).join('\n');
}

/** The outer XML: `AppId` on system pushes, `ToUserName` on messages (captures of both kinds differ in just that). */
export function envelopeXml(receiver: { AppId: string } | { ToUserName: string }, encrypt: string): string {
  const [name, value] =
    'AppId' in receiver ? (['AppId', receiver.AppId] as const) : (['ToUserName', receiver.ToUserName] as const);
  return `<xml>\n    <${name}><![CDATA[${value}]]></${name}>\n    <Encrypt><![CDATA[${encrypt}]]></Encrypt>\n</xml>`;
}

/** The text of one element of a reply, with or without CDATA; null when it is not there. Enough for replies to our own probes. */
export function elementOf(xml: string, name: string): string | null {
  const match = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(xml);
  return match === null ? null : (match[1] ?? match[2] ?? '');
}

function written(value: Element[1], style: TextStyle): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return inner(value, style);
  if (style === 'cdata') return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
