import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';
import { TICKET_STALE_SECONDS } from './component-tickets.ts';

export const SELECT = `
  SELECT a.platform_id AS "platformId", a.component_appid AS "componentAppid", a.name,
         CASE WHEN a.misconfigured_at IS NOT NULL THEN 'misconfigured'
              WHEN t.platform_id IS NULL THEN 'awaiting_ticket'
              WHEN t.received_at < wxfleet.now() - make_interval(secs => ${TICKET_STALE_SECONDS}) THEN 'ticket_stale'
              ELSE 'ready' END AS state,
         t.received_at AS "ticketReceivedAt",
         t.received_at + make_interval(secs => ${TICKET_LIFETIME_SECONDS}) AS "ticketExpiresAt",
         c.expires_at AS "componentAccessTokenExpiresAt",
         CASE WHEN a.misconfigured_at IS NOT NULL THEN a.misconfigured_at END AS "misconfiguredAt",
         a.misconfigured_wechat AS "misconfiguredWechat",
         a.created_at AS "createdAt",
         CASE WHEN a.previous_push_secrets_until > wxfleet.now() THEN a.previous_push_secrets_until END AS "previousUntil",
         a.previous_push_secrets_used AS "previousUsed", a.previous_push_secrets_used_at AS "previousUsedAt"
    FROM custody.component_account a
    LEFT JOIN custody.component_ticket t USING (platform_id)
    LEFT JOIN custody.component_token c USING (platform_id)`;

export const NEXT_PLATFORM_ID = `SELECT nextval(pg_get_serial_sequence('custody.component_account', 'platform_id')) AS id`;

export const INSERT_ACCOUNT = `
  INSERT INTO custody.component_account
         (platform_id, component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
  OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (component_appid) DO NOTHING`;

export const INSERT_EMPTY_TOKEN = 'INSERT INTO custody.component_token (platform_id) VALUES ($1)';

export const SELECT_PUSH_SECRETS = 'SELECT sealed_push_token, sealed_aes_key FROM custody.push_secrets($1)';

export const FORGET_TOKEN_FAILURES = `
  UPDATE custody.component_token SET retry_after = NULL, failures = 0, lease_until = NULL,
         lease_generation = lease_generation + 1 WHERE platform_id = $1`;

export const PLATFORMS_WITH_TICKET = `
  SELECT platform_id AS "platformId", component_appid AS "componentAppid"
    FROM custody.component_account JOIN custody.component_ticket USING (platform_id) ORDER BY platform_id`;

export const COUNT_PREVIOUS_PUSH_SECRETS_USE = `
  UPDATE custody.component_account
     SET previous_push_secrets_used = previous_push_secrets_used + 1, previous_push_secrets_used_at = wxfleet.now()
   WHERE platform_id = $1`;

export const NOTE_MISCONFIGURED = `
  WITH before AS (
    SELECT platform_id, misconfigured_at FROM custody.component_account WHERE platform_id = $1 FOR NO KEY UPDATE
  )
  UPDATE custody.component_account a
     SET misconfigured_at = coalesce(a.misconfigured_at, wxfleet.now()), misconfigured_wechat = $2
    FROM before WHERE a.platform_id = before.platform_id
  RETURNING before.misconfigured_at IS NULL AS is_new`;
