import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathParameters, routeList, type OperationId, type Route } from '#libs/contract';
import type { Answer } from './hub-world.ts';
import { sampleBodies, sampleQueries } from './sample-inputs.ts';
import { StatementsOf } from './statements-of.ts';
import { TwoTenants, type Viewer } from './two-tenants.ts';

type Named = Route & { id: OperationId };
/** What exists and is somebody else's, and what does not exist. */
type Pair = readonly [foreign: string, absent: string];

const PASSWORD = 'a password of the spec';

/**
 * What is another tenant's answers as what does not exist, after the same work: nobody learns by asking, nor by measuring.
 * Time itself is not measured; what could make a difference of it are the statements.
 */
describe('what is somebody else’s', () => {
  let tenants: TwoTenants;
  let statementsOf: StatementsOf;
  let whole: Viewer;
  let limited: Viewer;
  const keyIds: Record<string, string> = {};
  /** By the mark of the merchant. */
  const linkIds: Record<string, string> = {};
  const deliveryIds: Record<string, string> = {};
  const replayIds: Record<string, string> = {};
  let absentLinkId: string;
  let sweep: Pair;
  let reconciliation: Pair;
  let push: Pair;
  let retention: Pair;

  beforeAll(async () => {
    tenants = await TwoTenants.start({ RATE_LIMIT_PER_KEY: '0' });
    [whole, limited] = tenants.viewers as [Viewer, Viewer];
    await tenants.world.merchant('wx-bravo-platform', 'm3');
    for (const side of ['alfa', 'bravo']) {
      const made = await tenants.world.call<{ id: string }>('POST', `/v1/platforms/wx-${side}-platform/api-keys`, {
        body: { name: 'whole', scopes: ['audit:read'] },
      });
      keyIds[side] = made.body.id;
      const body = {
        username: `${side}.user`,
        password: PASSWORD,
        role: 'viewer',
        component_appid: `wx-${side}-platform`,
      };
      expect((await tenants.world.call('POST', '/v1/users', { body })).status).toBe(201);
    }
    // The second one has begun something that the first one has not.
    sweep = [await startedByBravo('/sweeps'), '999999'];
    reconciliation = [await startedByBravo('/reconciliations'), '999999'];
    retention = [await startedByBravo('/retention-runs', { keep_all: 'P60D' }), '999999'];
    const [waiting] = await tenants.world.db.query<{ id: number }>(
      'SELECT max(push_id) AS id FROM inbox.push WHERE platform_id = $1',
      [tenants.platformIds['wx-bravo-platform']],
    );
    push = [String(waiting?.id), '999999'];
    await findIds();
    statementsOf = new StatementsOf();
  }, 120_000);
  afterAll(async () => {
    statementsOf?.stop();
    await tenants.stop();
  });

  async function findIds(): Promise<void> {
    const { db } = tenants.world;
    for (const mark of ['alfa-two', 'bravo-one']) {
      const [link] = await db.query<{ id: string }>(
        'SELECT link_id AS id FROM authorizers.authorization_link WHERE return_url = $1',
        [`https://${mark}.example/back`],
      );
      linkIds[mark] = link!.id;
      const [delivery] = await db.query<{ id: string }>(
        'SELECT delivery_id::text AS id FROM events.delivery WHERE endpoint_id = $1',
        [`whe_${mark}`],
      );
      deliveryIds[mark] = delivery!.id;
      const [replay] = await db.query<{ id: string }>(
        'SELECT replay_id::text AS id FROM events.replay WHERE endpoint_id = $1',
        [`whe_${mark}`],
      );
      replayIds[mark] = replay!.id;
    }
    absentLinkId = linkIds['alfa-two']!.replace(/[A-Za-z0-9]/g, 'A');
  }

  async function startedByBravo(path: string, body?: unknown): Promise<string> {
    const asked = body === undefined ? {} : { body };
    const started = await tenants.world.call<{ id: string }>('POST', `/v1/platforms/wx-bravo-platform${path}`, asked);
    expect(started.status).toBe(202);
    return started.body.id;
  }

  function own(route: Named, parameter: string): string {
    const values: Record<string, string> = {
      component_appid: 'wx-alfa-platform',
      authorizer_appid: 'wx-alfa-one',
      merchant_id: 'm1',
      kind: 'callback',
      username: 'alfa.user',
      name: 'wx-alfa-platform',
      item: '1',
      id: route.path.includes('/webhook-endpoints/') ? 'whe_alfa-one' : '1',
    };
    return values[parameter] as string;
  }

  /** For one parameter of a route. */
  function pairFor(route: Named, parameter: string, viewer: Viewer): Pair | undefined {
    const other = viewer === limited ? 'alfa-two' : 'bravo-one';
    switch (parameter) {
      case 'component_appid':
        return ['wx-bravo-platform', 'wx-nobody-platform'];
      case 'authorizer_appid':
        return [`wx-${other}`, 'wx-nobody-one'];
      case 'merchant_id':
        return viewer === limited ? ['m2', 'm9'] : ['m3', 'm9'];
      case 'username':
        return ['bravo.user', 'nobody.user'];
      case 'name':
        // The caller chooses the name of a relay: one that is not there is made.
        return route.id === 'putRelay' ? undefined : ['wx-bravo-platform', 'wx-nobody-platform'];
      case 'item':
        return [(route.path.includes('/replays/') ? replayIds : deliveryIds)[other] as string, '999999'];
      case 'id':
        if (route.path.includes('/snapshots/')) return [tenants.snapshotIds[other] as string, 'szzzz-1'];
        if (route.path.includes('/api-keys/')) {
          return [keyIds[viewer === limited ? 'alfa' : 'bravo'] as string, `key_${'0'.repeat(24)}`];
        }
        if (route.path.includes('/authorization-links/')) return [linkIds[other] as string, absentLinkId];
        if (route.path.includes('/webhook-endpoints/')) return [`whe_${other}`, 'whe_nobody-one'];
        if (route.path.includes('/sweeps/')) return sweep;
        if (route.path.includes('/reconciliations/')) return reconciliation;
        if (route.path.includes('/pushes/')) return push;
        if (route.path.includes('/retention-runs/')) return retention;
        // Belongs to the installation, and is shown to its operators only.
        if (route.operatorOnly) return undefined;
        throw new Error(`what does ${route.path} name?`);
      default:
        return undefined;
    }
  }

  async function ask(viewer: Viewer, method: string, path: string, body: unknown) {
    const { answer, statements } = await statementsOf.request<Answer>((headers) =>
      tenants.world.call(method, path, { key: viewer.key, headers, ...(body === undefined ? {} : { body }) }),
    );
    // Who asks is found out before anybody looks at what is asked for, now from memory and now not; and a request that finds
    // every connection taken opens one, which is set up first.
    const isOfAnyRequest = (text: string) =>
      text.includes('WHERE key_digest = $1') || text.includes('wxfleet.clock_shift');
    return { answer, statements: statements.filter(({ text }) => !isOfAnyRequest(text)) };
  }

  /** Both are asked twice: what is remembered of one must be remembered of the other. */
  async function compare(
    viewer: Viewer,
    id: OperationId,
    method: string,
    [foreign, absent]: Pair,
    request: (name: string) => { path: string; body?: unknown },
  ): Promise<Answer> {
    const seen = new Map<string, unknown[]>();
    let last: Answer | undefined;
    for (const name of [foreign, absent, foreign, absent]) {
      const { path, body } = request(name);
      const { answer, statements } = await ask(viewer, method, path, body);
      const asked = new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'g');
      const text = answer.text.replace(/urn:uuid:[0-9a-f-]+/, '').replace(asked, '<name>');
      seen.set(name, [...(seen.get(name) ?? []), { status: answer.status, text, statements }]);
      last = answer;
    }
    expect({ viewer: viewer.name, id, seen: seen.get(foreign) }).toEqual({
      viewer: viewer.name,
      id,
      seen: seen.get(absent),
    });
    return last as Answer;
  }

  function bodyOf(route: Named, parameter: string, name: string): unknown {
    // Removals are confirmed by repeating the name, which would be refused first.
    if (parameter === 'merchant_id' && route.id === 'removeMerchant') return { confirm: name };
    if (parameter === 'username' && route.id === 'deleteUser') return { confirm: name };
    return sampleBodies[route.id] ?? (route.method === 'GET' || route.method === 'DELETE' ? undefined : {});
  }

  const routes: Named[] = routeList.filter((route) => route.scope !== 'public');

  it('is not there on any route that names it in its path, after the same statements', async () => {
    let compared = 0;
    for (const viewer of [whole, limited]) {
      await tenants.world.call('GET', '/v1/me', { key: viewer.key });
      for (const route of routes) {
        for (const parameter of pathParameters(route.path)) {
          const pair = pairFor(route, parameter, viewer);
          if (!pair) continue;
          const { status } = await compare(viewer, route.id, route.method, pair, (name) => ({
            path:
              route.path.replace(/\{([a-z_]+)\}/g, (_, each: string) =>
                each === parameter ? name : own(route, each),
              ) + (sampleQueries[route.id] ?? ''),
            body: bodyOf(route, parameter, name),
          }));
          // What concerns the whole platform is not for keys that are limited to merchants, of any kind; what concerns
          // the installation is not for keys of a platform.
          const expected = status === 403 && (viewer === limited || route.operatorOnly) ? 403 : 404;
          expect([viewer.name, route.id, parameter, status]).toEqual([viewer.name, route.id, parameter, expected]);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(80);
  });

  it('is not there where a query or a body names it', async () => {
    const base = '/v1/platforms/wx-alfa-platform';
    const domains = [{ list: 'requestdomain', domain: 'https://everybody.example' }];
    for (const viewer of [whole, limited]) {
      const merchants = pairFor(routes[0] as Named, 'merchant_id', viewer) as Pair;
      const accounts = pairFor(routes[0] as Named, 'authorizer_appid', viewer) as Pair;
      for (const list of ['listAuthorizers', 'listDomainChanges', 'listAuditEvents'] as const) {
        const { path } = routes.find((route) => route.id === list) as Named;
        const at = path.replace('{component_appid}', 'wx-alfa-platform');
        await compare(viewer, list, 'GET', merchants, (name) => ({ path: `${at}?merchant_id=${name}` }));
      }
      await compare(viewer, 'createAuthorizationLink', 'POST', merchants, (name) => ({
        path: `${base}/authorization-links`,
        body: { merchant_id: name, page: 'pc' },
      }));
      await compare(viewer, 'updateAuthorizer', 'PATCH', merchants, (name) => ({
        path: `${base}/authorizers/wx-alfa-one`,
        body: { merchant_id: name },
      }));
      const assertion = `${base}/domain-assertions`;
      await compare(viewer, 'assertDomains', 'POST', merchants, (name) => ({
        path: assertion,
        body: { domains, merchant_ids: [name] },
      }));
      await compare(viewer, 'assertDomains', 'POST', accounts, (name) => ({
        path: assertion,
        body: { domains, authorizer_appids: [name], fetch_stale: true, max_age: 'PT1S' },
      }));
      await compare(viewer, 'createUser', 'POST', ['wx-bravo-platform', 'wx-nobody-platform'], (name) => ({
        path: '/v1/users',
        body: { username: 'some.body', password: PASSWORD, role: 'viewer', component_appid: name },
      }));
    }
  });

  it('is compared by statements that were really made', async () => {
    const { answer, statements } = await ask(
      whole,
      'GET',
      '/v1/platforms/wx-alfa-platform/authorizers/wx-bravo-one',
      undefined,
    );
    expect(answer.status).toBe(404);
    expect(statements.map(({ text }) => text)).toEqual([
      expect.stringContaining("SELECT set_config('role'"),
      expect.stringContaining('FROM authorizers.authorizer'),
      'ROLLBACK',
    ]);
  });
});
