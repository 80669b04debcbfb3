import { z } from 'zod';
import type { ErrorCode } from './error-codes.ts';
import type { Scope } from './scopes.ts';

/** Of answers that a replica of the database may give. */
export const AS_OF = {
  'X-Data-As-Of':
    'Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete',
};

export interface Reply {
  description: string;
  /** Absent: no body, or (with `type`) a body that is not JSON. */
  schema?: z.ZodType;
  /** Media type; default `application/json`. */
  type?: string;
  /** Further media types that the `Accept` header may ask for, with their meaning. */
  also?: Record<string, string>;
  /** Response headers by name, with their meaning. */
  headers?: Record<string, string>;
}

/** An operation in the sense of OpenAPI: one method on one path. */
export interface RouteSpec<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for parameters. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /**
   * The scope a caller needs; `any`: any key or session; `public`: no credentials. There is no default, so that every route is
   * decided explicitly.
   */
  scope: Scope | 'any' | 'public';
  /** Only operators, whatever the scopes of other callers. */
  operatorOnly?: boolean;
  params?: P;
  query?: Q;
  body?: B;
  /** The body may be omitted and is then `{}`. */
  bodyOptional?: boolean;
  /** The body is text of any media type, passed on unchanged (WeChat's callbacks). */
  rawBody?: boolean;
  /** Bytes; default: what the server allows for JSON. */
  bodyLimit?: number;
  /** Request headers, with their meaning. */
  requestHeaders?: Record<string, string>;
  replies: Record<number, Reply>;
  /** Error codes in addition to those of every route. */
  problems?: readonly ErrorCode[];
}

export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> extends RouteSpec<P, Q, B> {
  params: P;
  query: Q;
  body: B;
}

const none = z.strictObject({});

type None = typeof none;

/** Declares a route. Absent parts become empty strict objects, so that every route has a schema for every part. */
export function route<P extends z.ZodType = None, Q extends z.ZodType = None, B extends z.ZodType = None>(
  spec: RouteSpec<P, Q, B>,
): Route<P, Q, B> {
  return {
    ...spec,
    params: spec.params ?? (none as unknown as P),
    query: spec.query ?? (none as unknown as Q),
    body: spec.body ?? (none as unknown as B),
  };
}

/** The validated input of a handler. */
export interface RouteInput<R extends Route> {
  params: z.output<R['params']>;
  query: z.output<R['query']>;
  body: z.output<R['body']>;
}

/** Request header with which a client repeats a request that creates something, for instance after a lost reply. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** Whether the operation creates or starts something for a caller with credentials: it takes an `Idempotency-Key`. */
export function takesIdempotencyKey(spec: Route): boolean {
  return spec.method === 'POST' && spec.scope !== 'public' && (201 in spec.replies || 202 in spec.replies);
}

/** Names of the `{parameters}` of a path, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1] as string);
}

/** Whether the route takes a body. */
export function takesBody(spec: Route): boolean {
  return spec.rawBody === true || !(spec.body instanceof z.ZodObject) || Object.keys(spec.body.shape).length > 0;
}
