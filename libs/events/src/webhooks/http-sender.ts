import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { TargetPolicy, TargetRefused } from './target-policy.ts';
import { EventsOptions } from '../events-options.ts';

export interface SendRequest {
  url: string;
  headers: Record<string, string>;
  body: string | Buffer;
  timeoutMs: number;
  /** Bytes of the answer that are kept. */
  keepBytes: number;
  signal?: AbortSignal;
}

/** What came of one request. Losing is an outcome, not an exception. */
export interface SendResult {
  /** Null: no answer. */
  status: number | null;
  /** Null: there was an answer. `refused_address`, `timeout`, `tls`, `connection`, `aborted`. */
  error: 'refused_address' | 'timeout' | 'tls' | 'connection' | 'aborted' | null;
  /** In words, without anything of the body. */
  detail: string | null;
  durationMs: number;
  /** The first bytes of the answer. */
  body: Buffer;
  /** Whether the answer was longer. */
  isCut: boolean;
  contentType: string | null;
  retryAfterSeconds: number | null;
  /** Address that was connected to; null when none was. */
  address: string | null;
  /** When the certificate of the receiver expires. */
  certificateExpiresAt: Date | null;
}

/** An answer that goes on after this many bytes is not read to its end; its connection is closed. */
const READ_BYTES = 64 * 1024;

const NOTHING = Buffer.alloc(0);

interface Target {
  origin: string;
  path: string;
}

interface Peer {
  address: string | null;
  certificateExpiresAt: Date | null;
}

/** Requests to servers that users name: judged addresses only, no redirects, bounded time and size. */
@Injectable()
export class HttpSender implements OnApplicationShutdown {
  private readonly agent: Agent;
  /** By origin: who answered last. */
  private readonly peers = new Map<string, Peer>();
  /** By URL: those that the policy has not refused. */
  private readonly targets = new Map<string, Target>();
  private readonly stops = new WeakMap<AbortSignal, Set<() => void>>();

  constructor(
    private readonly policy: TargetPolicy,
    private readonly options: EventsOptions,
  ) {
    const connectors = new Map(
      ['http:', 'https:'].map((protocol) => [
        protocol,
        buildConnector({
          timeout: 5000,
          lookup: policy.lookupFor(protocol),
          maxCachedSessions: 100,
          ...(options.authorities ? { ca: [...options.authorities] } : {}),
        }),
      ]),
    );
    this.agent = new Agent({
      connections: options.connectionsPerReceiver,
      pipelining: 1,
      keepAliveTimeout: 10_000,
      connect: (target, callback) => {
        const connector = connectors.get(target.protocol);
        if (!connector) return callback(new TargetRefused('must begin with https://'), null);
        // In the type of undici it returns nothing.
        connector(target, (...[error, socket]: [Error | null, unknown]) => {
          if (error) return callback(error, null);
          const connected = socket as import('node:tls').TLSSocket;
          const validTo = target.protocol === 'https:' ? connected.getPeerCertificate().valid_to : undefined;
          this.remember(`${target.protocol}//${target.host ?? target.hostname}`, {
            address: connected.remoteAddress ?? null,
            certificateExpiresAt: validTo === undefined ? null : new Date(validTo),
          });
          callback(null, connected);
        });
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  /** One request from a pool of kept connections of the receiver. Resolves in `timeoutMs` at the latest, also while it waits for one. */
  post(request: SendRequest): Promise<SendResult> {
    return this.send('POST', request);
  }

  /** The same for what a receiver has at a URL. */
  get(request: Omit<SendRequest, 'body'>): Promise<SendResult> {
    return this.send('GET', { ...request, body: null });
  }

  private send(
    method: 'GET' | 'POST',
    { url, headers, body, timeoutMs, keepBytes, signal }: Omit<SendRequest, 'body'> & { body: string | Buffer | null },
  ): Promise<SendResult> {
    const startedMs = performance.now();
    return new Promise((resolve) => {
      let origin = '';
      const exchange = new Exchange(keepBytes, (part) => {
        clearTimeout(timer);
        stops?.delete(stop);
        const peer = this.peers.get(origin);
        resolve({
          status: null,
          error: null,
          detail: null,
          durationMs: Math.round(performance.now() - startedMs),
          body: NOTHING,
          isCut: false,
          contentType: null,
          retryAfterSeconds: null,
          address: peer?.address ?? null,
          certificateExpiresAt: peer?.certificateExpiresAt ?? null,
          ...part,
        });
      });
      const timer = setTimeout(() => exchange.end({ error: 'timeout', detail: 'no answer in time' }), timeoutMs);
      const stop = () => exchange.end({ error: 'aborted', detail: 'the hub stops' });
      const stops = signal && this.stopsOf(signal);
      stops?.add(stop);
      if (signal?.aborted) return stop();
      try {
        // Again at each attempt: a literal never reaches the lookup of the connection.
        const target = this.targetOf(url);
        origin = target.origin;
        this.agent.dispatch({ ...target, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, exchange);
      } catch (error) {
        exchange.end(failureOf(error));
      }
    });
  }

  /**
   * Where a URL leads. What the policy says of its text is the same for the life of the process; the addresses of a name are
   * judged at each connection.
   * @throws TargetRefused
   */
  private targetOf(url: string): Target {
    let target = this.targets.get(url);
    if (!target) {
      const { origin, pathname, search } = this.policy.parse(url);
      target = { origin, path: pathname + search };
      if (this.targets.size >= this.options.rememberedReceivers) this.targets.clear();
      this.targets.set(url, target);
    }
    return target;
  }

  /** What ends with a signal: one listener for all requests, since a listener for each costs as much as sending it. */
  private stopsOf(signal: AbortSignal): Set<() => void> {
    let stops = this.stops.get(signal);
    if (!stops) {
      const made = new Set<() => void>();
      signal.addEventListener('abort', () => [...made].forEach((stop) => stop()), { once: true });
      this.stops.set(signal, (stops = made));
    }
    return stops;
  }

  private remember(origin: string, peer: Peer): void {
    if (this.peers.size >= this.options.rememberedReceivers) this.peers.clear();
    this.peers.set(origin, peer);
  }
}

/** A request and what came of it, told once. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private isEnded = false;
  private answer: Pick<SendResult, 'status' | 'contentType' | 'retryAfterSeconds'> | undefined;
  private readonly parts: Buffer[] = [];
  private read = 0;

  constructor(
    private readonly keepBytes: number,
    private readonly told: (outcome: Partial<SendResult>) => void,
  ) {}

  /** Closes the connection of what has not come to its end. */
  end(outcome: Partial<SendResult>): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.controller?.abort(new Error('ended'));
    this.told(outcome);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isEnded) controller.abort(new Error('ended')); // while it waited for a connection
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return; // the answer is still to come
    this.answer = {
      status,
      contentType: one(headers['content-type']),
      retryAfterSeconds: retryAfterOf(one(headers['retry-after'])),
    };
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    if (this.read < this.keepBytes) this.parts.push(chunk.subarray(0, this.keepBytes - this.read));
    this.read += chunk.length;
    if (this.read > Math.max(READ_BYTES, this.keepBytes)) this.end(this.whole());
  }

  onResponseEnd(): void {
    this.controller = undefined;
    this.end(this.whole());
  }

  onResponseError(_: unknown, error: Error): void {
    this.controller = undefined;
    this.end(failureOf(error));
  }

  private whole(): Partial<SendResult> {
    const body = this.parts.length === 0 ? NOTHING : Buffer.concat(this.parts);
    return { ...this.answer, body, isCut: this.read > this.keepBytes };
  }
}

function failureOf(error: unknown): Pick<SendResult, 'error' | 'detail'> {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (error instanceof TargetRefused) return { error: 'refused_address', detail: message };
  if (/TIMEOUT|TIMEDOUT/.test(code)) return { error: 'timeout', detail: 'no answer in time' };
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return { error: 'tls', detail: code };
  return { error: 'connection', detail: code === '' ? 'connection failed' : code };
}

function one(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/** Seconds, or a date. */
function retryAfterOf(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.round((at - Date.now()) / 1000));
}
