const STATE = `CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= wxfleet.now() THEN 'expired'
  WHEN used_at IS NOT NULL THEN 'used' ELSE 'open' END`;

const COLUMNS = `link_id AS "linkId", merchant_id AS "merchantId", ${STATE} AS state, page, auth_type AS "authType",
  authorizer_appid AS "authorizerAppid", permission_sets AS "permissionSets", return_url AS "returnUrl", created_at AS "createdAt",
  expires_at AS "expiresAt", revoked_at AS "revokedAt", used_at AS "usedAt", openings, last_opened_at AS "lastOpenedAt",
  pre_auth_code_expires_at AS "preAuthCodeExpiresAt"`;

export const INSERT_LINK = `
  INSERT INTO authorizers.authorization_link
         (platform_id, link_id, merchant_id, page, auth_type, authorizer_appid, permission_sets, return_url, expires_at,
          maker_merchant_ids)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, wxfleet.now() + make_interval(secs => $9), $10)
  RETURNING ${COLUMNS}`;

export const LIST_LINKS = `
  SELECT ${COLUMNS} FROM authorizers.authorization_link
   WHERE platform_id = $1
     AND ($2::timestamptz IS NULL OR (created_at, link_id) < ($2, $3))
     AND ($4::text IS NULL OR merchant_id = $4) AND ($5::text[] IS NULL OR merchant_id = ANY($5))
     AND ($6::text IS NULL OR ${STATE} = $6)
   ORDER BY created_at DESC, link_id DESC LIMIT $7`;

export const REVOKE_LINK = `
  UPDATE authorizers.authorization_link SET revoked_at = coalesce(revoked_at, wxfleet.now())
   WHERE platform_id = $1 AND link_id = $2 RETURNING ${COLUMNS}`;

export const OPEN_LINK = `
  UPDATE authorizers.authorization_link
     SET openings = openings + 1, first_opened_at = coalesce(first_opened_at, wxfleet.now()), last_opened_at = wxfleet.now()
   WHERE platform_id = $1 AND link_id = $2 RETURNING ${COLUMNS}`;

export const SELECT_LINK = `SELECT ${COLUMNS} FROM authorizers.authorization_link WHERE platform_id = $1 AND link_id = $2`;

export const LINK_OF_PRE_AUTH_CODE = `
  SELECT ${COLUMNS} FROM authorizers.authorization_link
   WHERE platform_id = $1 AND link_id = (
     SELECT link_id FROM authorizers.pre_auth_code WHERE platform_id = $1 AND code_digest = $2)`;

export const IS_USABLE_LINK = `
  SELECT 1 FROM authorizers.authorization_link
   WHERE platform_id = $1 AND link_id = $2 AND revoked_at IS NULL
     AND (expires_at > wxfleet.now() OR pre_auth_code_expires_at > wxfleet.now())`;

export const LOCK_MERCHANT_OF_ACCOUNT = `
  SELECT merchant_id AS "merchantId" FROM authorizers.authorizer
   WHERE platform_id = $1 AND authorizer_appid = $2 FOR UPDATE`;

export const LOCK_LINK = `
  SELECT merchant_id AS "merchantId", maker_merchant_ids AS "makerMerchantIds", used_at AS "usedAt",
         authorizer_appid AS "authorizerAppid"
    FROM authorizers.authorization_link WHERE platform_id = $1 AND link_id = $2 FOR UPDATE`;

export const ASSIGN_ACCOUNT = `
  UPDATE authorizers.authorizer SET merchant_id = $3, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_appid = $2`;

export const COUNT_LATE_PRE_AUTH_CODES = `
  SELECT count(*)::int AS codes FROM authorizers.pre_auth_code
   WHERE platform_id = $1 AND link_id = $2 AND created_at > wxfleet.now() - interval '1 hour'`;

export const ADD_PRE_AUTH_CODE = `
  WITH added AS (
    INSERT INTO authorizers.pre_auth_code (platform_id, code_digest, link_id, expires_at)
    VALUES ($1, $2, $3, wxfleet.now() + make_interval(secs => $4)) RETURNING expires_at)
  UPDATE authorizers.authorization_link SET pre_auth_code_expires_at = (SELECT expires_at FROM added)
   WHERE platform_id = $1 AND link_id = $3`;
