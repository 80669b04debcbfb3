import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { KeyRing, Secret, SettingsError } from '#libs/kernel';
import { PostgresServer } from '#libs/postgres';
import { HUB_LOGIN, ensureHubLogin } from './hub-login.ts';

/** What the hub uses when no DATABASE_URL says otherwise. */
export interface EmbeddedDatabase {
  /** Of a login that is neither the owner nor a superuser. */
  databaseUrl: Secret;
  /** Of the owner. */
  migrationDatabaseUrl: Secret;
  /** Those of the environment, or the ones kept in the data folder. */
  masterKeys: KeyRing;
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL of a data folder; master keys are made there once, readable by their owner only. */
export async function startEmbedded(dataDir: string, masterKeys: KeyRing | undefined): Promise<EmbeddedDatabase> {
  const server = await PostgresServer.start({ dataDir: resolve(dataDir) });
  try {
    return {
      // A new password at each start: nobody else needs it, so it is kept nowhere.
      databaseUrl: new Secret(await ensureHubLogin(server.url(), HUB_LOGIN, randomBytes(24).toString('base64url'))),
      migrationDatabaseUrl: new Secret(server.url()),
      masterKeys: masterKeys ?? (await keptKeys(join(resolve(dataDir), 'master.keys'))),
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function keptKeys(file: string): Promise<KeyRing> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // `wx`: never overwrite keys, they may be the only ones that open the database.
    await writeFile(file, KeyRing.generate('k1') + '\n', { mode: 0o600, flag: 'wx' });
    text = (await readFile(file, 'utf8')).trim();
  }
  try {
    return KeyRing.parse(text);
  } catch (error) {
    throw new SettingsError('DATA_DIR', `has unusable keys in ${file}: ${(error as Error).message}`);
  }
}
