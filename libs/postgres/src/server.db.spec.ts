import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { dataFoldersElsewhere } from './account.ts';
import { repairLinks } from './binaries.ts';
import { PostgresServer } from './server.ts';

describe('PostgresServer', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await PostgresServer.remove(folder);
  });

  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'wxfleet-postgres-'));
    folders.push(made);
    return made;
  }

  function start(dataDir: string): Promise<PostgresServer> {
    return PostgresServer.start({ dataDir, durable: false });
  }

  async function ask(server: PostgresServer, text: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  it('keeps its data over a stop, and its password to itself', async () => {
    const dataDir = await folder();
    const first = await start(dataDir);
    await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start(dataDir);
    expect(await ask(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
    expect(await ask(second, "SELECT current_setting('listen_addresses') AS a")).toEqual([{ a: '127.0.0.1' }]);
  });

  it('takes over the server that a killed process left running', async () => {
    const dataDir = await folder();
    const killed = await start(dataDir);
    await ask(killed, 'CREATE TABLE kept AS SELECT 1 AS one');
    // What a killed owner leaves behind: the server, and a note of a process that is no more.
    await writeFile(join(dataDir, 'owner.json'), JSON.stringify({ pid: 2 ** 22 - 3, started: '1' }));
    const next = await start(dataDir);
    expect(next.url()).toBe(killed.url());
    expect(await ask(next, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('refuses a folder that a living process owns, in one line', async () => {
    const dataDir = await folder();
    await start(dataDir);
    const parent = process.ppid;
    const started = (await readFile(`/proc/${parent}/stat`, 'utf8')).split(') ')[1]?.split(' ')[19];
    await writeFile(join(dataDir, 'owner.json'), JSON.stringify({ pid: parent, started }));
    await expect(PostgresServer.start({ dataDir })).rejects.toThrow(
      new RegExp(`^DATA_DIR .* is in use by process ${parent}; set DATABASE_URL to share one database$`),
    );
  });

  it('starts from nothing when the very first start was killed half way', async () => {
    const dataDir = await folder();
    const killed = await start(dataDir);
    await killed.stop();
    await rm(join(killed.clusterDir, 'PG_VERSION'));
    const again = await start(dataDir);
    expect(await ask(again, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('answers nothing and refuses nothing while it is frozen, and goes on where it was', async () => {
    const server = await start(await folder());
    const client = new pg.Client({ connectionString: server.url() });
    await client.connect();
    await server.freeze();
    let answered = false;
    const answer = client.query('SELECT 1 AS one').then(({ rows }) => {
      answered = true;
      return rows;
    });
    const refused = new pg.Client({ connectionString: server.url(), connectionTimeoutMillis: 300 });
    await expect(refused.connect()).rejects.toThrow('timeout');
    expect(answered).toBe(false);
    await server.thaw();
    expect(await answer).toEqual([{ one: 1 }]);
    await client.end();
  });

  it('uses nothing of the variables that the user has set for another server, nor a private TMPDIR', async () => {
    const before = { ...process.env };
    const closed = await mkdtemp(join(tmpdir(), 'wxfleet-closed-'));
    folders.push(closed);
    const dataDir = await folder();
    const foreign = {
      PGHOST: '203.0.113.1',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGSSLMODE: 'require',
      PGOPTIONS: '-c no.such=1 -c nonsense',
      PGDATA: '/nowhere',
      TMPDIR: closed,
    };
    Object.assign(process.env, foreign);
    try {
      const server = await start(dataDir);
      expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      for (const name of Object.keys(foreign)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  it('leaves no server behind when its start fails after the server runs', async () => {
    const dataDir = await folder();
    // The note of the owner cannot be written.
    await mkdir(join(dataDir, 'owner.json'));
    await expect(start(dataDir)).rejects.toThrow('EISDIR');
    await rm(join(dataDir, 'owner.json'), { recursive: true });
    await expect(stat(join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
    const server = await start(dataDir);
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.destroy();
    await expect(stat(server.clusterDir)).rejects.toThrow('ENOENT');
  });

  it('leaves nothing of a data folder, where root had to put the cluster elsewhere as well', async () => {
    const closed = await folder();
    const [stopped, running] = [join(closed, 'stopped'), join(closed, 'running')];
    const server = await start(stopped);
    const other = await start(running);
    const isElsewhere = process.getuid?.() === 0;
    expect(server.clusterDir.startsWith(stopped)).toBe(!isElsewhere);
    expect((await dataFoldersElsewhere()).filter((of) => of.startsWith(closed))).toHaveLength(isElsewhere ? 2 : 0);
    await server.destroy();
    // As after a process that was killed.
    await PostgresServer.remove(running);
    await expect(ask(other, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await PostgresServer.remove(running);
    expect((await dataFoldersElsewhere()).filter((of) => of.startsWith(closed))).toEqual([]);
    for (const { clusterDir } of [server, other]) await expect(stat(dirname(clusterDir))).rejects.toThrow('ENOENT');
    expect(await readdir(closed)).toEqual([]);
  });

  it('makes the links of its libraries when npm was told to run no install scripts', async () => {
    const at = await folder();
    await mkdir(join(at, 'native', 'lib'), { recursive: true });
    await writeFile(join(at, 'native', 'lib', 'libpq.so.5.18'), 'library');
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }));
    await writeFile(join(at, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    await repairLinks(at);
    await repairLinks(at);
    for (const { target } of links) expect(await readFile(join(at, target), 'utf8')).toBe('library');
    await writeFile(
      join(at, 'native', 'pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/a', target: 'native/gone/b' }]),
    );
    await expect(repairLinks(at)).rejects.toThrow(/lacks its libraries .* cannot make .*native\/gone\/b/);
  });
});
