import type { DomainChangeView } from '#libs/contract';
import { normaliseDomain, type NormalContent, type ShownDomains } from './normalise.ts';
import { PLACE_COUNT, groupOf, listOf } from './slots.ts';

/**
 * What changed in one list. A list that was not sent counts as without entries, yet the step from not sent to empty
 * (or back) is a fact and stays: then both arrays are empty.
 */
export interface PlaceChange<T> {
  place: number;
  added: T[];
  removed: T[];
}

/** Changes per place, in place order; entries keep the order of the side they come from. */
export function diffPlaces<T>(
  before: readonly (readonly T[] | null)[],
  after: readonly (readonly T[] | null)[],
): PlaceChange<T>[] {
  const changes: PlaceChange<T>[] = [];
  for (let place = 0; place < PLACE_COUNT; place++) {
    const old = before[place] ?? null;
    const now = after[place] ?? null;
    if (old === now) continue;
    const oldSet = new Set(old ?? []);
    const nowSet = new Set(now ?? []);
    const added = [...nowSet].filter((entry) => !oldSet.has(entry));
    const removed = [...oldSet].filter((entry) => !nowSet.has(entry));
    if (added.length > 0 || removed.length > 0 || (old === null) !== (now === null)) {
      changes.push({ place, added, removed });
    }
  }
  return changes;
}

/** Difference of two normal forms. Equal contents give no change. */
export function diffDomains(before: NormalContent, after: NormalContent): DomainChangeView[] {
  return diffPlaces(before, after).map(({ place, added, removed }) => ({
    group: groupOf(place),
    list: listOf(place),
    added,
    removed,
  }));
}

/**
 * Difference of two shown replies: decided on normal forms, told in WeChat's own spelling.
 * @param unknown bit mask of places of which one of them says nothing: there is no difference to tell
 */
export function diffShown(before: ShownDomains, after: ShownDomains, unknown = 0): DomainChangeView[] {
  const old = spellings(before);
  const now = spellings(after);
  const known = diffPlaces(keysOf(old), keysOf(now)).filter(({ place }) => !((unknown >> place) & 1));
  return known.map(({ place, added, removed }) => ({
    group: groupOf(place),
    list: listOf(place),
    added: added.map((name) => now[place]?.get(name) ?? name),
    removed: removed.map((name) => old[place]?.get(name) ?? name),
  }));
}

/** Per place: normal form to the first spelling that came. */
export function spellings(shown: ShownDomains): (Map<string, string> | null)[] {
  return Array.from({ length: PLACE_COUNT }, (_, place) => {
    const entries = shown[groupOf(place)]?.[listOf(place)];
    if (!entries) return null;
    const names = new Map<string, string>();
    for (const entry of entries) {
      const name = normaliseDomain(entry);
      if (!names.has(name)) names.set(name, entry);
    }
    return names;
  });
}

function keysOf(places: readonly (Map<string, string> | null)[]): (string[] | null)[] {
  return places.map((names) => (names ? [...names.keys()] : null));
}
