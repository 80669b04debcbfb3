import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessTokens } from './access-tokens.ts';
import { createWxfleetClient, eachItem } from './client.ts';
import { WxfleetError } from './problem.ts';

/** A hub of a few lines: what is tested is the client's own judgement, over real HTTP. */
describe('AccessTokens', () => {
  let server: Server;
  let asked: { path: string; body: { rejected_access_token?: string } }[];
  let issue: () => { status: number; body: unknown; headers?: Record<string, string> };
  let now: number;
  let tokens: AccessTokens;

  beforeEach(async () => {
    asked = [];
    now = 0;
    let count = 0;
    issue = () => ({
      status: 200,
      body: { access_token: `token-${(count += 1)}`, expires_in: 7200, expires_at: '2026-01-01T00:00:00.000Z' },
    });
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        asked.push({ path: request.url ?? '', body: JSON.parse(text === '' ? '{}' : text) as never });
        const { status, body, headers } = issue();
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = createWxfleetClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      apiKey: 'wxf_test',
    });
    tokens = new AccessTokens({ client, componentAppid: 'wxc', monotonicMs: () => now });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks once for everybody who asks at the same time', async () => {
    const got = await Promise.all(Array.from({ length: 50 }, () => tokens.get('wxa')));
    expect(new Set(got)).toEqual(new Set(['token-1']));
    expect(asked.map(({ path }) => path)).toEqual(['/v1/platforms/wxc/authorizers/wxa/access-token']);
  });

  it('asks again when less than a minute of life is left, never later', async () => {
    expect(await tokens.get('wxa')).toBe('token-1');
    now = 7_140_000;
    expect(await tokens.get('wxa')).toBe('token-1');
    now = 7_140_001;
    expect(await tokens.get('wxa')).toBe('token-2');
  });

  it('reports a rejected token and runs the call once more', async () => {
    const seen: string[] = [];
    const reply = await tokens.with('wxa', async (token) => {
      seen.push(token);
      return token === 'token-1' ? { errcode: 40001 } : { errcode: 0 };
    });
    expect(reply).toEqual({ errcode: 0 });
    expect(seen).toEqual(['token-1', 'token-2']);
    expect(asked.at(-1)?.body).toEqual({ rejected_access_token: 'token-1' });
  });

  it('does not report a token twice, nor one that is not the current one any more', async () => {
    await tokens.get('wxa');
    expect(await Promise.all([tokens.rejected('wxa', 'token-1'), tokens.rejected('wxa', 'token-1')])).toEqual([
      'token-2',
      'token-2',
    ]);
    expect(await tokens.rejected('wxa', 'token-1')).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  it('gives other errors of WeChat back as they are', async () => {
    expect(await tokens.with('wxa', async () => ({ errcode: 61007 }))).toEqual({ errcode: 61007 });
    expect(asked).toHaveLength(1);
  });

  it('throws what the hub refused, with its code and when to come back', async () => {
    issue = () => ({
      status: 503,
      body: { code: 'ticket_unavailable', detail: 'no ticket yet' },
      headers: { 'retry-after': '7' },
    });
    const error = await tokens.get('wxa').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WxfleetError);
    expect(error).toMatchObject({ code: 'ticket_unavailable', status: 503, retryAfterSeconds: 7 });
  });

  it('walks all pages of a list', async () => {
    const pages: Record<string, { items: number[]; next_cursor: string | null }> = {
      start: { items: [1, 2], next_cursor: 'b' },
      b: { items: [3], next_cursor: null },
    };
    const items: number[] = [];
    for await (const item of eachItem<number>(async (cursor) => ({ data: pages[cursor ?? 'start'] }))) items.push(item);
    expect(items).toEqual([1, 2, 3]);
  });
});
