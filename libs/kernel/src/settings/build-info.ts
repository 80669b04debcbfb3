import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What runs. */
export interface BuildInfo {
  readonly version: string;
  /** Of the checkout that it runs from; null when it is none, as in an image. */
  readonly commit: string | null;
}

/** Version and commit of this installation, read from the folder that holds its package.json. */
export function buildInfo(): BuildInfo {
  const root = findRoot(dirname(fileURLToPath(import.meta.url)));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { version, commit: commitOf(root) };
}

function findRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (read(join(at, 'package.json')) !== undefined) return at;
    if (at === dirname(at)) throw new Error('package.json is missing');
  }
}

/** @returns null without git, and for what is not understood: it is for people only */
function commitOf(root: string): string | null {
  const dotGit = join(root, '.git');
  const isFolder = statSync(dotGit, { throwIfNoEntry: false })?.isDirectory();
  // In a worktree a file names the folder.
  const git = isFolder ? dotGit : /^gitdir: (.+)$/m.exec(read(dotGit) ?? '')?.[1];
  if (git === undefined) return null;
  const head = read(join(git, 'HEAD'))?.trim() ?? '';
  const reference = /^ref: (.+)$/.exec(head)?.[1];
  if (reference === undefined) return commit(head);
  const common = join(git, read(join(git, 'commondir'))?.trim() ?? '.');
  const packed = read(join(common, 'packed-refs')) ?? '';
  const packedLine = packed.split('\n').find((line) => line.endsWith(` ${reference}`));
  return commit(read(join(common, reference))?.trim() ?? packedLine?.split(' ')[0] ?? '');
}

function commit(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
