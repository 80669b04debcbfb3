import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { CoverageView } from '#libs/contract';
import { ReadReplica } from '#libs/kernel';
import { PostgresServer } from '#libs/postgres';
import { eventually } from '#libs/testing';
import type { Hub } from '../src/hub.ts';
import { HubWorld } from './hub-world.ts';

jest.setTimeout(120_000);
const PLATFORM = 'wxplatform00000a';
const base = `/v1/platforms/${PLATFORM}`;
const ONE = 'wxshopone0000001';
const TWO = 'wxshoptwo0000001';
const domainOf = (n: number) => `https://d${n}.example.com`;

/** A real primary and a real standby, which is stopped in every way that a standby can be. */
describe('a replica that answers questions about the fleet', () => {
  let folder: string;
  let primary: PostgresServer;
  let standby: PostgresServer;
  let world: HubWorld;
  /** Of the second, a replica may be one second behind. */
  let strict: Hub;
  let limited: string;

  const on = async (server: PostgresServer, text: string) => {
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  /** How many mini programs have the domain, and as of when; null: everything there is. */
  const covered = async (n: number, options: { key?: string; hub?: Hub; accept?: string } = {}) => {
    const { key, hub, accept } = options;
    const path = `${base}/domain-coverage?list=requestdomain&domain=${encodeURIComponent(domainOf(n))}`;
    const ask = { ...(key === undefined ? {} : { key }), ...(accept === undefined ? {} : { headers: { accept } }) };
    const answer = await world.call<CoverageView | undefined>('GET', path, ask, hub);
    if (answer.status !== 200) throw new Error(`${answer.text}\n${world.lines.slice(-5).join('\n')}`);
    const asOf = answer.headers.get('x-data-as-of');
    return { count: answer.body?.covered, text: answer.text, asOf: asOf === null ? null : new Date(asOf) };
  };
  const observe = async (appid: string, n: number) => {
    const lists = { requestdomain: [domainOf(n)] };
    world.simulator.world.setDomains(appid, { third_domain: lists, effective_domain: lists });
    const { status, text } = await world.call('POST', `${base}/authorizers/${appid}/snapshots`);
    if (status >= 300) throw new Error(text);
  };
  const replicaAnswers = (n: number, count: number) =>
    eventually(
      'the replica answers',
      async () => {
        const answer = await covered(n);
        return answer.asOf !== null && answer.count === count;
      },
      20_000,
    );
  const counted = (server: string, reason: string) =>
    eventually(`it is counted: ${server}, ${reason}`, async () => {
      const { text } = await world.call('GET', '/metrics');
      return text.includes(`wxfleet_fleet_reads_total{server="${server}",reason="${reason}"}`);
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wxfleet-replica-'));
    await chmod(folder, 0o755);
    primary = await PostgresServer.start({ dataDir: join(folder, 'primary'), durable: false });
    // Replay does not wait for queries, so that one in its way is ended at once.
    standby = await primary.standby({ dataDir: join(folder, 'standby'), settings: ['max_standby_streaming_delay=0'] });
    world = await HubWorld.start({
      DATABASE_URL: primary.url(),
      READ_DATABASE_URL: standby.url(),
      READ_DATABASE_MAX_LAG: 'PT10M',
    });
    strict = await world.addHub({ READ_DATABASE_MAX_LAG: 'PT1S', ROLES: 'api' });
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.merchant(PLATFORM, 'm2');
    await world.miniProgram(PLATFORM, ONE, { merchantId: 'm1' });
    await world.miniProgram(PLATFORM, TWO, { merchantId: 'm2' });
    limited = await world.apiKey(PLATFORM, { scopes: ['domains:read'], merchantIds: ['m1'] });
    await observe(ONE, 1);
    await observe(TWO, 1);
  });
  afterAll(async () => {
    await world?.stop();
    await standby?.destroy();
    await primary?.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers with the same row-level security, as JSON and as a table, and says as of when', async () => {
    const before = new Date();
    await replicaAnswers(1, 2);
    const { asOf } = await covered(1);
    expect(Math.abs((asOf as Date).getTime() - before.getTime())).toBeLessThan(60_000);
    expect((await covered(1, { key: limited })).count).toBe(1);
    const table = await covered(1, { accept: 'text/csv' });
    expect(table.asOf).not.toBeNull();
    expect([table.text.includes(ONE), table.text.includes(TWO)]).toEqual([true, true]);
    const own = await covered(1, { accept: 'text/csv', key: limited });
    expect([own.text.includes(ONE), own.text.includes(TWO)]).toEqual([true, false]);
    for (const path of ['domain-gauges', 'overview', 'domain-drift', 'domain-changes', 'domain-change-groups'])
      expect((await world.call('GET', `${base}/${path}`)).headers.has('x-data-as-of')).toBe(true);
    await counted('replica', 'none');
  });

  it('lags: says so, decides nothing, and is left alone where that is too far', async () => {
    await on(standby, 'SELECT pg_wal_replay_pause()');
    await eventually('replay stands still', async () => {
      const [row] = await on(standby, `SELECT pg_get_wal_replay_pause_state() = 'paused' AS paused`);
      return row?.['paused'] === true;
    });
    const changedAt = new Date();
    await observe(ONE, 2);
    const late = await covered(2);
    expect(late.count).toBe(0);
    expect((late.asOf as Date).getTime()).toBeLessThan(changedAt.getTime());
    // One mini program, and whether a release may be made, are asked of the primary.
    const current = await world.call('GET', `${base}/authorizers/${ONE}/domains`);
    expect([current.text.includes(domainOf(2)), current.headers.has('x-data-as-of')]).toEqual([true, false]);
    const body = { domains: [{ list: 'requestdomain', domain: domainOf(2) }], authorizer_appids: [ONE] };
    const asserted = await world.call<{ items: { verdict: string }[] }>('POST', `${base}/domain-assertions`, { body });
    expect(asserted.body.items.map(({ verdict }) => verdict)).toEqual(['covered']);
    await eventually('one second is too far', async () => (await covered(2, { hub: strict })).asOf === null);
    expect((await covered(2, { hub: strict })).count).toBe(1);
    await on(standby, 'SELECT pg_wal_replay_resume()');
    await replicaAnswers(2, 1);
    await eventually('it is near enough again', async () => (await covered(2, { hub: strict })).asOf !== null, 20_000);
  });

  it('ends a query in the way of its replay: the primary answers it', async () => {
    await on(
      primary,
      'CREATE TABLE public.in_the_way AS SELECT 1 AS n; GRANT SELECT ON public.in_the_way TO wxfleet_api',
    );
    await eventually('it is replayed', async () => {
      const [row] = await on(standby, `SELECT to_regclass('public.in_the_way') IS NOT NULL AS there`);
      return row?.['there'] === true;
    });
    let tries = 0;
    const reading = world.hub.get(ReadReplica).read({ platformId: null, merchantIds: null }, async (sql) => {
      tries += 1;
      // Ten seconds on the replica; on the primary there is no row left to wait for.
      return sql.query('SELECT pg_sleep(10) FROM public.in_the_way');
    });
    await eventually('the query runs', async () => {
      const [row] = await on(standby, `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'PgSleep'`);
      return row?.['n'] === 1;
    });
    await on(primary, 'TRUNCATE public.in_the_way');
    expect(await reading).toEqual({ value: [], asOf: null });
    expect(tries).toBe(2);
    await counted('primary', 'conflict');
  });

  it('hangs, dies, comes back: the primary answers meanwhile', async () => {
    await standby.freeze();
    try {
      await eventually('the primary answers', async () => (await covered(2)).asOf === null);
      await observe(TWO, 2);
      expect((await covered(2)).count).toBe(2);
    } finally {
      await standby.thaw();
    }
    await replicaAnswers(2, 2);
    await standby.pause('immediate');
    await observe(ONE, 3);
    expect(await covered(3)).toMatchObject({ count: 1, asOf: null });
    await counted('primary', 'away');
    await standby.resume();
    await replicaAnswers(3, 1);
  });

  it('is promoted: it is another database then', async () => {
    await standby.promote();
    await observe(TWO, 4);
    expect(await covered(4)).toMatchObject({ count: 1, asOf: null });
    await counted('primary', 'promoted');
    expect(world.lines.some((line) => line.includes('read_replica.not_used') && line.includes('promoted'))).toBe(true);
  });
});
