import { connect } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Controller, Get, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'undici';
import { ApiKeys, AuditTrail, IdempotencyKeys, KnownDevices, type Sessions } from '#libs/access';
import { ComponentAccounts, TokenInvalidationChannel } from '#libs/custody';
import { Database, Metrics, SystemClock, Ticks, loadSettings } from '#libs/kernel';
import { cloneDatabase, eventually, testLog, testSealer, type TestDatabase } from '#libs/testing';
import { sendRaw } from '../../test/raw-socket.ts';
import { ConsoleController } from '../ops/console.controller.ts';
import { DocsController } from '../ops/docs.controller.ts';
import { ApiKeysController } from '../rest/api-keys.controller.ts';
import { CallerScope } from '../rest/caller-scope.ts';
import { PlatformsController } from '../rest/platforms.controller.ts';
import { PublicUrls } from '../public-urls.ts';
import { Admission } from './admission/admission.ts';
import { ApiServerHooks } from './api-server-hooks.ts';
import { LoginCookies } from './auth/login-cookies.ts';
import { Authenticator } from './auth/authenticator.ts';
import { PlatformResolver } from './auth/platform-resolver.ts';
import { createHttpApp, type HttpAppOptions } from './http-app.ts';

class SomeModule {}

@Controller()
class UndecidedController {
  @Get('/v1/undecided')
  open(): string {
    return 'anybody may';
  }
}

describe('the HTTP app', () => {
  let test: TestDatabase;
  const apps: NestFastifyApplication[] = [];
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));
  afterAll(() => test.drop());

  async function start(
    controllers: Type[] = [PlatformsController, ApiKeysController, ConsoleController, DocsController],
    more: Pick<HttpAppOptions, 'timeouts' | 'maxConnections'> = {},
  ) {
    const { log, lines } = testLog();
    const keys = new ApiKeys(test.db, new SystemClock(), log);
    const accounts = { ref: async () => null } as unknown as ComponentAccounts;
    const admission = new Admission({ perKey: 0, perPlatform: 0 }, new SystemClock(), test.db, log);
    const urls = new PublicUrls(loadSettings({ PUBLIC_URL: 'http://hub.example' }).settings);
    const channel = new TokenInvalidationChannel(test.db, log);
    // No request of this spec has a cookie.
    const sessions = null as unknown as Sessions;
    const hooks = new ApiServerHooks(
      new Authenticator(keys, sessions, urls, admission),
      new PlatformResolver(accounts, channel),
      admission,
      new LoginCookies(new KnownDevices(testSealer(), new SystemClock()), urls),
    );
    const providers = [
      { provide: ApiServerHooks, useValue: hooks },
      { provide: ApiKeys, useValue: keys },
      { provide: ComponentAccounts, useValue: accounts },
      { provide: Database, useValue: test.db },
      { provide: PublicUrls, useValue: urls },
      {
        provide: IdempotencyKeys,
        useValue: new IdempotencyKeys(test.db, testSealer(), log, new Ticks(loadSettings({}).settings, log)),
      },
      { provide: AuditTrail, useValue: new AuditTrail(test.db, log) },
      CallerScope,
    ];
    const app = await createHttpApp({
      module: { module: SomeModule, controllers, providers },
      log,
      metrics: new Metrics(),
      ...more,
    });
    apps.push(app);
    await app.listen(0, '127.0.0.1');
    const { key } = await keys.create(test.db, {
      platformId: null,
      name: 'op',
      scopes: ['platforms:write'],
      createdBy: 't',
    });
    return {
      url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
      app,
      lines,
      authorization: `Bearer ${key.reveal()}`,
    };
  }

  async function expectProblem(reply: Response, status: number, code: string) {
    const body = (await reply.json()) as Record<string, unknown>;
    expect([reply.status, reply.headers.get('content-type'), body['code'], body['status']]).toEqual([
      status,
      'application/problem+json',
      code,
      status,
    ]);
    expect(body['instance']).toMatch(/^urn:uuid:/);
    return body;
  }

  it('does not open when somebody forgot to say who may call a route', async () => {
    await expect(start([UndecidedController])).rejects.toThrow('has no @Endpoint');
  });

  it('asks for a key before it reads anything else', async () => {
    const { url } = await start();
    const reply = await fetch(`${url}/v1/platforms`, { method: 'POST', body: 'no json' });
    await expectProblem(reply, 401, 'unauthenticated');
    expect(reply.headers.get('www-authenticate')).toContain('Bearer');
    const wrong = await fetch(`${url}/v1/platforms`, { headers: { authorization: 'Bearer wxf_pk_nonsense' } });
    await expectProblem(wrong, 401, 'unauthenticated');
  });

  it('refuses what lacks the scope', async () => {
    const { url, authorization } = await start();
    await expectProblem(await fetch(`${url}/v1/platforms`, { headers: { authorization } }), 403, 'forbidden');
  });

  it.each([
    ['no JSON', '{"a":', 'application/json', 400, 'invalid_request'],
    ['prototype pollution', '{"__proto__":{"a":1}}', 'application/json', 400, 'invalid_request'],
    ['another media type', 'a=1', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['a media type that is none', '{}', 'a b c', 415, 'unsupported_media_type'],
    ['too much', `{"name":"${'x'.repeat(300_000)}"}`, 'application/json', 413, 'payload_too_large'],
    ['JSON in UTF-16', '{}', 'application/json; charset=utf-16', 415, 'unsupported_media_type'],
    ['a list', '[]', 'application/json', 400, 'invalid_request'],
    ['nothing', '', 'application/json', 400, 'invalid_request'],
  ])('refuses a body that is %s', async (_, body, type, status, code) => {
    const { url, authorization } = await start();
    const reply = await fetch(`${url}/v1/platforms`, {
      method: 'POST',
      body,
      headers: { authorization, 'content-type': type },
    });
    await expectProblem(reply, status, code);
  });

  it('refuses a compressed body as such, and not as broken JSON', async () => {
    const { url, authorization } = await start();
    const reply = await fetch(`${url}/v1/platforms`, {
      method: 'POST',
      body: gzipSync('{}'),
      headers: { authorization, 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    const { detail } = await expectProblem(reply, 415, 'unsupported_media_type');
    expect(detail).toContain('uncompressed');
    const quoted = await fetch(`${url}/v1/platforms`, {
      method: 'POST',
      body: '{}',
      headers: { authorization, 'content-type': 'application/json; charset="UTF-8"', 'content-encoding': 'identity' },
    });
    await expectProblem(quoted, 400, 'invalid_request');
  });

  it('takes the request id and the trace of the client, and logs every refusal with its instance', async () => {
    const { url, lines, authorization } = await start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const given = await fetch(`${url}/v1/platforms`, {
      headers: { authorization, 'x-request-id': 'order-1', traceparent },
    });
    const problem = await expectProblem(given, 403, 'forbidden');
    expect([given.headers.get('x-request-id'), given.headers.get('traceparent')]).toEqual(['order-1', traceparent]);
    const line = await eventually('the line', () => lines.find((text) => text.includes('order-1')));
    expect(JSON.parse(line)).toMatchObject({
      event: 'http.request',
      level: 'info',
      request_id: 'order-1',
      operation: 'listPlatforms',
      route: '/v1/platforms',
      status: 403,
      code: 'forbidden',
      instance: problem['instance'],
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      caller: expect.stringMatching(/^operator:/),
      ms: expect.any(Number),
    });
    expect(line).not.toContain('stack');
    const bad = await fetch(`${url}/v1/nothing`, { headers: { 'x-request-id': 'a b\tc', traceparent: 'nonsense' } });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}-[0-9a-z]+$/);
    expect(bad.headers.get('traceparent')).toBeNull();
  });

  it('compresses large replies for those who accept it, and only those', async () => {
    const { url } = await start();
    const client = new Client(url);
    const get = async (encoding: string) => {
      const reply = await client.request({
        method: 'GET',
        path: '/openapi.json',
        headers: { 'accept-encoding': encoding },
      });
      return { encoding: reply.headers['content-encoding'], body: Buffer.from(await reply.body.arrayBuffer()) };
    };
    const plain = await get('identity');
    const zipped = await get('br, gzip');
    expect([plain.encoding, zipped.encoding]).toEqual([undefined, 'gzip']);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 4);
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    await client.close();
  });

  it('warns once of a proxy that is not trusted, and names the setting', async () => {
    const { url, lines } = await start();
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      await fetch(`${url}/health/live`, { headers: { 'x-forwarded-for': address } });
    }
    const warnings = lines.filter((line) => line.includes('proxy.not_trusted'));
    expect(warnings).toHaveLength(1);
    expect(JSON.parse(warnings[0] as string)).toMatchObject({
      level: 'warn',
      peer: '127.0.0.1',
      setting: 'TRUSTED_PROXIES',
    });
  });

  it('keeps a client without credentials from filling the log', async () => {
    const { url, lines } = await start();
    await Promise.all(Array.from({ length: 150 }, () => fetch(`${url}/v1/platforms`).then((reply) => reply.text())));
    await eventually('all are counted', () => {
      const summed = lines
        .filter((line) => line.includes('http.refused_unauthenticated'))
        .reduce((sum, line) => sum + (JSON.parse(line) as { count: number }).count, 0);
      const single = lines.filter((line) => line.includes('"http.request"')).length;
      return summed + single === 150 && single < 100;
    });
    expect(lines.find((line) => line.includes('http.refused_unauthenticated'))).toContain('127.0.0.1');
  });

  it('keeps the connection of a client whose body says nothing', async () => {
    const { url, authorization } = await start();
    const client = new Client(url);
    let connections = 0;
    client.on('connect', () => (connections += 1));
    const post = (body: string, type: string) =>
      client.request({
        method: 'POST',
        path: '/v1/platforms',
        headers: { authorization, 'content-type': type },
        body,
      });
    for (const [body, type, status] of [
      ['{"a":', 'application/json', 400],
      ['a=1', 'application/x-www-form-urlencoded', 415],
      ['{}', 'application/json', 400],
    ] as const) {
      const answer = await post(body, type);
      expect(answer.statusCode).toBe(status);
      await answer.body.dump();
    }
    expect(connections).toBe(1);
    await client.close();
  });

  it('names every wrong field of a body', async () => {
    const { url, authorization } = await start();
    const reply = await fetch(`${url}/v1/platforms`, {
      method: 'POST',
      body: JSON.stringify({ component_appid: '../etc', name: 'n\u0000', encoding_aes_key: 'short', extra: 1 }),
      headers: { authorization, 'content-type': 'application/json' },
    });
    const { errors } = await expectProblem(reply, 400, 'invalid_request');
    expect((errors as { in: string; path: string }[]).map(({ in: place, path }) => `${place} ${path}`).sort()).toEqual([
      'body component_appid',
      'body component_appsecret',
      'body encoding_aes_key',
      'body extra',
      'body name',
      'body token',
    ]);
  });

  it('answers unknown paths and methods, and broken addresses', async () => {
    const { url, authorization } = await start();
    await expectProblem(await fetch(`${url}/v1/nothing`), 404, 'not_found');
    const wrongMethod = await fetch(`${url}/v1/platforms`, { method: 'DELETE', headers: { authorization } });
    await expectProblem(wrongMethod, 405, 'method_not_allowed');
    expect(wrongMethod.headers.get('allow')).toBe('POST, GET');
    await expectProblem(await fetch(`${url}/v1/platforms/%zz`, { headers: { authorization } }), 400, 'invalid_request');
    await expectProblem(await fetch(`${url}/v1/platforms/${'a'.repeat(3000)}`), 414, 'uri_too_long');
  });

  it('cuts a client that asks and does not read, and none that reads slowly or asks for nothing', async () => {
    const timeouts = { headersMs: 30_000, requestMs: 30_000, checkMs: 20, answerMs: 500 };
    const { url, app } = await start(undefined, { timeouts });
    const { port } = new URL(url);
    const server = app.getHttpServer();
    // More than the buffers of both ends of a connection take.
    const many = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: hub\r\n\r\n'.repeat(40);
    const open = () => connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => undefined);
    const connections = () =>
      new Promise<number>((resolve, reject) =>
        server.getConnections((error: Error | null, count: number) => (error ? reject(error) : resolve(count))),
      );
    const idle = open();
    const slow = open();
    const deaf = open();
    await eventually('three connections', async () => (await connections()) === 3);
    deaf.pause().write(many);
    let read = 0;
    slow.on('data', (chunk: Buffer) => {
      read += chunk.length;
      slow.pause();
      setTimeout(() => slow.resume(), 5);
    });
    slow.write(many.slice(0, many.length / 20));
    await eventually('the end of the deaf one', async () => (await connections()) === 2);
    const before = read;
    await eventually('more for the slow one', () => read > before || slow.readableLength === 0);
    expect([idle.destroyed, slow.destroyed]).toEqual([false, false]);
    for (const socket of [idle, slow, deaf]) socket.destroy();
  });

  it('takes a limited number of connections', async () => {
    const { url } = await start(undefined, { maxConnections: 2 });
    const { port } = new URL(url);
    const open = async () => {
      const socket = connect({ host: '127.0.0.1', port: Number(port) });
      await new Promise((resolve) => socket.once('connect', resolve));
      return socket;
    };
    const held = [await open(), await open()];
    const refused = await open();
    await new Promise((resolve) => refused.on('error', () => undefined).once('close', resolve));
    held[0]?.destroy();
    await eventually(
      'room for another',
      async () => (await fetch(`${url}/openapi.json`).catch(() => null))?.status === 200,
    );
    held[1]?.destroy();
  });

  it('ends the connections of those who take too long, and of nobody else', async () => {
    const timeouts = { headersMs: 300, requestMs: 600, checkMs: 50, answerMs: 30_000 };
    const { url, authorization, lines } = await start(undefined, { timeouts });
    const line = `Authorization: ${authorization}\r\nContent-Type: application/json\r\n`;
    const whole = `POST /v1/platforms HTTP/1.1\r\nHost: hub\r\nContent-Length: 100\r\n${line}\r\n`;
    const slow = [
      // A head that never ends, though something always comes.
      ['GET /v1/platforms HTTP/1.1\r\n', ...Array.from({ length: 200 }, (_, at) => `X-${at}: a\r\n`)],
      // A body of a byte now and then.
      [whole, '{', ...' '.repeat(98)],
      [whole],
    ];
    const answers = await Promise.all(slow.map((pieces) => sendRaw(url, pieces, 'hold', 20)));
    for (const answer of answers) {
      expect(answer.statuses).toEqual([408]);
      expect(answer.text).toContain('"code":"request_timeout"');
    }
    expect((await fetch(`${url}/v1/nothing`)).status).toBe(404);
    expect(lines.filter((text) => text.includes('"level":"error"'))).toEqual([]);
  });

  it('says nothing about surprises but an id, which the log has too', async () => {
    const { url, lines } = await start();
    const { key } = await new ApiKeys(test.db, new SystemClock(), testLog().log).create(test.db, {
      platformId: null,
      name: 'op',
      scopes: ['authorizers:read'],
      createdBy: 't',
    });
    // The services of this spec have no accounts.list: a TypeError.
    const reply = await fetch(`${url}/v1/platforms`, { headers: { authorization: `Bearer ${key.reveal()}` } });
    const problem = await expectProblem(reply, 500, 'internal');
    expect(Object.keys(problem).sort()).toEqual(['code', 'instance', 'status', 'title', 'type']);
    expect(
      lines.filter((line) => line.includes(problem['instance'] as string) && line.includes('TypeError')),
    ).toHaveLength(1);
    expect(lines.join()).not.toContain(key.reveal());
  });

  it('shows the documentation without foreign assets or inline scripts', async () => {
    const { url } = await start();
    const docs = await fetch(`${url}/docs`);
    const html = await docs.text();
    expect(docs.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(html).not.toMatch(/https?:/);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const asset = await fetch(url + path);
      expect([path, asset.status]).toEqual([path, 200]);
      expect((await asset.text()).length).toBeGreaterThan(100);
    }
    expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' });
    const landing = await fetch(url);
    expect(landing.headers.get('content-type')).toContain('text/html');
    for (const { headers } of [docs, landing]) {
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});
