import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Log, Settings, within } from '#libs/kernel';
import { PublicUrls } from '../public-urls.ts';
import { EventStreams } from './event-streams.ts';

/** In-flight answers get so long (ms); then their connections are cut. */
const LAST_ANSWERS_MS = 10_000;
/** How long a stop waits for all of it. */
const STOP_MS = 15_000;

/**
 * The listener of the API. It opens when all modules have started, and closes in the first phase of a stop (`onModuleDestroy`),
 * so that the requests in progress end while everything else still works.
 */
@Injectable()
export class HttpListener implements OnModuleDestroy {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly settings: Settings,
    private readonly urls: PublicUrls,
    private readonly streams: EventStreams,
    private readonly log: Log,
  ) {}

  /**
   * Port 0 lets the system choose (specs, several hubs on one machine); the public URL then follows the choice.
   * @returns where it listens
   */
  async listen(): Promise<string> {
    const { host, port } = this.settings.http;
    // Through Fastify itself: Nest's own listen() logs a failure in its own words before it throws.
    await this.fastify.listen({ host, port });
    const address = this.fastify.server.address() as { port: number };
    const shown = host.includes(':') ? `[${host}]` : host;
    const url = `http://${shown}:${address.port}`;
    if (new URL(this.urls.base).port === '0') this.urls.rebase(url);
    return url;
  }

  /**
   * Closes the listener and waits for responses in progress. Clients keep connections alive, so idle ones are closed; otherwise
   * one of them would delay the stop until its keep-alive timeout.
   */
  async onModuleDestroy(): Promise<void> {
    this.streams.stop();
    const { server } = this.fastify;
    const sweep = setInterval(() => server.closeIdleConnections(), 25);
    const cut = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    try {
      // Nest closes the same server again in a later phase, which then is done at once.
      if (!(await within(STOP_MS, this.fastify.close()))) this.log.warn('http.not_stopped');
    } finally {
      clearInterval(sweep);
      clearTimeout(cut);
    }
  }

  private get fastify(): FastifyInstance {
    return this.host.httpAdapter.getInstance<FastifyInstance>();
  }
}
