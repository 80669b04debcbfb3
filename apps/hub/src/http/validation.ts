import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes, takesBody, type FieldError, type OperationId, type Route } from '#libs/contract';
import { AppError } from '#libs/kernel';

type Place = 'path' | 'query' | 'body';

const NOTHING = Object.freeze({});

/** Per operation what has to be parsed at all, worked out once. */
const plans = new Map<OperationId, { route: Route; parseQuery: boolean; parseBody: boolean }>(
  Object.entries(routes).map(([id, spec]) => {
    const route = spec as unknown as Route;
    const isEmpty = (schema: z.ZodType) => schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0;
    return [id as OperationId, { route, parseQuery: !isEmpty(route.query), parseBody: takesBody(route) }];
  }),
);

/**
 * Stands for a body that came as a whole and says nothing. As an error of the parser it would cost the client its connection,
 * because Fastify cannot know that nothing more is to come.
 */
export class UnreadableBody {
  constructor(readonly reason: Error) {}
}

/** Checks the parameters of the path; done at the door, before anything is looked up by them. */
export function checkParams(id: OperationId, params: unknown): void {
  const { route } = planOf(id);
  const parsed = route.params.safeParse(params ?? NOTHING);
  if (!parsed.success) throw refusal('path', parsed.error);
}

/**
 * Fastify `preHandler` hook: parses query and body of a request whose path was checked at the door. A hook and not a
 * pipe, so that also a handler that looks at nothing refuses what it was not asked.
 * @throws AppError invalid_request with one entry per wrong field
 */
export function parseInput(request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void {
  const id = request.routeOptions.config.endpoint;
  if (id === undefined || id === 'page') return done();
  if (request.body instanceof UnreadableBody) return done(request.body.reason);
  try {
    const { route, parseQuery, parseBody } = planOf(id);
    const query = parse('query', route.query, request.query ?? NOTHING, !parseQuery);
    // A route without a body takes `{}` too: many clients send it with every POST.
    const optional = !parseBody || route.bodyOptional === true;
    const body = parse('body', route.body, request.body ?? (optional ? NOTHING : undefined), false);
    request.input = { params: request.params, query, body };
    done();
  } catch (error) {
    done(error as Error);
  }
}

function parse(place: Place, schema: z.ZodType, value: unknown, emptyOnly: boolean): unknown {
  if (emptyOnly && isEmptyObject(value)) return NOTHING;
  if (place === 'body' && value === NOTHING) return NOTHING;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refusal(place, parsed.error);
  return parsed.data;
}

function isEmptyObject(value: unknown): boolean {
  for (const _ in value as object) return false;
  return true;
}

function planOf(id: OperationId) {
  const plan = plans.get(id);
  if (!plan) throw new Error(`no route named ${id}`);
  return plan;
}

function refusal(place: Place, error: z.ZodError): AppError {
  const errors = error.issues.flatMap((issue) => fieldErrors(place, issue)).slice(0, 50);
  return new AppError('invalid_request', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    details: { errors },
  });
}

/** The path names the field itself; an unknown field is named too, a wrong whole is named after its place. */
function fieldErrors(place: Place, issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: place,
      path: [...path, printable(key)].join('.'),
      message: 'is not known here',
    }));
  }
  return [{ in: place, path: path.map(printable).join('.') || place, message: issue.message }];
}

/** Names of unknown fields come from the caller and go into an error text. */
function printable(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.slice(0, 100).replace(/[\u0000-\u001f\u007f\p{Surrogate}]/gu, '?');
}
