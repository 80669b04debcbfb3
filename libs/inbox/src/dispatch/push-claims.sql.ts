/** All pending pushes of an account: any number of postponed ones must not hide a newer one that is due. */
export const LOOK = `
  SELECT count(*)::int AS waiting,
         extract(epoch FROM max(lease_until) FILTER (WHERE lease_until > wxfleet.now()) - wxfleet.now())::float8 AS lease_left,
         (array_agg(push_id ORDER BY wechat_created_at, push_id)
            FILTER (WHERE coalesce(retry_at <= wxfleet.now(), true)))[1] AS due_id,
         extract(epoch FROM min(retry_at) - wxfleet.now())::float8 AS retry_in
    FROM inbox.push
   WHERE platform_id = $1 AND authorizer_appid = $2 AND state = 'pending'`;

export const LOCK_QUEUE_OF_ACCOUNT = `SELECT pg_advisory_xact_lock(hashtextextended('inbox.push:' || $1::int || ':' || $2::text, 0))`;

export const CLAIM_PUSH = `
  UPDATE inbox.push
     SET attempts = attempts + 1, lease_generation = lease_generation + 1,
         lease_until = wxfleet.now() + make_interval(secs => $3)
   WHERE platform_id = $1 AND push_id = $2
   RETURNING platform_id, push_id, digest, authorizer_appid, info_type, wechat_created_at, received_at,
             sealed_body, attempts, lease_generation`;

export const FINISH_PUSH = `
  UPDATE inbox.push
     SET state = $4, handled_at = wxfleet.now(), lease_until = NULL, retry_at = NULL, failure = NULL,
         sealed_body = CASE WHEN $4 = 'unhandled' THEN sealed_body END
   WHERE platform_id = $1 AND push_id = $2 AND lease_generation = $3 AND state = 'pending'`;

export const POSTPONE_PUSH = `
  UPDATE inbox.push
     SET failure = $4, retry_at = wxfleet.now() + make_interval(secs => $5), lease_until = NULL
   WHERE platform_id = $1 AND push_id = $2 AND lease_generation = $3 AND state = 'pending'`;

export const GIVE_PUSH_UP = `
  UPDATE inbox.push
     SET state = 'failed', failure = $4, handled_at = wxfleet.now(), lease_until = NULL, retry_at = NULL
   WHERE platform_id = $1 AND push_id = $2 AND lease_generation = $3 AND state = 'pending'`;
