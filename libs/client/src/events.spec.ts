import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWxfleetClient, type WxfleetClient } from './client.ts';
import { events } from './events.ts';

interface Asked {
  after: string | null;
  query: URLSearchParams;
}

/** A server that has a feed of ten events, of which each page shows two, and which fails as it is told. */
describe('the iterator over events', () => {
  let server: Server;
  let client: WxfleetClient;
  const asked: Asked[] = [];
  /** By number of the request: what it answers instead. */
  let instead: Record<number, { status: number; body: object; headers?: Record<string, string> } | 'break'>;
  beforeEach(async () => {
    asked.length = 0;
    instead = {};
    server = createServer((request, response) => {
      const { searchParams: query } = new URL(request.url ?? '', 'http://hub');
      asked.push({ after: query.get('after'), query });
      const other = instead[asked.length];
      if (other === 'break') return void request.socket.destroy();
      if (other) {
        response.writeHead(other.status, { 'content-type': 'application/problem+json', ...other.headers });
        return void response.end(JSON.stringify(other.body));
      }
      const from = Number(query.get('after') ?? 0);
      // Odd ones only, as a filter would leave them: positions move over the others.
      const last = Math.min(10, from + 4);
      const items = [];
      for (let id = from + 1; id <= last; id += 1)
        if (id % 2 === 1) items.push({ id: String(id), type: 'quota.parked' });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ items, next_cursor: String(last), last_event_id: String(last) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    client = createWxfleetClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'k' });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Ids, until there are `count` of them. */
  async function read(count: number, more: Partial<Parameters<typeof events>[1]> = {}): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id } of events(client, { componentAppid: 'wxc', ...more })) {
      ids.push(id);
      if (ids.length === count) break;
    }
    return ids;
  }

  it('gives each event once and in order, and goes on where it was', async () => {
    const positions: string[] = [];
    expect(await read(5, { onPosition: (id) => positions.push(id) })).toEqual(['1', '3', '5', '7', '9']);
    expect(asked.map(({ after }) => after)).toEqual([null, '4', '8']);
    expect(positions).toEqual(['4', '8']);
    expect(await read(2, { after: '6' })).toEqual(['7', '9']);
  });

  it('asks for what it is told to, and waits', async () => {
    await read(1, { types: ['domains.*', 'quota.parked'], authorizerAppid: 'wxa', merchantId: 'm1' });
    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      type: 'domains.*,quota.parked',
      authorizer_appid: 'wxa',
      merchant_id: 'm1',
      wait: 'PT10S',
    });
  });

  it('goes on after a break and a refusal that passes, without losing or repeating anything', async () => {
    instead = {
      2: 'break',
      3: { status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } },
    };
    expect(await read(5)).toEqual(['1', '3', '5', '7', '9']);
    expect(asked.map(({ after }) => after)).toEqual([null, '4', '4', '4', '8']);
  }, 20_000);

  it('ends with what does not pass', async () => {
    instead = { 2: { status: 410, body: { code: 'cursor_expired', oldest_event_id: '8' } } };
    await expect(read(5)).rejects.toMatchObject({ code: 'cursor_expired', problem: { oldest_event_id: '8' } });
    instead = { 3: { status: 401, body: { code: 'unauthenticated' } } };
    await expect(read(5)).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  it('ends with its signal, while it waits as well', async () => {
    const gone = new AbortController();
    instead = { 2: { status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '600' } } };
    const ids: string[] = [];
    for await (const { id } of events(client, { componentAppid: 'wxc', signal: gone.signal })) {
      ids.push(id);
      if (ids.length === 2) setTimeout(() => gone.abort(), 50);
    }
    expect(ids).toEqual(['1', '3']);
  });
});
