const COLUMNS = `no, reason, state, ip_list AS entries, unreadable, lost, added, first_observed_at AS "firstObservedAt",
  last_observed_at AS "lastObservedAt", observations, decided_at AS "decidedAt", decided_by AS "decidedBy"`;

export const EXTEND_HELD_CANDIDATE = `
  UPDATE api_ip_ledger.ip_candidate
     SET last_observed_at = wxfleet.now(), observations = observations + 1, platform_id = $4,
         last_asked_at = $5
   WHERE kind = $1 AND state = 'held' AND digest = $2 AND unreadable = $3
 RETURNING no, observations, reason`;

export const INSERT_CANDIDATE = `
  INSERT INTO api_ip_ledger.ip_candidate
    (kind, no, reason, digest, ip_list, unreadable, lost, added, body, platform_id, last_asked_at,
     first_observed_at, last_observed_at)
  SELECT $1, coalesce(max(no), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, wxfleet.now(), wxfleet.now()
    FROM api_ip_ledger.ip_candidate WHERE kind = $1
 RETURNING no, observations, reason`;

export const NOTE_PUBLISHED = `
  UPDATE api_ip_ledger.ip_candidate SET state = 'published', decided_at = wxfleet.now(), decided_by = $3
   WHERE kind = $1 AND no = $2`;

export const WITHDRAW_HELD = `
  UPDATE api_ip_ledger.ip_candidate SET state = 'withdrawn', decided_at = wxfleet.now()
   WHERE kind = $1 AND state = 'held'`;

export const SELECT_CANDIDATE = `
  SELECT state, digest, ip_list AS entries, unreadable AS invalid, body, platform_id AS "platformId",
         last_asked_at::text AS "askedAt"
    FROM api_ip_ledger.ip_candidate WHERE kind = $1 AND no = $2 FOR UPDATE`;

export const LIST_CANDIDATES = `SELECT ${COLUMNS} FROM api_ip_ledger.ip_candidate WHERE kind = $1 ORDER BY no DESC LIMIT 100`;

export const SELECT_HELD_CANDIDATE = `SELECT ${COLUMNS} FROM api_ip_ledger.ip_candidate WHERE kind = $1 AND state = 'held'`;
