import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { textOf, valueOf, type Bits } from './ip-numbers.ts';
import { networksOf } from './ip-ranges.ts';

/** Version of the normal form, part of every digest. */
const NORMAL_FORM = 1;

/** A list of WeChat in normal form: every address or network once, in numeric order, IPv4 before IPv6. */
export interface IpList {
  entries: string[];
  /** What could not be read, as it came; never part of a list that a firewall is made of. */
  invalid: string[];
  /** SHA-256 over `entries`, whatever the order and spelling in which they came. */
  digest: Buffer;
}

/** One address or network. */
export interface Entry {
  text: string;
  bits: Bits;
  value: bigint;
  prefix: number;
}

/**
 * Reads a list of addresses and networks (WeChat pages 'getApiDomainIp', 'getCallbackIp'). Host bits of a network are
 * cleared, a network of one address becomes that address, IPv6 gets its shortest form, ranges and masks become networks. Nothing
 * is merged: an address inside a listed network stays, as WeChat gave it.
 */
export function normaliseIpList(list: readonly string[]): IpList {
  const entries = new Map<string, Entry>();
  const invalid = new Set<string>();
  for (const each of list) {
    const text = each.trim();
    const found = isEntry(text) ? [text] : networksOf(text);
    // PostgreSQL's text refuses NUL.
    if (!found) invalid.add(each.replaceAll('\u0000', '\\u0000'));
    for (const one of found ?? []) {
      const entry = parseEntry(one) as Entry;
      entries.set(entry.text, entry);
    }
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

function isEntry(text: string): boolean {
  return parseEntry(text) !== null;
}

export function parseEntry(text: string): Entry | null {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  // A zone ('%eth0') names an interface of one machine, so it cannot be part of an address of WeChat.
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : null;
  if (bits === null) return null;
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return null;
  const prefix = Number(length);
  const full = valueOf(address, bits);
  const hostBits = BigInt(bits - prefix);
  return entryOf((full >> hostBits) << hostBits, prefix, bits);
}

/** @param value with no host bits set */
export function entryOf(value: bigint, prefix: number, bits: Bits): Entry {
  const shown = textOf(value, bits);
  return { text: prefix === bits ? shown : `${shown}/${prefix}`, bits, value, prefix };
}

/** IPv4 before IPv6, by number, wider networks first. */
export function inOrder(a: Entry, b: Entry): number {
  if (a.bits !== b.bits) return a.bits - b.bits;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.prefix - b.prefix;
}

/** Of the content alone: equal tokens are equal lists, however many lists were between them. */
export function syncToken(digest: Buffer): string {
  return digest.subarray(0, 16).toString('hex');
}
