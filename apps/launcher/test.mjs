/** `npm test`: the same steps for a person and for the CI; each runner closes with one line of its own. */

const JEST = ['--experimental-vm-modules', '--conditions=source', '--no-warnings', 'node_modules/jest/bin/jest.js'];

export async function runTests(root, args, run) {
  const node = (parameters) => run(process.execPath, parameters, { env: { ...process.env, NODE_ENV: 'test' } });
  // A person who names a file or a pattern wants just that.
  if (args.length > 0) return node([...JEST, ...args]);

  const steps = [
    ['types', () => node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'])],
    ['lint', () => node(['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'])],
    ['format', () => node(['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'])],
    [
      'import directions',
      () =>
        node([
          'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
          '--config',
          '.dependency-cruiser.mjs',
          'apps',
          'libs',
          'migrations',
        ]),
    ],
    ['unused files, exports and dependencies', () => node(['node_modules/knip/bin/knip.js'])],
    // Specs that start processes run the compiled program, as production does.
    ['build', () => node(['node_modules/@nestjs/cli/bin/nest.js', 'build', 'hub'])],
    [
      'console',
      async () => {
        await node(['node_modules/typescript/bin/tsc', '-p', 'apps/console/tsconfig.json']);
        await node(['node_modules/typescript/bin/tsc', '-p', 'apps/console/test/tsconfig.json']);
        await node(['node_modules/vite/bin/vite.js', 'build', '--config', 'apps/console/vite.config.mjs']);
      },
    ],
    ['unit', () => node([...JEST, '--selectProjects', 'unit'])],
    ['database', () => node([...JEST, '--selectProjects', 'db'])],
    ['end to end', () => node([...JEST, '--selectProjects', 'e2e'])],
  ];
  for (const [name, step] of steps) {
    const started = performance.now();
    process.stdout.write(`\n== ${name}\n`);
    await step();
    process.stdout.write(`== ${name}: done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
  process.stdout.write(`\nsteps: ${steps.length} passed, 0 failed\n`);
}
