import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, ClockCheck, SystemClock, onAbort, traced } from '#libs/kernel';
import { Pool } from 'undici';
import {
  type CallContext,
  type CallGate,
  type CallInfo,
  type CallOutcome,
  type CallRequest,
  revealed,
} from './call.ts';
import { WechatApiError, WechatError, WechatProtocolError, WechatTransportError } from './errors.ts';
import { ExchangeFailure, type ExchangeReply, exchange } from './exchange.ts';
import { Lanes } from './lanes.ts';
import { type JsonReply, type ReplySchema, errorOf, looksLikeSuccess, readJson } from './reading.ts';
import { retryDecision } from './retry.ts';

/** How the transport reaches WeChat. The first three come from the settings. */
export class WechatOptions {
  /** for instance `https://api.weixin.qq.com`; a path in it is put before every call's path */
  baseUrl = 'https://api.weixin.qq.com';
  /** for one call with all its attempts, once it has a slot */
  timeoutMs = 5000;
  /** calls in flight, and connections */
  maxConcurrency = 64;
  /** a longer reply is an error; 1 MiB by default */
  maxResponseBytes?: number;
  /** see `LanesOptions.laneShare` */
  laneShare?: number;
  /** how long an idle connection is kept when the server names no time; 10 s by default */
  keepAliveMs?: number;
  /** in [0, 1), for the jitter of pauses */
  random?: () => number;
}

const POST_HEADERS = ['content-type', 'application/json; charset=utf-8', 'accept', 'application/json'];
const GET_HEADERS = ['accept', 'application/json'];

/**
 * The way to WeChat: kept connections, a bounded number of calls in flight shared fairly between platforms, one deadline
 * per call, a limit on replies, and errors that say what happened without ever naming a secret.
 */
@Injectable()
export class WechatTransport implements OnApplicationShutdown {
  readonly lanes: Lanes;
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  /** Compares WeChat's clock with ours. */
  readonly #clockCheck: ClockCheck | undefined;
  readonly #random: () => number;
  #gate: CallGate | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: WechatOptions, clock: Clock = new SystemClock(), clockCheck?: ClockCheck) {
    this.#clockCheck = clockCheck;
    const base = new URL(options.baseUrl);
    this.#prefix = base.pathname.replace(/\/+$/, '');
    this.#timeoutMs = options.timeoutMs;
    this.#maxBytes = options.maxResponseBytes ?? 1024 * 1024;
    this.#clock = clock;
    this.#random = options.random ?? Math.random;
    this.lanes = new Lanes({
      slots: options.maxConcurrency,
      ...(options.laneShare === undefined ? {} : { laneShare: options.laneShare }),
    });
    this.#pool = new Pool(base.origin, {
      connections: options.maxConcurrency,
      // One request per connection at a time: with pipelining a slow answer would hold up those behind it.
      pipelining: 1,
      keepAliveTimeout: options.keepAliveMs ?? 10_000,
      connect: { timeout: options.timeoutMs },
    });
  }

  /** Every call passes `gate` from now on. Without one all calls are sent. */
  guardWith(gate: CallGate): void {
    this.#gate = gate;
  }

  /**
   * Sends a call and returns its success, parsed and checked. Rejects with a `WechatError`, or with what the gate throws.
   */
  json<T>(request: CallRequest, context: CallContext, schema: ReplySchema<T>): Promise<JsonReply<T>> {
    return this.#call(request, context, (reply) => readJson(request, reply, schema));
  }

  /**
   * Like `json`, but returns the bytes as they came. A body that begins like a success of `/wxa/*` and ends like an object
   * is not parsed: who compares its digest with that of a body parsed before need not, and who needs its content does it
   * then.
   */
  bytes(request: CallRequest, context: CallContext): Promise<Buffer> {
    return this.#call(request, context, (reply) => {
      if (reply.status !== 200 || !looksLikeSuccess(reply.body)) readJson(request, reply);
      return reply.body;
    });
  }

  /** Waits for the calls in flight and closes the connections; later calls are refused. */
  close(): Promise<void> {
    return (this.#closing ??= this.#pool.close());
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  #call<T>(request: CallRequest, context: CallContext, read: (reply: ExchangeReply) => T): Promise<T> {
    return traced(
      `${request.method} ${request.path}`,
      'client',
      () => ({
        'wechat.path': request.path,
        'wechat.component_appid': context.componentAppid,
        ...(context.authorizerAppid === undefined ? {} : { 'wechat.authorizer_appid': context.authorizerAppid }),
      }),
      () => this.#send(request, context, read),
    );
  }

  async #send<T>(request: CallRequest, context: CallContext, read: (reply: ExchangeReply) => T): Promise<T> {
    const { componentAppid, authorizerAppid, priority, signal } = context;
    const info: CallInfo = { componentAppid, path: request.path, priority };
    if (authorizerAppid !== undefined) info.authorizerAppid = authorizerAppid;
    const sent = {
      path: this.#urlOf(request),
      method: request.method,
      headers: request.method === 'POST' ? POST_HEADERS : GET_HEADERS,
      body: bodyOf(request),
      timeoutMs: this.#timeoutMs,
      maxBytes: this.#maxBytes,
      signal,
    };
    let deadline: number | undefined;
    let delayMs: number;
    for (let attempt = 1; ; attempt += 1) {
      const wait = this.lanes.acquire(componentAppid, priority, signal);
      if (wait) await wait.catch((cause: unknown) => giveUp(request.path, cause));
      try {
        const started = this.#clock.monotonicMs();
        // Waiting for a slot is not WeChat's time: the deadline starts with the first attempt.
        deadline ??= started + this.#timeoutMs;
        if (attempt > 1) sent.timeoutMs = Math.max(1, Math.ceil(deadline - started));
        return await this.#attempt(request, info, sent, started, read);
      } catch (error) {
        if (!(error instanceof WechatError) || deadline === undefined) throw error;
        const decision = retryDecision(error, attempt, { idempotent: request.idempotent, random: this.#random });
        if (!decision.retry || this.#clock.monotonicMs() + decision.delayMs >= deadline) throw error;
        delayMs = decision.delayMs;
      } finally {
        // Not held during the pause: somebody else can use it.
        this.lanes.release(componentAppid);
      }
      await pause(delayMs, signal).catch((cause: unknown) => giveUp(request.path, cause));
    }
  }

  async #attempt<T>(
    request: CallRequest,
    info: CallInfo,
    sent: Parameters<typeof exchange>[1],
    started: number,
    read: (reply: ExchangeReply) => T,
  ): Promise<T> {
    const gate = this.#gate;
    gate?.before(info);
    let result: T;
    try {
      const reply = await exchange(this.#pool, sent);
      if (reply.date !== undefined && this.#clockCheck?.wantsWechat) {
        this.#clockCheck.sawWechat(reply.date, this.#clock.monotonicMs() - started);
      }
      result = read(reply);
    } catch (raised) {
      const error = raised instanceof ExchangeFailure ? errorOf(request, raised) : raised;
      if (error instanceof WechatError) gate?.after(info, failureOutcome(error, this.#clock.monotonicMs() - started));
      throw error;
    }
    gate?.after(info, { kind: 'ok', durationMs: this.#clock.monotonicMs() - started });
    return result;
  }

  #urlOf({ path, token }: CallRequest): string {
    if (!token) return this.#prefix + path;
    return `${this.#prefix}${path}?${token.parameter}=${encodeURIComponent(revealed(token.value))}`;
  }
}

function bodyOf({ method, body }: CallRequest): string | Buffer | null {
  if (method === 'GET') return null;
  // JSON.stringify leaves text as UTF-8; WeChat refuses escapes of it (47002).
  return Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {});
}

function failureOutcome(error: WechatError, durationMs: number): CallOutcome {
  if (error instanceof WechatApiError) {
    return { kind: 'api_error', errcode: error.errcode, reaction: error.reaction, durationMs };
  }
  if (error instanceof WechatTransportError) {
    return { kind: 'transport_error', reason: error.reason, mayHaveTakenEffect: error.mayHaveTakenEffect, durationMs };
  }
  if (error instanceof WechatProtocolError) {
    return { kind: 'protocol_error', reason: error.reason, status: error.status, durationMs };
  }
  throw error;
}

function giveUp(path: string, cause: unknown): never {
  throw new WechatTransportError(path, { reason: 'aborted', sent: false, detail: 'the caller gave up waiting', cause });
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new Error('aborted'));
      return;
    }
    const timer = setTimeout(() => {
      forgetAbort?.();
      resolve();
    }, delayMs);
    const forgetAbort =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(new Error('aborted'));
      });
  });
}
