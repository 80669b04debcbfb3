import { WORKER_ROLE } from './database.ts';
import type { Sql } from './transaction.ts';

/** A table whose rows belong to something, by the columns that say to what. */
export interface OwnedTable {
  /** With its schema, quoted. */
  name: string;
  columns: readonly string[];
}

/**
 * Every table of the installation that has `platform_id` and, of `columns`, at least one; those that refer to another one come
 * before it, so that rows can be removed in this order. Read from the catalogs, so that no table is forgotten. Tables from which the
 * worker may remove nothing are left out: the audit trail has an end of its own.
 */
export async function ownedTables(sql: Sql, columns: readonly string[]): Promise<OwnedTable[]> {
  const tables = await sql.query<{ oid: number; name: string; columns: string[] }>(
    `SELECT c.oid::int AS oid, c.oid::regclass::text AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND has_table_privilege('${WORKER_ROLE}', c.oid, 'DELETE') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'graphile_worker')
      GROUP BY c.oid
     HAVING bool_or(a.attname = 'platform_id') AND bool_or(a.attname = ANY ($1))
      ORDER BY name`,
    [columns],
  );
  const references = await sql.query<{ child: number; parent: number }>(
    `SELECT DISTINCT conrelid::int AS child, confrelid::int AS parent FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid`,
  );
  const ordered: OwnedTable[] = [];
  const left = new Map(tables.map((table) => [table.oid, table]));
  while (left.size > 0) {
    const free = [...left.values()].filter(
      ({ oid }) => !references.some((each) => each.parent === oid && left.has(each.child)),
    );
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    for (const table of free) {
      left.delete(table.oid);
      ordered.push({ name: table.name, columns: table.columns });
    }
  }
  return ordered;
}
