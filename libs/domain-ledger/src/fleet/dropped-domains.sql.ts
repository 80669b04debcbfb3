/** The host of `d.name`, as `hostOf` has it. */
const HOST = `regexp_replace(regexp_replace(regexp_replace(d.name, '^[a-z][a-z0-9+.-]*://', ''), '[/?#].*$', ''), ':[0-9]+$', '')`;

/**
 * By counters. Where nothing but the counter in force says anything, the first few of each list are the most used ones; those with
 * another counter (both in force and direct, 14 places behind) or with steps that are not folded yet are all looked at.
 */
export const OF_PLATFORM = `
  WITH steps AS MATERIALIZED (
    SELECT CASE WHEN place >= 32 THEN place - 14 ELSE place END AS place, domain_id,
           sum(CASE WHEN place >= 32 THEN -step ELSE step END) AS step
      FROM (SELECT place, domain_id, step FROM domain_ledger.domain_use_delta
             WHERE platform_id = $1 AND (place = ANY ($2::smallint[]) OR place BETWEEN 32 AND 37)
             UNION ALL
            SELECT place, domain_id, uses FROM domain_ledger.domain_use
             WHERE platform_id = $1 AND place BETWEEN 32 AND 37) AS apart
     GROUP BY 1, 2
  ), counts AS (
    SELECT p.place, u.domain_id, u.uses AS count FROM unnest($2::smallint[]) AS p (place), LATERAL (
      SELECT u.domain_id, u.uses FROM domain_ledger.domain_use u JOIN domain_ledger.domain d USING (domain_id)
       WHERE u.platform_id = $1 AND u.place = p.place AND u.uses > 0 AND NOT ${HOST} = ANY ($3::text[])
         AND NOT EXISTS (SELECT FROM steps s WHERE s.place = u.place AND s.domain_id = u.domain_id)
       ORDER BY u.uses DESC LIMIT $4) AS u
     UNION ALL
    SELECT s.place, s.domain_id, s.step + coalesce(u.uses, 0)
      FROM steps s
      LEFT JOIN domain_ledger.domain_use u ON u.platform_id = $1 AND u.place = s.place AND u.domain_id = s.domain_id
  )
  SELECT d.name, c.place, c.count::int AS count
    FROM counts c JOIN domain_ledger.domain d USING (domain_id)
   WHERE c.count > 0 AND NOT ${HOST} = ANY ($3)
   ORDER BY c.count DESC, d.name COLLATE "C", c.place LIMIT $4`;

export const OF_MERCHANTS = `
  SELECT d.name, (l.ord - 1)::int AS place, count(*)::int AS count
    FROM domain_ledger.subject s
    JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
    JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
    JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
    JOIN domain_ledger.domain d ON d.domain_id = m.domain_id
   WHERE s.platform_id = $1 AND s.merchant_id = ANY ($5::text[]) AND w.counted = 2 AND l.ord - 1 = ANY ($2::smallint[])
     AND NOT ${HOST} = ANY ($3::text[])
     AND NOT EXISTS (SELECT FROM domain_ledger.domain_list direct
                      WHERE direct.list_id = c.list_ids[l.ord - 6] AND direct.domain_ids @> ARRAY[m.domain_id])
   GROUP BY d.name, l.ord ORDER BY count(*) DESC, d.name COLLATE "C", l.ord LIMIT $4`;

export const USING = `
  SELECT count(DISTINCT w.authorizer_id)::int AS count
    FROM domain_ledger.domain d, LATERAL (
      SELECT list_id FROM domain_ledger.domain_list WHERE domain_ids @> ARRAY[d.domain_id] OFFSET 0) AS l, LATERAL (
      SELECT content_id, list_ids FROM domain_ledger.domain_content WHERE list_ids @> ARRAY[l.list_id] OFFSET 0) AS c, LATERAL (
      SELECT authorizer_id FROM domain_ledger.watch WHERE platform_id = $1 AND content_id = c.content_id AND counted = 2 OFFSET 0) AS w
   WHERE ${HOST} = ANY ($2::text[]) AND l.list_id = ANY (c.list_ids[19:24])`;
