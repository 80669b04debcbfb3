import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newApiKey } from '../api-key.ts';
import { appidOf, expireTokens, seedFleet, simulateFleet } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';
import { load } from '../load.ts';
import type { RunningProgram } from '../processes.ts';
import { median, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import { APPSECRET, type SimulatorProcess, callsOf } from '../stage.ts';
import { quiet } from '../waiting.ts';
import { workerRound } from './cold-fleet.ts';

interface Options {
  callers: number;
  latency: number;
  fleet: number;
  rounds: number;
}

const PACKAGES = ['node-easywechat@3.6.2', 'node-socialite@1.4.1'];
const REFRESH = '/cgi-bin/component/api_authorizer_token';

/** The same work by a popular SDK, against the same simulated WeChat. */
export const peer: Scenario<Options> = {
  name: 'peer',
  summary: 'cold stampede and refresh rate of node-easywechat 3.6.2 beside ours (installs it into a temporary folder)',
  options: (command) =>
    command
      .option('--callers <n>', 'callers at once for one cold merchant', whole(1), 200)
      .option('--latency <ms>', 'milliseconds WeChat takes during the stampede', whole(0), 800)
      .option('--fleet <n>', 'merchants to refresh', whole(1), 2000)
      .option('--rounds <n>', 'measured rounds of each', whole(1), 3),
  async run(stage, options) {
    const folder = join(stage.folder, 'peer');
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    progress(`installing ${PACKAGES.join(' and ')}`);
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--no-save', ...PACKAGES], {
      cwd: folder,
    });

    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url, { ROLES: 'api' });
    const platform = await stage.platform(hub, simulator, 'wxbench000000000001');
    const db = await stage.database();
    const total = options.fleet * (options.rounds + 1) + 10;
    await simulateFleet(simulator, platform, total);
    await seedFleet(db, stage.sealer, platform, { count: options.fleet, kind: 'official_account' });
    const state = await simulator.control<{ platforms: { lastTicket: string }[] }>('GET', '/state');
    const theirs = await stage.bare('peer-loop', {
      PEER_FOLDER: folder,
      WECHAT_URL: simulator.url,
      COMPONENT_APPID: platform.componentAppid,
      COMPONENT_SECRET: APPSECRET,
      TICKET: state.platforms[0]!.lastTicket,
    });
    // Its own component token and its connections are warm; one account of the end of the fleet pays for that.
    await askPeer(theirs, { callers: 1, first: total - 1, accounts: 1 });

    // Stampedes: ours first, on a merchant of its own.
    await expireTokens(db, platform);
    const { key } = await newApiKey(hub, platform, ['tokens:issue']);
    const ask = (n: number) => handOutRequest(platform.componentAppid, appidOf(n), key);
    const stampede = (n: number) =>
      load({ url: hub.url, request: () => ask(n), connections: options.callers, requests: options.callers });
    await stampede(0);
    await simulator.control('PUT', '/latency', { ms: options.latency });
    const beforeOurs = await refreshes(simulator);
    const ourStampede = await stampede(1);
    const ourCalls = (await refreshes(simulator)) - beforeOurs;
    const beforeTheirs = await refreshes(simulator);
    const theirStampede = await askPeer(theirs, { callers: options.callers, first: total - 2, accounts: 1 });
    const theirCalls = (await refreshes(simulator)) - beforeTheirs;
    await simulator.control('PUT', '/latency', { ms: 0 });
    report('peer: cold stampede', {
      callers: options.callers,
      upstream_latency_ms: options.latency,
      hub_upstream_calls: ourCalls,
      peer_upstream_calls: theirCalls,
      hub_ms: ourStampede.seconds * 1000,
      peer_ms: theirStampede.seconds * 1000,
      hub_errors: ourStampede.failures,
      peer_errors: theirStampede.failures,
    });

    // Refresh rate, taking turns. The peer caches for good, so each of its rounds has accounts of its own.
    const worker = await stage.hub(simulator.url, { ROLES: 'worker' });
    await quiet(db, simulator);
    const ourRates: number[] = [];
    const theirRates: number[] = [];
    for (let n = 0; n <= options.rounds; n += 1) {
      const run = await askPeer(theirs, { callers: 32, first: n * options.fleet, accounts: options.fleet });
      if (run.failures > 0) throw new Error(`${run.failures} refreshes of the peer failed`);
      theirRates.push(options.fleet / run.seconds);
      ourRates.push((await workerRound(worker, simulator, db, platform, options.fleet)).perSecond);
      progress(`round ${n}: peer ${theirRates.at(-1)!.toFixed(0)}/s, hub ${ourRates.at(-1)!.toFixed(0)}/s`);
    }
    report('peer: refresh rate', {
      fleet: options.fleet,
      concurrency: 32,
      hub_per_second: Math.round(median(ourRates.slice(1))),
      peer_per_second: Math.round(median(theirRates.slice(1))),
      ratio: median(ourRates.slice(1)) / median(theirRates.slice(1)),
      hub_keeps: 'sealed, committed',
      peer_keeps: 'memory',
    });
  },
};

async function refreshes(simulator: SimulatorProcess): Promise<number> {
  return (await callsOf(simulator)).get(REFRESH) ?? 0;
}

async function askPeer(
  theirs: RunningProgram,
  query: { callers: number; first: number; accounts: number },
): Promise<{ seconds: number; failures: number }> {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const answer = await fetch(`${theirs.url}/run?${text}`, { signal: AbortSignal.timeout(600_000) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { seconds: number; failures: number };
}
