export const REQUEST_RUN = `
  INSERT INTO domain_ledger.retention AS r (platform_id, started_at, keep_all_ms, thin_to_ms, requested_by, total)
  SELECT $1, wxfleet.now(), $2, $3, $4, count(*) FROM domain_ledger.watch WHERE platform_id = $1
      ON CONFLICT (platform_id) DO UPDATE
     SET run_no = r.run_no + 1, started_at = excluded.started_at, finished_at = NULL,
         keep_all_ms = excluded.keep_all_ms, thin_to_ms = excluded.thin_to_ms, total = excluded.total,
         requested_by = excluded.requested_by, cursor_authorizer_id = 0, examined = 0, removed = 0,
         lease_until = NULL, lease_generation = r.lease_generation + 1
   WHERE r.finished_at IS NOT NULL OR r.keep_all_ms IS NULL
  RETURNING run_no AS id`;

export const SELECT_RUN = `
  SELECT run_no AS id, keep_all_ms AS "keepAllMs", thin_to_ms AS "thinToMs", total, examined, removed,
         started_at AS "startedAt", finished_at AS "finishedAt"
    FROM domain_ledger.retention WHERE platform_id = $1 AND run_no = $2::bigint AND keep_all_ms IS NOT NULL`;

export const PLATFORMS_DONE_LATELY = `
  SELECT platform_id AS id FROM domain_ledger.retention
   WHERE platform_id = ANY ($1::int[]) AND finished_at IS NOT NULL
     AND started_at > wxfleet.now() - $2 * interval '1 ms'`;

export const CLAIM_RUN = `
  UPDATE domain_ledger.retention r
     SET lease_generation = r.lease_generation + 1, lease_until = wxfleet.now() + $2 * interval '1 s'
    FROM (SELECT platform_id FROM domain_ledger.retention
           WHERE ($1::int IS NULL OR platform_id = $1) AND finished_at IS NULL AND keep_all_ms IS NOT NULL
             AND coalesce(lease_until, '-infinity') < wxfleet.now()
           ORDER BY started_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS due
   WHERE r.platform_id = due.platform_id
  RETURNING r.platform_id AS "platformId", lease_generation AS generation, cursor_authorizer_id AS cursor, examined,
            removed, keep_all_ms AS "keepAllMs", thin_to_ms AS "thinToMs"`;

export const RELEASE_RUN = `UPDATE domain_ledger.retention SET lease_until = NULL WHERE platform_id = $1 AND lease_generation = $2`;

export const LOCK_PAGE_OF_WATCHES = `
  SELECT authorizer_id AS id, latest_no AS "latestNo", wxfleet.now() - $4 * interval '1 ms' AS horizon
    FROM domain_ledger.watch WHERE platform_id = $1 AND authorizer_id > $2
   ORDER BY authorizer_id LIMIT $3 FOR NO KEY UPDATE`;

export const ADVANCE_RUN = `
  UPDATE domain_ledger.retention
     SET cursor_authorizer_id = coalesce($3, cursor_authorizer_id), examined = examined + $4, removed = removed + $5,
         finished_at = CASE WHEN $3::bigint IS NULL THEN wxfleet.now() END,
         lease_until = CASE WHEN $3::bigint IS NULL THEN NULL ELSE wxfleet.now() + $6 * interval '1 s' END
   WHERE platform_id = $1 AND lease_generation = $2`;

export const SNAPSHOTS_OF_WATCHES = `
  SELECT s.authorizer_id AS id, s.no, s.first_observed_at AS "firstObservedAt", s.last_observed_at AS "lastObservedAt",
         c.list_ids AS "listIds"
    FROM domain_ledger.snapshot s JOIN domain_ledger.domain_content c USING (content_id)
   WHERE s.platform_id = $1 AND s.authorizer_id = ANY ($2::bigint[])
   ORDER BY s.authorizer_id, s.no`;

export const DELETE_SNAPSHOTS = `
  DELETE FROM domain_ledger.snapshot s USING unnest($2::bigint[], $3::int[]) AS g (id, no)
   WHERE s.platform_id = $1 AND s.authorizer_id = g.id AND s.no = g.no RETURNING s.body_id AS id`;

export const DELETE_GAPS_WITHOUT_SNAPSHOT = `
  DELETE FROM domain_ledger.observation_gap g
   WHERE g.platform_id = $1 AND g.authorizer_id = ANY ($2::bigint[])
     AND NOT EXISTS (SELECT 1 FROM domain_ledger.snapshot s JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
                      WHERE s.platform_id = $1 AND s.authorizer_id = g.authorizer_id AND s.first_observed_at <= g.gap_from
                        AND coalesce(s.last_observed_at, w.last_observed_at) >= g.gap_from)`;

export const RELINK_CHANGES = `
  UPDATE domain_ledger.snapshot s SET change_id = r.change_id
    FROM unnest($2::bigint[], $3::int[], $4::int[]) AS r (id, no, change_id)
   WHERE s.platform_id = $1 AND s.authorizer_id = r.id AND s.no = r.no`;

export const LOCK_BODIES = 'SELECT pg_advisory_xact_lock($1)';
