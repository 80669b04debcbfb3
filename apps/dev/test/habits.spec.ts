import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const production = ['libs', 'apps/hub', 'apps/cli'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (name) =>
        name.endsWith('.ts') &&
        !name.endsWith('.spec.ts') &&
        !name.includes('/test/') &&
        !name.startsWith('libs/testing'),
    ),
);
const text = new Map(production.map((file) => [file, readFileSync(file, 'utf8')]));
const migrationText = readdirSync('migrations')
  .filter((name) => name !== 'index.ts')
  .map((name) => readFileSync(join('migrations', name), 'utf8'))
  .join('\n');
/** Those that a later migration has dropped are in no schema any more. */
const schema = readFileSync('docs/schema.md', 'utf8');
const tables = [...migrationText.matchAll(/CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([a-z_]+\.[a-z_]+)/g)]
  .map((match) => match[1] as string)
  .filter((table) => schema.includes(`\n## ${table}\n`));

/** Kept by triggers and read by policies: no statement names them. */
const byTheDatabase = new Set(['domain_ledger.platform_domain', 'authorizers.grant_change']);

/** Libraries that may read another library's table, and why. */
const CHECKS = {
  libraries: ['libs/doctor'],
  why: 'the checks of a platform read what every capability knows of it, in one statement, and write none of it',
};
const readers: Record<string, { libraries: readonly string[]; why: string }> = {
  'authorizers.authorization_link': CHECKS,
  'authorizers.reconciliation': CHECKS,
  'custody.authorizer_token': CHECKS,
  'custody.component_ticket': CHECKS,
  'inbox.push': CHECKS,
  'events.event': CHECKS,
  'events.webhook_endpoint': CHECKS,
  'events.relay': CHECKS,
  'events.relay_call': CHECKS,
  'events.relay_message': CHECKS,
  'custody.component_account': {
    libraries: ['libs/quota', 'libs/events'],
    why: 'calls and deliveries name their platform by its appid; quota and events stand below custody and cannot ask it',
  },
  'authorizers.authorizer': {
    libraries: ['libs/events', ...CHECKS.libraries],
    why: `the feed numbers events with the present merchant of their account, in one statement; events stand below authorizers; ${CHECKS.why}`,
  },
};

/** Files with long statements in the middle of their code. The list only gets shorter. */
const LONG_STATEMENTS = [
  'libs/authorizers/src/reconciliation/reconcile.ts',
  'libs/custody/src/refresh/manual-refresh-requests.ts',
  'libs/domain-ledger/src/fleet/domain-assertions.ts',
  'libs/domain-ledger/src/fleet/domain-gauges.ts',
  'libs/domain-ledger/src/fleet/principal-limits.ts',
  'libs/domain-ledger/src/history/observation-times.ts',
  'libs/domain-ledger/src/record/look-batches.ts',
  'libs/domain-ledger/src/record/monthly-edits.ts',
  'libs/inbox/src/intake/push-store.ts',
  'libs/jobs/src/job-runner.ts',
  'libs/quota/src/budgets.ts',
];

describe('habits of the code', () => {
  it('has statements of more than eight lines in a file next to the service, `<service>.sql.ts`', () => {
    const isLong = (literal: string) =>
      /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b/.test(literal) && literal.split('\n').length > 8;
    const found = production.filter(
      (file) =>
        !/\.(sql|entity)\.ts$/.test(file) &&
        [...(text.get(file) ?? '').matchAll(/`[^`]*`/g)].some(([of]) => isLong(of)),
    );
    expect(found.sort()).toEqual(LONG_STATEMENTS);
  });

  it('gives a controller four services at most: with more it is the work of two', () => {
    const controllers = production.filter((file) => file.endsWith('.controller.ts'));
    expect(controllers.length).toBeGreaterThan(25);
    const heavy = controllers.filter((file) => {
      const [, parameters = ''] = /constructor\(([^)]*)\)/.exec(text.get(file) ?? '') ?? [];
      return parameters.split(',').filter((part) => part.includes(':')).length > 4;
    });
    expect(heavy).toEqual([]);
  });

  it('finds the tables and files it speaks about', () => {
    expect(tables.length).toBeGreaterThan(20);
    expect(production.length).toBeGreaterThan(50);
  });

  it.each(tables.filter((table) => !byTheDatabase.has(table)))('%s is named by one library only', (table) => {
    const pattern = new RegExp(`\\b${table.replace('.', '\\.')}\\b(?![.(])`);
    const owners = new Set(
      [...text]
        .filter(([, content]) => pattern.test(withoutComments(content)))
        .map(([file]) => file.split('/').slice(0, 2).join('/')),
    );
    for (const reader of readers[table]?.libraries ?? []) owners.delete(reader);
    expect([...owners]).toHaveLength(1);
  });

  it('asks no other clock than wxfleet.now() in SQL', () => {
    // The engine of the jobs has its own clock, plain now(); its heartbeat follows it.
    const offenders = [...text]
      .filter(([file]) => !file.startsWith('libs/jobs/') && !file.startsWith('libs/kernel/'))
      .filter(([, content]) => /(?<![.\w])(now\(\)|current_timestamp|clock_timestamp\(\))/i.test(sqlOf(content)));
    expect(offenders.map(([file]) => file)).toEqual([]);
  });

  it('mentions the simulator nowhere in production code', () => {
    expect(
      [...text].filter(([, content]) => /apps\/simulator|WechatSimulator/.test(content)).map(([file]) => file),
    ).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const environment = [...text]
      .filter(([, content]) => /process\.env/.test(withoutComments(content)))
      .map(([file]) => file);
    expect(
      environment.filter(
        (file) =>
          ![
            'libs/kernel/src/settings/settings.ts',
            'apps/hub/src/main.ts',
            'apps/cli/src/main.ts',
            'libs/postgres/src/environment.ts',
          ].includes(file),
      ),
    ).toEqual([]);
  });
});

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** Template and plain strings that look like SQL. */
function sqlOf(source: string): string {
  const strings = withoutComments(source).match(/`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g) ?? [];
  return strings.filter((part) => /\b(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(part)).join('\n');
}
