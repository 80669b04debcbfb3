import { lostFrom } from '../lists/ip-cover.ts';
import type { IpList } from '../lists/ip-list.ts';

/** Why a list is not published at once. */
export type HoldReason = 'empty' | 'incomplete' | 'shrunk';

export type Verdict = { publish: true } | { publish: false; reason: HoldReason; lost: string[] };

/**
 * Whether a fetched list may take the place of the published one. A firewall is made of it: a list that is empty, that has
 * entries nobody can read, or that lost more than half of its addresses is more likely a mistake than a move of WeChat's.
 * Without a list before, everything but an empty one is published: nothing is lost by it.
 * @param published entries in normal form; null before the first list
 */
export function verdictOn(list: IpList, published: readonly string[] | null): Verdict {
  const lost = published === null ? [] : lostFrom(published, list.entries);
  if (list.entries.length === 0) return { publish: false, reason: 'empty', lost };
  if (published === null) return { publish: true };
  if (list.invalid.length > 0) return { publish: false, reason: 'incomplete', lost };
  return lost.length * 2 > published.length ? { publish: false, reason: 'shrunk', lost } : { publish: true };
}
