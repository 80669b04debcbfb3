import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile, type Options } from '@swc/core';

/** The release before the checked-out commit, or why there is none to compare with. */
export type PreviousRelease = { tag: string } | { missing: string };

/**
 * The latest tag `v…` before HEAD of the repository in `folder`. `WXFLEET_PREVIOUS_RELEASE` names a commit to take instead.
 */
export function previousRelease(folder: string, given = process.env.WXFLEET_PREVIOUS_RELEASE): PreviousRelease {
  if (given !== undefined) return { tag: given };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  try {
    git('rev-parse', 'HEAD');
  } catch {
    return { missing: 'there is no git history here' };
  }
  try {
    // Of the parent: HEAD may be the tagged commit itself.
    return { tag: git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^') };
  } catch {
    return { missing: 'there is no tag of a release before this commit' };
  }
}

interface Lockfile {
  packages: Record<string, { dev?: boolean }>;
}

/** What a program needs at run time: the locked packages without those for development. */
function runtimePackages(folder: string): string {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lockfile;
  return JSON.stringify(Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true));
}

/** Types were checked at the time of the release, so they are only removed. */
const COMPILER = {
  swcrc: false,
  configFile: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    // The compiler knows it, its types do not.
    rewriteRelativeImportExtensions: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
} as Options;

/**
 * The hub of another commit of the repository `root`, ready to run, in `folder`. Takes the packages of `root` where the commit
 * has the same ones at run time, and installs its own otherwise.
 */
export async function buildHubOf(commit: string, { root, folder }: { root: string; folder: string }): Promise<void> {
  const archive = execFileSync('git', ['-C', root, 'archive', commit], { maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  if (runtimePackages(folder) === runtimePackages(root)) {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  } else {
    const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['ci', ...options], { cwd: folder, stdio: 'pipe' });
  }
  for (const part of ['apps/hub/src', 'libs', 'migrations']) {
    for (const name of readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.spec.ts') || name.endsWith('.d.ts')) continue;
      const { code } = await transformFile(join(folder, part, name), COMPILER);
      const compiled = join(folder, 'dist', part, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(compiled), { recursive: true });
      writeFileSync(compiled, code);
    }
  }
}
