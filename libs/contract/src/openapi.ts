import { z } from 'zod';
import { exampleOf } from './examples.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { PROBLEM_MEDIA_TYPE, problemSchema } from './problem.ts';
import { IDEMPOTENCY_KEY, takesBody, takesIdempotencyKey, type Reply, type Route } from './route.ts';
import { routeList } from './routes.ts';

type Json = Record<string, unknown>;

const REF_FROM = '#/$defs/';
const REF_TO = '#/components/schemas/';

/** Codes of every route, and of routes that need credentials. */
const ALWAYS: readonly ErrorCode[] = ['invalid_request', 'rate_limited', 'internal', 'unavailable'];
const WITH_KEY: readonly ErrorCode[] = ['unauthenticated', 'forbidden'];
const WITH_BODY: readonly ErrorCode[] = ['payload_too_large', 'unsupported_media_type'];

const INTRODUCTION = `For operators of a WeChat third-party platform: authorizations, access tokens, and the history of
effective server domains.

Send \`Authorization: Bearer <api key>\`. JSON is snake_case, times are ISO 8601 in UTC with milliseconds, ids are opaque.
A request that creates something may carry an \`Idempotency-Key\`: its repetition creates nothing and gets the same answer.
Lists have \`items\` and \`next_cursor\`; errors are \`application/problem+json\` with a stable \`code\`.`;

const TAGS: Readonly<Record<string, string>> = {
  Platforms: 'Third-party platforms of the operator, their secrets and the addresses to enter at WeChat',
  Merchants: 'The businesses that accounts belong to, by your own ids',
  Authorization: 'Links by which a merchant authorizes the platform',
  Authorizers: 'Accounts that authorize the platform: what they grant, their access tokens, snapshots on request',
  'Domain history': 'Server domains of one mini program: now, at any moment, and every change',
  'Fleet queries':
    'Server domains of all mini programs of a platform: who has a domain, what changed, what a release would drop',
  Events: 'What happened, in order and without a gap',
  Webhooks: 'Events sent to your backend, signed by Standard Webhooks, with every attempt',
  Relays: 'Pushes and messages of WeChat passed on to your backend',
  'WeChat addresses': 'Addresses of the WeChat API and of its pushes, with history, for firewalls',
  'Keys and audit': 'API keys, and who did what',
  Users: 'People who use the console',
  Maintenance: 'Sweeps, reconciliations, pushes, quota, retention, master keys, checks',
  Operations: 'Health, metrics and this document',
  'WeChat callbacks': 'What WeChat and the browser of a merchant call; no API key',
};

/** The OpenAPI 3.1 document of the hub, made from the route table; the same bytes for the same table. */
export function openApiDocument(): Json {
  const schemas: Record<string, Json> = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => jsonSchema(schema, io, schemas);
  schemaOf(problemSchema, 'output');

  const paths: Record<string, Json> = {};
  for (const route of routeList) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, schemaOf);
  }
  addExamples(paths, schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'wxfleet',
      version: '1',
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This hub' }],
    tags: [...new Set(routeList.map((route) => route.tag))].map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (`wxf_…`) with the required scope',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'wxfleet_session',
          description:
            'Session cookie of a console user (`__Host-wxfleet_session` over https). State-changing requests also need the ' +
            'header `X-CSRF-Token` with the `csrf_token` of `GET /v1/me`',
        },
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/** An example for every path parameter, JSON body and JSON reply; made when every schema is known. */
function addExamples(paths: Record<string, Json>, schemas: Record<string, Json>): void {
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations) as Json[]) {
      for (const parameter of operation['parameters'] as Json[]) {
        if (parameter['in'] !== 'path') continue;
        parameter['example'] = exampleOf(parameter['schema'] as Json, schemas, parameter['name'] as string);
      }
      const body = (operation['requestBody'] as Json | undefined)?.['content'] as Record<string, Json> | undefined;
      const replies = Object.entries(operation['responses'] as Record<string, Json>)
        .filter(([status]) => status.startsWith('2'))
        .map(([, reply]) => reply['content'] as Record<string, Json> | undefined);
      for (const content of [body, ...replies]) {
        const json = content?.['application/json'];
        if (json) json['example'] = exampleOf(json['schema'] as Json, schemas);
      }
    }
  }
}

const IDEMPOTENCY_KEY_PARAMETER: Json = {
  name: IDEMPOTENCY_KEY,
  in: 'header',
  required: false,
  description:
    'A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

function operation(route: Route & { id: string }, schemaOf: SchemaOf): Json {
  const isPublic = route.scope === 'public';
  const authority = isPublic
    ? []
    : route.scope === 'any'
      ? ['Requires any API key or session.']
      : [`Requires the scope \`${route.scope}\`${route.operatorOnly ? ' and an operator' : ''}.`];
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, ...authority].filter(Boolean).join(' ') || route.summary,
    security: isPublic ? [] : [{ apiKey: [] }, { session: [] }],
    parameters: [
      ...parameters(route.params, 'path', schemaOf),
      ...parameters(route.query, 'query', schemaOf),
      ...Object.entries(route.requestHeaders ?? {}).map(([name, description]) => ({
        name,
        in: 'header',
        required: false,
        description,
        schema: { type: 'string' },
      })),
      ...(takesIdempotencyKey(route) ? [IDEMPOTENCY_KEY_PARAMETER] : []),
    ],
    ...(takesBody(route) ? { requestBody: requestBody(route, schemaOf) } : {}),
    responses: { ...replies(route, schemaOf), ...problems(route) },
  };
}

function parameters(schema: z.ZodType, place: 'path' | 'query', schemaOf: SchemaOf): Json[] {
  const object = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || (object.required ?? []).includes(name),
      description,
      schema: rest,
    };
  });
}

function requestBody(route: Route, schemaOf: SchemaOf): Json {
  const schema = schemaOf(route.body, 'input');
  return {
    required: route.bodyOptional !== true,
    description: route.body.description ?? 'The body',
    content: route.rawBody ? { 'text/xml': { schema } } : { 'application/json': { schema } },
  };
}

function replies(route: Route, schemaOf: SchemaOf): Json {
  return Object.fromEntries(
    Object.entries(route.replies).map(([status, reply]) => [status, replyObject(reply, schemaOf)]),
  );
}

function replyObject(reply: Reply, schemaOf: SchemaOf): Json {
  const schema = reply.schema ? schemaOf(reply.schema, 'output') : { type: 'string' };
  const hasBody = reply.schema !== undefined || reply.type !== undefined;
  return {
    description: reply.description,
    ...(reply.headers
      ? {
          headers: Object.fromEntries(
            Object.entries(reply.headers).map(([name, description]) => [
              name,
              { description, schema: { type: 'string' } },
            ]),
          ),
        }
      : {}),
    ...(hasBody ? { content: { [reply.type ?? 'application/json']: { schema }, ...alternatives(reply) } } : {}),
  };
}

function alternatives(reply: Reply): Json {
  return Object.fromEntries(
    Object.entries(reply.also ?? {}).map(([type, description]) => [type, { schema: { type: 'string', description } }]),
  );
}

/** One response per status, naming the codes that come with it. */
function problems(route: Route): Json {
  const codes = new Set<ErrorCode>([
    ...ALWAYS,
    ...(route.scope === 'public' ? [] : WITH_KEY),
    ...(route.path.includes('{') ? (['not_found'] as const) : []),
    ...(takesBody(route) ? WITH_BODY : []),
    ...(takesIdempotencyKey(route) ? (['idempotency_conflict', 'idempotency_key_in_use'] as const) : []),
    ...(route.rawBody ? (['forbidden'] as const) : []),
    ...(route.problems ?? []),
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes].sort((a, b) => ERROR_CODES[a].status - ERROR_CODES[b].status)) {
    const { status } = ERROR_CODES[code];
    if (!(status in route.replies)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      String(status),
      {
        description: list.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join('. '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: `${REF_TO}Problem` } } },
        ...(list.some((code) => RETRY_AFTER.has(code))
          ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } }
          : {}),
      },
    ]),
  );
}

const RETRY_AFTER = new Set<ErrorCode>([
  'rate_limited',
  'idempotency_key_in_use',
  'upstream_busy',
  'upstream_quota_exhausted',
  'unavailable',
]);

/** JSON Schema of a zod schema. Schemas with an id move to the components and are referred to. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, Json>): Json {
  const produced = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: target }) => {
      const meta = z.globalRegistry.get(zodSchema) as { wire?: Json; description?: string } | undefined;
      if (meta?.wire) {
        for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
        Object.assign(target, meta.wire, meta.description === undefined ? {} : { description: meta.description });
      }
      // The format is sufficient; zod's pattern for it is long and unreadable.
      if (target.format === 'date-time') delete target.pattern;
      if (target.maximum === Number.MAX_SAFE_INTEGER) delete target.maximum;
      if (target.minimum === Number.MIN_SAFE_INTEGER) delete target.minimum;
      // Requests are strict; clients must expect new members in replies.
      if (io === 'output' && target.additionalProperties === false) delete target.additionalProperties;
    },
  }) as Json;
  const { $schema: _schema, $defs, ...root } = produced;
  for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    schemas[id] ??= clean(definition);
  }
  const id = typeof root['id'] === 'string' ? root['id'] : undefined;
  if (id === undefined) return clean(root);
  schemas[id] ??= clean(root);
  return { $ref: REF_TO + id };
}

/** Rewrites references to the components and drops zod's own members. */
function clean(value: unknown): Json {
  return walk(value) as Json;
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    if (key === '$ref' && typeof member === 'string') return [[key, member.replace(REF_FROM, REF_TO)]];
    if (key === 'wire' || (key === 'id' && typeof member === 'string')) return [];
    return [[key, walk(member)]];
  });
  return Object.fromEntries(entries);
}
