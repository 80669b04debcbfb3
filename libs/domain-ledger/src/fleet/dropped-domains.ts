import type { Sql } from '#libs/kernel';
import type { FleetScope } from './fleet-scope.ts';
import { EFFECTIVE, LIST_COUNT } from '../lists/slots.ts';
import { OF_MERCHANTS, OF_PLATFORM, USING } from './dropped-domains.sql.ts';

export interface DroppedDomain {
  /** In normal form. */
  name: string;
  /** Of the list in `effective_domain`. */
  place: number;
  /** Mini programs that lose it. */
  count: number;
}

/**
 * Domains that the next release through the platform drops, the most used first: in force, not in the platform's own list, and
 * not in `direct_domain` of that mini program, which needs no such list (WeChat page 'modifyServerDomainDirectly').
 * @param published hosts of the platform's own list in normal form
 */
export function dropped(
  sql: Sql,
  scope: FleetScope,
  published: readonly string[],
  limit: number,
): Promise<DroppedDomain[]> {
  const effective = Array.from({ length: LIST_COUNT }, (_, list) => EFFECTIVE * LIST_COUNT + list);
  const values = [scope.platformId, effective, published, limit];
  return scope.merchantIds === null
    ? sql.query(OF_PLATFORM, values)
    : sql.query(OF_MERCHANTS, [...values, scope.merchantIds]);
}

/** Mini programs that have a domain of one of these hosts in force. */
export async function accountsThatUse(sql: Sql, platformId: number, hosts: readonly string[]): Promise<number> {
  const [row] = await sql.query<{ count: number }>(USING, [platformId, hosts]);
  return row?.count ?? 0;
}
