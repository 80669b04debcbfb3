import { newApiKey } from '../api-key.ts';
import { appidOf, seedFleet } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';
import { HttpConnection, httpRequest } from '../http-connection.ts';
import { type Figures, median, percentile, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import { Dice } from '../dice.ts';

interface Options {
  fleet: number;
  pairs: number;
}

interface Case {
  name: string;
  key: string;
  /** A request for what is somebody else's, and one for what does not exist, both of the n-th pair. */
  pair: (n: number) => [foreign: Buffer, absent: Buffer];
}

const MINE = 'wxbench000000000001';
const THEIRS = 'wxbench000000000002';
const NOBODYS = 'wxbench000000000003';
const SCOPES = ['tokens:issue', 'authorizers:read', 'domains:read'];

/** What a tenant can tell by its watch: whether something is another's or is not there at all. */
export const foreign: Scenario<Options> = {
  name: 'foreign',
  summary: "time of a 404 for what is another tenant's and for what does not exist, in pairs",
  options: (command) =>
    command
      .option('--fleet <n>', 'accounts of each of the two platforms', whole(10), 20_000)
      .option('--pairs <n>', 'pairs of each question', whole(10), 3000),
  async run(stage, { fleet, pairs }) {
    const simulator = await stage.simulator();
    const hub = await stage.hub(simulator.url, { ROLES: 'api', RATE_LIMIT_PER_KEY: '0' });
    const mine = await stage.platform(hub, simulator, MINE);
    const theirs = await stage.platform(hub, simulator, THEIRS);
    const db = await stage.database();
    await seedFleet(db, stage.sealer, mine, { count: fleet });
    await seedFleet(db, stage.sealer, theirs, { count: fleet, from: fleet });
    for (const merchantId of ['m1', 'm2']) {
      const made = await hub.call('POST', `/v1/platforms/${MINE}/merchants`, {
        merchant_id: merchantId,
        name: merchantId,
      });
      if (made.status !== 201) throw new Error(`no merchant: ${JSON.stringify(made.body)}`);
    }
    // Every other account of the platform belongs to the merchant of the limited key.
    await db.query(
      `UPDATE authorizers.authorizer SET merchant_id = 'm' || (1 + authorizer_id % 2) WHERE platform_id = $1`,
      [mine.platformId],
    );
    await db.query('VACUUM ANALYZE');
    const ofOthers = await db.query<{ authorizer_appid: string }>(
      `SELECT authorizer_appid FROM authorizers.authorizer WHERE platform_id = $1 AND merchant_id = 'm2'`,
      [mine.platformId],
    );
    const { key: unlimited } = await newApiKey(hub, mine, SCOPES);
    const { key: limited } = await newApiKey(hub, mine, SCOPES, ['m1']);
    const absent = (n: number) => appidOf(10 * fleet + n);
    const otherAppid = (n: number) => appidOf(fleet + (n % fleet));
    const otherMerchant = (n: number) => ofOthers[n % ofOthers.length]!.authorizer_appid;
    const cases = [
      ...accountCases('platform', unlimited, otherAppid, absent),
      ...accountCases('merchant', limited, otherMerchant, absent),
      {
        name: 'platform_itself',
        key: unlimited,
        pair: () => [get(`/v1/platforms/${THEIRS}`, unlimited), get(`/v1/platforms/${NOBODYS}`, unlimited)],
      } satisfies Case,
    ];
    const figures: Figures = { fleet, pairs };
    const connection = await HttpConnection.open(hub.url);
    // The programs are warm before anything counts.
    for (const each of cases) await measure(connection, each, Math.ceil(pairs / 5));
    for (const each of cases) {
      const { foreignMs, absentMs, guessed } = await measure(connection, each, pairs);
      figures[`${each.name}_foreign_p50_ms`] = median(foreignMs);
      figures[`${each.name}_absent_p50_ms`] = median(absentMs);
      figures[`${each.name}_ratio`] = median(foreignMs) / median(absentMs);
      figures[`${each.name}_p90_ratio`] = percentile(foreignMs, 90) / percentile(absentMs, 90);
      figures[`${each.name}_guessed_right`] = guessed;
      progress(
        `${each.name}: ${median(foreignMs).toFixed(3)} ms and ${median(absentMs).toFixed(3)} ms, ` +
          `a guess from one pair is right ${(guessed * 100).toFixed(1)} times of 100`,
      );
    }
    connection.close();
    report('foreign', figures);
  },
};

function accountCases(
  whose: string,
  key: string,
  foreignAppid: (n: number) => string,
  absentAppid: (n: number) => string,
): Case[] {
  const base = `/v1/platforms/${MINE}/authorizers`;
  const both = (request: (appid: string) => Buffer) => (n: number) =>
    [request(foreignAppid(n)), request(absentAppid(n))] as [Buffer, Buffer];
  return [
    { name: `account_of_${whose}`, key, pair: both((appid) => get(`${base}/${appid}`, key)) },
    { name: `domains_of_${whose}`, key, pair: both((appid) => get(`${base}/${appid}/domains`, key)) },
    { name: `snapshots_of_${whose}`, key, pair: both((appid) => get(`${base}/${appid}/snapshots`, key)) },
    { name: `token_of_${whose}`, key, pair: both((appid) => handOutRequest(MINE, appid, key)) },
  ];
}

function get(path: string, key: string): Buffer {
  return httpRequest('GET', path, { authorization: `Bearer ${key}` });
}

/** One after the other on one connection, in any order. */
async function measure(
  connection: HttpConnection,
  { name, pair }: Case,
  pairs: number,
): Promise<{ foreignMs: number[]; absentMs: number[]; guessed: number }> {
  const dice = new Dice(20_261_123);
  const times: [number[], number[]] = [[], []];
  let longer = 0;
  for (let n = 0; n < pairs; n += 1) {
    const requests = pair(n);
    const took: [number, number] = [0, 0];
    const first = dice.below(2) as 0 | 1;
    for (const which of [first, 1 - first] as (0 | 1)[]) {
      const started = performance.now();
      const { status, body } = await connection.send(requests[which]);
      took[which] = performance.now() - started;
      if (status !== 404) throw new Error(`${name}: ${status} ${body}`);
    }
    times[0].push(took[0]);
    times[1].push(took[1]);
    if (took[0] > took[1]) longer += 1;
  }
  return { foreignMs: times[0], absentMs: times[1], guessed: Math.max(longer, pairs - longer) / pairs };
}
