import { Command, CommanderError } from 'commander';
import { auditCommands } from './commands/audit.ts';
import { eventCommands } from './commands/events.ts';
import { exportCommands } from './commands/exports.ts';
import { fleetCommands } from './commands/fleet.ts';
import { linkCommands } from './commands/links.ts';
import { migrateCommand } from './commands/migrate.ts';
import { platformCommands } from './commands/platforms.ts';
import { pushCommands } from './commands/pushes.ts';
import { doctorCommand } from './commands/doctor.ts';
import { quotaCommands } from './commands/quota.ts';
import { upkeepCommands } from './commands/upkeep.ts';
import { userCommands } from './commands/users.ts';

const program = new Command('wxfleet')
  .description("Operator's command line: talks to a running hub over REST.")
  .option(
    '--url <url>',
    'where the hub is',
    process.env.WXFLEET_URL ?? process.env.PUBLIC_URL ?? 'http://127.0.0.1:3000',
  )
  .option('--key <key>', 'API key; better in WXFLEET_API_KEY or ADMIN_API_KEY, where no process list shows it')
  .option('--platform <component_appid>', 'which platform; not needed when there is only one')
  .option('--json', 'JSON lines instead of tables')
  .showHelpAfterError()
  .exitOverride()
  .hook('preAction', (command) => {
    const key = command.opts<{ key?: string }>().key ?? process.env.WXFLEET_API_KEY ?? process.env.ADMIN_API_KEY;
    if (key !== undefined) command.setOptionValue('key', key);
  });
platformCommands(program);
userCommands(program);
fleetCommands(program);
migrateCommand(program);
linkCommands(program);
auditCommands(program);
exportCommands(program);
quotaCommands(program);
pushCommands(program);
doctorCommand(program);
eventCommands(program);
upkeepCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  // Help and version have been printed already and are no failure.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    process.stderr.write(`wxfleet: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
