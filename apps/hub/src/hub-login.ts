import pg from 'pg';
import { API_ROLE, WORKER_ROLE } from '#libs/kernel';

/** The name of the login with an embedded database, and in docker-compose.yml. */
export const HUB_LOGIN = 'wxfleet_hub';

/**
 * A login for the hub that owns nothing, sees nothing by itself, and may become the two roles it works as and nothing else. Made
 * or given a new password by a superuser; docs/operations.md has the same by hand.
 * @param ownerUrl of the database, as a login that may create roles
 * @returns the URL of the same database as the new login
 */
export async function ensureHubLogin(ownerUrl: string, name: string, password: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const login = pg.escapeIdentifier(name);
    for (const [role, rights] of [
      [API_ROLE, 'NOLOGIN'],
      [WORKER_ROLE, 'NOLOGIN'],
      [name, 'LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT'],
    ] as const) {
      const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (known.rowCount === 0) await client.query(`CREATE ROLE ${pg.escapeIdentifier(role)} ${rights}`);
    }
    await client.query(`ALTER ROLE ${login} PASSWORD ${pg.escapeLiteral(password)}`);
    await client.query(`GRANT ${API_ROLE}, ${WORKER_ROLE} TO ${login}`);
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(name);
  url.password = encodeURIComponent(password);
  return url.href;
}
