import type { NamedStatement } from '#libs/kernel';

/** Whether an event of the feed (`e`) belongs to an endpoint (`w`). */
const MATCHES = `
  (w.event_types IS NULL OR e.type = ANY (w.event_types) OR split_part(e.type, '.', 1) || '.*' = ANY (w.event_types))
  AND (w.merchant_ids IS NULL OR e.merchant_id = ANY (w.merchant_ids))
  -- A first look at each account of a new fleet: only for those that ask for it by name.
  AND (e.type <> 'domains.first_seen' OR e.type = ANY (w.event_types))`;

/**
 * Takes endpoints that have something to do and that no process delivers to. A new generation makes what the process before
 * still writes void. $1: how many; $2: lease in seconds.
 */
export const CLAIM_ENDPOINTS: NamedStatement = {
  name: 'webhooks claim',
  text: `
    UPDATE events.webhook_endpoint w
       SET lease_generation = w.lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $2)
      FROM (SELECT c.platform_id, c.endpoint_id
              FROM events.webhook_endpoint c
              LEFT JOIN events.feed_head h ON h.platform_id = c.platform_id
             WHERE c.state = 'enabled' AND (c.lease_until IS NULL OR c.lease_until < wxfleet.now())
               AND (c.fanned_out_seq < h.seq
                    OR EXISTS (SELECT FROM events.delivery d
                                WHERE d.platform_id = c.platform_id AND d.endpoint_id = c.endpoint_id AND d.state = 'pending'
                                  AND d.next_attempt_at <= wxfleet.now())
                    OR EXISTS (SELECT FROM events.replay r
                                WHERE r.platform_id = c.platform_id AND r.endpoint_id = c.endpoint_id AND r.state = 'running'))
             ORDER BY c.lease_until NULLS FIRST LIMIT $1
               FOR UPDATE OF c SKIP LOCKED) due
      JOIN custody.component_account a ON a.platform_id = due.platform_id
     WHERE w.platform_id = due.platform_id AND w.endpoint_id = due.endpoint_id
    RETURNING w.platform_id, w.endpoint_id, w.lease_generation, a.component_appid`,
};

/** The endpoint as it is now, for the process that holds it; renews its lease. No row: somebody else holds it. */
export const HOLD_ENDPOINT: NamedStatement = {
  name: 'webhooks hold',
  text: `
    UPDATE events.webhook_endpoint w SET lease_until = wxfleet.now() + make_interval(secs => $4)
     WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3 AND state = 'enabled'
    RETURNING url, ordering, format, max_per_second, sealed_secret, failures, robot_sent,
              CASE WHEN previous_until > wxfleet.now() THEN sealed_previous_secret END AS sealed_previous_secret,
              EXISTS (SELECT FROM events.replay r
                       WHERE r.platform_id = w.platform_id AND r.endpoint_id = w.endpoint_id AND r.state = 'running') AS has_replay`,
};

export const RELEASE_ENDPOINT = `
  UPDATE events.webhook_endpoint SET lease_until = NULL
   WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3`;

/**
 * Makes deliveries of the next events, up to $4 numbers on, and answers with them: a row for each, or one without a delivery. No
 * row, and no lock: there are no new events, or the process lost the lease.
 */
export const FAN_OUT: NamedStatement = {
  name: 'webhooks fan out',
  text: `
    WITH w AS (
      SELECT w.*, h.seq AS head, greatest(w.fanned_out_seq, h.floor_seq) AS from_seq,
             least(h.seq, greatest(w.fanned_out_seq, h.floor_seq) + $4::bigint) AS to_seq
        FROM events.webhook_endpoint w JOIN events.feed_head h ON h.platform_id = w.platform_id
       WHERE w.platform_id = $1 AND w.endpoint_id = $2 AND w.lease_generation = $3 AND w.state = 'enabled'
         AND h.seq > w.fanned_out_seq
         FOR UPDATE OF w
    ), made AS (
      INSERT INTO events.delivery (platform_id, endpoint_id, seq, type, authorizer_appid, trigger)
      SELECT w.platform_id, w.endpoint_id, e.seq, e.type, e.authorizer_appid, 'event'
        FROM w JOIN events.event e ON e.platform_id = $1 AND e.seq > w.from_seq AND e.seq <= w.to_seq
       WHERE ${MATCHES}
       ORDER BY e.seq
      RETURNING delivery_id, seq, attempts, authorizer_appid, type
    ), moved AS (
      UPDATE events.webhook_endpoint u SET fanned_out_seq = w.to_seq FROM w
       WHERE u.platform_id = $1 AND u.endpoint_id = $2 AND w.to_seq > u.fanned_out_seq
    )
    SELECT w.to_seq < w.head AS more, m.*, e.merchant_id, e.occurred_at, e.data
      FROM w LEFT JOIN (made m JOIN events.event e ON e.platform_id = $1 AND e.seq = m.seq) ON true
     ORDER BY m.delivery_id`,
};

/**
 * Accounts that have deliveries which the drain does not have in memory ($3), of the first $4 such deliveries. `seen` tells whether
 * there may be more.
 */
export const ACCOUNTS_OUTSIDE: NamedStatement = {
  name: 'webhooks accounts outside',
  text: `
    SELECT count(*)::int AS seen, coalesce(array_agg(DISTINCT authorizer_appid) FILTER (WHERE authorizer_appid IS NOT NULL), '{}') AS accounts
      FROM (SELECT authorizer_appid FROM events.delivery
             WHERE platform_id = $1 AND endpoint_id = $2 AND state = 'pending' AND delivery_id <> ALL ($3::bigint[])
             ORDER BY next_attempt_at, delivery_id LIMIT $4) o`,
};

/** The next stretch of the oldest replay of an endpoint. */
export const FAN_OUT_REPLAY = `
  WITH w AS (
    SELECT w.* FROM events.webhook_endpoint w
     WHERE w.platform_id = $1 AND w.endpoint_id = $2 AND w.lease_generation = $3 AND w.state = 'enabled' FOR UPDATE
  ), r AS (
    SELECT r.*, least(r.until_seq, r.next_seq + $4::bigint) AS to_seq FROM events.replay r, w
     WHERE r.platform_id = $1 AND r.endpoint_id = $2 AND r.state = 'running' ORDER BY r.replay_id LIMIT 1 FOR UPDATE OF r
  ), made AS (
    INSERT INTO events.delivery (platform_id, endpoint_id, seq, type, authorizer_appid, trigger, replay_id)
    SELECT w.platform_id, w.endpoint_id, e.seq, e.type, e.authorizer_appid, 'replay', r.replay_id
      FROM w, r JOIN events.event e ON e.platform_id = $1 AND e.seq > r.next_seq AND e.seq <= r.to_seq
     WHERE ${MATCHES}
       AND (r.types IS NULL OR e.type = ANY (r.types) OR split_part(e.type, '.', 1) || '.*' = ANY (r.types))
       AND (r.authorizer_appids IS NULL OR e.authorizer_appid = ANY (r.authorizer_appids))
       AND ${undelivered('r.which')}
     ORDER BY e.seq
    RETURNING 1
  )
  UPDATE events.replay u
     SET next_seq = r.to_seq, queued = u.queued + (SELECT count(*) FROM made),
         state = CASE WHEN r.to_seq >= r.until_seq THEN 'done' ELSE 'running' END,
         finished_at = CASE WHEN r.to_seq >= r.until_seq THEN wxfleet.now() END
    FROM r WHERE u.platform_id = r.platform_id AND u.replay_id = r.replay_id
  RETURNING (SELECT count(*) FROM made) AS made`;

/** `all`; `undelivered`: nothing of it has been delivered; `failed`: the same, and it was given up. */
function undelivered(which: string): string {
  return `(${which} = 'all' OR (
    NOT EXISTS (SELECT FROM events.delivery d WHERE d.platform_id = e.platform_id AND d.endpoint_id = w.endpoint_id
                   AND d.seq = e.seq AND d.state IN ('delivered', 'pending'))
    AND (${which} = 'undelivered' OR EXISTS (
      SELECT FROM events.delivery d WHERE d.platform_id = e.platform_id AND d.endpoint_id = w.endpoint_id
         AND d.seq = e.seq AND d.state = 'failed'))))`;
}

/** How many events a replay would send. */
export const COUNT_REPLAY = `
  SELECT count(*) AS matched
    FROM events.webhook_endpoint w
    JOIN events.event e ON e.platform_id = w.platform_id AND e.seq > $3 AND e.seq <= $4
   WHERE w.platform_id = $1 AND w.endpoint_id = $2 AND ${MATCHES}
     AND ($5::text[] IS NULL OR e.type = ANY ($5) OR split_part(e.type, '.', 1) || '.*' = ANY ($5))
     AND ($6::text[] IS NULL OR e.authorizer_appid = ANY ($6))
     AND ${undelivered('$7::text')}`;

/** Numbers of the events that were recorded in a time: after the last one before it, up to the last one in it. */
export const SEQ_RANGE = `
  SELECT coalesce((SELECT min(seq) - 1 FROM events.event WHERE platform_id = $1 AND seq IS NOT NULL AND recorded_at >= $2), h.seq) AS after,
         coalesce((SELECT max(seq) FROM events.event WHERE platform_id = $1 AND seq IS NOT NULL AND recorded_at < $3), h.floor_seq) AS until
    FROM events.feed_head h WHERE h.platform_id = $1`;

/**
 * What is due, with its events. $4: those that the drain has in memory, which are not asked for again. With an order per account a
 * delivery is left out while an earlier one of its account waits for a retry, or comes after it in this list: each account's come in
 * their order, and a page that is cut leaves out the later ones.
 */
export const DUE_DELIVERIES: NamedStatement = {
  name: 'webhooks due',
  text: `
    SELECT d.delivery_id, d.seq, d.attempts, d.authorizer_appid, e.type, e.merchant_id, e.occurred_at, e.data
      FROM events.delivery d
      JOIN events.event e ON e.platform_id = d.platform_id AND e.seq = d.seq
     WHERE d.platform_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt_at <= wxfleet.now()
       AND d.delivery_id <> ALL ($4::bigint[])
       -- A scalar sub-select is asked row by row, in the order of the index, until the page is full; NOT EXISTS would be joined.
       AND ($3::boolean IS FALSE OR d.authorizer_appid IS NULL OR coalesce((
             SELECT false FROM events.delivery o
              WHERE o.state = 'pending' AND o.authorizer_appid = d.authorizer_appid AND o.seq <= d.seq
                -- By no index: without statistics the planner would read all that is pending of the endpoint, for each row.
                AND o.platform_id + 0 = $1 AND o.endpoint_id || '' = $2
                AND (o.seq, o.delivery_id) < (d.seq, d.delivery_id)
                AND (o.next_attempt_at > d.next_attempt_at
                     OR o.next_attempt_at = d.next_attempt_at AND o.delivery_id > d.delivery_id)
                AND o.delivery_id <> ALL ($4::bigint[]) LIMIT 1), true))
     ORDER BY d.next_attempt_at, d.delivery_id LIMIT $5`,
};

/** Deliveries whose events have been removed cannot be sent any more. */
export const GIVE_UP_LOST = `
  UPDATE events.delivery d SET state = 'failed', last_error = 'event_removed', finished_at = wxfleet.now()
   WHERE d.platform_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt_at <= wxfleet.now()
     AND d.seq <= (SELECT floor_seq FROM events.feed_head WHERE platform_id = $1)`;

/** Results of attempts, in one statement, and their counts by hour; none of them when the lease has been lost. */
export const WRITE_RESULTS: NamedStatement = {
  name: 'webhooks results',
  text: `
    WITH w AS (
      SELECT 1 FROM events.webhook_endpoint
       WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3 FOR SHARE
    ), r AS (
      SELECT r.* FROM w, jsonb_to_recordset($4::jsonb) AS r (delivery_id bigint, no int, at timestamptz, duration_ms int,
        status int, error text, detail text, response_excerpt text, address text, state text, delay_seconds float8)
    ), logged AS (
      INSERT INTO events.delivery_attempt
        (platform_id, delivery_id, no, endpoint_id, at, duration_ms, status, error, detail, response_excerpt, address)
      SELECT $1, delivery_id, no, $2, at, duration_ms, status, error, detail, response_excerpt, address FROM r
      ON CONFLICT DO NOTHING
    ), updated AS (
      UPDATE events.delivery d
         SET state = r.state, attempts = r.no, last_status = r.status, last_error = r.error,
             next_attempt_at = wxfleet.now() + make_interval(secs => coalesce(r.delay_seconds, 0)),
             finished_at = CASE WHEN r.state = 'pending' THEN NULL ELSE wxfleet.now() END
        FROM r WHERE d.platform_id = $1 AND d.delivery_id = r.delivery_id AND d.state = 'pending'
      RETURNING date_trunc('hour', r.at, 'UTC') AS hour, r.state
    ), counted AS (
      INSERT INTO events.attempt_hour AS h (platform_id, endpoint_id, hour, delivered, failed)
      SELECT $1, $2, hour, count(*) FILTER (WHERE state = 'delivered'), count(*) FILTER (WHERE state <> 'delivered')
        FROM updated GROUP BY hour
      ON CONFLICT (platform_id, endpoint_id, hour)
        DO UPDATE SET delivered = h.delivered + excluded.delivered, failed = h.failed + excluded.failed
    )
    SELECT count(*)::int AS written FROM updated`,
};

/** How the endpoint fares; $4: whether anything succeeded, $5: failures since. */
export const NOTE_HEALTH: NamedStatement = {
  name: 'webhooks health',
  text: `
    UPDATE events.webhook_endpoint
       SET failures = CASE WHEN $4 THEN 0 ELSE failures END + $5,
           succeeded_at = CASE WHEN $4 THEN wxfleet.now() ELSE succeeded_at END,
           failing_since = CASE WHEN $5 = 0 AND $4 THEN NULL WHEN $5 = 0 THEN failing_since
                                WHEN $4 THEN wxfleet.now() ELSE coalesce(failing_since, wxfleet.now()) END
     WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3
    RETURNING failures, extract(epoch FROM wxfleet.now() - failing_since)::float8 AS failing_seconds`,
};

/** Attempts of the hours from $3 on that begin before $4. */
export const ATTEMPT_HOURS = `
  SELECT hour, delivered, failed FROM events.attempt_hour
   WHERE platform_id = $1 AND endpoint_id = $2 AND hour >= $3 AND hour < $4 ORDER BY hour`;

export const PRUNE_ATTEMPT_HOURS = `
  DELETE FROM events.attempt_hour WHERE hour < wxfleet.now() - make_interval(secs => $1::float8 / 1000)`;

export const DISABLE_ENDPOINT = `
  UPDATE events.webhook_endpoint SET state = 'disabled', disabled_at = wxfleet.now(), disabled_reason = $4, lease_until = NULL
   WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3 AND state = 'enabled'`;

export const NOTE_DIGEST = `
  UPDATE events.webhook_endpoint SET robot_sent = robot_sent || jsonb_build_object($4::text, wxfleet.now())
   WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3`;

export const PRUNE_DELIVERIES = `
  WITH old AS (
    SELECT platform_id, delivery_id FROM events.delivery
     WHERE state <> 'pending' AND finished_at < wxfleet.now() - make_interval(secs => $1::float8 / 1000) LIMIT 5000
  ), attempts AS (
    DELETE FROM events.delivery_attempt a USING old WHERE a.platform_id = old.platform_id AND a.delivery_id = old.delivery_id
  )
  DELETE FROM events.delivery d USING old WHERE d.platform_id = old.platform_id AND d.delivery_id = old.delivery_id`;
