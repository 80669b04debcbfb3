/** Longer than one platform takes to answer or fail (renewed for each); a dead process's fetch is taken over after it. */
export const LEASE_SECONDS = 60;

export const FREE = '(lease_until IS NULL OR lease_until <= wxfleet.now())';

// A missing ticket ends by a push, and finding it missing costs WeChat nothing: look again every minute. Other failures
// are asked about less and less often, once an hour at last.
// A list that is held is looked at again within the hour. A time that lies ahead comes from a clock that was wrong.
export const DUE = `
  (failures > 0 OR last_observed_at IS NULL OR last_observed_at <= wxfleet.now() - $2 * interval '1 ms'
   OR last_observed_at > wxfleet.now()
   OR last_observed_at <= wxfleet.now() - interval '1 hour' AND EXISTS (
        SELECT 1 FROM api_ip_ledger.ip_candidate c WHERE c.kind = w.kind AND c.state = 'held'))
  AND (failures = 0 OR last_attempt_at <= wxfleet.now() - interval '1 s' * least(
        CASE WHEN last_failure->>'code' = 'ticket_unavailable' THEN 60 ELSE 3600 END,
        15 * power(2, least(failures, 10))))`;

export const DATABASE_TIME = 'SELECT wxfleet.now()::text AS now';

export const RENEW_LEASE = `
  UPDATE api_ip_ledger.ip_watch SET lease_until = wxfleet.now() + interval '${LEASE_SECONDS} s'
   WHERE kind = $1 AND lease_generation = $2 RETURNING wxfleet.now()::text AS now`;

export const IS_LATE = `
  SELECT coalesce(last_asked_at > $3::timestamptz AND last_asked_at <= wxfleet.now(), false) AS "isLate"
    FROM api_ip_ledger.ip_watch WHERE kind = $1 AND lease_generation = $2 FOR UPDATE`;

export const END_LEASE = 'UPDATE api_ip_ledger.ip_watch SET lease_until = NULL WHERE kind = $1';

export const NOTE_GOOD_FETCH = `
  UPDATE api_ip_ledger.ip_watch
     SET lease_until = NULL, last_attempt_at = wxfleet.now(), last_observed_at = wxfleet.now(),
         last_asked_at = $2, failures = 0, last_failure = NULL
   WHERE kind = $1`;

export const EXTEND_SNAPSHOT = `
  UPDATE api_ip_ledger.ip_snapshot
     SET last_observed_at = wxfleet.now(), last_asked_at = $6, observations = observations + 1, platform_id = $3,
         body = CASE WHEN invalid = $4 THEN body ELSE $5 END, invalid = $4
   WHERE kind = $1 AND no = $2`;

export const INSERT_SNAPSHOT = `
  INSERT INTO api_ip_ledger.ip_snapshot
    (kind, no, digest, ip_list, invalid, body, platform_id, first_asked_at, last_asked_at, first_observed_at, last_observed_at)
  SELECT $1, coalesce(max(no), 0) + 1, $2, $3, $4, $5, $6, $7, $7, wxfleet.now(), wxfleet.now()
    FROM api_ip_ledger.ip_snapshot WHERE kind = $1`;

export const LOCK_WATCH = 'SELECT 1 FROM api_ip_ledger.ip_watch WHERE kind = $1 FOR UPDATE';

export const NOTE_FAILED_FETCH = `
  UPDATE api_ip_ledger.ip_watch
     SET lease_until = NULL, last_attempt_at = wxfleet.now(), failures = failures + 1,
         last_failure = jsonb_build_object(
           'at', to_char(wxfleet.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'code', $3::text, 'wechat', $4::jsonb, 'reason', $5::text)
   WHERE kind = $1 AND lease_generation = $2`;

export const RELEASE_LEASE = `UPDATE api_ip_ledger.ip_watch SET lease_until = NULL WHERE kind = $1 AND lease_generation = $2`;

export const SELECT_STATE = `
  SELECT NOT ${FREE} AS leased, last_attempt_at::text AS attempt, last_observed_at::text AS observed,
         extract(epoch FROM wxfleet.now() - last_observed_at)::float8 AS "ageSeconds", last_failure AS failure
    FROM api_ip_ledger.ip_watch WHERE kind = $1`;

export const LIST_WATCHES = `
  SELECT w.kind, w.failures, extract(epoch FROM wxfleet.now() - w.last_observed_at)::float8 AS "ageSeconds",
         coalesce((SELECT cardinality(s.invalid) FROM api_ip_ledger.ip_snapshot s
                    WHERE s.kind = w.kind ORDER BY s.no DESC LIMIT 1), 0) AS invalid,
         (SELECT c.reason FROM api_ip_ledger.ip_candidate c WHERE c.kind = w.kind AND c.state = 'held') AS held
    FROM api_ip_ledger.ip_watch w ORDER BY w.kind`;
