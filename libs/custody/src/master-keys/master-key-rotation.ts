import { Injectable } from '@nestjs/common';
import { Database, KeyRing, Log, Sealer, SealedTables, type SealedTable } from '#libs/kernel';

export interface RotationProgress {
  table: string;
  /** Rows handled so far in this run, and rows that were found to need it at its start, over all tables. */
  done: number;
  total: number;
}

export interface RotationResult {
  /** Rows that were sealed again. */
  resealed: number;
  /** Rows that still have a value under another key: they were written by a process with the old configuration. */
  remaining: number;
}

export interface RotationOptions {
  /** Rows per statement; default 500. */
  batchSize?: number;
  /** Told before the first batch and after each; what it returns is waited for. */
  onProgress?: (progress: RotationProgress) => unknown;
  signal?: AbortSignal;
}

/** How many sealed values a column has under each master key. */
export interface KeyUse {
  table: string;
  column: string;
  keyId: string;
  values: number;
}

/** Reads a table again when rows changed meanwhile; more often than this means that a process still seals under an old key. */
const MAX_ROUNDS = 5;

type Row = Record<string, unknown>;

/**
 * Seals everything again under the first master key, while the hub serves. Each value is replaced only if it is still the
 * one that was read, rows in use are passed over and come again, and what is done already is not found any more, so that
 * stopping and starting again costs nothing.
 */
@Injectable()
export class MasterKeyRotation {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly ring: KeyRing,
    private readonly sealedTables: SealedTables,
    private readonly log: Log,
  ) {}

  private get tables(): readonly SealedTable[] {
    return this.sealedTables.all;
  }

  /** @throws SealError naming a master key that is missing or wrong; nothing was changed by the batch that met it */
  async run(options: RotationOptions = {}): Promise<RotationResult> {
    const counts = await Promise.all(this.tables.map((table) => this.needing(table)));
    const total = counts.reduce((sum, count) => sum + count, 0);
    let done = 0;
    await options.onProgress?.({ table: this.tables[0]?.table ?? '', done, total });
    for (const table of this.tables) {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const resealed = await this.walk(table, options, async (rows) => {
          done += rows;
          await options.onProgress?.({ table: table.table, done: Math.min(done, total), total });
        });
        if (options.signal?.aborted || (resealed.found === resealed.written && resealed.found === 0)) break;
        if (resealed.found === resealed.written && (await this.needing(table)) === 0) break;
      }
      if (options.signal?.aborted) break;
    }
    let remaining = 0;
    for (const table of this.tables) remaining += await this.needing(table);
    this.log.info('master_key.rotated', { keyId: this.ring.encryptId, resealed: done, remaining });
    return { resealed: done, remaining };
  }

  /** Which master keys are in use, and how much: a key that is not in this list any more may be taken out of `MASTER_KEYS`. */
  keyUse(): Promise<KeyUse[]> {
    return keyUseOf(this.db, this.tables);
  }

  private async needing(table: SealedTable): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(
      `SELECT count(*) AS count FROM ${table.table} WHERE ${needs(table)}`,
      [this.ring.encryptId],
    );
    return row!.count;
  }

  private async walk(
    table: SealedTable,
    options: RotationOptions,
    onWritten: (rows: number) => Promise<void>,
  ): Promise<{ found: number; written: number }> {
    const keys = table.key.map(({ column }) => column);
    const columns = [...keys, ...table.sealed.map(({ column }) => column)].join(', ');
    const batch = options.batchSize ?? 500;
    const counts = { found: 0, written: 0 };
    let after: unknown[] | null = null;
    while (!options.signal?.aborted) {
      const beyond: string = after
        ? `AND (${keys.join(', ')}) > (${table.key.map(({ type }, index) => `$${index + 3}::${type}`).join(', ')})`
        : '';
      const rows: Row[] = await this.db.query<Row>(
        `SELECT ${columns} FROM ${table.table} WHERE (${needs(table)}) ${beyond} ORDER BY ${keys.join(', ')} LIMIT $2`,
        [this.ring.encryptId, batch, ...(after ?? [])],
      );
      if (rows.length === 0) break;
      after = keys.map((column) => rows.at(-1)![column]);
      const written = await this.reseal(table, rows);
      counts.found += rows.length;
      counts.written += written;
      await onWritten(written);
      if (rows.length < batch) break;
    }
    return counts;
  }

  /** One statement for a batch; a row that is locked, or that has other values by now, is left for the next round. */
  private async reseal(table: SealedTable, rows: readonly Row[]): Promise<number> {
    const values: unknown[] = table.key.map(({ column }) => rows.map((row) => row[column]));
    const names = table.key.map(({ column }) => column);
    const types: string[] = table.key.map(({ type }) => type);
    for (const { column, aad } of table.sealed) {
      values.push(rows.map((row) => row[column]));
      values.push(rows.map((row) => this.again(row[column] as Buffer | null, aad(row))));
      names.push(`old_${column}`, `new_${column}`);
      types.push('bytea', 'bytea');
    }
    const matching = table.key.map(({ column }) => `t.${column} = i.${column}`).join(' AND ');
    const unchanged = table.sealed
      .map(({ column }) => `t.${column} IS NOT DISTINCT FROM i.old_${column}`)
      .join(' AND ');
    return this.db.run(
      `WITH i AS (
         SELECT * FROM unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')}) AS i (${names.join(', ')})
       ), free AS MATERIALIZED (
         SELECT ${table.key.map(({ column }) => `t.${column}`).join(', ')} FROM ${table.table} t JOIN i ON ${matching}
          WHERE ${unchanged} FOR NO KEY UPDATE OF t SKIP LOCKED
       )
       UPDATE ${table.table} t SET ${table.sealed.map(({ column }) => `${column} = i.new_${column}`).join(', ')}
         FROM i JOIN free ON ${table.key.map(({ column }) => `free.${column} = i.${column}`).join(' AND ')}
        WHERE ${matching} AND ${unchanged}`,
      values,
    );
  }

  private again(sealed: Buffer | null, aad: string): Buffer | null {
    if (sealed === null) return null;
    const plain = this.sealer.open(sealed, aad);
    return this.sealer.needsReseal(sealed) ? this.sealer.seal(plain, aad) : sealed;
  }
}

/** How many values each column has under each key. Reads every sealed row. */
export async function keyUseOf(db: Database, tables: readonly SealedTable[]): Promise<KeyUse[]> {
  const uses: KeyUse[] = [];
  for (const { table, sealed } of tables) {
    for (const { column } of sealed) {
      const rows = await db.query<{ keyId: string; values: number }>(
        `SELECT convert_from(${keyIdOf(column)}, 'SQL_ASCII') AS "keyId", count(*) AS values
           FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
      );
      uses.push(...rows.map((row) => ({ table, column, ...row })));
    }
  }
  return uses;
}

/** The key id in the envelope: version byte, length, id (libs/kernel, sealer). */
function keyIdOf(column: string): string {
  return `substring(${column} FROM 3 FOR get_byte(${column}, 1))`;
}

function needs(table: SealedTable): string {
  return table.sealed
    .map(({ column }) => `(${column} IS NOT NULL AND ${keyIdOf(column)} <> convert_to($1, 'SQL_ASCII'))`)
    .join(' OR ');
}
