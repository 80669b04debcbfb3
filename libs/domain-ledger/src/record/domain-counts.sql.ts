export const ADD_USES = `
  WITH added AS (
    INSERT INTO domain_ledger.domain_use AS u (platform_id, place, domain_id, uses)
    SELECT $1, place, domain_id, step FROM unnest($2::smallint[], $3::int[], $4::int[]) AS t (place, domain_id, step)
        ON CONFLICT (platform_id, place, domain_id) DO UPDATE SET uses = u.uses + excluded.uses
    RETURNING platform_id, place, domain_id, uses
  )
  SELECT platform_id AS "platformId", place, domain_id AS "domainId" FROM added WHERE uses = 0`;

export const FOLD_DELTAS = `
  WITH taken AS (
    DELETE FROM domain_ledger.domain_use_delta
     WHERE (platform_id, delta_id) IN (SELECT platform_id, delta_id FROM domain_ledger.domain_use_delta
                                        ORDER BY platform_id, delta_id LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING platform_id, place, domain_id, step
  ), added AS (
    INSERT INTO domain_ledger.domain_use AS u (platform_id, place, domain_id, uses)
    SELECT platform_id, place, domain_id, sum(step) FROM taken
     GROUP BY platform_id, place, domain_id HAVING sum(step) <> 0
     ORDER BY platform_id, place, domain_id
        ON CONFLICT (platform_id, place, domain_id) DO UPDATE SET uses = u.uses + excluded.uses
    RETURNING platform_id, place, domain_id, uses
  )
  SELECT (SELECT count(*)::int FROM taken) AS folded,
         (SELECT jsonb_agg(jsonb_build_object('platformId', platform_id, 'place', place, 'domainId', domain_id))
            FROM added WHERE uses = 0) AS unused`;

export const DELETE_UNUSED_COUNTS = `
  DELETE FROM domain_ledger.domain_use
   WHERE (platform_id, place, domain_id) IN (
     SELECT u.platform_id, u.place, u.domain_id
       FROM unnest($1::int[], $2::smallint[], $3::int[]) AS k (platform_id, place, domain_id)
       JOIN domain_ledger.domain_use u USING (platform_id, place, domain_id)
      WHERE u.uses = 0 ORDER BY u.platform_id, u.place, u.domain_id
        FOR UPDATE OF u SKIP LOCKED)`;

export const COMPARE_WITH_TRUTH = `
  WITH held AS (
    SELECT w.authorizer_id, (l.ord - 1)::int AS place, m.domain_id
      FROM domain_ledger.watch w
      JOIN domain_ledger.domain_content c USING (content_id),
           unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
      JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
     WHERE w.platform_id = $1 AND w.counted = 2
  ), truth AS (
    SELECT place, domain_id, count(*) AS uses FROM held GROUP BY place, domain_id
    UNION ALL
    SELECT 24 + place % 6, domain_id, count(DISTINCT authorizer_id) FROM held GROUP BY place % 6, domain_id
    UNION ALL
    SELECT 32 + e.place % 6, e.domain_id, count(*)
      FROM held e JOIN held d ON d.authorizer_id = e.authorizer_id AND d.domain_id = e.domain_id AND d.place = e.place - 6
     WHERE e.place >= 18 GROUP BY e.place % 6, e.domain_id
    UNION ALL
    SELECT 30, 0, count(*) FROM domain_ledger.subject WHERE platform_id = $1 AND state = 'authorized'
    UNION ALL
    SELECT 38, 0, count(*) FROM domain_ledger.subject WHERE platform_id = $1 AND state = 'authorized' AND readable
    UNION ALL
    SELECT 31, 0, count(*) FROM domain_ledger.watch WHERE platform_id = $1 AND counted = 2
  ), kept AS (
    SELECT place, domain_id, sum(uses) AS uses
      FROM (SELECT place, domain_id, uses FROM domain_ledger.domain_use WHERE platform_id = $1
            UNION ALL
            SELECT place, domain_id, step FROM domain_ledger.domain_use_delta WHERE platform_id = $1) AS all_steps
     GROUP BY place, domain_id
  )
  SELECT count(*)::int AS wrong
    FROM truth FULL JOIN kept USING (place, domain_id)
   WHERE coalesce(truth.uses, 0) <> coalesce(kept.uses, 0)`;
