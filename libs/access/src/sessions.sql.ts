export const FIND_USER =
  'SELECT user_id, platform_id, password_hash FROM access.console_user WHERE username = $1 AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > wxfleet.now())';

export const OPEN_SESSION = `
  WITH user_row AS (
  UPDATE access.console_user SET last_login_at = wxfleet.now(), password_hash = coalesce($7, password_hash)
   WHERE user_id = $1 AND disabled_at IS NULL AND password_hash = $6
     AND (expires_at IS NULL OR expires_at > wxfleet.now())
  RETURNING user_id, platform_id, username, role, expires_at AS user_expires_at
), made AS (
  INSERT INTO access.session (session_id, platform_id, user_id, token_digest, address, expires_at)
  SELECT $2, platform_id, user_id, $3, $4, least(user_expires_at, wxfleet.now() + make_interval(secs => $5)) FROM user_row
  RETURNING session_id, expires_at
)
SELECT m.session_id, m.expires_at, u.* FROM user_row u, made m`;

export const END_SESSION = `UPDATE access.session SET ended_at = wxfleet.now() WHERE token_digest = $1 AND ended_at IS NULL RETURNING session_id`;

export const DELETE_OLD_SESSIONS = `DELETE FROM access.session WHERE expires_at < wxfleet.now() - interval '7 days'`;

export const LOAD_SESSION = `
  SELECT s.session_id, s.user_id, u.username, u.role, u.platform_id, u.expires_at AS user_expires_at,
         extract(epoch FROM least(s.expires_at, s.last_seen_at + make_interval(secs => $2)) - wxfleet.now())::float8 * 1000 AS life_ms
    FROM access.session s JOIN access.console_user u USING (user_id)
   WHERE s.token_digest = $1 AND s.ended_at IS NULL AND u.disabled_at IS NULL AND s.expires_at > wxfleet.now()
     AND s.last_seen_at > wxfleet.now() - make_interval(secs => $2)`;

export const NOTE_LAST_SEEN =
  'UPDATE access.session SET last_seen_at = wxfleet.now() WHERE session_id = ANY ($1) AND ended_at IS NULL';
