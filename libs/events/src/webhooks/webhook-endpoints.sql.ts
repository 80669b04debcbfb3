const ENDPOINT = `
  w.endpoint_id, w.url, w.description, w.event_types, w.merchant_ids, w.ordering, w.format, w.signature, w.public_key,
  w.max_per_second, w.state, w.disabled_at, w.disabled_reason, w.failing_since, w.failures, w.succeeded_at,
  CASE WHEN w.previous_until > wxfleet.now() THEN w.previous_until END AS previous_until, w.fanned_out_seq, w.created_at,
  (extract(epoch FROM w.created_at) * 1000000)::bigint AS created_us,
  (SELECT count(*) FROM events.delivery d
    WHERE d.platform_id = w.platform_id AND d.endpoint_id = w.endpoint_id AND d.state = 'pending') AS waiting`;

const DELIVERY = `
  d.delivery_id, a.component_appid, d.seq, d.type, d.authorizer_appid, d.trigger, d.state, d.attempts, d.next_attempt_at,
  d.last_status, d.last_error, d.created_at, d.finished_at`;

const DELIVERIES = `events.delivery d JOIN custody.component_account a ON a.platform_id = d.platform_id`;

export const COUNT_ENDPOINTS = 'SELECT count(*) AS n FROM events.webhook_endpoint WHERE platform_id = $1';

export const INSERT_ENDPOINT = `
  INSERT INTO events.webhook_endpoint (platform_id, endpoint_id, url, description, event_types, merchant_ids, ordering, format,
    signature, max_per_second, sealed_secret, public_key, fanned_out_seq, created_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

export const LIST_ENDPOINTS = `
  SELECT ${ENDPOINT} FROM events.webhook_endpoint w
   WHERE w.platform_id = $1
     AND ($2::bigint IS NULL OR (w.created_at, w.endpoint_id) > ('epoch'::timestamptz + $2 * interval '1 microsecond', $3))
   ORDER BY w.created_at, w.endpoint_id LIMIT $4`;

export const SELECT_ENDPOINT = `SELECT ${ENDPOINT} FROM events.webhook_endpoint w WHERE w.platform_id = $1 AND w.endpoint_id = $2`;

export const UPDATE_ENDPOINT = `
  UPDATE events.webhook_endpoint SET
    url = CASE WHEN $3 THEN $4 ELSE url END,
    description = CASE WHEN $5 THEN $6 ELSE description END,
    event_types = CASE WHEN $7 THEN $8::text[] ELSE event_types END,
    merchant_ids = CASE WHEN $9 THEN $10::text[] ELSE merchant_ids END,
    ordering = coalesce($11, ordering),
    max_per_second = CASE WHEN $12 THEN $13::int ELSE max_per_second END,
    fanned_out_seq = coalesce($15::bigint, fanned_out_seq),
    failures = CASE WHEN $14 = 'enabled' THEN 0 ELSE failures END,
    failing_since = CASE WHEN $14 = 'enabled' THEN NULL ELSE failing_since END,
    disabled_at = CASE WHEN $14 = 'enabled' THEN NULL WHEN $14 = 'disabled' AND state = 'enabled' THEN wxfleet.now() ELSE disabled_at END,
    disabled_reason = CASE WHEN $14 = 'enabled' THEN NULL WHEN $14 = 'disabled' AND state = 'enabled' THEN 'request' ELSE disabled_reason END,
    state = coalesce($14, state)
  WHERE platform_id = $1 AND endpoint_id = $2`;

export const LOCK_SIGNATURE =
  'SELECT signature FROM events.webhook_endpoint WHERE platform_id = $1 AND endpoint_id = $2 FOR UPDATE';

export const ROTATE_SECRET = `
  UPDATE events.webhook_endpoint
     SET sealed_previous_secret = sealed_secret, sealed_secret = $3, public_key = $4,
         previous_until = wxfleet.now() + make_interval(secs => $5)
   WHERE platform_id = $1 AND endpoint_id = $2 RETURNING previous_until`;

export const SELECT_TEST_TARGET = `
  SELECT url, format, sealed_secret, CASE WHEN previous_until > wxfleet.now() THEN sealed_previous_secret END AS previous,
         wxfleet.now() AS now
    FROM events.webhook_endpoint WHERE platform_id = $1 AND endpoint_id = $2`;

export const LIST_DELIVERIES = `
  SELECT ${DELIVERY} FROM ${DELIVERIES}
   WHERE d.platform_id = $1 AND d.endpoint_id = $2 AND ($3::bigint IS NULL OR d.delivery_id < $3)
     AND ($4::text IS NULL OR d.state = $4) AND ($5::text IS NULL OR d.authorizer_appid = $5)
     AND ($6::text IS NULL OR d.type = $6 OR split_part(d.type, '.', 1) || '.*' = $6)
   ORDER BY d.delivery_id DESC LIMIT $7`;

export const SELECT_DELIVERY = `SELECT ${DELIVERY} FROM ${DELIVERIES} WHERE d.platform_id = $1 AND d.endpoint_id = $2 AND d.delivery_id = $3`;

export const LIST_ATTEMPTS = `
  SELECT no, at, status, error, detail, duration_ms, address, response_excerpt FROM events.delivery_attempt
   WHERE platform_id = $1 AND delivery_id = $2 ORDER BY no`;

export const RETRY_DELIVERY = `
  UPDATE events.delivery SET state = 'pending', next_attempt_at = wxfleet.now(), finished_at = NULL
   WHERE platform_id = $1 AND delivery_id = $2 AND state <> 'delivered'`;

export const INSERT_REPLAY = `
  INSERT INTO events.replay (platform_id, endpoint_id, after_seq, until_seq, types, authorizer_appids, which, matched, next_seq, created_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $3, $9) RETURNING replay_id AS id`;

export const SELECT_REPLAY = `
  SELECT r.state, r.matched, r.queued, r.created_at, r.finished_at, count(d.*) FILTER (WHERE d.state = 'delivered') AS delivered,
         count(d.*) FILTER (WHERE d.state = 'failed') AS failed
    FROM events.replay r
    LEFT JOIN events.delivery d ON d.platform_id = r.platform_id AND d.endpoint_id = r.endpoint_id AND d.replay_id = r.replay_id
   WHERE r.platform_id = $1 AND r.endpoint_id = $2 AND r.replay_id = $3
   GROUP BY r.platform_id, r.replay_id`;

export const SELECT_FEED_RANGE = 'SELECT seq AS head, floor_seq AS floor FROM events.feed_head WHERE platform_id = $1';
