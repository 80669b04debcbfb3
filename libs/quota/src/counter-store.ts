import type { Database } from '#libs/kernel';
import type { CountBatch, CountLine, MerchantCountLine } from './call-counters.ts';
import { WRITE_COUNTS } from './counter-store.sql.ts';

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
  return db.query<DayTotal>(WRITE_COUNTS, [
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
  ]);
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
