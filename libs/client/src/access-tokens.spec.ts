import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Gate } from '#libs/testing';
import { AccessTokens } from './access-tokens.ts';
import { createWxfleetClient, eachItem } from './client.ts';
import { WxfleetError } from './problem.ts';

/** A hub of a few lines: what is tested is the client's own judgement, over real HTTP. */
describe('AccessTokens', () => {
  let server: Server;
  let asked: { path: string; body: { rejected_access_token?: string } }[];
  let issue: () => { status: number; body: unknown; headers?: Record<string, string> };
  let now: number;
  /** What the answer to a question waits for. */
  let hold: (rejected: string | undefined) => Promise<void>;
  let tokens: AccessTokens;

  beforeEach(async () => {
    asked = [];
    now = 0;
    let count = 0;
    hold = async () => undefined;
    issue = () => ({
      status: 200,
      body: { access_token: `token-${(count += 1)}`, expires_in: 7200, expires_at: '2026-01-01T00:00:00.000Z' },
    });
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const said = JSON.parse(text === '' ? '{}' : text) as { rejected_access_token?: string };
        asked.push({ path: request.url ?? '', body: said });
        const { status, body, headers } = issue();
        void hold(said.rejected_access_token).then(() =>
          response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)),
        );
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

  describe('when an answer is slow', () => {
    const slow = new Map<string | undefined, Gate>();
    beforeEach(() => {
      slow.clear();
      hold = async (rejected) => slow.get(rejected)?.pass();
    });

    /** Somebody got token-1; a second question for it is under way, answered with token-1 too, and arrives late. */
    async function late(): Promise<{ gate: Gate; answer: Promise<string> }> {
      const issued = ['token-1', 'token-1', 'token-2'];
      issue = () => ({
        status: 200,
        body: { access_token: issued.shift(), expires_in: 7200, expires_at: '2026-01-01T00:00:00.000Z' },
      });
      expect(await tokens.get('wxa')).toBe('token-1');
      const gate = new Gate();
      slow.set(undefined, gate);
      now = 7_150_000;
      const answer = tokens.get('wxa');
      await gate.waiting;
      return { gate, answer };
    }

    it('does not put a token back that was rejected meanwhile', async () => {
      const { gate, answer } = await late();
      expect(await tokens.rejected('wxa', 'token-1')).toBe('token-2');
      gate.release();
      expect(await answer).toBe('token-2');
      expect(await tokens.get('wxa')).toBe('token-2');
      expect(asked).toHaveLength(3);
    });

    it('waits for the successor of a token that is being rejected', async () => {
      const { gate, answer } = await late();
      const rejection = new Gate();
      slow.set('token-1', rejection);
      const successor = tokens.rejected('wxa', 'token-1');
      await rejection.waiting;
      gate.release();
      // The late answer arrives first, as the hub sends it first.
      await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 50))]);
      rejection.release();
      expect([await answer, await successor]).toEqual(['token-2', 'token-2']);
      expect(await tokens.get('wxa')).toBe('token-2');
    });
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
