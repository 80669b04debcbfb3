/**
 * Backwards from today: who has the domain now, less what came after a moment, plus what went after it. What came and went is in
 * the change sets that name the domain, and in first snapshots, which have an index of their own.
 */
export const SPREAD = (merchants: boolean) => `
  WITH span AS MATERIALIZED (
    SELECT coalesce($4::timestamptz, coalesce($5::timestamptz, wxfleet.now()) - $6::float8 * interval '1 ms') AS "from",
           coalesce($5::timestamptz, wxfleet.now()) AS "to"
  ), asked AS MATERIALIZED (
    SELECT domain_id FROM domain_ledger.domain WHERE name = $2
  ), contents AS MATERIALIZED (
    SELECT c.content_id
      FROM asked a, LATERAL (
        SELECT list_id FROM domain_ledger.domain_list WHERE domain_ids @> ARRAY[a.domain_id] OFFSET 0) AS l, LATERAL (
        SELECT content_id, list_ids FROM domain_ledger.domain_content WHERE list_ids @> ARRAY[l.list_id] OFFSET 0) AS c
     WHERE c.list_ids[$3::int + 1] = l.list_id
  ), sets AS MATERIALIZED (
    SELECT c.change_id, sum((m.added >> $3 & 1) - (m.removed >> $3 & 1))::int AS step
      FROM asked a
      JOIN domain_ledger.domain_change_set c ON c.members @> ARRAY[a.domain_id],
           unnest(c.members, c.added_at, c.removed_at) AS m (domain_id, added, removed)
     WHERE m.domain_id = a.domain_id AND (m.added | m.removed) >> $3 & 1 = 1
     GROUP BY c.change_id
  ), steps AS (
    SELECT s.authorizer_id, s.first_observed_at AS at, k.step AS covered, 0 AS known
      FROM sets k JOIN domain_ledger.snapshot s
        ON s.platform_id = $1 AND s.change_id = k.change_id AND s.first_observed_at > (SELECT "from" FROM span)
     UNION ALL
    SELECT s.authorizer_id, s.first_observed_at, CASE WHEN s.content_id IN (SELECT content_id FROM contents) THEN 1 ELSE 0 END, 1
      FROM domain_ledger.snapshot s
     WHERE s.platform_id = $1 AND s.no = 1 AND s.first_observed_at > (SELECT "from" FROM span)
  ), points AS MATERIALIZED (
    SELECT (n - 1)::int AS no, "from" + ("to" - "from") * ((n - 1)::float8 / ($7::int - 1)) AS at
      FROM span, generate_series(1, $7::int) AS n
  ), late AS MATERIALIZED (
    -- The number of points that lie before a step: those it is taken off from.
    SELECT b.bucket, sum(b.covered) AS covered, sum(b.known) AS known
      FROM (SELECT width_bucket(s.at - interval '1 microsecond', (SELECT array_agg(at ORDER BY no) FROM points)) AS bucket, s.covered, s.known
              FROM steps s
              JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = s.authorizer_id AND w.counted = 2
              ${mine('s', merchants)}) AS b
     GROUP BY b.bucket
  ), now AS MATERIALIZED (
    SELECT (SELECT count(*) FROM contents c JOIN domain_ledger.watch w
              ON w.platform_id = $1 AND w.content_id = c.content_id AND w.counted = 2 ${mine('w', merchants)}) AS covered,
           (SELECT count(*) FROM domain_ledger.watch w ${mine('w', merchants)} WHERE w.platform_id = $1 AND w.counted = 2) AS known
  )
  SELECT p.at, (n.covered - coalesce(sum(l.covered), 0))::int AS covered, (n.known - coalesce(sum(l.known), 0))::int AS known
    FROM points p CROSS JOIN now n LEFT JOIN late l ON l.bucket > p.no
   GROUP BY p.no, p.at, n.covered, n.known
   ORDER BY p.no`;

function mine(row: string, merchants: boolean): string {
  if (!merchants) return '';
  return `JOIN domain_ledger.subject own ON own.platform_id = $1 AND own.authorizer_id = ${row}.authorizer_id
             AND own.merchant_id = ANY ($8::text[])`;
}
