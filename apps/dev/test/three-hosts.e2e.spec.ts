import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { Rest } from '../src/rest.ts';
import { Hosts, missingNamespaces } from './hosts.ts';
import { COMPONENT, HUB, ProcessWorld, type Program } from './processes.ts';

const base = `/v1/platforms/${COMPONENT}`;
const FLEET = 60;
const DOMAINS = '/wxa/get_effective_domain';
const appid = (no: number) => `wxh${String(no).padStart(15, '0')}`;

type HostName = 'one' | 'two';
interface HostHub {
  program: Program;
  url: string;
  rest: Rest;
}
interface Feed {
  items: { id: string; type: string; authorizer_appid: string | null }[];
}

const missing = missingNamespaces();
if (missing !== null) process.stderr.write(`three hosts: skipped, ${missing}\n`);

/** PostgreSQL on a host of its own and a hub on each of two others; WeChat and callers come by way of a switch. */
(missing === null ? describe : describe.skip)(`three hosts${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  let hosts: Hosts | undefined;
  let world: ProcessWorld | undefined;
  let hubs: Record<HostName, HostHub>;
  const both = () => Object.values(hubs);

  beforeAll(async () => {
    const net = Hosts.start(['data', 'one', 'two']);
    hosts = net;
    const server = net.run('data', join(import.meta.dirname, 'host-postgres.mjs'), [
      join(net.folder, 'data'),
      net.address('data'),
    ]);
    const url = (await server.says(/^url (\S+)$/m))[1] as string;
    const seenFromHere = new URL(url);
    seenFromHere.host = await net.reach('data', Number(seenFromHere.port));
    const db = await Database.open({ url: seenFromHere.href, poolSize: 2 });
    world = await ProcessWorld.start({ url, db, drop: () => db.close() });
    const { masterKeys, adminKey, simulator } = world;
    await net.offer(8080, Number(new URL(simulator.url).port));
    const start = async (host: HostName): Promise<HostHub> => {
      const program = net.run(host, HUB, [], {
        HOST: net.address(host),
        PORT: '3000',
        DATABASE_URL: url,
        MASTER_KEYS: masterKeys,
        ADMIN_API_KEY: adminKey,
        WECHAT_API_URL: `http://${Hosts.switchAddress}:8080/via/${host}`,
        WECHAT_MAX_CONCURRENCY: '4',
      });
      await program.says(/"event":"hub\.started"/);
      const reached = `http://${await net.reach(host, 3000)}`;
      return { program, url: reached, rest: new Rest(reached, adminKey) };
    };
    hubs = { one: await start('one'), two: await start('two') };
    await world.platform(hubs.one.url, hubs.one.rest);
    for (let no = 0; no < FLEET; no += 1) {
      if (no === FLEET / 2) world.pointWechatAt(hubs.two.url);
      simulator.world.addMiniProgram({ appid: appid(no) });
      expect(await pushed(appid(no))).toBe(true);
    }
  }, 300_000);
  afterAll(async () => {
    // Only this removes the namespaces.
    await world?.stop().finally(() => hosts?.stop());
  });

  const pushed = async (of: string) =>
    (await world?.simulator.world.authorize(COMPONENT, of, { permissionSets: [17, 18] }).pushed)?.ok;
  const token = async (hub: HostHub, of: string) =>
    (await hub.rest.post<{ access_token: string }>(`${base}/authorizers/${of}/access-token`)).access_token;
  const refreshes = (of: string) => world!.simulator.world.refreshes(COMPONENT, of);
  const callsOf = (host: HostName) => world!.simulator.world.calls(DOMAINS).filter(({ via }) => via === host).length;
  /** As if two hours had passed; the memory of every process is told. */
  const expire = (of: string) =>
    world!.database.db.query(
      `WITH expired AS (
         UPDATE custody.authorizer_token SET access_token_expires_at = now() - interval '1 minute', generation = generation + 1
          WHERE authorizer_appid = $1 RETURNING platform_id, authorizer_appid)
       SELECT pg_notify('wxfleet_custody', platform_id || ':' || authorizer_appid) FROM expired`,
      [of],
    );
  const feed = async (hub: HostHub) => {
    const items: Feed['items'] = [];
    for (;;) {
      const last = items.at(-1)?.id ?? '0';
      const page = (await hub.rest.get<unknown>(`${base}/events?after=${last}&limit=500`)) as Feed;
      if (page.items.length === 0) return items;
      items.push(...page.items);
    }
  };

  it('keep the pushes that either takes, and tell the same', async () => {
    for (const { rest } of both()) {
      await eventually(
        'every account with its first snapshot',
        async () => {
          const { items } = await rest.get<{ items: { state: string; last_snapshot_at: string | null }[] }>(
            `${base}/authorizers?limit=500`,
          );
          return (
            items.length === FLEET && items.every((of) => of.state === 'authorized' && of.last_snapshot_at !== null)
          );
        },
        120_000,
      );
    }
    expect(callsOf('one') + callsOf('two')).toBeGreaterThanOrEqual(FLEET);
    await eventually('the same events from both', async () => {
      const [one, two] = [await feed(hubs.one), await feed(hubs.two)];
      const authorized = new Set(
        one.filter(({ type }) => type === 'authorization.granted').map((of) => of.authorizer_appid),
      );
      return authorized.size === FLEET && JSON.stringify(one) === JSON.stringify(two);
    });
  });

  it('hand out one token of an account, from one refresh', async () => {
    const old = await token(hubs.one, appid(0));
    expect(await token(hubs.two, appid(0))).toBe(old);
    const before = refreshes(appid(0));
    world!.simulator.world.latencyMs = 300;
    await expire(appid(0));
    const given = await eventually('another token, from both', async () => {
      const tokens = new Set(await Promise.all(Array.from({ length: 40 }, (_, n) => token(both()[n % 2]!, appid(0)))));
      // A host that has not heard of it yet hands out what it remembers.
      tokens.delete(old);
      expect(tokens.size).toBeLessThan(2);
      const [one, two] = await Promise.all([token(hubs.one, appid(0)), token(hubs.two, appid(0))]);
      return one === two && one !== old ? one : undefined;
    });
    world!.simulator.world.latencyMs = 0;
    expect(given).not.toBe(old);
    expect(refreshes(appid(0)) - before).toBe(1);
  });

  it('do a sweep together, when the one that began it is cut off, and lose nothing', async () => {
    const { simulator, database } = world!;
    const seen = { one: callsOf('one'), two: callsOf('two') };
    const snapshots = () => database.db.query('SELECT * FROM domain_ledger.snapshot');
    const before = (await snapshots()).length;
    simulator.world.latencyMs = 300;
    const { id } = await hubs.one.rest.post<{ id: string }>(`${base}/sweeps`);
    const first = await eventually(
      'a host that begins',
      () => (['one', 'two'] as const).find((host) => callsOf(host) > seen[host]),
      60_000,
    );
    hosts?.link(first, 'down');
    const [cut, goes] = first === 'one' ? [hubs.one, hubs.two] : [hubs.two, hubs.one];
    const other = first === 'one' ? 'two' : 'one';
    simulator.world.latencyMs = 0;

    // A push to the host that is away is refused by the network; WeChat repeats it later.
    world!.pointWechatAt(cut.url);
    const refused = await simulator.world.unauthorize(COMPONENT, appid(1)).pushed;
    expect(refused?.ok).toBe(false);
    world!.pointWechatAt(goes.url);
    expect((await simulator.world.unauthorize(COMPONENT, appid(2)).pushed)?.ok).toBe(true);
    await eventually(
      'the push at the other host',
      async () => (await goes.rest.get(`${base}/authorizers/${appid(2)}`))['state'] === 'unauthorized',
      120_000,
    );
    const refreshed = refreshes(appid(0));
    await expire(appid(0));
    const taken = await eventually('a token', () => token(goes, appid(0)).catch(() => undefined), 120_000);
    expect(refreshes(appid(0)) - refreshed).toBe(1);

    const sweep = await eventually(
      'the sweep, taken over',
      async () => {
        const view = await goes.rest.get<{ state: string; total: number }>(`${base}/sweeps/${id}`);
        return view.state === 'done' ? view : undefined;
      },
      240_000,
    );
    expect(callsOf(other)).toBeGreaterThan(seen[other]);
    expect(cut.program.exit).toBeUndefined();

    hosts?.link(first, 'up');
    await eventually(
      'the host that is back',
      async () => (await fetch(`${cut.url}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok,
      120_000,
    );
    expect(await eventually('its token', () => token(cut, appid(0)).catch(() => undefined), 60_000)).toBe(taken);
    expect((await simulator.world.pusher.resend(refused!)).ok).toBe(true);
    for (const { rest } of both()) {
      for (const shop of [appid(1), appid(2)]) {
        await eventually(
          'what was pushed',
          async () => (await rest.get(`${base}/authorizers/${shop}`))['state'] === 'unauthorized',
          60_000,
        );
      }
    }
    // The late results of the host that lost its lease change nothing.
    expect(await cut.rest.get(`${base}/sweeps/${id}`)).toMatchObject({ state: 'done', total: sweep.total });
    expect((await snapshots()).length).toBe(before);
    const next = await cut.rest.post<{ id: string }>(`${base}/sweeps`);
    await eventually(
      'another sweep',
      async () => (await goes.rest.get(`${base}/sweeps/${next.id}`))['state'] === 'done',
      120_000,
    );
    await eventually('the same events from both', async () => {
      const [one, two] = [await feed(hubs.one), await feed(hubs.two)];
      const withdrawn = one.filter((of) => of.type === 'authorization.revoked').map((of) => of.authorizer_appid);
      expect(new Set(one.map((of) => of.id)).size).toBe(one.length);
      return withdrawn.sort().join() === [appid(1), appid(2)].join() && JSON.stringify(one) === JSON.stringify(two);
    });
  }, 600_000);
});
