import { onAbort } from '#libs/kernel';
import type { Dispatcher } from 'undici';

/** One HTTP answer, body included. */
export interface ExchangeReply {
  status: number;
  body: Buffer;
  /** The `Date` header; undefined when there is none, or when a cache kept the reply. */
  date?: string | undefined;
}

export type ExchangeFailureReason =
  'connect' | 'reset' | 'timeout' | 'aborted' | 'closed' | 'truncated' | 'too_large' | 'not_http';

/** Why there is no answer, what was known when it failed, and what came of the body. Never leaves this library. */
export class ExchangeFailure {
  readonly reason: ExchangeFailureReason;
  readonly sent: boolean;
  readonly status: number | null;
  readonly partial: Buffer;
  readonly cause: unknown;

  constructor(
    reason: ExchangeFailureReason,
    exchange: { sent: boolean; status: number; chunks: Buffer[] },
    cause: unknown,
  ) {
    this.reason = reason;
    this.sent = exchange.sent;
    this.status = exchange.status === 0 ? null : exchange.status;
    this.partial = Buffer.concat(exchange.chunks);
    this.cause = cause;
  }
}

export interface ExchangeOptions {
  path: string;
  method: 'GET' | 'POST';
  headers: string[];
  body: string | Buffer | null;
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

const NO_BODY = Buffer.alloc(0);

/**
 * One request on a pool, straight on undici's dispatch interface: no stream object per reply, one timer for the whole
 * exchange, the body collected with a limit. Rejects with `ExchangeFailure` only.
 */
export function exchange(pool: Dispatcher, options: ExchangeOptions): Promise<ExchangeReply> {
  return new Promise((resolve, reject) => {
    const handler = new Exchange(options, resolve, reject);
    if (handler.settled) return;
    // Undici's own timeouts start with the connection and have a resolution of a second; the timer here covers all.
    pool.dispatch(
      {
        path: options.path,
        method: options.method,
        headers: options.headers,
        body: options.body,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      handler,
    );
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  sent = false;
  status = 0;
  #date: string | undefined;
  readonly chunks: Buffer[] = [];
  settled = false;
  #bytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #options: ExchangeOptions;
  readonly #resolve: (reply: ExchangeReply) => void;
  readonly #reject: (failure: ExchangeFailure) => void;
  #forgetAbort: (() => void) | undefined;

  constructor(
    options: ExchangeOptions,
    resolve: (reply: ExchangeReply) => void,
    reject: (failure: ExchangeFailure) => void,
  ) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    // Timers run before sockets are read: a process that stood still for a while first reads what has come meanwhile. A
    // reply thrown away here is a refresh made twice.
    this.#timer = setTimeout(() => setImmediate(() => this.#fail('timeout', undefined)), options.timeoutMs);
    const { signal } = options;
    if (signal) {
      if (signal.aborted) {
        this.#fail('aborted', undefined);
        return;
      }
      this.#forgetAbort = onAbort(signal, () => this.#fail('aborted', undefined));
    }
  }

  /** Called when a connection is there and the request is written next: until now nothing has left this process. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.settled) controller.abort(new Error('given up'));
    else this.sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.status = status;
    if (headers['age'] === undefined && typeof headers['date'] === 'string') this.#date = headers['date'];
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxBytes) this.#fail('too_large', undefined);
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.settled) return;
    this.#settle();
    const { chunks } = this;
    this.#resolve({
      status: this.status,
      date: this.#date,
      body: chunks.length === 1 ? (chunks[0] as Buffer) : chunks.length === 0 ? NO_BODY : Buffer.concat(chunks),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.settled) return;
    this.#fail(this.#reasonOf(error), error);
  }

  #reasonOf(error: Error): ExchangeFailureReason {
    const code = (error as { code?: unknown }).code;
    if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return 'closed';
    if (!this.sent) return code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'connect';
    if (this.status !== 0) return 'truncated';
    return error.name === 'HTTPParserError' ? 'not_http' : 'reset';
  }

  #fail(reason: ExchangeFailureReason, cause: unknown): void {
    if (this.settled) return;
    this.#settle();
    this.#reject(new ExchangeFailure(reason, this, cause));
    // The connection is in the middle of something: it cannot be used again.
    this.#controller?.abort(new Error('given up'));
  }

  #settle(): void {
    this.settled = true;
    clearTimeout(this.#timer);
    this.#forgetAbort?.();
  }
}
