import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** which connection it came on, from 1 */
  connection: number;
}

export type Answer = (request: Seen, response: ServerResponse) => void;

/** A JSON answer with status 200. */
export const json =
  (body: unknown): Answer =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json; encoding=utf-8');
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const page =
  (status: number, body: string): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end(body);
  };

/** Announces more than it sends, then drops the connection. */
export const half =
  (body: string): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': String(Buffer.byteLength(body) + 100) });
    response.write(body, () => response.socket?.destroy());
  };

/** Drops the connection instead of answering. */
export const drop: Answer = (_request, response) => {
  response.socket?.resetAndDestroy();
};

/** Bytes that are no HTTP. */
export const rubbish =
  (bytes: string): Answer =>
  (_request, response) => {
    response.socket?.end(bytes);
  };

export const silence: Answer = () => undefined;

/**
 * A server that gives its answers in the order of the script, the last one again and again. Answers may keep the response
 * and finish it later, so that specs decide the order of events instead of timing them.
 */
export class ScriptedServer {
  readonly seen: Seen[] = [];
  script: Answer[] = [];
  readonly #server: Server;
  #connections = 0;
  #waiting: (() => void)[] = [];

  private constructor() {
    const ids = new WeakMap<object, number>();
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        const seen = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          connection: ids.get(request.socket) ?? 0,
        };
        this.seen.push(seen);
        const answer = this.script.length > 1 ? this.script.shift() : this.script[0];
        answer?.(seen, response);
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
    this.#server.on('connection', (socket) => ids.set(socket, (this.#connections += 1)));
  }

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    await new Promise<void>((resolve) => scripted.#server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when this many requests have come in all. */
  async requests(count: number): Promise<void> {
    while (this.seen.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Ends idle connections as a server does whose keep-alive time has passed. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
