const COLUMNS = `platform_id AS "platformId", authorizer_id AS "authorizerId", authorizer_appid AS "authorizerAppid",
  merchant_id AS "merchantId", state, kind, permission_sets AS "permissionSets", authorized_at AS "authorizedAt",
  state_event_at AS "stateEventAt", info_fetched_at AS "infoFetchedAt", updated_at::text AS version,
  updated_at AS "updatedAt"`;

export const SELECT_AUTHORIZER = `SELECT ${COLUMNS}, false AS "isNew" FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2`;

export const LOCK_AUTHORIZER = `
  SELECT ${COLUMNS}, false AS "isNew" FROM authorizers.authorizer
   WHERE platform_id = $1 AND authorizer_appid = $2 FOR UPDATE`;

export const INSERT_UNKNOWN_AUTHORIZER = `
  INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state) VALUES ($1, $2, $3, 'unauthorized')
  ON CONFLICT (platform_id, authorizer_appid) DO NOTHING`;

export const AUTHORIZE = `
  UPDATE authorizers.authorizer
     SET state = 'authorized', permission_sets = coalesce($3::int[], permission_sets),
         authorized_at = coalesce($4, wxfleet.now()), state_event_at = coalesce($5, state_event_at),
         info_fetched_at = NULL, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_id = $2`;

export const CONFIRM_AUTHORIZATION = `
  UPDATE authorizers.authorizer
     SET state_event_at = $3, authorized_at = CASE WHEN state = 'authorized' THEN $3 ELSE authorized_at END,
         updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_id = $2`;

export const UNAUTHORIZE = `
  UPDATE authorizers.authorizer
     SET state = 'unauthorized', unauthorized_at = coalesce($3, wxfleet.now()),
         state_event_at = coalesce($4, state_event_at), updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_id = $2`;

export const REQUIRE_REAUTHORIZATION = `
  UPDATE authorizers.authorizer
     SET state = 'reauthorization_required', state_event_at = coalesce($3, state_event_at), updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_id = $2`;

export const DESCRIBE_ACCOUNT = `
  UPDATE authorizers.authorizer
     SET kind = coalesce($3, kind), nick_name = coalesce($4, nick_name), principal_name = coalesce($5, principal_name),
         user_name = coalesce($6, user_name), permission_sets = coalesce($7::int[], permission_sets),
         info_asked_at = $8, info_fetched_at = wxfleet.now(), unreadable_fields = $9, info_failures = 0, last_failure = NULL, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_id = $2`;

export const NOTE_INFO_FAILURE = `
  UPDATE authorizers.authorizer
     SET info_failures = info_failures + 1,
         last_failure = jsonb_build_object('at', to_char(wxfleet.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                                           'code', $3::text, 'wechat', $4::jsonb)
   WHERE platform_id = $1 AND authorizer_appid = $2`;

export const FIND_APPLIED_EVENT = `
  SELECT 1 FROM authorizers.authorizer_event
   WHERE platform_id = $1 AND authorizer_appid = $2 AND kind = $3 AND wechat_created_at = $4 AND effect = 'applied'
   LIMIT 1`;

export const RECORD_EVENT = `
  INSERT INTO authorizers.authorizer_event (platform_id, authorizer_appid, kind, wechat_created_at, effect, detail)
  VALUES ($1, $2, $3, $4, $5, $6)`;

export const RECORD_EVENTS = `
  INSERT INTO authorizers.authorizer_event (platform_id, authorizer_appid, kind, effect, detail)
  SELECT $1, e.appid, $2, $3, e.detail::jsonb FROM unnest($4::text[], $5::text[]) AS e (appid, detail)`;
