import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';

const run = promisify(execFile);
const HOME = '/var/lib/wxfleet';

/** The unprivileged account the server runs as: PostgreSQL refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** The account to use: none when we are not root; else the user `postgres`, made when it is missing. */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const look = async (): Promise<Account> => ({
    uid: Number((await run('id', ['-u', 'postgres'])).stdout),
    gid: Number((await run('id', ['-g', 'postgres'])).stdout),
  });
  try {
    return await look();
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return look();
  }
}

/** Whether `account` may pass through every folder above and in `path` (missing ones will be made by us). */
async function reachable(path: string, account: Account): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => undefined);
    if (info) {
      const bit = info.uid === account.uid ? 0o100 : info.gid === account.gid ? 0o010 : 0o001;
      if ((info.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

export interface Place {
  /** The cluster's folder. */
  cluster: string;
  binaries: Binaries;
}

/** Says which data folder a cluster below `HOME` belongs to: a file in the folder above the cluster. */
const NOTE = 'data-folder';

/** Where the cluster of a data folder is when the server's account cannot enter that folder. */
export function clusterElsewhere(dataDir: string): string {
  const wanted = join(dataDir, 'postgres');
  const name = `${basename(dirname(dataDir))}-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
  return join(HOME, name, 'postgres');
}

/** Data folders whose clusters are below `/var/lib/wxfleet`. */
export async function dataFoldersElsewhere(): Promise<string[]> {
  const names = await readdir(HOME).catch(() => []);
  const notes = names.map((name) => readFile(join(HOME, name, NOTE), 'utf8').catch(() => ''));
  return (await Promise.all(notes)).map((note) => note.trim()).filter((note) => note !== '');
}

/**
 * Where cluster and binaries live. Run by root from a folder that the server's account cannot enter (a clone under
 * /root), both move to /var/lib/wxfleet under a name derived from the data folder, so that the next start finds them.
 */
export async function placeFor(dataDir: string, found: Binaries, account: Account | undefined): Promise<Place> {
  const inside = join(dataDir, 'postgres');
  if (!account) return { cluster: inside, binaries: found };
  const binaries = await reachableBinaries(found, account);
  if (await reachable(dataDir, account)) return { cluster: inside, binaries };
  const cluster = clusterElsewhere(dataDir);
  await mkdir(dirname(cluster), { recursive: true, mode: 0o755 });
  await writeFile(join(dirname(cluster), NOTE), `${dataDir}\n`);
  return { cluster, binaries };
}

async function reachableBinaries(found: Binaries, account: Account): Promise<Binaries> {
  if (await reachable(dirname(found.postgres), account)) return found;
  const native = dirname(dirname(found.postgres));
  // One copy for all clones with this package; its folder says nothing about the clone.
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(HOME, 'postgres', version);
  const complete = await access(join(copy, 'bin', 'postgres')).then(
    () => true,
    () => false,
  );
  if (!complete) {
    await mkdir(HOME, { recursive: true, mode: 0o755 });
    // The folder with the server itself last: its presence says that the copy is whole.
    for (const part of ['lib', 'share', 'bin']) {
      await cp(join(native, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
    }
  }
  const at = (name: string) => join(copy, 'bin', name);
  return { initdb: at('initdb'), pg_ctl: at('pg_ctl'), postgres: at('postgres') };
}
