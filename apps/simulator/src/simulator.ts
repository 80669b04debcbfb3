import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ApiServer } from './api-server.ts';
import { AUTHORIZATION_PAGE_PATHS, serveAuthorizationPage } from './authorization-page.ts';
import { World, type WorldOptions } from './world.ts';

export interface SimulatorOptions extends WorldOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** A stand-in for WeChat that speaks real HTTP. What it imitates and what it does not is in differences.md. */
export class WechatSimulator {
  readonly world: World;
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly #server: http.Server;

  private constructor(world: World, server: http.Server, url: string) {
    this.world = world;
    this.#server = server;
    this.url = url;
  }

  static async start(options: SimulatorOptions = {}): Promise<WechatSimulator> {
    const world = new World(options);
    const api = new ApiServer(world);
    const server = http.createServer({ keepAliveTimeout: 120_000 }, (request, response) =>
      receive(world, api, request, response),
    );
    const host = options.host ?? '127.0.0.1';
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, host, resolve);
    });
    const { port } = server.address() as AddressInfo;
    return new WechatSimulator(world, server, `http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  }

  /** Lets go of held calls, ends the timers and closes every connection. */
  async stop(): Promise<void> {
    await this.world.stop();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

function receive(world: World, api: ApiServer, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? '' : url.slice(mark + 1);
  if (AUTHORIZATION_PAGE_PATHS.includes(path)) {
    request.resume();
    serveAuthorizationPage(world, request, response, query);
    return;
  }
  let body = '';
  let bytes = 0;
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) body += chunk;
  });
  request.on('end', () => {
    if (bytes > MAX_BODY_BYTES) response.writeHead(413).end();
    else api.serve(request, response, path, query, body);
  });
}
