import { DomainLedger, bodyDigest } from '#libs/domain-ledger';
import type { Database } from '#libs/kernel';
import { appidOf } from '../fleet.ts';
import { COMMON_DOMAIN, PRODUCTS, ownDomain, releaseDomain } from '../history/patterns.ts';
import { writeHistories } from '../history/write-fleet.ts';
import { httpRequest } from '../http-connection.ts';
import { load } from '../load.ts';
import { type Figures, mebibytes, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import { Dice } from '../dice.ts';
import { APPSECRET, AES_KEY, type HubProcess, PUSH_TOKEN, type Stage } from '../stage.ts';

interface Options {
  fleet: number;
  snapshots: number;
  requests: number;
  connections: number;
}

interface Question {
  name: string;
  /** Path below the platform, of the n-th request. */
  path: (dice: Dice) => string;
  method?: 'POST';
  body?: (dice: Dice) => unknown;
  /** Goal for the 95th percentile, in milliseconds. */
  wantedMs?: number;
  /** Part of the number of requests, for what takes longer. */
  share?: number;
}

const COMPONENT = 'wxbench000000000001';
const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;

/** Questions over REST to a fleet with a long history, one after the other, each about another mini program. */
export const questions: Scenario<Options> = {
  name: 'questions',
  summary: 'questions over REST to a generated fleet with its history; CSV export of all of it',
  options: (command) =>
    command
      .option('--fleet <n>', 'mini programs (the goal names 1000000)', whole(100), 20_000)
      .option('--snapshots <n>', 'snapshots of each', whole(2), 10)
      .option('--requests <n>', 'requests of each question', whole(20), 1000)
      .option('--connections <n>', 'kept connections that ask at once', whole(1), 1),
  run,
};

async function run(stage: Stage, { fleet, snapshots, requests, connections }: Options): Promise<void> {
  // Nobody is asked at WeChat, so nobody stands there.
  const hub = await stage.hub('http://127.0.0.1:9', { ROLES: 'api' });
  const { platformId, key, limitedKey } = await platformWithKeys(hub, stage);
  const db = await stage.database();
  const started = performance.now();
  await writeHistories(db, { platformId, count: fleet, snapshots, days: YEAR_DAYS, progress });
  await leaveBehind(db, platformId, Math.ceil(fleet / 10_000));
  const written = (performance.now() - started) / 1000;
  const [size] = await db.query<{ bytes: number; snapshots: number }>(
    `SELECT pg_database_size(current_database())::float8 AS bytes, (SELECT count(*)::int FROM domain_ledger.snapshot) AS snapshots`,
  );
  const figures: Figures = {
    fleet,
    snapshots: size?.snapshots ?? 0,
    generated_in_s: Math.round(written),
    database_mib: Math.round(mebibytes(size?.bytes ?? 0)),
    requests,
    connections,
  };
  const missed: string[] = [];
  const ask = async (question: Question, apiKey: string) => {
    const dice = new Dice(20_261_122);
    const base = `/v1/platforms/${COMPONENT}`;
    const asked = (count: number) =>
      load({
        url: hub.url,
        connections,
        requests: count,
        request: () =>
          httpRequest(
            question.method ?? 'GET',
            base + question.path(dice),
            { authorization: `Bearer ${apiKey}`, ...(question.body ? { 'content-type': 'application/json' } : {}) },
            question.body ? JSON.stringify(question.body(dice)) : null,
          ),
      });
    const count = Math.max(20, Math.round(requests * (question.share ?? 1)));
    await asked(Math.ceil(count / 4));
    const result = await asked(count);
    if (result.failures > 0) throw new Error(`${question.name}: ${result.failures} failed: ${result.failure}`);
    figures[`${question.name}_p50_ms`] = result.p50;
    figures[`${question.name}_p95_ms`] = result.p95;
    figures[`${question.name}_p99_ms`] = result.p99;
    if (question.wantedMs !== undefined) {
      figures[`${question.name}_wanted_ms`] = question.wantedMs;
      if (result.p95 > question.wantedMs) missed.push(question.name);
    }
    progress(
      `${question.name}: p50 ${result.p50.toFixed(1)} ms, p95 ${result.p95.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms`,
    );
  };
  for (const question of asWholePlatform(fleet, snapshots)) await ask(question, key);
  for (const question of asMerchant()) await ask(question, limitedKey);
  Object.assign(figures, await exported(hub, key, fleet));
  report('questions', { ...figures, goals_missed: missed.join(', ') || null });
}

function asWholePlatform(fleet: number, snapshots: number): Question[] {
  const member = (dice: Dice) => `/authorizers/${appidOf(dice.below(fleet))}`;
  const moment = (dice: Dice) => new Date(Date.now() - dice.below(YEAR_DAYS) * DAY_MS);
  const coverage = (domain: string, more = '') =>
    `/domain-coverage?list=requestdomain&domain=${encodeURIComponent(domain)}${more}`;
  const anyDomain = (dice: Dice) =>
    dice.pick([
      COMMON_DOMAIN,
      releaseDomain(dice.below(PRODUCTS), snapshots),
      releaseDomain(dice.below(PRODUCTS), snapshots - 1),
      ownDomain(String(dice.below(fleet))),
      'https://nobody.has.example',
    ]);
  const newest = (dice: Dice) => releaseDomain(dice.below(PRODUCTS), snapshots);
  return [
    { name: 'current_domains', path: (dice) => `${member(dice)}/domains`, wantedMs: 10 },
    { name: 'one_moment', path: (dice) => `${member(dice)}/domains?at=${moment(dice).toISOString()}`, wantedMs: 10 },
    { name: 'history_page', path: (dice) => `${member(dice)}/snapshots`, wantedMs: 20 },
    { name: 'coverage', path: (dice) => coverage(anyDomain(dice)), wantedMs: 200 },
    { name: 'drift', path: () => '/domain-drift', wantedMs: 200 },
    {
      name: 'changes_of_a_day',
      path: (dice) => {
        const from = moment(dice);
        return `/domain-changes?from=${from.toISOString()}&to=${new Date(from.getTime() + DAY_MS).toISOString()}`;
      },
      wantedMs: 50,
    },
    { name: 'lifespans', path: (dice) => `${member(dice)}/domain-lifespans` },
    { name: 'coverage_pending', path: (dice) => coverage(newest(dice), '&verdict=pending'), wantedMs: 100, share: 0.1 },
    { name: 'coverage_missing', path: () => coverage(COMMON_DOMAIN, '&verdict=missing'), wantedMs: 100, share: 0.05 },
    {
      name: 'coverage_unknown',
      path: (dice) => coverage(anyDomain(dice), '&verdict=unknown'),
      wantedMs: 100,
      share: 0.1,
    },
    {
      name: 'coverage_own',
      path: (dice) => coverage(ownDomain(String(dice.below(fleet))), '&verdict=covered'),
      share: 0.1,
    },
    {
      name: 'changes_of_a_domain',
      path: (dice) => `/domain-changes?domain=${encodeURIComponent(newest(dice))}`,
      share: 0.1,
    },
    {
      name: 'changes_of_a_merchant',
      path: (dice) => `/domain-changes?merchant_id=m${dice.below(Math.floor(fleet / 5))}`,
      share: 0.1,
    },
    { name: 'gauges', path: () => '/domain-gauges', wantedMs: 300, share: 0.01 },
    { name: 'overview', path: () => '/overview', wantedMs: 300, share: 0.01 },
    {
      name: 'assertion',
      method: 'POST',
      path: () => '/domain-assertions',
      body: (dice) => ({ domains: [{ list: 'requestdomain', domain: newest(dice) }] }),
      share: 0.1,
    },
  ];
}

/** The same, asked with a key that is limited to three merchants. */
function asMerchant(): Question[] {
  const coverage = `/domain-coverage?list=requestdomain&domain=${encodeURIComponent(COMMON_DOMAIN)}`;
  return [
    { name: 'limited_coverage', path: () => coverage, share: 0.1 },
    { name: 'limited_drift', path: () => '/domain-drift', share: 0.1 },
    { name: 'limited_changes', path: () => '/domain-changes', share: 0.1 },
    { name: 'limited_current_domains', path: () => `/authorizers/${appidOf(0)}/domains`, share: 0.1 },
  ];
}

/** Coverage of all as CSV: how long, and what the hub holds in memory meanwhile. */
async function exported(hub: HubProcess, key: string, fleet: number): Promise<Figures> {
  const before = hub.rss();
  const started = performance.now();
  const path = `/v1/platforms/${COMPONENT}/domain-coverage?list=requestdomain&domain=${encodeURIComponent(COMMON_DOMAIN)}`;
  const response = await fetch(hub.url + path, { headers: { authorization: `Bearer ${key}`, accept: 'text/csv' } });
  if (!response.ok || !response.body) throw new Error(`no export: ${response.status} ${await response.text()}`);
  let bytes = 0;
  let lines = 0;
  let most = before;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
    most = Math.max(most, hub.rss());
  }
  const rows = lines - 1;
  if (rows < fleet * 0.9) throw new Error(`an export of ${rows} rows for ${fleet} mini programs`);
  const figures = {
    csv_rows: rows,
    csv_mib: mebibytes(bytes),
    csv_s: (performance.now() - started) / 1000,
    csv_hub_rss_before_mib: mebibytes(before),
    csv_hub_rss_most_mib: mebibytes(most),
  };
  progress(`CSV: ${rows} rows in ${figures.csv_s.toFixed(1)} s, hub at most ${figures.csv_hub_rss_most_mib} MiB`);
  return figures;
}

/** A few mini programs that lack the domain all others have: the rarest verdict takes the longest way. */
async function leaveBehind(db: Database, platformId: number, count: number): Promise<void> {
  const rows = await db.query<{ id: number }>(
    `SELECT authorizer_id AS id FROM domain_ledger.watch
      WHERE platform_id = $1 AND counted = 2 AND unreadable_since IS NULL AND authorizer_id % 9973 = 5 ORDER BY 1 LIMIT $2`,
    [platformId, count],
  );
  const lists = { requestdomain: ['https://late.example'] };
  const body = Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', third_domain: lists, effective_domain: lists }));
  const now = new Date();
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY_MS });
  await db.transaction((sql) =>
    ledger.record(
      sql,
      platformId,
      rows.map(({ id }) => ({ authorizerId: id, askedAt: now, answeredAt: now, body, bodyDigest: bodyDigest(body) })),
    ),
  );
}

async function platformWithKeys(
  hub: HubProcess,
  stage: Stage,
): Promise<{ platformId: number; key: string; limitedKey: string }> {
  const made = async <T>(path: string, body: object) => {
    const answer = await hub.call<T>('POST', path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await made('/v1/platforms', {
    component_appid: COMPONENT,
    component_appsecret: APPSECRET,
    token: PUSH_TOKEN,
    encoding_aes_key: AES_KEY,
    name: 'Benchmark',
  });
  const key = (more: object) =>
    made<{ key: string }>(`/v1/platforms/${COMPONENT}/api-keys`, {
      name: 'benchmark',
      scopes: ['domains:read', 'authorizers:read'],
      ...more,
    });
  const platformId = await stage.platformIdOf(COMPONENT);
  return {
    platformId,
    key: (await key({})).key,
    limitedKey: (await key({ merchant_ids: ['m0', 'm1', 'm7'] })).key,
  };
}
