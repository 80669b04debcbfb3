import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PostgresServer } from './server.ts';

describe('PostgresServer', () => {
  const servers: PostgresServer[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'wxfleet-postgres-'));
    folders.push(made);
    return made;
  }

  async function start(dataDir: string): Promise<PostgresServer> {
    const server = await PostgresServer.start({ dataDir, durable: false });
    servers.push(server);
    return server;
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
    await servers.pop()?.stop();
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
    servers.pop();
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

  it('begins anew when the very first start was killed half way', async () => {
    const dataDir = await folder();
    await start(dataDir);
    const { clusterDir } = servers[0] as PostgresServer;
    await servers.pop()?.stop();
    await rm(join(clusterDir, 'PG_VERSION'));
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
});
