import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csvLines, streamCsv, wantsCsv } from './csv.ts';

const asking = (accept?: string) => ({ headers: { accept } }) as unknown as FastifyRequest;

describe('CSV', () => {
  it('is what the caller asks for first', () => {
    expect(wantsCsv(asking('text/csv'))).toBe(true);
    expect(wantsCsv(asking('text/csv, application/json;q=0.5'))).toBe(true);
    expect(wantsCsv(asking('application/json, text/csv'))).toBe(false);
    expect(wantsCsv(asking('*/*'))).toBe(false);
    expect(wantsCsv(asking(undefined))).toBe(false);
  });

  it('quotes what needs it, leaves absent values empty, and makes no formulas', () => {
    expect(csvLines([['a', 'b,"c"', 'x\ny', null, undefined, 3, true, { k: 1 }]])).toBe(
      'a,"b,""c""","x\ny",,,3,true,"{""k"":1}"\r\n',
    );
    expect(csvLines([['=1+1', '+1', '-1', '@x', '=HYPERLINK("x")']])).toBe(
      `'=1+1,'+1,'-1,'@x,"'=HYPERLINK(""x"")"\r\n`,
    );
    expect(csvLines([[-1]])).toBe('-1\r\n');
  });

  it('comes page by page, and no page before the one before is wanted', async () => {
    const headers: Record<string, string> = {};
    const reply = {
      type: (value: string) => ((headers['type'] = value), reply),
      header: (name: string, value: string) => ((headers[name] = value), reply),
    } as unknown as FastifyReply;
    let fetched = 0;
    async function* pages() {
      for (let from = 0; from < 100_000; from += 20_000) {
        await Promise.resolve();
        fetched += 1;
        yield Array.from({ length: 20_000 }, (_, index) => from + index);
      }
    }
    const stream = await streamCsv(reply, { n: (row: number) => row }, pages());
    const chunks = stream[Symbol.asyncIterator]();
    let text = ((await chunks.next()).value as Buffer).toString();
    expect(text.startsWith('n\r\n0\r\n')).toBe(true);
    expect(fetched).toBeLessThanOrEqual(2);
    for (let next = await chunks.next(); !next.done; next = await chunks.next())
      text += (next.value as Buffer).toString();
    expect(text.split('\r\n')).toHaveLength(100_002);
    expect([fetched, headers['type']]).toEqual([5, 'text/csv; charset=utf-8']);
  });

  it('holds two pages at most, however long the list and however slow its reader', async () => {
    const reply = { type: () => reply, header: () => reply } as unknown as FastifyReply;
    const PAGES = 400;
    let made = 0;
    async function* pages() {
      for (let page = 0; page < PAGES; page += 1) {
        await Promise.resolve();
        made += 1;
        yield Array.from({ length: 500 }, (_, index) => `${page}-${index}-${'x'.repeat(200)}`);
      }
    }
    let read = 0;
    let ahead = 0;
    for await (const chunk of await streamCsv(reply, { n: (row: string) => row }, pages())) {
      read += (chunk as Buffer).toString().split('\r\n').length - 1;
      ahead = Math.max(ahead, made - Math.floor(read / 500));
      // A reader that is slower than the pages come.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([made, read]).toEqual([PAGES, PAGES * 500 + 1]);
    expect(ahead).toBeLessThanOrEqual(2);
  });

  it('says before anything else what is wrong with the question', async () => {
    // eslint-disable-next-line require-yield
    async function* pages(): AsyncGenerator<number[]> {
      await Promise.reject(new Error('not a cursor of this list'));
    }
    await expect(streamCsv({} as FastifyReply, { n: (row: number) => row }, pages())).rejects.toThrow('not a cursor');
  });
});
