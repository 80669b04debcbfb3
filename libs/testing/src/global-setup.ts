import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '#libs/kernel';
import { migrateJobs } from '#libs/jobs';
import { PostgresServer } from '#libs/postgres';
import { migrations } from '#migrations';

declare global {
  var wxfleetTestServer: PostgresServer | undefined;
}

/**
 * Starts one PostgreSQL for the run and migrates the template that every spec file clones.
 * Jest calls this once per project; the server is shared.
 */
export default async function globalSetup(): Promise<void> {
  if (globalThis.wxfleetTestServer) return;
  const dataDir = await mkdtemp(join(tmpdir(), 'wxfleet-test-'));
  // Two spec files at once, each with up to six hubs, whose pools may take more than 20 connections each.
  const settings = ['shared_buffers=128MB', 'max_connections=500'];
  const server = await PostgresServer.start({ dataDir, durable: false, settings });
  const template = await Database.open({ url: server.url(), poolSize: 2 });
  try {
    await template.migrate(migrations);
    await migrateJobs(server.url());
  } finally {
    await template.close();
  }
  globalThis.wxfleetTestServer = server;
  process.env.WXFLEET_TEST_DATABASE_URL = server.url();
  process.env.WXFLEET_TEST_DATA_DIR = dataDir;
}
