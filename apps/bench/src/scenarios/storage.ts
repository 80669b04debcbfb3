import { slotOf } from '#libs/authorizers';
import { DomainLedger, DomainSweeps } from '#libs/domain-ledger';
import type { Database } from '#libs/kernel';
import { migrations } from '#migrations';
import type { Hub } from '../../../hub/src/hub.ts';
import { ChangingAnswers } from '../changing-answers.ts';
import { appidOf, seedFleet, simulateFleet } from '../fleet.ts';
import { mebibytes, progress, report } from '../report.ts';
import { type Scenario, whole } from '../scenario.ts';
import type { Platform, Stage } from '../stage.ts';

interface Options {
  fleet: number;
  days: number;
}

interface YearOptions extends Options {
  changes: number;
  jsonDays: number;
}

const DAY_MS = 86_400_000;
/** Accounts with a domain of their own, so that not every content is shared by the fleet. */
const UNIQUE_SHARE = 0.2;
/** Answers recorded, or written as JSON, in one transaction. */
const BATCH = 1000;
const YEAR_PLATFORM = 1;

/*
 * What history costs on the disk. Days: real sweeps through the real code and the simulator, one a simulated day, with
 * the clock of the database shifted. A year: the same answers given straight to the ledger. Between two days vacuum runs
 * where autovacuum would have run in a day's time.
 */

/** Days on which nothing changes. */
export const storage: Scenario<Options> = {
  name: 'storage',
  summary: 'growth of the database over unchanged days, in bytes per observation',
  options: (command) =>
    command
      .option('--fleet <n>', 'mini programs (the goal names 20000)', whole(1), 5000)
      .option('--days <n>', 'simulated days (the goal names 30)', whole(1), 10),
  run: unchangedDays,
};

/** A year with changes, against a table that holds the JSON of each day. */
export const storageYear: Scenario<YearOptions> = {
  name: 'storage-year',
  summary: 'a year of daily sweeps with changes against a table of the JSON of each day',
  options: (command) =>
    command
      .option('--fleet <n>', 'mini programs (the goal names 20000)', whole(1), 500)
      .option('--days <n>', 'simulated days', whole(1), 365)
      .option('--changes <n>', 'changes per mini program over all days', whole(0), 4)
      .option('--json-days <n>', 'days that are written as JSON, too; the others are scaled', whole(1), 5),
  run: year,
};

async function unchangedDays(stage: Stage, { fleet, days }: Options): Promise<void> {
  const world = await open(stage, fleet);
  const { db } = world;
  await world.day(0);
  const before = await sizes(db);
  for (let day = 1; day <= days; day += 1) {
    const { changed, unchanged } = await world.day(day);
    if (changed > 0 || unchanged !== fleet) throw new Error(`day ${day}: ${changed} changed, ${unchanged} unchanged`);
    if (day % 5 === 0) progress(`day ${day} of ${days}`);
  }
  const after = await sizes(db);
  const observations = fleet * days;
  report('storage: unchanged days', {
    fleet,
    days,
    observations,
    database_before_mib: mebibytes(before.database),
    growth_mib: mebibytes(after.database - before.database),
    bytes_per_observation: (after.database - before.database) / observations,
    bytes_wanted: 40,
    ...growthBySchema(before, after, observations),
    snapshot_rows_added: after.snapshots - before.snapshots,
  });
}

/**
 * The ledger alone, without sweeps and WeChat: every day's answers are recorded in batches, at that day's time. That is
 * what a year of sweeps does to its tables, in minutes.
 */
async function year(stage: Stage, { fleet, days, changes, jsonDays }: YearOptions): Promise<void> {
  const db = await stage.database();
  await db.migrate(migrations);
  const ids = await authorized(db, fleet);
  await db.query(`CREATE SCHEMA naive`);
  for (const type of ['text', 'jsonb'])
    await db.query(
      `CREATE TABLE naive.daily_${type} (authorizer_id bigint, day date, body ${type}, PRIMARY KEY (authorizer_id, day))`,
    );
  const before = await sizes(db);
  const ledger = new DomainLedger({ snapshotIntervalMs: DAY_MS });
  const answers = new ChangingAnswers(fleet);
  const start = Date.now() - days * DAY_MS;
  const recordDay = async (day: number) => {
    for (let at = 0; at < fleet; at += BATCH) {
      const observations = ids.slice(at, at + BATCH).map((authorizerId, n) => {
        const { body, digest } = answers.of(at + n);
        const askedAt = new Date(start + day * DAY_MS + at + n);
        return { authorizerId, askedAt, answeredAt: askedAt, body, bodyDigest: digest };
      });
      await db.transaction((sql) => ledger.record(sql, YEAR_PLATFORM, observations));
    }
    await vacuumAsADayWould(db);
  };
  await recordDay(0);
  let changed = 0;
  for (let day = 1; day < days; day += 1) {
    changed += answers.nextDay(changes / (days - 1));
    await recordDay(day);
    if (day % 30 === 29) progress(`day ${day + 1} of ${days}`);
  }
  const after = await sizes(db);
  if (after.snapshots !== fleet + changed)
    throw new Error(`${after.snapshots} snapshots for ${fleet} mini programs and ${changed} changes`);
  // A row a day and mini program, whatever the day: some days stand for all.
  const written = Math.min(jsonDays, days);
  for (let day = 0; day < written; day += 1) await writeJson(db, answers, day);
  await db.query('VACUUM (ANALYZE) naive.daily_text, naive.daily_jsonb');
  const [naive] = await db.query<{ text: number; jsonb: number }>(
    `SELECT pg_total_relation_size('naive.daily_text') AS text, pg_total_relation_size('naive.daily_jsonb') AS jsonb`,
  );
  const grown = after.ledger - before.ledger;
  const scaled = (bytes: number | undefined) => ((bytes ?? 0) / written) * days;
  report('storage: a year', {
    fleet,
    days,
    changes_per_mini_program: changed / fleet,
    ledger_mib: mebibytes(grown),
    ledger_bytes_per_observation: grown / (fleet * days),
    json_text_mib: mebibytes(scaled(naive?.text)),
    jsonb_mib: mebibytes(scaled(naive?.jsonb)),
    ratio_text: scaled(naive?.text) / grown,
    ratio_jsonb: scaled(naive?.jsonb) / grown,
    ratio_wanted: 100,
    json_days_written: written,
    snapshots: after.snapshots,
    largest_growth: largestGrowth(before, after),
  });
}

/** Mini programs of a platform that nobody else asks about. @returns their ids */
async function authorized(db: Database, fleet: number): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets)
     SELECT $1, appid, slot, 'authorized', 'mini_program', '{18}' FROM unnest($2::text[], $3::int[]) AS f (appid, slot)
     RETURNING authorizer_id AS id`,
    [YEAR_PLATFORM, ...columnsOf(fleet)],
  );
  return rows.map(({ id }) => id);
}

function columnsOf(fleet: number): [string[], number[]] {
  const appids = Array.from({ length: fleet }, (_, n) => appidOf(n));
  return [appids, appids.map(slotOf)];
}

interface SweptWorld {
  db: Database;
  /** The scheduled round of that simulated day, from its beginning to its end. */
  day(n: number): Promise<{ changed: number; unchanged: number }>;
}

async function open(stage: Stage, fleet: number): Promise<SweptWorld> {
  const simulator = await stage.simulator();
  const { hub, call } = await stage.hubInProcess(simulator.url, { SNAPSHOT_INTERVAL: 'P1D', LOG_LEVEL: 'error' });
  const platform = await stage.platform({ call }, simulator, 'wxbench000000000001');
  const db = await stage.database();
  await simulateFleet(simulator, platform, fleet, { uniqueShare: UNIQUE_SHARE });
  progress(`seeding ${fleet} mini programs`);
  // Tokens that outlive the simulated days: the calls are real, and WeChat's own clock stands still.
  await seedFleet(db, stage.sealer, platform, {
    count: fleet,
    lifeSeconds: 10 * 365 * 86_400,
  });
  // The last moment of the first day, by the database's clock.
  const start = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS - 60_000;
  return {
    db,
    day: async (n) => {
      hub.db.travel(`${Math.round((start + n * DAY_MS - Date.now()) / 1000)} seconds`);
      const counts = await round(hub, platform);
      await vacuumAsADayWould(db);
      return counts;
    },
  };
}

async function round(hub: Hub, platform: Platform): Promise<{ changed: number; unchanged: number }> {
  const sweeps = hub.get(DomainSweeps);
  await sweeps.ensureRounds();
  const done = await sweeps.work();
  await sweeps.ensureRounds();
  if (done.failed > 0 || done.total === 0)
    throw new Error(`a round of platform ${platform.platformId} went wrong: ${JSON.stringify(done)}`);
  return { changed: done.changed, unchanged: done.unchanged };
}

/** Vacuums every table whose dead rows are beyond its threshold, as autovacuum does when a day has its real length. */
async function vacuumAsADayWould(db: Database): Promise<void> {
  await db.query('SELECT pg_stat_force_next_flush()');
  const tables = await db.query<{ name: string }>(
    `SELECT format('%I.%I', s.schemaname, s.relname) AS name FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
      WHERE n_dead_tup > 50 + greatest(c.reltuples, 0) * coalesce(
        (SELECT split_part(option, '=', 2)::float8 FROM unnest(c.reloptions) AS option
          WHERE option LIKE 'autovacuum_vacuum_scale_factor=%'), 0.2)`,
  );
  for (const { name } of tables) await db.query(`VACUUM (ANALYZE) ${name}`);
}

interface Sizes {
  database: number;
  ledger: number;
  snapshots: number;
  schemas: Map<string, number>;
  tables: Map<string, number>;
}

async function sizes(db: Database): Promise<Sizes> {
  // What is in memory only does not count, and neither does what a vacuum gives back anyway.
  await db.query('CHECKPOINT');
  const tables = await db.query<{ schema: string; name: string; bytes: number }>(
    `SELECT n.nspname AS schema, c.relname AS name, pg_total_relation_size(c.oid)::float8 AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`,
  );
  const [row] = await db.query<{ database: number; snapshots: number }>(
    `SELECT pg_database_size(current_database())::float8 AS database,
            (SELECT count(*) FROM domain_ledger.snapshot) AS snapshots`,
  );
  const bySchema = new Map<string, number>();
  for (const { schema, bytes } of tables) bySchema.set(schema, (bySchema.get(schema) ?? 0) + bytes);
  return {
    database: row?.database ?? 0,
    snapshots: row?.snapshots ?? 0,
    ledger: bySchema.get('domain_ledger') ?? 0,
    schemas: bySchema,
    tables: new Map(tables.map(({ schema, name, bytes }) => [`${schema}.${name}`, bytes])),
  };
}

function growthBySchema(before: Sizes, after: Sizes, observations: number): Record<string, number> {
  return Object.fromEntries(
    [...after.schemas]
      .map(([name, bytes]) => [name, (bytes - (before.schemas.get(name) ?? 0)) / observations] as const)
      .filter(([, bytes]) => Math.abs(bytes) >= 0.01)
      .map(([name, bytes]) => [`${name}_bytes`, bytes]),
  );
}

/** The tables that grew most, in MiB. */
function largestGrowth(before: Sizes, after: Sizes): string {
  return [...after.tables]
    .map(([name, bytes]) => ({ name, mib: mebibytes(bytes - (before.tables.get(name) ?? 0)) }))
    .sort((a, b) => b.mib - a.mib)
    .slice(0, 6)
    .map(({ name, mib }) => `${name} ${mib}`)
    .join(', ');
}

async function writeJson(db: Database, answers: ChangingAnswers, day: number): Promise<void> {
  for (let at = 0; at < answers.count; at += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, answers.count - at) }, (_, n) => at + n);
    const bodies = indexes.map((index) => answers.of(index).body.toString());
    for (const type of ['text', 'jsonb'])
      await db.run(
        `INSERT INTO naive.daily_${type} SELECT id, current_date + $3::int, body::${type} FROM unnest($1::bigint[], $2::text[]) AS t (id, body)`,
        [indexes, bodies, day],
      );
  }
}
