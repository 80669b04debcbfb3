import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyRing } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { COMPONENT, HUB, ProcessWorld, Program } from './processes.ts';
import type { Rest } from '../src/rest.ts';

const CLI = 'dist/apps/cli/src/main.js';
const FLEET = 20_000;
const base = `/v1/platforms/${COMPONENT}`;
/** Merchants whose authorization was never exchanged: WeChat lists them without a refresh token. */
const UNEXCHANGED = ['wxunexchanged0001', 'wxunexchanged0002', 'wxunexchanged0003'];
const NEW_KEY = KeyRing.generate('p2');

interface Reconciliation {
  state: string;
  total: number | null;
  listed: number;
  created: number;
  recovered: number;
  unchanged: number;
  without_refresh_token: number;
  failed: number;
}

/** What an operator does on a very bad day, with the commands that they have for it, over hub processes as in production. */
describe('drills with 20,000 merchants', () => {
  let world: ProcessWorld;
  let hub: Awaited<ReturnType<ProcessWorld['hub']>>;
  let appidOf: (index: number) => string;

  beforeAll(async () => {
    world = await ProcessWorld.start();
    hub = await world.hub({ RATE_LIMIT_PER_KEY: '0' });
    await world.platform(hub.url, hub.rest);
    // Without set 18 there are no domains to look at: this is about tokens.
    const fleet = world.simulator.world.addFleet({ platform: COMPONENT, count: FLEET, permissionSetShare: { 18: 0 } });
    appidOf = (index) => fleet.appidOf(index);
    for (const appid of UNEXCHANGED) {
      world.simulator.world.addMiniProgram({ appid });
      world.simulator.world.authorize(COMPONENT, appid, { permissionSets: [17], push: false });
    }
  }, 120_000);
  afterAll(() => world?.stop());

  /** The command line as an operator runs it. */
  const cli = (hubUrl: string, ...args: string[]) =>
    Program.start(CLI, { WXFLEET_URL: hubUrl, ADMIN_API_KEY: world.adminKey }, ['--json', ...args]);

  const ended = async (program: Program) => {
    const code = await program.ends(undefined, 170_000);
    if (code !== 0) throw new Error(`ended with ${code}:\n${program.output}`);
    const line = program.output.split('\n').find((each) => each.startsWith('{'));
    return JSON.parse(line ?? 'null') as Record<string, unknown>;
  };

  /** Runs `reconcile`, and looks meanwhile how far it is. */
  async function reconcile(): Promise<{ run: Reconciliation; progress: number[] }> {
    const { db } = world.database;
    const [before] = await db.query<{ id: number }>(
      'SELECT coalesce(max(reconciliation_id), 0) AS id FROM authorizers.reconciliation',
    );
    const program = cli(hub.url, 'reconcile');
    const progress: number[] = [];
    while (!program.exit) {
      const [row] = await db.query<{ listed: number }>(
        'SELECT listed FROM authorizers.reconciliation WHERE reconciliation_id > $1',
        [before?.id],
      );
      if (row && row.listed !== progress.at(-1)) progress.push(row.listed);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { run: (await ended(program)) as unknown as Reconciliation, progress };
  }

  async function everySixHundredthIsServed(rest: Rest): Promise<void> {
    for (let index = 0; index < FLEET; index += 600) {
      const token = await rest.post<{ access_token: string }>(`${base}/authorizers/${appidOf(index)}/access-token`);
      expect(typeof token.access_token).toBe('string');
    }
  }

  it('one command finds everybody in an empty database', async () => {
    const { run } = await reconcile();
    expect(run).toMatchObject({
      state: 'done',
      total: FLEET + UNEXCHANGED.length,
      listed: FLEET + UNEXCHANGED.length,
      created: FLEET,
      without_refresh_token: UNEXCHANGED.length,
      failed: 0,
    });
  });

  it('one command brings back every token that can be, and says who has to authorize again', async () => {
    await hub.program.ends('SIGKILL');
    // Reading names and permission sets in the background brings back refresh tokens too; here it has ended already.
    await world.database.db.run('UPDATE authorizers.authorizer SET info_fetched_at = wxfleet.now()');
    await world.database.db.run('DELETE FROM custody.authorizer_token');
    hub = await world.hub({ RATE_LIMIT_PER_KEY: '0' });
    world.pointWechatAt(hub.url);

    const { run, progress } = await reconcile();
    expect(run).toMatchObject({
      state: 'done',
      recovered: FLEET,
      without_refresh_token: UNEXCHANGED.length,
      created: 0,
      failed: 0,
    });
    expect(progress.length).toBeGreaterThan(5);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
    const [held] = await world.database.db.query(
      'SELECT count(*)::int AS tokens FROM custody.authorizer_token WHERE sealed_refresh_token IS NOT NULL',
    );
    expect(held).toEqual({ tokens: FLEET });
    await everySixHundredthIsServed(hub.rest);
    const lost = await hub.rest.all<{ authorizer_appid: string }>(`${base}/authorizers?state=reauthorization_required`);
    expect(lost.map(({ authorizer_appid: appid }) => appid).sort()).toEqual(UNEXCHANGED);
    await expect(hub.rest.post(`${base}/authorizers/${UNEXCHANGED[0]}/access-token`)).rejects.toThrow(
      /409.*reauthorization_required/,
    );
  });

  it('the master key is replaced while tokens are handed out, though its worker is killed halfway', async () => {
    const both = { MASTER_KEYS: `${NEW_KEY},${world.masterKeys}`, RATE_LIMIT_PER_KEY: '0' };
    const api = await world.hub({ ...both, ROLES: 'api' });
    const worker = await world.hub({ ...both, ROLES: 'worker' });
    await hub.program.ends('SIGTERM');

    let serving = true;
    let served = 0;
    const failures: string[] = [];
    const caller = async (offset: number) => {
      for (let index = offset; serving; index += 7919) {
        await api.rest
          .post(`${base}/authorizers/${appidOf(index % FLEET)}/access-token`)
          .then(() => (served += 1))
          .catch((error: Error) => failures.push(error.message));
      }
    };
    const callers = [1, 2, 3, 4].map((offset) => caller(offset));
    const progress = async () =>
      (
        await world.database.db.query<{ state: string; resealed: number; total: number | null }>(
          'SELECT state, resealed, total FROM custody.master_key_rotation',
        )
      )[0];

    const program = cli(api.url, 'rotate-master-key');
    await eventually('a part of it', async () => ((await progress())?.resealed ?? 0) >= 2000, 60_000);
    await worker.program.ends('SIGKILL');
    const halfway = await progress();
    expect(halfway?.state).toBe('running');
    expect(halfway?.resealed).toBeLessThan(FLEET);
    await world.hub({ ...both, ROLES: 'worker' });

    expect(await ended(program)).toMatchObject({ state: 'done', key_id: 'p2', remaining: 0 });
    expect(program.output).toContain('nothing is sealed under p1 any more');
    serving = false;
    await Promise.all(callers);
    expect({ failures: failures.slice(0, 3), some: served > 100 }).toEqual({ failures: [], some: true });

    for (const column of ['sealed_refresh_token', 'sealed_previous_refresh_token', 'sealed_access_token']) {
      const [old] = await world.database.db.query<{ rows: number }>(
        `SELECT count(*)::int AS rows FROM custody.authorizer_token
          WHERE ${column} IS NOT NULL AND substring(${column} FROM 3 FOR get_byte(${column}, 1)) <> 'p2'::bytea`,
      );
      expect([column, old?.rows]).toEqual([column, 0]);
    }
  });

  it('the old master key may go then, and alone opens nothing any more', async () => {
    for (const { exit, child } of world.hubs) if (!exit) child.kill('SIGTERM');
    await Promise.all(world.hubs.map((program) => program.ends()));
    const alone = await world.hub({ MASTER_KEYS: NEW_KEY, RATE_LIMIT_PER_KEY: '0' });
    await everySixHundredthIsServed(alone.rest);

    const refused = Program.start(HUB, {
      PORT: '0',
      DATABASE_URL: world.database.url,
      MASTER_KEYS: world.masterKeys,
      ADMIN_API_KEY: world.adminKey,
      WECHAT_API_URL: world.simulator.url,
    });
    expect(await refused.ends()).toBe(1);
    const lines = refused.output.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^wxfleet: MASTER_KEYS does not open .*"p2" is not in MASTER_KEYS: \d+ values/);
  });
});
