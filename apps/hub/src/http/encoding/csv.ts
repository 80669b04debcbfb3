import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the caller asks for CSV rather than JSON. */
export function wantsCsv(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  const csv = accept.indexOf('text/csv');
  const json = accept.indexOf('application/json');
  return csv >= 0 && (json < 0 || csv < json);
}

/**
 * Answers with rows as they come (RFC 4180, UTF-8): nothing is held but the page at hand, however long the list is, and a
 * slow reader slows the reading down. Fetch page by page, each in a transaction of its own, so that a reader who stops
 * reading holds no connection. The first page is awaited, so that what is wrong with the question is answered as a
 * problem; an error after that cuts the answer off, which HTTP shows as incomplete.
 */
export async function streamCsv<Row>(
  reply: FastifyReply,
  columns: Readonly<Record<string, (row: Row) => unknown>>,
  rows: AsyncIterable<readonly Row[]>,
): Promise<Readable> {
  const cells = Object.values(columns);
  const pages = rows[Symbol.asyncIterator]();
  const first = await pages.next();
  async function* lines() {
    try {
      yield csvLine(Object.keys(columns));
      for (let page = first; !page.done; page = await pages.next()) {
        yield page.value.map((row) => csvLine(cells.map((cell) => cell(row)))).join('');
      }
    } finally {
      await pages.return?.();
    }
  }
  void reply.type('text/csv; charset=utf-8').header('Vary', 'Accept');
  return Readable.from(lines(), { objectMode: false, highWaterMark: 64 * 1024 });
}

export function csvLine(values: readonly unknown[]): string {
  return values.map(csvCell).join(',') + '\r\n';
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // What merchants call themselves must not become a formula in somebody's spreadsheet.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
