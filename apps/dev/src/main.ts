import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Log, SettingsError, loadSettings } from '#libs/kernel';
import { CONSOLE_USER, DevWorld } from './dev-world.ts';
import { PLATFORM } from './seed/people.ts';

/** Ctrl-C this long (ms) after the first one ends the process at once. */
const FORCE_AFTER_MS = 2000;

/** `npm start`: see it work. */
async function main(): Promise<void> {
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  process.stdout.write('\nwxfleet, an example fleet against a simulated WeChat\n\n');
  const { settings } = loadSettings({ PORT: process.env.PORT, HOST: process.env.HOST, DATA_DIR: process.env.DATA_DIR });
  const running: { world?: DevWorld } = {};
  let stopping = false;
  let stoppingSinceMs = 0;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      // npm and a terminal may send a signal twice. Only a person who presses Ctrl-C later cuts a stop short.
      if (signal === 'SIGINT' && performance.now() - stoppingSinceMs > FORCE_AFTER_MS) process.exit(130);
      return;
    }
    stopping = true;
    stoppingSinceMs = performance.now();
    process.stdout.write(`\n  ${signal === 'SIGINT' ? 'Ctrl-C' : signal}: stopping … (Ctrl-C again to force)\n`);
    // While it is still starting, the start itself is undone: the signal is looked at when it ends.
    if (running.world) void running.world.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  // Log lines have a file of their own: between the lines printed here they would only confuse.
  const logFile = join(settings.database.dataDir, 'hub.log');
  mkdirSync(settings.database.dataDir, { recursive: true });
  const world = await DevWorld.start({
    dataDir: settings.database.dataDir,
    port: settings.http.port,
    host: settings.http.host,
    changeEveryMs: 20_000,
    snapshotInterval: 'PT10M',
    log: new Log('warn', (line) => appendFileSync(logFile, line + '\n')),
    say,
  });
  running.world = world;
  if (stopping) {
    await world.stop();
    process.exit(0);
  }
  const { url } = world.hub;
  const base = `${url}/v1/platforms/${PLATFORM.componentAppid}`;
  process.stdout.write(`
  Console     ${url}/
  User        ${CONSOLE_USER}
  Password    ${world.consolePassword}

  Hub         ${url}
  API docs    ${url}/docs
  WeChat      ${world.simulator.url}  (simulated)
  Authorize a shop, as its owner would
              ${world.shopLink}

  API key     ${world.apiKey}
              reads, hands out tokens, takes snapshots, invites merchants, makes webhooks
  Admin key   ${world.adminApiKey}
              may do everything
  Log         ${logFile}

  Try:

  curl -H 'Authorization: Bearer ${world.apiKey}' '${base}/authorizers?limit=3'

  A mini program changes a domain every 20 seconds; Ctrl-C stops everything, the data stays in ${settings.database.dataDir}.
`);
}

main().catch((error: unknown) => {
  const text = error instanceof SettingsError || error instanceof Error ? error.message : String(error);
  process.stderr.write(`\nwxfleet: ${text}\n`);
  if (!(error instanceof SettingsError) && error instanceof Error && error.stack)
    process.stderr.write(error.stack + '\n');
  process.exit(1);
});
