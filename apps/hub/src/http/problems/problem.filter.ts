import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, routeList } from '#libs/contract';
import type { AuditTrail } from '#libs/access';
import { AppError } from '#libs/kernel';
import type { RequestLog } from '../request-log.ts';
import { HEADERS } from '../headers.ts';
import { failure, failureOf, type Failure } from './problem.ts';
import { problemPage } from '../pages.ts';

/** Answers every error as a problem document (or, to a person in the authorization flow, as a page). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly audit: AuditTrail,
    /** Requests whose client has disconnected never reach `onResponse`. */
    private readonly requestLog: RequestLog,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also called by Fastify for requests that never reach a route (bad percent-encoding, overlong parameters). */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent) return;
    const found = refine(failureOf(error), request, reply);
    const { problem, retryAfterSeconds, surprising } = found;
    // Part of the line that is logged for this request.
    request.refusal = {
      code: problem.code,
      instance: problem.instance,
      detail: problem.detail,
      surprising,
      reason: error instanceof AppError && error.cause instanceof Error ? error.cause.message : undefined,
      ...(surprising || problem.status >= 500 ? { error } : {}),
    };
    this.trace(found, request);
    // Set again here: requests that never reach a route have passed no hook.
    reply.code(problem.status).headers(HEADERS);
    if (request.raw.socket?.destroyed) this.requestLog.onDisconnected(request, reply);
    if (retryAfterSeconds !== undefined) reply.header('Retry-After', String(retryAfterSeconds));
    if (wantsPage(request)) {
      const page = problemPage(problem);
      void reply.headers(page.headers).type('text/html; charset=utf-8').send(page.html);
    } else {
      void reply.header('Content-Type', PROBLEM_MEDIA_TYPE).send(Buffer.from(JSON.stringify(problem)));
    }
  }

  /**
   * Refusals of authenticated callers are counted in the audit log: forbidden requests, failed changes, and every request for a
   * platform that is not the caller's, whether it exists or not. Counted, so that many of them are few rows.
   */
  private trace({ problem }: Failure, request: FastifyRequest): void {
    const { caller } = request;
    const operation = request.routeOptions?.config?.endpoint;
    if (!caller || operation === undefined) return;
    const isForeign = problem.status === 404 && caller.platform === null && namesPlatform(request);
    const isDenied = problem.status === 403 || isForeign;
    const isFailedChange = request.method !== 'GET' && (problem.status === 409 || problem.status >= 500);
    if (!isDenied && (!isFailedChange || operation === TRACES_ITSELF)) return;
    this.audit.count({
      platformId: caller.platform?.platformId ?? caller.principal.platformId,
      actor: caller.principal.actor,
      action: `${operation}.refused`,
      outcome: problem.code,
      address: caller.address,
    });
  }
}

function namesPlatform({ params }: FastifyRequest): boolean {
  return typeof params === 'object' && params !== null && 'component_appid' in params;
}

/** Hands out tokens under its own name, successes and failures alike. */
const TRACES_ITSELF = 'issueAccessToken';

/** Merchants open a link, and come back from WeChat, with a browser; everybody else wants JSON. */
function wantsPage(request: FastifyRequest): boolean {
  const endpoint = request.routeOptions?.config?.endpoint;
  const isForMerchants = endpoint === 'finishAuthorization' || endpoint === 'openAuthorizationLink';
  return isForMerchants && !(request.headers.accept ?? '').includes('json');
}

const patterns = routeList.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[a-z_]+\}/g, '[^/]+')}/?$`),
}));

/** An unknown route whose path exists with another method is told so. */
function refine(found: Failure, request: FastifyRequest, reply: FastifyReply): Failure {
  if (found.problem.code !== 'not_found' || !request.is404) return found;
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (methods.length === 0 || methods.includes(request.method as 'GET')) return failure('not_found', 'route not found');
  reply.header('Allow', [...new Set(methods)].join(', '));
  return failure('method_not_allowed', `allowed methods: ${[...new Set(methods)].join(', ')}`);
}
