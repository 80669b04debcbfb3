import { ANY_GROUP, DIRECT, EFFECTIVE, IN_FORCE_AND_DIRECT, LIST_COUNT, LIST_SLOT_COUNT } from './slots.ts';

/** Entries of one content per slot, whatever identifies them; `null`: not sent. */
export type Slots<T> = readonly (readonly T[] | null)[];

/** Difference between what is configured and what is in force, for one list. */
export interface ListDrift<T> {
  /** 0 to 5. */
  list: number;
  /** Configured in some group, not in force. */
  pending: T[];
  /** In force, configured in no group. */
  effectiveOnly: T[];
}

/**
 * Drift per list. An effective list that WeChat did not send holds nothing that is known to be in force, so what is
 * configured is pending. Where no configured list was sent, nothing is known to be missing from the configuration:
 * an answer with `effective_domain` alone drifts nowhere.
 */
export function driftOf<T>(content: Slots<T>): ListDrift<T>[] {
  const drifts: ListDrift<T>[] = [];
  for (let list = 0; list < LIST_COUNT; list++) {
    const configured = new Set<T>();
    let configuredSent = false;
    for (let group = 0; group < EFFECTIVE; group++) {
      const entries = content[group * LIST_COUNT + list];
      if (!entries) continue;
      configuredSent = true;
      for (const entry of entries) configured.add(entry);
    }
    const effective = new Set(content[EFFECTIVE * LIST_COUNT + list] ?? []);
    const pending = [...configured].filter((entry) => !effective.has(entry));
    const effectiveOnly = configuredSent ? [...effective].filter((entry) => !configured.has(entry)) : [];
    if (pending.length > 0 || effectiveOnly.length > 0) drifts.push({ list, pending, effectiveOnly });
  }
  return drifts;
}

/** Entries of the longest list. */
export function largestList(content: Slots<unknown>): number {
  return content.reduce((most, entries) => Math.max(most, entries?.length ?? 0), 0);
}

/** Calls `visit` for every (slot, entry) that the counters count: each list, each list regardless of group, and what is in force and direct. */
export function forEachUse<T>(content: Slots<T>, visit: (slot: number, entry: T) => void): void {
  for (let slot = 0; slot < LIST_SLOT_COUNT; slot++) for (const entry of content[slot] ?? []) visit(slot, entry);
  for (let list = 0; list < LIST_COUNT; list++) {
    const any = new Set<T>();
    for (let slot = list; slot < LIST_SLOT_COUNT; slot += LIST_COUNT) {
      for (const entry of content[slot] ?? []) any.add(entry);
    }
    for (const entry of any) visit(ANY_GROUP + list, entry);
    const direct = new Set(content[DIRECT * LIST_COUNT + list] ?? []);
    if (direct.size === 0) continue;
    const inForce = new Set(content[EFFECTIVE * LIST_COUNT + list] ?? []);
    for (const entry of direct) if (inForce.has(entry)) visit(IN_FORCE_AND_DIRECT + list, entry);
  }
}
