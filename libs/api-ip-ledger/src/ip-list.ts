import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** Version of the normal form, part of every digest. */
const NORMAL_FORM = 1;

/** A list of WeChat in normal form: every address or network once, in numeric order, IPv4 before IPv6. */
export interface IpList {
  entries: string[];
  /** What is neither an address nor a network, as it came; never part of a list that a firewall is made of. */
  invalid: string[];
  /** SHA-256 over `entries`, whatever the order and spelling in which they came. */
  digest: Buffer;
}

interface Entry {
  text: string;
  bits: 32 | 128;
  value: bigint;
  prefix: number;
}

/**
 * Reads a list of addresses and networks (WeChat pages 'getApiDomainIp', 'getCallbackIp'). Host bits of a network are
 * cleared, a network of one address becomes that address, IPv6 gets its shortest form. Nothing is merged: an address
 * inside a listed network stays, as WeChat gave it.
 */
export function normaliseIpList(list: readonly string[]): IpList {
  const entries = new Map<string, Entry>();
  const invalid = new Set<string>();
  for (const each of list) {
    const entry = parseEntry(each.trim());
    if (entry) entries.set(entry.text, entry);
    else invalid.add(each.replaceAll('\u0000', '\\u0000')); // PostgreSQL's text refuses NUL
  }
  const sorted = [...entries.values()].sort(inOrder).map((entry) => entry.text);
  const hash = createHash('sha256').update(`wxfleet-ip-list:${NORMAL_FORM}:`);
  for (const text of sorted) hash.update(`${text}\n`);
  return { entries: sorted, invalid: [...invalid].sort(), digest: hash.digest() };
}

/** One address or network in normal form, or null for anything else. */
export function normaliseIp(text: string): string | null {
  return parseEntry(text.trim())?.text ?? null;
}

function parseEntry(text: string): Entry | null {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  // A zone ('%eth0') names an interface of one machine, so it cannot be part of an address of WeChat.
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : null;
  if (bits === null) return null;
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return null;
  const prefix = Number(length);
  const full = bits === 32 ? valueOfV4(address) : valueOfV6(address);
  const hostBits = BigInt(bits - prefix);
  const value = (full >> hostBits) << hostBits;
  const shown = bits === 32 ? textOfV4(value) : textOfV6(value);
  return { text: prefix === bits ? shown : `${shown}/${prefix}`, bits, value, prefix };
}

function inOrder(a: Entry, b: Entry): number {
  if (a.bits !== b.bits) return a.bits - b.bits;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.prefix - b.prefix;
}

function valueOfV4(address: string): bigint {
  return address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function textOfV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

function valueOfV6(address: string): bigint {
  const [head = '', tail] = shortestV6(address).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

function textOfV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return shortestV6(groups.join(':'));
}

/** The URL parser knows every way of writing IPv6, embedded IPv4 included, and answers with the shortest form. */
function shortestV6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
