export const LOCK_PRESENT = `
  SELECT authorizer_appid, state, sealed_refresh_token, sealed_previous_refresh_token,
         refresh_token_received_at, updated_at
    FROM custody.authorizer_token
   WHERE platform_id = $1 AND authorizer_appid = ANY ($2) ORDER BY authorizer_appid FOR UPDATE`;

export const SUSPEND_TOKENS = `
  UPDATE custody.authorizer_token
     SET state = 'suspended', sealed_access_token = NULL, access_token_expires_at = NULL, refresh_after = NULL,
         lease_until = NULL, lease_generation = lease_generation + 1, generation = generation + 1,
         failures = 0, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_appid = $2 AND state <> 'suspended'`;

export const RESUME_TOKENS = `
  UPDATE custody.authorizer_token
     SET state = 'usable', refresh_after = wxfleet.now(), lease_until = NULL,
         lease_generation = lease_generation + 1, failures = 0, last_failure = NULL, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_appid = $2 AND state = 'suspended' AND sealed_refresh_token IS NOT NULL`;

export const CONFIRM_TOKENS = `
  UPDATE custody.authorizer_token t
     SET refresh_token_received_at = greatest(t.refresh_token_received_at, coalesce(i.fetched_at, wxfleet.now()))
    FROM unnest($2::text[], $3::timestamptz[]) AS i (appid, fetched_at)
   WHERE t.platform_id = $1 AND t.authorizer_appid = i.appid`;

export const UPSERT_TOKENS = `
  INSERT INTO custody.authorizer_token AS t
         (platform_id, authorizer_appid, sealed_refresh_token, sealed_previous_refresh_token,
          refresh_token_received_at, sealed_access_token, access_token_expires_at, refresh_after, generation)
  SELECT $1, i.appid, i.refresh_token, i.previous_refresh_token,
         -- As old as the question.
         CASE WHEN i.refresh_token IS NOT NULL THEN coalesce(i.fetched_at, wxfleet.now()) END,
         i.access_token, coalesce(i.fetched_at, wxfleet.now()) + make_interval(secs => i.life),
         CASE WHEN i.access_token IS NOT NULL
              THEN coalesce(i.fetched_at, wxfleet.now()) + make_interval(secs => i.refresh)
              WHEN i.refresh_token IS NOT NULL THEN wxfleet.now() END,
         1
    FROM unnest($2::text[], $3::bytea[], $4::bytea[], $5::float8[], $6::float8[], $7::timestamptz[], $8::bytea[])
      AS i (appid, refresh_token, access_token, life, refresh, fetched_at, previous_refresh_token)
  ON CONFLICT (platform_id, authorizer_appid) DO UPDATE SET
         sealed_previous_refresh_token = CASE WHEN excluded.sealed_refresh_token IS NULL
           THEN t.sealed_previous_refresh_token
           ELSE coalesce(excluded.sealed_previous_refresh_token, t.sealed_refresh_token) END,
         sealed_refresh_token = coalesce(excluded.sealed_refresh_token, t.sealed_refresh_token),
         refresh_token_received_at = coalesce(excluded.refresh_token_received_at, t.refresh_token_received_at),
         -- An access token from before a suspension or a loss is not to be trusted; one of a usable row lives on.
         sealed_access_token = CASE WHEN excluded.sealed_access_token IS NOT NULL THEN excluded.sealed_access_token
                                    WHEN t.state = 'usable' THEN t.sealed_access_token END,
         access_token_expires_at = CASE WHEN excluded.sealed_access_token IS NOT NULL THEN excluded.access_token_expires_at
                                        WHEN t.state = 'usable' THEN t.access_token_expires_at END,
         refresh_after = coalesce(excluded.refresh_after, wxfleet.now()),
         -- Tokens that were lost come back only with a refresh token to try.
         state = CASE WHEN t.state = 'lost' AND t.sealed_refresh_token IS NULL
                           AND excluded.sealed_refresh_token IS NULL THEN 'lost' ELSE 'usable' END,
         generation = t.generation + 1, lease_generation = t.lease_generation + 1, lease_until = NULL,
         -- What a refresh that is under way brings will not be written.
         may_be_replaced = excluded.sealed_access_token IS NULL AND (t.may_be_replaced OR t.lease_until IS NOT NULL),
         failures = 0, last_failure = NULL, updated_at = wxfleet.now()`;
