/** WeChat's server clock window is a day: a message that is sent again within it is known here. */
const KNOWN_HOURS = 25;

const ANSWER_SECONDS = 30;

const LONGEST_HOURS = 72;

/** A process that asks a backend renews its lease; without it another one asks, at WeChat's next attempt. */
const LEASE_SECONDS = 3;

export const FORGET_OLD_ANSWERS = `
  UPDATE events.relay_call SET sealed_answer = NULL
   WHERE sealed_answer IS NOT NULL AND answered_at < wxfleet.now() - interval '${ANSWER_SECONDS} s'`;

export const DELETE_OLD_CALLS = `DELETE FROM events.relay_call WHERE created_at < wxfleet.now() - interval '${KNOWN_HOURS} hours'`;

export const DELETE_OLD_MESSAGES = `
  DELETE FROM events.relay_message m
   WHERE created_at < wxfleet.now() - interval '${LONGEST_HOURS} hours'
      OR NOT EXISTS (SELECT FROM events.relay r WHERE r.platform_id = m.platform_id AND r.name = m.relay_name)`;

export const RELAYS_WITH_DUE_MESSAGES = `SELECT DISTINCT platform_id AS "platformId", relay_name AS name FROM events.relay_message WHERE next_attempt_at <= wxfleet.now()`;

export const LIST_RELAYS = `
  SELECT name, url, source, match, mode, deadline_ms AS "deadlineMs", sealed_secret AS sealed
    FROM events.relay WHERE platform_id = $1 AND enabled ORDER BY name`;

export const CLAIM_CALL = `
  INSERT INTO events.relay_call AS c (platform_id, message_key, state, lease_until)
  VALUES ($1, $2, $3, wxfleet.now() + interval '${LEASE_SECONDS} s')
  ON CONFLICT (platform_id, message_key) DO UPDATE SET lease_until = excluded.lease_until
     WHERE c.state = 'running' AND c.lease_until < wxfleet.now()
       -- A process that died while it asked: one of WeChat's attempts takes its place, nobody later.
       AND c.created_at > wxfleet.now() - interval '20 s'
  RETURNING xmax = 0 AS "isNew"`;

export const INSERT_MESSAGE = `
  INSERT INTO events.relay_message (platform_id, message_key, relay_name, sealed_body) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING`;

export const MERCHANT_OF_ACCOUNT =
  'SELECT merchant_id AS "merchantId" FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2';

export const RENEW_CALL = `
  UPDATE events.relay_call SET lease_until = wxfleet.now() + interval '${LEASE_SECONDS} s'
   WHERE platform_id = $1 AND message_key = $2 AND state = 'running'`;

export const KEEP_ANSWER = `
  UPDATE events.relay_call SET state = 'answered', sealed_answer = $3, answered_at = wxfleet.now()
   WHERE platform_id = $1 AND message_key = $2`;

export const SELECT_CALL = `
  SELECT state, sealed_answer AS sealed, lease_until < wxfleet.now() AS "isFree" FROM events.relay_call
   WHERE platform_id = $1 AND message_key = $2`;

export const IS_OLD_CALL = `SELECT created_at < wxfleet.now() - interval '20 s' AS old FROM events.relay_call WHERE platform_id = $1 AND message_key = $2`;

export const CLAIM_DUE_MESSAGES = `
  UPDATE events.relay_message m
     SET lease_generation = m.lease_generation + 1, next_attempt_at = wxfleet.now() + make_interval(secs => $4)
    FROM (SELECT platform_id, message_key, relay_name FROM events.relay_message
           WHERE platform_id = $1 AND relay_name = $2 AND next_attempt_at <= wxfleet.now()
           ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
   WHERE m.platform_id = due.platform_id AND m.message_key = due.message_key AND m.relay_name = due.relay_name
  RETURNING m.*`;

export const DELETE_DELIVERED_MESSAGE = `DELETE FROM events.relay_message WHERE platform_id = $1 AND message_key = $2 AND relay_name = $3 AND lease_generation = $4`;

export const POSTPONE_MESSAGE = `
  UPDATE events.relay_message SET attempts = attempts + 1, next_attempt_at = wxfleet.now() + make_interval(secs => $5)
   WHERE platform_id = $1 AND message_key = $2 AND relay_name = $3 AND lease_generation = $4`;
