import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

export interface HttpAnswer {
  status: number;
  /** As it came: one in chunks with their heads. */
  body: string;
}

/** The bytes of one HTTP/1.1 request on a kept connection. */
export function httpRequest(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | null = null,
): Buffer {
  const head = Object.entries({ host: '127.0.0.1', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const length = body === null && method === 'GET' ? '' : `content-length: ${Buffer.byteLength(body ?? '')}\r\n`;
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}${length}\r\n${body ?? ''}`);
}

/**
 * One kept connection that sends ready-made requests, one at a time. It costs a fraction of a general HTTP client, so
 * that on a small machine the figures are those of the server and not those of the client.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  private constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  static async open(url: string): Promise<HttpConnection> {
    const connection = new HttpConnection(Number(new URL(url).port));
    await new Promise<void>((resolve, reject) => {
      connection.socket.once('connect', resolve);
      connection.socket.once('error', reject);
    });
    return connection;
  }

  get broken(): boolean {
    return this.failure !== null;
  }

  send(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.failure ??= new Error('the connection was closed');
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headLength = this.received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.received.toString('latin1', 0, headLength);
    const end = this.endOf(head, headLength + HEAD_END.length);
    if (end === null || this.received.length < end) return;
    const body = this.received.toString('utf8', headLength + HEAD_END.length, end);
    this.received = this.received.subarray(end);
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  /** Where the answer ends in what has been received; null: not yet known. */
  private endOf(head: string, bodyFrom: number): number | null {
    const length = /content-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined) return bodyFrom + Number(length);
    if (/^HTTP\/1.1 (204|304)/.test(head)) return bodyFrom;
    if (!/transfer-encoding: *chunked/i.test(head)) {
      this.fail(new Error('an answer without Content-Length'));
      return null;
    }
    // Looked for from the end of the head on: an answer without any chunk begins with it.
    const last = this.received.indexOf(LAST_CHUNK, bodyFrom - 2);
    return last < 0 ? null : last + LAST_CHUNK.length;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(error);
  }
}
