import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { auditCommands } from './commands/audit.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eventCommands } from './commands/events.ts';
import { exportCommands } from './commands/exports.ts';
import { fleetCommands } from './commands/fleet.ts';
import { linkCommands } from './commands/links.ts';
import { migrateCommand } from './commands/migrate.ts';
import { platformCommands } from './commands/platforms.ts';
import { pushCommands } from './commands/pushes.ts';
import { quotaCommands } from './commands/quota.ts';
import { restCommands } from './commands/rest-commands.ts';
import { upkeepCommands } from './commands/upkeep.ts';
import { userCommands } from './commands/users.ts';
import { completionScript } from './completion.ts';
import { translate, type Language } from './language.ts';
import { keyOf, readProfile } from './profile.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const EXIT_CODES = `
Exit codes: 0 done, 1 not done, 2 wrong use, 3 authentication, 4 not found, 5 conflict, 6 WeChat or quota (try later), 7 no answer from the hub`;

/** The command line. Settings come from options, then the environment, then the profile. */
export function buildProgram(env: Environment, language: Language): Command {
  const program = new Command('wxfleet')
    .description("Operator's command line: talks to a running hub over REST.")
    .version(versionOf(), '-V, --version', 'show the version')
    .option('--url <url>', 'where the hub is; else WXFLEET_URL, the profile, or http://127.0.0.1:3000')
    .option('--key <key>', 'API key; better in WXFLEET_API_KEY or ADMIN_API_KEY, where no process list shows it')
    .option('--platform <component_appid>', 'which platform; not needed when there is only one')
    .option('--profile <name>', 'installation from the profile file; default: the one named default')
    .option('--json', 'JSON lines instead of tables')
    .addOption(new Option('--lang <language>', 'language of help').choices(['en', 'zh']))
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError()
    .exitOverride()
    .hook('preAction', (command) => applySettings(command, env));
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
  restCommands(program);
  program
    .command('completion')
    .description('a script that completes commands: source <(wxfleet completion bash)')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh']))
    .action((shell: 'bash' | 'zsh') => void process.stdout.write(completionScript(program, shell)));
  translate(program, language);
  return program;
}

function applySettings(command: Command, env: Environment): void {
  const given = command.opts<{ url?: string; key?: string; platform?: string; profile?: string }>();
  const profile = readProfile(env, given.profile ?? env['WXFLEET_PROFILE']);
  // A named profile is meant as a whole; the environment is for those that name none.
  const ambient = given.profile === undefined ? env : {};
  const url = given.url ?? ambient['WXFLEET_URL'] ?? profile.url ?? ambient['PUBLIC_URL'] ?? 'http://127.0.0.1:3000';
  const key = given.key ?? ambient['WXFLEET_API_KEY'] ?? ambient['ADMIN_API_KEY'] ?? keyOf(profile);
  const platform = given.platform ?? profile.platform;
  command.setOptionValue('url', url);
  if (key !== undefined) command.setOptionValue('key', key);
  if (platform !== undefined) command.setOptionValue('platform', platform);
}

/** That of the package: four folders up, compiled or not. */
export function versionOf(): string {
  for (const up of ['../../../package.json', '../../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as Record<string, unknown>;
      if (manifest['name'] === 'wxfleet') return String(manifest['version']);
    } catch {
      // the other one
    }
  }
  return 'unknown';
}
