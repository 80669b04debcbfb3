import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';

export const READ_STATE = `
  SELECT sealed_token, expires_at, generation, lease_generation, last_failure,
         (extract(epoch FROM expires_at - wxfleet.now()) * 1000)::float8 AS life_ms,
         (extract(epoch FROM refresh_after - wxfleet.now()) * 1000)::float8 AS refresh_ms,
         (extract(epoch FROM lease_until - wxfleet.now()) * 1000)::float8 AS leased_ms,
         (extract(epoch FROM retry_after - wxfleet.now()) * 1000)::float8 AS cooling_ms
    FROM custody.component_token WHERE platform_id = $1`;

export const CLAIM = `
  UPDATE custody.component_token
     SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $3)
   WHERE platform_id = $1 AND lease_generation = $2
     AND (lease_until IS NULL OR lease_until <= wxfleet.now())
  RETURNING lease_generation, wxfleet.now() AS taken_at, failures`;

export const WRITE_REFRESHED = `
  UPDATE custody.component_token
     SET sealed_token = $3, expires_at = $4, refresh_after = $5, generation = generation + 1,
         lease_until = NULL, retry_after = NULL, failures = 0, last_failure = NULL
   WHERE platform_id = $1 AND lease_generation = $2 RETURNING generation`;

/** Without a cool-down when a ticket has come that the refresh did not try. */
export const WRITE_FAILED = `
  UPDATE custody.component_token
     SET lease_until = NULL, failures = failures + 1, last_failure = $3,
         retry_after = CASE WHEN $5 AND EXISTS (
           SELECT 1 FROM custody.component_ticket t
            WHERE t.platform_id = $1 AND date_trunc('milliseconds', t.received_at) IS DISTINCT FROM $6
              AND t.received_at > wxfleet.now() - make_interval(secs => ${TICKET_LIFETIME_SECONDS}))
           THEN NULL ELSE wxfleet.now() + make_interval(secs => $4) END
   WHERE platform_id = $1 AND lease_generation = $2`;

export const LOCK_ROW = 'SELECT 1 FROM custody.component_token WHERE platform_id = $1 FOR UPDATE';
