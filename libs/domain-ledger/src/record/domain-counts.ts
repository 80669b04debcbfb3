import type { Sql } from '#libs/kernel';
import { forEachUse, type Slots } from '../lists/content-facts.ts';
import { TOTAL_KNOWN } from '../lists/slots.ts';
import { ADD_USES, COMPARE_WITH_TRUTH, DELETE_UNUSED_COUNTS, FOLD_DELTAS } from './domain-counts.sql.ts';

/**
 * Steps of the fleet's counters, gathered over a batch and written at its end: the counters of widely used domains are
 * shared by all workers, so their rows are locked as late as possible, and always in the order of their key.
 */
export class CountSteps {
  private readonly steps = new Map<number, number>();

  /** Every (slot, domain) of a content, `sign` times. */
  content(places: Slots<number>, sign: 1 | -1): void {
    forEachUse(places, (place, domainId) => this.add(place, domainId, sign));
  }

  known(sign: 1 | -1): void {
    this.add(TOTAL_KNOWN, 0, sign);
  }

  async write(sql: Sql, platformId: number): Promise<void> {
    const steps = [...this.steps].filter(([, step]) => step !== 0).sort(([a], [b]) => a - b);
    if (steps.length === 0) return;
    const unused = await sql.query<UseKey>(ADD_USES, [
      platformId,
      steps.map(([key]) => Math.floor(key / KEYS)),
      steps.map(([key]) => key % KEYS),
      steps.map(([, step]) => step),
    ]);
    await removeUnused(sql, unused);
  }

  private add(place: number, domainId: number, step: number): void {
    const key = place * KEYS + domainId;
    this.steps.set(key, (this.steps.get(key) ?? 0) + step);
  }
}

/** Above every domain id (int), so that slot and domain make one exact number. */
const KEYS = 2 ** 32;

/**
 * Adds appended steps (authorizations that came and went) to the counters. Readers add both, so nothing is ever counted
 * twice or missed; this only keeps the sum short. Any number of processes may call it.
 * @returns steps folded
 */
export async function foldCounts(sql: Sql, limit = 20_000): Promise<number> {
  const [row] = await sql.query<{ folded: number; unused: UseKey[] | null }>(FOLD_DELTAS, [limit]);
  await removeUnused(sql, row?.unused ?? []);
  return row?.folded ?? 0;
}

interface UseKey {
  platformId: number;
  place: number;
  domainId: number;
}

/**
 * A domain that nobody has any more needs no counter. Who counts it again meanwhile has the row locked, which is then left
 * alone; and a row that is not there counts as nothing.
 */
async function removeUnused(sql: Sql, keys: readonly UseKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(DELETE_UNUSED_COUNTS, [
    keys.map((key) => key.platformId),
    keys.map((key) => key.place),
    keys.map((key) => key.domainId),
  ]);
}

/** Counts every mini program of a platform again and returns how many counters were wrong (0, unless there is a defect). */
export async function miscounted(sql: Sql, platformId: number): Promise<number> {
  const [row] = await sql.query<{ wrong: number }>(COMPARE_WITH_TRUTH, [platformId]);
  return row?.wrong ?? 0;
}
