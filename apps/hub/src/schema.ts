import { migrateJobs } from '#libs/jobs';
import { Database, SettingsError, WORKER_ROLE, type Log, type Secret } from '#libs/kernel';
import { migrations } from '#migrations';

/** What the login of the hub could do if somebody made it run statements of their own. */
interface Login {
  name: string;
  /** Row-level security does not hold for it. */
  isMighty: boolean;
  /** Is the owner of the schema, or may become it; or there is none yet, and it may make one. */
  mayMigrate: boolean;
}

/**
 * Applies what is missing of the schema, ours and the job engine's; several processes may start at once. From then on `db` works
 * as the worker: nobody needs the rights of the schema's owner.
 * @param owner the login that migrates; undefined: that of `db`, if it may
 * @returns the name of the login when row-level security does not hold for it
 * @throws SettingsError when something is missing and nobody here may apply it
 */
export async function bringUpSchema(db: Database, owner: Secret | undefined, log: Log): Promise<string | null> {
  const [login] = await db.query<Login>(
    `SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls AS "isMighty",
            coalesce((SELECT pg_has_role(session_user, nspowner, 'MEMBER') FROM pg_namespace WHERE nspname = 'wxfleet'),
              has_database_privilege(session_user, current_database(), 'CREATE')) AS "mayMigrate"
       FROM pg_roles r WHERE r.rolname = session_user`,
  );
  if (owner) {
    const migrator = await Database.open({
      url: owner.reveal(),
      poolSize: 2,
      applicationName: 'wxfleet migrations',
      log,
    });
    try {
      await migrate(migrator, log);
    } finally {
      await migrator.close();
    }
  } else if (login?.mayMigrate) {
    await migrate(db, log);
  }
  db.actAs(WORKER_ROLE);
  if (!owner && !login?.mayMigrate) await assertMigrated(db);
  return login?.isMighty ? login.name : null;
}

async function migrate(db: Database, log: Log): Promise<void> {
  const applied = await db.migrate(migrations);
  if (applied.length > 0) log.info('database.migrated', { migrations: applied });
  await migrateJobs(db.url, log);
}

async function assertMigrated(db: Database): Promise<void> {
  const [found] = await db.query<{ isThere: boolean }>(
    `SELECT to_regclass('public.wxfleet_migration') IS NOT NULL AS "isThere"`,
  );
  if (!found?.isThere) {
    throw new SettingsError(
      'MIGRATION_DATABASE_URL',
      'must be set once: nothing has been applied to this database yet',
    );
  }
  const rows = await db.query<{ name: string }>('SELECT name FROM public.wxfleet_migration');
  const applied = new Set(rows.map(({ name }) => name));
  const missing = migrations.map((Migration) => new Migration().name).filter((name) => !applied.has(name));
  if (missing.length > 0) {
    throw new SettingsError('MIGRATION_DATABASE_URL', `must be set once: ${missing.join(', ')} must be applied`);
  }
}
