import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer, dataFoldersElsewhere } from '#libs/postgres';

declare global {
  var wxfleetRunFolder: { path: string; before: string | undefined; users: number } | undefined;
}

/** A folder that becomes the temporary folder (`TMPDIR`) of this process and of those that it starts, until `closeRunFolder`. */
export async function openRunFolder(): Promise<void> {
  // Jest calls the setup of each of its projects; they share the folder.
  if (globalThis.wxfleetRunFolder) return void (globalThis.wxfleetRunFolder.users += 1);
  const path = await mkdtemp(join(tmpdir(), 'wxfleet-run-'));
  // Run by root, the database server is another user, which must be able to pass through.
  await chmod(path, 0o755);
  globalThis.wxfleetRunFolder = { path, before: process.env.TMPDIR, users: 1 };
  process.env.TMPDIR = path;
}

/**
 * Removes the folder.
 * @throws Error that names what the run has left in it, or below /var/lib/wxfleet for one of its data folders
 */
export async function closeRunFolder(): Promise<void> {
  const run = globalThis.wxfleetRunFolder;
  if (!run || (run.users -= 1) > 0) return;
  globalThis.wxfleetRunFolder = undefined;
  if (run.before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = run.before;
  const left = (await readdir(run.path)).map((name) => join(run.path, name));
  const clusters = (await dataFoldersElsewhere()).filter((folder) => folder.startsWith(`${run.path}/`));
  for (const folder of [...left, ...clusters]) await PostgresServer.remove(folder);
  await rm(run.path, { recursive: true, force: true });
  if (left.length + clusters.length === 0) return;
  const lines = [...left, ...clusters.map((folder) => `the PostgreSQL of ${folder}`)].map((of) => `  ${of}\n`);
  throw new Error(`a spec or a program that it started did not remove:\n${lines.join('')}`);
}
