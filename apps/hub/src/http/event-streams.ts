import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventView } from '#libs/contract';
import { AppError } from '#libs/kernel';
import type { Caller } from './endpoint.ts';

/** Streams of one key or user in one process. */
const MAX_PER_KEY = 10;
/** Keeps proxies from closing a quiet stream. */
const COMMENT_MS = 15_000;
/** How often the key behind a stream is looked at; from memory, where a revocation is within milliseconds. */
const VALID_MS = 1000;
/** How long a client waits before it connects again, in ms. */
const RETRY_MS = 3000;
/** Bytes that wait for a slow client before the stream waits for it. */
const HIGH_WATER = 256 * 1024;

/** Server-sent events: how many, for how long, and in which form. */
@Injectable()
export class EventStreams {
  private readonly open = new Map<string, number>();
  private readonly stopping = new AbortController();

  /** Ends all streams. Called before the server waits for its answers to end: these would never. */
  stop(): void {
    this.stopping.abort();
  }

  /** Aborted when the client has disconnected or the hub stops. */
  goneSignal(socket: Socket): AbortSignal {
    const gone = new AbortController();
    const abort = () => gone.abort();
    if (socket.destroyed || this.stopping.signal.aborted) abort();
    socket.once('close', abort);
    this.stopping.signal.addEventListener('abort', abort, { once: true });
    gone.signal.addEventListener('abort', () => {
      socket.off('close', abort);
      this.stopping.signal.removeEventListener('abort', abort);
    });
    return gone.signal;
  }

  /**
   * Answers with a stream. Ends when the client disconnects, when the key is revoked or expires, and when the hub stops.
   * @throws AppError rate_limited when the key has ten streams here
   */
  async serve(
    request: FastifyRequest,
    reply: FastifyReply,
    by: Caller,
    follow: (signal: AbortSignal) => AsyncIterable<readonly EventView[]>,
  ): Promise<void> {
    const { keyId } = by.principal;
    const present = this.open.get(keyId) ?? 0;
    if (present >= MAX_PER_KEY) {
      throw new AppError('rate_limited', `at most ${MAX_PER_KEY} streams of one key`, { retryAfterSeconds: 30 });
    }
    this.open.set(keyId, present + 1);
    const ended = new AbortController();
    const gone = this.goneSignal(request.raw.socket);
    const end = () => ended.abort();
    if (gone.aborted) end();
    gone.addEventListener('abort', end, { once: true });
    const { raw } = reply;
    const comment = setInterval(() => raw.write(': \n\n'), COMMENT_MS);
    const valid = setInterval(() => {
      void by.isStillValid().then((still) => still || end());
    }, VALID_MS);
    try {
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      reply.hijack();
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      raw.write(`retry: ${RETRY_MS}\n\n`);
      for await (const events of follow(ended.signal)) {
        // Not one event more after a revocation.
        if (!(await by.isStillValid())) break;
        raw.write(events.map(messageOf).join(''));
        if (raw.writableLength > HIGH_WATER) await drained(raw, ended.signal);
      }
    } catch (error) {
      // The answer has begun: all that is left is to end it, and the client connects again where it was.
      request.log.debug(error);
    } finally {
      clearInterval(comment);
      clearInterval(valid);
      const left = (this.open.get(keyId) ?? 1) - 1;
      if (left > 0) this.open.set(keyId, left);
      else this.open.delete(keyId);
      raw.end();
    }
  }
}

function messageOf(event: EventView): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function drained(raw: FastifyReply['raw'], signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    raw.once('drain', resolve);
    raw.once('close', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
