/** IPv4 or IPv6, by the length of an address. */
export type Bits = 32 | 128;

export function valueOf(address: string, bits: Bits): bigint {
  return bits === 32 ? valueOfV4(address) : valueOfV6(address);
}

export function textOf(value: bigint, bits: Bits): string {
  return bits === 32 ? textOfV4(value) : textOfV6(value);
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
