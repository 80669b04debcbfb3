/**
 * Snapshots of the time asked about are first counted by change set, which the index of the feed gives; then sets that did the
 * same to a list come together. Only for the groups of the page their mini programs are counted one by one.
 */
export const GROUPS = (merchants: boolean) => `
  WITH span AS MATERIALIZED (
    SELECT coalesce($3::timestamptz, wxfleet.now()) AS "to",
           coalesce($2::timestamptz, coalesce($3::timestamptz, wxfleet.now()) - $4::float8 * interval '1 ms') AS "from"
  ), seen AS MATERIALIZED (
    SELECT s.authorizer_id, s.change_id, s.first_observed_at AS at
      FROM domain_ledger.snapshot s
      ${
        merchants
          ? `JOIN domain_ledger.subject own ON own.platform_id = $1 AND own.authorizer_id = s.authorizer_id
       AND own.merchant_id = ANY ($12::text[])`
          : ''
      }
     WHERE s.platform_id = $1 AND s.change_id IS NOT NULL
       AND s.first_observed_at BETWEEN (SELECT "from" FROM span) AND (SELECT "to" FROM span)
  ), sets AS MATERIALIZED (
    SELECT change_id, min(at) AS first, max(at) AS last FROM seen GROUP BY change_id
  ), parts AS MATERIALIZED (
    SELECT k.change_id, k.first, k.last, p.place,
           ARRAY (SELECT m.id FROM unnest(c.members, c.added_at) AS m (id, mask) WHERE m.mask >> p.place & 1 = 1 ORDER BY m.id) AS added,
           ARRAY (SELECT m.id FROM unnest(c.members, c.removed_at) AS m (id, mask) WHERE m.mask >> p.place & 1 = 1 ORDER BY m.id) AS removed
      FROM sets k
      JOIN domain_ledger.domain_change_set c USING (change_id)
     CROSS JOIN LATERAL (SELECT place FROM unnest($6::int[]) AS asked (place) WHERE c.places >> place & 1 = 1 OFFSET 0) AS p
     WHERE c.places & $5 <> 0
  ), page AS MATERIALIZED (
    SELECT * FROM (
      SELECT place, added, removed, min(first) AS first, max(last) AS last, min(change_id) AS key, array_agg(change_id) AS change_ids
        FROM parts GROUP BY place, added, removed) AS grouped
     WHERE $7::timestamptz IS NULL OR (last, key, place) < ($7, $8::int, $9::int)
     ORDER BY last DESC, key DESC, place DESC LIMIT $10
  )
  SELECT span."from", span."to", g.place, g.key, g.first, g.last, n.count AS "miniPrograms", n.samples,
         ARRAY (SELECT d.name FROM domain_ledger.domain d WHERE d.domain_id = ANY (g.added) ORDER BY d.name COLLATE "C") AS added,
         ARRAY (SELECT d.name FROM domain_ledger.domain d WHERE d.domain_id = ANY (g.removed) ORDER BY d.name COLLATE "C") AS removed
    FROM page g CROSS JOIN span, LATERAL (
      SELECT count(*)::int AS count,
             ARRAY (SELECT a.authorizer_appid FROM (
                      SELECT authorizer_id, max(at) AS at FROM seen WHERE change_id = ANY (g.change_ids)
                       GROUP BY authorizer_id ORDER BY at DESC, authorizer_id DESC LIMIT $11) AS latest
                      JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = latest.authorizer_id
                     ORDER BY latest.at DESC, latest.authorizer_id DESC) AS samples
        FROM (SELECT DISTINCT authorizer_id FROM seen WHERE change_id = ANY (g.change_ids)) AS who) AS n
   ORDER BY g.last DESC, g.key DESC, g.place DESC`;
