import { isIPv4, isIPv6 } from 'node:net';
import { textOf, valueOf, type Bits } from './ip-numbers.ts';

/**
 * Other ways to write several addresses, as networks: `1.2.3.4-1.2.3.9`, `1.2.3.4-9`, `1.2.3.0/255.255.255.0`, `1.2.3.*`. WeChat's
 * page says "IP or segment" and shows addresses and CIDR only; a firewall must not lose a segment because of its spelling.
 * @returns null for what is none of these
 */
export function networksOf(text: string): string[] | null {
  return ofRange(text) ?? ofMask(text) ?? ofStars(text);
}

function ofRange(text: string): string[] | null {
  const parts = text.split('-').map((part) => part.trim());
  if (parts.length !== 2) return null;
  const first = parts[0] as string;
  let last = parts[1] as string;
  // The short form names the last octet only.
  if (isIPv4(first) && /^\d{1,3}$/.test(last)) last = first.slice(0, first.lastIndexOf('.') + 1) + String(Number(last));
  const bits = isIPv4(first) && isIPv4(last) ? 32 : isAddressV6(first) && isAddressV6(last) ? 128 : null;
  if (bits === null) return null;
  const [from, to] = [valueOf(first, bits), valueOf(last, bits)];
  return from <= to ? split(from, to, bits) : null;
}

function ofMask(text: string): string[] | null {
  const [address, mask, more] = text.split('/') as [string, string | undefined, string | undefined];
  if (mask === undefined || more !== undefined || !isIPv4(address) || !isIPv4(mask)) return null;
  const ones = valueOf(mask, 32).toString(2).padStart(32, '0');
  return /^1*0*$/.test(ones) ? [`${address}/${ones.indexOf('0') < 0 ? 32 : ones.indexOf('0')}`] : null;
}

function ofStars(text: string): string[] | null {
  const match = /^(\d{1,3}(?:\.\d{1,3}){0,2})((?:\.\*){1,3})$/.exec(text);
  if (!match) return null;
  const known = (match[1] as string).split('.');
  const stars = (match[2] as string).length / 2;
  if (known.length + stars !== 4) return null;
  const address = [...known, ...new Array<string>(stars).fill('0')].join('.');
  return isIPv4(address) ? [`${address}/${known.length * 8}`] : null;
}

function isAddressV6(text: string): boolean {
  return isIPv6(text) && !text.includes('%');
}

/** The fewest networks that hold exactly the addresses from `from` to `to`. */
function split(from: bigint, to: bigint, bits: Bits): string[] {
  const networks: string[] = [];
  let next = from;
  while (next <= to) {
    // The largest block that begins here and does not go beyond the end.
    let host = 0;
    while (host < bits && next % (1n << BigInt(host + 1)) === 0n && next + (1n << BigInt(host + 1)) - 1n <= to)
      host += 1;
    networks.push(`${textOf(next, bits)}/${bits - host}`);
    next += 1n << BigInt(host);
  }
  return networks;
}
