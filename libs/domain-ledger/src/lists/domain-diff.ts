import type { DomainChangeView } from '#libs/contract';
import { normaliseDomain, type NormalContent, type ShownDomains } from './normalise.ts';
import { LIST_SLOT_COUNT, groupOf, listOf } from './slots.ts';

/**
 * What changed in one list. A list that was not sent counts as without entries, yet the step from not sent to empty
 * (or back) is a fact and stays: then both arrays are empty.
 */
export interface SlotChange<T> {
  slot: number;
  added: T[];
  removed: T[];
}

/** Changes per slot, in slot order; entries keep the order of the side they come from. */
export function diffSlots<T>(
  before: readonly (readonly T[] | null)[],
  after: readonly (readonly T[] | null)[],
): SlotChange<T>[] {
  const changes: SlotChange<T>[] = [];
  for (let slot = 0; slot < LIST_SLOT_COUNT; slot++) {
    const old = before[slot] ?? null;
    const now = after[slot] ?? null;
    if (old === now) continue;
    const oldSet = new Set(old ?? []);
    const nowSet = new Set(now ?? []);
    const added = [...nowSet].filter((entry) => !oldSet.has(entry));
    const removed = [...oldSet].filter((entry) => !nowSet.has(entry));
    if (added.length > 0 || removed.length > 0 || (old === null) !== (now === null)) {
      changes.push({ slot, added, removed });
    }
  }
  return changes;
}

/** Difference of two normal forms. Equal contents give no change. */
export function diffDomains(before: NormalContent, after: NormalContent): DomainChangeView[] {
  return diffSlots(before, after).map(({ slot, added, removed }) => ({
    group: groupOf(slot),
    list: listOf(slot),
    added,
    removed,
  }));
}

/**
 * Difference of two shown replies: decided on normal forms, told in WeChat's own spelling.
 * @param unknown bit mask of slots of which one of them says nothing: there is no difference to tell
 */
export function diffShown(before: ShownDomains, after: ShownDomains, unknown = 0): DomainChangeView[] {
  const old = spellings(before);
  const now = spellings(after);
  const known = diffSlots(keysOf(old), keysOf(now)).filter(({ slot }) => !((unknown >> slot) & 1));
  return known.map(({ slot, added, removed }) => ({
    group: groupOf(slot),
    list: listOf(slot),
    added: added.map((name) => now[slot]?.get(name) ?? name),
    removed: removed.map((name) => old[slot]?.get(name) ?? name),
  }));
}

/** Per slot: normal form to the first spelling that came. */
export function spellings(shown: ShownDomains): (Map<string, string> | null)[] {
  return Array.from({ length: LIST_SLOT_COUNT }, (_, slot) => {
    const entries = shown[groupOf(slot)]?.[listOf(slot)];
    if (!entries) return null;
    const names = new Map<string, string>();
    for (const entry of entries) {
      const name = normaliseDomain(entry);
      if (!names.has(name)) names.set(name, entry);
    }
    return names;
  });
}

function keysOf(slots: readonly (Map<string, string> | null)[]): (string[] | null)[] {
  return slots.map((names) => (names ? [...names.keys()] : null));
}
