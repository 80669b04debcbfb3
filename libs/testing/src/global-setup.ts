import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from '#libs/kernel';
import { migrateJobs } from '#libs/jobs';
import { PostgresServer } from '#libs/postgres';
import { migrations } from '#migrations';
import { openRunFolder } from './run-folder.ts';

declare global {
  var wxfleetTestServer: TestServer | undefined;
}

/** Where the run's template is, and how it goes away. */
interface TestServer {
  url: string;
  destroy(): Promise<void>;
}

/**
 * Starts one PostgreSQL for the run and migrates the template that every spec file clones. With `WXFLEET_TEST_SERVER` (a URL with a
 * superuser, PostgreSQL 15 to 18, best with 500 connections) the template is made on that server instead.
 * Jest calls this once per project; the server is shared.
 */
export default async function globalSetup(): Promise<void> {
  if (globalThis.wxfleetTestServer) return;
  await openRunFolder();
  const given = process.env.WXFLEET_TEST_SERVER;
  const server = given ? await templateOn(given) : await ownServer();
  globalThis.wxfleetTestServer = server;
  process.env.WXFLEET_TEST_DATABASE_URL = server.url;
  const template = await Database.open({ url: server.url, poolSize: 2 });
  try {
    await template.migrate(migrations);
    await migrateJobs(server.url);
  } finally {
    await template.close();
  }
}

async function ownServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wxfleet-test-'));
  // Two spec files at once, each with up to six hubs, whose pools may take more than 20 connections each.
  const settings = ['shared_buffers=128MB', 'max_connections=500'];
  const server = await PostgresServer.start({ dataDir, durable: false, settings });
  return { url: server.url(), destroy: () => server.destroy() };
}

async function templateOn(serverUrl: string): Promise<TestServer> {
  const name = `wxfleet_template_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await administer(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  return { url: url.href, destroy: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
