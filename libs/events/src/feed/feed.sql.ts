import type { NamedStatement } from '#libs/kernel';

/** NOTIFY: there are events without a number. Heard at the commit of the fact. */
export const WRITTEN_CHANNEL = 'wxfleet_events_written';
/** NOTIFY with the ids of platforms, separated by commas, that have new events; empty: too many to name. */
export const NUMBERED_CHANNEL = 'wxfleet_events';

/**
 * Writes events in the order of the list, with the merchants of their accounts where the writer does not name one, and wakes the
 * sequencer. One statement: two on a pool would be two transactions, and the sequencer could be woken before there is anything.
 * Arrays by column: to read them from one JSON document took PostgreSQL half of the time.
 */
export const INSERT_EVENTS: NamedStatement = {
  name: 'events insert',
  text: `
    WITH written AS (
      INSERT INTO events.event (platform_id, type, authorizer_appid, merchant_id, occurred_at, data)
      SELECT platform_id, type, authorizer_appid, merchant_id, occurred_at, data
        FROM (SELECT r.n, r.platform_id, r.type, r.authorizer_appid, coalesce(r.merchant_id, a.merchant_id) AS merchant_id,
                     coalesce(r.occurred_at, wxfleet.now()) AS occurred_at, r.data
                FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::jsonb[])
                     WITH ORDINALITY AS r (platform_id, type, authorizer_appid, merchant_id, look_up, occurred_at, data, n)
                LEFT JOIN authorizers.authorizer a
                  ON r.look_up AND a.platform_id = r.platform_id AND a.authorizer_appid = r.authorizer_appid
               -- A first look at each account of a new fleet would be an event for each: only where an endpoint asks for them.
               WHERE r.type <> 'domains.first_seen' OR EXISTS (
                       SELECT FROM events.webhook_endpoint w
                        WHERE w.platform_id = r.platform_id AND 'domains.first_seen' = ANY (w.event_types))) e
       ORDER BY n)
    SELECT pg_notify('${WRITTEN_CHANNEL}', '')`,
};

/** One process numbers at a time; the others leave at once. Ends with the transaction. */
export const LOCK_SEQUENCER: NamedStatement = {
  name: 'events lock sequencer',
  text: `SELECT pg_try_advisory_xact_lock(hashtext('wxfleet event sequencer')) AS locked`,
};

export const OLDEST_UNNUMBERED = `
  SELECT coalesce(extract(epoch FROM wxfleet.now() - min(recorded_at)), 0)::float8 AS seconds
    FROM events.event WHERE seq IS NULL`;

/**
 * Numbers what has been committed, in the order of ids; an event that commits later is numbered after those before it. Runs
 * in a statement of its own after the lock: its snapshot sees what the process before it has numbered.
 */
export const NUMBER_EVENTS: NamedStatement = {
  name: 'events number',
  text: `
    WITH fresh AS MATERIALIZED (
      SELECT platform_id, event_id FROM events.event WHERE seq IS NULL ORDER BY event_id LIMIT $1
    ), counted AS (
      SELECT platform_id, count(*) AS n FROM fresh GROUP BY platform_id
    ), head AS (
      INSERT INTO events.feed_head AS h (platform_id, seq)
      SELECT platform_id, n FROM counted ORDER BY platform_id
      ON CONFLICT (platform_id) DO UPDATE SET seq = h.seq + excluded.seq
      RETURNING platform_id, seq
    ), numbered AS (
      UPDATE events.event e SET seq = o.seq
        FROM (SELECT f.platform_id, f.event_id,
                     head.seq - c.n + row_number() OVER (PARTITION BY f.platform_id ORDER BY f.event_id) AS seq
                FROM fresh f JOIN counted c USING (platform_id) JOIN head USING (platform_id)) o
       WHERE e.platform_id = o.platform_id AND e.event_id = o.event_id
    )
    SELECT platform_id AS "platformId", n AS count FROM counted`,
};

/**
 * A stretch of the feed in one snapshot: head, floor, and the events that match. A stretch looks at $3 numbers at most, so
 * that a filter that matches nothing costs no more than that.
 */
export const READ_STRETCH = `
  SELECT h.seq AS head, h.floor_seq AS floor, e.seq, e.type, e.authorizer_appid, e.merchant_id, e.occurred_at, e.recorded_at, e.data
    FROM events.feed_head h
    LEFT JOIN LATERAL (
      SELECT * FROM events.event e
       WHERE e.platform_id = $1 AND e.seq > $2 AND e.seq <= least(h.seq, $2::bigint + $3::bigint)
         AND ($4::text[] IS NULL OR e.type = ANY ($4) OR split_part(e.type, '.', 1) = ANY ($5))
         AND ($6::text IS NULL OR e.authorizer_appid = $6)
         AND ($7::text[] IS NULL OR e.merchant_id = ANY ($7))
       ORDER BY e.seq LIMIT $8) e ON true
   WHERE h.platform_id = $1
   ORDER BY e.seq`;

export const HEAD_OF = 'SELECT seq AS head, floor_seq AS floor FROM events.feed_head WHERE platform_id = $1';

/** The oldest events of a platform, to be removed while they are old enough. */
export const OLDEST_EVENTS = `
  SELECT e.seq, e.recorded_at < wxfleet.now() - make_interval(secs => $2::float8 / 1000) AS old
    FROM events.feed_head h
    JOIN LATERAL (SELECT seq, recorded_at FROM events.event
                   WHERE platform_id = $1 AND seq > h.floor_seq AND seq <= $3::bigint ORDER BY seq LIMIT $4) e ON true
   WHERE h.platform_id = $1
   ORDER BY e.seq`;

export const RAISE_FLOOR = 'UPDATE events.feed_head SET floor_seq = greatest(floor_seq, $2) WHERE platform_id = $1';
export const DELETE_EVENTS = 'DELETE FROM events.event WHERE platform_id = $1 AND seq <= $2';
