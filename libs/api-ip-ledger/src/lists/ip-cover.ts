import { entryOf, inOrder, parseEntry, type Entry } from './ip-list.ts';

/**
 * The same addresses in as few networks as possible, in the order of `normaliseIpList`. Written here, because cidr-tools 9.1.1
 * loses addresses: it makes `2001:db8::/113` of `2001:db8::/112` and `2001:db8::/113`.
 * @param entries in normal form
 */
export function aggregated(entries: readonly string[]): string[] {
  const merged: Entry[] = [];
  // Wider networks come first, so what lies within one comes after it.
  for (const entry of entries.map(parsed).sort(inOrder)) {
    const last = merged.at(-1);
    if (last && isWithin(entry, last)) continue;
    merged.push(entry);
    let parent: Entry | null;
    while ((parent = parentOf(merged.at(-2), merged.at(-1)))) merged.splice(-2, 2, parent);
  }
  return merged.map(({ text }) => text);
}

/** The network that two halves make, if they do. */
function parentOf(left: Entry | undefined, right: Entry | undefined): Entry | null {
  if (!left || !right || left.bits !== right.bits || left.prefix !== right.prefix || left.prefix === 0) return null;
  const size = 1n << BigInt(left.bits - left.prefix);
  const isPair = left.value % (2n * size) === 0n && right.value === left.value + size;
  return isPair ? entryOf(left.value, left.prefix - 1, left.bits) : null;
}

/** Entries of `before` that `after` does not hold whole, be it in one network or in several. Both in normal form. */
export function lostFrom(before: readonly string[], after: readonly string[]): string[] {
  const exact = new Set(after);
  const missing = before.filter((entry) => !exact.has(entry));
  if (missing.length === 0) return [];
  // A merged list has the largest networks there are, so an entry that is held whole lies within one of them.
  const merged = aggregated(after).map(parsed);
  return missing.filter((entry) => !merged.some((network) => isWithin(parsed(entry), network)));
}

/** Whether the entry (address or network, in normal form) holds the address. */
export function holds(entry: string, address: string): boolean {
  return isWithin(parsed(address), parsed(entry));
}

function isWithin(inner: Entry, outer: Entry): boolean {
  const hostBits = BigInt(outer.bits - outer.prefix);
  return (
    inner.bits === outer.bits && inner.prefix >= outer.prefix && inner.value >> hostBits === outer.value >> hostBits
  );
}

function parsed(text: string): Entry {
  const entry = parseEntry(text);
  if (!entry) throw new RangeError(`neither an address nor a network: ${text}`);
  return entry;
}
