import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrail } from '#libs/access';
import { z } from 'zod';
import { pathParameters, routeList, scopes, takesBody, type OperationId, type Route } from '#libs/contract';
import { ADMIN_KEY, HubWorld, type Answer } from './hub-world.ts';

const OURS = 'wxplatform00000a';
const THEIRS = 'wxplatform00000b';
const MINE = 'wxshop0000000001';

/** Something valid for every parameter of a path. */
const GOOD: Record<string, string> = {
  component_appid: OURS,
  authorizer_appid: MINE,
  merchant_id: 'm1',
  username: 'nobody',
  kind: 'callback',
  id: '1',
  item: '1',
  name: 'r1',
};

/**
 * What a key that is limited to merchants may change although the path names neither a merchant nor an account. Each
 * line says why the other merchants are out of its reach.
 */
const FOR_LIMITED_KEYS: Partial<Record<OperationId, string>> = {
  createMerchant: 'the body names the merchant; one outside the limits is refused',
  createAuthorizationLink: 'the body names the merchant; one outside the limits is as good as none',
  revokeAuthorizationLink: 'only links of the merchants within the limits are found',
  createApiKey: 'the new key is limited at least as much',
  rotateApiKey: 'only keys that are limited at least as much are found',
  revokeApiKey: 'only keys that are limited at least as much are found',
  createWebhookEndpoint: 'the endpoint is limited to the merchants of the key, or to some of them',
  assertDomains: 'a question; asked about the mini programs within the limits',
  takeWechatIpSnapshot: 'WeChat’s own addresses, the same for everybody; the scope is given by itself',
  deleteSession: 'ends the session that asks; a key has none',
};

/** The same for what it may read of its platform, and why that tells nothing of other merchants. */
const SHOWN_TO_LIMITED_KEYS: Partial<Record<OperationId, string>> = {
  listPlatforms: 'its own platform: name, addresses and whether tokens can be had',
  getPlatform: 'the same',
  getMe: 'itself',
  listMerchants: 'those within the limits',
  listAuthorizers: 'those of the merchants within the limits',
  listAuthorizationLinks: 'those of the merchants within the limits',
  getAuthorizationLink: 'those of the merchants within the limits',
  listApiKeys: 'those that are limited at least as much',
  listAuditEvents: 'what was done on behalf of the merchants within the limits',
  getDomainCoverage: 'counts and lists the mini programs within the limits',
  listDomainDrift: 'the mini programs within the limits',
  listDomainChanges: 'the mini programs within the limits',
  getDomainGauges: 'the mini programs within the limits',
  getPlatformOverview: 'counts the mini programs within the limits',
  listDomainChangeGroups: 'the mini programs within the limits',
  getDomainSpread: 'counts the mini programs within the limits',
  listEvents: 'events about accounts of the merchants within the limits',
  streamEvents: 'the same',
  listWebhookEndpoints: 'those that are limited at least as much',
  getWechatIps: 'WeChat’s own addresses, the same for everybody',
  listWechatIpSnapshots: 'the same',
  diffWechatIps: 'the same',
  listWechatIpLifetimes: 'the same',
  listWechatIpCandidates: 'the same',
};

/** Bodies that are accepted from a key that may, for what is refused to one that may not. */
const GOOD_BODIES: Record<string, unknown[]> = {
  createPlatform: [
    {
      component_appid: 'wxplatform00000c',
      component_appsecret: 'f'.repeat(32),
      token: 'mine',
      encoding_aes_key: 'B'.repeat(43),
      name: 'n',
    },
  ],
  updatePlatform: [
    { name: 'mine' },
    { token: 'mine', encoding_aes_key: 'A'.repeat(43) },
    { component_appsecret: 'f'.repeat(32) },
  ],
  setQuotaBudget: [{ path: '/cgi-bin/x', per_day: 1 }],
  resetQuota: [{ confirm: OURS }],
  startRetention: [{ keep_all: 'P400D' }],
  createUser: [{ username: 'mine', password: 'mine mine mine', role: 'viewer' }],
  putRelay: [{ url: 'https://203.0.113.1/', mode: 'notify' }],
  updateUser: [{ disabled: true }],
  deleteUser: [{ confirm: GOOD.username }],
};
const QUERIES: Record<string, string> = {
  getDomainCoverage: '?domain=https://everybody.example&list=requestdomain',
  getDomainSpread: '?domain=https://everybody.example&list=requestdomain',
  diffWechatIps: '?from=2026-01-01T00:00:00Z',
};

/** 404 here: no list has been fetched, and no link made. */
const NEEDS_SOMETHING = new Set<string>(['getWechatIps', 'diffWechatIps', 'getAuthorizationLink']);

const isPrivate = (route: Route) => route.scope !== 'public';

function pathOf(route: Route, replace: Record<string, string> = {}): string {
  return route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) =>
    encodeURIComponent({ ...GOOD, ...replace }[name] ?? ''),
  );
}

function fieldsOf(schema: z.ZodType): [string, z.ZodType][] {
  return schema instanceof z.ZodObject ? Object.entries(schema.shape) : [];
}

describe('every route', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(OURS);
    await world.platform(THEIRS);
    await world.merchant(OURS, 'm1');
    await world.merchant(OURS, 'm2');
    await world.miniProgram(OURS, MINE, { merchantId: 'm1' });
  }, 60_000);
  afterAll(() => world.stop());

  const send = (route: Route, path: string, ask: { body?: unknown; key?: string | null } = {}) =>
    world.call(route.method, path, {
      key: ADMIN_KEY,
      ...ask,
      headers: { accept: 'application/json', ...(route.rawBody ? { 'content-type': 'text/xml' } : {}) },
    });

  function expectRefused(answer: Answer, place: string, path: string): void {
    expect({ status: answer.status, ...answer.body }).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: expect.arrayContaining([expect.objectContaining({ in: place, path })]),
    });
  }

  it.each(routeList.map((route) => [route.id, route] as const))('%s has a schema for every parameter', (_, route) => {
    expect(fieldsOf(route.params).map(([name]) => name)).toEqual(pathParameters(route.path));
    for (const [name, schema] of [...fieldsOf(route.params), ...fieldsOf(route.query), ...fieldsOf(route.body)]) {
      expect([name, schema instanceof z.ZodAny || schema instanceof z.ZodUnknown]).toEqual([name, false]);
    }
    expect(route.query).toBeInstanceOf(z.ZodObject);
    if (!route.rawBody) expect(route.body).toBeInstanceOf(z.ZodObject);
  });

  describe.each(routeList.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
    const inPath = pathParameters(route.path);
    const query = fieldsOf(route.query).map(([name]) => name);
    const body = fieldsOf(route.body).map(([name]) => name);

    for (const name of inPath) {
      it(`refuses a bad ${name} in the path`, async () => {
        for (const bad of ['bad value!', '\u0000', '..%2f', 'x'.repeat(300)]) {
          expectRefused(await send(route, pathOf(route, { [name]: bad })), 'path', name);
        }
      });
    }
    for (const name of query) {
      it(`refuses a bad ${name} in the query`, async () => {
        // Twice the same parameter is a list, which no parameter is.
        expectRefused(await send(route, `${pathOf(route)}?${name}=!&${name}=!`), 'query', name);
      });
    }
    if (isPrivate(route)) {
      it('refuses an unknown parameter in the query', async () => {
        expectRefused(await send(route, `${pathOf(route)}?unknown=1`), 'query', 'unknown');
      });
      it('asks for a key', async () => {
        expect(await send(route, pathOf(route), { key: null })).toMatchObject({
          status: 401,
          body: { code: 'unauthenticated' },
        });
      });
    }
    if (!route.rawBody && route.method !== 'GET') {
      it('refuses an unknown field and anything but an object', async () => {
        expectRefused(await send(route, pathOf(route), { body: { unknown_field: 1 } }), 'body', 'unknown_field');
        expectRefused(await send(route, pathOf(route), { body: [] }), 'body', 'body');
      });
    }
    if (!route.rawBody) {
      for (const name of body) {
        it(`refuses a bad ${name} in the body`, async () => {
          // Of an object the wrong member is named.
          const path = expect.stringMatching(new RegExp(`^${name}(\\.|$)`)) as unknown as string;
          expectRefused(await send(route, pathOf(route), { body: { [name]: { deep: {} } } }), 'body', path);
        });
      }
    }
    if (takesBody(route) && !route.rawBody && !route.bodyOptional) {
      it('needs its body', async () => {
        expect(await send(route, pathOf(route))).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      });
    }
  });

  it('refuses a key that has every scope but the one', async () => {
    for (const scope of scopes) {
      const key = await world.apiKey(OURS, { scopes: scopes.filter((other) => other !== scope) });
      for (const route of routeList.filter((candidate) => candidate.scope === scope)) {
        const { status, body } = await send(route, pathOf(route), { key });
        expect([route.id, status, body['code']]).toEqual([route.id, 403, 'forbidden']);
      }
    }
  });

  it('of another platform is not there', async () => {
    const key = await world.apiKey(THEIRS);
    const unknown = 'wxnobody0000000x';
    for (const route of routeList.filter((each) => isPrivate(each) && each.path.includes('{component_appid}'))) {
      const ask = { key, body: {} };
      const theirs = await send(route, pathOf(route), route.method === 'GET' ? { key } : ask);
      const nobodys = await send(
        route,
        pathOf(route, { component_appid: unknown }),
        route.method === 'GET' ? { key } : ask,
      );
      expect([route.id, theirs.status, theirs.body['code']]).toEqual([route.id, 404, 'not_found']);
      expect({ ...theirs.body, instance: '' }).toEqual({ ...nobodys.body, instance: '' });
    }
    // Looking for it leaves a trace with the caller's own platform, a row for each kind of look.
    await world.hub.get(AuditTrail).flush();
    const [traced] = await world.db.query<{ looks: number; platforms: number }>(
      `SELECT sum(e.count)::int AS looks, count(DISTINCT a.component_appid)::int AS platforms
         FROM access.audit_event e JOIN custody.component_account a USING (platform_id)
        WHERE e.outcome = 'not_found' AND e.action LIKE '%.refused' AND a.component_appid = $1`,
      [THEIRS],
    );
    expect(traced).toEqual({
      looks: 2 * routeList.filter((each) => isPrivate(each) && each.path.includes('{component_appid}')).length,
      platforms: 1,
    });
    const listed = await world.call<{ items: { component_appid: string }[] }>('GET', '/v1/platforms', { key });
    expect(listed.body.items.map((item) => item.component_appid)).toEqual([THEIRS]);
  });

  it('refuses a key that is limited to merchants what concerns the platform, but for what is on a list', async () => {
    const key = await world.apiKey(OURS, { merchantIds: ['m1'] });
    const before = await world.db.query('SELECT a::text FROM custody.component_account a ORDER BY 1');
    const changes = routeList.filter(
      (route) =>
        isPrivate(route) &&
        route.method !== 'GET' &&
        !/authorizer_appid|merchant_id|webhook-endpoints\/\{id\}/.test(route.path),
    );
    expect(changes.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(FOR_LIMITED_KEYS)));
    for (const route of changes.filter(({ id }) => !Object.hasOwn(FOR_LIMITED_KEYS, id))) {
      // Without a body that is accepted the refusal would be of the body.
      for (const body of GOOD_BODIES[route.id as string] ?? [undefined]) {
        const answer = await send(route, pathOf(route), { key, body });
        expect([route.id, body, answer.status, answer.body['code']]).toEqual([route.id, body, 403, 'forbidden']);
      }
    }
    expect(await world.db.query('SELECT a::text FROM custody.component_account a ORDER BY 1')).toEqual(before);
  });

  it('shows a key that is limited to merchants what concerns the platform only as far as a list says', async () => {
    const key = await world.apiKey(OURS, { merchantIds: ['m1'] });
    const reads = routeList.filter(
      (route) =>
        isPrivate(route) &&
        route.method === 'GET' &&
        !/authorizer_appid|merchant_id|\/snapshots\/\{id\}|webhook-endpoints\/\{id\}/.test(route.path),
    );
    expect(reads.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(SHOWN_TO_LIMITED_KEYS)));
    for (const route of reads) {
      const { status } = await send(route, pathOf(route) + (QUERIES[route.id as string] ?? ''), { key });
      const isShown = Object.hasOwn(SHOWN_TO_LIMITED_KEYS, route.id);
      // Nothing stands under the id or kind that is asked for: refused as what is not there.
      const isAbsent = NEEDS_SOMETHING.has(route.id);
      expect([route.id, isShown ? status < 300 || isAbsent : status === 403]).toEqual([route.id, true]);
    }
  });

  it('shows a key that is limited to a merchant nothing of the others', async () => {
    const key = await world.apiKey(OURS, { merchantIds: ['m2'] });
    const snapshot = await world.call<{ id: string }>('POST', `/v1/platforms/${OURS}/authorizers/${MINE}/snapshots`);
    const replace = { id: snapshot.body.id };
    const routes = routeList.filter(
      (route) =>
        isPrivate(route) &&
        /authorizer_appid|merchant_id|\/snapshots\/\{id\}|webhook-endpoints\/\{id\}/.test(route.path),
    );
    expect(routes.length).toBeGreaterThan(10);
    for (const route of routes) {
      const bodies: Record<string, unknown> = {
        updateAuthorizer: { merchant_id: 'm2' },
        updateMerchant: { name: 'x' },
        removeMerchant: { confirm: 'm1' },
        updateWebhookEndpoint: { state: 'enabled' },
        startReplay: {},
        eraseAuthorizer: { confirm: MINE, keep_history: true },
      };
      const body = bodies[route.id as string];
      const path = pathOf(route, replace) + (route.id === 'diffDomains' ? '?from=2026-01-01T00:00:00Z' : '');
      const answer = await send(route, path, { key, ...(body ? { body } : {}) });
      expect([route.id, answer.status, answer.body['code']]).toEqual([route.id, 404, 'not_found']);
    }
    const base = `/v1/platforms/${OURS}`;
    const lists = await Promise.all(
      ['authorizers', 'merchants', 'api-keys'].map((list) =>
        world.call<{ items: Record<string, unknown>[] }>('GET', `${base}/${list}`, { key }),
      ),
    );
    expect(lists.map(({ body }) => body.items.length)).toEqual([0, 1, 1]);
    for (const [method, path] of [
      ['POST', `${base}/sweeps`],
      ['POST', `${base}/reconciliations`],
      ['GET', `${base}/sweeps`],
    ] as const) {
      expect((await world.call(method, path, { key })).status).toBe(403);
    }
  });
});
