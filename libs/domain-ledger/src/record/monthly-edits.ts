import type { Sql } from '#libs/kernel';
import type { SlotChange } from '../lists/domain-diff.ts';
import { LIST_COUNT, slotMask } from '../lists/slots.ts';

/** What can be edited from outside: `third_domain` and `direct_domain`. */
export const EDITABLE_SLOTS = slotMask(Array.from({ length: 2 * LIST_COUNT }, (_, index) => LIST_COUNT + index));

/** The first moment of the month in Beijing that holds a moment. By which month WeChat counts edits is not documented. */
export const monthOf = (moment: string) =>
  `date_trunc('month', ${moment} AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'`;
/** How `watch.edits_month` names that month. */
export const monthDateOf = (moment: string) => `date_trunc('month', ${moment} AT TIME ZONE 'Asia/Shanghai')::date`;
/** The present month. */
export const MONTH = `SELECT ${monthOf('wxfleet.now()')} AS began, ${monthDateOf('wxfleet.now()')} AS month`;

/**
 * Whether changed lists are an edit from outside: a domain was added or removed. A list that was not sent and is empty now is none.
 */
export function isEdit(changes: readonly SlotChange<number>[]): boolean {
  return changes.some(
    ({ slot, added, removed }) => (EDITABLE_SLOTS >> slot) & 1 && (added.length > 0 || removed.length > 0),
  );
}

/**
 * Counts the edits of the present month again, from the snapshots, for mini programs whose latest snapshots were taken out of the
 * history. What was seen first this month, but may have been done last month, is none.
 * Give the transaction that holds the locks of their rows.
 */
export async function recountEdits(sql: Sql, platformId: number, authorizerIds: readonly number[]): Promise<void> {
  await sql.run(
    `WITH month AS (${MONTH}), seen AS (${EDITS_SEEN} AND s.authorizer_id = ANY ($3::bigint[]) GROUP BY s.authorizer_id)
     UPDATE domain_ledger.watch w SET edits_month = m.month, edits = coalesce(e.count, 0)
       FROM month m, unnest($3::bigint[]) AS t (authorizer_id) LEFT JOIN seen e USING (authorizer_id)
      WHERE w.platform_id = $1 AND w.authorizer_id = t.authorizer_id`,
    [platformId, EDITABLE_SLOTS, authorizerIds],
  );
}

/** Edits of the present month by the snapshots of platform $1; $2 editable slots. */
const EDITS_SEEN = `
  SELECT s.authorizer_id, count(*) AS count
    FROM domain_ledger.snapshot s
    JOIN domain_ledger.domain_change_set c USING (change_id), LATERAL (
         SELECT b.last_observed_at FROM domain_ledger.snapshot b
          WHERE b.platform_id = $1 AND b.authorizer_id = s.authorizer_id AND b.no < s.no
          ORDER BY b.no DESC LIMIT 1) AS before
   WHERE s.platform_id = $1 AND s.change_id IS NOT NULL AND s.first_observed_at >= (SELECT began FROM month)
     AND before.last_observed_at >= (SELECT began FROM month)
     AND EXISTS (SELECT FROM unnest(c.added_at, c.removed_at) AS m (added, removed) WHERE (m.added | m.removed) & $2 <> 0)`;

/** Counts the month's edits of a platform again and returns for how many mini programs they were wrong (0, unless there is a defect). */
export async function miscountedEdits(sql: Sql, platformId: number): Promise<number> {
  const [row] = await sql.query<{ wrong: number }>(
    `WITH month AS (${MONTH}), seen AS (${EDITS_SEEN} GROUP BY s.authorizer_id)
     SELECT count(*)::int AS wrong
       FROM domain_ledger.watch w CROSS JOIN month m LEFT JOIN seen e USING (authorizer_id)
      WHERE w.platform_id = $1
        AND CASE WHEN w.edits_month = m.month THEN w.edits ELSE 0 END <> coalesce(e.count, 0)`,
    [platformId, EDITABLE_SLOTS],
  );
  return row?.wrong ?? 0;
}
