/** `npm run fuzz`: what `npm test` tries by the thousand, by the hundred thousand. */

const HELP = `npm run fuzz [-- requests | histories | --help]

requests (default)
  Starts a hub on a database of its own and sends it hostile requests: every route and callback, made from their
  schemas, by keys, by people with cookies, by nobody. None may be answered with a surprise, a leak or a word about the
  inside, and nothing may be stored that was not asked for.

  FUZZ_INPUTS        how many requests; default 100000 (some ten minutes)
  FUZZ_SEED          a whole number: the same requests again; a failure prints the seed it had

histories
  Gives the ledger random histories (changes, failures, absent groups, revocations, answers that arrive out of order) and
  holds what it says of any moment against a store of full answers.

  WXFLEET_HISTORIES  how many; default 100000 (some twenty minutes)
`;

const TARGETS = {
  requests: { spec: 'apps/hub/test/fuzz.db.spec.ts', size: { FUZZ_INPUTS: '100000' } },
  histories: { spec: 'libs/domain-ledger/src/history/histories.db.spec.ts', size: { WXFLEET_HISTORIES: '100000' } },
};

export async function runFuzz([name = 'requests', ...more], run) {
  const target = Object.hasOwn(TARGETS, name) && more.length === 0 ? TARGETS[name] : undefined;
  if (!target) {
    process.stdout.write(HELP);
    if (name !== '--help') process.exitCode = 1;
    return;
  }
  const jest = ['--experimental-vm-modules', '--conditions=source', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const env = { ...target.size, ...process.env, NODE_ENV: 'test' };
  await run(process.execPath, [...jest, '--selectProjects', 'db', '-i', target.spec], { env });
}
