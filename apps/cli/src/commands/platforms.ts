import type { Command } from 'commander';
import { eachItem, type paths } from '#libs/client';
import { connection, notNegative } from '../connection.ts';
import { print } from '../output.ts';
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

export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}
