import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';

export const LOCK_TOKEN_ROW = 'SELECT 1 FROM custody.component_token WHERE platform_id = $1 FOR UPDATE';

export const TICKET_BEFORE = `
  SELECT t.platform_id IS NULL AS "isFirst",
         CASE WHEN t.platform_id IS NULL THEN a.no_ticket_alarm_at ELSE t.stale_alarm_at END IS NOT NULL AS "isStale"
    FROM custody.component_account a LEFT JOIN custody.component_ticket t USING (platform_id)
   WHERE a.platform_id = $1 FOR NO KEY UPDATE OF a`;

export const UPSERT_TICKET = `
  INSERT INTO custody.component_ticket AS t (platform_id, sealed_ticket, received_at, wechat_created_at)
  VALUES ($1, $2, wxfleet.now(), $3)
  ON CONFLICT (platform_id) DO UPDATE SET
         sealed_ticket = excluded.sealed_ticket, received_at = excluded.received_at,
         wechat_created_at = excluded.wechat_created_at, stale_alarm_at = NULL
   WHERE CASE WHEN t.wechat_created_at > t.received_at + make_interval(secs => $4) THEN t.received_at
              ELSE t.wechat_created_at END <= excluded.wechat_created_at
  RETURNING received_at AS "receivedAt", received_at + make_interval(secs => ${TICKET_LIFETIME_SECONDS}) AS "expiresAt"`;

export const RETRY_COMPONENT_TOKEN = `
  UPDATE custody.component_token SET retry_after = NULL
   WHERE platform_id = $1 AND retry_after IS NOT NULL AND last_failure->>'code' = 'ticket_unavailable'`;

export const USABLE_TICKETS = `
  SELECT CASE WHEN received_at > wxfleet.now() - make_interval(secs => $2) THEN sealed_ticket END AS newest,
         received_at,
         CASE WHEN working_received_at > wxfleet.now() - make_interval(secs => $2) THEN sealed_working_ticket END AS working,
         working_received_at
    FROM custody.component_ticket WHERE platform_id = $1`;

export const NOTE_WORKING_TICKET = `
  UPDATE custody.component_ticket SET sealed_working_ticket = $2, working_received_at = $3
   WHERE platform_id = $1 AND (working_received_at IS NULL OR working_received_at < $3)`;

export const TICKET_AGES = `
  SELECT platform_id AS "platformId", component_appid AS "componentAppid",
         extract(epoch FROM wxfleet.now() - received_at)::float8 AS "ageSeconds"
    FROM custody.component_ticket JOIN custody.component_account USING (platform_id)`;
