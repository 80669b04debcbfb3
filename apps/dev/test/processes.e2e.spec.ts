import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { COMPONENT, HUB, ProcessWorld, Program } from './processes.ts';

const base = `/v1/platforms/${COMPONENT}`;

describe('hub processes', () => {
  let world: ProcessWorld | undefined;
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });

  async function authorized(
    count: number,
    rest: { get: (path: string) => Promise<unknown> },
    sets = [17, 18],
  ): Promise<string[]> {
    const { simulator } = world as ProcessWorld;
    const appids = Array.from({ length: count }, (_, index) => `wxp${String(index).padStart(15, '0')}`);
    for (const appid of appids) {
      simulator.world.addMiniProgram({
        appid,
        domains: { effective_domain: { requestdomain: [`https://${appid}.example.cn`] } },
      });
    }
    await Promise.all(
      appids.map((appid) => simulator.world.authorize(COMPONENT, appid, { permissionSets: sets }).pushed),
    );
    await eventually(
      'all authorizations',
      async () => {
        const page = (await rest.get(`${base}/authorizers?state=authorized&limit=500`)) as {
          items: { nick_name: string | null }[];
        };
        return page.items.length === count && page.items.every((item) => item.nick_name !== null);
      },
      60_000,
    );
    return appids;
  }

  it('finish a request when they are told to stop, also when they are told twice', async () => {
    world = await ProcessWorld.start();
    const { program, url, rest } = await world.hub();
    await world.platform(url, rest);
    const [appid] = await authorized(1, rest);
    await program.ends('SIGTERM');
    await world.database.db.run(
      "UPDATE custody.authorizer_token SET access_token_expires_at = now() - interval '1 minute', generation = generation + 1",
    );
    const fresh = await world.hub({ ROLES: 'api' });
    world.simulator.world.latencyMs = 1500;
    const asked = fresh.rest.post<{ access_token: string }>(`${base}/authorizers/${appid}/access-token`);
    await eventually('the call to WeChat', () => (world?.simulator.world.log.inFlight ?? 0) > 0);
    fresh.program.child.kill('SIGTERM');
    await fresh.program.says(/"event":"hub\.stopping"/);
    expect(await fresh.program.ends('SIGTERM')).toBe(0);
    expect(typeof (await asked).access_token).toBe('string');
  });

  it('four on one database: 1,000 callers for one cold merchant get one token from one upstream call of 800 ms', async () => {
    world = await ProcessWorld.start();
    // No worker refreshes in the background while the token is cold.
    const one = await world.hub({ ROLES: 'api,worker' });
    await world.platform(one.url, one.rest);
    const [appid] = await authorized(1, one.rest);
    await one.program.ends('SIGTERM');
    await world.database.db.run(
      "UPDATE custody.authorizer_token SET access_token_expires_at = now() - interval '1 minute', refresh_after = now() + interval '1 hour'",
    );
    const start = world.hub.bind(world, { ROLES: 'api' });
    const hubs = await Promise.all([start(), start(), start(), start()]);
    const before = world.simulator.world.log.total('/cgi-bin/component/api_authorizer_token');
    world.simulator.world.latencyMs = 800;
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        (hubs[n % 4] as (typeof hubs)[0]).rest.post<{ access_token: string }>(
          `${base}/authorizers/${appid}/access-token`,
        ),
      ),
    );
    expect(new Set(tokens.map((token) => token.access_token)).size).toBe(1);
    expect(world.simulator.world.log.total('/cgi-bin/component/api_authorizer_token') - before).toBe(1);
  });

  it('two on one database: each due snapshot of a sweep is taken once', async () => {
    world = await ProcessWorld.start();
    const [one, two] = await Promise.all([world.hub(), world.hub()]);
    await world.platform(one.url, one.rest);
    const appids = await authorized(60, one.rest);
    await eventually(
      'the first snapshots',
      async () => {
        const rows = await (world as ProcessWorld).database.db.query<{ n: number }>(
          'SELECT count(*) AS n FROM domain_ledger.snapshot',
        );
        return rows[0]?.n === appids.length;
      },
      60_000,
    );
    // A slice of the scheduled round may fall into these seconds; what it observes is counted apart.
    const scheduled = async () =>
      (
        await (world as ProcessWorld).database.db.query<{ n: number }>(
          `SELECT coalesce(sum(h.changed + h.unchanged), 0)::int AS n FROM domain_ledger.sweep_shard h
           JOIN domain_ledger.sweep s USING (platform_id, sweep_id) WHERE s.round_at IS NOT NULL`,
        )
      )[0]?.n ?? 0;
    const scheduledBefore = await scheduled();
    const before = world.simulator.world.log.total('/wxa/get_effective_domain');
    const { id } = await two.rest.post<{ id: string }>(`${base}/sweeps`);
    const sweep = await eventually(
      'the sweep',
      async () => {
        const view = await one.rest.get<{ state: string; total: number; unchanged: number; changed: number }>(
          `${base}/sweeps/${id}`,
        );
        return view.state === 'done' ? view : undefined;
      },
      60_000,
    );
    expect(sweep).toMatchObject({ total: 60, unchanged: 60, changed: 0 });
    const calls = world.simulator.world.log.total('/wxa/get_effective_domain') - before;
    expect(calls - ((await scheduled()) - scheduledBefore)).toBe(60);
  });

  it('a kill -9 at any time loses nothing that was acknowledged', async () => {
    world = await ProcessWorld.start();
    const { simulator, database } = world;
    let hub = await world.hub();
    await world.platform(hub.url, hub.rest);
    const appids = Array.from({ length: 30 }, (_, index) => `wxk${String(index).padStart(15, '0')}`);
    for (const appid of appids) simulator.world.addMiniProgram({ appid });
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const some = appids.slice(round * 10, round * 10 + 10);
      const pushes = some.map(async (appid) => {
        const delivery = await simulator.world.authorize(COMPONENT, appid, { permissionSets: [17, 18] }).pushed;
        if (delivery?.ok) acknowledged.push(appid);
      });
      // Some are acknowledged before the kill, some are under way, some are refused: all of it is normal.
      const wanted = acknowledged.length + 1 + 3 * round;
      await eventually('some acknowledgements', () => acknowledged.length >= wanted);
      await hub.program.ends('SIGKILL');
      await Promise.all(pushes);
      hub = await world.hub();
      world.pointWechatAt(hub.url);
      await simulator.world.pushTicket(COMPONENT);
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    const rest = hub.rest;
    for (const appid of acknowledged) {
      await eventually(
        `${appid} after the kills`,
        async () => (await rest.get(`${base}/authorizers/${appid}`).catch(() => undefined))?.state === 'authorized',
        90_000,
      );
      const { access_token: token } = await rest.post<{ access_token: string }>(
        `${base}/authorizers/${appid}/access-token`,
      );
      expect(typeof token).toBe('string');
    }
    const lost = await database.db.query('SELECT 1 FROM custody.authorizer_token WHERE sealed_refresh_token IS NULL');
    expect(lost).toEqual([]);
  });

  it.each([
    ['PORT', '99999'],
    ['HOST', 'not a host'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATA_DIR', '/dev/null/folder'],
    ['WECHAT_API_URL', 'weixin'],
    ['WECHAT_TIMEOUT_MS', 'soon'],
    ['WECHAT_MAX_CONCURRENCY', '0'],
    ['MASTER_KEYS', 'k1:tooshort'],
    ['ADMIN_API_KEY', 'short'],
    ['PUBLIC_URL', 'ftp://x'],
    ['ROLES', 'api,dancer'],
    ['SNAPSHOT_INTERVAL', 'daily'],
    ['API_IP_INTERVAL', 'P1Y'],
    ['RETENTION', 'P1D'],
    ['RETENTION_THIN_TO', 'weekly'],
    ['LOG_LEVEL', 'chatty'],
  ])('a wrong %s stops the start with one line that names it', async (variable, value) => {
    const program = Program.start(HUB, { [variable]: value });
    expect(await program.ends(undefined, 20_000)).toBe(1);
    const lines = program.output.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^wxfleet: ${variable} `));
  });

  it('a database without master keys is refused', async () => {
    const program = Program.start(HUB, { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' });
    expect(await program.ends(undefined, 20_000)).toBe(1);
    expect(program.output.trim()).toMatch(/^wxfleet: MASTER_KEYS must be set/);
  });

  it('a database that is not there is said in one line that names DATABASE_URL', async () => {
    const program = Program.start(HUB, {
      DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z',
      MASTER_KEYS: 'k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
    });
    expect(await program.ends(undefined, 20_000)).toBe(1);
    expect(program.output.trim().split('\n')).toHaveLength(1);
    expect(program.output).toContain('DATABASE_URL');
    expect(program.output).not.toContain('x:y');
  });
});
