import type { Database } from '#libs/kernel';
import { FORGIVE_SECONDS } from './parks.ts';

export interface RetentionOptions {
  /** Days for which totals by path are kept. */
  totalDays: number;
  /** Days for which counts by merchant are kept; they are the large part. */
  merchantDays: number;
}

/** Removes counts of days long past, parks that are over and forgiven, and processes that have not written for a week. */
export async function pruneQuota(
  db: Database,
  today: string,
  options: RetentionOptions,
): Promise<{ totals: number; merchantChunks: number; parks: number }> {
  const totals = await db.run('DELETE FROM quota.call_count WHERE day < $1::date - $2::int', [
    today,
    options.totalDays,
  ]);
  const merchantChunks = await db.run('DELETE FROM quota.merchant_call_chunk WHERE day < $1::date - $2::int', [
    today,
    options.merchantDays,
  ]);
  const parks = await db.run(
    `DELETE FROM quota.park WHERE parked_until + strikes * interval '${FORGIVE_SECONDS} s' < wxfleet.now()`,
  );
  await db.run(`DELETE FROM quota.count_source WHERE seen_at < wxfleet.now() - interval '7 days'`);
  return { totals, merchantChunks, parks };
}
