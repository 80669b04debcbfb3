/** The index of those who drift gives them in order; only the page's own lists are opened. */
export const DRIFT = (merchants: boolean) => `
  WITH drifting AS MATERIALIZED (
    SELECT w.authorizer_id, w.content_id, w.drift_since, w.last_observed_at, s.authorizer_appid, s.merchant_id
      FROM domain_ledger.watch w
      JOIN domain_ledger.subject s USING (platform_id, authorizer_id)
     WHERE w.platform_id = $1 AND w.drift_since IS NOT NULL AND w.counted = 2 AND w.authorizer_id > $2
       ${merchants ? 'AND s.merchant_id = ANY ($4::text[])' : ''}
     ORDER BY w.authorizer_id LIMIT $3
  )
  SELECT d.authorizer_id AS "authorizerId", d.authorizer_appid AS "authorizerAppid", d.merchant_id AS "merchantId",
         d.drift_since AS since, d.last_observed_at AS "observedAt", p.parts
    FROM drifting d
    JOIN domain_ledger.domain_content c USING (content_id),
    LATERAL (
      SELECT jsonb_agg(jsonb_build_object('list', list, 'pending', pending, 'effectiveOnly', effective_only) ORDER BY list) AS parts
        FROM (
          SELECT list, coalesce(jsonb_agg(name ORDER BY name COLLATE "C") FILTER (WHERE NOT effective), '[]') AS pending,
                 coalesce(jsonb_agg(name ORDER BY name COLLATE "C") FILTER (WHERE effective), '[]') AS effective_only
            FROM (
              SELECT (l.ord - 1) % 6 AS list, n.name, bool_or(l.ord > 18) AS effective, bool_or(l.ord <= 18) AS configured
                FROM unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
                JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
                JOIN domain_ledger.domain n ON n.domain_id = m.domain_id
               GROUP BY (l.ord - 1) % 6, n.name) AS held
           WHERE effective <> configured
             AND (configured OR coalesce(c.list_ids[list + 1], c.list_ids[list + 7], c.list_ids[list + 13]) IS NOT NULL)
           GROUP BY list) AS lists) p
   ORDER BY d.authorizer_id`;
