import { newApiKey } from '../api-key.ts';
import { appidOf, seedFleet, simulateFleet } from '../fleet.ts';
import { handOutPath, handOutRequest } from '../hand-out.ts';
import { HttpConnection } from '../http-connection.ts';
import { type LoadResult, load } from '../load.ts';
import type { RunningProgram } from '../processes.ts';
import { median, percentile, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import type { HubProcess, Platform, SimulatorProcess, Stage } from '../stage.ts';
import { until } from '../waiting.ts';

interface Options {
  rounds: number;
  requests: number;
  connections: number;
  merchants: number;
  rate: number;
  seconds: number;
  revocations: number;
}

/** REST hand-out of warm tokens against a bare route, under a fixed rate, and how fast a revocation is felt. */
export const handout: Scenario<Options> = {
  name: 'handout',
  summary: 'hand-out of access tokens over REST against a bare Nest + Fastify route',
  options: (command) =>
    command
      .option('--rounds <n>', 'measured rounds of each, taking turns', whole(1), 5)
      .option('--requests <n>', 'requests in one round', whole(1), 20_000)
      .option('--connections <n>', 'kept connections', whole(1), 32)
      .option('--merchants <n>', 'merchants asked for in turn', whole(1), 1000)
      .option('--rate <n>', 'requests per second of the open loop', whole(1), 2000)
      .option('--seconds <n>', 'length of the open loop', whole(1), 15)
      .option('--revocations <n>', 'revoked keys and authorizations; 0: none', whole(0), 20),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url, { ROLES: 'api' });
    const platform = await stage.platform(hub, simulator, 'wxbench000000000001');
    const db = await stage.database();
    // Some more, so that those whose authorization is withdrawn later are not among the measured ones.
    const count = options.merchants + options.revocations;
    await simulateFleet(simulator, platform, count);
    await seedFleet(db, stage.sealer, platform, { count });
    const key = await newApiKey(hub, platform, ['tokens:issue']);

    const ask = (n: number) => handOutRequest(platform.componentAppid, appidOf(n), key.key);
    const requests = Array.from({ length: options.merchants }, (_, n) => ask(n));
    const one = await hub.call<{ access_token: string }>(
      'POST',
      handOutPath(platform.componentAppid, appidOf(0)),
      undefined,
      key.key,
    );
    if (one.status !== 200) throw new Error(`no hand-out: ${JSON.stringify(one.body)}`);
    const bare = await stage.bare('key-route', {
      KEY: key.key,
      TOKEN_LENGTH: String(one.body.access_token.length),
    });

    const round = async (program: RunningProgram, requestCount: number) => {
      const cpu = program.cpuSeconds();
      const result = await load({
        url: program.url,
        request: (n) => requests[n % requests.length]!,
        connections: options.connections,
        requests: requestCount,
      });
      if (result.failures > 0) throw new Error(`${result.failures} failed: ${result.failure}`);
      return { ...result, cpuMicros: ((program.cpuSeconds() - cpu) / requestCount) * 1e6 };
    };
    progress('warming up');
    await round(hub, Math.max(4000, options.merchants * 2));
    await round(bare, 4000);
    const ours: (LoadResult & { cpuMicros: number })[] = [];
    const theirs: typeof ours = [];
    for (let n = 0; n < options.rounds; n += 1) {
      theirs.push(await round(bare, options.requests));
      ours.push(await round(hub, options.requests));
      progress(`round ${n + 1}: bare ${theirs[n]!.perSecond.toFixed(0)}/s, hub ${ours[n]!.perSecond.toFixed(0)}/s`);
    }
    const rate = (results: typeof ours) => median(results.map((result) => result.perSecond));
    const cpu = (results: typeof ours) => median(results.map((result) => result.cpuMicros));

    progress(`open loop at ${options.rate}/s`);
    const open = await load({
      url: hub.url,
      request: (n) => requests[n % requests.length]!,
      connections: 64,
      requests: options.rate * options.seconds,
      ratePerSecond: options.rate,
    });
    if (open.failures > 0) progress(`${open.failures} of the open loop failed: ${open.failure}`);
    const openBare = await load({
      url: bare.url,
      request: (n) => requests[n % requests.length]!,
      connections: 64,
      requests: options.rate * options.seconds,
      ratePerSecond: options.rate,
    });
    report('handout', {
      hub_per_second: Math.round(rate(ours)),
      bare_per_second: Math.round(rate(theirs)),
      ratio: rate(ours) / rate(theirs),
      ratio_wanted: 0.7,
      hub_cpu_us: cpu(ours),
      bare_cpu_us: cpu(theirs),
      ratio_by_cpu: cpu(ours) === 0 ? null : cpu(theirs) / cpu(ours),
      open_loop_rate: options.rate,
      open_loop_p50_ms: open.p50,
      open_loop_p99_ms: open.p99,
      open_loop_p99_wanted_ms: 10,
      open_loop_max_ms: open.max,
      open_loop_failures: open.failures,
      open_loop_bare_p99_ms: openBare.p99,
      hub_peak_rss_mib: Math.round(hub.peakRss() / 2 ** 20),
    });
    if (options.revocations > 0) await revocations(stage, options, { hub, simulator, platform });
  },
};

interface Scene {
  hub: HubProcess;
  simulator: SimulatorProcess;
  platform: Platform;
}

/** Time from the moment an operator or a merchant takes something back until the other process refuses it. */
async function revocations(stage: Stage, options: Options, { hub, simulator, platform }: Scene): Promise<void> {
  progress('revocations');
  // The second process is the one asked; the first one hears of the revocation and works on its events.
  const other = await stage.hub(simulator.url, { ROLES: 'api,worker' });
  const connection = await HttpConnection.open(other.url);
  const ask = (n: number, key: string) => handOutRequest(platform.componentAppid, appidOf(n), key);
  const untilRefused = async (request: Buffer, status: number): Promise<number> => {
    const started = performance.now();
    await until(`a refusal with ${status}`, 20_000, 2, async () =>
      (await connection.send(request)).status === status ? true : null,
    );
    return performance.now() - started;
  };
  const keys: number[] = [];
  const authorizations: number[] = [];
  for (let n = 0; n < options.revocations; n += 1) {
    const { id, key } = await newApiKey(hub, platform, ['tokens:issue']);
    const request = ask(0, key);
    for (let warm = 0; warm < 5; warm += 1) await connection.send(request);
    const deleting = hub.call('DELETE', `/v1/platforms/${platform.componentAppid}/api-keys/${id}`);
    keys.push(await untilRefused(request, 401));
    await deleting;
  }
  const { key } = await newApiKey(hub, platform, ['tokens:issue']);
  for (let n = 0; n < options.revocations; n += 1) {
    const index = options.merchants + n;
    const request = ask(index, key);
    const warm = await connection.send(request);
    if (warm.status !== 200) throw new Error(`no hand-out before the revocation: ${warm.status} ${warm.body}`);
    const revoking = simulator.control('DELETE', `/platforms/${platform.componentAppid}/grants/${appidOf(index)}`);
    authorizations.push(await untilRefused(request, 409));
    await revoking;
  }
  connection.close();
  report('handout: revocation, until another process refuses', {
    revocations: options.revocations,
    key_p50_ms: percentile(keys, 50),
    key_max_ms: percentile(keys, 100),
    authorization_p50_ms: percentile(authorizations, 50),
    authorization_max_ms: percentile(authorizations, 100),
    wanted_ms: 1000,
  });
}
