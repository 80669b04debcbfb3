import {
  HttpCode,
  RequestMapping,
  RequestMethod,
  UseInterceptors,
  applyDecorators,
  createParamDecorator,
} from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#libs/access';
import { routes, takesIdempotencyKey, type OperationId, type Route, type RouteInput } from '#libs/contract';
import type { PlatformRef } from '#libs/custody';
import type { Sql } from '#libs/kernel';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.ts';

/** The caller of a request, and the platform in its path (null where the path names none). */
export interface Caller {
  principal: Principal;
  platform: PlatformRef | null;
  /** Network address, for the audit trail. */
  address: string;
  /** Whether the client has disconnected: work that only reads may stop. */
  aborted: () => boolean;
  /** Whether the key or session is still good, for answers that last. */
  isStillValid: () => Promise<boolean>;
  /** On a request with an `Idempotency-Key`: stores its answer in the transaction that does the work; see `answered`. */
  keepAnswer?: (sql: Sql, result: unknown) => Promise<void>;
}

/** A caller on a platform. */
export type PlatformCaller = Caller & { platform: PlatformRef };

/** A public page or file that is not part of the described interface. */
export const PAGE = 'page';

declare module 'fastify' {
  interface FastifyContextConfig {
    endpoint?: OperationId | typeof PAGE;
  }
  interface FastifyRequest {
    /** Set by `ApiServerHooks` for every route that is not public. */
    caller?: Caller;
    /** Set once query and body have been parsed. */
    input?: RouteInput<Route>;
  }
}

/** The validated input of an operation. */
export type In<Id extends OperationId> = RouteInput<(typeof routes)[Id]>;

/** Binds a method to its row of the route table: method, path, scope, schemas and status all come from there. */
export function Endpoint(id: OperationId): MethodDecorator {
  const { method, path, replies } = routes[id];
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path: path.replace(/\{([a-z_]+)\}/g, ':$1') }),
    HttpCode(Number(Object.keys(replies)[0])),
    RouteConfig({ endpoint: id }),
    ...(takesIdempotencyKey(routes[id]) ? [UseInterceptors(IdempotencyInterceptor)] : []),
  );
}

/** A public page or file (`GET`). */
export function Page(path: string): MethodDecorator {
  return applyDecorators(RequestMapping({ method: RequestMethod.GET, path }), RouteConfig({ endpoint: PAGE }));
}

/** The parsed `{params, query, body}` of the request; requests that do not match their schema are refused before. */
export const Input = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().input,
);

/** The caller; only on routes that need a key. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('@By() on a public route');
  return caller;
});
