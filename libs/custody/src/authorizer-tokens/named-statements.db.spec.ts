import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NamedStatement } from '#libs/kernel';
import { Stage } from '../../test/stage.ts';
import { WRITE_REFRESHED } from './authorizer-commits.sql.ts';
import { READ_STATE } from './authorizer-token-rows.ts';
import { CLAIM_MANY, READ_EXPIRIES } from './authorizer-token-rows.sql.ts';

/** Enough rows for a walk over all of them to look as bad as it is. */
const ROWS = 20_000;

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

describe('statements that are planned once', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    const [appid] = await stage.authorize(1);
    const { db } = stage.database;
    const columns = await db.query<{ list: string }>(
      `SELECT string_agg(quote_ident(attname), ', ') AS list FROM pg_attribute
        WHERE attrelid = 'custody.authorizer_token'::regclass AND attnum > 0 AND NOT attisdropped
          AND attname <> 'authorizer_appid'`,
    );
    const { list } = columns[0]!;
    await db.run(
      `INSERT INTO custody.authorizer_token (authorizer_appid, ${list})
       SELECT 'wx' || lpad(n::text, 16, '0'), ${list} FROM custody.authorizer_token, generate_series(1, $2::int) AS n
        WHERE authorizer_appid = $1`,
      [appid, ROWS],
    );
    await db.runScript('ANALYZE custody.authorizer_token');
    // In a function: sent as it is, the driver would be asked for the values that a plan without values is about.
    await db.runScript(
      `CREATE FUNCTION generic_plan(statement text) RETURNS json LANGUAGE plpgsql AS $$
       DECLARE plan json;
       BEGIN
         EXECUTE 'EXPLAIN (GENERIC_PLAN, FORMAT JSON) ' || statement INTO plan;
         RETURN plan;
       END $$`,
    );
  });

  afterAll(() => stage.close());

  it.each<NamedStatement>([READ_STATE, READ_EXPIRIES, CLAIM_MANY, WRITE_REFRESHED])(
    '$name finds its rows by the primary key, whatever its values',
    async ({ text }) => {
      const [row] = await stage.database.db.query<{ plan: [{ Plan: PlanNode }] }>('SELECT generic_plan($1) AS plan', [
        text,
      ]);
      const reads = nodesOf(row!.plan[0].Plan).filter(
        (node) => node['Relation Name'] === 'authorizer_token' && node['Node Type'] !== 'ModifyTable',
      );
      expect(reads.length).toBeGreaterThan(0);
      expect(reads.map((node) => node['Index Name'])).toEqual(reads.map(() => 'authorizer_token_pkey'));
    },
  );
});
