import type { NamedStatement } from '#libs/kernel';

export const SELECT_STATE = `
  SELECT authorizer_appid, state, sealed_access_token, access_token_expires_at, generation, lease_generation, failures, last_failure,
         may_be_replaced OR coalesce(lease_until <= wxfleet.now(), false) AS may_be_replaced,
         (extract(epoch FROM access_token_expires_at - wxfleet.now()) * 1000)::float8 AS life_ms,
         (extract(epoch FROM refresh_after - wxfleet.now()) * 1000)::float8 AS refresh_ms,
         (extract(epoch FROM lease_until - wxfleet.now()) * 1000)::float8 AS leased_ms
    FROM custody.authorizer_token`;

/**
 * The same for thousands. The present time is computed once, and the remaining life is computed by the reader: in SQL,
 * intervals as numbers cost more than all the rest.
 */
export const SELECT_MANY = `
  SELECT authorizer_appid, state, sealed_access_token, access_token_expires_at, generation, last_failure,
         may_be_replaced OR coalesce(lease_until <= (SELECT wxfleet.now()), false) AS may_be_replaced,
         (SELECT wxfleet.now()) AS now
    FROM custody.authorizer_token`;

/** A lease that was not released is a refresh whose outcome is unknown. */
const TAKE_LEASE = `lease_generation = lease_generation + 1,
              may_be_replaced = may_be_replaced OR lease_until IS NOT NULL`;

const CLAIMED = `platform_id, authorizer_appid, lease_generation, (extract(epoch FROM wxfleet.now()) * 1000)::float8 AS taken_at_ms, failures,
         sealed_refresh_token, sealed_previous_refresh_token`;

export const READ_EXPIRIES: NamedStatement = {
  name: 'custody.read_expiries',
  text: `SELECT authorizer_appid AS appid, access_token_expires_at AS at FROM custody.authorizer_token
          WHERE platform_id = $1 AND authorizer_appid = ANY ($2) AND access_token_expires_at IS NOT NULL`,
};

export const CLAIM_MANY: NamedStatement = {
  name: 'custody.claim_many',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT authorizer_appid AS appid FROM custody.authorizer_token
       WHERE platform_id = $1 AND authorizer_appid = ANY ($2) AND state = 'usable'
         AND (lease_until IS NULL OR lease_until <= wxfleet.now())
         AND (failures = 0 OR refresh_after IS NULL OR refresh_after <= wxfleet.now())
         AND (may_be_replaced OR access_token_expires_at IS NULL
              OR access_token_expires_at < wxfleet.now() + make_interval(secs => $4))
         FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE custody.authorizer_token t
       SET ${TAKE_LEASE}, lease_until = wxfleet.now() + make_interval(secs => $3)
      FROM wanted WHERE t.platform_id = $1 AND t.authorizer_appid = wanted.appid
    RETURNING ${CLAIMED}`,
};

export const SELECT_HELD = `
  SELECT authorizer_appid AS appid, state, sealed_refresh_token IS NOT NULL AS "hasRefreshToken",
         refresh_token_received_at AS "refreshTokenReceivedAt"
    FROM custody.authorizer_token WHERE platform_id = $1 AND authorizer_appid = ANY ($2)`;

export const TAKE_LEASE_OF_ONE = `
  UPDATE custody.authorizer_token
     SET ${TAKE_LEASE}, lease_until = wxfleet.now() + make_interval(secs => $4)
   WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND state = 'usable'
     AND (lease_until IS NULL OR lease_until <= wxfleet.now())
 RETURNING ${CLAIMED}`;

export const CLAIM_DUE = `
  WITH due AS MATERIALIZED (
    SELECT authorizer_appid AS appid, refresh_after AS due_at FROM custody.authorizer_token
     WHERE platform_id = $1 AND state = 'usable' AND refresh_after <= wxfleet.now()
       AND ($4::timestamptz IS NULL OR refresh_after >= $4)
       AND (lease_until IS NULL OR lease_until <= wxfleet.now())
     ORDER BY refresh_after LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE custody.authorizer_token t
     SET ${TAKE_LEASE}, lease_until = wxfleet.now() + make_interval(secs => $3)
    FROM due WHERE t.platform_id = $1 AND t.authorizer_appid = due.appid
  RETURNING ${CLAIMED}, (extract(epoch FROM due.due_at) * 1000)::float8 AS due_ms`;

export const RENEW_LEASE = `
  UPDATE custody.authorizer_token SET lease_until = wxfleet.now() + make_interval(secs => $4)
   WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND lease_until IS NOT NULL`;

export const RELEASE_LEASES = `
  UPDATE custody.authorizer_token t SET lease_until = NULL
    FROM unnest($1::int[], $2::text[], $3::bigint[]) AS i (platform_id, appid, lease_generation)
   WHERE t.platform_id = i.platform_id AND t.authorizer_appid = i.appid AND t.lease_generation = i.lease_generation`;
