export const TICKETS_TO_GUARD = `
  SELECT platform_id AS "platformId", component_appid AS "componentAppid", received_at AS "ticketReceivedAt",
         coalesce(received_at, a.created_at) < wxfleet.now() - make_interval(secs => $1) AS stale,
         CASE WHEN received_at IS NULL THEN no_ticket_alarm_at ELSE stale_alarm_at END IS NULL AS alarm,
         coalesce(c.last_failure->>'code' = 'ticket_unavailable', false) AS refused
    FROM custody.component_account a
    LEFT JOIN custody.component_ticket t USING (platform_id)
    LEFT JOIN custody.component_token c USING (platform_id)`;

export const LOCK_ACCOUNT = 'SELECT 1 FROM custody.component_account WHERE platform_id = $1 FOR NO KEY UPDATE';

export const RAISE_NO_TICKET_ALARM = `
  UPDATE custody.component_account a SET no_ticket_alarm_at = wxfleet.now()
   WHERE platform_id = $1 AND no_ticket_alarm_at IS NULL
     AND NOT EXISTS (SELECT FROM custody.component_ticket t WHERE t.platform_id = a.platform_id)`;

export const RAISE_STALE_ALARM = `
  UPDATE custody.component_ticket SET stale_alarm_at = wxfleet.now()
   WHERE platform_id = $1 AND stale_alarm_at IS NULL
     AND received_at < wxfleet.now() - make_interval(secs => $2)`;

export const CLAIM_ASKING_FOR_TICKET = `
  UPDATE custody.component_ticket SET start_push_asked_at = wxfleet.now()
   WHERE platform_id = $1 AND (start_push_asked_at IS NULL
         OR start_push_asked_at <= wxfleet.now() - make_interval(secs => $2))`;
