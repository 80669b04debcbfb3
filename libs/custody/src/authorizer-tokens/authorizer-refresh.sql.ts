export const NOTE_LATE_RESULT = `
  UPDATE custody.authorizer_token
     SET late_result_at = wxfleet.now(),
         refresh_after = CASE WHEN lease_until IS NULL THEN wxfleet.now() ELSE refresh_after END
   WHERE platform_id = $1 AND authorizer_appid = $2 AND state = 'usable'`;

export const KEEP_FOUND_TOKEN = `
  UPDATE custody.authorizer_token
     SET sealed_previous_refresh_token = coalesce(sealed_previous_refresh_token, sealed_refresh_token),
         sealed_refresh_token = $4,
         -- A list in memory is as old as its question.
         refresh_token_received_at = wxfleet.now() - make_interval(secs => $6),
         lease_until = wxfleet.now() + make_interval(secs => $5), updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND state = 'usable'`;

export const LOSE_TOKENS = `
  UPDATE custody.authorizer_token
     SET state = 'lost', lease_until = NULL, lease_generation = lease_generation + 1,
         failures = failures + 1, last_failure = $4, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND state = 'usable'`;
