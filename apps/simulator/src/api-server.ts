import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CallFaultEffect } from './call-faults.ts';
import { Call } from './call.ts';
import type { Answer, Endpoint } from './endpoint.ts';
import { assertAllowedAddress } from './ip-whitelist.ts';
import { newRid, Refusal, refusalBody } from './refusal.ts';
import { ENDPOINTS } from './routes/index.ts';
import { principalOf } from './tokens.ts';
import type { World } from './world.ts';

/** What will be sent, and how the log remembers it. */
interface Outcome {
  readonly body: string;
  readonly errcode: number;
}

const JSON_TYPE = 'application/json; encoding=utf-8';
const GATEWAY_PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>';

/** Answers calls of WeChat's API: who is calling, injected faults, the endpoint's own rules, always HTTP 200. */
export class ApiServer {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Answers one request whose body has been read. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    { path, query, body, via }: { path: string; query: string; body: string; via: string },
  ): void {
    const world = this.#world;
    const ip = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const call = new Call(request.method ?? 'GET', path, query, body, ip, request.headers, via);
    const startedAt = performance.now();
    world.log.inFlight += 1;
    if (world.log.inFlight > world.log.peakInFlight) world.log.peakInFlight = world.log.inFlight;
    const endpoint = ENDPOINTS.get(path);
    const refusal = this.#identify(call, endpoint);
    const fault = this.#faultOf(call, endpoint);
    if (fault === null && world.latencyMs === 0 && world.beforeEffect.size === 0 && world.beforeReply.size === 0) {
      const outcome = this.#effect(call, endpoint, refusal, startedAt);
      send(response, outcome.body);
      this.#log(call, startedAt, outcome.errcode, null);
      return;
    }
    void this.#serveSlowly(call, endpoint, refusal, fault, response, startedAt);
  }

  async #serveSlowly(
    call: Call,
    endpoint: Endpoint | undefined,
    refusal: Refusal | null,
    fault: CallFaultEffect | null,
    response: ServerResponse,
    startedAt: number,
  ): Promise<void> {
    const world = this.#world;
    let errcode: number | null = null;
    try {
      for (const hook of world.beforeEffect) await hook(call);
      // A hook may have held the call for long; the token is judged as of now.
      const current = world.beforeEffect.size > 0 ? this.#identify(call, endpoint) : refusal;
      errcode = await this.#answerWith(
        fault,
        call,
        response,
        async () => {
          const outcome = this.#effect(call, endpoint, current, startedAt);
          for (const hook of world.beforeReply) await hook(call);
          return outcome;
        },
        startedAt,
      );
    } catch (error) {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String((error as Error).stack));
    } finally {
      this.#log(call, startedAt, errcode, fault?.kind ?? null);
    }
  }

  /** Lets the fault happen around `effect`; gives the errcode that was answered, null for none. */
  async #answerWith(
    fault: CallFaultEffect | null,
    call: Call,
    response: ServerResponse,
    effect: () => Promise<Outcome>,
    startedAt: number,
  ): Promise<number | null> {
    const delay = this.#world.latencyMs + (fault?.delayMs ?? (fault?.kind === 'slow' ? 1_000 : 0));
    switch (fault?.kind) {
      case 'hang':
        return null;
      case 'reset':
        await pause(delay);
        abort(response);
        return null;
      case 'errcode': {
        await pause(delay);
        const outcome = this.#refuse(call, new Refusal(fault.errcode ?? -1), startedAt);
        send(response, outcome.body);
        return outcome.errcode;
      }
      case 'html':
      case 'notJson': {
        await pause(delay);
        const isHtml = fault.kind === 'html';
        response.writeHead(fault.status ?? (isHtml ? 502 : 200), { 'content-type': isHtml ? 'text/html' : JSON_TYPE });
        response.end(
          isHtml
            ? GATEWAY_PAGE
            : '{"errcode":0,"errmsg":"ok","mp_domain":{"requestdomain":["https://a.example.com"]初始值',
        );
        return null;
      }
      case 'replyLostAfterEffect':
        await effect();
        await pause(delay);
        abort(response);
        return null;
      case 'halfBody': {
        const { body } = await effect();
        await pause(delay);
        const bytes = Buffer.from(body);
        response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': bytes.length });
        response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => abort(response));
        return null;
      }
      case 'repliedTwice': {
        const outcome = await effect();
        await pause(delay);
        sendTwice(response, outcome.body);
        return outcome.errcode;
      }
      case 'altered': {
        const outcome = await effect();
        await pause(delay);
        send(
          response,
          (fault.replace ?? []).reduce((body, [from, to]) => body.replace(from, () => to), outcome.body),
        );
        return outcome.errcode;
      }
      case 'doneTwice':
      case 'slow':
      case undefined: {
        if (fault?.kind === 'doneTwice') await effect();
        const outcome = await effect();
        await pause(delay);
        send(response, outcome.body);
        return outcome.errcode;
      }
    }
  }

  /** Finds out who is calling; what speaks against the call is given back, so that faults come first. */
  #identify(call: Call, endpoint: Endpoint | undefined): Refusal | null {
    if (endpoint === undefined) return new Refusal(40066);
    if (call.method !== endpoint.method) return new Refusal(endpoint.method === 'POST' ? 43002 : 43001);
    if (endpoint.token === 'none') return null;
    try {
      const principal = principalOf(this.#world, call, endpoint.token);
      call.principal = principal;
      assertAllowedAddress(principal.platform, call.ip);
      if (endpoint.permissionSets === undefined || principal.kind === 'component') return null;
      const { permissionSets } = principal.grant;
      return endpoint.permissionSets.some((id) => permissionSets.includes(id)) ? null : new Refusal(61007);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  #faultOf(call: Call, endpoint: Endpoint | undefined): CallFaultEffect | null {
    const world = this.#world;
    if (endpoint !== undefined && call.authorizerAppid.startsWith('wx-')) {
      const subject = {
        path: call.path,
        authorizerAppid: call.authorizerAppid,
        onBehalf: call.claims?.kind === 'authorizer',
      };
      const fault = world.sentinels.take(subject);
      if (fault !== null) return fault;
    }
    return world.faults.rules.length === 0 ? null : world.faults.take(call);
  }

  #effect(call: Call, endpoint: Endpoint | undefined, refusal: Refusal | null, startedAt: number): Outcome {
    const world = this.#world;
    try {
      if (refusal !== null || endpoint === undefined) throw refusal ?? new Refusal(40066);
      const subject = call.principal?.kind === 'authorizer' ? call.principal.appid : call.componentAppid;
      world.quotas.spend(call.path, subject, call.principal?.kind !== 'authorizer', world.clock.nowMs());
      return { body: this.#text(endpoint.answer(call, world)), errcode: 0 };
    } catch (error) {
      if (error instanceof Refusal) return this.#refuse(call, error, startedAt);
      throw error;
    }
  }

  #refuse(call: Call, refusal: Refusal, startedAt: number): Outcome {
    const now = this.#world.clock.nowSeconds();
    const rid = newRid(now);
    const body = this.#text(refusalBody(refusal, rid));
    this.#world.failures.add(rid, {
      componentAppid: call.componentAppid,
      request: {
        invoke_time: now,
        cost_in_ms: Math.round(performance.now() - startedAt),
        request_url: call.path,
        request_body: call.body,
        response_body: body,
        client_ip: call.ip,
      },
    });
    return { body, errcode: refusal.errcode };
  }

  #text(answer: Answer): string {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return this.#world.quirks.escapeSlashes ? body.replaceAll('/', '\\/') : body;
  }

  #log(call: Call, startedAt: number, errcode: number | null, fault: string | null): void {
    const { log, clock } = this.#world;
    log.inFlight -= 1;
    log.record({
      at: clock.nowMs(),
      method: call.method,
      path: call.path,
      componentAppid: call.componentAppid,
      authorizerAppid: call.authorizerAppid,
      via: call.via,
      errcode,
      fault,
      ms: performance.now() - startedAt,
    });
  }
}

function send(response: ServerResponse, body: string): void {
  if (response.destroyed) return;
  response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** In one piece, so that the client has not sent anything on this connection in between. */
function sendTwice(response: ServerResponse, body: string): void {
  const { socket } = response;
  if (socket === null) return;
  socket.cork();
  send(response, body);
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  socket.uncork();
}

function abort(response: ServerResponse): void {
  const socket = response.socket;
  if (socket === null) return;
  socket.resetAndDestroy();
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
