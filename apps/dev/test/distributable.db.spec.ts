import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { SCHEMAS } from '#migrations';
import { constructs, writes } from './written-statements.ts';

/*
 * What a PostgreSQL that is distributed by platform refuses (docs/scaling.md; tried with Citus 13.2.2). These lists are what there
 * is of it today. They only shrink: what is not listed fails, and so does an entry that no longer occurs.
 */
const SUB_SELECTS_IN_POLICIES = [
  'SELECT domain_ledger.own_bodies() AS own_bodies',
  'SELECT domain_ledger.own_domains() AS own_domains',
  'SELECT every_merchant() AS every_merchant',
  'SELECT every_platform() AS every_platform',
  'SELECT tenant_merchants() AS tenant_merchants',
  'SELECT tenant_platform() AS tenant_platform',
  'SELECT true FROM domain_ledger.platform_domain k WHERE ((k.platform_id = ( SELECT tenant_platform() AS tenant_platform)) AND (k.domain_id = domain.domain_id))',
];
const TRANSITION_TABLE_TRIGGERS = [
  'authorizers.authorizer domain_ledger_follow_insert',
  'authorizers.authorizer domain_ledger_follow_update',
  'domain_ledger.snapshot domain_ledger_note_names',
];
const WRITES_WITHOUT_PLATFORM = [
  'DELETE authorizers.authorization_code',
  'DELETE authorizers.authorization_link',
  'DELETE authorizers.pre_auth_code',
  'DELETE events.attempt_hour',
  'DELETE events.relay_call',
  'DELETE quota.call_count',
  'DELETE quota.merchant_call_chunk',
  'DELETE quota.park',
  'UPDATE events.relay_call',
];
const UNSTABLE = [
  'INSERT authorizers.authorization_link: wxfleet.now in CASE',
  'INSERT authorizers.authorization_link: wxfleet.now in RETURNING',
  'INSERT authorizers.authorizer: wxfleet.now in COALESCE',
  'INSERT custody.authorizer_token: wxfleet.now in CASE',
  'INSERT custody.authorizer_token: wxfleet.now in COALESCE',
  'INSERT domain_ledger.principal_level: wxfleet.now in DO UPDATE',
  'INSERT domain_ledger.sweep_shard: wxfleet.now in COALESCE',
  'INSERT events.event: wxfleet.now in COALESCE',
  'INSERT events.relay_call: wxfleet.now in DO UPDATE',
  'INSERT inbox.push: wxfleet.now in CASE',
  'INSERT quota.park: wxfleet.now in CASE',
  'INSERT quota.park: wxfleet.now in DO UPDATE',
  'UPDATE authorizers.authorization_code: wxfleet.now in RETURNING',
  'UPDATE authorizers.authorization_link: wxfleet.now in CASE',
  'UPDATE authorizers.authorization_link: wxfleet.now in COALESCE',
  'UPDATE authorizers.authorization_link: wxfleet.now in RETURNING',
  'UPDATE authorizers.authorizer: wxfleet.now in CASE',
  'UPDATE authorizers.authorizer: wxfleet.now in COALESCE',
  'UPDATE custody.authorizer_token: wxfleet.now in CASE',
  'UPDATE custody.authorizer_token: wxfleet.now in COALESCE',
  'UPDATE custody.authorizer_token: wxfleet.now in RETURNING',
  'UPDATE custody.component_token: wxfleet.now in CASE',
  'UPDATE custody.component_token: wxfleet.now in RETURNING',
  'UPDATE domain_ledger.retention: wxfleet.now in CASE',
  'UPDATE domain_ledger.sweep: wxfleet.now in CASE',
  'UPDATE domain_ledger.sweep_shard: wxfleet.now in COALESCE',
  'UPDATE domain_ledger.watch: wxfleet.now in CASE',
  'UPDATE domain_ledger.watch: wxfleet.now in COALESCE',
  'UPDATE events.delivery: wxfleet.now in CASE',
  'UPDATE events.replay: wxfleet.now in CASE',
  'UPDATE events.webhook_endpoint: wxfleet.now in CASE',
  'UPDATE events.webhook_endpoint: wxfleet.now in COALESCE',
  'UPDATE events.webhook_endpoint: wxfleet.now in RETURNING',
];

/** On every node: they name a platform, and belong to all. */
const REFERENCE = ['custody.component_account', 'api_ip_ledger.ip_snapshot', 'api_ip_ledger.ip_candidate'];

describe('the way to a PostgreSQL that is distributed by platform', () => {
  let test: TestDatabase;
  /** Tables with a platform in every row that are distributed; what is local stays on one server. */
  let fleet: Set<string>;
  /** Functions that are not immutable. */
  let unstable: RegExp;
  const all = writes();

  beforeAll(async () => {
    test = await cloneDatabase();
    const tables = await test.db.query<{ name: string }>(
      `SELECT n.nspname || '.' || c.relname AS name
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'platform_id' AND a.attnotnull
        WHERE n.nspname = ANY ($1) AND NOT n.nspname || '.' || c.relname = ANY ($2) AND n.nspname <> 'access' AND c.relkind IN ('r', 'p')`,
      [SCHEMAS, REFERENCE],
    );
    fleet = new Set(tables.map(({ name }) => name));
    const functions = await test.db.query<{ name: string }>(
      `SELECT DISTINCT n.nspname || '.' || p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = ANY ($1) AND p.provolatile <> 'i' AND p.prorettype <> 'trigger'::regtype`,
      [['wxfleet', ...SCHEMAS]],
    );
    const names = functions.map(({ name }) => name.replace('.', '\\.'));
    unstable = new RegExp(
      `\\b(${[...names, 'clock_timestamp', 'now', 'current_setting', 'random'].join('|')})\\(`,
      'g',
    );
  });
  afterAll(() => test.drop());

  it('finds the statements and tables it speaks about', () => {
    expect(fleet.size).toBeGreaterThan(30);
    expect(all.length).toBeGreaterThan(200);
    expect(all.some(({ text }) => text.includes(' ? '))).toBe(true);
    // Put together from constants of two files.
    const widened = all.find(({ file, text }) => file.endsWith('late-answers.sql.ts') && text.includes('DO UPDATE'));
    expect(widened?.text).toContain('gap_to = greatest(g.gap_to, excluded.gap_to)');
  });

  it('has these sub-selects in policies', async () => {
    const rows = await test.db.query<{ text: string }>(
      `SELECT coalesce(qual, '') || ' ' || coalesce(with_check, '') AS text FROM pg_policies WHERE schemaname = ANY ($1)`,
      [SCHEMAS],
    );
    const found = new Set(rows.flatMap(({ text }) => subSelects(text)));
    expect([...found].sort()).toEqual(SUB_SELECTS_IN_POLICIES);
  });

  it('has these triggers with transition tables', async () => {
    const rows = await test.db.query<{ name: string }>(
      `SELECT t.tgrelid::regclass || ' ' || t.tgname AS name FROM pg_trigger t
        WHERE t.tgoldtable IS NOT NULL OR t.tgnewtable IS NOT NULL ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(TRANSITION_TABLE_TRIGGERS);
  });

  it('names the platform in every write on its tables, but for these', () => {
    const found = all.filter(({ table, text }) => fleet.has(table) && !/\bplatform_id\b/.test(text));
    expect([...new Set(found.map(({ verb, table }) => `${verb} ${table}`))].sort()).toEqual(WRITES_WITHOUT_PLATFORM);
  });

  it('has these functions that are not immutable where a distributed write may not have them', () => {
    const found = all.flatMap((write) =>
      fleet.has(write.table)
        ? constructs(write).flatMap(({ construct, text }) =>
            [...text.matchAll(unstable)].map(([, name]) => `${write.verb} ${write.table}: ${name} in ${construct}`),
          )
        : [],
    );
    expect([...new Set(found)].sort()).toEqual(UNSTABLE);
  });
});

/** Also those within others. The schema `wxfleet` is on the search path of a login of that name. */
function subSelects(text: string): string[] {
  const flat = text.replace(/\s+/g, ' ').replaceAll('wxfleet.', '');
  return [...flat.matchAll(/\( ?SELECT /g)].map(({ index }) => {
    let depth = 0;
    for (let at = index; at < flat.length; at += 1) {
      if (flat[at] === '(') depth += 1;
      if (flat[at] === ')') depth -= 1;
      if (depth === 0) return flat.slice(index + 1, at).trim();
    }
    return flat.slice(index);
  });
}
