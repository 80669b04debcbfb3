import type { Database } from '#libs/kernel';
import type { CountBatch, CountLine, MerchantCountLine } from './call-counters.ts';

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
  const chunks = chunksOf(batch.merchants);
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
       SELECT a.platform_id, m.day, m.path, string_to_array(m.appids, ' '),
              string_to_array(m.calls, ' ')::int[], string_to_array(m.errors, ' ')::int[]
         FROM unnest($8::text[], $9::date[], $10::text[], $11::text[], $12::text[], $13::text[])
              AS m (component_appid, day, path, appids, calls, errors)
         JOIN custody.component_account a USING (component_appid)
        WHERE EXISTS (SELECT FROM fence)
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
      chunks.map((chunk) => chunk.line.componentAppid),
      chunks.map((chunk) => chunk.line.day),
      chunks.map((chunk) => chunk.line.path),
      chunks.map((chunk) => chunk.appids.join(' ')),
      chunks.map((chunk) => chunk.calls.join(' ')),
      chunks.map((chunk) => chunk.errors.join(' ')),
    ],
  );
}

/** Rows of thousands, as joined texts: far cheaper to send than arrays of as many elements. An appid has no space. */
interface Chunk {
  line: CountLine;
  appids: string[];
  calls: number[];
  errors: number[];
}

function chunksOf(lines: readonly MerchantCountLine[]): Chunk[] {
  const chunks: Chunk[] = [];
  const open = new Map<string, Chunk>();
  for (const line of lines) {
    const key = `${line.day} ${line.componentAppid} ${line.path}`;
    let chunk = open.get(key);
    if (!chunk || chunk.appids.length >= CHUNK) {
      chunk = { line, appids: [], calls: [], errors: [] };
      open.set(key, chunk);
      chunks.push(chunk);
    }
    chunk.appids.push(line.authorizerAppid);
    chunk.calls.push(line.calls);
    chunk.errors.push(line.errors);
  }
  return chunks;
}
