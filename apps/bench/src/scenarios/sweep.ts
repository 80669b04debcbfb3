import type { Database } from '#libs/kernel';
import { runLoop } from '../bare-loop.ts';
import { componentTokenOf, expireTokens, seedFleet, simulateFleet, skipScheduledRound } from '../fleet.ts';
import { postgresCpuSeconds } from '../process-tree.ts';
import { median, mebibytes, progress, report } from '../report.ts';
import { type Scenario, whole, wholes } from '../scenario.ts';
import { type HubProcess, type Platform, type SimulatorProcess, type Stage, callsOf } from '../stage.ts';
import { quiet, until } from '../waiting.ts';

interface Options {
  fleet: number;
  workers: number[];
  rounds: number;
  expired: boolean;
  latency?: number[];
  concurrency: number;
  bareFleet: number;
  memory: boolean;
}

/** Fleet that the memory of a larger one is compared with. */
const SMALL = 10_000;
/** Every sweep of more takes minutes. */
const LARGE = 100_000;
/** Looks after which the heap of a worker has grown to where it stays, however small the fleet. */
const SETTLED = 100_000;
const DOMAINS = '/wxa/get_effective_domain';

/** Sweeps of a fleet by one or several worker processes against a bare loop of the same calls. */
export const sweep: Scenario<Options> = {
  name: 'sweep',
  summary: 'sweep of a whole fleet against a bare loop of the same calls; memory of the worker',
  options: (command) =>
    command
      .option('--fleet <n>', 'mini programs', whole(1), 20_000)
      .option('--workers <n,n>', 'worker processes, one measurement each', wholes(1), [1])
      .option('--rounds <n>', 'measured sweeps of each, taking turns with the loop', whole(1), 3)
      .option('--expired', 'every token has to be refreshed, too; compared with a loop of two calls', false)
      .option(
        '--latency <ms,ms>',
        'milliseconds WeChat takes for every answer, one measurement each (default: 20,0; for more than 100,000: 0)',
        wholes(0),
      )
      .option('--concurrency <n>', 'calls at once, of a worker and of the loop', whole(1), 64)
      .option('--bare-fleet <n>', 'mini programs at most that the loop asks for', whole(1), 100_000)
      .option('--no-memory', 'skip the comparison of memory with a fleet of 10,000'),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url, { ROLES: 'api' });
    const platform = await stage.platform(hub, simulator, 'wxbench000000000001');
    const db = await stage.database();
    await skipScheduledRound(db, platform);
    const bench = new SweepBench(stage, options, simulator, hub, platform, db);
    await bench.run();
  },
};

interface SweepRun {
  perSecond: number;
  seconds: number;
  calls: number;
  workerCpuMicros: number;
  databaseCpuMicros: number;
  simulatorCpuMicros: number;
}

interface SweepView {
  state: 'running' | 'done' | 'failed';
  total: number;
  changed: number;
  unchanged: number;
  failed: number;
  finished_at: string;
}

class SweepBench {
  constructor(
    private readonly stage: Stage,
    private readonly options: Options,
    private readonly simulator: SimulatorProcess,
    private readonly hub: HubProcess,
    private readonly platform: Platform,
    private readonly db: Database,
  ) {}

  async run(): Promise<void> {
    const { fleet } = this.options;
    const { compareMemory } = this;
    let smallRss: number | null = null;
    if (compareMemory) {
      await simulateFleet(this.simulator, this.platform, fleet);
      // WeChat lists no more than is seeded, or the worker's own comparison with the list would add the others.
      await this.listed(SMALL);
      await this.seed(0, SMALL);
      smallRss = await this.firstLook(SMALL);
    } else {
      await simulateFleet(this.simulator, this.platform, fleet);
    }
    await this.seed(compareMemory ? SMALL : 0, fleet - (compareMemory ? SMALL : 0));
    if (compareMemory) await this.listed(null);
    const rss = await this.firstLook(fleet);
    const { latency = fleet > LARGE ? [0] : [20, 0] } = this.options;
    for (const ms of latency) {
      await this.simulator.control('PUT', '/latency', { ms });
      for (const workers of this.options.workers) await this.measure(workers, ms);
    }
    if (compareMemory && smallRss !== null) {
      report('sweep: memory of a worker', {
        fleet,
        peak_rss_mib: mebibytes(rss),
        peak_rss_mib_at_10000: mebibytes(smallRss),
        ratio: rss / smallRss,
        ratio_wanted: 1.2,
      });
    }
  }

  private get compareMemory(): boolean {
    return this.options.memory && this.options.fleet > SMALL;
  }

  private async seed(from: number, count: number): Promise<void> {
    progress(`seeding ${count} mini programs`);
    await seedFleet(this.db, this.stage.sealer, this.platform, { from, count });
  }

  /** How many accounts the authorizer list of WeChat shows; null: all. */
  private async listed(listLimit: number | null): Promise<void> {
    await this.simulator.control('PATCH', `/platforms/${this.platform.componentAppid}`, { listLimit });
  }

  /** A new worker takes the first snapshots, then looks at all again. @returns its peak resident memory in bytes */
  private async firstLook(fleet: number): Promise<number> {
    const worker = await this.worker();
    await quiet(this.db, this.simulator);
    const first = await this.sweepOnce([worker], fleet);
    const second = await this.sweepOnce([worker], fleet);
    if (this.compareMemory) {
      for (let looked = 2 * fleet; looked < SETTLED; looked += fleet) await this.sweepOnce([worker], fleet);
    }
    const rss = worker.peakRss();
    await worker.stop();
    progress(
      `first look at ${fleet}: ${first.perSecond.toFixed(0)}/s, second ${second.perSecond.toFixed(0)}/s, peak ${mebibytes(rss)} MiB`,
    );
    return rss;
  }

  private async measure(workers: number, latencyMs: number): Promise<void> {
    const { fleet, rounds, expired, concurrency } = this.options;
    const processes: HubProcess[] = [];
    for (let n = 0; n < workers; n += 1) processes.push(await this.worker());
    const bareFleet = Math.min(fleet, this.options.bareFleet);
    const bare = await this.stage.bare('domain-loop', {
      WECHAT_URL: this.simulator.url,
      COMPONENT_APPID: this.platform.componentAppid,
      FLEET: String(bareFleet),
      CONCURRENCY: String(concurrency * workers),
    });
    await quiet(this.db, this.simulator);
    const ours: SweepRun[] = [];
    const theirs: Awaited<ReturnType<typeof runLoop>>[] = [];
    // One more than asked for: the first of each warms up, unless it takes minutes anyway.
    const warmUps = fleet <= LARGE ? 1 : 0;
    for (let n = 0; n < rounds + warmUps; n += 1) {
      const token = expired ? await componentTokenOf(this.simulator, this.platform) : null;
      theirs.push(await runLoop(bare, bareFleet, token));
      if (expired) await expireTokens(this.db, this.platform);
      ours.push(await this.sweepOnce(processes, fleet));
      progress(
        `${workers} worker(s), WeChat takes ${latencyMs} ms, round ${n + 1 - warmUps}: loop ${theirs.at(-1)!.perSecond.toFixed(0)}/s, hub ${ours.at(-1)!.perSecond.toFixed(0)}/s`,
      );
    }
    const measured = ours.slice(warmUps);
    const rate = median(measured.map((run) => run.perSecond));
    const bareRate = median(theirs.slice(warmUps).map((run) => run.perSecond));
    const of = (name: keyof SweepRun) => median(measured.map((run) => run[name]));
    report(`sweep${expired ? ' with every token expired' : ''}`, {
      fleet,
      workers,
      concurrency_each: concurrency,
      latency_ms: latencyMs,
      seconds: of('seconds'),
      hub_per_second: Math.round(rate),
      bare_per_second: Math.round(bareRate),
      ratio: rate / bareRate,
      ratio_wanted: expired ? 0.5 : 0.6,
      upstream_calls_per_mini_program: of('calls') / fleet,
      worker_cpu_us: of('workerCpuMicros'),
      database_cpu_us: of('databaseCpuMicros'),
      simulator_cpu_us: of('simulatorCpuMicros'),
      bare_cpu_us: median(theirs.slice(warmUps).map((run) => run.cpuMicros)),
      peak_rss_mib: mebibytes(Math.max(...processes.map((process) => process.peakRss()))),
    });
    for (const process of processes) await process.stop();
    await bare.stop();
  }

  private worker(): Promise<HubProcess> {
    return this.stage.hub(this.simulator.url, {
      ROLES: 'worker',
      WECHAT_MAX_CONCURRENCY: String(this.options.concurrency),
    });
  }

  /** One requested sweep; the time runs from the first call that WeChat sees until the sweep is closed. */
  private async sweepOnce(workers: HubProcess[], fleet: number): Promise<SweepRun> {
    const { clusterDir } = await this.stage.postgres();
    const callsBefore = await this.calls();
    const cpu = () => ({
      worker: workers.reduce((sum, worker) => sum + worker.cpuSeconds(), 0),
      database: postgresCpuSeconds(clusterDir),
      simulator: this.simulator.cpuSeconds(),
    });
    const before = cpu();
    const path = `/v1/platforms/${this.platform.componentAppid}/sweeps`;
    const requested = await this.hub.call<{ id: string }>('POST', path);
    if (requested.status !== 202) throw new Error(`no sweep: ${JSON.stringify(requested.body)}`);
    await until('the first call of the sweep', 60_000, 3, async () =>
      (await this.calls()) > callsBefore ? true : null,
    );
    const started = Date.now();
    // Seldom, and the end is what the sweep says of itself: to ask a hundred times a second takes time from those measured.
    const view = await until('the end of the sweep', 7_200_000, 250, async () => {
      const { body } = await this.hub.call<SweepView>('GET', `${path}/${requested.body.id}`);
      return body.state === 'running' ? null : body;
    });
    const seconds = (Date.parse(view.finished_at) - started) / 1000;
    if (view.state !== 'done' || view.failed > 0 || view.total !== fleet || view.changed + view.unchanged !== fleet)
      throw new Error(`the sweep went wrong: ${JSON.stringify(view)}`);
    const after = cpu();
    return {
      perSecond: fleet / seconds,
      seconds,
      calls: (await this.calls()) - callsBefore,
      workerCpuMicros: ((after.worker - before.worker) / fleet) * 1e6,
      databaseCpuMicros: ((after.database - before.database) / fleet) * 1e6,
      simulatorCpuMicros: ((after.simulator - before.simulator) / fleet) * 1e6,
    };
  }

  private async calls(): Promise<number> {
    return (await callsOf(this.simulator)).get(DOMAINS) ?? 0;
  }
}
