import { DomainLedger, EDITABLE_SLOTS, bodyDigest, countChangeDays, keepLookBatches } from '#libs/domain-ledger';
import type { Database, Sql } from '#libs/kernel';
import { PATTERN_KINDS, PRODUCTS, answerOf, type PatternKind } from './patterns.ts';
import * as statements from './statements.ts';

export interface HistoriesOptions {
  platformId: number;
  /** Mini programs. */
  count: number;
  /** Snapshots of each, all of them changes but the first. */
  snapshots: number;
  /** Days over which the histories reach back. Default 365. */
  days?: number;
  /** The moment until which the fleet has been observed, by the database's clock. Default: now. */
  now?: Date;
  progress?: (text: string) => void;
}

interface Pattern {
  kind: PatternKind;
  product: number;
  authorizerId: number;
  /** One per release. */
  bodies: string[];
}

const DAY_MS = 86_400_000;
/** Share of a release's time within which its latest state was still seen; then one day without a look. */
const SEEN = 0.97;

/** Loaded before its indexes are made again: one pass over a sorted table instead of ten million look-ups. */
const BULK = ['snapshot', 'domain_list', 'domain_content'];
/** What they would do for each row is done for all rows at the end. */
const TRIGGERS = [
  ['authorizers.authorizer', 'domain_ledger_follow_insert'],
  ['domain_ledger.snapshot', 'domain_ledger_note_names'],
  ['domain_ledger.snapshot', 'domain_ledger_reopen_day_insert'],
] as const;
const SEQUENCES = [
  ['authorizers.authorizer', 'authorizer_id'],
  ['domain_ledger.domain', 'domain_id'],
  ['domain_ledger.domain_list', 'list_id'],
  ['domain_ledger.domain_content', 'content_id'],
  ['domain_ledger.body', 'body_id'],
] as const;

/**
 * Writes a fleet with years behind it straight into the tables, in minutes for a million mini programs. A handful of
 * patterns is recorded by the ledger itself; the fleet copies their rows, each member at its own time, and one in five
 * with a domain of its own. Bodies with such a domain are stored as they came, not deflated: they take more room than
 * earned ones. Members are `appidOf(0)` to `appidOf(count - 1)`.
 */
export async function writeHistories(db: Database, options: HistoriesOptions): Promise<void> {
  const { platformId, snapshots, progress = () => undefined } = options;
  const now = options.now ?? (await databaseNow(db));
  const releaseMs = ((options.days ?? 365) * DAY_MS) / snapshots;
  await db.query('CREATE SCHEMA bench');
  progress('recording the patterns');
  await recordPatterns(db, platformId, snapshots, now, releaseMs);
  const indexes = await dropIndexes(db);
  for (const [table, trigger] of TRIGGERS) await db.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`);
  const at = async (table: string, column: string) => Number((await maximum(db, table, column)) + 1);

  progress(`${options.count} mini programs and their merchants`);
  const firstId = await at('authorizers.authorizer', 'authorizer_id');
  await db.run(statements.MEMBERS, [options.count, firstId, PRODUCTS, releaseMs / 1000]);
  await db.run(statements.MERCHANTS, [platformId]);
  await db.run(statements.AUTHORIZERS, [platformId, now]);
  const own = await ownMembers(db, at);

  for (let no = 1; no <= snapshots; no += 1) {
    progress(`snapshots ${no} of ${snapshots}`);
    const list = await at('domain_ledger.domain_list', 'list_id');
    const content = await at('domain_ledger.domain_content', 'content_id');
    const body = await at('domain_ledger.body', 'body_id');
    if (own > 0) await db.run(statements.OWN_CONTENTS, [no, list, content, body]);
    const seen = no === snapshots ? null : 1 + Math.floor((releaseMs * SEEN) / DAY_MS);
    await db.run(statements.SNAPSHOTS, [platformId, no, content, body, seen]);
  }
  progress('indexes');
  for (const definition of indexes) await inBigMemory(db, definition);
  await db.query('ANALYZE domain_ledger.snapshot, bench.member');
  progress('present state and counters');
  await inBigMemory(db, statements.WATCHES, [platformId, now, snapshots, EDITABLE_SLOTS]);
  await db.run(statements.GAPS, [platformId]);
  for (const statement of statements.NAMES) await inBigMemory(db, statement, [platformId]);
  for (const statement of statements.COUNTERS) await inBigMemory(db, statement, [platformId]);
  for (const [table, trigger] of TRIGGERS) await db.query(`ALTER TABLE ${table} ENABLE TRIGGER ${trigger}`);
  for (const [table, column] of SEQUENCES) {
    await db.query(`SELECT setval(pg_get_serial_sequence($1, $2), $3)`, [table, column, await at(table, column)]);
  }
  await db.query('DROP SCHEMA bench CASCADE');
  await keepLookBatches(db, platformId, DAY_MS, { rowsAtOnce: 100_000 });
  await countChangeDays(db, platformId);
  progress('vacuum');
  await db.query('VACUUM (ANALYZE)');
  // Who asks afterwards does not wait for what is still being written.
  await db.query('CHECKPOINT');
}

/** One mini program of every product and kind lives through all releases, in the ledger's own code. */
async function recordPatterns(
  db: Database,
  platformId: number,
  snapshots: number,
  now: Date,
  releaseMs: number,
): Promise<void> {
  const ledger = new DomainLedger({ snapshotIntervalMs: 1000 * DAY_MS });
  const patterns: Pattern[] = [];
  for (let product = 0; product < PRODUCTS; product += 1) {
    for (const kind of PATTERN_KINDS) {
      const [row] = await db.query<{ id: number }>(
        `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets)
         VALUES ($1, $2, 0, 'authorized', 'mini_program', '{18}') RETURNING authorizer_id AS id`,
        [platformId, `wxpattern${product}${kind}`],
      );
      const bodies = Array.from({ length: snapshots }, (_, n) => answerOf(kind, product, n + 1, snapshots));
      patterns.push({ kind, product, authorizerId: row?.id ?? 0, bodies });
    }
  }
  for (let no = 1; no <= snapshots; no += 1) {
    const began = now.getTime() - (snapshots - no + 1) * releaseMs;
    for (const askedAt of [new Date(began), new Date(began + releaseMs * SEEN)]) {
      await db.transaction((sql) =>
        ledger.record(
          sql,
          platformId,
          patterns.map(({ authorizerId, bodies }) => {
            const body = Buffer.from(bodies[no - 1] ?? '');
            return { authorizerId, askedAt, answeredAt: askedAt, body, bodyDigest: bodyDigest(body) };
          }),
        ),
      );
    }
  }
  await db.query(
    'CREATE UNLOGGED TABLE bench.pattern (kind text, product int, authorizer_id bigint, bodies text[] NOT NULL)',
  );
  for (const { kind, product, authorizerId, bodies } of patterns) {
    await db.run('INSERT INTO bench.pattern VALUES ($1, $2, $3, $4)', [kind, product, authorizerId, bodies]);
  }
  await db.run(statements.STEPS, [platformId]);
  await db.run(statements.OWN_STEPS);
}

/** Domains and lists that one member alone has. @returns how many members have one */
async function ownMembers(db: Database, at: (table: string, column: string) => Promise<number>): Promise<number> {
  await db.query('ANALYZE bench.member');
  const domain = await at('domain_ledger.domain', 'domain_id');
  await db.run(statements.OWN_MEMBERS, [domain, await at('domain_ledger.domain_list', 'list_id')]);
  await db.run(statements.OWN_DOMAINS);
  await db.run(statements.OWN_LISTS);
  await db.query('ANALYZE bench.own_member');
  return (await maximum(db, 'bench.own_member', 'own_rank')) + 1;
}

/** @returns the statements that make them again */
async function dropIndexes(db: Database): Promise<string[]> {
  const found = await db.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_index i
      WHERE i.indrelid = ANY (SELECT ('domain_ledger.' || name)::regclass FROM unnest($1::text[]) AS t (name))
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [BULK],
  );
  for (const { name } of found) await db.query(`DROP INDEX ${name}`);
  return found.map(({ definition }) => definition);
}

function inBigMemory(db: Database, text: string, values?: readonly unknown[]): Promise<number> {
  return db.transaction(async (sql: Sql) => {
    await sql.query(`SET LOCAL maintenance_work_mem = '1GB'`);
    await sql.query(`SET LOCAL work_mem = '512MB'`);
    return sql.run(text, values);
  });
}

async function maximum(db: Database, table: string, column: string): Promise<number> {
  const [row] = await db.query<{ most: number | null }>(`SELECT max(${column})::float8 AS most FROM ${table}`);
  return row?.most ?? (table.startsWith('bench.') ? -1 : 0);
}

async function databaseNow(db: Database): Promise<Date> {
  const [row] = await db.query<{ now: Date }>('SELECT wxfleet.now() AS now');
  return (row as { now: Date }).now;
}
