import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Log, Settings } from '#libs/kernel';
import { MetricsPage } from './metrics-page.ts';
import { Readiness } from './readiness.ts';

/** Connections of monitors; more than one each is rare. */
const MAX_CONNECTIONS = 100;

/** With METRICS_PORT: `/metrics` and the health checks on a listener of their own, which need not be reachable for clients. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly page: MetricsPage,
    private readonly readiness: Readiness,
    private readonly log: Log,
  ) {}

  /** The port it listens on; undefined without METRICS_PORT. */
  get port(): number | undefined {
    return (this.server?.address() as { port: number } | null | undefined)?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { metricsPort, host } = this.settings.http;
    if (metricsPort === null) return;
    const server = createServer((request, response) => void this.answer(request, response));
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(metricsPort, host, resolve);
    });
    this.server = server;
    this.log.info('metrics.listening', { port: this.port });
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0];
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
    try {
      if (path === '/metrics') return void send(200, this.page.contentType, await this.page.text());
      if (path === '/health/live') return void send(200, 'application/json', '{"status":"ok"}');
      if (path !== '/health/ready') return void send(404, 'text/plain', 'not found\n');
      const view = await this.readiness.view();
      send(view.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(view));
    } catch (error) {
      this.log.error('metrics.failed', { error });
      send(500, 'text/plain', 'internal error\n');
    }
  }
}
