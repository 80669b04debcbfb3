const BOUNDS = `
  s.platform_id = $1 AND s.change_id IS NOT NULL
  AND ($2::timestamptz IS NULL OR s.first_observed_at >= $2) AND ($3::timestamptz IS NULL OR s.first_observed_at <= $3)
  AND ($4::timestamptz IS NULL OR (s.first_observed_at, s.authorizer_id, s.no) <= ($4, $5::bigint, $6::int))`;

/** Every snapshot of these change sets has a row to show, but for the one at which the page before ended. */
const OF_CHANGE_SETS = `
  SELECT s.authorizer_id, s.no, s.first_observed_at, s.change_id
    FROM unnest($12::int[]) AS k (change_id), LATERAL (
      SELECT s.* FROM domain_ledger.snapshot s WHERE ${BOUNDS} AND s.change_id = k.change_id
       ORDER BY s.first_observed_at DESC, s.authorizer_id DESC, s.no DESC LIMIT $11 + 1) AS s`;

const OF_MERCHANTS = `
  SELECT s.authorizer_id, s.no, s.first_observed_at, s.change_id
    FROM (SELECT authorizer_id FROM domain_ledger.subject WHERE platform_id = $1 AND merchant_id = ANY ($12::text[])) AS own
    JOIN domain_ledger.snapshot s ON s.platform_id = $1 AND s.authorizer_id = own.authorizer_id
   WHERE ${BOUNDS}`;

const OF_FEED = `
  SELECT s.authorizer_id, s.no, s.first_observed_at, s.change_id FROM domain_ledger.snapshot s WHERE ${BOUNDS}`;

/**
 * One row per snapshot and place. The snapshots come from the feed's index, from a few change sets, or from merchants; `OFFSET 0`
 * because how many places a bit mask names has no statistics, and the planner would begin with the change sets.
 */
export const FEED = (shape: { merchants: boolean; few: boolean; names: boolean }) => `
  WITH found AS (${shape.merchants ? OF_MERCHANTS : shape.few ? OF_CHANGE_SETS : OF_FEED})
  SELECT f.authorizer_id AS "authorizerId", a.authorizer_appid AS "authorizerAppid", a.merchant_id AS "merchantId", f.no,
         f.first_observed_at AS "observedAt", p.place, ${namesAt('added_at')} AS added, ${namesAt('removed_at')} AS removed
    FROM found f
    JOIN domain_ledger.domain_change_set c USING (change_id)
   CROSS JOIN LATERAL (SELECT place FROM unnest($9::int[]) AS asked (place) WHERE c.places >> place & 1 = 1 OFFSET 0) AS p
    JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = f.authorizer_id
   WHERE c.places & $8 <> 0
     AND ($4::timestamptz IS NULL OR (f.first_observed_at, f.authorizer_id, f.no) < ($4, $5, $6) OR p.place > $7::int)
     ${
       shape.names
         ? `AND EXISTS (SELECT FROM domain_ledger.domain d WHERE d.name = ANY ($10::text[]) AND ${slotsOfMember('d.domain_id')} >> p.place & 1 = 1)`
         : 'AND $10::text[] IS NULL'
     }
   ORDER BY f.first_observed_at DESC, f.authorizer_id DESC, f.no DESC, p.place
   LIMIT $11`;

/** Names of the members that a change set added at a place, or removed. */
function namesAt(side: 'added_at' | 'removed_at'): string {
  return `ARRAY (
    SELECT d.name FROM unnest(c.members, c.${side}) AS m (domain_id, mask) JOIN domain_ledger.domain d USING (domain_id)
     WHERE m.mask >> p.place & 1 = 1 ORDER BY d.name COLLATE "C")`;
}

/** Bit mask of the places at which a change set did something to a domain; null: nowhere. */
function slotsOfMember(domainId: string): string {
  return `(
    SELECT m.added | m.removed FROM unnest(c.members, c.added_at, c.removed_at) AS m (domain_id, added, removed)
     WHERE m.domain_id = ${domainId})`;
}

export const FIND_CHANGE_SETS = `
  SELECT DISTINCT c.change_id AS id
    FROM domain_ledger.domain d
    JOIN domain_ledger.domain_change_set c ON c.members @> ARRAY[d.domain_id]
   WHERE d.name = ANY ($1::text[]) AND ${slotsOfMember('d.domain_id')} & $2::int <> 0 LIMIT $3`;
