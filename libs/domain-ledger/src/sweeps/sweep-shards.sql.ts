const MINE = `platform_id = $1 AND sweep_id = $2 AND shard_no = $3 AND lease_generation = $4 AND state = 'waiting'`;

export const CLAIM_SHARDS = `
  WITH due AS (
    SELECT s.platform_id, s.sweep_id, s.shard_no
      FROM unnest($1::int[], $2::int[]) AS p (platform_id, lanes),
           LATERAL (SELECT platform_id, sweep_id, shard_no FROM domain_ledger.sweep_shard h
                     WHERE h.platform_id = p.platform_id AND h.state = 'waiting' AND h.not_before <= wxfleet.now()
                       AND (h.lease_until IS NULL OR h.lease_until <= wxfleet.now())
                     ORDER BY h.not_before, h.shard_no LIMIT p.lanes FOR UPDATE SKIP LOCKED) s
  )
  UPDATE domain_ledger.sweep_shard h
     SET lease_generation = h.lease_generation + 1, lease_until = wxfleet.now() + $3 * interval '1 s',
         begun_at = coalesce(h.begun_at, wxfleet.now())
    FROM due d WHERE h.platform_id = d.platform_id AND h.sweep_id = d.sweep_id AND h.shard_no = d.shard_no
  RETURNING h.platform_id AS "platformId", h.sweep_id AS "sweepId", h.shard_no AS "shardNo", h.slot_from AS "slotFrom",
            h.slot_to AS "slotTo", h.lease_generation AS generation, h.begun_at AS "begunAt", h.ahead, h.pass, h.retrying,
            CASE WHEN h.cursor_slot IS NULL THEN NULL
                 ELSE jsonb_build_object('slot', h.cursor_slot, 'authorizerId', h.cursor_authorizer_id) END AS cursor`;

export const FENCE_SHARD = `SELECT 1 FROM domain_ledger.sweep_shard WHERE ${MINE} FOR NO KEY UPDATE`;

export const ADVANCE_SHARD = `
  UPDATE domain_ledger.sweep_shard
     SET total = total + $5, changed = changed + $6, unchanged = unchanged + $7,
         skipped_permission = skipped_permission + $8, failed = failed + $9,
         cursor_slot = coalesce($10, cursor_slot), cursor_authorizer_id = coalesce($11, cursor_authorizer_id),
         ahead = $12::bigint[], retrying = $13::bigint[], to_retry = to_retry || $14::bigint[],
         lease_until = wxfleet.now() + $15 * interval '1 s'
   WHERE ${MINE}`;

export const RENEW_SHARD = `UPDATE domain_ledger.sweep_shard SET lease_until = wxfleet.now() + $5 * interval '1 s' WHERE ${MINE}`;

export const RELEASE_SHARD = `
  UPDATE domain_ledger.sweep_shard
     SET lease_until = NULL, not_before = greatest(not_before, wxfleet.now() + $5 * interval '1 s') WHERE ${MINE}`;

export const PAUSE_SHARDS_OF_PLATFORM = `
  UPDATE domain_ledger.sweep_shard SET not_before = wxfleet.now() + $2 * interval '1 s'
   WHERE (platform_id, sweep_id, shard_no) IN (
           SELECT platform_id, sweep_id, shard_no FROM domain_ledger.sweep_shard
            WHERE platform_id = $1 AND state = 'waiting' AND not_before < wxfleet.now() + $2 * interval '1 s'
            ORDER BY sweep_id, shard_no FOR NO KEY UPDATE SKIP LOCKED)`;

export const END_PASS = `
  UPDATE domain_ledger.sweep_shard
     SET state = CASE WHEN cardinality(to_retry) > 0 AND pass <= $5 THEN 'waiting' ELSE 'done' END,
         retrying = to_retry, to_retry = '{}', ahead = '{}', pass = pass + 1, lease_until = NULL,
         not_before = wxfleet.now() + ($6::int[])[least(pass, $5)] * interval '1 s'
   WHERE ${MINE} RETURNING state`;
