import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { KeyRing } from '#libs/kernel';

/** The secrets of the example world: made at the first start, kept in its data folder, good for nothing else. */
export interface DevSecrets {
  masterKeys: string;
  adminApiKey: string;
  componentAppsecret: string;
  pushToken: string;
  encodingAesKey: string;
  /** Password of the console user; absent in a folder of an earlier version. */
  consolePassword?: string;
  /** Port of the simulator, kept so that links in a browser stay good. */
  simulatorPort: number;
  /** Key of the example provider's backend; absent until the story has been told. */
  apiKey?: string;
}

export async function loadDevSecrets(file: string): Promise<DevSecrets> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DevSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secrets: DevSecrets = {
    masterKeys: KeyRing.generate('dev1'),
    adminApiKey: `dev_admin_${randomBytes(24).toString('base64url')}`,
    componentAppsecret: randomBytes(16).toString('hex'),
    pushToken: randomBytes(12).toString('hex'),
    encodingAesKey: randomBytes(40)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, 'x')
      .slice(0, 43),
    simulatorPort: 0,
  };
  await saveDevSecrets(file, secrets);
  return secrets;
}

export async function saveDevSecrets(file: string, secrets: DevSecrets): Promise<void> {
  await writeFile(file, JSON.stringify(secrets, null, 2) + '\n', { mode: 0o600 });
}
