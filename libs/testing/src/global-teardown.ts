import { closeRunFolder } from './run-folder.ts';

/** Removes what `global-setup` made. A failed run keeps nothing: the databases of failed files are named in its output. */
export default async function globalTeardown(): Promise<void> {
  const server = globalThis.wxfleetTestServer;
  globalThis.wxfleetTestServer = undefined;
  try {
    await server?.destroy();
  } finally {
    await closeRunFolder();
  }
}
