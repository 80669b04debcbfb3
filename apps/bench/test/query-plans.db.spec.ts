import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountFacts, AuthorizerDirectory, AuthorizerRefs, AuthorizerStore } from '#libs/authorizers';
import { TokenInvalidationChannel } from '#libs/custody';
import { AuditTrail } from '#libs/access';
import { EventWriter } from '#libs/events';
import {
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainDrift,
  DomainHistory,
  type FleetScope,
} from '#libs/domain-ledger';
import { API_ROLE, SystemClock, type Sql, type Tenant } from '#libs/kernel';
import { cloneDatabase, committedArtefact, testLog, type TestDatabase } from '#libs/testing';
import { appidOf } from '../src/fleet.ts';
import { COMMON_DOMAIN, releaseDomain } from '../src/history/patterns.ts';
import { writeHistories } from '../src/history/write-fleet.ts';
import {
  RecordingSql,
  complaints,
  fleetSizedTables,
  genericPlanOf,
  planOf,
  shapeOf,
  type PlanNode,
} from './query-plans.ts';

const PLATFORM = 1;
const FLEET = 20_000;
const SNAPSHOTS = 10;
const MEMBER = 12_345;
const NOW = new Date('2026-06-01T08:00:00Z');
const DAY = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };
const LIST = 'requestdomain';
const PAGE = { limit: 50 };
/** Rows of mini programs, and of shared lists and contents, that one node of a plan may read for an item of the page. */
const PER_ITEM = { mine: 20, shared: 100 };

const WHOLE: FleetScope = { platformId: PLATFORM, merchantIds: null };
const MERCHANTS: FleetScope = { platformId: PLATFORM, merchantIds: ['m7', 'm1700', 'm3999'] };

interface Asked {
  authorizerId: number;
  /** Of a mini program with a domain of its own. */
  ownDomain: string;
  bodyId: number;
  /** What the functions of the policies return, by their names: expressions with the names of their parameters. */
  guards: ReadonlyMap<string, string>;
}

interface HotQuery {
  name: string;
  scope: FleetScope;
  ask(sql: Sql, scope: FleetScope, asked: Asked): Promise<unknown>;
  /** The indexes without which the question would be answered by reading a whole table. */
  needs: string[];
}

let directory: AuthorizerDirectory;
const history = new DomainHistory();
const coverage = new DomainCoverage();
const changes = new DomainChanges();
const verdict = (of: 'covered' | 'pending' | 'missing' | 'unknown', domain: string) => (sql: Sql, scope: FleetScope) =>
  coverage.page(sql, scope, { domain, list: LIST, verdict: of }, PAGE);

const HOT: HotQuery[] = [
  {
    name: 'one account',
    scope: WHOLE,
    ask: (sql) => directory.get(sql, PLATFORM, appidOf(MEMBER)),
    needs: ['authorizers.authorizer_platform_id_authorizer_appid_key', 'authorizers.authorizer_text'],
  },
  {
    name: 'a page of accounts, and what is known of them',
    scope: WHOLE,
    ask: async (sql, _, { authorizerId }) => {
      const cursor = (await directory.list(sql, PLATFORM, {}, { limit: 1 })).next_cursor as string;
      await directory.list(sql, PLATFORM, {}, { ...PAGE, cursor });
      await history.watchOf(sql, PLATFORM, [authorizerId, authorizerId + 1]);
    },
    needs: ['authorizers.authorizer_pkey'],
  },
  {
    name: 'the latest snapshot of one mini program, and one by its id',
    scope: WHOLE,
    ask: async (sql, _, { authorizerId }) => {
      const subject = { authorizerId, authorizerAppid: appidOf(MEMBER) };
      const latest = await history.latest(sql, PLATFORM, subject);
      return history.snapshot(sql, PLATFORM, subject, latest?.id ?? 'none');
    },
    needs: ['domain_ledger.snapshot_pkey'],
  },
  {
    name: 'current domains of one mini program',
    scope: WHOLE,
    ask: (sql, _, { authorizerId }) => history.at(sql, PLATFORM, authorizerId, null),
    needs: ['domain_ledger.snapshot_pkey'],
  },
  {
    name: 'one moment of one mini program',
    scope: WHOLE,
    ask: (sql, _, { authorizerId }) => history.at(sql, PLATFORM, authorizerId, DAY.from),
    needs: ['domain_ledger.snapshot_pkey'],
  },
  {
    name: 'a page of history',
    scope: WHOLE,
    ask: (sql, _, { authorizerId }) =>
      history.snapshots(sql, PLATFORM, { authorizerId, authorizerAppid: appidOf(MEMBER) }, PAGE),
    needs: ['domain_ledger.snapshot_pkey'],
  },
  {
    name: 'coverage of a domain that everybody has: counts and first page',
    scope: WHOLE,
    ask: (sql, scope) => coverage.page(sql, scope, { domain: COMMON_DOMAIN, list: LIST }, PAGE),
    needs: ['domain_ledger.domain_use_pkey'],
  },
  {
    name: 'who has a domain that few have',
    scope: WHOLE,
    ask: (sql, scope, { ownDomain }) => verdict('covered', ownDomain)(sql, scope),
    needs: ['domain_ledger.domain_list_member'],
  },
  {
    name: 'of whom nothing is known',
    scope: WHOLE,
    ask: verdict('unknown', COMMON_DOMAIN),
    needs: ['domain_ledger.watch_unknown'],
  },
  {
    name: 'drift, first page',
    scope: WHOLE,
    ask: (sql, scope) => new DomainDrift().page(sql, scope, PAGE),
    needs: ['domain_ledger.watch_drift'],
  },
  {
    name: 'changes of a day, first page',
    scope: WHOLE,
    ask: (sql, scope) => changes.page(sql, scope, DAY, PAGE),
    // Without the first one alone, PostgreSQL 18 skips through the second.
    needs: ['domain_ledger.snapshot_feed', 'domain_ledger.snapshot_change'],
  },
  {
    name: 'changes that name a domain, however many and long ago',
    scope: WHOLE,
    ask: (sql, scope) => changes.page(sql, scope, { domain: releaseDomain(2, 2) }, PAGE),
    needs: ['domain_ledger.snapshot_change'],
  },
  {
    name: 'what a release needs, first page',
    scope: WHOLE,
    ask: (sql, scope) =>
      new DomainAssertions().page(sql, scope, { domains: [{ list: LIST, domain: releaseDomain(1, SNAPSHOTS) }] }, PAGE),
    needs: ['domain_ledger.domain_list_pkey'],
  },
  {
    name: 'coverage for a key of three merchants',
    scope: MERCHANTS,
    ask: (sql, scope) => coverage.page(sql, scope, { domain: COMMON_DOMAIN, list: LIST }, PAGE),
    needs: ['authorizers.authorizer_of_merchant'],
  },
  {
    name: 'drift for a key of three merchants',
    scope: MERCHANTS,
    ask: (sql, scope) => new DomainDrift().page(sql, scope, PAGE),
    needs: ['authorizers.authorizer_of_merchant'],
  },
  {
    name: 'changes for a key of three merchants',
    scope: MERCHANTS,
    ask: (sql, scope) => changes.page(sql, scope, {}, PAGE),
    needs: ['authorizers.authorizer_of_merchant'],
  },
  // The plans above do not show what goes on within a function.
  {
    name: 'may a mini program be seen, by its number',
    scope: MERCHANTS,
    ask: (sql, _, { guards, authorizerId }) =>
      returned(sql, guards, 'sees_authorizer', { platform: PLATFORM, id: authorizerId }),
    needs: ['authorizers.authorizer_pkey', 'authorizers.authorizer_by_state', 'authorizers.authorizer_of_merchant'],
  },
  {
    name: 'may a mini program be seen, by its appid',
    scope: MERCHANTS,
    ask: (sql, _, { guards }) =>
      returned(sql, guards, 'sees_appid', { platform: PLATFORM, appid: `'${appidOf(MEMBER)}'` }),
    needs: ['authorizers.authorizer_platform_id_authorizer_appid_key', 'authorizers.authorizer_text'],
  },
  {
    name: 'may a body be seen',
    scope: WHOLE,
    ask: (sql, _, { guards, bodyId }) => returned(sql, guards, 'sees_body', { id: bodyId }),
    needs: ['domain_ledger.snapshot_body'],
  },
  {
    name: 'which bodies a key of three merchants may see',
    scope: MERCHANTS,
    ask: (sql, _, { guards }) => returned(sql, guards, 'own_bodies', {}),
    needs: ['authorizers.authorizer_of_merchant'],
  },
  {
    name: 'which domains a key of three merchants may see',
    scope: MERCHANTS,
    ask: (sql, _, { guards }) => returned(sql, guards, 'own_domains', {}),
    needs: ['authorizers.authorizer_of_merchant'],
  },
];

/** The expression that a function of the policies returns, with values for its parameters. */
function returned(
  sql: Sql,
  guards: ReadonlyMap<string, string>,
  name: string,
  values: Record<string, number | string>,
): Promise<unknown> {
  const expression = guards.get(name);
  if (expression === undefined) throw new Error(`no function ${name}`);
  const filled = Object.entries(values).reduce(
    (text, [parameter, value]) => text.replace(new RegExp(`= ${parameter}\\b`, 'g'), `= ${value}`),
    expression,
  );
  return sql.query(`SELECT ${filled}`);
}

/** A fleet that is big enough for the planner to choose what it chooses in production, asked as the api role. */
describe('the plans of the hot questions', () => {
  let test: TestDatabase;
  let fleetSized: Map<string, number>;
  let asked: Asked;
  beforeAll(async () => {
    test = await cloneDatabase({ statementTimeoutMs: 120_000 });
    const news = new TokenInvalidationChannel(test.db, testLog().log);
    const facts = new AccountFacts(new AuditTrail(test.db, testLog().log), new EventWriter());
    const refs = new AuthorizerRefs(test.db, new SystemClock(), news);
    directory = new AuthorizerDirectory(refs, new AuthorizerStore(news, facts), facts);
    await writeHistories(test.db, { platformId: PLATFORM, count: FLEET, snapshots: SNAPSHOTS, now: NOW });
    // Statistics over all rows instead of a sample of them: the same in every run.
    await test.db.transaction(async (sql) => {
      await sql.query('SET LOCAL default_statistics_target = 2000');
      await sql.query('ANALYZE');
    });
    fleetSized = await fleetSizedTables(test.db, FLEET, {
      mine: PER_ITEM.mine * PAGE.limit,
      shared: PER_ITEM.shared * PAGE.limit,
    });
    const functions = await test.db.query<{ name: string; expression: string }>(
      `SELECT proname AS name, substring(prosrc FROM 'RETURN (.*);\\s*END') AS expression
         FROM pg_proc WHERE prosrc ~ 'RETURN (EXISTS|ARRAY)'`,
    );
    const [member] = await test.db.query<Omit<Asked, 'guards'>>(
      `SELECT authorizer_id AS "authorizerId", (SELECT max(body_id) FROM domain_ledger.snapshot) AS "bodyId",
              (SELECT max(name) FROM domain_ledger.domain WHERE name LIKE 'https://z%.shops.example') AS "ownDomain"
         FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2`,
      [PLATFORM, appidOf(MEMBER)],
    );
    if (!member) throw new Error('no such member');
    asked = { ...member, guards: new Map(functions.map(({ name, expression }) => [name, expression])) };
  }, 300_000);
  afterAll(() => test.drop());

  const plansOf = async (sql: Sql, query: HotQuery): Promise<PlanNode[]> => {
    const recording = new RecordingSql(sql);
    await query.ask(recording, query.scope, asked);
    const plans: PlanNode[] = [];
    for (const statement of recording.statements) plans.push(await planOf(sql, statement));
    return plans;
  };
  const complaintsOf = (plans: readonly PlanNode[]) => plans.flatMap((plan) => complaints(plan, fleetSized));

  it('are about tables that grow with the fleet', () => {
    for (const table of [
      'authorizers.authorizer',
      'domain_ledger.watch',
      'domain_ledger.snapshot',
      'domain_ledger.body',
    ])
      expect([...fleetSized.keys()]).toContain(table);
  });

  it.each(HOT)('$name: reads no fleet-sized table from end to end', async (query) => {
    const tenant: Tenant = query.scope;
    const plans = await test.db.forTenant(tenant, (sql) => plansOf(sql, query));
    expect(plans.length).toBeGreaterThan(0);
    expect(complaintsOf(plans)).toEqual([]);
  });

  it('are none the worse for not knowing the values, where they are made once', async () => {
    const names = new Set<string>();
    for (const query of HOT) {
      const found = await test.db.forTenant(query.scope, async (sql) => {
        const recording = new RecordingSql(sql);
        await query.ask(recording, query.scope, asked);
        const once = recording.statements.filter(({ name }) => name !== undefined);
        const plans: PlanNode[] = [];
        for (const statement of once) plans.push(await genericPlanOf(sql, statement));
        once.forEach(({ name }) => names.add(name as string));
        return complaintsOf(plans);
      });
      expect([query.name, found]).toEqual([query.name, []]);
    }
    expect([...names].sort()).toEqual([
      'authorizers.by_appid',
      'authorizers.page',
      'domain_ledger.latest_snapshot',
      'domain_ledger.moments',
      'domain_ledger.snapshot',
      'domain_ledger.watch_of',
    ]);
  });

  it.each(HOT)('$name: without its index, this is noticed', async (query) => {
    let noticed: string[] = [];
    await test.db
      .transaction(async (sql) => {
        for (const index of query.needs) await dropIndex(sql, index);
        await asTenant(sql, query.scope);
        noticed = complaintsOf(await plansOf(sql, query));
        throw new Error('never meant to stay');
      })
      .catch((error: Error) => expect(error.message).toBe('never meant to stay'));
    expect(noticed.length).toBeGreaterThan(0);
  });

  it('are those in docs/queries.md (artefact; `npm run artefacts` writes it again)', async () => {
    const parts = [HEAD];
    for (const query of HOT) {
      const plans = await test.db.forTenant(query.scope, (sql) => plansOf(sql, query));
      parts.push(`## ${query.name}\n`, ...plans.map((plan) => '```\n' + shapeOf(plan) + '\n```\n'));
    }
    const made = parts.join('\n');
    expect(made).toBe(await committedArtefact('docs/queries.md', made));
  });
});

const HEAD = `# Plans of the hot questions

How PostgreSQL answers them for a fleet of ${FLEET.toLocaleString('en-US')} mini programs with ${SNAPSHOTS} snapshots each, as the api role with
row-level security: the statements that the read models send, as far as their plans ran. "per row" is a policy that looks something up.
A test compares this file and fails when a plan reads a fleet-sized table from end to end. Do not edit by hand.
`;

async function dropIndex(sql: Sql, name: string): Promise<void> {
  const [constraint] = await sql.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name FROM pg_constraint
      WHERE conindid = $1::regclass AND contype IN ('p', 'u')`,
    [name],
  );
  await sql.query(
    constraint ? `ALTER TABLE ${constraint.table} DROP CONSTRAINT ${constraint.name} CASCADE` : `DROP INDEX ${name}`,
  );
}

/** What `Database.forTenant` does, within a transaction that has done something else before. */
async function asTenant(sql: Sql, scope: FleetScope): Promise<void> {
  await sql.query(`SET LOCAL ROLE ${API_ROLE}`);
  await sql.query(`SELECT set_config('wxfleet.platform_id', $1, true), set_config('wxfleet.merchant_ids', $2, true)`, [
    String(scope.platformId),
    scope.merchantIds === null ? '*' : `{${scope.merchantIds.join(',')}}`,
  ]);
}
