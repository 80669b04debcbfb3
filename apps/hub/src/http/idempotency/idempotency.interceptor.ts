import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, from, lastValueFrom } from 'rxjs';
import { IdempotencyKeys, type KeptAnswer } from '#libs/access';
import { IDEMPOTENCY_KEY } from '#libs/contract';
import { AppError } from '#libs/kernel';

/** Headers that belong to the answer of an operation; the others are of one response. */
const KEPT_HEADERS = ['location', 'content-location', 'cache-control', 'etag'];
/** On an answer that was given before. */
const REPLAYED = 'Idempotent-Replayed';

/** On operations that create something: the repetition of a request with an `Idempotency-Key` gets the answer of the first. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers[IDEMPOTENCY_KEY.toLowerCase()];
    return key === undefined ? next.handle() : from(this.once(key, request, http.getResponse<FastifyReply>(), next));
  }

  private async once(
    key: string | string[],
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    if (typeof key !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(key)) {
      throw AppError.invalid(`header.${IDEMPOTENCY_KEY}`, 'must be 1 to 200 printable ASCII characters');
    }
    const { caller } = request;
    if (!caller) throw new Error('an operation with an Idempotency-Key needs a caller');
    const owner = {
      platformId: caller.platform?.platformId ?? caller.principal.platformId ?? 0,
      actor: caller.principal.actor,
    };
    let result: unknown;
    const { answer, isReplayed } = await this.keys.run(owner, key, textOf(request), async (keep) => {
      caller.keepAnswer = (sql, made) => keep(sql, answerOf(reply, withoutSecrets(made)));
      result = await lastValueFrom(next.handle(), { defaultValue: undefined });
      return answerOf(reply, withoutSecrets(result));
    });
    if (!isReplayed) return result;
    reply.code(answer.status).headers({ ...answer.headers, [REPLAYED]: 'true' });
    return answer.body === null ? undefined : (JSON.parse(answer.body) as unknown);
  }
}

/** A secret is shown once: a repetition says that it was created. */
const SECRETS: ReadonlySet<string> = new Set(['key', 'secret']);

function withoutSecrets(result: unknown): unknown {
  if (result === null || typeof result !== 'object' || Array.isArray(result)) return result;
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, SECRETS.has(name) ? null : value]));
}

function answerOf(reply: FastifyReply, result: unknown): KeptAnswer {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return { status: reply.statusCode, headers, body: result === undefined ? null : JSON.stringify(result) };
}

/** What makes a request the same one. */
function textOf(request: FastifyRequest): string {
  const { params, query, body } = request;
  return JSON.stringify([request.routeOptions.config.endpoint, sorted(params), sorted(query), sorted(body ?? {})]);
}

/** The same object with its members in another order is the same body. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}
