import { PRESENT } from './watch-rows.sql.ts';

/**
 * Of the run that is the latest again, one observation of the past is known: the last one of a closed run, the last but one of a
 * run that went on into the future, or the first.
 */
export const RESTORE = `
  WITH found AS (
    SELECT w.authorizer_id, s.no, s.content_id, s.first_observed_at, s.observations, b.digest AS raw_digest, c.drift, c.list_ids, c.largest,
           CASE WHEN s.no IS NULL THEN NULL
                WHEN s.last_observed_at <= ${PRESENT} THEN s.last_observed_at
                WHEN s.no = w.latest_no AND w.previous_observed_at BETWEEN s.first_observed_at AND ${PRESENT} THEN w.previous_observed_at
                ELSE s.first_observed_at END AS seen_at,
           CASE WHEN s.no IS NULL THEN 0
                WHEN s.last_observed_at <= ${PRESENT} THEN s.last_answer_ms
                WHEN s.no = w.latest_no AND w.previous_observed_at BETWEEN s.first_observed_at AND ${PRESENT} THEN w.previous_answer_ms
                ELSE s.first_answer_ms END AS seen_answer_ms
      FROM domain_ledger.watch w
      LEFT JOIN LATERAL (
        SELECT * FROM domain_ledger.snapshot
         WHERE platform_id = $1 AND authorizer_id = w.authorizer_id ORDER BY no DESC LIMIT 1) s ON true
      LEFT JOIN domain_ledger.body b USING (body_id)
      LEFT JOIN domain_ledger.domain_content c ON c.content_id = s.content_id
     WHERE w.platform_id = $1 AND w.authorizer_id = ANY ($2::bigint[])
  )
  UPDATE domain_ledger.watch w
     SET latest_no = coalesce(f.no, 0), content_id = f.content_id, largest = coalesce(f.largest, 0), raw_digest = f.raw_digest,
         observations = coalesce(f.observations, CASE WHEN f.no IS NULL THEN 0 ELSE greatest(1, w.observations - 1) END),
         first_observed_at = f.first_observed_at, previous_observed_at = NULL, previous_answer_ms = 0,
         last_observed_at = f.seen_at, in_batch = false,
         last_attempt_at = least(w.last_attempt_at, ${PRESENT}), answer_ms = f.seen_answer_ms,
         drift_since = CASE WHEN f.drift THEN least(w.drift_since, f.first_observed_at) END,
         counted = CASE WHEN w.counted = 2 AND f.no IS NULL THEN 1 ELSE w.counted END,
         unreadable_since = f.seen_at, unreadable_at = f.seen_at,
         unreadable_reason = CASE WHEN f.no IS NOT NULL THEN 'clock_was_wrong' END
    FROM found f
   WHERE w.platform_id = $1 AND w.authorizer_id = f.authorizer_id
  RETURNING w.authorizer_id AS "authorizerId", w.latest_no AS no, f.list_ids AS "contentListIds"`;

export const MOVE_FUTURE_SNAPSHOTS_ASIDE = `
  WITH gone AS (
    DELETE FROM domain_ledger.snapshot s USING domain_ledger.watch w
     WHERE s.platform_id = $1 AND s.authorizer_id = ANY ($2::bigint[]) AND s.first_observed_at > ${PRESENT}
       AND w.platform_id = $1 AND w.authorizer_id = s.authorizer_id
    RETURNING s.authorizer_id, s.no, s.content_id, s.body_id, s.first_observed_at,
              coalesce(s.last_observed_at, w.last_observed_at) AS last_observed_at, coalesce(s.observations, w.observations) AS observations
  )
  INSERT INTO domain_ledger.set_aside
    (platform_id, authorizer_id, no, content_id, body_id, first_observed_at, last_observed_at, observations)
  SELECT $1, authorizer_id, no, content_id, body_id, first_observed_at, last_observed_at, observations FROM gone`;

export const REOPEN_LATEST_SNAPSHOT = `
  UPDATE domain_ledger.snapshot s SET last_observed_at = NULL, last_answer_ms = 0, observations = NULL
    FROM domain_ledger.watch w
   WHERE s.platform_id = $1 AND w.platform_id = $1 AND w.authorizer_id = ANY ($2::bigint[])
     AND s.authorizer_id = w.authorizer_id AND s.no = w.latest_no`;

export const DELETE_GAPS_OF_THE_FUTURE = `
  DELETE FROM domain_ledger.observation_gap g USING domain_ledger.watch w
   WHERE g.platform_id = $1 AND w.platform_id = $1 AND w.authorizer_id = ANY ($2::bigint[])
     AND g.authorizer_id = w.authorizer_id AND g.gap_to > coalesce(w.last_observed_at, '-infinity')`;
