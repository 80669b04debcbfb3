import type { Command } from 'commander';

/** The one command that talks to the database and not to a hub: for deployments that migrate before they start hubs. */
export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description(
      'applies missing migrations to the database of DATABASE_URL, as MIGRATION_DATABASE_URL where it is set',
    )
    .action(async () => {
      // Only here: other commands would wait a second for libraries that they do not use.
      const { Log, SettingsError, loadSettings } = await import('#libs/kernel');
      const { bringUpSchema } = await import('../../../hub/src/schema.ts');
      const { settings, secrets } = loadSettings();
      if (!secrets.databaseUrl)
        throw new SettingsError('DATABASE_URL', 'must be set: the embedded database migrates itself');
      await bringUpSchema({
        url: secrets.databaseUrl.reveal(),
        owner: secrets.migrationDatabaseUrl,
        log: new Log(settings.logLevel),
      });
    });
}
