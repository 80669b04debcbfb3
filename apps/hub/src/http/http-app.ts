import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DynamicModule, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditTrail } from '#libs/access';
import { PROBLEM_MEDIA_TYPE, type ErrorCode, type OperationId } from '#libs/contract';
import { AppError, type LatencySeries, type Log, type Metrics } from '#libs/kernel';
import { assertDescribed, routeOf, type Door } from './auth/door.ts';
import { PAGE } from './endpoint.ts';
import { HEADERS } from './headers.ts';
import { toJson } from './encoding/json-list.ts';
import { failure } from './problems/problem.ts';
import { ProblemFilter } from './problems/problem.filter.ts';
import { TurnEnd } from './encoding/turn-end.ts';
import { UnreadableBody, parseInput } from './validation.ts';

/** JSON bodies of the contract are small; the largest holds a few thousand ids. */
const BODY_LIMIT = 256 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** One whole request must have arrived by then: a client that dribbles bytes holds no connection for long. */
const SLOWEST: Patience = { requestMs: 30_000, headersMs: 10_000, checkMs: 5000, answerMs: 30_000 };
/**
 * Connections at once; what is more is closed as it comes. Far more than a balancer opens, and few enough that what each of them
 * may hold (a head, a body, an answer's buffer) fits into memory.
 */
const MAX_CONNECTIONS = 10_000;
/** Longer than the idle time of common load balancers (60 s), so that they, not we, close idle connections. */
const KEEP_ALIVE_MS = 65_000;

/** How slow a client may be, in milliseconds. */
export interface Patience {
  /** From the first byte of a request to the last of its body. */
  requestMs: number;
  /** From the first byte to the end of the head. */
  headersMs: number;
  /** How often it is looked for those who are too slow. */
  checkMs: number;
  /** For how long a client may take nothing of an answer that waits for it. */
  answerMs: number;
}

export interface HttpAppOptions {
  module: DynamicModule;
  door: Door;
  log: Log;
  metrics: Metrics;
  /** Hears of refusals to known callers. */
  audit?: Pick<AuditTrail, 'count'>;
  /**
   * Per operation, a way to answer it with 200 from memory at once; null: the controller answers. A promise and the way through
   * Nest cost more than such an answer itself.
   */
  fromMemory?: Partial<Record<OperationId, (request: FastifyRequest) => object | null>>;
  /** Addresses and networks whose `X-Forwarded-For` is believed; default none: the address is that of the connection. */
  trustedProxies?: readonly string[];
  patience?: Patience;
  /** Default 10,000. */
  maxConnections?: number;
}

/** Nest on Fastify with the front door of the hub; not listening yet. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const { log, patience = SLOWEST } = options;
  const filter = new ProblemFilter(log, options.audit);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    ...(options.trustedProxies?.length ? { trustProxy: [...options.trustedProxies] } : {}),
    requestTimeout: patience.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 1024 },
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: patience.checkMs,
    },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // Nothing here uses Express-style middleware, which would cost every request.
    skipMiddie: true,
    multipart: false,
    frameworkErrors: (error, request, reply) => filter.answer(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerBrokenHttp,
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  cutSlowReaders(fastify.server, patience);
  const turnEnd = new TurnEnd();
  fastify.addHook('onRoute', (route) => {
    assertDescribed(route);
    const limit = routeOf(route.config?.endpoint)?.bodyLimit;
    if (limit !== undefined) route.bodyLimit = limit;
    const { endpoint } = route.config ?? {};
    const answer = endpoint === undefined || endpoint === PAGE ? undefined : options.fromMemory?.[endpoint];
    if (answer) route.preHandler = answering(answer, turnEnd);
  });
  // Its type knows no Buffer; what Fastify does with the result takes one, as its documentation shows with protocol buffers.
  fastify.setReplySerializer(toJson as (payload: unknown) => string);
  fastify.decorateRequest('caller', undefined);
  fastify.decorateRequest('input', undefined);
  setBodyParsers(fastify);
  openDoor(fastify, options.door);
  fastify.addHook('preHandler', parseInput);
  countRequests(fastify, options.metrics, options.door);

  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: nestLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(filter);
  return app;
}

/**
 * JSON for the REST, text as it came for the callbacks: the protocol names no media type for a push, so any is taken.
 */
function setBodyParsers(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) return done(null, body === '' ? undefined : body);
    if (body === '') return done(null, undefined);
    // The parser calls back before it returns.
    void parseJson(request, body as string, (error, parsed) => done(null, error ? new UnreadableBody(error) : parsed));
  });
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) done(null, body);
    else if (body === '') done(null, undefined);
    else done(null, new UnreadableBody(new AppError('unsupported_media_type', 'send Content-Type: application/json')));
  });
}

/** One hook for all that happens at the door: each hook costs every request. */
function openDoor(fastify: FastifyInstance, door: Door): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(HEADERS);
    // A media type that cannot even be parsed would be refused before any parser is asked.
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) request.raw.headers['content-type'] = 'text/xml';
    door.check(request, reply, done);
  });
}

/** Runs after `parseInput`, so caller and input are there. */
function answering(answer: (request: FastifyRequest) => object | null, turnEnd: TurnEnd) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    let found: object | null;
    try {
      found = answer(request);
    } catch (error) {
      return done(error as Error);
    }
    if (found === null) return done();
    const text = JSON.stringify(found);
    // As text with its type: Fastify then looks for no serializer.
    turnEnd.add(() => void reply.header('content-type', 'application/json; charset=utf-8').send(text));
  };
}

function countRequests(fastify: FastifyInstance, metrics: Metrics, door: Door): void {
  const seconds = metrics.latency(
    'wxfleet_http_request_seconds',
    'Time from the head of a request to the end of its answer',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  );
  const byOperation = new Map<string, Map<number, LatencySeries>>();
  fastify.addHook('onResponse', (request, reply, done) => {
    const operation = request.routeOptions.config.endpoint ?? 'none';
    const status = reply.statusCode;
    let byStatus = byOperation.get(operation);
    if (!byStatus) byOperation.set(operation, (byStatus = new Map<number, LatencySeries>()));
    let series = byStatus.get(status);
    if (!series) byStatus.set(status, (series = seconds.with({ operation, status: String(status) })));
    series.observe(reply.elapsedTime / 1000);
    // What we could not do is nobody's fault but ours.
    if (status >= 400 && status < 500 && status !== 429) door.refused(request);
    done();
  });
}

/** What Node's parser says; everything else is no HTTP. */
const BROKEN: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** What is not HTTP, or whose head is too large or too slow; there is no request object yet. */
function answerBrokenHttp(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  // Whose answer is due on the connection, in Node's own books. Ours must not be taken for the answer to an earlier
  // request, nor be written into the middle of one.
  const due = (socket as { _httpMessage?: ServerResponse })._httpMessage;
  if (due && (due.headersSent || due.req.complete)) return void socket.destroy();
  const { problem } = failure(BROKEN[error.code ?? ''] ?? 'invalid_request', undefined);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}

/**
 * Node has no limit for clients that ask and do not read: the answer stays in memory, and the work behind a streamed one waits.
 * A connection that has something to send and has sent nothing for too long is broken. Node's own socket timeout would not do: it
 * starts anew with every byte that comes in, and ends the waiting of those who wait for us.
 */
function cutSlowReaders(server: Server, { answerMs, checkMs }: Patience): void {
  const open = new Map<Socket, { left: number; sinceMs: number }>();
  server.on('connection', (socket: Socket) => {
    open.set(socket, { left: 0, sinceMs: performance.now() });
    socket.on('close', () => open.delete(socket));
  });
  const look = () => {
    const now = performance.now();
    for (const [socket, seen] of open) {
      const left = unsent(socket);
      if (socket.writableLength === 0 || left !== seen.left) open.set(socket, { left, sinceMs: now });
      else if (now - seen.sinceMs > answerMs) socket.destroy();
    }
  };
  const timer = setInterval(look, checkMs);
  timer.unref();
  server.on('close', () => clearInterval(timer));
}

/**
 * Bytes written by us that the system has not taken yet, less those written ever: differs after every byte that went out, also
 * in the middle of a large write, of which only the handle of the socket knows.
 */
function unsent(socket: Socket): number {
  const handle = (socket as { _handle?: { writeQueueSize?: number } | null })._handle;
  return (handle?.writeQueueSize ?? 0) - (socket.bytesWritten - socket.writableLength);
}

/** Nest's own messages: only what somebody must know. */
function nestLogger(log: Log): LoggerService {
  const text = (message: unknown) => (message instanceof Error ? { error: message } : { message: String(message) });
  return {
    log: () => undefined,
    warn: (message: unknown) => log.warn('nest', text(message)),
    error: (message: unknown) => log.error('nest', text(message)),
  };
}
