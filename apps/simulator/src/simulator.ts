import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ApiServer } from './api-server.ts';
import { AUTHORIZATION_PAGE_PATHS, serveAuthorizationPage } from './authorization-page.ts';
import { serveControl } from './control.ts';
import { serveMessagePage } from './message-page.ts';
import { checkPublication, type PublicationVerdict } from './publication-check.ts';
import { exportState, importState, type SavedState, StateFile } from './saved-state.ts';
import { World, type WorldOptions } from './world.ts';

export interface SimulatorOptions extends WorldOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Keeps the world in this file: read at start (its seed then wins), written a second after a change and at the end. */
  readonly stateFile?: string;
  /** State of an earlier simulator, as `exportState()` gave it; its seed wins. */
  readonly state?: SavedState;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Callers that are to be told apart in the log of calls put this before every path: `/via/<name>`. */
const VIA = /^\/via\/([\w-]+)(?=\/)/;

/** A stand-in for WeChat that speaks real HTTP. What it imitates and what it does not is in differences.md. */
export class WechatSimulator {
  readonly world: World;
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** True when earlier state was found: platforms, accounts and grants are there already. */
  readonly restored: boolean;
  readonly #server: http.Server;
  readonly #stateFile: StateFile | null;

  private constructor(world: World, server: http.Server, url: string, restored: boolean, stateFile: StateFile | null) {
    this.world = world;
    this.#server = server;
    this.url = url;
    this.restored = restored;
    this.#stateFile = stateFile;
  }

  static async start(options: SimulatorOptions = {}): Promise<WechatSimulator> {
    const saved = options.state ?? (options.stateFile === undefined ? null : StateFile.read(options.stateFile));
    const world = new World(saved === null ? options : { ...options, seed: saved.seed });
    if (saved !== null) importState(world, saved);
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
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const stateFile = options.stateFile === undefined ? null : new StateFile(options.stateFile, world);
    void world.tickets.pushDue();
    return new WechatSimulator(world, server, url, saved !== null, stateFile);
  }

  /** WeChat's automatic check before a platform is published; see `checkPublication`. */
  async checkPublication(
    componentAppid: string,
    options: { appids?: readonly string[]; withinMs?: number } = {},
  ): Promise<{ ok: boolean; verdicts: PublicationVerdict[] }> {
    return checkPublication(this.world, componentAppid, options);
  }

  /** Everything that must outlive a restart, for `start({ state })`. */
  exportState(): SavedState {
    return structuredClone(exportState(this.world));
  }

  /** Lets go of held pushes, ends the timers, closes every connection and writes the state file. */
  async stop(): Promise<void> {
    await this.world.stop();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    this.#stateFile?.write();
  }
}

function receive(world: World, api: ApiServer, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const fullPath = mark === -1 ? url : url.slice(0, mark);
  const via = fullPath.startsWith('/via/') ? VIA.exec(fullPath) : null;
  const path = via ? fullPath.slice(via[0].length) : fullPath;
  const query = mark === -1 ? '' : url.slice(mark + 1);
  if (AUTHORIZATION_PAGE_PATHS.includes(path)) {
    request.resume();
    serveAuthorizationPage(world, request, response, query);
    return;
  }
  let body = '';
  let length = 0;
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) body += chunk;
  });
  request.on('end', () => {
    if (length > MAX_BODY_BYTES) response.writeHead(413).end();
    else if (path === '/') serveMessagePage(world, request, response, query, body);
    else if (path.startsWith('/_control')) void serveControl(world, request, response, path, query, body);
    else api.serve(request, response, { path, query, body, via: via?.[1] ?? '' });
  });
}
