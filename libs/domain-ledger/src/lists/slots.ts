import { DOMAIN_GROUPS, DOMAIN_LISTS, LIST_SCHEMES, type DomainGroup, type DomainList } from '#libs/contract';

export { DOMAIN_GROUPS, DOMAIN_LISTS, type DomainGroup, type DomainList };

/*
 * The four groups and six lists of a `get_effective_domain` answer (WeChat page 'getEffectiveServerDomain'), in the
 * order that gives every list of a mini program its slot: group * 6 + list, 0 to 23. Slots are stored; the order of
 * both constants must never change. Columns that hold one were made as `place` (`domain_use`), `places` (`domain_change_set`) and
 * `unknown_places` (`watch`) and keep these names, because the release before this one goes on working beside it; so do the members
 * of rows that are read from them. The `slot` of a mini program in a sweep is another one (`sweeps/schedule.ts`).
 */
export const LIST_COUNT = DOMAIN_LISTS.length;
export const LIST_SLOT_COUNT = DOMAIN_GROUPS.length * LIST_COUNT;
/** The group that says what is in force; the three before it say what is configured. */
export const EFFECTIVE = DOMAIN_GROUPS.indexOf('effective_domain');
/** The group that a platform sets without having the domains in its own list. */
export const DIRECT = DOMAIN_GROUPS.indexOf('direct_domain');

/** Counters only: `ANY_GROUP + list` counts mini programs that have a domain in that list of any group. */
export const ANY_GROUP = LIST_SLOT_COUNT;
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

export function groupOf(slot: number): DomainGroup {
  return DOMAIN_GROUPS[Math.floor(slot / LIST_COUNT)] as DomainGroup;
}

export function listOf(slot: number): DomainList {
  return DOMAIN_LISTS[slot % LIST_COUNT] as DomainList;
}

/** The slots that a filter on group and list leaves, in ascending order. */
export function slotsOf(group?: DomainGroup | null, list?: DomainList | null): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < LIST_SLOT_COUNT; slot++) {
    if ((!group || groupOf(slot) === group) && (!list || listOf(slot) === list)) slots.push(slot);
  }
  return slots;
}

/** A set of slots as a bit mask, as `domain_change_set.places` stores it. */
export function slotMask(slots: readonly number[]): number {
  return slots.reduce((mask, slot) => mask | (1 << slot), 0);
}

/** The slots of a bit mask, as group and list. */
export function listsOfMask(mask: number): { group: DomainGroup; list: DomainList }[] {
  return slotsOf()
    .filter((slot) => (mask >> slot) & 1)
    .map((slot) => ({ group: groupOf(slot), list: listOf(slot) }));
}

/** The scheme that entries of a list carry in WeChat's samples. */
export function schemeOf(list: DomainList): string {
  return LIST_SCHEMES[list];
}
