import type { Sql } from '#libs/kernel';
import type { FleetScope } from './fleet-scope.ts';
import { DIRECT, LIST_COUNT } from '../lists/slots.ts';
import { OF_MERCHANTS, OF_PLATFORM } from './principals-of-domains.sql.ts';

export interface PrincipalsOfDomain {
  /** In normal form. */
  name: string;
  /** Distinct principals that have it in `direct_domain`; an account without one counts as its own. */
  count: number;
  /** The oldest of the observations behind the count. */
  at: Date;
}

/** Most used domains of each list, which are counted first: where they have many principals, few others can have more. */
const FIRST = 50;

/**
 * The domains in `direct_domain` with the most principals, exactly, of mini programs that count as known.
 *
 * Principals have no counter of their own: it would have to follow every change of a principal's name. No domain has more of
 * them than it has uses, so that the most used domains are counted, then those alone that have more uses than the last one to be
 * shown has principals. Either time each mini program is passed at most once for each of its lists, however many domains are
 * asked about, and what it shares with others of its principal is opened once.
 */
export function mostPrincipals(sql: Sql, scope: FleetScope, limit: number): Promise<PrincipalsOfDomain[]> {
  if (scope.merchantIds !== null) return sql.query(OF_MERCHANTS, [scope.platformId, scope.merchantIds, limit]);
  const places = Array.from({ length: LIST_COUNT }, (_, list) => DIRECT * LIST_COUNT + list);
  return sql.query(OF_PLATFORM, [scope.platformId, places, FIRST, limit]);
}
