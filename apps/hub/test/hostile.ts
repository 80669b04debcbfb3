import fc from 'fast-check';
import { z } from 'zod';
import { pathParameters, routeList, routes, type OperationId, type Route } from '#libs/contract';
import { decodeAesKey, encryptPush, pushSignature } from '#libs/wechat-wire';
import { PASSWORD, type Csrf } from './fuzzed-person.ts';
import { AES_KEY, APPSECRET, PUSH_TOKEN } from './hub-world.ts';
import { nasty, wellFormed } from './nasty.ts';

/** One request as somebody may send it; every text is well-formed Unicode, because no client can send any other. */
export interface HostileRequest {
  id: OperationId;
  method: string;
  path: string;
  /** Index of the viewer whose key is sent, then of the person whose cookie is; -1: nobody, -2: a made-up key. */
  caller: number;
  /** What a person's browser says against forged requests. */
  csrf: Csrf;
  headers: Record<string, string>;
  body: string | undefined;
}

type Json = { [key: string]: unknown };

/** What is there: only with names that exist does a request get past the first look. */
const KNOWN: Record<string, readonly string[]> = {
  component_appid: ['wx-alfa-platform', 'wx-alfa-platform', 'wx-alfa-platform', 'wx-bravo-platform', 'wx-nobody'],
  authorizer_appid: ['wx-alfa-one', 'wx-alfa-two', 'wx-bravo-one', 'wx-nobody'],
  merchant_id: ['m1', 'm2', 'm3'],
  kind: ['api-domain', 'callback'],
  username: ['nobody', 'wx-bravo-platform', 'fuzzed.victim'],
  id: ['1', '1-1', '2-1', '3-1', '99', 'key_000000000000000000000000'],
  cursor: ['W10', 'WyJhdXRob3JpemVycyIsMV0', 'WyJ1c2VycyIsbnVsbF0', 'bnVsbA'],
  domain: ['https://alfa-one.example', 'alfa-one.example', 'everybody.example', 'https://[::1'],
  // A platform that is given other ones is of no use to any request after that.
  component_appsecret: [APPSECRET],
  token: [PUSH_TOKEN],
  encoding_aes_key: [AES_KEY],
};

/** Ids that the world has made up, both tenants': snapshots and keys are named by no number. */
export function alsoKnown(ids: readonly string[]): void {
  KNOWN['id'] = [...(KNOWN['id'] ?? []), ...ids];
}

/** What a body of the route must not repeat, or it is refused for being there already. */
const FRESH: Partial<Record<OperationId, string>> = {
  createPlatform: 'component_appid',
  createMerchant: 'merchant_id',
  createUser: 'username',
};

/** Values of a JSON Schema: mostly right, so that they reach what is behind the checks. */
function valueOf(schema: Json, name: string): fc.Arbitrary<unknown> {
  const known = KNOWN[name] ?? KNOWN[name.replace(/s$/, '')];
  if (known && schema.type === 'string') return fc.constantFrom(...known);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if ('const' in schema) return fc.constant(schema.const);
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => valueOf(choice, name)));
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(-1000, Number(schema.minimum ?? -1000)),
        max: Math.min(100_000, Number(schema.maximum ?? 100_000)),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf((schema.items ?? {}) as Json, name), {
        minLength: Number(schema.minItems ?? 0),
        maxLength: 4,
      });
    case 'object':
      return objectOf(schema);
    default:
      return fc.oneof(nasty, fc.integer());
  }
}

function textOf(schema: Json): fc.Arbitrary<string> {
  if (schema.format === 'date-time') {
    const years = { min: new Date('1971-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true };
    return fc.date(years).map((date) => date.toISOString());
  }
  if (typeof schema.pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(schema.pattern));
    } catch {
      return nasty;
    }
  }
  const minLength = Number(schema.minLength ?? 0);
  return fc.string({
    unit: 'grapheme',
    minLength,
    maxLength: Math.min(Number(schema.maxLength ?? 40), minLength + 40),
  });
}

function objectOf(schema: Json): fc.Arbitrary<Json> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const required = (schema.required ?? []) as string[];
  const fields = Object.fromEntries(properties.map(([name, property]) => [name, valueOf(property, name)]));
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

/** One thing wrong with something right. */
function spoiled(value: Json): fc.Arbitrary<unknown> {
  const names = Object.keys(value);
  const anything = fc.oneof(
    nasty,
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(1e308, -0, [], {}, [[[[]]]], null, true),
  );
  const spoil = fc
    .tuple(fc.constantFrom(...names, 'unknown_field', 'toString', '__proto__'), anything)
    .map(([name, wrong]) => Object.defineProperty({ ...value }, name, { value: wrong, enumerable: true }));
  return fc.oneof(
    { weight: 6, arbitrary: spoil },
    { weight: 1, arbitrary: fc.constant(Object.fromEntries(Object.entries(value).slice(1))) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
}

const BROKEN_JSON = [
  '',
  '{',
  '{"a":',
  'null',
  '"text"',
  '[]',
  '{"__proto__":{"scopes":[]}}',
  '{"constructor":{"prototype":{}}}',
  '{"a":1,"a":2}',
  '['.repeat(50_000),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `{"name":${'9'.repeat(10_000)}}`,
  '\ufeff{}',
  '{"name":"\\ud800"}',
];

const jsonSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12', reused: 'inline' }) as Json;

/** Appids that stand in a path as a client would write them. */
const segment = (name: string) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...(KNOWN[name] ?? ['1'])) }, { weight: 1, arbitrary: nasty });

function pathOf(route: Route): fc.Arbitrary<string> {
  const names = pathParameters(route.path);
  return fc
    .tuple(...names.map(segment))
    .map((values) =>
      names.reduce(
        (path, name, at) => path.replace(`{${name}}`, () => encodeURIComponent(values[at] as string)),
        route.path,
      ),
    );
}

function queryOf(route: Route): fc.Arbitrary<string> {
  const properties = Object.entries((jsonSchema(route.query).properties ?? {}) as Record<string, Json>);
  const right = fc.record(
    Object.fromEntries(properties.map(([name, property]) => [name, valueOf(wire(property), name).map(String)])),
    { requiredKeys: properties.map(([name]) => name).filter((name) => ['from', 'domain', 'list'].includes(name)) },
  );
  const wrong = fc.array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...properties.map(([name]) => name), 'unknown', 'limit', 'cursor'), nasty),
      nasty,
    ),
    { maxLength: 3 },
  );
  return fc
    .tuple(right, fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: wrong }))
    .map(([good, bad]) => {
      const text = new URLSearchParams([...Object.entries(good), ...bad]).toString();
      return text === '' ? '' : `?${text}`;
    });
}

/** How a coerced parameter looks outside. */
function wire(property: Json): Json {
  return (property.wire as Json | undefined) ?? property;
}

function bodyOf(route: Route & { id: OperationId }): fc.Arbitrary<string | undefined> {
  if (route.method === 'GET') return fc.constant(undefined);
  if (route.rawBody) return fc.constant('');
  const name = FRESH[route.id];
  const whole = objectOf(jsonSchema(route.body));
  const right =
    name === undefined
      ? whole
      : fc
          .tuple(whole, fc.nat(1e9), fc.boolean())
          .map(([value, n, isFresh]) => (isFresh ? { ...value, [name]: `fresh-${n}` } : value));
  return fc.oneof(
    { weight: 5, arbitrary: right.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: right.chain(spoiled).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...BROKEN_JSON), nasty) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const headers: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.option(fc.constantFrom('application/json', 'text/csv', '*/*', 'text/csv;q=x', ';;;'), { nil: undefined }),
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-8') },
      { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', 'x') },
    ),
    fc.nat(0xffff),
    fc.option(fc.constantFrom('"x"', '*', 'W/"', ',,,'), { nil: undefined }),
    fc.option(fc.constantFrom('wxfleet_session=x', `wxfleet_session=${'a'.repeat(43)}`, ';=;', '\u00e9'), {
      nil: undefined,
    }),
  )
  .map(([accept, type, address, match, cookie]) => ({
    ...(accept === undefined ? {} : { accept }),
    'content-type': type,
    // Everybody comes from somewhere else: the limits per address have a spec of their own.
    'x-forwarded-for': `10.${address >> 8}.${address & 255}.1`,
    ...(match === undefined ? {} : { 'if-none-match': match }),
    ...(cookie === undefined ? {} : { cookie }),
  }));

const csrf: fc.Arbitrary<Csrf> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Csrf>('own') },
  { weight: 3, arbitrary: fc.constantFrom<Csrf>('foreign', 'none', 'garbage') },
);

/** Any route, asked by anybody, with anything. Password hashing is slow by intent, so its routes come rarely. */
export function hostileRequest(callers: number): fc.Arbitrary<HostileRequest> {
  const slow = new Set<OperationId>(['createSession', 'createUser', 'updateUser']);
  const ordinary = routeList.filter((route) => !route.rawBody);
  return fc.oneof(
    ...ordinary.map((route) => ({
      weight: slow.has(route.id) ? 1 : 4,
      arbitrary: fc
        .record({
          path: pathOf(route),
          query: queryOf(route),
          body: bodyOf(route),
          headers,
          caller: fc.integer({ min: -2, max: callers - 1 }),
          csrf,
        })
        .map(({ path, query, ...rest }) => ({ id: route.id, method: route.method, path: path + query, ...rest })),
    })),
    { weight: 40, arbitrary: hostilePush() },
  );
}

/** Stands in a path for the id of a key that is there; the sender of the request knows one. */
export const SOME_KEY = 'some-key';

/** The same for a push that is there and can be replayed. */
export const SOME_PUSH = 'some-push';

/** What would be accepted from who may: the rest of a request that is meant well. `n` is different for each. */
const MEANT: Partial<Record<OperationId, (n: number) => unknown>> = {
  createPlatform: (n) => ({
    component_appid: `wx-fresh-${n}`,
    component_appsecret: APPSECRET,
    token: PUSH_TOKEN,
    encoding_aes_key: AES_KEY,
    name: 'n',
  }),
  updatePlatform: (n) => ({ name: `n ${n}` }),
  createMerchant: (n) => ({ merchant_id: `fresh-${n}`, name: 'n' }),
  updateMerchant: (n) => ({ name: `n ${n}` }),
  createAuthorizationLink: () => ({ merchant_id: 'm1', page: 'pc' }),
  updateAuthorizer: () => ({ merchant_id: 'm1' }),
  issueAccessToken: () => ({}),
  takeSnapshot: () => undefined,
  takeWechatIpSnapshot: () => undefined,
  startSweep: () => undefined,
  startReconciliation: () => undefined,
  assertDomains: () => ({ domains: [{ list: 'requestdomain', domain: 'https://everybody.example' }] }),
  createApiKey: () => ({ name: 'n', scopes: ['audit:read'] }),
  rotateApiKey: () => ({}),
  revokeApiKey: () => undefined,
  setQuotaBudget: (n) => ({ path: '/wxa/get_effective_domain', per_day: 100_000 + n, reserve: 0 }),
  resetQuota: () => ({ confirm: 'wx-alfa-platform' }),
  replayPush: () => undefined,
  startRetention: () => ({ keep_all: 'P400D' }),
  startMasterKeyRotation: () => undefined,
  createUser: (n) => ({
    username: `fresh.${n}`,
    password: PASSWORD,
    role: 'viewer',
    component_appid: 'wx-alfa-platform',
  }),
  updateUser: (n) => ({ role: n % 2 === 0 ? 'viewer' : 'admin' }),
  createSession: () => ({ username: 'fuzzed.guest', password: PASSWORD }),
  deleteSession: () => undefined,
};
export const meantRoutes = Object.keys(MEANT) as OperationId[];

/**
 * @param caller who may do all of it
 * @param person who has something to log out of
 */
export function wellMeantRequest(n: number, caller: number, person: number): HostileRequest {
  const id = meantRoutes[n % meantRoutes.length] as OperationId;
  const route = routes[id] as unknown as Route;
  const values: Record<string, string> = {
    component_appid: 'wx-alfa-platform',
    authorizer_appid: 'wx-alfa-one',
    merchant_id: 'm1',
    kind: 'callback',
    username: 'fuzzed.victim',
    id: id === 'replayPush' ? SOME_PUSH : SOME_KEY,
  };
  const callers: Partial<Record<OperationId, number>> = { createSession: -1, deleteSession: person };
  const body = MEANT[id]?.(n);
  return {
    id,
    method: route.method,
    path: route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => values[name] as string),
    caller: callers[id] ?? caller,
    csrf: 'own',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'x-forwarded-for': `10.${(n >> 8) & 255}.${n & 255}.2`,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

const XML = [
  '',
  '<xml>',
  '<xml></xml>',
  '<xml/>',
  '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
  '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
  `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(100)}">]><xml>&b;</xml>`,
  `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`,
  '<xml><Encrypt><![CDATA[x]]></Encrypt></xml>',
  '<xml><Encrypt>x</Encrypt><Encrypt>y</Encrypt></xml>',
  '<?xml version="1.0" encoding="utf-16"?><xml/>',
  `<xml ${'a="b" '.repeat(5000)}/>`,
  '<xml><![CDATA[' + ']]'.repeat(5000),
  '{"json":true}',
  'x'.repeat(70_000),
];
const INNER = [
  '<xml><InfoType>component_verify_ticket</InfoType></xml>',
  '<xml><AppId>wx-alfa-platform</AppId><InfoType>unknown_one</InfoType><CreateTime>1</CreateTime></xml>',
  '<xml><AppId>wx-bravo-platform</AppId><InfoType>unauthorized</InfoType><AuthorizerAppid>wx-bravo-one</AuthorizerAppid><CreateTime>9999999999</CreateTime></xml>',
  '<xml><AppId>wx-alfa-platform</AppId><InfoType>unauthorized</InfoType><AuthorizerAppid>\u0000</AuthorizerAppid><CreateTime>-1</CreateTime></xml>',
  '<xml><MsgType>text</MsgType><Content>QUERY_AUTH_CODE:x</Content></xml>',
  '<xml><MsgType>event</MsgType><Event>LOCATION</Event><CreateTime>99999999999999999999</CreateTime></xml>',
];

const secondsNow = () => String(Math.floor(Date.now() / 1000));

/** A push that WeChat might have sent for the platform of that appid, as far as the hub can tell. */
export function signedPush(appid: string, inner: string, nonce: string) {
  const encrypt = encryptPush(decodeAesKey(AES_KEY), appid, inner);
  const timestamp = secondsNow();
  const signature = pushSignature(PUSH_TOKEN, timestamp, nonce, encrypt);
  return {
    query: { timestamp, nonce, msg_signature: signature, encrypt_type: 'aes' },
    body: `<xml><AppId>${appid}</AppId><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
  };
}

/** Pushes: not XML, forged, and truly signed with an inside that WeChat would never send. */
function hostilePush(): fc.Arbitrary<HostileRequest> {
  const name = fc.string({ unit: fc.constantFrom(...'abc019'), minLength: 1, maxLength: 8 });
  const inner = fc.oneof(
    fc.constantFrom(...INNER),
    fc.constantFrom(...XML),
    nasty.map((text) => `<xml><InfoType>${text}</InfoType></xml>`),
  );
  const genuine = fc
    .tuple(fc.constantFrom('wx-alfa-platform', 'wx-bravo-platform'), inner, name)
    .map(([appid, text, nonce]) => ({ appid, ...signedPush('wx-alfa-platform', wellFormed(text), nonce) }));
  const forged = fc
    .tuple(
      fc.constantFrom(...(KNOWN['component_appid'] ?? [])),
      fc.oneof(fc.constantFrom(...XML), nasty),
      nasty,
      fc.oneof(nasty, fc.constant('a'.repeat(40))),
    )
    .map(([appid, body, nonce, msg_signature]) => ({
      appid,
      body,
      query: { timestamp: secondsNow(), nonce, msg_signature },
    }));
  return fc
    .tuple(fc.oneof(genuine, forged), fc.boolean(), fc.constantFrom(...(KNOWN['authorizer_appid'] ?? [])), headers)
    .map(([{ appid, body, query }, isMessage, authorizer, more]) => ({
      id: isMessage ? ('receiveMessage' as const) : ('receiveEvent' as const),
      method: 'POST',
      path: `/wechat/${appid}/${isMessage ? `messages/${authorizer}` : 'events'}?${new URLSearchParams(query).toString()}`,
      caller: -1,
      csrf: 'none' as const,
      headers: more,
      body,
    }));
}
