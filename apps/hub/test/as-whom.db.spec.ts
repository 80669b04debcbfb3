import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routeList, type OperationId } from '#libs/contract';
import type { Answer } from './hub-world.ts';
import { sampleBodies, sampleQueries } from './sample-inputs.ts';
import { StatementsOf, type Statement } from './statements-of.ts';
import { TwoTenants } from './two-tenants.ts';

const BASE = '/v1/platforms/wx-alfa-platform';

/**
 * Beginnings and ends of transactions, and who calls, which is asked before it is known on whose behalf; and the names of all
 * platforms, which fill the memory of the process after one of them has changed.
 */
const BEFORE_ANYBODY =
  /^(BEGIN|COMMIT|ROLLBACK)$|FROM access\.api_key\s+WHERE key_digest = \$1|FROM custody\.component_account WHERE removing_at IS NULL/;

/**
 * A request is answered on behalf of its caller: as the api role, for which the policies hold whatever a statement forgets.
 * What a request asks as the worker, who sees every row, was looked at one by one; it names its platform itself.
 */
const AS_WORKER: Partial<Record<OperationId, string>> = {
  issueAccessToken: 'fills the memory of the process, and the api role reads no sealed token',
  takeSnapshot: 'what WeChat said is written by the hub; no caller may write history',
  takeWechatIpSnapshot: 'the addresses of WeChat are nobody’s',
  listRelays: 'counts the messages that wait; their rows are sealed, and the api role reads none of them',
  replayPush: 'no caller may change what WeChat has pushed',
  runChecks: 'the checks look at what every capability knows of the platform, also at what no caller may read',
};

describe('a request', () => {
  let tenants: TwoTenants;
  let statementsOf: StatementsOf;
  let keyId: string;
  let rotatedId: string;
  beforeAll(async () => {
    tenants = await TwoTenants.start();
    [keyId, rotatedId] = await Promise.all([newKey(), newKey()]);
    const body = {
      username: 'alfa.user',
      password: 'a password of the spec',
      role: 'viewer',
      component_appid: 'wx-alfa-platform',
    };
    await tenants.world.call('POST', '/v1/users', { body });
    statementsOf = new StatementsOf();
  }, 120_000);
  afterAll(async () => {
    statementsOf?.stop();
    await tenants.stop();
  });

  async function newKey(): Promise<string> {
    const made = await tenants.world.call<{ id: string }>('POST', `${BASE}/api-keys`, {
      body: { name: 'n', scopes: ['audit:read'] },
    });
    return made.body.id;
  }

  const bodies: Partial<Record<OperationId, unknown>> = {
    ...sampleBodies,
    createMerchant: { merchant_id: 'm8', name: 'n' },
    createUser: { username: 'some.body', password: 'a password of the spec', role: 'viewer' },
    assertDomains: { domains: [{ list: 'requestdomain', domain: 'https://everybody.example' }], max_age: 'PT24H' },
    setQuotaBudget: { path: '/wxa/get_effective_domain', per_day: 1000, reserve: 0 },
  };

  function idFor(path: string): string {
    if (path.includes('/snapshots/')) return tenants.snapshotIds['alfa-one'] as string;
    if (path.endsWith('/rotations')) return rotatedId;
    return path.includes('/api-keys/') ? keyId : '1';
  }

  it('is answered on behalf of its caller, but for what was looked at', async () => {
    const [alfa] = tenants.viewers;
    const found: Partial<Record<OperationId, string[]>> = {};
    let answered = 0;
    for (const route of routeList.filter((each) => each.scope !== 'public' && !each.operatorOnly)) {
      const values: Record<string, string> = {
        component_appid: 'wx-alfa-platform',
        authorizer_appid: 'wx-alfa-one',
        merchant_id: 'm1',
        kind: 'callback',
        username: 'alfa.user',
        id: idFor(route.path),
      };
      const path = route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => values[name] as string);
      const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : (bodies[route.id] ?? {});
      const { answer, statements } = await statementsOf.request<Answer>((headers) =>
        tenants.world.call(route.method, path + (sampleQueries[route.id] ?? ''), {
          key: alfa?.key ?? null,
          headers,
          ...(body === undefined ? {} : { body }),
        }),
      );
      if (answer.status < 300) answered += 1;
      const asWorker = statements.filter((each: Statement) => !each.asTenant && !BEFORE_ANYBODY.test(each.text));
      if (asWorker.length > 0) found[route.id] = asWorker.map(({ text }) => text.replace(/\s+/g, ' ').slice(0, 300));
    }
    const reviewed = Object.keys(AS_WORKER).sort();
    expect({ routes: Object.keys(found).sort(), found }).toMatchObject({ routes: reviewed });
    expect(answered).toBeGreaterThan(30);
  });
});
