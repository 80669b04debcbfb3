import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '#libs/kernel';
import { runLoop } from '../bare-loop.ts';
import { appidOf, componentTokenOf, expireTokens, refreshTokenOf, seedFleet, simulateFleet } from '../fleet.ts';
import type { RunningProgram } from '../processes.ts';
import { median, progress, report } from '../report.ts';
import { type Scenario, whole, wholes } from '../scenario.ts';
import { type HubProcess, type Platform, type SimulatorProcess, callsOf } from '../stage.ts';
import { quiet, until } from '../waiting.ts';

interface Options {
  fleet: number;
  rounds: number;
  latency: number[];
  concurrency: number;
}

/** Every token of a fleet has expired: refreshed, sealed and committed by the worker, against a loop that only calls. */
export const coldFleet: Scenario<Options> = {
  name: 'cold-fleet',
  summary: 'refresh of a fleet whose tokens have all expired, against a bare loop of the same calls',
  options: (command) =>
    command
      .option('--fleet <n>', 'merchants', whole(1), 5000)
      .option('--rounds <n>', 'measured rounds of each, taking turns', whole(1), 3)
      .option(
        '--latency <ms,ms>',
        'milliseconds WeChat takes for every answer, one measurement each',
        wholes(0),
        [20, 0],
      )
      .option('--concurrency <n>', 'calls at once of the bare loop; the worker of the hub makes 32', whole(1), 32),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url, { ROLES: 'api' });
    const platform = await stage.platform(hub, simulator, 'wxbench000000000001');
    const db = await stage.database();
    await simulateFleet(simulator, platform, options.fleet);
    progress(`seeding ${options.fleet} merchants`);
    await seedFleet(db, stage.sealer, platform, { count: options.fleet, kind: 'official_account' });

    const accounts = Array.from({ length: options.fleet }, (_, n) => appidOf(n));
    const file = join(stage.folder, 'accounts.txt');
    await writeFile(
      file,
      accounts.map((appid) => `${appid} ${refreshTokenOf(platform.componentAppid, appid)}\n`).join(''),
    );
    const bare = await stage.bare('refresh-loop', {
      WECHAT_URL: simulator.url,
      COMPONENT_APPID: platform.componentAppid,
      ACCOUNTS_FILE: file,
      CONCURRENCY: String(options.concurrency),
    });
    const worker = await stage.hub(simulator.url, { ROLES: 'worker' });
    await quiet(db, simulator);

    for (const latencyMs of options.latency) {
      await simulator.control('PUT', '/latency', { ms: latencyMs });
      const ours: Round[] = [];
      const theirs: Round[] = [];
      // One round more than asked for: the first of each warms up.
      for (let n = 0; n <= options.rounds; n += 1) {
        theirs.push(await bareRound(bare, simulator, platform, options.fleet));
        ours.push(await workerRound(worker, simulator, db, platform, options.fleet));
        progress(
          `WeChat takes ${latencyMs} ms, round ${n}${n === 0 ? ' (warms up)' : ''}: bare ${theirs[n]!.perSecond.toFixed(0)}/s, hub ${ours[n]!.perSecond.toFixed(0)}/s`,
        );
      }
      const rate = (rounds: Round[]) => median(rounds.slice(1).map((round) => round.perSecond));
      const cpu = (rounds: Round[]) => median(rounds.slice(1).map((round) => round.cpuMicros));
      report('cold-fleet', {
        fleet: options.fleet,
        latency_ms: latencyMs,
        hub_per_second: Math.round(rate(ours)),
        bare_per_second: Math.round(rate(theirs)),
        ratio: rate(ours) / rate(theirs),
        ratio_wanted: 0.6,
        hub_cpu_us: cpu(ours),
        bare_cpu_us: cpu(theirs),
        upstream_calls_per_merchant: median(ours.slice(1).map((round) => round.calls)) / options.fleet,
        hub_peak_rss_mib: Math.round(worker.peakRss() / 2 ** 20),
      });
    }
  },
};

interface Round {
  perSecond: number;
  cpuMicros: number;
  calls: number;
}

const REFRESH = '/cgi-bin/component/api_authorizer_token';

async function refreshCalls(simulator: SimulatorProcess): Promise<number> {
  return (await callsOf(simulator)).get(REFRESH) ?? 0;
}

async function bareRound(
  bare: RunningProgram,
  simulator: SimulatorProcess,
  platform: Platform,
  fleet: number,
): Promise<Round> {
  return { ...(await runLoop(bare, fleet, await componentTokenOf(simulator, platform))), calls: fleet };
}

/** Everything expires at once; the time runs from the first call that WeChat sees until all is committed. */
export async function workerRound(
  worker: HubProcess,
  simulator: SimulatorProcess,
  db: Database,
  platform: Platform,
  fleet: number,
): Promise<Round> {
  const before = await refreshCalls(simulator);
  const cpu = worker.cpuSeconds();
  await expireTokens(db, platform);
  // The next tick of the schedule comes within five seconds; the time runs from the first call that WeChat sees.
  await until('the first refresh', 30_000, 2, async () => ((await refreshCalls(simulator)) > before ? true : null));
  const started = performance.now();
  // Seldom: asking a hundred times a second would take the time of what is measured.
  await until('the last refresh', 600_000, 25, async () =>
    (await refreshCalls(simulator)) >= before + fleet ? true : null,
  );
  await until('the last commit', 30_000, 10, async () => {
    const [row] = await db.query<{ left: number }>(
      'SELECT count(*)::int AS left FROM custody.authorizer_token WHERE platform_id = $1 AND access_token_expires_at < wxfleet.now()',
      [platform.platformId],
    );
    return row?.left === 0 ? true : null;
  });
  const seconds = (performance.now() - started) / 1000;
  const round = {
    perSecond: fleet / seconds,
    cpuMicros: ((worker.cpuSeconds() - cpu) / fleet) * 1e6,
    calls: (await refreshCalls(simulator)) - before,
  };
  await db.query('VACUUM (ANALYZE) custody.authorizer_token');
  return round;
}
