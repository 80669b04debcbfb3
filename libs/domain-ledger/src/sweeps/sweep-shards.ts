import type { Database, Sql } from '#libs/kernel';

/** A crashed worker's shard is free again after this; renewed with every page and while a page takes long. */
export const LEASE_SECONDS = 45;

/** Pauses before the passes that try again what failed in passing. */
const RETRY_SECONDS = [60, 300, 1200];

/** A shard this process works on. Every write is conditional on the generation. */
export interface ShardClaim {
  platformId: number;
  sweepId: number;
  shardNo: number;
  slotFrom: number;
  slotTo: number;
  generation: number;
  /** When the round came to this shard first. */
  begunAt: Date;
  cursor: { slot: number; authorizerId: number } | null;
  ahead: number[];
  pass: number;
  retrying: number[];
}

/** Another worker has the shard: what was done is not written, and nobody is harmed. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

export interface ShardCounts {
  total: number;
  changed: number;
  unchanged: number;
  skippedPermission: number;
  failed: number;
}

/** What a page adds to its shard. */
export interface ShardStep {
  counts: ShardCounts;
  cursor: { slot: number; authorizerId: number } | null;
  ahead: number[];
  retrying: number[];
  /** Ids that failed in passing on this page. */
  toRetry: number[];
}

const MINE = `platform_id = $1 AND sweep_id = $2 AND shard_no = $3 AND lease_generation = $4 AND state = 'waiting'`;
const keyOf = (claim: ShardClaim) => [claim.platformId, claim.sweepId, claim.shardNo, claim.generation];

/**
 * Takes due shards, at most `lanes` of each platform.
 * @param wanted free lanes per platform
 */
export async function claimShards(
  db: Database,
  wanted: readonly { platformId: number; lanes: number }[],
): Promise<ShardClaim[]> {
  if (wanted.length === 0) return [];
  const claims = await db.query<ShardClaim>(
    `WITH due AS (
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
                    ELSE jsonb_build_object('slot', h.cursor_slot, 'authorizerId', h.cursor_authorizer_id) END AS cursor`,
    [wanted.map((each) => each.platformId), wanted.map((each) => each.lanes), LEASE_SECONDS],
  );
  // Elements of a bigint array come as text, unlike a bigint column.
  return claims.map((claim) => ({ ...claim, ahead: claim.ahead.map(Number), retrying: claim.retrying.map(Number) }));
}

/** Holds the shard's row until the transaction ends. @throws LeaseLost */
export async function fence(sql: Sql, claim: ShardClaim): Promise<void> {
  const rows = await sql.query(`SELECT 1 FROM domain_ledger.sweep_shard WHERE ${MINE} FOR NO KEY UPDATE`, keyOf(claim));
  if (rows.length === 0) throw new LeaseLost();
}

/** Writes what a page brought, and renews the lease. To be called under `fence`. */
export async function advance(sql: Sql, claim: ShardClaim, step: ShardStep): Promise<void> {
  const { counts } = step;
  await sql.run(
    `UPDATE domain_ledger.sweep_shard
        SET total = total + $5, changed = changed + $6, unchanged = unchanged + $7,
            skipped_permission = skipped_permission + $8, failed = failed + $9,
            cursor_slot = coalesce($10, cursor_slot), cursor_authorizer_id = coalesce($11, cursor_authorizer_id),
            ahead = $12::bigint[], retrying = $13::bigint[], to_retry = to_retry || $14::bigint[],
            lease_until = wxfleet.now() + $15 * interval '1 s'
      WHERE ${MINE}`,
    [
      ...keyOf(claim),
      counts.total,
      counts.changed,
      counts.unchanged,
      counts.skippedPermission,
      counts.failed,
      step.cursor?.slot ?? null,
      step.cursor?.authorizerId ?? null,
      step.ahead,
      step.retrying,
      step.toRetry,
      LEASE_SECONDS,
    ],
  );
}

/** False: the lease is lost. */
export async function renew(db: Database, claim: ShardClaim): Promise<boolean> {
  const renewed = await db.run(
    `UPDATE domain_ledger.sweep_shard SET lease_until = wxfleet.now() + $5 * interval '1 s' WHERE ${MINE}`,
    [...keyOf(claim), LEASE_SECONDS],
  );
  return renewed > 0;
}

/** Gives the shard back where it stands, to be gone on with after `pauseSeconds`. */
export async function release(db: Database, claim: ShardClaim, pauseSeconds: number): Promise<void> {
  await db.run(
    `UPDATE domain_ledger.sweep_shard
        SET lease_until = NULL, not_before = greatest(not_before, wxfleet.now() + $5 * interval '1 s') WHERE ${MINE}`,
    [...keyOf(claim), pauseSeconds],
  );
}

/** Holds every shard of a platform back: its quota is used up, or its own credentials are refused. */
export async function pausePlatform(db: Database, platformId: number, seconds: number): Promise<void> {
  await db.run(
    `UPDATE domain_ledger.sweep_shard SET not_before = wxfleet.now() + $2 * interval '1 s'
      WHERE (platform_id, sweep_id, shard_no) IN (
              SELECT platform_id, sweep_id, shard_no FROM domain_ledger.sweep_shard
               WHERE platform_id = $1 AND state = 'waiting' AND not_before < wxfleet.now() + $2 * interval '1 s'
               ORDER BY sweep_id, shard_no FOR NO KEY UPDATE SKIP LOCKED)`,
    [platformId, seconds],
  );
}

/** The end of a pass: what failed in passing gets another one after a pause; else the shard is done. */
export async function endPass(db: Database, claim: ShardClaim): Promise<'done' | 'again' | 'lost'> {
  const [row] = await db.query<{ state: string }>(
    `UPDATE domain_ledger.sweep_shard
        SET state = CASE WHEN cardinality(to_retry) > 0 AND pass <= $5 THEN 'waiting' ELSE 'done' END,
            retrying = to_retry, to_retry = '{}', ahead = '{}', pass = pass + 1, lease_until = NULL,
            not_before = wxfleet.now() + ($6::int[])[least(pass, $5)] * interval '1 s'
      WHERE ${MINE} RETURNING state`,
    [...keyOf(claim), RETRY_SECONDS.length, RETRY_SECONDS],
  );
  return row ? (row.state === 'done' ? 'done' : 'again') : 'lost';
}
