/** Slots are places in a round: an immutable hash of the appid, 0 to 65535. */
export const SLOT_COUNT = 65_536;

/** Start of the scheduled round that `now` lies in. Rounds begin at multiples of the interval since 1970, on every machine alike. */
export function roundStart(intervalMs: number, now: Date): Date {
  return new Date(Math.floor(now.getTime() / intervalMs) * intervalMs);
}

/**
 * When the schedule next comes to a mini program: strictly after `now`. Slots spread evenly over the interval, so that
 * WeChat sees a steady rate. The shard of a slot may start a little earlier (a shard holds neighbouring slots).
 */
export function nextSnapshotAt(slot: number, intervalMs: number, now: Date): Date {
  const offset = Math.floor((slot / SLOT_COUNT) * intervalMs);
  const due = roundStart(intervalMs, now).getTime() + offset;
  return new Date(due > now.getTime() ? due : due + intervalMs);
}

export interface ShardPlan {
  shardNo: number;
  slotFrom: number;
  /** Inclusive. */
  slotTo: number;
  /** Milliseconds after the start of the round; 0 for all when nothing is spread. */
  delayMs: number;
}

/** Mini programs one shard is meant to hold: minutes of work, so that a lost lease costs little and progress shows. */
const SHARD_SIZE = 2_000;

/** Shards of a scheduled round begin at least this far apart, and a round has at most this many without need. */
const SPREAD_STEP_MS = 60_000;
const SPREAD_SHARDS = 64;

/**
 * Cuts a round into shards: neighbouring slots, every slot in exactly one. The more mini programs, the more shards
 * (a power of two, 1 to 1024). A round that is spread has at least enough that also a small fleet is asked evenly over
 * the interval instead of at once.
 * @param spreadMs time over which the shards begin; 0: all at once
 */
export function planShards(expected: number, spreadMs: number): ShardPlan[] {
  const least = Math.min(SPREAD_SHARDS, Math.floor(spreadMs / SPREAD_STEP_MS));
  let count = 1;
  while (count < 1024 && (count * 2 <= least || count * SHARD_SIZE < expected)) count *= 2;
  const width = SLOT_COUNT / count;
  return Array.from({ length: count }, (_, shardNo) => ({
    shardNo,
    slotFrom: shardNo * width,
    slotTo: (shardNo + 1) * width - 1,
    delayMs: Math.floor((spreadMs * shardNo) / count),
  }));
}
