import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '#libs/testing';

/** Where the distribution puts PostgreSQL with all its programs; null: it is not installed. */
export function installedPostgres(): { folder: string; version: number } | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number) : [];
  const usable = versions.filter((of) => of >= 15 && existsSync(`${root}/${of}/bin/initdb`)).sort((a, b) => b - a);
  return usable[0] === undefined ? null : { folder: `${root}/${usable[0]}/bin`, version: usable[0] };
}

/** An account that is not root, for programs that refuse to run as root; the present one, unless that is root. */
export function ordinaryUser(name: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const found = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([of]) => of === name);
  if (!found) throw new Error(`there is no account ${name}`);
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A cluster of its own, as an administrator makes one: the superuser `postgres`, and nothing else. */
export class Cluster {
  private constructor(
    readonly port: number,
    readonly superuserUrl: string,
    private readonly dataDir: string,
    private readonly child: ChildProcess,
    private readonly bin: string,
  ) {}

  static async start(bin: string): Promise<Cluster> {
    // Beside the folders of other programs: the account of the server must be able to enter, also where TMPDIR is private.
    const dataDir = mkdtempSync('/tmp/wxfleet-cluster-');
    const account = ordinaryUser('postgres');
    if (account.uid !== undefined) chownSync(dataDir, account.uid, account.gid as number);
    chmodSync(dataDir, 0o700);
    const options = { ...account, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
    execFileSync(join(bin, 'initdb'), ['-D', dataDir, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'], {
      ...options,
      stdio: 'pipe',
    });
    const port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${dataDir}`, 'fsync=off'];
    const child = spawn(
      join(bin, 'postgres'),
      ['-D', dataDir, '-p', String(port), ...settings.flatMap((of) => ['-c', of])],
      { ...options, stdio: 'ignore' },
    );
    const cluster = new Cluster(port, `postgres://postgres@127.0.0.1:${port}/postgres`, dataDir, child, bin);
    await eventually('the cluster', () => {
      try {
        cluster.run('SELECT 1');
        return true;
      } catch {
        return false;
      }
    });
    return cluster;
  }

  /** Statements by psql, as the superuser. */
  run(statements: string): string {
    return execFileSync(join(this.bin, 'psql'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', this.superuserUrl], {
      input: statements,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    await eventually('the end of the cluster', () => this.child.exitCode !== null || this.child.signalCode !== null);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
