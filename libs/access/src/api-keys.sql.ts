export const COLUMNS = `id, platform_id, name, prefix, scopes, merchant_ids, created_at, created_by, expires_at, revoked_at, last_used_at,
  last_used_address, networks, replaced_by`;

export const IS_EXPIRED = 'SELECT $1 <= wxfleet.now() AS expired';

export const INSERT_KEY = `
  INSERT INTO access.api_key (id, platform_id, name, prefix, key_digest, scopes, merchant_ids, expires_at, created_by, networks)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${COLUMNS}`;

export const LIST_KEYS = `
  SELECT ${COLUMNS}, (extract(epoch FROM created_at) * 1000000)::bigint AS created_us FROM access.api_key
  WHERE platform_id IS NOT DISTINCT FROM $1
    AND ($2::bigint IS NULL OR (created_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3))
    AND ($4::text[] IS NULL OR merchant_ids <@ $4)
  ORDER BY created_at DESC, id DESC LIMIT $5`;

export const SELECT_KEY = `
  SELECT ${COLUMNS} FROM access.api_key
   WHERE id = $1 AND platform_id IS NOT DISTINCT FROM $2 AND ($3::text[] IS NULL OR merchant_ids <@ $3)`;

export const END_REPLACED_KEY = `
  UPDATE access.api_key
     SET replaced_by = $2, expires_at = least(expires_at, wxfleet.now() + make_interval(secs => $3))
   WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > wxfleet.now())`;

export const REVOKE_KEY = `
  UPDATE access.api_key SET revoked_at = coalesce(revoked_at, wxfleet.now())
  WHERE id = $1 AND platform_id IS NOT DISTINCT FROM $2 AND ($3::text[] IS NULL OR merchant_ids <@ $3)`;

export const REVOKE_KEYS_OF_PLATFORM = `UPDATE access.api_key SET revoked_at = coalesce(revoked_at, wxfleet.now()) WHERE platform_id = $1 RETURNING id`;

export const DELETE_USERS_OF_PLATFORM =
  'DELETE FROM access.console_user WHERE platform_id = $1 RETURNING user_id AS id';

export const FIND_WHAT_A_KEY_MADE = `
  WITH RECURSIVE principal AS (
    SELECT (CASE WHEN platform_id IS NULL THEN 'operator:' ELSE 'api_key:' END) || id AS actor, id AS key_id,
           NULL::text AS username, created_by FROM access.api_key
    UNION ALL SELECT 'user:' || username, NULL, username, created_by FROM access.console_user
  ), made AS (
    SELECT p.actor, p.key_id, p.username FROM principal p
     WHERE p.key_id = $1 AND EXISTS (
             SELECT 1 FROM access.api_key k WHERE k.id = $1 AND k.platform_id IS NOT DISTINCT FROM $2)
    UNION SELECT p.actor, p.key_id, p.username FROM made m JOIN principal p ON p.created_by = m.actor
  )
  SELECT key_id AS "keyId", username FROM made WHERE key_id IS DISTINCT FROM $1 ORDER BY 1, 2`;

export const REVOKE_WHAT_A_KEY_MADE = `
  WITH keys AS (
    UPDATE access.api_key SET revoked_at = coalesce(revoked_at, wxfleet.now()) WHERE id = ANY ($1) RETURNING id
  ), users AS (
    UPDATE access.console_user SET disabled_at = coalesce(disabled_at, wxfleet.now()) WHERE username = ANY ($2)
    RETURNING user_id
  ), sessions AS (
    UPDATE access.session SET ended_at = wxfleet.now()
     WHERE user_id IN (SELECT user_id FROM users) AND ended_at IS NULL RETURNING 1
  )
  SELECT id FROM keys UNION ALL SELECT user_id FROM users`;

export const LOCK_OPERATOR_KEYS = 'SELECT pg_advisory_xact_lock(hashtext($1))';

export const HAS_LIVE_OPERATOR_KEY = `
  SELECT 1 FROM access.api_key WHERE platform_id IS NULL AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > wxfleet.now()) LIMIT 1`;

export const END_FORMER_OPERATOR_KEYS = `
  UPDATE access.api_key SET expires_at = wxfleet.now() + make_interval(secs => $3)
  WHERE platform_id IS NULL AND created_by = $1 AND key_digest <> $2 AND revoked_at IS NULL AND expires_at IS NULL
  RETURNING id, expires_at`;

export const UPSERT_OPERATOR_KEY = `
  INSERT INTO access.api_key (id, platform_id, name, prefix, key_digest, scopes, created_by)
  VALUES ($1, NULL, $2, $3, $4, $5, $2)
  ON CONFLICT (key_digest) DO UPDATE SET revoked_at = NULL, expires_at = NULL, scopes = excluded.scopes
  RETURNING id`;

export const NOTE_LAST_USE = `
  UPDATE access.api_key k
     SET last_used_at = wxfleet.now(), last_used_address = coalesce(u.address, k.last_used_address)
    FROM unnest($1::text[], $2::text[]) AS u (id, address)
   WHERE k.id = u.id AND k.id IN (
     SELECT id FROM access.api_key WHERE id = ANY($1)
        AND (last_used_at IS NULL OR last_used_at < wxfleet.now() - interval '20 seconds')
      ORDER BY id FOR UPDATE SKIP LOCKED)`;
