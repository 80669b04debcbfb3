const COUNTS = ['total', 'changed', 'unchanged', 'skipped_permission', 'failed'] as const;

/** Counts of a sweep that runs are those of its shards. */
export const SWEEP = `
  SELECT w.sweep_id AS id, w.state, w.reason, w.expected, w.started_at AS "startedAt", w.finished_at AS "finishedAt",
         ${COUNTS.map((count) => `coalesce(h.${count}, w.${count})::int AS "${count === 'skipped_permission' ? 'skippedPermission' : count}"`).join(', ')}
    FROM domain_ledger.sweep w
    LEFT JOIN LATERAL (
      SELECT ${COUNTS.map((count) => `sum(${count}) AS ${count}`).join(', ')}
        FROM domain_ledger.sweep_shard s
       WHERE s.platform_id = w.platform_id AND s.sweep_id = w.sweep_id) h ON w.state = 'running'
   WHERE w.platform_id = $1`;

export const CLOSE = `
  WITH over AS (
    SELECT w.platform_id, w.sweep_id,
           EXISTS (SELECT 1 FROM domain_ledger.sweep_shard s
                    WHERE s.platform_id = w.platform_id AND s.sweep_id = w.sweep_id AND s.state = 'waiting') AS unfinished
      FROM domain_ledger.sweep w
     WHERE w.state = 'running' AND ($1::int IS NULL OR w.platform_id = $1)
       FOR UPDATE OF w SKIP LOCKED
  ), ended AS (
    UPDATE domain_ledger.sweep w
       SET state = CASE WHEN o.unfinished THEN 'failed' ELSE 'done' END,
           reason = CASE WHEN o.unfinished THEN 'overtaken' END,
           finished_at = wxfleet.now(),
           total = h.total, changed = h.changed, unchanged = h.unchanged,
           skipped_permission = h.skipped_permission, failed = h.failed
      FROM over o, LATERAL (
        SELECT ${COUNTS.map((count) => `coalesce(sum(${count}), 0) AS ${count}`).join(', ')}
          FROM domain_ledger.sweep_shard s WHERE s.platform_id = o.platform_id AND s.sweep_id = o.sweep_id) h
     WHERE w.platform_id = o.platform_id AND w.sweep_id = o.sweep_id
       AND (NOT o.unfinished OR coalesce(w.round_at, w.started_at) < wxfleet.now() - $2 * interval '2 ms')
    RETURNING w.platform_id, w.sweep_id, w.state, w.total, w.changed, w.unchanged, w.skipped_permission, w.failed
  ), removed AS (
    DELETE FROM domain_ledger.sweep_shard s USING ended e
     WHERE s.platform_id = e.platform_id AND s.sweep_id = e.sweep_id
  )
  SELECT platform_id AS "platformId", sweep_id AS id, state, total, changed, unchanged, skipped_permission, failed FROM ended`;

export const INSERT_REQUESTED_SWEEP = `
  INSERT INTO domain_ledger.sweep (platform_id, expected, requested_by) VALUES ($1, $2, $3)
      ON CONFLICT (platform_id) WHERE state = 'running' AND round_at IS NULL DO NOTHING
  RETURNING sweep_id AS id`;

export const RUNNING_SWEEPS_BY_PLATFORM = `
  SELECT w.platform_id AS "platformId", sum(greatest(w.expected, h.total))::int AS expected, sum(h.total)::int AS settled
    FROM domain_ledger.sweep w,
         LATERAL (SELECT coalesce(sum(total), 0) AS total FROM domain_ledger.sweep_shard s
                   WHERE s.platform_id = w.platform_id AND s.sweep_id = w.sweep_id) h
   WHERE w.state = 'running' GROUP BY w.platform_id`;

export const DATABASE_TIME = 'SELECT wxfleet.now() AS now';

export const INSERT_ROUND = `
  INSERT INTO domain_ledger.sweep (platform_id, round_at, expected)
  SELECT $1::int, $2::timestamptz, $3::int WHERE wxfleet.now() < $2::timestamptz + $4 * interval '1 ms'
      ON CONFLICT (platform_id, round_at) DO NOTHING RETURNING sweep_id AS id`;

export const SET_FUTURE_ROUNDS_ASIDE = `
  WITH ahead AS (
    UPDATE domain_ledger.sweep
       SET round_at = NULL, reason = CASE WHEN state = 'running' THEN 'clock_was_wrong' ELSE reason END,
           finished_at = CASE WHEN state = 'running' THEN wxfleet.now() ELSE finished_at END,
           state = CASE WHEN state = 'running' THEN 'failed' ELSE state END
     WHERE platform_id = $1 AND round_at > wxfleet.now()
    RETURNING sweep_id
  )
  DELETE FROM domain_ledger.sweep_shard s USING ahead a WHERE s.platform_id = $1 AND s.sweep_id = a.sweep_id`;

export const COUNT_EXPECTED = `
  SELECT greatest(0, coalesce((SELECT sum(uses) FROM domain_ledger.domain_use
                                WHERE platform_id = $1 AND place = $2 AND domain_id = 0), 0)
                   + coalesce((SELECT sum(step) FROM domain_ledger.domain_use_delta
                                WHERE platform_id = $1 AND place = $2 AND domain_id = 0), 0))::int AS expected`;

export const INSERT_SHARDS = `
  INSERT INTO domain_ledger.sweep_shard (platform_id, sweep_id, shard_no, slot_from, slot_to, not_before)
  SELECT $1, $2, no, slot_from, slot_to, coalesce($7::timestamptz, wxfleet.now()) + delay_ms * interval '1 ms'
    FROM unnest($3::int[], $4::int[], $5::int[], $6::bigint[]) AS t (no, slot_from, slot_to, delay_ms)`;
