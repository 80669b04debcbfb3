import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '#libs/testing';
import { EventsOptions } from '../events-options.ts';
import { HttpSender, type SendRequest } from './http-sender.ts';
import { TargetPolicy } from './target-policy.ts';

describe('a request to a receiver', () => {
  let server: Server;
  let sender: HttpSender;
  let connections: number;
  let respond: (response: ServerResponse, no: number) => void;
  let requests: { path: string; body: string }[];

  const senderWith = (more: Partial<EventsOptions> = {}) => {
    const options = Object.assign(new EventsOptions(), { networks: ['127.0.0.0/8'] }, more);
    return new HttpSender(new TargetPolicy(options), options);
  };
  const post = (more: Partial<SendRequest> = {}, by = sender) =>
    by.post({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=1`,
      headers: { 'content-type': 'application/json' },
      body: '{"n":"数"}',
      timeoutMs: 5000,
      keepBytes: 10,
      ...more,
    });

  beforeEach(async () => {
    [connections, requests] = [0, []];
    respond = (response) => response.end('ok');
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        requests.push({ path: request.url ?? '', body });
        respond(response, requests.length);
      });
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sender = senderWith();
  });
  afterEach(async () => {
    await sender.onApplicationShutdown();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('goes with its query and body, on a connection that is kept', async () => {
    for (let n = 0; n < 20; n += 1)
      expect(await post()).toMatchObject({ status: 200, error: null, address: '127.0.0.1' });
    expect(requests.at(-1)).toEqual({ path: '/hook?a=1', body: '{"n":"数"}' });
    // A connection is free again one turn of the event loop after its answer.
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('asks for what is at a URL, by the same rules', async () => {
    respond = (response) => response.end('file');
    const { port } = server.address() as AddressInfo;
    const get = (host: string) =>
      sender.get({ url: `http://${host}:${port}/a.txt`, headers: {}, timeoutMs: 5000, keepBytes: 10 });
    const { body, ...outcome } = await get('127.0.0.1');
    expect([body.toString(), outcome.status, requests]).toEqual(['file', 200, [{ path: '/a.txt', body: '' }]]);
    expect(await get('10.0.0.1')).toMatchObject({ status: null, error: 'refused_address' });
  });

  it('keeps the first bytes of an answer; one without an end is cut, and its connection closed', async () => {
    respond = (response) =>
      response.writeHead(201, { 'content-type': 'text/x', 'retry-after': '7' }).end('0123456789ABC');
    const { body, ...outcome } = await post();
    expect(body.toString()).toBe('0123456789');
    expect(outcome).toMatchObject({ status: 201, isCut: true, contentType: 'text/x', retryAfterSeconds: 7 });
    let isClosed = false;
    respond = (response) => {
      const more = setInterval(() => response.write('x'.repeat(50_000)), 1);
      response.on('close', () => {
        clearInterval(more);
        isClosed = true;
      });
    };
    expect(await post()).toMatchObject({ status: 200, isCut: true });
    await eventually('the end of the connection', () => isClosed);
  });

  it('takes the answer after an informational one, and follows no redirect', async () => {
    respond = (response) => {
      response.writeProcessing();
      response.writeHead(302, { location: '/elsewhere' }).end();
    };
    expect(await post()).toMatchObject({ status: 302, error: null });
    expect(requests).toHaveLength(1);
  });

  it('ends in its time: before the answer, within it, and while it waits for a connection', async () => {
    const narrow = senderWith({ connectionsPerReceiver: 1 });
    respond = (response, no) => {
      if (no === 2) response.write('begun');
      else if (no > 2) response.end('ok');
    };
    const timedOut = { status: null, error: 'timeout', detail: 'no answer in time' };
    expect(await post({ timeoutMs: 60 })).toMatchObject(timedOut);
    expect(await post({ timeoutMs: 60 })).toMatchObject(timedOut);
    respond = () => undefined;
    const first = post({ timeoutMs: 400 }, narrow);
    const waiting = await Promise.all(Array.from({ length: 5 }, () => post({ timeoutMs: 100 }, narrow)));
    for (const each of waiting) expect(each).toMatchObject(timedOut);
    expect(requests).toHaveLength(3); // those that waited were never sent
    expect(await first).toMatchObject(timedOut);
    respond = (response) => response.end('ok');
    expect(await post({}, narrow)).toMatchObject({ status: 200 });
    expect(requests).toHaveLength(4);
    await narrow.onApplicationShutdown();
  });

  it('ends with the signal, however many there are, and is not sent after it', async () => {
    respond = () => undefined;
    const stop = new AbortController();
    const sent = Array.from({ length: 200 }, () => post({ signal: stop.signal }));
    await eventually('requests on their way', () => requests.length > 20);
    stop.abort();
    for (const each of await Promise.all(sent)) expect(each).toMatchObject({ status: null, error: 'aborted' });
    expect(await post({ signal: stop.signal, body: 'late' })).toMatchObject({ status: null, error: 'aborted' });
    respond = (response) => response.end('ok');
    expect(await post({ body: 'last' })).toMatchObject({ status: 200 });
    expect(requests.map(({ body }) => body)).not.toContain('late');
  });

  it('says that a connection broke, or was refused', async () => {
    respond = (response) => response.socket?.destroy();
    expect(await post()).toMatchObject({ status: null, error: 'connection' });
    expect(await post({ url: 'http://127.0.0.1:1/' })).toMatchObject({ error: 'connection', detail: 'ECONNREFUSED' });
    expect(await post({ url: 'http://10.0.0.1/' })).toMatchObject({ error: 'refused_address', address: null });
  });
});
