import { LIST_COUNT } from '../lists/slots.ts';

/** Principals of each domain of `candidates`. `OFFSET 0` keeps the look-ups look-ups, as in the questions of coverage. */
const COUNTED = (candidates: string) => `
  lists_${candidates} AS MATERIALIZED (
    SELECT k.domain_id, l.list_id FROM ${candidates} k, LATERAL (
      SELECT list_id FROM domain_ledger.domain_list WHERE domain_ids @> ARRAY[k.domain_id] OFFSET 0) AS l
  ), pairs_${candidates} AS MATERIALIZED (
    SELECT h.list_id, coalesce(s.principal_name, s.authorizer_appid) AS principal, min(w.last_observed_at) AS at
      FROM (SELECT DISTINCT list_id FROM lists_${candidates}) AS h, LATERAL (
        SELECT content_id, list_ids FROM domain_ledger.domain_content WHERE list_ids @> ARRAY[h.list_id] OFFSET 0) AS c, LATERAL (
        SELECT authorizer_id, last_observed_at FROM domain_ledger.watch
         WHERE platform_id = $1 AND content_id = c.content_id AND counted = 2 OFFSET 0) AS w
      JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
     WHERE h.list_id = ANY (c.list_ids[13:18])
     GROUP BY 1, 2
  ), counted_${candidates} AS MATERIALIZED (
    SELECT l.domain_id, count(DISTINCT p.principal)::int AS count, min(p.at) AS at
      FROM lists_${candidates} l JOIN pairs_${candidates} p USING (list_id) GROUP BY l.domain_id
  )`;

/** A mini program that has a domain in several lists is several uses, which only makes the bound a wider one. */
export const OF_PLATFORM = `
  WITH busy AS MATERIALIZED (
    SELECT DISTINCT u.domain_id FROM unnest($2::smallint[]) AS p (place), LATERAL (
      SELECT domain_id FROM domain_ledger.domain_use WHERE platform_id = $1 AND place = p.place ORDER BY uses DESC LIMIT $3) AS u
  ), ${COUNTED('busy')}, shown AS MATERIALIZED (
    SELECT coalesce((SELECT count FROM counted_busy ORDER BY count DESC OFFSET $4 - 1 LIMIT 1), 0) AS least
  ), unfolded AS MATERIALIZED (
    SELECT domain_id, sum(step) AS uses FROM domain_ledger.domain_use_delta
     WHERE platform_id = $1 AND place = ANY ($2) GROUP BY domain_id
  ), rest AS MATERIALIZED (
    SELECT domain_id
      FROM (SELECT domain_id FROM unnest($2::smallint[]) AS p (place), LATERAL (
              SELECT domain_id FROM domain_ledger.domain_use
               WHERE platform_id = $1 AND place = p.place AND uses > (SELECT least / ${LIST_COUNT} FROM shown)) AS u
            UNION SELECT domain_id FROM unfolded
            EXCEPT SELECT domain_id FROM busy) AS k
     WHERE coalesce((SELECT sum(uses) FROM domain_ledger.domain_use u
                      WHERE u.platform_id = $1 AND u.place = ANY ($2) AND u.domain_id = k.domain_id), 0)
           + coalesce((SELECT uses FROM unfolded u WHERE u.domain_id = k.domain_id), 0) > (SELECT least FROM shown)
  ), ${COUNTED('rest')}
  SELECT n.name, c.count, c.at
    FROM (SELECT * FROM counted_busy UNION ALL SELECT * FROM counted_rest) AS c
    JOIN domain_ledger.domain n USING (domain_id)
   ORDER BY c.count DESC, n.name COLLATE "C" LIMIT $4`;

export const OF_MERCHANTS = `
  WITH pairs AS MATERIALIZED (
    SELECT l.list_id, coalesce(s.principal_name, s.authorizer_appid) AS principal, min(w.last_observed_at) AS at
      FROM domain_ledger.subject s
      JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
      JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids[13:18]) AS l (list_id)
     WHERE s.platform_id = $1 AND s.merchant_id = ANY ($2::text[]) AND w.counted = 2 AND l.list_id IS NOT NULL
     GROUP BY 1, 2
  )
  SELECT n.name, c.count, c.at
    FROM (SELECT m.domain_id, count(DISTINCT p.principal)::int AS count, min(p.at) AS at
            FROM pairs p JOIN domain_ledger.domain_list dl USING (list_id), unnest(dl.domain_ids) AS m (domain_id)
           GROUP BY m.domain_id) AS c
    JOIN domain_ledger.domain n USING (domain_id)
   ORDER BY c.count DESC, n.name COLLATE "C" LIMIT $3`;
