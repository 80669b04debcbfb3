import { rm } from 'node:fs/promises';

/** Stops what `global-setup` started. A failed run keeps nothing: the databases of failed files are named in its output. */
export default async function globalTeardown(): Promise<void> {
  const server = globalThis.wxfleetTestServer;
  if (!server) return;
  globalThis.wxfleetTestServer = undefined;
  await server.destroy();
  const dataDir = process.env.WXFLEET_TEST_DATA_DIR;
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
}
