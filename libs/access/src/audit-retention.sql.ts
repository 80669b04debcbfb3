import { EVENT } from './audit-chain.ts';
import { DAY_MS } from '#libs/kernel';

/** Events of one checkpoint at most: they are read and hashed in one go. */
export const MAX_STRETCH = 20_000;

/** Removed in one statement. */
const PORTION = 5000;

const COLUMNS = `no, from_seq AS "fromSeq", until_seq AS "untilSeq", hash`;

const IS_HAND_OUT = `action = 'access_token.issued'`;

const IS_LOGIN = `action LIKE 'session.%'`;

/** What a stretch was thinned to stays: it is what the rest is compared with. */
const IS_RECORD = `action = 'audit.thinned'`;

export const TAKE_TURN = `SELECT pg_try_advisory_xact_lock(hashtext('wxfleet audit retention')) AS mine`;

export const LATEST_CHECKPOINT = `SELECT ${COLUMNS} FROM access.audit_checkpoint ORDER BY no DESC LIMIT 1`;

export const EVENTS_AFTER_CHECKPOINT = `
  SELECT ${EVENT} FROM access.audit_event
   WHERE seq > $1 AND seq <= $1 + ${MAX_STRETCH}
     AND seq < coalesce((SELECT min(seq) FROM access.audit_event
                          WHERE seq > $1 AND at >= wxfleet.now() - $2::float8 * interval '1 ms'), 9223372036854775807)
   ORDER BY seq`;

export const INSERT_CHECKPOINT = `
  INSERT INTO access.audit_checkpoint (no, from_seq, until_seq, hash, events, kept, kept_digest, made_at)
  VALUES ($1, $2, $3, $4, $5, $5, $6, wxfleet.now())`;

export const IS_OLD_ENOUGH = `
  SELECT 1 FROM access.audit_event
   WHERE id = $1 AND at < wxfleet.now() - ($2::float8 + ${DAY_MS}) * interval '1 ms'`;

export const HAND_OUTS_TO_SUM = `
  SELECT array_agg(id ORDER BY id) AS ids, date_trunc('hour', at, 'UTC') AS hour, platform_id, merchant_id, actor, action,
         subject, outcome, address, sum(count)::int AS count
    FROM access.audit_event WHERE seq > $1 AND seq <= $2 AND ${IS_HAND_OUT}
   GROUP BY hour, platform_id, merchant_id, actor, action, subject, outcome, address HAVING count(*) > 1`;

export const INSERT_SUMMED_HAND_OUTS = `
  INSERT INTO access.audit_event (id, at, platform_id, merchant_id, actor, action, subject, outcome, address, count, detail)
  OVERRIDING SYSTEM VALUE
  SELECT id, hour, platform_id, merchant_id, actor, action, subject, outcome, address, count,
         jsonb_build_object('summed_events', events)
    FROM jsonb_to_recordset($1::jsonb) AS s (id bigint, hour timestamptz, platform_id int, merchant_id text, actor text,
         action text, subject text, outcome text, address text, count int, events int)`;

export const OLD_EVENTS = `
  SELECT id, seq FROM access.audit_event
   WHERE seq <= (SELECT max(until_seq) FROM access.audit_checkpoint) AND NOT ${IS_RECORD}
     AND at < wxfleet.now() - interval '1 ms' *
           (CASE WHEN ${IS_HAND_OUT} THEN $1::float8 WHEN ${IS_LOGIN} THEN $2::float8 ELSE $3::float8 END)
   ORDER BY seq LIMIT ${PORTION}`;

export const CHECKPOINTS_OF_RANGE = `SELECT ${COLUMNS} FROM access.audit_checkpoint WHERE until_seq >= $1 AND from_seq < $2 ORDER BY no`;

export const NOTE_KEPT_EVENTS = 'UPDATE access.audit_checkpoint SET kept = $2, kept_digest = $3 WHERE no = $1';

export const REMOVE_EVENTS = 'SELECT access.remove_audit_events($1)';
