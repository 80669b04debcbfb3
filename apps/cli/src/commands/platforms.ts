import type { Command } from 'commander';
import { eachItem, type paths } from '#libs/client';
import { assertWanted } from '../ask.ts';
import { connection, notNegative } from '../connection.ts';
import { follow } from '../follow.ts';
import { isJson, print } from '../output.ts';
import { textOf } from '../secret-input.ts';

type PlatformInput = paths['/v1/platforms']['post'] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

const COLUMNS = ['component_appid', 'name', 'state', 'ticket_received_at', 'component_access_token_expires_at'];

export function platformCommands(program: Command): void {
  const platforms = program.command('platforms').description('platforms (component appids) of this installation');

  platforms
    .command('list')
    .description('all platforms that the key may see')
    .action(async (_options: unknown, command: Command) => {
      const { client } = connection(command);
      const rows: Record<string, unknown>[] = [];
      for await (const row of eachItem((cursor) =>
        client.GET('/v1/platforms', { params: { query: { limit: 500, cursor } } }),
      ))
        rows.push(row);
      print(rows, COLUMNS, isJson(command));
    });

  platforms
    .command('add')
    .description(
      'register a platform; the secrets are read from a JSON file or standard input, never from the command line',
    )
    .argument(
      '<file>',
      'JSON with component_appid, component_appsecret, token, encoding_aes_key, name; - for standard input',
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const { client } = connection(command);
      const body = JSON.parse(await textOf(file)) as PlatformInput;
      const { data } = await client.POST('/v1/platforms', { body });
      print(
        [data as Record<string, unknown>],
        ['component_appid', 'events_url', 'messages_url', 'redirect_url'],
        isJson(command),
      );
    });

  platforms
    .command('remove')
    .description('remove a platform with all accounts, tokens and histories; shows how much, and asks first')
    .argument('<component_appid>', 'repeated on purpose: --component is not read')
    .option('--dry-run', 'only show what would be removed')
    .option('--yes', 'do not ask')
    .option('--no-wait', 'only ask for it')
    .action(
      async (
        component_appid: string,
        options: { dryRun?: boolean; yes?: boolean; wait: boolean },
        command: Command,
      ) => {
        const { client } = connection(command);
        const params = { path: { component_appid } };
        const { data: counted } = await client.DELETE('/v1/platforms/{component_appid}', {
          params,
          body: { dry_run: true },
        });
        const rows = counted && 'rows' in counted ? Object.entries(counted.rows) : [];
        if (options.dryRun || !isJson(command)) {
          print(
            rows.map(([table, count]) => ({ table, rows: count })),
            ['table', 'rows'],
            isJson(command),
          );
        }
        if (options.dryRun) return;
        await assertWanted(
          `This ends ${component_appid} at once, for WeChat and for every key, and then removes all of the rows above. It cannot ` +
            'be undone.',
          'Remove the platform?',
          options.yes === true,
        );
        const { data: started } = await client.DELETE('/v1/platforms/{component_appid}', {
          params,
          body: { dry_run: false, confirm: component_appid },
        });
        if (!started || !('id' in started)) throw new Error('the hub sent nothing');
        const { id } = started;
        if (!options.wait) {
          print([{ id }], ['id'], isJson(command));
          return;
        }
        const run = await follow(
          () => client.GET('/v1/platform-removals/{id}', { params: { path: { id } } }),
          ({ removed, total, current }) => ({
            done: removed,
            total,
            note: `${removed} of ${total} rows removed${current === null ? '' : `, now ${current}`}`,
          }),
        );
        if (isJson(command)) process.stdout.write(JSON.stringify(run) + '\n');
      },
    );

  program
    .command('erase')
    .description('erase the names, tokens, events and messages of an account that has withdrawn; asks first')
    .argument('<authorizer_appid>')
    .option('--drop-history', 'remove the history of its domains and grants too, so that nothing of it is left')
    .option('--yes', 'do not ask')
    .action(async (authorizer_appid: string, options: { dropHistory?: boolean; yes?: boolean }, command: Command) => {
      const { client, component } = connection(command);
      const component_appid = await component();
      await assertWanted(
        `This erases the names, tokens, pushes, events and messages of ${authorizer_appid}` +
          (options.dropHistory
            ? ', and the history of its domains and grants.'
            : '. The history of its domains stays.') +
          ' It cannot be undone.',
        'Erase it?',
        options.yes === true,
      );
      const { data } = await client.POST('/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/erasures', {
        params: { path: { component_appid, authorizer_appid } },
        body: { confirm: authorizer_appid, keep_history: options.dropHistory !== true },
      });
      print(
        Object.entries(data?.rows ?? {}).map(([table, count]) => ({ table, rows: count })),
        ['table', 'rows'],
        isJson(command),
      );
    });

  const keys = program.command('keys').description('API keys of a platform');
  keys
    .command('list')
    .description('keys of the platform; what they are is never shown again')
    .action(async (_options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const path = { component_appid: await component() };
      const rows: Record<string, unknown>[] = [];
      for await (const row of eachItem((cursor) =>
        client.GET('/v1/platforms/{component_appid}/api-keys', { params: { path, query: { limit: 500, cursor } } }),
      ))
        rows.push(row);
      print(rows, ['id', 'name', 'scopes', 'merchant_ids', 'expires_at', 'last_used_at'], isJson(command));
    });
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--name <text>')
    .requiredOption('--scopes <list>', 'comma separated, for instance domains:read,tokens:issue')
    .option('--merchants <list>', 'limit to these merchant ids, comma separated')
    .option('--expires-at <time>', 'ISO 8601')
    .action(
      async (options: { name: string; scopes: string; merchants?: string; expiresAt?: string }, command: Command) => {
        const { client, component } = connection(command);
        const { data } = await client.POST('/v1/platforms/{component_appid}/api-keys', {
          params: { path: { component_appid: await component() } },
          body: {
            name: options.name,
            scopes: options.scopes.split(',') as never,
            ...(options.merchants === undefined ? {} : { merchant_ids: options.merchants.split(',') }),
            ...(options.expiresAt === undefined ? {} : { expires_at: options.expiresAt }),
          },
        });
        print([data as Record<string, unknown>], ['id', 'name', 'key'], isJson(command));
      },
    );
  keys
    .command('rotate')
    .description('replace a key by a new one that may do the same; both work for a while')
    .argument('<id>')
    .option('--overlap-seconds <n>', 'how long the old one goes on; 0: it ends at once', notNegative, 86_400)
    .action(async (id: string, options: { overlapSeconds: number }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.POST('/v1/platforms/{component_appid}/api-keys/{id}/rotations', {
        params: { path: { component_appid: await component(), id } },
        body: { overlap_seconds: options.overlapSeconds },
      });
      print([data as Record<string, unknown>], ['id', 'name', 'key'], isJson(command));
    });
  keys
    .command('revoke')
    .description('end a key; every process refuses it within a second')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      await client.DELETE('/v1/platforms/{component_appid}/api-keys/{id}', {
        params: { path: { component_appid: await component(), id } },
      });
      print([{ id, state: 'revoked' }], ['id', 'state'], isJson(command));
    });
}
