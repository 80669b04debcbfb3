export const RECEIVE_CODE = `
  INSERT INTO authorizers.authorization_code AS c (platform_id, code_digest, source, sealed_code, authorizer_appid, link_id, address_digest)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (platform_id, code_digest) DO UPDATE SET
    source = CASE WHEN c.source = excluded.source THEN c.source ELSE 'both' END,
    authorizer_appid = coalesce(c.authorizer_appid, excluded.authorizer_appid),
    link_id = coalesce(c.link_id, excluded.link_id),
    state = CASE WHEN c.state = 'failed' AND c.authorizer_appid IS NULL AND excluded.authorizer_appid IS NOT NULL
                 THEN 'pending' ELSE c.state END
  RETURNING state, source, authorizer_appid AS "authorizerAppid", link_id AS "linkId", failure`;

export const CLAIM_CODE = `
  UPDATE authorizers.authorization_code
     SET lease_generation = lease_generation + 1, attempts = attempts + 1,
         lease_until = wxfleet.now() + make_interval(secs => $3)
   WHERE platform_id = $1 AND code_digest = $2 AND state = 'pending'
     AND (lease_until IS NULL OR lease_until <= wxfleet.now())
   RETURNING lease_generation AS generation, attempts, authorizer_appid AS "authorizerAppid", link_id AS "linkId",
             wxfleet.now() AS "claimedAt"`;

export const SELECT_CODE = `
  SELECT state, source, authorizer_appid AS "authorizerAppid", link_id AS "linkId", failure
    FROM authorizers.authorization_code WHERE platform_id = $1 AND code_digest = $2`;

export const SELECT_SEALED_CODE = `
  SELECT sealed_code FROM authorizers.authorization_code
   WHERE platform_id = $1 AND code_digest = $2 AND state = 'pending' AND sealed_code IS NOT NULL`;

export const FINISH_CODE = `
  UPDATE authorizers.authorization_code
     SET state = $4, authorizer_appid = coalesce($5, authorizer_appid), failure = $6::jsonb, finished_at = wxfleet.now(),
         lease_until = NULL, sealed_code = NULL
   WHERE platform_id = $1 AND code_digest = $2 AND lease_generation = $3 AND state = 'pending'`;

export const RELEASE_CODE = `
  UPDATE authorizers.authorization_code SET lease_until = NULL
   WHERE platform_id = $1 AND code_digest = $2 AND lease_generation = $3 AND state = 'pending'`;

export const FIND_CROSSED_CODE = `
  SELECT 1 FROM authorizers.authorization_code
   WHERE platform_id = $1 AND authorizer_appid = $2 AND code_digest <> $3
     AND state IN ('exchanged', 'recovered') AND finished_at >= $4 LIMIT 1`;

export const COUNT_RECENT_STRANGERS = `
  SELECT count(*) AS all, count(*) FILTER (WHERE address_digest = $2) AS "ofAddress" FROM authorizers.authorization_code
   WHERE platform_id = $1 AND source = 'redirect' AND link_id IS NULL AND state NOT IN ('exchanged', 'recovered')
     AND received_at > wxfleet.now() - interval '10 minutes'`;

export const DELETE_OLD_CODES = `DELETE FROM authorizers.authorization_code WHERE received_at < wxfleet.now() - interval '30 days'`;

export const DELETE_OLD_LINKS = `DELETE FROM authorizers.authorization_link WHERE expires_at < wxfleet.now() - interval '2 years'`;

export const DELETE_OLD_PRE_AUTH_CODES = `DELETE FROM authorizers.pre_auth_code WHERE expires_at < wxfleet.now() - interval '30 days'`;
