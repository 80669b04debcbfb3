import { PRESENT, WIDER_GAP } from './watch-rows.sql.ts';

export const INSERT_INTERRUPTING_GAPS = `
  INSERT INTO domain_ledger.observation_gap AS g (platform_id, authorizer_id, gap_from, gap_to, reason, to_answer_ms)
  SELECT DISTINCT ON (authorizer_id, gap_from) $1, authorizer_id, gap_from, gap_to, $4, to_answer_ms
    FROM (SELECT e.authorizer_id,
                 CASE WHEN s.no = w.latest_no AND w.previous_observed_at < e.at
                      THEN greatest(w.previous_observed_at, s.first_observed_at) ELSE s.first_observed_at END AS gap_from,
                 CASE WHEN s.no <> w.latest_no THEN s.last_observed_at
                      WHEN w.previous_observed_at > e.at AND w.previous_observed_at >= e.until
                           AND w.previous_observed_at > s.first_observed_at
                      THEN w.previous_observed_at ELSE w.last_observed_at END AS gap_to,
                 CASE WHEN s.no <> w.latest_no THEN s.last_answer_ms
                      WHEN w.previous_observed_at > e.at AND w.previous_observed_at >= e.until
                           AND w.previous_observed_at > s.first_observed_at
                      THEN w.previous_answer_ms ELSE w.answer_ms END AS to_answer_ms
            FROM unnest($2::bigint[], $3::timestamptz[], $5::bytea[], $6::timestamptz[]) AS e (authorizer_id, at, digest, until)
            JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = e.authorizer_id
            JOIN domain_ledger.snapshot s ON s.platform_id = $1 AND s.authorizer_id = e.authorizer_id
             AND s.first_observed_at < e.until AND coalesce(s.last_observed_at, w.last_observed_at) > e.at
            JOIN domain_ledger.domain_content c ON c.content_id = s.content_id
           WHERE e.digest IS DISTINCT FROM c.digest) AS found
   WHERE gap_from < gap_to
   ORDER BY authorizer_id, gap_from, gap_to DESC, to_answer_ms DESC
      ON CONFLICT (platform_id, authorizer_id, gap_from) DO UPDATE SET ${WIDER_GAP}`;

export const INSERT_MISSING_WATCHES = `
  INSERT INTO domain_ledger.watch (platform_id, authorizer_id)
  SELECT $1, id FROM unnest($2::bigint[]) AS t (id)
   WHERE NOT EXISTS (SELECT 1 FROM domain_ledger.watch w WHERE w.platform_id = $1 AND w.authorizer_id = t.id)
   ORDER BY id
      ON CONFLICT DO NOTHING`;

export const KEEP_OBSERVATION_GAPS = `
  WITH b AS (
    SELECT * FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::int[])
        AS b (authorizer_id, since, at, reason, failure, tries)
  ), held AS (
    SELECT w.authorizer_id, w.last_failure IS NULL AS healthy FROM domain_ledger.watch w JOIN b USING (authorizer_id)
     WHERE w.platform_id = $1 ORDER BY w.authorizer_id FOR NO KEY UPDATE OF w
  )
  UPDATE domain_ledger.watch w
     SET unreadable_since = least(w.unreadable_since, b.since), unreadable_at = greatest(w.unreadable_at, b.at),
         unreadable_reason = CASE WHEN b.failure IS NULL OR w.unreadable_reason IS NULL OR b.reason <> 'call_failed'
                             THEN b.reason ELSE w.unreadable_reason END,
         failures = w.failures + b.tries,
         last_failure = coalesce(b.failure, w.last_failure),
         last_attempt_at = CASE WHEN b.tries > 0 THEN greatest(w.last_attempt_at, b.at) ELSE w.last_attempt_at END
    FROM held h JOIN b USING (authorizer_id) LEFT JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = b.authorizer_id
   WHERE w.platform_id = $1 AND w.authorizer_id = h.authorizer_id
     AND (w.last_observed_at IS NULL OR b.since > w.last_observed_at OR w.last_observed_at > ${PRESENT})
  RETURNING w.authorizer_id AS id, a.authorizer_appid AS "authorizerAppid", a.merchant_id AS "merchantId", b.failure,
            h.healthy AND b.failure IS NOT NULL AND a.authorizer_appid IS NOT NULL AS begun`;
