import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** Of an IPv6 address: what a customer of a network is given at least. */
const NETWORK_GROUPS = 4;

/**
 * By what an address is limited: an IPv4 address by itself, also when it comes wrapped in IPv6 (`::ffff:192.0.2.1`), and an
 * IPv6 address by its /64, all of which belong to one line.
 */
export function limitedBy(address: string): string {
  if (!address.includes(':')) return address;
  const bare = address.split('%', 1)[0] as string;
  if (!isIPv6(bare)) return address;
  const groups = groupsOf(bare);
  const [high, low] = groups.slice(-2) as [number, number];
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  }
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** All eight, as numbers. */
function groupsOf(address: string): number[] {
  // The last four bytes may be written as an IPv4 address.
  const tail = address.lastIndexOf(':') + 1;
  const [a = 0, b, c = 0, d = 0] = address.slice(tail).split('.').map(Number);
  const hex =
    b === undefined
      ? address
      : `${address.slice(0, tail)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const [front, back] = hex.split('::').map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]?];
  const zeros = back ? Array<string>(GROUPS - front.length - back.length).fill('0') : [];
  return [...front, ...zeros, ...(back ?? [])].map((group) => parseInt(group, 16));
}
