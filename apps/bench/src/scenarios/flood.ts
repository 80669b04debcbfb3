import { setTimeout as sleep } from 'node:timers/promises';
import { newApiKey } from '../api-key.ts';
import { Dice } from '../dice.ts';
import { appidOf, seedFleet } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';
import { httpRequest } from '../http-connection.ts';
import { type LoadResult, load } from '../load.ts';
import { percentile, progress, report } from '../report.ts';
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
  only?: string;
}

/** From the beginning of a flood until it is measured: what its tenant has saved up is spent by then. */
const LEAD_SECONDS = 0.5;
/** From its end until the next measurement: what it has left waiting is done by then. */
const PAUSE_MS = 1000;

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
      .option(
        '--only <kind>',
        'of the flood: hand-out, list, forged-push, no-json, no-key, all of which it is mixed of otherwise, or table',
      )
      .option('--seconds <n>', 'length of one measurement', whole(1), 2)
      .option('--rounds <n>', 'measurements of each, taking turns; their requests are counted together', whole(1), 30)
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
    let asked = 0;
    const measure = async (): Promise<LoadResult> => {
      const first = asked;
      const result = await load({
        url: hub.url,
        request: (n) => requests[(first + n) % requests.length]!,
        connections: 32,
        requests: options.rate * options.seconds,
        ratePerSecond: options.rate,
      });
      asked += Math.ceil(result.requests / CALM_KINDS.length) * CALM_KINDS.length;
      if (result.failures > 0) progress(`${result.failures} of the calm tenant failed: ${result.failure}`);
      return result;
    };
    const beside = async (query: string) => {
      const seconds = options.seconds + LEAD_SECONDS + 0.2;
      const cpu = flooder.cpuSeconds();
      const answer = fetch(`${flooder.url}/run?seconds=${seconds}&${query}`).then(async (response) => {
        if (!response.ok) throw new Error(await response.text());
        return (await response.json()) as Record<string, number>;
      });
      await Promise.race([answer, sleep(LEAD_SECONDS * 1000)]);
      const result = await measure();
      const counts = await answer;
      await sleep(PAUSE_MS);
      return { result, counts, cpu: (flooder.cpuSeconds() - cpu) / seconds };
    };
    const asksFor = `rate=${options.floodRate}${options.only === undefined ? '' : `&only=${options.only}`}`;

    progress('warming up');
    await measure();
    await beside(asksFor);
    const alone: LoadResult[] = [];
    const flooded: LoadResult[] = [];
    const burnt: LoadResult[] = [];
    const counts: Record<string, number> = {};
    let share = 0;
    for (let n = 0; n < options.rounds; n += 1) {
      alone.push(await measure());
      const under = await beside(asksFor);
      flooded.push(under.result);
      for (const [status, count] of Object.entries(under.counts)) counts[status] = (counts[status] ?? 0) + count;
      share = Math.min(0.99, under.cpu);
      burnt.push((await beside(`spin=${share}`)).result);
      progress(
        `round ${n + 1}: p99 alone ${alone[n]!.p99.toFixed(1)} ms, flood ${flooded[n]!.p99.toFixed(1)} ms, same CPU burnt ${burnt[n]!.p99.toFixed(1)} ms`,
      );
    }
    const failures = (results: LoadResult[]) => results.reduce((sum, result) => sum + result.failures, 0);
    const [low, high] = spread(alone, flooded);
    report('flood', {
      calm_rate: options.rate,
      calm_requests_of_each: alone.length * options.rate * options.seconds,
      flood_per_second: Math.round(
        Object.values(counts).reduce((sum, count) => sum + count, 0) /
          (options.rounds * (options.seconds + LEAD_SECONDS + 0.2)),
      ),
      flood_answers: Object.entries(counts)
        .map(([status, count]) => `${status}: ${count}`)
        .join(', '),
      flood_cpu_share: share,
      ...ofEachKind('alone', alone),
      ...ofEachKind('flooded', flooded),
      ...ofEachKind('same_cpu_burnt', burnt),
      ratio: p99Of(flooded) / p99Of(alone),
      ratio_19_of_20_from: low,
      ratio_19_of_20_to: high,
      ratio_to_same_cpu_burnt: p99Of(flooded) / p99Of(burnt),
      ratio_wanted: 2,
      calm_failures_alone: failures(alone),
      calm_failures_flooded: failures(flooded),
    });
  },
};

/** Of all requests of these measurements together: a stall of the machine counts for its length, wherever it falls. */
function p99Of(results: readonly LoadResult[]): number {
  return percentile(together(results), 99);
}

function together(results: readonly LoadResult[]): number[] {
  return results.flatMap((result) => result.samplesMs);
}

const CALM_KINDS = ['hand_out', 'one', 'hand_out', 'page'] as const;

function ofEachKind(when: string, results: readonly LoadResult[]): Record<string, number> {
  const all = together(results);
  const p99 = (kind: string) =>
    percentile(
      results.flatMap((result) => result.samplesMs.filter((_, n) => CALM_KINDS[n % CALM_KINDS.length] === kind)),
      99,
    );
  return {
    [`p50_${when}_ms`]: percentile(all, 50),
    [`p99_${when}_ms`]: percentile(all, 99),
    [`p99_${when}_hand_out_ms`]: p99('hand_out'),
    [`p99_${when}_one_ms`]: p99('one'),
    [`p99_${when}_page_ms`]: p99('page'),
  };
}

/**
 * Between which bounds the ratio lies in 19 of 20 cases if the rounds are drawn again: how far one run can be trusted. A round
 * is drawn as a whole, with what was measured alone and beside the flood in the same moments.
 */
function spread(alone: readonly LoadResult[], flooded: readonly LoadResult[]): [low: number, high: number] {
  const dice = new Dice(1);
  const ratios = Array.from({ length: 500 }, () => {
    const drawn = alone.map(() => dice.below(alone.length));
    return p99Of(drawn.map((n) => flooded[n]!)) / p99Of(drawn.map((n) => alone[n]!));
  });
  return [percentile(ratios, 2.5), percentile(ratios, 97.5)];
}

async function newKeys(hub: HubProcess, platform: Platform, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let n = 0; n < count; n += 1) {
    keys.push(
      (await newApiKey(hub, platform, ['tokens:issue', 'authorizers:read', 'authorizers:write', 'domains:read'])).key,
    );
  }
  return keys;
}

/** In the order of `CALM_KINDS`. */
function calmRequests({ componentAppid }: Platform, key: string, merchants: number): Buffer[] {
  const base = `/v1/platforms/${componentAppid}`;
  const authorization = { authorization: `Bearer ${key}` };
  return Array.from({ length: merchants * 2 }, (_, n) => {
    const appid = appidOf(n >> 1);
    if (n % 2 === 0) return handOutRequest(componentAppid, appid, key);
    return httpRequest('GET', `${base}/authorizers${n % 4 === 1 ? `/${appid}` : '?limit=20'}`, authorization);
  });
}
