import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuditTrail } from '#libs/access';
import { CustodyModule } from '#libs/custody';
import { JobRunner } from '#libs/jobs';
import { Database, KeyRing, Sealer, Ticks } from '#libs/kernel';
import { CallQuota } from '#libs/quota';
import { eventually } from '#libs/testing';
import { WechatTransport } from '#libs/wechat';
import { refreshTokenOf } from '../../simulator/src/tokens.ts';
import { HttpListener } from '../src/http/http-listener.ts';
import type { Hub } from '../src/hub.ts';
import { TokenHandOut } from '../src/rest/token-hand-out.ts';
import { HubWorld, type Answer } from './hub-world.ts';

jest.setTimeout(60_000);

const PLATFORM = 'wxplatform00000a';
const SHOP = 'wxshop0000000001';

describe('a hub that stops', () => {
  let world: HubWorld;
  beforeEach(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.miniProgram(PLATFORM, SHOP);
  });
  afterEach(() => world.stop());

  /** A hub with a hand-out in progress, which takes WeChat half a second because it needs a refresh. */
  async function busyHub(before: (hub: Hub) => void = () => undefined): Promise<{ hub: Hub; answer: Promise<Answer> }> {
    const { world: wechat } = world.simulator;
    await world.hub.stop();
    const hub = await world.addHub();
    // The tick of the start has nothing to refresh; the next one comes in seconds.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await world.db.run(
      `UPDATE custody.authorizer_token SET access_token_expires_at = wxfleet.now() - interval '1 minute', generation = generation + 1`,
    );
    wechat.quirks.rotateRefreshTokens = true;
    wechat.latencyMs = 500;
    before(hub);
    // On a busy machine the call to WeChat may be the tick's: the request has to be in the hub as well.
    let hasArrived = false;
    const handOut = hub.get(TokenHandOut);
    const issue = handOut.issue.bind(handOut);
    handOut.issue = (...request) => {
      hasArrived = true;
      return issue(...request);
    };
    const count = wechat.refreshes(PLATFORM, SHOP);
    const answer = world.call('POST', `/v1/platforms/${PLATFORM}/authorizers/${SHOP}/access-token`, {}, hub);
    answer.catch(() => undefined);
    await eventually(
      'the call to WeChat',
      () => hasArrived && (wechat.log.inFlight > 0 || wechat.refreshes(PLATFORM, SHOP) > count),
    );
    return { hub, answer };
  }

  it('ends in this order: requests, ticks and jobs, what is only in memory, database', async () => {
    const { order, note } = recorder();
    const { hub, answer } = await busyHub((fresh) => note('request', fresh.get(TokenHandOut), 'issue'));
    note('listener', hub.get(HttpListener), 'onModuleDestroy');
    note('ticks', hub.get(Ticks), 'stop');
    note('jobs', hub.get(JobRunner), 'stop');
    note('audit', hub.get(AuditTrail), 'onApplicationShutdown');
    note('tokens', hub.get(CustodyModule), 'onApplicationShutdown');
    note('quota', hub.get(CallQuota), 'onApplicationShutdown');
    note('wechat', hub.get(WechatTransport), 'onApplicationShutdown');
    note('database', hub.get(Database), 'close');
    await hub.stop();
    expect((await answer).status).toBe(200);
    const first = order.filter((name, index) => order.indexOf(name) === index);
    const at = (name: string) => first.indexOf(name);
    expect(first).toHaveLength(9);
    expect(first.slice(0, 2)).toEqual(['request', 'listener']);
    expect(first.slice(2, 4).sort()).toEqual(['jobs', 'ticks']);
    expect(at('audit')).toBeGreaterThan(3);
    // A token is written before the quota of its call, and that before the client of WeChat closes.
    expect(at('tokens')).toBeGreaterThan(3);
    expect(at('quota')).toBeGreaterThan(at('tokens'));
    expect(at('wechat')).toBeGreaterThan(at('quota'));
    expect(first.at(-1)).toBe('database');
  });

  it('accepts no connection, and loses neither what it answered last nor what a tick was writing', async () => {
    const { hub, answer } = await busyHub();
    await world.db.run('CREATE TABLE public.written (what text)');
    await world.db.run('GRANT ALL ON public.written TO public');
    let tickEnded = false;
    void hub.get(Ticks).run('spec', async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await hub.db.run(`INSERT INTO public.written VALUES ('by a tick')`);
      tickEnded = true;
    });
    let answered = false;
    void answer.then(() => (answered = true));
    const stopped = hub.stop();
    await eventually('the listener is closed', () => isRefused(new URL(hub.url)));
    expect(answered).toBe(false);
    await stopped;
    expect((await answer).status).toBe(200);
    expect(tickEnded).toBe(true);
    expect(await world.db.query('SELECT what FROM public.written')).toEqual([{ what: 'by a tick' }]);
    const issued = await world.db.query(
      `SELECT detail FROM access.audit_event WHERE action = 'access_token.issued' AND outcome = 'ok'`,
    );
    expect(issued).toHaveLength(1);
    expect(await refreshToken()).toBe(currentAtWechat());
    expect(world.lines.filter((line) => /"event":"nest"|not_stopped|tick_failed/.test(line))).toEqual([]);
  });

  it('stops once, however often it is asked to', async () => {
    const { hub, answer } = await busyHub();
    const [first, second] = [hub.stop(), hub.stop()];
    expect(second).toBe(first);
    await second;
    expect((await answer).status).toBe(200);
    await hub.stop();
  });

  /** The refresh token that is stored. */
  async function refreshToken(): Promise<string> {
    const [row] = await world.db.query<{ platform_id: number; sealed: Buffer }>(
      'SELECT platform_id, sealed_refresh_token AS sealed FROM custody.authorizer_token',
    );
    const place = `custody.authorizer_token.refresh_token:${row!.platform_id}:${SHOP}`;
    return new Sealer(KeyRing.parse(world.masterKeys)).open(row!.sealed, place).reveal();
  }

  function currentAtWechat(): string {
    const { world: wechat } = world.simulator;
    return refreshTokenOf(wechat, wechat.platform(PLATFORM), SHOP, wechat.grantOf(PLATFORM, SHOP)!);
  }
});

describe('a hub that does not start', () => {
  it('leaves no connection to the database', async () => {
    const world = await HubWorld.start();
    try {
      await world.platform(PLATFORM);
      await world.hub.stop();
      const keys = KeyRing.generate('other');
      await expect(world.addHub({ MASTER_KEYS: keys })).rejects.toThrow('MASTER_KEYS');
      const open = () =>
        world.db.query(
          `SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ '^wxfleet hub'`,
        );
      await eventually('no connection', async () => (await open()).length === 0);
    } finally {
      await world.stop();
    }
  });
});

/** Notes the names of methods of real services, in the order in which they have ended. */
function recorder(): { order: string[]; note: (name: string, service: object, method: string) => void } {
  const order: string[] = [];
  const note = (name: string, service: object, method: string) => {
    const methods = service as Record<string, (...parameters: unknown[]) => unknown>;
    const real = methods[method]!.bind(service);
    methods[method] = async (...parameters) => {
      const result = await real(...parameters);
      order.push(name);
      return result;
    };
  };
  return { order, note };
}

function isRefused({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
