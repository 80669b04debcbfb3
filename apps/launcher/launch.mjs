/**
 * What stands behind `npm start`, `npm test`, `npm run hub` and the others: installs what is missing, builds what has
 * changed, then runs the program in this same process (so that signals go straight to it). Plain JavaScript without
 * dependencies, because it runs before there are any.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { satisfies } from './engines.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.chdir(root);
const [program = 'dev', ...args] = process.argv.slice(2);

const PROGRAMS = {
  dev: 'dist/apps/dev/src/main.js',
  hub: 'dist/apps/hub/src/main.js',
  simulator: 'dist/apps/simulator/src/main.js',
  cli: 'dist/apps/cli/src/main.js',
  bench: 'dist/apps/bench/src/main.js',
  soak: 'dist/apps/bench/src/soak.js',
};

const CONSOLE_BUILD = ['node_modules/vite/bin/vite.js', 'build', '--config', 'apps/console/vite.config.mjs'];

checkNode();
await install();
if (program === 'test') {
  await import('./test.mjs').then((tests) => tests.runTests(root, args, run));
} else if (program === 'fuzz') {
  await import('./fuzz.mjs').then((fuzz) => fuzz.runFuzz(args, run));
} else if (program === 'test-node') {
  await import('./node-version.mjs').then((versions) => versions.testWithNode(args, npm, run, fail));
} else {
  const entry = PROGRAMS[program];
  if (!entry) fail(`unknown program ${program}; one of ${Object.keys(PROGRAMS).join(', ')}, test, test-node, fuzz`);
  await build();
  if (program === 'dev' || program === 'hub') await buildConsole();
  // The program reads its own arguments from the usual place.
  process.argv.splice(1, 2, join(root, entry));
  stopWithNpm();
  await import(pathToFileURL(join(root, entry)).href);
}

function checkNode() {
  const { node: range } = JSON.parse(readFileSync('package.json', 'utf8')).engines;
  if (satisfies(process.versions.node, range)) return;
  fail(`Node.js ${process.versions.node} does not work: wxfleet needs ${range.replaceAll('||', 'or')}`);
}

/**
 * `npm ci`, unless what is installed came from this very lockfile. With the development dependencies whatever NODE_ENV says:
 * the programs are compiled here.
 */
async function install() {
  const stamp = join('node_modules', '.wxfleet-lock');
  const wanted = hash(readFileSync('package-lock.json')) + ` ${process.platform}-${process.arch} with dev`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing dependencies (once; about half a minute) …');
  await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** Windows has no program `npm`, only a script: the npm that started us is run by Node itself. */
async function npm(parameters) {
  const script = process.env.npm_execpath;
  if (script !== undefined && script.endsWith('.js')) await run(process.execPath, [script, ...parameters]);
  else await run('npm', parameters, { shell: process.platform === 'win32' });
}

/**
 * Stops this program when the npm that started it has gone: a SIGTERM to `npm run hub` may reach npm or the shell between them only.
 * A process whose parent has ended gets another one.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

/** Compiles when a source is newer than the last build. */
async function build() {
  const stamp = join('dist', '.wxfleet-build');
  const inputs = [
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    ...['apps', 'libs', 'migrations'].flatMap(sources),
  ];
  const wanted = hash(inputs.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`).join('\n'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('building …');
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, wanted);
}

/** The pages that the hub serves; made apart, because they change at other times and have a compiler of their own. */
async function buildConsole() {
  const stamp = join('dist', '.wxfleet-console');
  const inputs = [
    'package-lock.json',
    'libs/client/src/generated/api.ts',
    ...['index.html', 'vite.config.mjs', 'tsconfig.json'].map((name) => join('apps/console', name)),
    ...readdirSync('apps/console/public').map((name) => join('apps/console/public', name)),
    ...readdirSync('apps/console/src', { recursive: true })
      .map((name) => join('apps/console/src', name))
      .filter((name) => /\.(ts|tsx|css)$/.test(name)),
  ];
  const wanted = hash(inputs.map((file) => `${file} ${hash(readFileSync(file))}`).join('\n'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('building the console …');
  await run(process.execPath, CONSOLE_BUILD, { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, wanted);
}

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.ts$/.test(name) && !/\.spec\.ts$/.test(name) && !name.startsWith(join('apps', 'console')));
}

function hash(data) {
  return createHash('sha256').update(data).digest('hex');
}

function run(command, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: 'inherit', cwd: root, ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else fail(`${command} ${parameters[0] ?? ''} ended with ${signal ?? code}`, code ?? 1);
    });
  });
}

function say(text) {
  process.stderr.write(`wxfleet: ${text}\n`);
}

function fail(text, code = 1) {
  say(text);
  process.exit(code);
}
