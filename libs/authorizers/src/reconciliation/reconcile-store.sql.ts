/** Accounts in one step of a walk over all of them. */
export const WALK = 1000;

export const INSERT_RUN = `
  INSERT INTO authorizers.reconciliation (platform_id, accept_shrunk_list) VALUES ($1, $2)
  ON CONFLICT (platform_id) WHERE state = 'running' DO NOTHING RETURNING reconciliation_id AS id`;

export const CLAIM_RUN = `
  UPDATE authorizers.reconciliation
     SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $3)
   WHERE platform_id = $1 AND reconciliation_id = $2 AND state = 'running'
     AND (lease_until IS NULL OR lease_until <= wxfleet.now())
   RETURNING platform_id AS "platformId", reconciliation_id AS "reconciliationId", lease_generation AS generation,
             next_offset AS "nextOffset", total_count AS "totalCount", started_at AS "startedAt", list_pass AS pass,
             list_moved AS moved, released_generation = lease_generation - 1 AS "isContinued"`;

export const ADVANCE_RUN = `
  UPDATE authorizers.reconciliation
     SET listed = listed + $4, created = created + $5, recovered = recovered + $6, unchanged = unchanged + $7,
         marked_unauthorized = marked_unauthorized + $8, without_refresh_token = without_refresh_token + $9,
         failed = failed + $10, next_offset = coalesce($11, next_offset), total_count = coalesce($12, total_count),
         lease_until = wxfleet.now() + make_interval(secs => $13)
   WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`;

export const FINISH_RUN = `
  UPDATE authorizers.reconciliation
     SET state = $4, reason = $5, finished_at = wxfleet.now(), lease_until = NULL
   WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`;

export const FORGET_SEEN =
  'DELETE FROM authorizers.reconciliation_seen WHERE platform_id = $1 AND reconciliation_id = $2';

export const PAUSE_RUN = `
  UPDATE authorizers.reconciliation
     SET lease_until = NULL, released_generation = lease_generation, list_pass = $4, list_moved = $5,
         next_offset = coalesce($6, next_offset)
   WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`;

export const RELEASE_RUN = `
  UPDATE authorizers.reconciliation SET lease_until = NULL
   WHERE platform_id = $1 AND reconciliation_id = $2 AND lease_generation = $3 AND state = 'running'`;

export const COUNT_HELD = `
  SELECT count(*) AS held FROM authorizers.authorizer
   WHERE platform_id = $1 AND state = 'authorized' AND created_at < $2`;

export const SEEN_OF_LISTED = `
  SELECT authorizer_appid AS appid FROM authorizers.reconciliation_seen
   WHERE platform_id = $1 AND reconciliation_id = $2 AND authorizer_appid = ANY($3)`;

export const PAGE_OF_KNOWN = `
  SELECT authorizer_id AS id, authorizer_appid AS appid, state FROM authorizers.authorizer
   WHERE platform_id = $1 AND authorizer_id > $2 AND created_at < $3
     AND state IN ('authorized', 'reauthorization_required')
   ORDER BY authorizer_id LIMIT ${WALK}`;

export const NOTE_SEEN = `
  INSERT INTO authorizers.reconciliation_seen (platform_id, reconciliation_id, authorizer_appid)
  SELECT $1, $2, appid FROM unnest($3::text[]) AS appid ON CONFLICT DO NOTHING`;
