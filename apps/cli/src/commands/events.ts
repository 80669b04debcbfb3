import type { Command } from 'commander';
import { eachItem, events, type paths } from '#libs/client';
import { connection, positive } from '../connection.ts';
import { isJson, print } from '../output.ts';
import { textOf } from '../secret-input.ts';

const ENDPOINTS = '/v1/platforms/{component_appid}/webhook-endpoints' as const;
const ENDPOINT_COLUMNS = ['id', 'url', 'event_types', 'merchant_ids', 'state', 'waiting', 'failures', 'last_event_id'];
type NewRelay = paths['/v1/platforms/{component_appid}/relays/{name}']['put'] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

export function eventCommands(program: Command): void {
  program
    .command('events')
    .description('what happens on a platform')
    .command('tail')
    .description('events as they come, one line each; ends with Ctrl-C')
    .option('--type <list>', 'only these types, separated by commas; domains.* for all of a kind')
    .option('--authorizer <appid>', 'only about this account')
    .option('--after <id>', 'after this event; without it from the oldest that is kept')
    .option('--limit <n>', 'end after this many', positive)
    .action(
      async (options: { type?: string; authorizer?: string; after?: string; limit?: number }, command: Command) => {
        const { client, component } = connection(command);
        let left = options.limit ?? Number.POSITIVE_INFINITY;
        const componentAppid = await component();
        for await (const event of events(client, {
          componentAppid,
          after: options.after,
          types: options.type?.split(','),
          authorizerAppid: options.authorizer,
        })) {
          const { id, recorded_at: at, type, authorizer_appid: appid, data } = event;
          process.stdout.write(
            isJson(command)
              ? `${JSON.stringify(event)}\n`
              : `${id}  ${at}  ${type}  ${appid ?? '-'}  ${JSON.stringify(data)}\n`,
          );
          left -= 1;
          if (left <= 0) return;
        }
      },
    );
  webhookCommands(program);
  relayCommands(program);
}

function webhookCommands(program: Command): void {
  const webhooks = program.command('webhooks').description('endpoints that events are sent to');

  webhooks
    .command('list')
    .description('all endpoints')
    .action(async (_options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const path = { component_appid: await component() };
      const rows: Record<string, unknown>[] = [];
      for await (const row of eachItem((cursor) =>
        client.GET(ENDPOINTS, { params: { path, query: { limit: 500, cursor } } }),
      ))
        rows.push(row);
      print(rows, ENDPOINT_COLUMNS, isJson(command));
    });

  webhooks
    .command('add')
    .description('create an endpoint; its secret is shown this once')
    .argument('<url>')
    .option('--types <list>', 'only these types, separated by commas')
    .option('--merchants <list>', 'only about accounts of these merchants, separated by commas')
    .option('--format <format>', 'standard, wecom, dingtalk or feishu', 'standard')
    .action(async (url: string, options: { types?: string; merchants?: string; format: string }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.POST(ENDPOINTS, {
        params: { path: { component_appid: await component() } },
        body: {
          url,
          format: options.format as 'standard',
          ...(options.types === undefined ? {} : { event_types: options.types.split(',') }),
          ...(options.merchants === undefined ? {} : { merchant_ids: options.merchants.split(',') }),
        },
      });
      print([data as Record<string, unknown>], ['id', 'url', 'secret'], isJson(command));
    });

  webhooks
    .command('test')
    .description('send a test event now')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.POST(`${ENDPOINTS}/{id}/tests`, {
        params: { path: { component_appid: await component(), id } },
      });
      print(
        [data as Record<string, unknown>],
        ['delivered', 'status', 'error', 'detail', 'duration_ms', 'address', 'certificate_expires_at'],
        isJson(command),
      );
    });

  webhooks
    .command('rotate')
    .description('replace the signing secret; both sign for a while')
    .argument('<id>')
    .option('--overlap-hours <n>', 'for how long', positive, 24)
    .action(async (id: string, options: { overlapHours: number }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.POST(`${ENDPOINTS}/{id}/secret-rotations`, {
        params: { path: { component_appid: await component(), id } },
        body: { overlap: `PT${options.overlapHours}H` },
      });
      print([data as Record<string, unknown>], ['secret', 'public_key', 'previous_valid_until'], isJson(command));
    });

  webhooks
    .command('deliveries')
    .description('what was sent, newest first')
    .argument('<id>')
    .option('--state <state>', 'pending, delivered or failed')
    .option('--limit <n>', 'at most this many', positive, 50)
    .action(async (id: string, options: { state?: string; limit: number }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.GET(`${ENDPOINTS}/{id}/deliveries`, {
        params: {
          path: { component_appid: await component(), id },
          query: { state: options.state as 'failed' | undefined, limit: Math.min(options.limit, 500) },
        },
      });
      print(
        data?.items ?? [],
        [
          'id',
          'event_id',
          'type',
          'authorizer_appid',
          'state',
          'attempts',
          'last_status',
          'last_error',
          'next_attempt_at',
        ],
        isJson(command),
      );
    });

  webhooks
    .command('replay')
    .description('send events again')
    .argument('<id>')
    .option('--from <time>', 'recorded from here on (ISO 8601)')
    .option('--to <time>', 'recorded before this (ISO 8601)')
    .option('--after <event>', 'after this event')
    .option('--until <event>', 'up to this event')
    .option('--only <which>', 'failed, undelivered or all', 'undelivered')
    .option('--dry-run', 'only count')
    .action(
      async (
        id: string,
        options: { from?: string; to?: string; after?: string; until?: string; only: string; dryRun?: boolean },
        command: Command,
      ) => {
        const { client, component } = connection(command);
        const { data } = await client.POST(`${ENDPOINTS}/{id}/replays`, {
          params: { path: { component_appid: await component(), id } },
          body: {
            ...(options.from === undefined ? {} : { from: options.from }),
            ...(options.to === undefined ? {} : { to: options.to }),
            ...(options.after === undefined ? {} : { after: options.after }),
            ...(options.until === undefined ? {} : { until: options.until }),
            only: options.only as 'all',
            dry_run: options.dryRun === true,
          },
        });
        print([data as Record<string, unknown>], ['id', 'matched'], isJson(command));
      },
    );
}

function relayCommands(program: Command): void {
  const RELAY = '/v1/platforms/{component_appid}/relays/{name}' as const;
  const relays = program.command('relays').description('backends that pushes and customer messages are passed on to');

  relays
    .command('list')
    .description('all relays')
    .action(async (_options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.GET('/v1/platforms/{component_appid}/relays', {
        params: { path: { component_appid: await component() } },
      });
      print(data?.items ?? [], ['name', 'url', 'source', 'mode', 'match', 'enabled', 'waiting'], isJson(command));
    });

  relays
    .command('put')
    .description('create or change a relay; the secret of a new one is shown this once')
    .argument('<name>')
    .argument('<file>', 'JSON with url, mode, source, match, deadline_ms, enabled; - for standard input')
    .action(async (name: string, file: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.PUT(RELAY, {
        params: { path: { component_appid: await component(), name } },
        body: JSON.parse(await textOf(file)) as NewRelay,
      });
      print([data as Record<string, unknown>], ['name', 'url', 'mode', 'secret'], isJson(command));
    });

  relays
    .command('test')
    .description('send a test message to the backend')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.POST(`${RELAY}/tests`, {
        params: { path: { component_appid: await component(), name } },
      });
      print(
        [data as Record<string, unknown>],
        ['delivered', 'status', 'error', 'detail', 'duration_ms', 'reply'],
        isJson(command),
      );
    });

  relays
    .command('remove')
    .description('remove a relay and the messages that wait for it')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      await client.DELETE(RELAY, { params: { path: { component_appid: await component(), name } } });
      print([{ name, state: 'removed' }], ['name', 'state'], isJson(command));
    });
}
