import { type Command, Option } from 'commander';
import { eachItem } from '#libs/client';
import { connection } from '../connection.ts';
import { isJson, print } from '../output.ts';
import { secretOf } from '../secret-input.ts';

type Role = 'viewer' | 'admin' | 'operator';

const COLUMNS = ['username', 'role', 'component_appid', 'created_at', 'created_by', 'disabled_at'];

const role = () =>
  new Option('--role <role>', 'viewer reads, admin does everything on one platform, operator on all').choices([
    'viewer',
    'admin',
    'operator',
  ]);
const FILE = 'its first line is the password, - for standard input; absent: asked on the terminal';

export function userCommands(program: Command): void {
  const users = program.command('users').description('people who log in to the console');

  users
    .command('list')
    .description('the users that the key may see')
    .action(async (_options: unknown, command: Command) => {
      const { client } = connection(command);
      const rows: Record<string, unknown>[] = [];
      for await (const row of eachItem((cursor) =>
        client.GET('/v1/users', { params: { query: { limit: 500, cursor } } }),
      ))
        rows.push(row);
      print(rows, COLUMNS, isJson(command));
    });

  users
    .command('add')
    .description('make a user; the password is never taken from the command line')
    .argument('<username>')
    .addOption(role().makeOptionMandatory())
    .option('--password-file <file>', FILE)
    .action(async (username: string, options: { role: Role; passwordFile?: string }, command: Command) => {
      const { client, component } = connection(command);
      // An operator belongs to no platform.
      const platform = options.role === 'operator' ? {} : { component_appid: await component() };
      const password = await secretOf(options.passwordFile, `Password of ${username}`);
      const { data } = await client.POST('/v1/users', {
        body: { username, password, role: options.role, ...platform },
      });
      print([data as Record<string, unknown>], COLUMNS, isJson(command));
    });

  users
    .command('change')
    .description('change role or password, or keep a user out; ends all sessions of the user')
    .argument('<username>')
    .addOption(role())
    .option('--password', 'a new password, asked on the terminal')
    .option('--password-file <file>', FILE)
    .option('--disable', 'keep the user out')
    .option('--enable', 'let the user in again')
    .action(async (username: string, options: Changes, command: Command) => {
      if (options.disable && options.enable) throw new Error('--disable and --enable contradict each other');
      const { client } = connection(command);
      const wantsPassword = options.password === true || options.passwordFile !== undefined;
      const { data } = await client.PATCH('/v1/users/{username}', {
        params: { path: { username } },
        body: {
          ...(options.role === undefined ? {} : { role: options.role }),
          ...(wantsPassword ? { password: await secretOf(options.passwordFile, `New password of ${username}`) } : {}),
          ...(options.disable || options.enable ? { disabled: options.disable === true } : {}),
        },
      });
      print([data as Record<string, unknown>], COLUMNS, isJson(command));
    });
}

interface Changes {
  role?: Role;
  password?: boolean;
  passwordFile?: string;
  disable?: boolean;
  enable?: boolean;
}
