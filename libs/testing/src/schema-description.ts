import type { Sql } from '#libs/kernel';

interface ColumnRow {
  table_schema: string;
  table_name: string;
  column_name: string;
  type: string;
  not_null: boolean;
  default_value: string | null;
  identity: string;
}

const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'graphile_worker') AND n.nspname NOT LIKE 'pg\\_%'`;

/** The migrated schema as Markdown, read from the catalogs: tables with columns, constraints, indexes, policies; functions. */
export async function describeSchema(sql: Sql): Promise<string> {
  const columns = await sql.query<ColumnRow>(`
    SELECT n.nspname AS table_schema, c.relname AS table_name, a.attname AS column_name,
           format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
           pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attidentity AS identity
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND ${OURS}
    ORDER BY n.nspname, c.relname, a.attnum`);
  const lines = (rows: { of: string; line: string }[]) => groupBy(rows, (row) => row.of);
  const constraints = lines(
    await sql.query(`
      SELECT n.nspname || '.' || c.relname AS of, k.conname || ': ' || pg_get_constraintdef(k.oid) AS line
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${OURS} AND k.contype <> 'n' ORDER BY 1, k.contype, k.conname`),
  );
  const indexes = lines(
    await sql.query(`
      SELECT n.nspname || '.' || c.relname AS of, pg_get_indexdef(i.indexrelid) AS line
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${OURS} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1, 2`),
  );
  const policies = lines(
    await sql.query(`
      SELECT n.nspname || '.' || c.relname AS of,
             'policy ' || p.polname || ' ' || p.polcmd::text || ' to '
               || (SELECT string_agg(r.rolname, ', ' ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)) || ': '
               || regexp_replace(coalesce(pg_get_expr(p.polqual, p.polrelid), '-'), '\\s+', ' ', 'g') || ' / check '
               || regexp_replace(coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '-'), '\\s+', ' ', 'g') AS line
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${OURS} ORDER BY 1, p.polname`),
  );
  const functions = await sql.query<{ line: string }>(`
    SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') returns '
           || pg_get_function_result(p.oid) AS line
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} ORDER BY 1`);

  const out = [
    '# Schema',
    '',
    'Read from the catalogs after all migrations; a test compares it. Do not edit by hand.',
    '',
  ];
  for (const [table, rows] of groupBy(columns, (row) => `${row.table_schema}.${row.table_name}`)) {
    out.push(`## ${table}`, '', '| column | type | |', '|---|---|---|');
    for (const row of rows) {
      const extra = [
        row.not_null ? 'not null' : '',
        row.identity === '' ? '' : 'identity',
        row.default_value === null ? '' : `default \`${row.default_value}\``,
      ].filter((part) => part !== '');
      out.push(`| ${row.column_name} | ${row.type} | ${extra.join(', ')} |`);
    }
    out.push('');
    for (const group of [constraints, indexes, policies]) {
      for (const { line } of group.get(table) ?? []) out.push(`- \`${line}\``);
    }
    out.push('');
  }
  out.push('## Functions', '', ...functions.map(({ line }) => `- \`${line}\``), '');
  return out.join('\n');
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
