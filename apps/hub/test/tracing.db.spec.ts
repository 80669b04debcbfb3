import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#libs/testing';
import { ADMIN_KEY, AES_KEY, APPSECRET, HubWorld, PUSH_TOKEN } from './hub-world.ts';

jest.setTimeout(60_000);

const PLATFORM = 'wxplatform00000a';
const SHOP = 'wxshop0000000001';
const TRACE = '0af7651916cd43dd8448eb211c80319c';

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

describe('traces', () => {
  let collector: Server;
  let world: HubWorld;
  const bodies: string[] = [];
  const spans = (): SentSpan[] =>
    bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] }).resourceSpans.flatMap((of) =>
        of.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  const before = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  let tokens: string[] = [];

  beforeAll(async () => {
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString());
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = endpoint;
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '200';
    world = await HubWorld.start({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    await world.platform(PLATFORM);
    await world.miniProgram(PLATFORM, SHOP);
    const path = `/v1/platforms/${PLATFORM}/authorizers/${SHOP}/access-token`;
    const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
    const handedOut = await world.call<{ access_token: string }>('POST', path, { headers });
    tokens = [handedOut.body.access_token];
    await world.call('POST', `/v1/platforms/${PLATFORM}/checks`, { headers });
    await eventually('spans of requests, jobs and calls', () =>
      Promise.resolve(
        spans().some(({ name }) => name.startsWith('job ')) &&
          spans().some(({ name, traceId }) => name.endsWith('/checks') && traceId === TRACE),
      ),
    );
  });
  afterAll(async () => {
    await world.stop();
    if (before === undefined) delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
  });

  it('go on with the trace of the client, and calls to WeChat are part of the request that makes them', () => {
    const request = spans().find(({ name, traceId }) => name.endsWith('/checks') && traceId === TRACE);
    const call = spans().find(({ name, traceId }) => name.startsWith('POST /cgi-bin/') && traceId === TRACE);
    expect(request?.parentSpanId).toBe('b7ad6b7169203331');
    expect(call).toBeDefined();
    expect(request?.attributes).toEqual(
      expect.arrayContaining([{ key: 'wxfleet.operation', value: { stringValue: 'runChecks' } }]),
    );
  });

  it('span a push, the jobs that follow from it, and their calls to WeChat', async () => {
    /** From the exchange of the code up to what has caused it. */
    const chain = (): SentSpan[] => {
      const byId = new Map(spans().map((span) => [span.spanId, span]));
      const found: SentSpan[] = [];
      let at = spans().find(({ name }) => name === 'POST /cgi-bin/component/api_query_auth');
      for (; at; at = byId.get(at.parentSpanId ?? '')) found.push(at);
      return found;
    };
    const push = 'POST /wechat/:component_appid/events';
    await eventually('the push at the root of the call', () => Promise.resolve(chain().at(-1)?.name === push));
    expect(chain().at(-2)?.name).toBe('job inbox.drain_pushes');
    expect(new Set(chain().map(({ traceId }) => traceId)).size).toBe(1);
    // What a job of the push adds is part of the trace as well.
    const details = (span: SentSpan) =>
      span.traceId === chain()[0]?.traceId && span.name === 'job authorizers.refresh_info';
    await eventually('the job that reads the details of the account', () => Promise.resolve(spans().some(details)));
  });

  it('hold no secret, no token and no query', async () => {
    await world.hub.stop();
    const everything = bodies.join('\n');
    for (const secret of [ADMIN_KEY, AES_KEY, APPSECRET, PUSH_TOKEN, ...tokens])
      expect(everything).not.toContain(secret);
    expect(everything).not.toMatch(/access_token=|msg_signature|auth_code=/);
  });
});
