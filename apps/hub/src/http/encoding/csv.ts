import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the caller prefers CSV to JSON. */
export function wantsCsv(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  const csv = accept.indexOf('text/csv');
  const json = accept.indexOf('application/json');
  return csv >= 0 && (json < 0 || csv < json);
}

/**
 * Streams rows as CSV (RFC 4180, UTF-8). Only the current page is in memory, and a slow reader slows the reading down. Read page
 * by page, each in its own transaction, so that a reader who pauses holds no connection. The first page is awaited, so that an
 * invalid query is answered as a problem document; a later error cuts the response off, which HTTP shows as incomplete.
 */
export async function streamCsv<Row>(
  reply: FastifyReply,
  columns: Readonly<Record<string, (row: Row) => unknown>>,
  rows: AsyncIterable<readonly Row[]>,
): Promise<Readable> {
  const cells = Object.values(columns);
  const pages = rows[Symbol.asyncIterator]();
  const first = await pages.next();
  async function* text() {
    try {
      yield csvLines([Object.keys(columns)]);
      for (let page = first; !page.done; page = await pages.next()) {
        yield csvLines(page.value.map((row) => cells.map((cell) => cell(row))));
      }
    } finally {
      await pages.return?.();
    }
  }
  void reply.type('text/csv; charset=utf-8').header('Vary', 'Accept');
  return Readable.from(text(), { objectMode: false, highWaterMark: 64 * 1024 });
}

/** Text that a spreadsheet would evaluate gets a leading apostrophe: names are chosen by merchants. */
export function csvLines(rows: readonly (readonly unknown[])[]): string {
  return stringify(rows as unknown[][], {
    record_delimiter: 'windows',
    escape_formulas: true,
    quoted_match: /[\r\n]/,
    cast: {
      number: (value) => ({ value: String(value), escape_formulas: false }),
      boolean: String,
    },
  });
}
