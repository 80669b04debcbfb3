import type { DynamicModule, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AuditTrail } from '#libs/access';
import type { OperationId } from '#libs/contract';
import { requestSpan, type LatencySeries, type Log, type Metrics } from '#libs/kernel';
import { ApiServerHooks } from './api-server-hooks.ts';
import { setBodyParsers } from './body-parsers.ts';
import { answerBrokenHttp } from './broken-http.ts';
import { addCompression } from './encoding/compression.ts';
import { toJson } from './encoding/json-list.ts';
import { ResponseCoalescer } from './encoding/response-coalescer.ts';
import { PAGE } from './endpoint.ts';
import { HEADERS } from './headers.ts';
import { ProblemFilter } from './problems/problem.filter.ts';
import { assertDescribed, routeOf } from './route-registry.ts';
import { disconnectSlowReaders } from './slow-readers.ts';
import { ProxyWarning } from './proxy-warning.ts';
import { requestIdOf, traceIdOf } from './request-id.ts';
import { RequestLog } from './request-log.ts';
import { parseInput } from './validation.ts';

/** JSON bodies of the contract are small; the largest holds a few thousand ids. */
const BODY_LIMIT = 256 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** A whole request must arrive within this time, so that slow clients hold no connection for long. */
const DEFAULT_TIMEOUTS: ClientTimeouts = { requestMs: 30_000, headersMs: 10_000, checkMs: 5000, answerMs: 30_000 };
/**
 * Max concurrent connections; extras are closed on accept. More than a load balancer opens, and few enough that the buffers of
 * all of them fit into memory.
 */
const MAX_CONNECTIONS = 10_000;
/** Longer than the idle timeout of common load balancers (60 s), so that they close idle connections and not we. */
const KEEP_ALIVE_MS = 65_000;

/** How slow a client may be, in milliseconds. */
export interface ClientTimeouts {
  /** From the first byte of a request to the last of its body. */
  requestMs: number;
  /** From the first byte to the end of the head. */
  headersMs: number;
  /** How often slow requests are checked for. */
  checkMs: number;
  /** How long a client may read nothing of a pending response. */
  answerMs: number;
}

export interface HttpAppOptions {
  /** Provides `ApiServerHooks`, and `AuditTrail`, which counts refusals of authenticated callers. */
  module: DynamicModule;
  log: Log;
  metrics: Metrics;
  /**
   * Per operation, a function that answers with 200 from memory; null: the controller answers. The way through Nest costs more
   * than such an answer itself (decision 0012).
   */
  fromMemory?: Partial<Record<OperationId, (request: FastifyRequest) => object | null>>;
  /** Addresses and networks whose `X-Forwarded-For` is trusted; default none. */
  trustedProxies?: readonly string[];
  timeouts?: ClientTimeouts;
  /** Default 10,000. */
  maxConnections?: number;
}

/** Nest on Fastify with the hub's hooks; not listening yet. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const { log, timeouts = DEFAULT_TIMEOUTS } = options;
  const requestLog = new RequestLog(log);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    ...(options.trustedProxies?.length ? { trustProxy: [...options.trustedProxies] } : {}),
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 1024 },
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
    },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // No Express-style middleware is used, and it would cost every request.
    skipMiddie: true,
    multipart: false,
    genReqId: requestIdOf,
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => filter.answer(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerBrokenHttp,
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  disconnectSlowReaders(fastify.server, timeouts);
  const coalescer = new ResponseCoalescer();
  fastify.addHook('onRoute', (route) => {
    assertDescribed(route);
    const limit = routeOf(route.config?.endpoint)?.bodyLimit;
    if (limit !== undefined) route.bodyLimit = limit;
    const { endpoint } = route.config ?? {};
    const answer = endpoint === undefined || endpoint === PAGE ? undefined : options.fromMemory?.[endpoint];
    if (answer) route.preHandler = answering(answer, coalescer);
  });
  await addCompression(fastify);
  // The type excludes Buffer, but Fastify accepts one, as its documentation shows with protocol buffers.
  fastify.setReplySerializer(toJson as (payload: unknown) => string);
  fastify.decorateRequest('caller', undefined);
  fastify.decorateRequest('input', undefined);
  fastify.decorateRequest('refusal', undefined);
  fastify.decorateRequest('fromMemory', undefined);
  fastify.decorateRequest('span', undefined);
  setBodyParsers(fastify);
  // Resolved once the module exists; no request comes before.
  const hooks = () => apiHooks;
  addOnRequest(fastify, hooks, new ProxyWarning(log));
  fastify.addHook('preHandler', (request, reply, done) => {
    if (request.span) request.span.within(() => parseInput(request, reply, done));
    else parseInput(request, reply, done);
  });
  fastify.addHook('onClose', (_, done) => {
    requestLog.stop();
    done();
  });
  observeResponses(fastify, options.metrics, hooks, requestLog);

  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: nestLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  const apiHooks = app.get(ApiServerHooks);
  const filter = new ProblemFilter(app.get(AuditTrail), requestLog);
  app.useGlobalFilters(filter);
  return app;
}

/** A single hook, because each one costs every request. */
function addOnRequest(fastify: FastifyInstance, hooks: () => ApiServerHooks, proxyWarning: ProxyWarning): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(HEADERS).header('x-request-id', request.id);
    const { traceparent, 'x-forwarded-for': forwarded } = request.raw.headers;
    if (forwarded !== undefined) proxyWarning.check(request);
    if (traceparent !== undefined && traceIdOf(request.raw) !== undefined)
      void reply.header('traceparent', traceparent);
    // Fastify would refuse an invalid media type before any parser runs.
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) request.raw.headers['content-type'] = 'text/xml';
    const { url = 'none' } = request.routeOptions;
    const span = requestSpan(`${request.method} ${url}`, request.raw.headers);
    if (span) request.span = span;
    hooks().onRequest(request, reply, done);
  });
}

/** Runs after `parseInput`, so that caller and input are set. */
function answering(answer: (request: FastifyRequest) => object | null, coalescer: ResponseCoalescer) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    let found: object | null;
    try {
      found = answer(request);
    } catch (error) {
      return done(error as Error);
    }
    if (found === null) return done();
    request.fromMemory = true;
    const text = JSON.stringify(found);
    // As text with its type, so that Fastify looks for no serializer.
    coalescer.add(() => void reply.header('content-type', 'application/json; charset=utf-8').send(text));
  };
}

/** Metrics, log line and charge of every response, in one hook. */
function observeResponses(
  fastify: FastifyInstance,
  metrics: Metrics,
  hooks: () => ApiServerHooks,
  requestLog: RequestLog,
): void {
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
    // Only client errors are charged, not our own failures.
    if (status >= 400 && status < 500 && status !== 429) hooks().onRefused(request);
    requestLog.onResponse(request, reply);
    if (request.span) endSpan(request, status);
    done();
  });
}

/** With what the log line has, so that one leads to the other. */
function endSpan(request: FastifyRequest, status: number): void {
  request.span?.end(
    {
      'http.request.method': request.method,
      'http.route': request.routeOptions.url ?? 'none',
      'http.response.status_code': status,
      'wxfleet.operation': request.routeOptions.config.endpoint ?? 'none',
      'wxfleet.request_id': request.id,
    },
    status >= 500 ? (request.refusal?.code ?? String(status)) : undefined,
  );
}

/** Nest's own messages: warnings and errors only. */
function nestLogger(log: Log): LoggerService {
  const text = (message: unknown) => (message instanceof Error ? { error: message } : { message: String(message) });
  return {
    log: () => undefined,
    warn: (message: unknown) => log.warn('nest', text(message)),
    error: (message: unknown) => log.error('nest', text(message)),
  };
}
