import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, chown, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { clusterElsewhere, placeFor, serverAccount, type Account, type Place } from './account.ts';
import { binaries } from './binaries.ts';
import { forgetPostgresVariables } from './environment.ts';
import { childrenOf, signal } from './process-family.ts';

const run = promisify(execFile);
const USER = 'wxfleet';
const DATABASE = 'wxfleet';

export interface PostgresOptions {
  /** Folder that belongs to this server alone; the cluster goes into `postgres` below it. */
  dataDir: string;
  /** `false` trades safety against a power cut for speed; for tests and benchmarks of other things. Default true. */
  durable?: boolean;
  /** Further server settings, `name=value`. */
  settings?: readonly string[];
}

/**
 * The embedded PostgreSQL: real server binaries from npm, one cluster per data folder. `pg_ctl` gives the server a
 * session of its own, so that Ctrl-C in a terminal reaches only us and we stop it after the last connection is closed.
 * A server left over by a killed process is taken over by the next start.
 */
export class PostgresServer {
  private frozen = false;
  private paused = false;

  private constructor(
    private readonly place: Place,
    private readonly account: Account | undefined,
    private readonly port: number,
    private readonly password: string,
    private readonly ownerFile: string,
  ) {}

  /** @throws Error in one line when another living process owns the folder, or the server does not start */
  static async start(options: PostgresOptions): Promise<PostgresServer> {
    forgetPostgresVariables();
    const dataDir = resolve(options.dataDir);
    try {
      await mkdir(dataDir, { recursive: true });
      await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new Error(`DATA_DIR ${dataDir} cannot be used as a folder (${code})`, { cause });
    }
    const account = await serverAccount();
    const place = await placeFor(dataDir, await binaries(), account);
    const ownerFile = join(dataDir, 'owner.json');
    const running = await runningPort(place, account);
    const owner = await readOwner(ownerFile);
    if (running !== undefined && owner !== undefined && owner.pid !== process.pid && (await alive(owner))) {
      throw new Error(`DATA_DIR ${dataDir} is in use by process ${owner.pid}; set DATABASE_URL to share one database`);
    }
    const passwordFile = join(dataDir, 'postgres.password');
    const password = await readOrCreate(passwordFile, () => randomBytes(24).toString('base64url'));
    await initialise(place, account, password);
    try {
      const port = running ?? (await startServer(place, account, options));
      await writeFile(ownerFile, JSON.stringify({ pid: process.pid, started: await startedAt(process.pid) }));
      const server = new PostgresServer(place, account, port, password, ownerFile);
      await server.ensureDatabase(DATABASE);
      return server;
    } catch (error) {
      // A start that fails leaves no server behind; also one that was too slow for `pg_ctl`.
      if (running === undefined)
        await control(place, account, ['stop', '-m', 'immediate', '-w']).catch(() => undefined);
      throw error;
    }
  }

  /**
   * A streaming standby of this server: a copy of its folder, made while it is stopped for a moment. For tests of replicas.
   * @param options.dataDir folder that belongs to the standby alone
   */
  async standby({ dataDir, settings = [] }: Pick<PostgresOptions, 'dataDir' | 'settings'>): Promise<PostgresServer> {
    const folder = resolve(dataDir);
    await mkdir(folder, { recursive: true });
    const place = await placeFor(folder, await binaries(), this.account);
    await this.pause();
    try {
      await cp(this.place.cluster, place.cluster, { recursive: true, preserveTimestamps: true });
      await writeFile(join(place.cluster, 'standby.signal'), '');
      if (this.account) await run('chown', ['-R', `${this.account.uid}:${this.account.gid}`, place.cluster]);
      await chmod(place.cluster, 0o700);
    } finally {
      await this.resume();
    }
    const primary = `host=127.0.0.1 port=${this.port} user=${USER} password=${this.password}`;
    const port = await startServer(place, this.account, {
      dataDir: folder,
      durable: false,
      settings: [`primary_conninfo=${primary}`, 'hot_standby_feedback=off', ...settings],
    });
    return new PostgresServer(place, this.account, port, this.password, join(folder, 'owner.json'));
  }

  /** Ends the recovery of a standby: from then on it is a server of its own. */
  async promote(): Promise<void> {
    await control(this.place, this.account, ['promote', '-w', '-t', '60']);
  }

  /** Connection URL of a database of this server. */
  url(database: string = DATABASE): string {
    return `postgres://${USER}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Folder of the cluster; not below `dataDir` when root started us where the server's account cannot go. */
  get clusterDir(): string {
    return this.place.cluster;
  }

  /** Ends open sessions, writes everything, stops. */
  async stop(): Promise<void> {
    if (this.frozen) await this.thaw();
    if (!this.paused) await control(this.place, this.account, ['stop', '-m', 'fast', '-w', '-t', '60']);
    await rm(this.ownerFile, { force: true });
  }

  /** Stops, and removes the data folder with everything that was made for it; for tests and benchmarks. */
  async destroy(): Promise<void> {
    await this.stop();
    await PostgresServer.remove(dirname(this.ownerFile));
  }

  /**
   * Removes a data folder with everything that was made for it, also the cluster that is elsewhere because the server's account
   * cannot enter the folder. A server that a process has left there is stopped without a goodbye. For tests.
   */
  static async remove(dataDir: string): Promise<void> {
    const folder = resolve(dataDir);
    const elsewhere = clusterElsewhere(folder);
    const account = await serverAccount();
    for (const cluster of [join(folder, 'postgres'), elsewhere]) {
      if (!(await exists(join(cluster, 'postmaster.pid')))) continue;
      const place = { ...(await placeFor(folder, await binaries(), account)), cluster };
      if ((await runningPort(place, account)) !== undefined) await control(place, account, ['stop', '-m', 'immediate']);
    }
    await rm(dirname(elsewhere), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }

  /** Stops at once and starts again, as a crash of the machine's PostgreSQL would; for fault tests. */
  async restart(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    // The log file is named, or the new server would hold our pipe open and `pg_ctl` would never seem to end.
    const log = join(this.place.cluster, 'server.log');
    await control(this.place, this.account, ['restart', '-m', mode, '-w', '-t', '60', '-l', log]);
  }

  /** Stops the server but keeps owning the folder; `resume` brings it back on the same port. For fault tests. */
  async pause(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await control(this.place, this.account, ['stop', '-m', mode, '-w', '-t', '60']);
    this.paused = true;
  }

  async resume(): Promise<void> {
    this.paused = false;
    await control(this.place, this.account, ['start', '-w', '-t', '60', '-l', join(this.place.cluster, 'server.log')]);
  }

  /**
   * The server stands still with all its connections: nothing is refused, nothing is answered, as when a machine hangs or a
   * network swallows packets. Ends with `thaw`, or when it is stopped. For fault tests.
   */
  async freeze(): Promise<void> {
    this.frozen = true;
    const postmaster = await this.postmaster();
    // First, so that it forks nobody while its children are counted.
    process.kill(postmaster, 'SIGSTOP');
    for (const child of await childrenOf(postmaster)) signal(child, 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    this.frozen = false;
    const postmaster = await this.postmaster();
    for (const child of await childrenOf(postmaster)) signal(child, 'SIGCONT');
    process.kill(postmaster, 'SIGCONT');
  }

  private async postmaster(): Promise<number> {
    return Number((await readFile(join(this.place.cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }

  /** Throws the database away and makes an empty one; for an example world whose first start was interrupted. */
  async emptyDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    try {
      await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(DATABASE)} WITH (FORCE)`);
    } finally {
      await client.end();
    }
    await this.ensureDatabase(DATABASE);
  }

  private async ensureDatabase(name: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    try {
      const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    } finally {
      await client.end();
    }
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function initialise(place: Place, account: Account | undefined, password: string): Promise<void> {
  if (await exists(join(place.cluster, 'PG_VERSION'))) return;
  // A start that was killed half way leaves a folder without PG_VERSION; initdb wants an empty one.
  await rm(place.cluster, { recursive: true, force: true });
  await mkdir(place.cluster, { recursive: true, mode: 0o700 });
  if (account) await chown(place.cluster, account.uid, account.gid);
  // Not in TMPDIR, which may be closed to the server's account.
  const passwordFile = join(dirname(place.cluster), `password-${randomBytes(8).toString('hex')}`);
  await writeFile(passwordFile, password + '\n', { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    await run(
      place.binaries.initdb,
      [
        ['--pgdata', place.cluster],
        ['--username', USER],
        ['--pwfile', passwordFile],
        ['--auth', 'scram-sha-256'],
        ['--encoding', 'UTF8'],
        ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
        ['--no-sync'],
      ].flat(),
      { ...account, cwd: '/' },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function startServer(place: Place, account: Account | undefined, options: PostgresOptions): Promise<number> {
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    'max_wal_size=2GB',
    'checkpoint_timeout=15min',
    'wal_compression=on',
    'random_page_cost=1.1',
    'autovacuum_naptime=20s',
    'jit=off',
    'log_min_messages=warning',
    'log_timezone=UTC',
    'timezone=UTC',
    ...(options.durable === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
    ...(options.settings ?? []),
  ];
  await writeFile(
    join(place.cluster, 'postgresql.auto.conf'),
    settings.map((line) => line.replace(/=(.*)$/, (_, value: string) => ` = '${value}'`)).join('\n') + '\n',
  );
  if (account) await chown(join(place.cluster, 'postgresql.auto.conf'), account.uid, account.gid);
  await control(place, account, ['start', '-w', '-t', '60', '-l', join(place.cluster, 'server.log')]);
  return port;
}

async function control(place: Place, account: Account | undefined, args: string[]): Promise<void> {
  try {
    await run(place.binaries.pg_ctl, ['-D', place.cluster, ...args], { ...account, cwd: '/' });
  } catch (error) {
    const log = await readFile(join(place.cluster, 'server.log'), 'utf8').catch(() => '');
    throw new Error(`PostgreSQL: ${args[0]} failed: ${log.trim().split('\n').slice(-3).join(' | ')}`, { cause: error });
  }
}

/** The port of a server that already runs on this cluster, or undefined. */
async function runningPort(place: Place, account: Account | undefined): Promise<number | undefined> {
  try {
    await run(place.binaries.pg_ctl, ['-D', place.cluster, 'status'], { ...account, cwd: '/' });
  } catch {
    return undefined;
  }
  const lines = (await readFile(join(place.cluster, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[3]) || undefined;
}

interface Owner {
  pid: number;
  /** Kernel start time of the process, where the system tells: a reused pid has another one. */
  started: string | null;
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

async function alive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return owner.started === null || owner.started === (await startedAt(owner.pid));
}

async function startedAt(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain anything; field 22 of the line is the 20th after it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function readOrCreate(file: string, make: () => string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const text = make();
    await writeFile(file, text + '\n', { mode: 0o600, flag: 'wx' });
    await chmod(file, 0o600);
    return text;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
