import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PostgresServer, dataFoldersElsewhere } from '#libs/postgres';
import { closeRunFolder, openRunFolder } from './run-folder.ts';

describe('the temporary folder of a run', () => {
  it('is shared by projects, and gone after the last', async () => {
    await openRunFolder();
    const path = globalThis.wxfleetRunFolder?.path as string;
    expect(process.env.TMPDIR).toBe(path);
    await openRunFolder();
    await closeRunFolder();
    expect(await readdir(path)).toEqual([]);
    await closeRunFolder();
    await expect(stat(path)).rejects.toThrow('ENOENT');
    expect(process.env.TMPDIR).not.toBe(path);
  });

  it('says what was left in it, stops the servers there, and removes everything', async () => {
    await openRunFolder();
    const path = globalThis.wxfleetRunFolder?.path as string;
    await writeFile(join(path, 'evidence'), '');
    // Closed to other accounts: run by root, its cluster goes to /var/lib/wxfleet.
    const closed = await mkdtemp(join(path, 'closed-'));
    const server = await PostgresServer.start({ dataDir: join(closed, 'data'), durable: false });
    const isElsewhere = !server.clusterDir.startsWith(path);
    const error = await closeRunFolder().catch((reason: unknown) => String(reason));
    expect(error).toContain(`${path}/evidence\n`);
    expect(error).toContain(`${closed}\n`);
    if (isElsewhere) expect(error).toContain(`the PostgreSQL of ${closed}/data\n`);
    expect((await dataFoldersElsewhere()).filter((of) => of.startsWith(path))).toEqual([]);
    for (const gone of [path, server.clusterDir]) await expect(stat(gone)).rejects.toThrow('ENOENT');
  });
});
