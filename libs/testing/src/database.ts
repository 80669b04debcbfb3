import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database, type DatabaseOptions } from '#libs/kernel';

export interface TestDatabase {
  url: string;
  db: Database;
  /** A further handle on the same database, as another process would have; closed by `drop`. */
  another(options?: Partial<DatabaseOptions>): Promise<Database>;
  /** Closes every handle and removes the database. */
  drop(): Promise<void>;
}

/** A fresh, migrated database: a clone of the run's template (tens of milliseconds). */
export async function cloneDatabase(options: Partial<DatabaseOptions> = {}): Promise<TestDatabase> {
  const templateUrl = process.env.WXFLEET_TEST_DATABASE_URL;
  if (!templateUrl) throw new Error('no test server: run this spec in the db or e2e project');
  const template = new URL(templateUrl).pathname.slice(1);
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await admin(templateUrl, (client) => createFromTemplate(client, name, template));
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  const handles: Database[] = [];
  const open = async (more: Partial<DatabaseOptions> = {}) => {
    const handle = await Database.open({ url: url.href, poolSize: 10, ...options, ...more });
    handles.push(handle);
    return handle;
  };
  return {
    url: url.href,
    db: await open(),
    another: open,
    async drop() {
      await Promise.all(handles.map((handle) => handle.close()));
      await admin(templateUrl, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
      );
    },
  };
}

/** Cloning needs the template to be unused for a moment; two workers may clone at once, so a busy template is tried again. */
async function createFromTemplate(client: pg.Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt >= 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function admin<T>(templateUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = new URL(templateUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
