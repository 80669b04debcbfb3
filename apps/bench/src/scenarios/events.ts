import { EventWriter } from '#libs/events';
import type { Database } from '#libs/kernel';
import { newApiKey } from '../api-key.ts';
import { appidOf, seedFleet, simulateFleet, skipScheduledRound } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';
import { load } from '../load.ts';
import { postgresCpuSeconds } from '../process-tree.ts';
import type { RunningProgram } from '../processes.ts';
import { median, percentile, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import type { HubProcess, Platform, SimulatorProcess, Stage } from '../stage.ts';
import { pause, quiet, until } from '../waiting.ts';

interface Options {
  backlog: number;
  rate: number;
  seconds: number;
  endpoints: number;
  fleet: number;
  rounds: number;
  parts: string;
}

/** Events written at once: what a page of a sweep writes. */
const PAGE = 250;
const COMPONENT = 'wxbench000000000001';

/** Deliveries to receivers on loopback, and what the feed costs the others. */
export const events: Scenario<Options> = {
  name: 'events',
  summary:
    'webhook deliveries per second and their delay; what an endpoint that hangs, a sweep and hand-outs feel of it',
  options: (command) =>
    command
      .option('--backlog <n>', 'events that wait for one endpoint', whole(100), 10_000)
      .option('--rate <n>', 'deliveries per second of the open loop', whole(1), 1000)
      .option('--seconds <n>', 'length of the open loop', whole(1), 15)
      .option('--endpoints <n>', 'endpoints that share the open loop and the comparison', whole(1), 10)
      .option('--fleet <n>', 'mini programs that all change in one sweep; 0: no sweep', whole(0), 20_000)
      .option('--rounds <n>', 'rounds of each comparison', whole(1), 3)
      .option('--parts <names>', 'backlog, rate, hanging, hand-outs, sweep, separated by commas', 'all'),
  async run(stage, options) {
    const simulator = await stage.simulator();
    const api = await stage.hub(simulator.url, { ROLES: 'api', WEBHOOK_NETWORKS: '127.0.0.0/8' });
    const platform = await stage.platform(api, simulator, COMPONENT);
    const db = await stage.database();
    await skipScheduledRound(db, platform);
    const count = Math.max(options.fleet, 1000);
    await simulateFleet(simulator, platform, count);
    await seedFleet(db, stage.sealer, platform, { count });
    const receiver = await stage.bare('receiver');
    const hanging = await stage.bare('receiver');
    const worker = await stage.hub(simulator.url, { ROLES: 'worker', WEBHOOK_NETWORKS: '127.0.0.0/8' });
    await quiet(db, simulator);
    const bench = new EventsBench(options, { stage, simulator, api, worker, receiver, hanging, platform, db });
    const has = (part: string) => options.parts === 'all' || options.parts.split(',').includes(part);
    if (has('backlog')) await bench.backlog();
    if (has('rate')) await bench.openLoop();
    if (has('hanging')) await bench.hanging();
    if (has('hand-outs')) await bench.handOuts();
    if (has('sweep') && options.fleet > 0) await bench.sweep();
  },
};

/** What one round of a backlog took. */
interface Turn {
  perSecond: number;
  workerUs: number;
  postgresUs: number;
}

interface Parts {
  stage: Stage;
  simulator: SimulatorProcess;
  api: HubProcess;
  worker: HubProcess;
  receiver: RunningProgram;
  hanging: RunningProgram;
  platform: Platform;
  db: Database;
}

class EventsBench {
  private readonly writer = new EventWriter();
  private written = 0;

  constructor(
    private readonly options: Options,
    private readonly parts: Parts,
  ) {}

  /** How fast what waits is delivered by one endpoint, with order per account and without, in turn. */
  async backlog(): Promise<void> {
    const { backlog, rounds } = this.options;
    const cluster = (await this.parts.stage.postgres()).clusterDir;
    const orderings = ['per_authorizer', 'none'] as const;
    const taken = { per_authorizer: [] as Turn[], none: [] as Turn[] };
    // The first round of each is a warm-up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const ordering of orderings) {
        const id = await this.endpoint('/one', { ordering });
        await this.patch(id, { state: 'disabled' });
        for (let n = 0; n < backlog; n += PAGE) await this.write(Math.min(PAGE, backlog - n));
        await this.numbered();
        await this.arrivals();
        const before = { worker: this.parts.worker.cpuSeconds(), postgres: postgresCpuSeconds(cluster) };
        await this.patch(id, { state: 'enabled' });
        const seconds = await this.untilReceived(backlog);
        const turn = {
          perSecond: backlog / seconds,
          workerUs: ((this.parts.worker.cpuSeconds() - before.worker) / backlog) * 1e6,
          postgresUs: ((postgresCpuSeconds(cluster) - before.postgres) / backlog) * 1e6,
        };
        if (round > 0) taken[ordering].push(turn);
        progress(`backlog, ${ordering}: ${Math.round(turn.perSecond)} a second`);
        await this.idle();
        await this.remove(id);
      }
    }
    const figures: Record<string, number> = {};
    for (const ordering of orderings) {
      const of = (part: keyof Turn) => taken[ordering].map((turn) => turn[part]);
      figures[`${ordering}_per_second`] = Math.round(median(of('perSecond')));
      figures[`${ordering}_per_second_least`] = Math.round(Math.min(...of('perSecond')));
      figures[`${ordering}_per_second_most`] = Math.round(Math.max(...of('perSecond')));
      figures[`${ordering}_worker_cpu_us`] = median(of('workerUs'));
      figures[`${ordering}_postgres_cpu_us`] = median(of('postgresUs'));
    }
    report('events: a backlog of one endpoint', { backlog, rounds, ...figures, per_second_wanted: 1000 });
  }

  /** At a steady rate: from the commit until the first attempt arrives. */
  async openLoop(): Promise<void> {
    const { rate, seconds, endpoints } = this.options;
    const ids = await this.several(endpoints);
    await this.arrivals();
    const { delays, lateMs } = await this.steady(rate / endpoints, seconds, rate * seconds);
    report('events: open loop', {
      deliveries_per_second: rate,
      endpoints,
      seconds,
      deliveries: delays.length,
      commit_to_attempt_p50_ms: percentile(delays, 50),
      commit_to_attempt_p99_ms: percentile(delays, 99),
      commit_to_attempt_p99_wanted_ms: 1000,
      commit_to_attempt_max_ms: percentile(delays, 100),
      all_arrived_after_ms: Math.round(lateMs),
    });
    for (const id of ids) await this.remove(id);
  }

  /** Whether the others feel an endpoint that never answers. */
  async hanging(): Promise<void> {
    const { endpoints, rounds } = this.options;
    const perEndpoint = Math.max(PAGE, Math.floor(this.options.backlog / endpoints / 2));
    const ids = await this.several(endpoints);
    const rates: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of ['alone', 'beside'] as const) {
        const slow =
          kind === 'beside'
            ? await this.endpoint('', { url: `${this.parts.hanging.url}/hang`, ordering: 'none' })
            : null;
        await this.arrivals();
        const started = performance.now();
        for (let n = 0; n < perEndpoint; n += PAGE) await this.write(Math.min(PAGE, perEndpoint - n));
        const total = perEndpoint * endpoints;
        await this.untilReceived(total);
        rates[kind].push(total / ((performance.now() - started) / 1000));
        if (slow !== null) await this.remove(slow);
      }
    }
    report('events: an endpoint that hangs', {
      endpoints,
      events_each: perEndpoint,
      alone_per_second: Math.round(median(rates.alone)),
      beside_it_per_second: Math.round(median(rates.beside)),
      slower_by: 1 - median(rates.beside) / median(rates.alone),
      slower_by_wanted: 0.05,
    });
    for (const id of ids) await this.remove(id);
  }

  /** Hand-outs of another process while the feed delivers. */
  async handOuts(): Promise<void> {
    const { api, platform } = this.parts;
    const { rate, endpoints, rounds } = this.options;
    const { key } = await newApiKey(api, platform, ['tokens:issue']);
    const requests = Array.from({ length: 1000 }, (_, n) => handOutRequest(platform.componentAppid, appidOf(n), key));
    const round = () =>
      load({
        url: api.url,
        request: (n) => requests[n % requests.length]!,
        connections: 16,
        requests: 3000,
        ratePerSecond: 1000,
      });
    await round();
    const p99: Record<'quiet' | 'delivering', number[]> = { quiet: [], delivering: [] };
    const cpu: Record<'quiet' | 'delivering', number[]> = { quiet: [], delivering: [] };
    const ids = await this.several(endpoints);
    for (let n = 0; n < rounds; n += 1) {
      for (const kind of ['quiet', 'delivering'] as const) {
        const feed = kind === 'delivering' ? this.steady(rate / endpoints, 3, 0) : null;
        const before = api.cpuSeconds();
        p99[kind].push((await round()).p99);
        cpu[kind].push(((api.cpuSeconds() - before) / 3000) * 1e6);
        await feed;
        await this.idle();
      }
    }
    report('events: hand-outs at 1,000 a second beside the feed', {
      deliveries_per_second: rate,
      quiet_p99_ms: median(p99.quiet),
      delivering_p99_ms: median(p99.delivering),
      quiet_cpu_us: median(cpu.quiet),
      delivering_cpu_us: median(cpu.delivering),
      cpu_ratio: median(cpu.delivering) / median(cpu.quiet),
      cpu_ratio_wanted: 1.05,
    });
    for (const id of ids) await this.remove(id);
  }

  /** A sweep in which every mini program changes: its events, and the time that writing them takes by itself. */
  async sweep(): Promise<void> {
    const { fleet } = this.options;
    const { simulator, db, platform } = this.parts;
    await this.sweepOnce(fleet);
    await simulator.control('POST', '/fleets/changes', { share: 1 });
    const [before] = await db.query<{ id: number }>('SELECT coalesce(max(event_id), 0) AS id FROM events.event');
    const endpoint = await this.endpoint('/sweep', { event_types: ['domains.changed'] });
    await this.arrivals();
    const began = performance.now();
    const seconds = await this.sweepOnce(fleet);
    await this.numbered();
    const numberedSeconds = (performance.now() - began) / 1000;
    const [changed] = await db.query<{ n: number }>(
      `SELECT count(*) AS n FROM events.event WHERE event_id > $1 AND type = 'domains.changed'`,
      [before?.id ?? 0],
    );
    await this.untilReceived(changed?.n ?? fleet);
    const deliveredSeconds = (performance.now() - began) / 1000;
    await this.idle();
    await this.remove(endpoint);
    const rows = await db.query<{ type: 'domains.changed'; appid: string; merchant: string | null; data: never }>(
      `SELECT type, authorizer_appid AS appid, merchant_id AS merchant, data FROM events.event
        WHERE event_id > $1 AND type LIKE 'domains.%' ORDER BY event_id`,
      [before?.id ?? 0],
    );
    const started = performance.now();
    for (let n = 0; n < rows.length; n += PAGE * 2) {
      await db.transaction((sql) =>
        this.writer.write(
          sql,
          rows.slice(n, n + PAGE * 2).map(({ type, appid, merchant, data }) => ({
            platformId: platform.platformId,
            type,
            authorizerAppid: appid,
            merchantId: merchant,
            data,
          })),
        ),
      );
    }
    const writing = (performance.now() - started) / 1000;
    report('events: a sweep in which everything changes', {
      fleet,
      events: rows.length,
      deliveries: changed?.n ?? fleet,
      sweep_seconds: seconds,
      all_numbered_after_seconds: numberedSeconds,
      all_delivered_after_seconds: deliveredSeconds,
      writing_the_events_seconds: writing,
      share_of_the_sweep: writing / seconds,
      share_wanted: 0.1,
    });
  }

  private async sweepOnce(fleet: number): Promise<number> {
    const path = `/v1/platforms/${COMPONENT}/sweeps`;
    const started = performance.now();
    const { body } = await this.parts.api.call<{ id: string }>('POST', path);
    const view = await until('the end of the sweep', 3_600_000, 250, async () => {
      const answer = await this.parts.api.call<{ state: string; failed: number }>('GET', `${path}/${body.id}`);
      return answer.body.state === 'running' ? null : answer.body;
    });
    if (view.state !== 'done' || view.failed > 0) throw new Error(`the sweep went wrong: ${JSON.stringify(view)}`);
    progress(`sweep of ${fleet}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return (performance.now() - started) / 1000;
  }

  /** Writes events at a rate for some seconds. @param expected deliveries to wait for */
  private async steady(perSecond: number, seconds: number, expected: number) {
    const started = performance.now();
    const step = Math.max(1, Math.round(perSecond / 10));
    for (let n = 0; n < perSecond * seconds; n += step) {
      const wait = started + (n / perSecond) * 1000 - performance.now();
      if (wait > 0) await pause(wait);
      await this.write(Math.min(step, perSecond * seconds - n));
    }
    const ended = performance.now();
    await this.untilReceived(expected);
    return { delays: (await this.arrivals()).delays, lateMs: performance.now() - ended };
  }

  /** Each of an account of its own; the path says when it was written. */
  private async write(count: number): Promise<void> {
    const { db, platform } = this.parts;
    await db.transaction((sql) =>
      this.writer.write(
        sql,
        Array.from({ length: Math.round(count) }, () => ({
          platformId: platform.platformId,
          type: 'quota.parked' as const,
          authorizerAppid: `wxevent${(this.written += 1) % 5000}`,
          merchantId: null,
          data: { path: String(Date.now()), until: null },
        })),
      ),
    );
  }

  private several(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, (_, n) => this.endpoint(`/${n}`, {})));
  }

  private async endpoint(path: string, more: object): Promise<string> {
    const made = await this.parts.api.call<{ id: string }>('POST', `/v1/platforms/${COMPONENT}/webhook-endpoints`, {
      url: this.parts.receiver.url + path,
      event_types: ['quota.*'],
      ...more,
    });
    if (made.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(made.body)}`);
    return made.body.id;
  }

  private async patch(id: string, body: object): Promise<void> {
    const { status } = await this.parts.api.call('PATCH', `/v1/platforms/${COMPONENT}/webhook-endpoints/${id}`, body);
    if (status !== 200) throw new Error(`the endpoint was not changed: ${status}`);
  }

  private async remove(id: string): Promise<void> {
    await this.parts.api.call('DELETE', `/v1/platforms/${COMPONENT}/webhook-endpoints/${id}`);
  }

  private async numbered(): Promise<void> {
    await until('numbers for all events', 120_000, 20, async () =>
      (await this.parts.db.query('SELECT 1 FROM events.event WHERE seq IS NULL LIMIT 1')).length === 0 ? true : null,
    );
  }

  private async idle(): Promise<void> {
    await until('the end of all deliveries', 120_000, 100, async () =>
      (
        await this.parts.db.query(
          `SELECT 1 FROM events.webhook_endpoint w JOIN events.feed_head h USING (platform_id)
            WHERE w.fanned_out_seq < h.seq
               OR EXISTS (SELECT FROM events.delivery d WHERE d.endpoint_id = w.endpoint_id AND d.state = 'pending') LIMIT 1`,
        )
      ).length === 0
        ? true
        : null,
    );
  }

  /** @returns seconds from now until that number of requests has arrived */
  private async untilReceived(count: number): Promise<number> {
    const started = performance.now();
    await until(`${count} deliveries`, 300_000, 20, async () => {
      const response = await fetch(`${this.parts.receiver.url}/count`);
      return ((await response.json()) as { requests: number }).requests >= count ? true : null;
    });
    return (performance.now() - started) / 1000;
  }

  private async arrivals(): Promise<{ requests: number; delays: number[] }> {
    return (await (await fetch(`${this.parts.receiver.url}/arrivals`)).json()) as never;
  }
}
