export const PORTION = 1000;

export const DELETE_OLD_KEYS = `
  DELETE FROM access.idempotency_key WHERE (platform_id, actor, key_digest) IN (
    SELECT platform_id, actor, key_digest FROM access.idempotency_key
     WHERE created_at < wxfleet.now() - make_interval(secs => $1)
     ORDER BY created_at LIMIT ${PORTION} FOR UPDATE SKIP LOCKED)`;

export const INSERT_KEY = `
  INSERT INTO access.idempotency_key (platform_id, actor, key_digest, sealed_request, lease_until)
  VALUES ($1, $2, $3, $4, wxfleet.now() + make_interval(secs => $5))
  ON CONFLICT DO NOTHING RETURNING lease_generation AS generation`;

export const SELECT_PRESENT_KEY = `
  SELECT sealed_request AS "sealedRequest", sealed_answer AS "sealedAnswer", lease_generation AS generation,
         created_at < wxfleet.now() - make_interval(secs => $4) AS "isExpired", lease_until > wxfleet.now() AS "isRunning",
         extract(epoch FROM lease_until - wxfleet.now())::float8 AS "secondsLeft"
    FROM access.idempotency_key WHERE platform_id = $1 AND actor = $2 AND key_digest = $3`;

export const TAKE_KEY_OVER = `
  UPDATE access.idempotency_key
     SET sealed_request = $5, sealed_answer = NULL, created_at = CASE WHEN $7 THEN wxfleet.now() ELSE created_at END,
         lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $6)
   WHERE platform_id = $1 AND actor = $2 AND key_digest = $3 AND lease_generation = $4
     AND (sealed_answer IS NULL OR $7) -- the first request may have stored it a moment ago
   RETURNING lease_generation AS generation`;

export const RENEW_KEY = `
  UPDATE access.idempotency_key SET lease_until = wxfleet.now() + make_interval(secs => $5)
   WHERE platform_id = $1 AND actor = $2 AND key_digest = $3 AND lease_generation = $4 AND sealed_answer IS NULL`;

export const KEEP_ANSWER_WITHIN = `SELECT access.keep_idempotent_answer($1, $2, $3, $4, $5) AS "isKept"`;

export const STORE_ANSWER = `
  UPDATE access.idempotency_key SET sealed_answer = $5, lease_until = wxfleet.now()
   WHERE platform_id = $1 AND actor = $2 AND key_digest = $3 AND lease_generation = $4`;

export const RELEASE_KEY = `
  DELETE FROM access.idempotency_key
   WHERE platform_id = $1 AND actor = $2 AND key_digest = $3 AND lease_generation = $4 AND sealed_answer IS NULL`;
