import type { Database } from '#libs/kernel';
import { appidOf, seedFleet, simulateFleet } from '../fleet.ts';
import { load } from '../load.ts';
import { pushRequest, unauthorizedXml } from '../pushes.ts';
import { percentile, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import { pause, until } from '../waiting.ts';

interface Options {
  fleet: number;
  events: number;
  every: number;
  latency: number;
}

/** How long the events of one platform wait while the hub takes over the whole fleet of another. */
export const onboarding: Scenario<Options> = {
  name: 'onboarding',
  summary: 'delay of events of one platform while another one onboards a fleet',
  options: (command) =>
    command
      .option('--fleet <n>', 'accounts of the platform that onboards', whole(1), 20_000)
      .option('--events <n>', 'withdrawals of the other platform', whole(1), 200)
      .option('--every <ms>', 'milliseconds between two of them', whole(1), 250)
      .option('--latency <ms>', 'milliseconds WeChat takes for every answer', whole(0), 50),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url);
    const newcomer = await stage.platform(hub, simulator, 'wxbench000000000001');
    const other = await stage.platform(hub, simulator, 'wxbench000000000002');
    const db = await stage.database();
    await simulateFleet(simulator, newcomer, options.fleet);
    await seedFleet(db, stage.sealer, other, { count: options.events });
    await simulator.control('PUT', '/latency', { ms: options.latency });

    const started = await hub.call('POST', `/v1/platforms/${newcomer.componentAppid}/reconciliations`, {});
    if (started.status !== 202) throw new Error(`no reconciliation: ${JSON.stringify(started.body)}`);
    // Details are read when the list has been.
    await until('the first accounts', 240_000, 100, async () =>
      (await read(db, newcomer.platformId)) > 0 ? true : null,
    );
    const before = await read(db, newcomer.platformId);
    for (let n = 0; n < options.events; n += 1) {
      const push = pushRequest(other.componentAppid, unauthorizedXml(other.componentAppid, appidOf(n)));
      const sent = await load({
        url: hub.url,
        request: () => push,
        connections: 1,
        requests: 1,
        ok: ({ status, body }) => status === 200 && body === 'success',
      });
      if (sent.failures > 0) throw new Error(`a push was refused: ${sent.failure}`);
      await pause(options.every);
    }
    const after = await read(db, newcomer.platformId);
    progress(`${after - before} of ${options.fleet} accounts were read while ${options.events} events came`);
    const delays = await until('the events', 120_000, 200, async () => {
      const rows = await db.query<{ ms: number | null }>(
        `SELECT extract(epoch FROM handled_at - received_at)::float8 * 1000 AS ms FROM inbox.push
          WHERE platform_id = $1 AND info_type = 'unauthorized'`,
        [other.platformId],
      );
      return rows.every(({ ms }) => ms !== null) ? rows.map(({ ms }) => ms as number) : null;
    });
    report('onboarding', {
      fleet: options.fleet,
      events: delays.length,
      wechat_ms: options.latency,
      event_delay_p50_ms: percentile(delays, 50),
      event_delay_p99_ms: percentile(delays, 99),
      event_delay_max_ms: Math.max(...delays),
      wanted_p99_ms: 2000,
      accounts_read_meanwhile: after - before,
    });
  },
};

/** Accounts of the platform whose details have come. */
async function read(db: Database, platformId: number): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM authorizers.authorizer WHERE platform_id = $1 AND info_fetched_at IS NOT NULL',
    [platformId],
  );
  return row?.count ?? 0;
}
