import { newApiKey } from '../api-key.ts';
import { appidOf, seedFleet } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';
import { httpRequest } from '../http-connection.ts';
import { type LoadResult, load } from '../load.ts';
import { median, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import type { HubProcess, Platform } from '../stage.ts';

interface Options {
  rate: number;
  floodRate: number;
  connections: number;
  keys: number;
  seconds: number;
  rounds: number;
  merchants: number;
}

/** Two tenants on one hub: what a calm one feels of the other's flood. */
export const flood: Scenario<Options> = {
  name: 'flood',
  summary: "one tenant's p99 at a calm rate, alone and while another tenant floods the hub",
  options: (command) =>
    command
      .option('--rate <n>', 'requests per second of the calm tenant, half hand-outs and half reads', whole(1), 200)
      .option(
        '--flood-rate <n>',
        'requests per second of the other at most; five times the limit of one key',
        whole(1),
        25_000,
      )
      .option('--connections <n>', 'connections of the flood', whole(1), 64)
      .option('--keys <n>', 'keys of the flood', whole(1), 4)
      .option('--seconds <n>', 'length of one measurement', whole(1), 10)
      .option('--rounds <n>', 'measurements of each, taking turns', whole(1), 3)
      .option('--merchants <n>', 'of each tenant', whole(1), 1000),
  async run(stage, options) {
    const simulator = await stage.simulator();
    // The limits of production: an empty variable is an absent one.
    const hub = await stage.hub(simulator.url, { ROLES: 'api', RATE_LIMIT_PER_KEY: '' });
    const calm = await stage.platform(hub, simulator, 'wxbench000000000001');
    const loud = await stage.platform(hub, simulator, 'wxbench000000000002');
    const db = await stage.database();
    // Every token is valid and in the rows: nothing here asks WeChat.
    for (const platform of [calm, loud]) await seedFleet(db, stage.sealer, platform, { count: options.merchants });
    const [key] = await newKeys(hub, calm, 1);
    const flooder = await stage.bare('flood', {
      HUB_URL: hub.url,
      COMPONENT_APPID: loud.componentAppid,
      KEYS: (await newKeys(hub, loud, options.keys)).join(','),
      CONNECTIONS: String(options.connections),
      MERCHANTS: String(options.merchants),
    });

    const requests = calmRequests(calm, key!, options.merchants);
    const measure = async () => {
      const result = await load({
        url: hub.url,
        request: (n) => requests[n % requests.length]!,
        connections: 32,
        requests: options.rate * options.seconds,
        ratePerSecond: options.rate,
      });
      if (result.failures > 0) progress(`${result.failures} of the calm tenant failed: ${result.failure}`);
      return result;
    };
    const beside = async (
      query: string,
    ): Promise<{ result: LoadResult; counts: Record<string, number>; cpu: number }> => {
      const cpu = flooder.cpuSeconds();
      const answer = fetch(`${flooder.url}/run?seconds=${options.seconds + 2}&${query}`).then(
        (response) => response.json() as Promise<Record<string, number>>,
      );
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const result = await measure();
      return { result, counts: await answer, cpu: (flooder.cpuSeconds() - cpu) / (options.seconds + 2) };
    };

    progress('warming up');
    await measure();
    await beside(`rate=${options.floodRate}`);
    const alone: LoadResult[] = [];
    const flooded: LoadResult[] = [];
    const burnt: LoadResult[] = [];
    const counts: Record<string, number> = {};
    let share = 0;
    for (let n = 0; n < options.rounds; n += 1) {
      alone.push(await measure());
      const under = await beside(`rate=${options.floodRate}`);
      flooded.push(under.result);
      for (const [status, count] of Object.entries(under.counts)) counts[status] = (counts[status] ?? 0) + count;
      share = Math.min(0.99, under.cpu);
      burnt.push((await beside(`spin=${share}`)).result);
      progress(
        `round ${n + 1}: p99 alone ${alone[n]!.p99.toFixed(1)} ms, flood ${flooded[n]!.p99.toFixed(1)} ms, same CPU burnt ${burnt[n]!.p99.toFixed(1)} ms`,
      );
    }
    const of = (results: LoadResult[], what: 'p50' | 'p99') => median(results.map((result) => result[what]));
    const failures = (results: LoadResult[]) => results.reduce((sum, result) => sum + result.failures, 0);
    report('flood', {
      calm_rate: options.rate,
      flood_per_second: Math.round(
        Object.values(counts).reduce((sum, count) => sum + count, 0) / (options.rounds * (options.seconds + 2)),
      ),
      flood_answers: Object.entries(counts)
        .map(([status, count]) => `${status}: ${count}`)
        .join(', '),
      flood_cpu_share: share,
      p50_alone_ms: of(alone, 'p50'),
      p50_flooded_ms: of(flooded, 'p50'),
      p50_same_cpu_burnt_ms: of(burnt, 'p50'),
      p99_alone_ms: of(alone, 'p99'),
      p99_flooded_ms: of(flooded, 'p99'),
      p99_same_cpu_burnt_ms: of(burnt, 'p99'),
      ratio: of(flooded, 'p99') / of(alone, 'p99'),
      ratio_to_same_cpu_burnt: of(flooded, 'p99') / of(burnt, 'p99'),
      ratio_wanted: 2,
      calm_failures_alone: failures(alone),
      calm_failures_flooded: failures(flooded),
    });
  },
};

async function newKeys(hub: HubProcess, platform: Platform, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let n = 0; n < count; n += 1) {
    keys.push((await newApiKey(hub, platform, ['tokens:issue', 'authorizers:read', 'authorizers:write'])).key);
  }
  return keys;
}

function calmRequests({ componentAppid }: Platform, key: string, merchants: number): Buffer[] {
  const base = `/v1/platforms/${componentAppid}`;
  const authorization = { authorization: `Bearer ${key}` };
  return Array.from({ length: merchants * 2 }, (_, n) => {
    const appid = appidOf(n >> 1);
    if (n % 2 === 0) return handOutRequest(componentAppid, appid, key);
    return httpRequest('GET', `${base}/authorizers${n % 4 === 1 ? `/${appid}` : '?limit=20'}`, authorization);
  });
}
