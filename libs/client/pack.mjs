/**
 * Writes the client as a package that a backend can install: `npm run client:pack [folder]`, by default into dist/packages. ESM and
 * types, one dependency, the version of the hub. Prints the path of the file.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const target = resolve(process.argv[2] ?? join(root, 'dist', 'packages'));
const hub = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'wxfleet-client-'));
try {
  const dist = join(folder, 'dist');
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['-p', join(here, 'tsconfig.package.json'), '--outDir', dist],
  ]);
  for (const name of readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.d.ts'))) {
    const file = join(dist, name);
    // The compiler renames imports in the code and leaves those of the types.
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(from ['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  copyFileSync(join(here, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  mkdirSync(target, { recursive: true });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', target], folder));
  process.stdout.write(`${join(target, packed.filename)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function manifest() {
  return {
    name: 'wxfleet-client',
    version: hub.version,
    description: 'Typed client of a wxfleet hub: access tokens, domain history, events, webhooks',
    license: hub.license,
    type: 'module',
    engines: hub.engines,
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    files: ['dist'],
    dependencies: { 'openapi-fetch': hub.dependencies['openapi-fetch'] },
  };
}

/** On Windows npm is a script: the npm that started us is run by Node itself. */
function npm(args, cwd) {
  const script = process.env.npm_execpath;
  const options = { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  if (script?.endsWith('.js')) return execFileSync(process.execPath, [script, ...args], options);
  return execFileSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

function run(program, args) {
  execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
