import { DOMAIN_GROUPS, DOMAIN_LISTS, LIST_SCHEMES, type DomainGroup, type DomainList } from '#libs/contract';

export { DOMAIN_GROUPS, DOMAIN_LISTS, type DomainGroup, type DomainList };

/*
 * The four groups and six lists of a `get_effective_domain` answer (WeChat page 'getEffectiveServerDomain'), in the
 * order that gives every list of a mini program its place: group * 6 + list, 0 to 23. Places are stored; the order of
 * both constants must never change.
 */
export const LIST_COUNT = DOMAIN_LISTS.length;
export const PLACE_COUNT = DOMAIN_GROUPS.length * LIST_COUNT;
/** The group that says what is in force; the three before it say what is configured. */
export const EFFECTIVE = DOMAIN_GROUPS.indexOf('effective_domain');
/** The group that a platform sets without having the domains in its own list. */
export const DIRECT = DOMAIN_GROUPS.indexOf('direct_domain');

/** Counters only: `ANY_GROUP + list` counts mini programs that have a domain in that list of any group. */
export const ANY_GROUP = PLACE_COUNT;
/** Counters only: mini programs in state `authorized`. */
export const TOTAL_AUTHORIZED = 30;
/** Counters only: those among them that may be read and have been observed. */
export const TOTAL_KNOWN = 31;
/** Counters only: those in state `authorized` that grant set 18. */
export const TOTAL_READABLE = 38;
/**
 * Counters only: `IN_FORCE_AND_DIRECT + list` counts mini programs that have a domain in that list both in force and in
 * `direct_domain`, where it needs no list of the platform.
 */
export const IN_FORCE_AND_DIRECT = 32;

export function slotIndex(group: DomainGroup, list: DomainList): number {
  return DOMAIN_GROUPS.indexOf(group) * LIST_COUNT + DOMAIN_LISTS.indexOf(list);
}

export function groupOf(place: number): DomainGroup {
  return DOMAIN_GROUPS[Math.floor(place / LIST_COUNT)] as DomainGroup;
}

export function listOf(place: number): DomainList {
  return DOMAIN_LISTS[place % LIST_COUNT] as DomainList;
}

/** The places that a filter on group and list leaves, in ascending order. */
export function placesOf(group?: DomainGroup | null, list?: DomainList | null): number[] {
  const places: number[] = [];
  for (let place = 0; place < PLACE_COUNT; place++) {
    if ((!group || groupOf(place) === group) && (!list || listOf(place) === list)) places.push(place);
  }
  return places;
}

/** A set of places as a bit mask, as `domain_change_set.places` stores it. */
export function placeMask(places: readonly number[]): number {
  return places.reduce((mask, place) => mask | (1 << place), 0);
}

/** The places of a bit mask, as group and list. */
export function listsOfMask(mask: number): { group: DomainGroup; list: DomainList }[] {
  return placesOf()
    .filter((place) => (mask >> place) & 1)
    .map((place) => ({ group: groupOf(place), list: listOf(place) }));
}

/** The scheme that entries of a list carry in WeChat's samples. */
export function schemeOf(list: DomainList): string {
  return LIST_SCHEMES[list];
}
