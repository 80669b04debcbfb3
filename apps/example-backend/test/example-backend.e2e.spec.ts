import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrail } from '#libs/access';
import { eventually } from '#libs/testing';
import { Program } from '../../dev/test/processes.ts';
import { COMPONENT, startWorld, type TestWorld } from '../../dev/test/test-world.ts';

const READY = 'wxexample0000001';
const LATE = 'wxexample0000002';
const NEEDED = 'https://api.example.com';

/** The example as a process of its own, against a hub and WeChat's simulator. */
describe('the example backend', () => {
  let world: TestWorld;
  let program: Program;
  let url: string;
  beforeAll(async () => {
    world = await startWorld();
    for (const [appid, requestdomain] of [
      [READY, [NEEDED]],
      [LATE, ['https://old.example.com']],
    ] as const) {
      world.simulator.world.addMiniProgram({ appid });
      world.simulator.world.setDomains(appid, { effective_domain: { requestdomain: [...requestdomain] } });
      world.simulator.world.authorize(COMPONENT, appid, { permissionSets: [18] });
    }
    await eventually('both are known', async () => {
      const { items } = await world.rest.get<{ items: { kind: string; last_snapshot_at: string | null }[] }>(
        `/v1/platforms/${COMPONENT}/authorizers`,
      );
      return items.length === 2 && items.every((item) => item.last_snapshot_at !== null);
    });
    const { key } = await world.rest.post<{ key: string }>(`/v1/platforms/${COMPONENT}/api-keys`, {
      name: 'example',
      scopes: ['tokens:issue', 'domains:read', 'domains:snapshot'],
    });
    program = Program.start('dist/apps/example-backend/src/main.js', {
      WXFLEET_URL: world.hub.url,
      WXFLEET_API_KEY: key,
      COMPONENT_APPID: COMPONENT,
      WECHAT_API_URL: world.simulator.url,
      PORT: '0',
    });
    url = (await program.says(/example backend: (\S+)/))[1] as string;
  }, 120_000);
  afterAll(async () => {
    expect(await program?.ends('SIGTERM')).toBe(0);
    await world.stop();
  });

  async function ask(method: string, path: string, body?: unknown) {
    const response = await fetch(url + path, {
      method,
      headers: { connection: 'close' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Tokens that the hub has handed out, by its audit trail. */
  async function handedOut(): Promise<number> {
    await world.hub.get(AuditTrail).flush();
    const [row] = await world.database.db.query<{ count: number }>(
      `SELECT coalesce(sum(count), 0)::int AS count FROM access.audit_event WHERE action = 'access_token.issued'`,
    );
    return row?.count ?? 0;
  }

  const live = () => ask('GET', `/shops/${READY}/live-domains`);
  const enforced = { status: 200, body: { effective_domain: { requestdomain: [NEEDED] } } };

  it('calls WeChat with one token as long as that lives', async () => {
    expect(await live()).toMatchObject(enforced);
    const before = await handedOut();
    for (let call = 0; call < 5; call += 1) expect(await live()).toMatchObject(enforced);
    expect([before, await handedOut()]).toEqual([1, 1]);
  });

  it('tells wxfleet of a token that WeChat rejects, and goes on with the next one', async () => {
    const path = '/wxa/get_effective_domain';
    const tokens: string[] = [];
    const unhook = world.simulator.world.onCall(async (call) => {
      if (call.path === path) tokens.push(call.accessToken);
    });
    await live();
    const fault = world.simulator.world.faults.add({ kind: 'errcode', errcode: 40001, times: 1, match: { path } });
    expect(await live()).toMatchObject(enforced);
    world.simulator.world.faults.remove(fault.id);
    unhook();
    const [current, rejected, next] = tokens;
    expect(tokens).toHaveLength(3);
    expect(rejected).toBe(current);
    expect(next).not.toBe(current);
    expect(world.simulator.world.refreshes(COMPONENT, READY)).toBe(1);
  });

  it('lets a release out only when every mini program is ready for it', async () => {
    const check = () => ask('POST', '/release-checks', { domains: [{ list: 'requestdomain', domain: NEEDED }] });
    expect(await check()).toEqual({
      status: 409,
      body: { obstacles: [{ authorizerAppid: LATE, merchantId: null, verdict: 'missing', domains: [NEEDED] }] },
    });
    world.simulator.world.setDomains(LATE, { effective_domain: { requestdomain: [NEEDED] } });
    await world.rest.post(`/v1/platforms/${COMPONENT}/authorizers/${LATE}/snapshots`);
    expect(await check()).toEqual({ status: 200, body: { obstacles: [] } });
  });

  it('answers when a domain was in force', async () => {
    const { body } = await ask('GET', `/shops/${LATE}/domain-history`);
    expect(body).toMatchObject([
      { list: 'requestdomain', domain: NEEDED, present: true, ended_at: null },
      { list: 'requestdomain', domain: 'https://old.example.com', present: false, ended_at: expect.any(String) },
    ]);
  });

  it('tells on what wxfleet refuses', async () => {
    expect(await ask('GET', '/shops/wxnobody/live-domains')).toEqual({ status: 404, body: { error: 'not_found' } });
    expect(program.output).not.toMatch(/wxf_pk_|Error/);
  });
});
