import type { NamedStatement } from '#libs/kernel';

/** The sealed values travel as one binary parameter: as a bytea[] they would be written as hex, twice as long. */
export const WRITE_REFRESHED: NamedStatement = {
  name: 'custody.write_refreshed',
  text: `
    WITH i AS (
      SELECT platform_id, appid, lease_generation, notice, used_previous,
             to_timestamp(expires) AS expires_at, to_timestamp(refresh) AS refresh_after, to_timestamp(taken) AS taken_at,
             substring($1::bytea FROM access_at FOR access_bytes) AS access_token,
             CASE WHEN refresh_bytes > 0 THEN substring($1::bytea FROM refresh_at FOR refresh_bytes) END AS refresh_token
        FROM unnest($2::int[], $3::text[], $4::bigint[], $5::float8[], $6::float8[], $7::int[], $8::int[],
                    $9::int[], $10::int[], $11::boolean[], $12::int[], $13::float8[])
          AS i (platform_id, appid, lease_generation, expires, refresh, access_at, access_bytes,
                refresh_at, refresh_bytes, used_previous, notice, taken)
    ), written AS (
      UPDATE custody.authorizer_token t SET
             sealed_access_token = i.access_token, access_token_expires_at = i.expires_at,
             -- A process that had lost the lease got a token too, perhaps after this one (markTimedOut).
             refresh_after = CASE WHEN t.late_result_at >= i.taken_at THEN wxfleet.now() ELSE i.refresh_after END,
             -- The token that just worked is kept until the one that replaces it has worked.
             sealed_previous_refresh_token = CASE
               WHEN i.refresh_token IS NULL THEN NULL
               WHEN i.used_previous THEN t.sealed_previous_refresh_token
               ELSE t.sealed_refresh_token END,
             sealed_refresh_token = coalesce(i.refresh_token,
               CASE WHEN i.used_previous THEN t.sealed_previous_refresh_token END, t.sealed_refresh_token),
             -- As old as the question, however long the database was away, and no older than the one that was sent.
             refresh_token_received_at = CASE WHEN i.refresh_token IS NULL THEN t.refresh_token_received_at
                                              ELSE greatest(t.refresh_token_received_at, i.taken_at) END,
             generation = t.generation + 1, lease_until = NULL, failures = 0, last_failure = NULL,
             may_be_replaced = false, updated_at = wxfleet.now()
        FROM i WHERE t.platform_id = i.platform_id AND t.authorizer_appid = i.appid
             -- Every change of state ends the lease, so the state need not be compared. Naming it would also lead the
             -- planner from the primary key to the index of due rows.
             AND t.lease_generation = i.lease_generation
      RETURNING t.platform_id, t.authorizer_appid, t.generation, i.notice
    ), told AS (
      SELECT pg_notify('wxfleet_custody', platform_id || ':' || string_agg(authorizer_appid, ',')) AS sent
        FROM written GROUP BY platform_id, notice
    )
    SELECT platform_id, authorizer_appid, generation, (SELECT count(sent) FROM told) AS notices FROM written`,
};

export const WRITE_FAILURES = `
  WITH i AS (
    SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::jsonb[], $5::float8[], $6::boolean[], $7::int[])
      AS i (platform_id, appid, lease_generation, failure, wait_seconds, may_be_replaced, notice)
  ), written AS (
    UPDATE custody.authorizer_token t SET
           lease_until = NULL, failures = t.failures + 1, last_failure = i.failure,
           may_be_replaced = t.may_be_replaced OR i.may_be_replaced,
           refresh_after = wxfleet.now() + make_interval(secs => i.wait_seconds), updated_at = wxfleet.now()
      FROM i WHERE t.platform_id = i.platform_id AND t.authorizer_appid = i.appid
           AND t.lease_generation = i.lease_generation
    RETURNING t.platform_id, t.authorizer_appid, i.notice
  ), told AS (
    SELECT pg_notify('wxfleet_custody', platform_id || ':' || string_agg(authorizer_appid, ',')) AS sent
      FROM written GROUP BY platform_id, notice
  )
  SELECT platform_id, authorizer_appid, (SELECT count(sent) FROM told) AS notices FROM written`;
