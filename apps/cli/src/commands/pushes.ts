import type { Command } from 'commander';
import { eachItem } from '#libs/client';
import { connection, positive } from '../connection.ts';
import { isJson, print } from '../output.ts';

export function pushCommands(program: Command): void {
  const pushes = program
    .command('pushes')
    .description('pushes of WeChat, newest first, and what became of them; what they say is never shown')
    .option('--state <state>', 'pending, handled, superseded, unhandled or failed')
    .option('--authorizer <appid>', 'only about this account')
    .option('--limit <n>', 'at most this many', positive, 100)
    .action(async (options: { state?: string; authorizer?: string; limit: number }, command: Command) => {
      const { client, component } = connection(command);
      const path = { component_appid: await component() };
      const rows: Record<string, unknown>[] = [];
      for await (const row of eachItem((cursor) =>
        client.GET('/v1/platforms/{component_appid}/pushes', {
          params: {
            path,
            query: {
              state: options.state as 'failed' | undefined,
              authorizer_appid: options.authorizer,
              limit: Math.min(options.limit, 500),
              cursor,
            },
          },
        }),
      )) {
        rows.push({ ...row, ...(isJson(command) ? {} : { failure: row.failure?.message ?? null }) });
        if (rows.length === options.limit) break;
      }
      print(
        rows,
        ['id', 'info_type', 'authorizer_appid', 'state', 'wechat_created_at', 'received_at', 'attempts', 'failure'],
        isJson(command),
      );
    });

  pushes
    .command('backlog')
    .description('how many wait or were given up')
    .action(async (_options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.GET('/v1/platforms/{component_appid}/push-backlog', {
        params: { path: { component_appid: await component() } },
      });
      print([data as Record<string, unknown>], ['pending', 'oldest_seconds', 'failed'], isJson(command));
    });

  pushes
    .command('replay')
    .description('try pushes again that were given up or not understood')
    .argument('<id...>', 'ids as the list shows them')
    .action(async (ids: string[], _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const component_appid = await component();
      const rows: Record<string, unknown>[] = [];
      for (const id of ids) {
        await client.POST('/v1/platforms/{component_appid}/pushes/{id}/replays', {
          params: { path: { component_appid, id } },
        });
        rows.push({ id, state: 'pending' });
      }
      print(rows, ['id', 'state'], isJson(command));
    });
}
