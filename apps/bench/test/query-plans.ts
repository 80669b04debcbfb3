import pg from 'pg';
import type { NamedStatement, Sql } from '#libs/kernel';

export interface Statement {
  /** Of what is planned once. */
  name?: string;
  text: string;
  values: readonly unknown[];
}

/** Runs everything and remembers what: the plans are those of the statements that the read models really send. */
export class RecordingSql implements Sql {
  readonly statements: Statement[] = [];

  constructor(private readonly sql: Sql) {}

  query<Row>(text: string | NamedStatement, values: readonly unknown[] = []): Promise<Row[]> {
    this.statements.push({ ...named(text), values });
    return this.sql.query<Row>(text, values);
  }

  run(text: string | NamedStatement, values: readonly unknown[] = []): Promise<number> {
    this.statements.push({ ...named(text), values });
    return this.sql.run(text, values);
  }

  /** Its look-ups by key are not recorded. */
  repository: Sql['repository'] = (entity) => this.sql.repository(entity);
}

function named(statement: string | NamedStatement): { name?: string; text: string } {
  return typeof statement === 'string' ? { text: statement } : statement;
}

/** A node of EXPLAIN (ANALYZE, FORMAT JSON), as far as it is used here. */
export interface PlanNode {
  'Node Type': string;
  'Actual Loops': number;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Relation Name'?: string;
  Schema?: string;
  Alias?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  'Subplan Name'?: string;
  'Parent Relationship'?: string;
  'Join Type'?: string;
  Strategy?: string;
  'Sort Key'?: string[];
  'Presorted Key'?: string[];
  'Cache Key'?: string;
  'CTE Name'?: string;
  'Function Name'?: string;
  Plans?: PlanNode[];
}

/** Runs a statement and tells how; of the plan only what ran, because policies bring branches for other tenants along. */
export async function planOf(sql: Sql, statement: Statement): Promise<PlanNode> {
  const [row] = await sql.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF, VERBOSE, FORMAT JSON) ${statement.text}`,
    statement.values,
  );
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  if (!plan) throw new Error('no plan');
  return executed(plan);
}

/**
 * The same for the plan that is made without knowing the values, within an open transaction. The values stand in the text, because
 * EXPLAIN with parameters shows the plan for those.
 */
export async function genericPlanOf(sql: Sql, { text, values }: Statement): Promise<PlanNode> {
  await sql.query('SET LOCAL plan_cache_mode = force_generic_plan');
  await sql.query(`PREPARE asked AS ${text}`);
  const literals = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`;
  const plan = await planOf(sql, { text: `EXECUTE asked${literals}`, values: [] });
  await sql.query('DEALLOCATE asked');
  await sql.query('SET LOCAL plan_cache_mode = auto');
  return plan;
}

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (!Array.isArray(value)) return pg.escapeLiteral(textOf(value));
  const elements = value.map((element: unknown) => (element === null ? 'NULL' : JSON.stringify(textOf(element))));
  return pg.escapeLiteral(`{${elements.join(',')}}`);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new Error(`no text for ${typeof value}`);
}

function executed(node: PlanNode): PlanNode {
  const { Plans: below, ...own } = node;
  const ran = (below ?? []).filter((child) => child['Actual Loops'] > 0 || child['Node Type'].startsWith('Bitmap'));
  return { ...own, Plans: ran.map(executed) };
}

/**
 * Tables that grow with the fleet (at least one row for twenty mini programs), and how many of their rows one node of a plan may
 * read: `mine` where a row belongs to one mini program, `shared` where it is content that many share.
 */
export async function fleetSizedTables(
  sql: Sql,
  members: number,
  most: { mine: number; shared: number },
): Promise<Map<string, number>> {
  const rows = await sql.query<{ name: string; mine: boolean }>(
    `SELECT n.nspname || '.' || c.relname AS name,
            EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'authorizer_id') AS mine
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.reltuples >= $1 AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
    [members / 20],
  );
  return new Map(rows.map(({ name, mine }) => [name, mine ? most.mine : most.shared]));
}

/**
 * What is wrong with a plan: reading a fleet-sized table from its beginning to its end, or so much of it that this might
 * as well be the case. `[]`: nothing.
 */
export function complaints(plan: PlanNode, fleetSized: ReadonlyMap<string, number>): string[] {
  const found: string[] = [];
  const visit = (node: PlanNode) => {
    const table = `${node.Schema}.${node['Relation Name']}`;
    const most = fleetSized.get(table);
    if (most !== undefined) {
      if (node['Node Type'] === 'Seq Scan') found.push(`sequential scan of ${table}`);
      const read = node['Actual Loops'] * rowsPerLoop(node);
      if (read > most) found.push(`${Math.round(read)} rows of ${table} read by ${node['Node Type']}`);
    }
    node.Plans?.forEach(visit);
  };
  visit(plan);
  return found;
}

function rowsPerLoop(node: PlanNode): number {
  return node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
}

/** The shape of a plan: how tables are reached and joined, no costs, rows or times. */
export function shapeOf(plan: PlanNode): string {
  const lines: string[] = [];
  const visit = (node: PlanNode, depth: number) => {
    // The settings of the tenant, computed once; they look the same in every plan.
    if (node['Parent Relationship'] === 'InitPlan' && node['Node Type'] === 'Result') return;
    lines.push('  '.repeat(depth) + lineOf(node));
    node.Plans?.forEach((child) => visit(child, depth + 1));
  };
  visit(plan, 0);
  return lines.join('\n');
}

function lineOf(node: PlanNode): string {
  const parts: string[] = [];
  const named = node['Subplan Name'] ?? '';
  if (named.startsWith('CTE ')) parts.push(`[${named.slice(4)}]`);
  if (named.startsWith('SubPlan')) parts.push('[per row]');
  const join = node['Join Type'];
  parts.push(join && join !== 'Inner' ? `${node['Node Type']} (${join})` : node['Node Type']);
  const relation = node['Relation Name'];
  if (node['Index Name']) parts.push(node['Index Name']);
  if (relation) parts.push(`on ${relation}`);
  if (node['CTE Name']) parts.push(node['CTE Name']);
  if (node['Function Name']) parts.push(node['Function Name']);
  if (node['Sort Key']) parts.push(`by ${node['Sort Key'].join(', ')}`);
  if (node['Presorted Key']) parts.push(`after ${node['Presorted Key'].join(', ')}`);
  if (node['Cache Key']) parts.push(`of ${node['Cache Key']}`);
  if (node['Index Cond']) parts.push(`where ${tidy(node['Index Cond'])}`);
  return parts.join(' ');
}

/** Numbers of subplans change whenever a policy does, and say nothing. */
function tidy(condition: string): string {
  return condition.replace(/\(InitPlan \d+\)\.col\d+/g, '(tenant)').replace(/\s+/g, ' ');
}
