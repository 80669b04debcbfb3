/** `npm run fuzz`: the hostile requests that `npm test` sends by the thousand, by the hundred thousand. */

const HELP = `npm run fuzz [-- --help]

Starts a hub on a database of its own and sends it hostile requests: every route and callback, made from their schemas,
by keys, by people with cookies, by nobody. None may be answered with a surprise, a leak or a word about the inside, and
nothing may be stored that was not asked for.

  FUZZ_INPUTS   how many requests; default 100000 (some ten minutes)
  FUZZ_SEED     a whole number: the same requests again; a failure prints the seed it had
`;

export async function runFuzz(args, run) {
  if (args.length > 0) return void process.stdout.write(HELP);
  const jest = ['--experimental-vm-modules', '--conditions=source', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const env = { FUZZ_INPUTS: '100000', ...process.env, NODE_ENV: 'test' };
  await run(process.execPath, [...jest, '--selectProjects', 'db', '-i', 'apps/hub/test/fuzz.db.spec.ts'], { env });
}
