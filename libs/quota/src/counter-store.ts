import type { Database } from '#libs/kernel';
import type { CountBatch, MerchantCountLine } from './call-counters.ts';

/** Merchants in one row of `quota.merchant_call_chunk` at most. */
const CHUNK = 5000;

/** The day's calls of one path over all processes, as of a write. */
export interface DayTotal {
  componentAppid: string;
  day: string;
  path: string;
  calls: number;
}

/**
 * Writes a batch, whole or not at all, and only once however often it is sent. Counts of an appid that is no platform of
 * ours are dropped. Reads `custody.component_account`, because calls name their platform by its appid.
 * @returns the totals of the lines written; empty when an earlier attempt had written them
 */
export function writeCounts(db: Database, source: string, batch: CountBatch): Promise<DayTotal[]> {
  const { totals } = batch;
  const { merchants, chunkOf } = chunked(batch.merchants);
  return db.query<DayTotal>(
    `WITH fence AS (
       INSERT INTO quota.count_source AS s (source, sequence, seen_at) VALUES ($1, $2, wxfleet.now())
       ON CONFLICT (source) DO UPDATE SET sequence = excluded.sequence, seen_at = excluded.seen_at
        WHERE s.sequence < excluded.sequence
       RETURNING 1
     ), counted AS (
       INSERT INTO quota.call_count AS c (platform_id, day, path, calls, errors)
       SELECT a.platform_id, t.day, t.path, sum(t.calls), sum(t.errors)
         FROM unnest($3::text[], $4::date[], $5::text[], $6::bigint[], $7::bigint[])
              AS t (component_appid, day, path, calls, errors)
         JOIN custody.component_account a USING (component_appid)
        WHERE EXISTS (SELECT FROM fence)
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3 -- the same order in every process: no deadlocks
       ON CONFLICT (platform_id, day, path)
       DO UPDATE SET calls = c.calls + excluded.calls, errors = c.errors + excluded.errors
       RETURNING platform_id, day, path, calls
     ), attributed AS (
       INSERT INTO quota.merchant_call_chunk (platform_id, day, path, authorizer_appids, calls, errors)
       SELECT a.platform_id, m.day, m.path, array_agg(m.authorizer_appid), array_agg(m.calls), array_agg(m.errors)
         FROM unnest($8::int[], $9::text[], $10::date[], $11::text[], $12::text[], $13::int[], $14::int[])
              AS m (chunk, component_appid, day, path, authorizer_appid, calls, errors)
         JOIN custody.component_account a USING (component_appid)
        WHERE EXISTS (SELECT FROM fence)
        GROUP BY a.platform_id, m.day, m.path, m.chunk
     )
     SELECT a.component_appid AS "componentAppid", to_char(c.day, 'YYYY-MM-DD') AS day, c.path, c.calls
       FROM counted c JOIN custody.component_account a USING (platform_id)`,
    [
      source,
      batch.sequence,
      totals.map((line) => line.componentAppid),
      totals.map((line) => line.day),
      totals.map((line) => line.path),
      totals.map((line) => line.calls),
      totals.map((line) => line.errors),
      chunkOf,
      merchants.map((line) => line.componentAppid),
      merchants.map((line) => line.day),
      merchants.map((line) => line.path),
      merchants.map((line) => line.authorizerAppid),
      merchants.map((line) => line.calls),
      merchants.map((line) => line.errors),
    ],
  );
}

function chunked(lines: readonly MerchantCountLine[]): { merchants: readonly MerchantCountLine[]; chunkOf: number[] } {
  const seen = new Map<string, number>();
  const chunkOf = lines.map((line) => {
    const key = `${line.day} ${line.componentAppid} ${line.path}`;
    const index = seen.get(key) ?? 0;
    seen.set(key, index + 1);
    return Math.floor(index / CHUNK);
  });
  return { merchants: lines, chunkOf };
}
