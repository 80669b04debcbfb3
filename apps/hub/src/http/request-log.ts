import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperationId } from '#libs/contract';
import { describeError, type Log, type RequestSpan } from '#libs/kernel';
import { PAGE } from './endpoint.ts';
import { traceIdOf } from './request-id.ts';
import { SummedLog } from './summed-log.ts';

/** Refusals of unauthenticated requests that get a line of their own, per second. */
const REFUSALS_PER_SECOND = 20;

/** At `debug` only: asked several times a minute by every monitor. */
const MONITORING: ReadonlySet<OperationId | typeof PAGE> = new Set([PAGE, 'live', 'ready', 'metrics']);
const PUSHES: ReadonlySet<OperationId | typeof PAGE> = new Set(['receiveEvent', 'receiveMessage']);

/** Why a request was refused; set by the problem filter. */
export interface Refusal {
  code: string;
  instance: string;
  detail: string | undefined;
  /** What the client is not told, for example which check a push failed. */
  reason?: string | undefined;
  /** Of surprises and failures of the hub itself. */
  error?: unknown;
  surprising: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    refusal?: Refusal;
    /** Answered from memory before Nest is reached. */
    fromMemory?: boolean;
    /** Set while traces are on. */
    span?: RequestSpan;
  }
}

/**
 * One line per request. What is served thousands of times a second or asked by monitors is logged at `debug`: hand-outs from
 * memory (the audit log counts them), health checks, metrics and pages. Refusals that anybody can cause without credentials get
 * at most a few lines a second, and refused pushes one, with counts and addresses, so that nobody can fill the log.
 */
export class RequestLog {
  private readonly refusedPushes: SummedLog;
  private readonly refusedRequests: SummedLog;
  private second = 0;
  private refusals = 0;

  constructor(private readonly log: Log) {
    this.refusedPushes = new SummedLog(log, 'push.refused');
    this.refusedRequests = new SummedLog(log, 'http.refused_unauthenticated');
  }

  /** Fastify `onResponse`: the response has been sent. */
  onResponse(request: FastifyRequest, reply: FastifyReply): void {
    const status = reply.statusCode;
    if (request.fromMemory && status === 200) return this.write('debug', request, reply);
    const { refusal } = request;
    if (refusal && status < 500 && !request.caller && !this.takeLine(request, refusal)) return;
    const operation = request.routeOptions?.config?.endpoint;
    const level = refusal?.surprising
      ? 'error'
      : status >= 500
        ? 'warn'
        : operation !== undefined && MONITORING.has(operation)
          ? 'debug'
          : 'info';
    this.write(level, request, reply);
  }

  /** The client disconnected before a response could be sent; its status is what would have been sent. */
  onDisconnected(request: FastifyRequest, reply: FastifyReply): void {
    this.write('debug', request, reply);
  }

  stop(): void {
    this.refusedPushes.stop();
    this.refusedRequests.stop();
  }

  /** Whether an unauthenticated refusal gets a line of its own; otherwise it is summed up. */
  private takeLine(request: FastifyRequest, { code, instance, reason }: Refusal): boolean {
    const operation = request.routeOptions?.config?.endpoint;
    if (operation !== undefined && PUSHES.has(operation)) {
      const { component_appid: platform } = (request.params ?? {}) as { component_appid?: string };
      this.refusedPushes.add({ address: request.ip, code, reason, platform, instance });
      return false;
    }
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.refusals = 0;
    }
    this.refusals += 1;
    if (this.refusals <= REFUSALS_PER_SECOND) return true;
    this.refusedRequests.add({ address: request.ip, code, operation, instance });
    return false;
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error', request: FastifyRequest, reply: FastifyReply): void {
    if (!this.log.writes(level)) return;
    const { refusal, caller } = request;
    const params = (request.params ?? {}) as Record<string, string | undefined>;
    this.log[level]('http.request', {
      request_id: request.id,
      method: request.method,
      operation: request.routeOptions?.config?.endpoint,
      route: request.routeOptions?.url,
      caller: caller?.principal.actor,
      platform: caller?.platform?.componentAppid ?? (caller ? undefined : params['component_appid']),
      authorizer: params['authorizer_appid'],
      merchant: params['merchant_id'] ?? onlyOne(caller?.principal.merchantIds),
      address: request.ip,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      trace_id: traceIdOf(request.raw),
      ...(refusal
        ? {
            code: refusal.code,
            instance: refusal.instance,
            detail: refusal.detail,
            // Stacks for surprises only; of failures with a known cause the cause is enough.
            error: refusal.surprising ? refusal.error : withoutStack(refusal.error),
          }
        : {}),
    });
  }
}

function onlyOne(merchantIds: readonly string[] | null | undefined): string | undefined {
  return merchantIds?.length === 1 ? merchantIds[0] : undefined;
}

function withoutStack(error: unknown): unknown {
  return error instanceof Error ? describeError(error, 1) : undefined;
}
