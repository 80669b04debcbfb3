import { FirstOperator } from '#libs/access';
import { Log, SealError, SettingsError, loadSettings } from '#libs/kernel';
import { startEmbedded, type EmbeddedDatabase } from './embedded.ts';
import { Hub } from './hub.ts';
import { PublicUrls } from './public-urls.ts';

/** Codes that a person can act on without a stack trace. */
const PLAIN = new Set([
  'EADDRINUSE',
  'EACCES',
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'ENOTFOUND',
  '28P01',
  '28000',
  '3D000',
  '57P03',
]);

/** Ctrl-C this long (ms) after the first one ends the process at once. */
const FORCE_AFTER_MS = 2000;

/** `npm run hub`: the hub alone, configured by the environment. */
async function main(): Promise<void> {
  const { settings, secrets, misspelt } = loadSettings();
  const log = new Log(settings.logLevel);
  for (const { name, meant } of misspelt) log.warn('settings.unknown_variable', { variable: name, meant });
  let embedded: EmbeddedDatabase | undefined;
  let hub: Hub | undefined;
  let stopping = false;
  let stoppingSinceMs = 0;

  const stopAll = async () => {
    await hub?.stop();
    await embedded?.stop();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      // npm and a terminal may send a signal twice. A second one never cuts a stop short, which is bounded by itself; Ctrl-C
      // by a person who waits for long does.
      if (signal === 'SIGINT' && performance.now() - stoppingSinceMs > FORCE_AFTER_MS) process.exit(130);
      return;
    }
    stopping = true;
    stoppingSinceMs = performance.now();
    log.info('hub.stopping', { signal });
    // While it is still starting, the start looks at `stopping` when it is done.
    if (hub) {
      stopAll().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('hub.stop_failed', { error });
          process.exit(1);
        },
      );
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('unhandledRejection', (error) => log.error('process.unhandled_rejection', { error }));

  try {
    if (settings.database.embedded) embedded = await startEmbedded(settings.database.dataDir, secrets.masterKeys);
    const complete = embedded
      ? {
          ...secrets,
          databaseUrl: embedded.databaseUrl,
          migrationDatabaseUrl: embedded.migrationDatabaseUrl,
          masterKeys: embedded.masterKeys,
        }
      : secrets;
    hub = await Hub.start({ settings, secrets: complete, log });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  if (hub.generatedAdminKey) {
    // Not a log line: it is shown this once and kept nowhere.
    process.stdout.write(`\n  Operator API key, shown only this once: ${hub.generatedAdminKey.reveal()}\n\n`);
  }
  const signUp = settings.roles.has('api') ? await hub.get(FirstOperator).offer() : null;
  if (signUp !== null) {
    process.stdout.write(
      `\n  Make the first console user here; the link works once and for 24 hours:\n  ${hub.get(PublicUrls).base}/sign-up#${signUp}\n\n`,
    );
  }
  if (stopping) {
    await stopAll();
    process.exit(0);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`wxfleet: ${explain(error)}\n`);
  process.exit(1);
});

/** One line where the operator can do something about it, everything where only we can. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SettingsError) return error.message;
  if (error instanceof SealError) return `MASTER_KEYS does not open what is in the database: ${error.message}`;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && PLAIN.has(code)) {
    const isListener = code.startsWith('EADDR') || code === 'EACCES';
    return `${isListener ? 'PORT, HOST' : 'DATABASE_URL'}: ${error.message || code}`;
  }
  if (/^DATA_DIR |^no embedded PostgreSQL|^the embedded PostgreSQL|^PostgreSQL: /.test(error.message))
    return error.message;
  return error.stack ?? error.message;
}
