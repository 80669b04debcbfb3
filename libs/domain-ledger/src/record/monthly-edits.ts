import type { Sql } from '#libs/kernel';
import { LIST_COUNT, placeMask } from '../lists/slots.ts';

/** What can be edited from outside: `third_domain` and `direct_domain`. */
export const EDITABLE_PLACES = placeMask(Array.from({ length: 2 * LIST_COUNT }, (_, index) => LIST_COUNT + index));

/** The month by which edits are counted. Which one WeChat counts by is not documented. */
export const MONTH = `SELECT date_trunc('month', wxfleet.now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai' AS began`;

/**
 * Snapshots `s` of platform $1 since `month.began` that are edits, with their change sets `c`. An edit adds or removes a domain: a
 * list that was not sent and is empty now is none. What was seen first this month, but may have been done last month, is none.
 * @param mask parameter with the places
 * @param join more of FROM, about `s`
 */
export function editsSeen(mask: string, join = ''): string {
  return `FROM domain_ledger.snapshot s
           JOIN domain_ledger.domain_change_set c USING (change_id)
           JOIN domain_ledger.watch k ON k.platform_id = $1 AND k.authorizer_id = s.authorizer_id AND k.counted > 0
           ${join}, LATERAL (
             SELECT b.last_observed_at FROM domain_ledger.snapshot b
              WHERE b.platform_id = $1 AND b.authorizer_id = s.authorizer_id AND b.no < s.no
              ORDER BY b.no DESC LIMIT 1) AS before
          WHERE s.platform_id = $1 AND s.change_id IS NOT NULL AND s.first_observed_at >= (SELECT began FROM month)
            AND before.last_observed_at >= (SELECT began FROM month)
            AND c.places & ${mask} <> 0
            AND EXISTS (SELECT FROM unnest(c.added_at, c.removed_at) AS m (added, removed)
                         WHERE (m.added | m.removed) & ${mask} <> 0)`;
}

/**
 * Edits of some mini programs seen this month, and the number of the newest one.
 * Ask in the transaction that wrote the snapshots.
 */
export async function editsOf(
  sql: Sql,
  platformId: number,
  authorizerIds: readonly number[],
): Promise<Map<number, { count: number; newest: number }>> {
  if (authorizerIds.length === 0) return new Map();
  const rows = await sql.query<{ id: number; count: number; newest: number }>(
    `WITH month AS (${MONTH})
     SELECT s.authorizer_id AS id, count(*)::int AS count, max(s.no) AS newest
       ${editsSeen('$3')} AND s.authorizer_id = ANY ($2::bigint[])
      GROUP BY s.authorizer_id`,
    [platformId, authorizerIds, EDITABLE_PLACES],
  );
  return new Map(rows.map(({ id, count, newest }) => [id, { count, newest }]));
}
