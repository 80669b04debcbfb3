import { INTO_BATCH, NEW_BATCH } from './look-batches.ts';
import { CLOCK_TOLERANCE_MS } from './observation.ts';
import { monthDateOf, monthOf } from './monthly-edits.ts';

/** A moment given in milliseconds; its column is `ms`. */
const MOMENT = 'to_timestamp(ms / 1000.0) AS at';

/** The latest moment that an observation can have been asked at (see `CLOCK_TOLERANCE_MS`). */
export const PRESENT = `(SELECT wxfleet.now() + interval '${CLOCK_TOLERANCE_MS} ms')`;

/** A gap that is found again reaches to the later look, and is uncertain until the answer of that one was read. */
export const WIDER_GAP = `
  gap_to = greatest(g.gap_to, excluded.gap_to),
  to_answer_ms = CASE WHEN excluded.gap_to > g.gap_to THEN excluded.to_answer_ms
                      WHEN excluded.gap_to = g.gap_to THEN greatest(g.to_answer_ms, excluded.to_answer_ms)
                      ELSE g.to_answer_ms END`;

/**
 * A failure that was asked after this answer stays: the answer only ends what was before it. Where there were several, which of
 * them came after it is not known any more, so nothing is claimed to be known from this answer on. A failure from the future does
 * not count.
 */
const FAILED_LATER = `(w.unreadable_at > s.at AND w.unreadable_at <= ${PRESENT})`;

const OBSERVABLE_AGAIN = `
  failures = CASE WHEN ${FAILED_LATER} THEN w.failures ELSE 0 END,
  last_failure = CASE WHEN ${FAILED_LATER} THEN w.last_failure ELSE s.failure END,
  unreadable_reason = CASE WHEN ${FAILED_LATER} THEN w.unreadable_reason END,
  unreadable_since = CASE WHEN NOT coalesce(${FAILED_LATER}, false) THEN NULL
                          WHEN w.unreadable_since > s.at THEN w.unreadable_since ELSE s.at END,
  unreadable_at = CASE WHEN ${FAILED_LATER} THEN w.unreadable_at END`;

/**
 * Whether a snapshot `s` is an edit of its month: one that follows an observation of last month may have been done then.
 * `month` is the column with the first moment of the month of `s`, `before` the one with the observation before it.
 */
const COUNTS_AS_EDIT = (before: string) => `s.is_edit AND ${before} >= s.month`;

/** Nothing stood between the latest observation of `w` and this one, `s`; $6 is the time that may lie between, in milliseconds. */
const GROWS = `w.unreadable_since IS NULL AND s.at > w.last_observed_at AND s.at <= w.last_observed_at + $6 * interval '1 ms'
     AND s.at <= ${PRESENT}`;

/** Rows of what is recorded as `s`, which the caller has locked. */
const HELD = `held AS (
    SELECT s.authorizer_id, s.at, w.in_batch, w.look_batch
      FROM s JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = s.authorizer_id
  )`;

export const EXTEND_CURRENT = `
  WITH seen AS (
    SELECT authorizer_id, ${MOMENT}, decode(hex, 'hex') AS digest, answer_ms
      FROM unnest($2::bigint[], $3::float8[], $4::text[], $5::int[]) AS s (authorizer_id, ms, hex, answer_ms)
  ), held AS (
    SELECT w.authorizer_id, s.at, w.in_batch, w.look_batch, ${GROWS} AS grows
      FROM domain_ledger.watch w JOIN seen s USING (authorizer_id)
     WHERE w.platform_id = $1 AND w.raw_digest = s.digest
     ORDER BY w.authorizer_id
       FOR NO KEY UPDATE OF w
  ), ${NEW_BATCH('held WHERE grows')}
  UPDATE domain_ledger.watch w
     SET previous_observed_at = w.last_observed_at, previous_answer_ms = w.answer_ms, last_observed_at = s.at,
         last_attempt_at = s.at, observations = w.observations + 1, answer_ms = s.answer_ms, ${INTO_BATCH}
    FROM held h JOIN seen s USING (authorizer_id)
   WHERE w.platform_id = $1 AND w.authorizer_id = h.authorizer_id AND w.raw_digest = s.digest AND ${GROWS}
  RETURNING w.authorizer_id AS id`;

export const INSERT_MISSING_WATCHES = `
  INSERT INTO domain_ledger.watch (platform_id, authorizer_id)
  SELECT $1, id FROM unnest($2::bigint[]) AS t (id)
   WHERE NOT EXISTS (SELECT 1 FROM domain_ledger.watch w WHERE w.platform_id = $1 AND w.authorizer_id = t.id)
   ORDER BY id
      ON CONFLICT DO NOTHING`;

export const LOCK_WATCHES = `
  SELECT 1 FROM domain_ledger.watch WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[])
   ORDER BY authorizer_id FOR NO KEY UPDATE`;

export const SELECT_WATCHES = `
  SELECT w.authorizer_id AS "authorizerId", w.latest_no AS "latestNo", c.digest AS "contentDigest",
         c.list_ids AS "contentListIds", w.last_observed_at AS "lastObservedAt", w.unreadable_since AS "unreadableSince",
         w.unreadable_reason AS "unreadableReason", w.unknown_places AS "unknownSlots", w.last_failure IS NOT NULL AND w.unreadable_since IS NOT NULL AS failing, w.drift_since AS "driftSince", w.counted, encode(w.raw_digest, 'hex') AS "rawDigest",
         coalesce(s.readable AND s.state = 'authorized', false) AS readable,
         greatest(w.latest_no, (SELECT max(a.no) FROM domain_ledger.set_aside a
                                 WHERE a.platform_id = $1 AND a.authorizer_id = w.authorizer_id)) + 1 AS "nextNo",
         coalesce(w.last_observed_at > ${PRESENT}, false) AS ahead, wxfleet.now() AS now,
         s.authorizer_appid AS "authorizerAppid", s.merchant_id AS "merchantId"
    FROM domain_ledger.watch w
    LEFT JOIN domain_ledger.domain_content c USING (content_id)
    LEFT JOIN domain_ledger.subject s USING (platform_id, authorizer_id)
   WHERE w.platform_id = $1 AND w.authorizer_id = ANY ($2::bigint[])`;

export const SELECT_LISTS = `SELECT list_id AS id, domain_ids AS "domainIds" FROM domain_ledger.domain_list WHERE list_id = ANY ($1::int[])`;

export const SELECT_DOMAIN_NAMES =
  'SELECT domain_id AS id, name FROM domain_ledger.domain WHERE domain_id = ANY ($1::int[])';

export const INSERT_GAPS = `
  INSERT INTO domain_ledger.observation_gap AS g (platform_id, authorizer_id, gap_from, gap_to, reason, to_answer_ms)
  SELECT $1, * FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::int[])
      ON CONFLICT (platform_id, authorizer_id, gap_from) DO UPDATE SET ${WIDER_GAP}`;

export const EXTEND_UNCHANGED = `
  WITH s AS (
    SELECT authorizer_id, ${MOMENT}, decode(hex, 'hex') AS digest, answer_ms, unknown_places, failure
      FROM unnest($2::bigint[], $3::float8[], $4::text[], $5::int[], $6::int[], $7::jsonb[])
        AS t (authorizer_id, ms, hex, answer_ms, unknown_places, failure)
  ), ${HELD}, ${NEW_BATCH('held')}
  UPDATE domain_ledger.watch w
     SET previous_observed_at = w.last_observed_at, previous_answer_ms = w.answer_ms, last_observed_at = s.at,
         last_attempt_at = greatest(w.last_attempt_at, s.at),
         observations = w.observations + 1, answer_ms = s.answer_ms, raw_digest = s.digest, unknown_places = s.unknown_places,
         ${INTO_BATCH}, ${OBSERVABLE_AGAIN}
    FROM s WHERE w.platform_id = $1 AND w.authorizer_id = s.authorizer_id`;

export const CLOSE_LATEST_SNAPSHOTS = `
  UPDATE domain_ledger.snapshot s
     SET last_observed_at = w.last_observed_at, last_answer_ms = w.answer_ms, observations = w.observations
    FROM domain_ledger.watch w
   WHERE w.platform_id = $1 AND w.authorizer_id = ANY ($2::bigint[]) AND s.platform_id = $1
     AND s.authorizer_id = w.authorizer_id AND s.no = w.latest_no`;

export const INSERT_SNAPSHOTS = `
  WITH seen AS (
    SELECT authorizer_id, ${MOMENT}, decode(hex, 'hex') AS digest, answer_ms, no, content_id, body_id, change_id,
           counted, drift_since, unknown_places, failure, largest, is_edit
      FROM unnest($2::bigint[], $3::float8[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[],
                  $10::smallint[], $11::timestamptz[], $12::int[], $13::jsonb[], $14::smallint[], $15::boolean[])
        AS s (authorizer_id, ms, hex, answer_ms, no, content_id, body_id, change_id, counted, drift_since,
              unknown_places, failure, largest, is_edit)
  ), s AS (
    SELECT *, ${monthOf('at')} AS month, ${monthDateOf('at')} AS month_date FROM seen
  ), made AS (
    INSERT INTO domain_ledger.snapshot (platform_id, authorizer_id, no, content_id, body_id, change_id, first_observed_at, first_answer_ms)
    SELECT $1, authorizer_id, no, content_id, body_id, change_id, at, answer_ms FROM s
  ), ${HELD}, ${NEW_BATCH('held')}
  UPDATE domain_ledger.watch w
     SET latest_no = s.no, content_id = s.content_id, raw_digest = s.digest, observations = 1,
         first_observed_at = s.at, previous_observed_at = w.last_observed_at, previous_answer_ms = w.answer_ms,
         last_observed_at = s.at,
         last_attempt_at = greatest(w.last_attempt_at, s.at), answer_ms = s.answer_ms, counted = s.counted, unknown_places = s.unknown_places, drift_since = s.drift_since,
         largest = s.largest, ${INTO_BATCH},
         edits = CASE WHEN NOT coalesce(${COUNTS_AS_EDIT('w.last_observed_at')}, false) THEN w.edits
                      WHEN w.edits_month = s.month_date THEN least(w.edits + 1, 32767) ELSE 1 END,
         edits_month = CASE WHEN ${COUNTS_AS_EDIT('w.last_observed_at')} THEN s.month_date ELSE w.edits_month END,
         ${OBSERVABLE_AGAIN}
    FROM s WHERE w.platform_id = $1 AND w.authorizer_id = s.authorizer_id
  RETURNING CASE WHEN w.counted > 0 AND ${COUNTS_AS_EDIT('w.previous_observed_at')} THEN w.authorizer_id END AS id, w.edits`;
