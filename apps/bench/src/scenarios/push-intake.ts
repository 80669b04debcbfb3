import { Option } from 'commander';
import type { Database } from '#libs/kernel';
import { appidOf } from '../fleet.ts';
import { type LoadResult, load } from '../load.ts';
import type { RunningProgram } from '../processes.ts';
import { pushRequest, ticketXml, unauthorizedXml } from '../pushes.ts';
import { median, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import { AES_KEY, PUSH_TOKEN, type Platform } from '../stage.ts';

interface Options {
  pushes: number;
  rounds: number;
  connections: number;
  kind: 'unauthorized' | 'ticket';
}

/** Pushes that are verified, decrypted and durable before they are answered, against a handler that stores nothing. */
export const pushIntake: Scenario<Options> = {
  name: 'push-intake',
  summary: 'durable intake of signed, encrypted pushes against a Nest + Fastify handler that stores nothing',
  options: (command) =>
    command
      .option('--pushes <n>', 'different pushes in one round', whole(1), 10_000)
      .option('--rounds <n>', 'measured rounds of each, taking turns', whole(1), 3)
      .option('--connections <n>', 'kept connections', whole(1), 256)
      .addOption(
        new Option('--kind <kind>', 'what is pushed: an event that gets a job, or a ticket')
          .choices(['unauthorized', 'ticket'])
          .default('unauthorized'),
      ),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url, { ROLES: 'api' });
    const platform = await stage.platform(hub, simulator, 'wxbench000000000001');
    const db = await stage.database();
    const bare = await stage.bare('push-handler', { PUSH_TOKEN, AES_KEY });

    const round = async (program: RunningProgram, n: number, count: number) => {
      // Made before the clock runs, and new for every round: WeChat's ciphertexts never repeat.
      const pushes = Array.from({ length: count }, (_, i) => pushRequest(platform.componentAppid, plaintext(n, i)));
      const cpu = program.cpuSeconds();
      const result = await load({
        url: program.url,
        request: (i) => pushes[i]!,
        connections: options.connections,
        requests: count,
        ok: ({ status, body }) => status === 200 && body === 'success',
      });
      if (result.failures > 0) throw new Error(`${result.failures} failed: ${result.failure}`);
      return { ...result, cpuMicros: ((program.cpuSeconds() - cpu) / count) * 1e6 };
    };
    const plaintext = (n: number, i: number) =>
      options.kind === 'ticket'
        ? ticketXml(platform.componentAppid)
        : unauthorizedXml(platform.componentAppid, appidOf(n * options.pushes + i));

    await round(bare, 0, 3000);
    await round(hub, 0, 3000);
    const ours: (LoadResult & { cpuMicros: number })[] = [];
    const theirs: typeof ours = [];
    for (let n = 1; n <= options.rounds; n += 1) {
      theirs.push(await round(bare, n, options.pushes));
      ours.push(await round(hub, n, options.pushes));
      progress(`round ${n}: bare ${theirs.at(-1)!.perSecond.toFixed(0)}/s, hub ${ours.at(-1)!.perSecond.toFixed(0)}/s`);
    }
    const stored = await storedPushes(db, platform);
    const wanted = 3000 + options.rounds * options.pushes;
    if (stored < wanted) throw new Error(`${wanted} pushes were acknowledged, ${stored} are in the database`);
    const rate = (results: typeof ours) => median(results.map((result) => result.perSecond));
    const cpu = (results: typeof ours) => median(results.map((result) => result.cpuMicros));
    const half = rate(theirs) / 2;
    report('push-intake', {
      kind: options.kind,
      hub_per_second: Math.round(rate(ours)),
      bare_per_second: Math.round(rate(theirs)),
      ratio: rate(ours) / rate(theirs),
      wanted_per_second: Math.round(Math.min(3000, half)),
      hub_p50_ms: median(ours.map((result) => result.p50)),
      hub_p99_ms: median(ours.map((result) => result.p99)),
      hub_max_ms: Math.max(...ours.map((result) => result.max)),
      hub_cpu_us: cpu(ours),
      bare_cpu_us: cpu(theirs),
      stored,
    });
  },
};

async function storedPushes(db: Database, platform: Platform): Promise<number> {
  const [row] = await db.query<{ stored: number }>(
    'SELECT count(*)::int AS stored FROM inbox.push WHERE platform_id = $1',
    [platform.platformId],
  );
  return row?.stored ?? 0;
}
