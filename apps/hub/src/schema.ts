import { migrateJobs } from '#libs/jobs';
import { API_ROLE, Database, SettingsError, WORKER_ROLE, type Log, type Secret } from '#libs/kernel';
import { SCHEMAS, migrations } from '#migrations';

/** Rights of the database login of the hub. */
interface Login {
  name: string;
  /** Row-level security does not apply to it. */
  isSuperuser: boolean;
  /** It is, or may become, the owner of the schema, or may create the schema. */
  mayMigrate: boolean;
}

export interface SchemaOptions {
  /** The login that the hub works with. */
  url: string;
  /** The login that migrates; undefined: that of `url`, if it may. */
  owner: Secret | undefined;
  log: Log;
}

/**
 * Applies what is missing of the schema, ours and the job engine's, and checks that roles and policies are there; several
 * processes may start at once. On connections of its own: the hub then works as `WORKER_ROLE` and needs no rights of an owner.
 * @returns the name of the login when row-level security does not apply to it
 * @throws SettingsError when something is missing that nobody here may apply, or when the schema is of a newer version
 */
export async function bringUpSchema({ url, owner, log }: SchemaOptions): Promise<string | null> {
  const db = await Database.open({ url, poolSize: 2, applicationName: 'wxfleet start', log });
  try {
    const [login] = await db.query<Login>(
      `SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls AS "isSuperuser",
              coalesce((SELECT pg_has_role(session_user, nspowner, 'MEMBER') FROM pg_namespace WHERE nspname = 'wxfleet'),
                has_database_privilege(session_user, current_database(), 'CREATE')) AS "mayMigrate"
         FROM pg_roles r WHERE r.rolname = session_user`,
    );
    if (owner) await asOwner(owner, log);
    else if (login?.mayMigrate) await migrate(db, log);
    else await assertMigrated(db);
    await assertGuarded(db);
    return login?.isSuperuser ? login.name : null;
  } finally {
    await db.close();
  }
}

async function asOwner(owner: Secret, log: Log): Promise<void> {
  const db = await Database.open({ url: owner.reveal(), poolSize: 2, applicationName: 'wxfleet migrations', log });
  try {
    await migrate(db, log);
  } finally {
    await db.close();
  }
}

async function migrate(db: Database, log: Log): Promise<void> {
  const before = await appliedMigrations(db);
  if (before) assertKnown(before);
  // A schema that was restored without its roles: a migration of the job engine would fail on them in words of its own.
  if (before) await assertRoles(db);
  const applied = await db.migrate(migrations);
  if (applied.length > 0) log.info('database.migrated', { migrations: applied });
  await migrateJobs(db.url, log);
}

/** For a login that may not migrate. */
async function assertMigrated(db: Database): Promise<void> {
  await assertRoles(db);
  db.actAs(WORKER_ROLE); // it may read the record
  const applied = await appliedMigrations(db);
  if (!applied) {
    throw new SettingsError(
      'MIGRATION_DATABASE_URL',
      'must be set once: nothing has been applied to this database yet',
    );
  }
  assertKnown(applied);
  const missing = known().filter((name) => !applied.includes(name));
  if (missing.length > 0) {
    throw new SettingsError('MIGRATION_DATABASE_URL', `must be set once: ${missing.join(', ')} must be applied`);
  }
}

/** Names of applied migrations; null: none has ever been applied. */
async function appliedMigrations(db: Database): Promise<string[] | null> {
  const [found] = await db.query<{ isThere: boolean }>(
    `SELECT to_regclass('public.wxfleet_migration') IS NOT NULL AS "isThere"`,
  );
  if (!found?.isThere) return null;
  const rows = await db.query<{ name: string }>('SELECT name FROM public.wxfleet_migration ORDER BY id');
  return rows.map(({ name }) => name);
}

function known(): string[] {
  return migrations.map((Migration) => new Migration().name);
}

function assertKnown(applied: readonly string[]): void {
  const names = new Set(known());
  const unknown = applied.filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  throw new SettingsError(
    'DATABASE_URL',
    `is a database of another version of wxfleet, which has applied ${unknown.join(', ')}: start that version or a newer one`,
  );
}

async function assertRoles(db: Database): Promise<void> {
  const wanted = [API_ROLE, WORKER_ROLE];
  const rows = await db.query<{ name: string }>('SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1)', [
    wanted,
  ]);
  const found = new Set(rows.map(({ name }) => name));
  const missing = wanted.filter((name) => !found.has(name));
  // Without any schema a migration makes them.
  const [schema] = await db.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'wxfleet'`);
  if (missing.length === 0 || !schema) return;
  throw new SettingsError(
    'DATABASE_URL',
    `lacks the role ${missing.join(' and the role ')}: create the roles, then restore the dump again (docs/operations.md, "Backup and restore")`,
  );
}

/** Tables without policies or without grants: what a restore into a server without the roles leaves behind. */
async function assertGuarded(db: Database): Promise<void> {
  await assertRoles(db);
  const rows = await db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY ($3) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND NOT (c.relrowsecurity
             AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND $1::regrole = ANY (p.polroles))
             AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND $2::regrole = ANY (p.polroles))
             AND has_table_privilege($2, c.oid, 'SELECT'))
      ORDER BY 1`,
    [API_ROLE, WORKER_ROLE, SCHEMAS],
  );
  if (rows.length === 0) return;
  const names = rows.slice(0, 3).map(({ name }) => name);
  throw new SettingsError(
    'DATABASE_URL',
    `has ${rows.length} tables without row-level security or grants (${names.join(', ')}${rows.length > 3 ? ', …' : ''}): ` +
      'create the roles, then restore the dump again (docs/operations.md, "Backup and restore")',
  );
}
