import { Barrier } from '#libs/testing';
import { newApiKey } from '../api-key.ts';
import { appidOf, expireTokens, seedFleet, simulateFleet } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';
import { load } from '../load.ts';
import { progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import { type HubProcess, callsOf } from '../stage.ts';

interface Options {
  callers: number;
  hubs: number;
  latency: number;
  rounds: number;
}

const REFRESH = '/cgi-bin/component/api_authorizer_token';

/** Many callers at once for one merchant whose token has expired, while WeChat is slow. */
export const stampede: Scenario<Options> = {
  name: 'stampede',
  summary: 'callers at once for one cold merchant while WeChat is slow: upstream calls, errors, time',
  options: (command) =>
    command
      .option('--callers <n>', 'callers at once, over all hubs', whole(1), 1000)
      .option('--hubs <n>', 'hub processes on one database', whole(1), 4)
      .option('--latency <ms>', 'milliseconds WeChat takes for every answer', whole(0), 800)
      .option('--rounds <n>', 'cold merchants, one after the other', whole(1), 5),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const hubs: HubProcess[] = [];
    for (let n = 0; n < options.hubs; n += 1) hubs.push(await stage.hub(simulator.url, { ROLES: 'api' }));
    const platform = await stage.platform(hubs[0]!, simulator, 'wxbench000000000001');
    const db = await stage.database();
    await simulateFleet(simulator, platform, options.rounds + 2);
    await seedFleet(db, stage.sealer, platform, { count: options.rounds + 2 });
    await expireTokens(db, platform);
    const { key } = await newApiKey(hubs[0]!, platform, ['tokens:issue']);
    const request = (n: number) => handOutRequest(platform.componentAppid, appidOf(n), key);
    // Programs, connections and the platform's own token are warm, as in a hub that runs; the merchant is cold.
    const warm = request(options.rounds + 1);
    for (const hub of hubs) await load({ url: hub.url, request: () => warm, connections: 50, requests: 1000 });

    await simulator.control('PUT', '/latency', { ms: options.latency });
    const each = Math.ceil(options.callers / options.hubs);
    const times: number[] = [];
    let calls = 0;
    let errors = 0;
    let mostCalls = 0;
    for (let n = 0; n <= options.rounds; n += 1) {
      const before = (await callsOf(simulator)).get(REFRESH) ?? 0;
      const bytes = request(n);
      const connected = new Barrier(hubs.length);
      const results = await Promise.all(
        hubs.map((hub) =>
          load({
            url: hub.url,
            request: () => bytes,
            connections: each,
            requests: each,
            beforeFirst: () => connected.arrive(),
          }),
        ),
      );
      const ms = Math.max(...results.map((result) => result.seconds * 1000));
      const upstream = ((await callsOf(simulator)).get(REFRESH) ?? 0) - before;
      const failed = results.reduce((sum, result) => sum + result.failures, 0);
      progress(
        `round ${n}: ${upstream} upstream, ${failed} errors, ${Math.round(ms)} ms ${results.find((r) => r.failure)?.failure ?? ''}`,
      );
      // The first one opens the thousand connections and compiles what is new to the processes.
      if (n === 0) continue;
      times.push(ms);
      calls += upstream;
      mostCalls = Math.max(mostCalls, upstream);
      errors += failed;
    }
    report('stampede', {
      callers: each * options.hubs,
      hubs: options.hubs,
      rounds: options.rounds,
      upstream_latency_ms: options.latency,
      upstream_calls_per_round: calls / options.rounds,
      upstream_calls_most: mostCalls,
      upstream_calls_wanted: 1,
      errors,
      everybody_done_ms_median: [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? null,
      everybody_done_ms_worst: Math.max(...times),
    });
  },
};
