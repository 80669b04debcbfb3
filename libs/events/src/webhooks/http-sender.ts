import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, request } from 'undici';
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

/** What came of one POST. Losing is an outcome, not an exception. */
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

interface Peer {
  address: string | null;
  certificateExpiresAt: Date | null;
}

/** POSTs to receivers that users name: judged addresses only, no redirects, bounded time and size. */
@Injectable()
export class HttpSender implements OnApplicationShutdown {
  private readonly agent: Agent;
  /** By origin: who answered last. */
  private readonly peers = new Map<string, Peer>();

  constructor(
    private readonly policy: TargetPolicy,
    private readonly options: EventsOptions,
  ) {
    const connectors = new Map(
      ['http:', 'https:'].map((protocol) => [
        protocol,
        buildConnector({ timeout: 5000, lookup: policy.lookupFor(protocol), maxCachedSessions: 100 }),
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

  async post({ url, headers, body, timeoutMs, keepBytes, signal }: SendRequest): Promise<SendResult> {
    const startedMs = performance.now();
    const timeout = AbortSignal.timeout(timeoutMs);
    let origin = '';
    const outcome = (part: Partial<SendResult>): SendResult => {
      const peer = this.peers.get(origin);
      return {
        status: null,
        error: null,
        detail: null,
        durationMs: Math.round(performance.now() - startedMs),
        body: Buffer.alloc(0),
        isCut: false,
        contentType: null,
        retryAfterSeconds: null,
        address: peer?.address ?? null,
        certificateExpiresAt: peer?.certificateExpiresAt ?? null,
        ...part,
      };
    };
    try {
      // Again at each attempt: a literal never reaches the lookup of the connection.
      const target = this.policy.parse(url);
      origin = target.origin;
      const answer = await request(target, {
        method: 'POST',
        headers,
        body,
        dispatcher: this.agent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      });
      const kept = await readUpTo(answer.body, keepBytes);
      return outcome({
        status: answer.statusCode,
        ...kept,
        contentType: one(answer.headers['content-type']),
        retryAfterSeconds: retryAfterOf(one(answer.headers['retry-after'])),
      });
    } catch (error) {
      return outcome({ ...failureOf(error, timeout.aborted, signal?.aborted ?? false) });
    }
  }

  private remember(origin: string, peer: Peer): void {
    if (this.peers.size >= this.options.rememberedReceivers) this.peers.clear();
    this.peers.set(origin, peer);
  }
}

async function readUpTo(stream: AsyncIterable<Buffer> & { destroy(): unknown }, keepBytes: number) {
  const parts: Buffer[] = [];
  let read = 0;
  for await (const chunk of stream) {
    if (read < keepBytes) parts.push(chunk.subarray(0, keepBytes - read));
    read += chunk.length;
    if (read > Math.max(READ_BYTES, keepBytes)) break; // leaving the loop destroys the stream
  }
  return { body: Buffer.concat(parts), isCut: read > keepBytes };
}

function failureOf(error: unknown, timedOut: boolean, aborted: boolean): Pick<SendResult, 'error' | 'detail'> {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (error instanceof TargetRefused) return { error: 'refused_address', detail: message };
  if (aborted && !timedOut) return { error: 'aborted', detail: 'the hub stops' };
  if (timedOut || /TIMEOUT|TIMEDOUT/.test(code)) return { error: 'timeout', detail: 'no answer in time' };
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
