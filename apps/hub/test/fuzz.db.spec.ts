import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuditTrail, generateKey } from '#libs/access';
import { routes, type OperationId, type Route } from '#libs/contract';
import { eventually } from '#libs/testing';
import { ADMIN_KEY, APPSECRET, AES_KEY, PUSH_TOKEN, type Answer } from './hub-world.ts';
import { FuzzedPerson, PASSWORD } from './fuzzed-person.ts';
import {
  SOME_KEY,
  SOME_PUSH,
  alsoKnown,
  hostileRequest,
  meantRoutes,
  signedPush,
  wellMeantRequest,
  type HostileRequest,
} from './hostile.ts';
import { rowsOutOfReach } from './rows-out-of-reach.ts';
import { TwoTenants, type Viewer } from './two-tenants.ts';

/** `npm run fuzz` sends 100 000. */
const INPUTS = Number(process.env.FUZZ_INPUTS ?? 3000);
/** The same inputs in every `npm test`, so that a red run is about the change; `npm run fuzz` draws others each time. */
const SEED = process.env.FUZZ_SEED ?? (process.env.FUZZ_INPUTS === undefined ? '5' : undefined);
const AT_ONCE = 10;

/** What an answer never shows: where the code is, what the database said, what an engine threw. */
const INSIDES =
  /node_modules|\bat [\w.<>]+ \(|\.ts:\d+|syntax error at|relation "|violates|pg_catalog|TypeError|RangeError/;

/** Rows that only an accepted request may add. Audit events, pushes and what WeChat sets in motion grow by themselves. */
const GROWN_BY = {
  'custody.component_account': 'createPlatform',
  'authorizers.merchant': 'createMerchant',
  'authorizers.authorization_link': 'createAuthorizationLink',
  'access.console_user': 'createUser',
  'access.session': 'createSession',
} as const;

/** What WeChat itself does not grant without end. */
const MOST: Partial<Record<OperationId, number>> = { resetQuota: 10 };

describe('hostile requests', () => {
  let tenants: TwoTenants;
  /** A person for each of the callers behind the keys. */
  const people: FuzzedPerson[] = [];
  const accepted = new Map<string, number>();
  let before: Record<string, number>;
  let sent = 0;
  let acceptedFromPeople = 0;
  let meant = 0;
  /** Keys that requests make and may lose again; those of the callers are not among them. */
  const spareKeys: string[] = [];
  /** A push that nobody understands, however often it is replayed. */
  let sparePush: string;
  beforeAll(async () => {
    tenants = await TwoTenants.start({
      RATE_LIMIT_PER_KEY: '0',
      TRUSTED_PROXIES: '127.0.0.0/8',
    });
    // Only the first tenant attacks: whatever changes at the second one was not theirs to change.
    tenants.viewers.splice(3);
    for (const [role, network] of [
      ['viewer', '11'],
      ['admin', '12'],
    ] as const) {
      people.push(await FuzzedPerson.of(tenants.world, 'wx-alfa-platform', role, network));
    }
    for (const username of ['fuzzed.victim', 'fuzzed.guest']) {
      const body = { username, password: PASSWORD, role: 'viewer', component_appid: 'wx-alfa-platform' };
      await tenants.world.call('POST', '/v1/users', { body });
    }
    const ofBravo = await tenants.world.db.query<{ id: string }>(
      'SELECT id FROM access.api_key WHERE platform_id = $1',
      [tenants.platformIds['wx-bravo-platform']],
    );
    alsoKnown([...Object.values(tenants.snapshotIds), ...ofBravo.map(({ id }) => id)]);
    sparePush = await pushNobodyUnderstands();
    before = await counts();
  }, 120_000);
  afterAll(() => tenants.stop());

  async function pushNobodyUnderstands(): Promise<string> {
    const inner = '<xml><AppId>wx-alfa-platform</AppId><InfoType>spare</InfoType><CreateTime>1</CreateTime></xml>';
    const { query, body } = signedPush('wx-alfa-platform', inner, 'spare');
    const path = `/wechat/wx-alfa-platform/events?${new URLSearchParams(query).toString()}`;
    await tenants.world.call('POST', path, { key: null, body, headers: { 'content-type': 'text/xml' } });
    return eventually('the push is given up', async () => {
      const [push] = await tenants.world.db.query<{ id: string }>(
        `SELECT push_id::text AS id FROM inbox.push WHERE info_type = 'spare' AND state <> 'pending'`,
      );
      return push?.id;
    });
  }

  async function counts(): Promise<Record<string, number>> {
    const tables = [...Object.keys(GROWN_BY), 'access.api_key'];
    const rows = await tenants.world.db.query<{ name: string; count: number }>(
      tables.map((name) => `SELECT '${name}' AS name, count(*) AS count FROM ${name}`).join(' UNION ALL '),
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  async function outOfReach(componentAppid: string, mark?: string) {
    // What was counted before belongs before.
    await tenants.world.hub.get(AuditTrail).flush();
    return rowsOutOfReach(tenants, componentAppid, mark);
  }

  function personOf(request: HostileRequest): FuzzedPerson | undefined {
    return people[request.caller - tenants.viewers.length];
  }

  /** Behind the keys and the people. It may do everything, and leaves the second tenant alone: what changes there is a defect. */
  function isOperator(request: HostileRequest): boolean {
    return request.caller === tenants.viewers.length + people.length;
  }

  /** Whose data the caller may see: a person sees the whole platform. */
  function viewerOf(request: HostileRequest): Viewer | undefined {
    return personOf(request) ? tenants.viewers[0] : tenants.viewers[request.caller];
  }

  function send(request: HostileRequest): Promise<Answer> {
    const person = personOf(request);
    const made = request.caller === -2 ? generateKey('pk') : null;
    const key = isOperator(request) ? ADMIN_KEY : person ? null : (viewerOf(request)?.key ?? made);
    const aside = (text: string) => (isOperator(request) ? text.replaceAll('bravo', 'alfa') : text);
    const path = request.path.replace(SOME_KEY, () => spareKeys.pop() ?? SOME_KEY).replace(SOME_PUSH, sparePush);
    const other = people.find((each) => each !== person) as FuzzedPerson;
    return tenants.world.call(request.method, aside(path), {
      key,
      headers: {
        ...request.headers,
        ...(person ? person.headers(request.csrf, request.headers['cookie'], other) : {}),
        // Otherwise a page for people, whatever went wrong.
        ...(request.id === 'finishAuthorization' ? { accept: 'application/json' } : {}),
      },
      ...(request.body === undefined ? {} : { body: aside(request.body) }),
    });
  }

  function judge(request: HostileRequest, answer: Answer): void {
    const route = routes[request.id] as unknown as Route;
    // WeChat's own refusals are described; anything else from 500 on is a defect.
    const isForeseen = (route.problems ?? []).includes(answer.body?.['code'] as never);
    if (answer.status >= 500 && !isForeseen)
      throw new Error(
        [
          `${request.method} ${request.path}: ${answer.status} ${answer.text.slice(0, 500)}`,
          ...tenants.world.lines.filter((line) => line.includes(String(answer.body?.['instance']))),
          ...tenants.world.lines.slice(-20),
        ].join('\n  '),
      );
    if (request.id !== 'openapi' && request.id !== 'docs') expect(answer.text).not.toMatch(INSIDES);
    for (const secret of [APPSECRET, AES_KEY, PASSWORD]) expect(answer.text.includes(secret)).toBe(false);
    const isGuarded = personOf(request) && request.method !== 'GET' && route.scope !== 'public';
    // Refused for that, or because it did not even reach a route.
    if (isGuarded && request.csrf !== 'own') expect([400, 401, 403, 404, 405, 414]).toContain(answer.status);
    const viewer = viewerOf(request);
    const asked = request.path + (request.body ?? '');
    // Paths of refused pushes are what a stranger wrote below the platform's own address, whatever it names.
    const isOfStrangers = request.id === 'listRefusedPushes' && viewer?.tenant.merchantIds === null;
    const text = isOfStrangers
      ? answer.text.replaceAll(new RegExp(`"path":"/wechat/${viewer.componentAppid}/[^"]*"`, 'g'), '')
      : answer.text;
    const leaks = (viewer ? tenants.forbidden(viewer) : [])
      .filter((mark) => text.includes(mark) && !asked.includes(mark))
      // Metrics are the operator's: they name platforms, and merchants never (docs/security.md).
      .filter((mark) => request.id !== 'metrics' || !mark.endsWith('-platform'));
    expect(leaks).toEqual([]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }

  /** A user that logged out by accident logs in again. */
  async function backIn(requests: readonly HostileRequest[]): Promise<void> {
    for (const request of requests) if (request.id === 'deleteSession') await personOf(request)?.logIn();
  }

  it(
    `of ${INPUTS} none is answered with a surprise, a leak or a word about the inside`,
    async () => {
      const theirs = await outOfReach('wx-bravo-platform');
      const callers = tenants.viewers.length + people.length + 1;
      await fc.assert(
        fc.asyncProperty(
          fc.array(hostileRequest(callers), { minLength: AT_ONCE, maxLength: AT_ONCE }),
          async (hostile) => {
            // One of them is right in every respect, so that something is stored that was asked for.
            const requests = [...hostile.slice(1), wellMeantRequest(meant, callers - 1, callers - 2)];
            meant += 1;
            const answers = await Promise.all(requests.map(send));
            answers.forEach((answer, at) => {
              const request = requests[at] as HostileRequest;
              sent += 1;
              if (answer.status < 300) {
                accepted.set(request.id, (accepted.get(request.id) ?? 0) + 1);
                if (personOf(request)) acceptedFromPeople += 1;
                const isSpare = ['createApiKey', 'rotateApiKey'].includes(request.id) && isOperator(request);
                if (isSpare) spareKeys.push((answer.body as { id: string }).id);
              }
              judge(request, answer);
            });
            await backIn(requests);
          },
        ),
        {
          numRuns: Math.ceil(INPUTS / AT_ONCE),
          endOnFailure: true,
          ...(SEED === undefined ? {} : { seed: Number(SEED) }),
        },
      );
      expect(sent).toBeGreaterThanOrEqual(INPUTS);
      expect(await outOfReach('wx-bravo-platform')).toEqual(theirs);
    },
    3 * 3_600_000,
  );

  it('stores nothing that was not asked for and answered with success', async () => {
    const after = await counts();
    for (const [table, operation] of Object.entries(GROWN_BY)) {
      const logins = table === 'access.session' ? people.reduce((sum, person) => sum + person.logins - 1, 0) : 0;
      expect([table, after[table]! - before[table]! - logins]).toEqual([table, accepted.get(operation) ?? 0]);
    }
    const keys = (accepted.get('createApiKey') ?? 0) + (accepted.get('rotateApiKey') ?? 0);
    expect(after['access.api_key']! - before['access.api_key']!).toBe(keys);
  });

  it('changes nothing of another merchant for a key that is limited to one', async () => {
    const limited = tenants.viewers.findIndex(({ name }) => name === 'alfa limited to one');
    const theirs = await outOfReach('wx-alfa-platform', 'alfa-two');
    const some = fc.sample(hostileRequest(1), Math.max(300, INPUTS / 10));
    // Pushes are nobody's, and a key says nothing to them.
    const asked = some.filter(({ id }) => id !== 'receiveEvent' && id !== 'receiveMessage');
    for (let from = 0; from < asked.length; from += AT_ONCE) {
      const requests = asked.slice(from, from + AT_ONCE).map((request) => ({ ...request, caller: limited }));
      (await Promise.all(requests.map(send))).forEach((answer, at) => judge(requests[at] as HostileRequest, answer));
    }
    expect(await outOfReach('wx-alfa-platform', 'alfa-two')).toEqual(theirs);
  }, 600_000);

  it('reaches what lies behind the checks, so that it says something', () => {
    // Half of what was meant well at the least: keys to rotate and revoke, for instance, must be there.
    const least = Math.max(1, Math.floor(meant / meantRoutes.length / 2));
    const tooFew = meantRoutes.filter((id) => (accepted.get(id) ?? 0) < Math.min(least, MOST[id] ?? least));
    expect(tooFew).toEqual([]);
    expect([...accepted.keys()].length).toBeGreaterThan(45);
    expect(acceptedFromPeople).toBeGreaterThan(INPUTS / 100);
  });

  it('leaves the hub alive, and neither a secret nor a line break of a caller in its log', async () => {
    expect((await tenants.world.call('GET', '/health/ready', { key: null })).status).toBe(200);
    const isWrong = (line: string) =>
      !line.startsWith('{"at":"') ||
      /[\n\r]/.test(line) ||
      [APPSECRET, AES_KEY, PUSH_TOKEN, PASSWORD].some((secret) => line.includes(`"${secret}"`));
    expect(tenants.world.lines.filter(isWrong)).toEqual([]);
  });
});
