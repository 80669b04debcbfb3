import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
  atMs: number;
}

type Answer = number | { status: number; body?: string; headers?: Record<string, string> } | 'hang';

/** A receiver of webhooks on loopback, with answers as the spec wants them. */
export class Receiver {
  readonly received: Received[] = [];
  connections = 0;
  answer: (request: Received, no: number) => Answer | Promise<Answer> = () => 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('connection', () => (receiver.connections += 1));
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        void (async () => {
          const received = {
            headers: request.headers,
            body: Buffer.concat(parts).toString('utf8'),
            path: request.url ?? '',
            atMs: performance.now(),
          };
          receiver.received.push(received);
          const answer = await receiver.answer(received, receiver.received.length);
          if (answer === 'hang') return;
          const { status, body = '', headers = {} } = typeof answer === 'number' ? { status: answer } : answer;
          response.writeHead(status, headers).end(body);
        })();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  get bodies(): {
    id: string;
    type: string;
    sequence: number;
    data: Record<string, unknown>;
    authorizer_appid: string | null;
  }[] {
    return this.received.map(({ body }) => JSON.parse(body) as never);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
