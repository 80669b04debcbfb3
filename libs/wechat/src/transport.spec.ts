import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { PATHS, componentTokenReply, effectiveDomainReply, statusReply } from '#libs/wechat-wire';
import { type Answer, ScriptedServer, drop, half, json, page, rubbish, silence } from '../test/scripted-server.ts';
import type { CallContext, CallGate, CallInfo, CallOutcome, CallRequest } from './call.ts';
import { WechatApiError, WechatProtocolError, WechatTransportError } from './errors.ts';
import { WechatTransport, type WechatOptions } from './transport.ts';

const TOKEN = 'AAT/plus+slash==';
const read: CallRequest = {
  method: 'POST',
  path: PATHS.getEffectiveDomain,
  token: { parameter: 'access_token', value: Secret.of(TOKEN) },
  body: {},
  idempotent: true,
};
const once: CallRequest = { ...read, path: PATHS.queryAuth, idempotent: false };
const call: CallContext = { componentAppid: 'wx1', authorizerAppid: 'wx2', priority: 'interactive' };
const ok = json({ errcode: 0, errmsg: 'ok' });

let server: ScriptedServer;
const opened: WechatTransport[] = [];

beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(async () => {
  await server.stop();
  await Promise.all(opened.splice(0).map((transport) => transport.close()));
});

function open(options: Partial<WechatOptions> = {}): WechatTransport {
  // No pauses between attempts: what is decided is looked at, not how long it takes.
  const transport = new WechatTransport({
    baseUrl: server.url,
    timeoutMs: 5000,
    maxConcurrency: 8,
    random: () => 0,
    ...options,
  });
  opened.push(transport);
  return transport;
}

async function failure<E>(work: Promise<unknown>, type: new (...args: never[]) => E): Promise<E> {
  const error = await work.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(type);
  return error as E;
}

describe('a call', () => {
  it('is a POST of unescaped JSON with the token in the query', async () => {
    server.script = [ok];
    await open().json({ ...read, body: { content: '好' } }, call, statusReply);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: `/wxa/get_effective_domain?access_token=${encodeURIComponent(TOKEN)}`,
      body: '{"content":"好"}',
    });
    expect(server.seen[0]?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': '17',
    });
    expect(JSON.stringify(server.seen[0]?.headers)).not.toContain('AAT');
  });

  it('sends {} rather than an empty body, and nothing with a GET', async () => {
    server.script = [ok];
    const transport = open({ baseUrl: `${server.url}/gateway/` });
    await transport.json({ method: 'POST', path: '/x', idempotent: true }, call, statusReply);
    await transport.json({ method: 'GET', path: '/y', idempotent: true }, call, statusReply);
    expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/gateway/x', '{}'],
      ['GET', '/gateway/y', ''],
    ]);
  });

  it('succeeds without an errcode, and keeps the body as it came', async () => {
    const raw = '{ "component_access_token":"CAT\\/1", "expires_in":7200 }';
    server.script = [json(raw)];
    const got = await open().json({ ...read, path: PATHS.componentToken }, call, componentTokenReply);
    expect(got).toEqual({ raw, reply: { component_access_token: 'CAT/1', expires_in: 7200 } });
  });

  it('keeps its connections', async () => {
    server.script = [ok];
    const transport = open();
    for (let index = 0; index < 20; index += 1) await transport.json(read, call, statusReply);
    // Two, because undici lets a connection rest for one turn of the event loop after each answer.
    expect(Math.max(...server.seen.map((seen) => seen.connection))).toBeLessThanOrEqual(2);
  });

  it('bytes come unparsed when they begin like a success, and parsed else', async () => {
    const transport = open();
    server.script = [json('{"errcode":0,"errmsg":"ok","mp_domain":{}}')];
    expect((await transport.bytes(read, call)).toString()).toBe('{"errcode":0,"errmsg":"ok","mp_domain":{}}');
    server.script = [json('{"errmsg":"ok", "errcode": 0}')];
    expect((await transport.bytes(read, call)).toString()).toBe('{"errmsg":"ok", "errcode": 0}');
    server.script = [json('{}')];
    expect((await transport.bytes(read, call)).toString()).toBe('{}');
    server.script = [json('{"errcode":61007,"errmsg":"api is unauthorized to component"}')];
    expect((await failure(transport.bytes(read, call), WechatApiError)).errcode).toBe(61007);
    server.script = [json('{"errcode":0,"errmsg":"ok"')];
    expect((await failure(transport.bytes(read, call), WechatProtocolError)).reason).toBe('not_json');
    server.script = [page(500, '{"errcode":0,"errmsg":"ok"}')];
    expect((await failure(transport.bytes(read, call), WechatProtocolError)).reason).toBe('bad_status');
  });
});

describe('what WeChat refuses', () => {
  it('says code, request id, reaction and body', async () => {
    server.script = [
      json({
        errcode: 61004,
        errmsg: 'access clientip is not registered requestIP: 1.2.3.4 rid: 61930ce9-4e2605ba-0fb2cd5d',
      }),
    ];
    const error = await failure(open().json(read, call, statusReply), WechatApiError);
    expect(error).toMatchObject({
      code: 'wechat_api_error',
      errcode: 61004,
      rid: '61930ce9-4e2605ba-0fb2cd5d',
      reaction: 'config',
      path: '/wxa/get_effective_domain',
      retryable: false,
      mayHaveTakenEffect: false,
    });
    expect(error.raw).toContain('"errcode":61004');
    expect(error.wechat.errmsg).toContain('1.2.3.4');
    expect(server.seen).toHaveLength(1);
  });

  it('is asked again when it was only busy, a spending call included, three times in all', async () => {
    const busy = json({ errcode: -1, errmsg: 'system error' });
    server.script = [busy, busy, ok];
    await open().json(once, call, statusReply);
    expect(server.seen).toHaveLength(3);
    server.script = [busy];
    expect((await failure(open().json(read, call, statusReply), WechatApiError)).errcode).toBe(-1);
    expect(server.seen).toHaveLength(6);
  });
});

describe('answers that are none', () => {
  it.each([
    ['an HTML page', page(200, '<html>maintenance</html>'), 'not_json', 200, 1],
    ['a gateway page', page(502, '<html>bad gateway</html>'), 'bad_status', 502, 3],
    ['another status', page(404, '{"errcode":0}'), 'bad_status', 404, 1],
    ['a redirect', page(302, ''), 'bad_status', 302, 1],
    ['an empty body', page(200, ''), 'not_json', 200, 1],
    ['a JSON list', json('[1]'), 'unexpected_shape', 200, 1],
    ['an errcode that is no number', json({ errcode: 'x' }), 'unexpected_shape', 200, 1],
    ['another shape', json({ errcode: 0, mp_domain: 'x' }), 'unexpected_shape', 200, 1],
    ['half a body', half('{"errcode":0,"mp_domain":{"requestdomain":["https://a'), 'truncated', 200, 3],
    ['no HTTP', rubbish('hello\r\n\r\n'), 'not_http', null, 3],
  ] as [string, Answer, string, number | null, number][])('%s', async (_name, answer, reason, status, attempts) => {
    server.script = [answer];
    const error = await failure(open().json(read, call, effectiveDomainReply), WechatProtocolError);
    expect(error).toMatchObject({ code: 'wechat_protocol_error', reason, status, mayHaveTakenEffect: true });
    expect(server.seen).toHaveLength(attempts);
  });

  it('keep what came: half a body, a page', async () => {
    server.script = [half('{"errcode":0,"errmsg"')];
    expect((await failure(open().json(once, call, statusReply), WechatProtocolError)).raw).toBe(
      '{"errcode":0,"errmsg"',
    );
    server.script = [page(200, `<html>${'x '.repeat(10_000)}`)];
    const { raw } = await failure(open().json(read, call, statusReply), WechatProtocolError);
    expect(raw).toHaveLength(4096);
    expect(raw.startsWith('<html>x x')).toBe(true);
  });

  it('half a body is asked for again, but not for a call that spends something', async () => {
    server.script = [half('{"errcode":0,'), ok];
    await open().json(read, call, statusReply);
    expect(server.seen).toHaveLength(2);
    server.script = [half('{"errcode":0,'), ok];
    expect((await failure(open().json(once, call, statusReply), WechatProtocolError)).mayHaveTakenEffect).toBe(true);
    expect(server.seen).toHaveLength(3);
  });

  it('a reply over the limit is not read to its end', async () => {
    let stopped = false;
    server.script = [
      (_request, response) => {
        response.on('close', () => (stopped = !response.writableFinished));
        const more = () => {
          if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more);
        };
        response.on('drain', more);
        more();
      },
    ];
    const error = await failure(open({ maxResponseBytes: 100_000 }).json(read, call, statusReply), WechatProtocolError);
    expect(error.reason).toBe('too_large');
    while (!stopped) await new Promise(setImmediate);
    server.script = [json({ errcode: 0, filler: 'x'.repeat(90_000) })];
    await open({ maxResponseBytes: 100_000 }).json(read, call, statusReply);
  });
});

describe('connections', () => {
  it('nobody listens: nothing was sent, and it says so', async () => {
    const gone = await ScriptedServer.start();
    const baseUrl = gone.url;
    await gone.stop();
    const error = await failure(open({ baseUrl }).json(once, call, statusReply), WechatTransportError);
    expect(error).toMatchObject({
      code: 'wechat_transport_error',
      reason: 'connect',
      mayHaveTakenEffect: false,
      retryable: true,
    });
    expect((error.cause as { code?: string }).code).toBe('ECONNREFUSED');
  });

  it('a kept connection that died is replaced once for a call that may be repeated', async () => {
    const transport = open({ maxConcurrency: 1 });
    server.script = [ok, drop, ok];
    await transport.json(read, call, statusReply);
    await transport.json(read, call, statusReply);
    expect(server.seen.map((seen) => seen.connection)).toEqual([1, 1, 2]);
    server.script = [drop];
    const error = await failure(transport.json(read, call, statusReply), WechatTransportError);
    expect(error).toMatchObject({ reason: 'reset', mayHaveTakenEffect: true });
    expect(server.seen).toHaveLength(5);
  });

  it('a call that spends something is not repeated once it was sent', async () => {
    server.script = [drop, ok];
    expect(await failure(open().json(once, call, statusReply), WechatTransportError)).toMatchObject({
      reason: 'reset',
      mayHaveTakenEffect: true,
    });
    expect(server.seen).toHaveLength(1);
  });

  it('a connection that the server ended while idle costs nothing', async () => {
    const transport = open({ maxConcurrency: 1 });
    server.script = [ok];
    await transport.json(once, call, statusReply);
    server.closeIdle();
    while (server.seen.length < 2) {
      // The end of the old connection may not have arrived yet; then the call fails as above and another one is made.
      await transport.json(once, call, statusReply).catch(() => undefined);
    }
    expect(server.seen.at(-1)?.connection).toBe(2);
  });

  it('no answer in time: it may have taken effect, and is not asked again', async () => {
    server.script = [silence];
    const error = await failure(open({ timeoutMs: 30 }).json(read, call, statusReply), WechatTransportError);
    expect(error).toMatchObject({ reason: 'timeout', mayHaveTakenEffect: true, retryable: true });
    expect(server.seen).toHaveLength(1);
  });

  it('an answer that came in time is taken, even by a process that stood still until after', async () => {
    server.script = [
      ok,
      (request, response) => {
        ok(request, response);
        // The bytes are on their way; nobody in this process reads them before the time of the call has passed.
        const until = performance.now() + 1500;
        while (performance.now() < until);
      },
    ];
    const transport = open({ timeoutMs: 1000 });
    await transport.json(read, call, statusReply);
    await transport.json(once, call, statusReply);
    expect(server.seen).toHaveLength(2);
  });

  it('an answer that begins and does not end is late as well', async () => {
    server.script = [(_request, response) => void response.write('{"errcode":0,')];
    expect((await failure(open({ timeoutMs: 60 }).json(read, call, statusReply), WechatTransportError)).reason).toBe(
      'timeout',
    );
  });

  it('a call given up leaves the client usable', async () => {
    server.script = [silence, ok];
    const transport = open({ maxConcurrency: 1 });
    const controller = new AbortController();
    const work = failure(
      transport.json(read, { ...call, signal: controller.signal }, statusReply),
      WechatTransportError,
    );
    await server.requests(1);
    controller.abort();
    expect(await work).toMatchObject({ reason: 'aborted', mayHaveTakenEffect: true, retryable: false });
    await transport.json(read, call, statusReply);
  });

  it('a call given up before it was sent is never sent', async () => {
    server.script = [ok];
    const error = await failure(
      open().json(read, { ...call, signal: AbortSignal.abort() }, statusReply),
      WechatTransportError,
    );
    expect(error).toMatchObject({ reason: 'aborted', mayHaveTakenEffect: false });
    expect(server.seen).toHaveLength(0);
  });

  it('is refused after close', async () => {
    const transport = open();
    await transport.close();
    opened.length = 0;
    expect(await failure(transport.json(read, call, statusReply), WechatTransportError)).toMatchObject({
      reason: 'closed',
      mayHaveTakenEffect: false,
    });
  });
});

describe('slots', () => {
  it('bounds the calls in flight, and one signal may serve them all', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.name);
    process.on('warning', listen);
    const held: ServerResponse[] = [];
    server.script = [(_request, response) => void held.push(response)];
    const { signal } = new AbortController();
    const transport = open({ maxConcurrency: 3 });
    const works = Array.from({ length: 40 }, () => transport.json(read, { ...call, signal }, statusReply));
    await server.requests(3);
    expect([transport.lanes.inUse, transport.lanes.waiting, held.length]).toEqual([3, 37, 3]);
    for (let done = 0; done < 40; done += 1) {
      await server.requests(done + 1);
      expect(held.length - done).toBeLessThanOrEqual(3);
      held[done]?.end('{"errcode":0}');
    }
    await Promise.all(works);
    expect(transport.lanes.inUse).toBe(0);
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('a platform that gets no answers does not keep another one waiting', async () => {
    const held: ServerResponse[] = [];
    server.script = [
      (seen, response) =>
        seen.url.startsWith('/slow') ? void held.push(response) : void response.end('{"errcode":0}'),
    ];
    const transport = open({ maxConcurrency: 4 });
    const slow = Array.from({ length: 20 }, () =>
      transport.json(
        { ...read, path: '/slow' },
        { ...call, componentAppid: 'slow', priority: 'background' },
        statusReply,
      ),
    );
    await server.requests(4);
    const fast = Array.from({ length: 50 }, () =>
      transport.json(
        { ...read, path: '/fast' },
        { ...call, componentAppid: 'fast', priority: 'background' },
        statusReply,
      ),
    );
    // One slot comes back from the slow platform; through it the fast one does all its calls.
    held[0]?.end('{"errcode":0}');
    await Promise.all(fast);
    expect(held.length).toBeLessThanOrEqual(5);
    server.script = [ok];
    for (const response of held) response.end('{"errcode":0}');
    await Promise.all(slow);
  });

  it('gives its slot back while it pauses and when it fails', async () => {
    server.script = [page(502, ''), page(200, 'x')];
    const transport = open({ maxConcurrency: 1 });
    await failure(transport.json(read, call, statusReply), WechatProtocolError);
    expect([transport.lanes.inUse, transport.lanes.waiting]).toEqual([0, 0]);
  });
});

function guarded(gate: CallGate, options: Partial<WechatOptions> = {}): WechatTransport {
  const transport = open(options);
  transport.guardWith(gate);
  return transport;
}

describe('the gate', () => {
  class Recorder implements CallGate {
    readonly log: (CallInfo | CallOutcome['kind'])[] = [];
    readonly outcomes: CallOutcome[] = [];
    refusal: Error | undefined;
    before(info: CallInfo): void {
      if (this.refusal) throw this.refusal;
      this.log.push(info);
    }
    after(_info: CallInfo, outcome: CallOutcome): void {
      this.log.push(outcome.kind);
      this.outcomes.push(outcome);
    }
  }

  it('sees every attempt before and after', async () => {
    const gate = new Recorder();
    server.script = [json({ errcode: -1 }), half('{'), ok];
    await guarded(gate).json(read, call, statusReply);
    const info = {
      componentAppid: 'wx1',
      authorizerAppid: 'wx2',
      path: '/wxa/get_effective_domain',
      priority: 'interactive',
    };
    expect(gate.log).toEqual([info, 'api_error', info, 'protocol_error', info, 'ok']);
    expect(gate.outcomes[0]).toMatchObject({ errcode: -1, reaction: 'retry' });
    server.script = [drop];
    await failure(guarded(gate).json(once, call, statusReply), WechatTransportError);
    expect(gate.outcomes.at(-1)).toMatchObject({ kind: 'transport_error', reason: 'reset', mayHaveTakenEffect: true });
  });

  it('refuses a call before anything is sent, in its own words', async () => {
    const gate = new Recorder();
    gate.refusal = new RangeError('parked');
    const transport = guarded(gate, { maxConcurrency: 1 });
    expect(await failure(transport.json(read, call, statusReply), RangeError)).toBe(gate.refusal);
    expect([server.seen.length, gate.log.length, transport.lanes.inUse]).toEqual([0, 0, 0]);
  });
});
