import type { Database, Sql } from '#libs/kernel';
import {
  ADVANCE_SHARD,
  CLAIM_SHARDS,
  END_PASS,
  FENCE_SHARD,
  PAUSE_SHARDS_OF_PLATFORM,
  RELEASE_SHARD,
  RENEW_SHARD,
} from './sweep-shards.sql.ts';

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
  const claims = await db.query<ShardClaim>(CLAIM_SHARDS, [
    wanted.map((each) => each.platformId),
    wanted.map((each) => each.lanes),
    LEASE_SECONDS,
  ]);
  // Elements of a bigint array come as text, unlike a bigint column.
  return claims.map((claim) => ({ ...claim, ahead: claim.ahead.map(Number), retrying: claim.retrying.map(Number) }));
}

/** Holds the shard's row until the transaction ends. @throws LeaseLost */
export async function fence(sql: Sql, claim: ShardClaim): Promise<void> {
  const rows = await sql.query(FENCE_SHARD, keyOf(claim));
  if (rows.length === 0) throw new LeaseLost();
}

/** Writes what a page brought, and renews the lease. To be called under `fence`. */
export async function advance(sql: Sql, claim: ShardClaim, step: ShardStep): Promise<void> {
  const { counts } = step;
  await sql.run(ADVANCE_SHARD, [
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
  ]);
}

/** False: the lease is lost. */
export async function renew(db: Database, claim: ShardClaim): Promise<boolean> {
  const renewed = await db.run(RENEW_SHARD, [...keyOf(claim), LEASE_SECONDS]);
  return renewed > 0;
}

/** Gives the shard back where it stands, to be gone on with after `pauseSeconds`. */
export async function release(db: Database, claim: ShardClaim, pauseSeconds: number): Promise<void> {
  await db.run(RELEASE_SHARD, [...keyOf(claim), pauseSeconds]);
}

/** Holds every shard of a platform back: its quota is used up, or its own credentials are refused. */
export async function pausePlatform(db: Database, platformId: number, seconds: number): Promise<void> {
  await db.run(PAUSE_SHARDS_OF_PLATFORM, [platformId, seconds]);
}

/** The end of a pass: what failed in passing gets another one after a pause; else the shard is done. */
export async function endPass(db: Database, claim: ShardClaim): Promise<'done' | 'again' | 'lost'> {
  const [row] = await db.query<{ state: string }>(END_PASS, [...keyOf(claim), RETRY_SECONDS.length, RETRY_SECONDS]);
  return row ? (row.state === 'done' ? 'done' : 'again') : 'lost';
}
