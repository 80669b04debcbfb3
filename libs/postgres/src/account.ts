import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, stat } from 'node:fs/promises';
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

/**
 * Where cluster and binaries live. Run by root from a folder that the server's account cannot enter (a clone under
 * /root), both move to /var/lib/wxfleet under a name derived from the wanted folder, so that the next start finds them.
 */
export async function placeFor(wanted: string, found: Binaries, account: Account | undefined): Promise<Place> {
  if (!account) return { cluster: wanted, binaries: found };
  let cluster = wanted;
  if (!(await reachable(dirname(wanted), account))) {
    const name = `${basename(dirname(dirname(wanted)))}-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
    cluster = join(HOME, name, 'postgres');
  }
  await mkdir(dirname(cluster), { recursive: true, mode: 0o755 });
  return { cluster, binaries: await reachableBinaries(found, account) };
}

async function reachableBinaries(found: Binaries, account: Account): Promise<Binaries> {
  if (await reachable(dirname(found.postgres), account)) return found;
  const native = dirname(dirname(found.postgres));
  const info = await stat(found.postgres);
  const copy = join(HOME, 'postgres', `${info.size}-${Math.trunc(info.mtimeMs)}`);
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
