import { Argument, Option, type Command } from 'commander';
import { eachItem } from '#libs/client';
import { assertWanted } from '../ask.ts';
import { connection, positive } from '../connection.ts';
import { follow } from '../follow.ts';
import { isJson, print } from '../output.ts';

/** What is done to, or asked of, a whole fleet. */
export function fleetCommands(program: Command): void {
  program
    .command('sweep')
    .description('take a snapshot of every authorized mini program now, with a progress bar')
    .option('--no-wait', 'only ask for it')
    .action(async (options: { wait: boolean }, command: Command) => {
      const { client, component } = connection(command);
      const component_appid = await component();
      const { data: started } = await client.POST('/v1/platforms/{component_appid}/sweeps', {
        params: { path: { component_appid } },
      });
      const id = started?.id as string;
      if (!options.wait) {
        print([{ id }], ['id'], isJson(command));
        return;
      }
      const sweep = await follow(
        () => client.GET('/v1/platforms/{component_appid}/sweeps/{id}', { params: { path: { component_appid, id } } }),
        (run, seconds) => {
          const done = run.changed + run.unchanged + run.skipped_permission + run.failed;
          return {
            done,
            total: run.total,
            note:
              `${done} of ${run.total}: ${run.changed} changed, ${run.unchanged} unchanged, ` +
              `${run.skipped_permission} without set 18, ${run.failed} failed, ${(done / seconds).toFixed(0)}/s`,
          };
        },
      );
      if (isJson(command)) process.stdout.write(JSON.stringify(sweep) + '\n');
      if (sweep.state === 'failed') process.exitCode = 1;
    });

  program
    .command('reconcile')
    .description("compare with WeChat's list of authorizers and repair what is missing; nothing is ever deleted")
    .option('--no-wait', 'only ask for it')
    .option('--accept-shrunk-list', 'go on although the list is much shorter than before, or names others; asks first')
    .option('--yes', 'do not ask')
    .action(async (options: { wait: boolean; acceptShrunkList?: boolean; yes?: boolean }, command: Command) => {
      const { client, component } = connection(command);
      const component_appid = await component();
      if (options.acceptShrunkList) {
        await assertWanted(
          `A comparison stops when WeChat's list of ${component_appid} lacks more than a tenth of those who are authorized ` +
            'here, because a list that is wrong looks like that. This one will not stop. Each account that is not listed is ' +
            'asked about alone, and those that WeChat then calls unauthorized are marked so: no token of them is handed out ' +
            'any more until they authorize again. Do it when you know why they are gone.',
          'Accept the shorter list?',
          options.yes === true,
        );
      }
      const { data: started } = await client.POST('/v1/platforms/{component_appid}/reconciliations', {
        params: { path: { component_appid } },
        ...(options.acceptShrunkList ? { body: { accept_shrunk_list: true } } : {}),
      });
      const id = started?.id as string;
      if (!options.wait) {
        print([{ id }], ['id'], isJson(command));
        return;
      }
      const run = await follow(
        () =>
          client.GET('/v1/platforms/{component_appid}/reconciliations/{id}', {
            params: { path: { component_appid, id } },
          }),
        (each) => ({
          done: each.listed,
          total: each.total,
          note:
            `${each.listed} of ${each.total ?? '?'} listed: ${each.created} created, ${each.recovered} recovered, ` +
            `${each.unchanged} unchanged, ${each.marked_unauthorized} marked unauthorized, ` +
            `${each.without_refresh_token} without refresh token, ${each.failed} failed` +
            (each.reason === null ? '' : ` (${each.reason})`),
        }),
      );
      if (isJson(command)) process.stdout.write(JSON.stringify(run) + '\n');
      if (run.without_refresh_token > 0) {
        process.stderr.write(
          'WeChat lists those without a refresh token: these merchants have to authorize again ' +
            '(authorizers list --state reauthorization_required)\n',
        );
      }
      if (run.state === 'stopped' && /^(list_shrunk|accounts_missing)/.test(run.reason ?? '')) {
        process.stderr.write(
          'nobody was marked. If you know why they are gone: reconcile --accept-shrunk-list; else wait, a scheduled ' +
            'comparison tries again within the hour\n',
        );
      }
      if (run.state !== 'done') process.exitCode = 1;
    });

  const authorizers = program.command('authorizers').description('accounts that authorized the platform');
  authorizers
    .command('list')
    .description('all of them, or those that match')
    .option('--state <state>', 'authorized, unauthorized or reauthorization_required')
    .option('--merchant <id>')
    .option('--lacks-set <number>', 'without this permission set', positive)
    .option('--limit <n>', 'at most this many', positive)
    .action(
      async (options: { state?: string; merchant?: string; lacksSet?: number; limit?: number }, command: Command) => {
        const { client, component } = connection(command);
        const path = { component_appid: await component() };
        const rows: Record<string, unknown>[] = [];
        const pages = eachItem((cursor) =>
          client.GET('/v1/platforms/{component_appid}/authorizers', {
            params: {
              path,
              query: {
                limit: Math.min(500, options.limit ?? 500),
                ...(cursor === undefined ? {} : { cursor }),
                ...(options.state === undefined ? {} : { state: options.state as 'authorized' }),
                ...(options.merchant === undefined ? {} : { merchant_id: options.merchant }),
                ...(options.lacksSet === undefined ? {} : { lacks_permission_set: options.lacksSet }),
              },
            },
          }),
        );
        for await (const row of pages) {
          rows.push(row);
          if (options.limit !== undefined && rows.length >= options.limit) break;
        }
        print(
          rows,
          ['authorizer_appid', 'nick_name', 'merchant_id', 'state', 'can_read_domains', 'last_snapshot_at'],
          isJson(command),
        );
      },
    );

  program
    .command('domains')
    .description('the domains of one mini program, now or at a moment')
    .argument('<authorizer_appid>')
    .option('--at <time>', 'ISO 8601')
    .action(async (appid: string, options: { at?: string }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.GET('/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domains', {
        params: {
          path: { component_appid: await component(), authorizer_appid: appid },
          query: options.at === undefined ? {} : { at: options.at },
        },
      });
      if (!data) return;
      if (isJson(command)) {
        process.stdout.write(JSON.stringify(data) + '\n');
        return;
      }
      process.stdout.write(
        `at ${data.at}: ${data.certainty}, observed before ${data.observed_before ?? '-'}, after ${data.observed_after ?? '-'}\n`,
      );
      const rows = Object.entries(data.domains ?? {}).flatMap(([group, lists]) =>
        Object.entries(lists ?? {}).flatMap(([list, domains]) =>
          (domains ?? []).map((domain) => ({ group, list, domain })),
        ),
      );
      print(rows, ['group', 'list', 'domain'], false);
    });

  program
    .command('wechat-ips')
    .description("WeChat's addresses, one a line, or as a file for a firewall or a proxy")
    .addArgument(
      new Argument('[kind]', 'api-domain (us to WeChat) or callback (WeChat to us)')
        .choices(['api-domain', 'callback'])
        .default('api-domain'),
    )
    .addOption(
      new Option('--format <format>', 'form of the list')
        .choices(['text', 'json', 'nftables', 'ipset', 'iptables', 'nginx', 'terraform'])
        .default('text'),
    )
    .option('--aggregate', 'the same addresses in as few networks as possible')
    .addOption(new Option('--family <family>', 'only these addresses').choices(['ipv4', 'ipv6']))
    .addOption(
      new Option('--rules <provider>', 'with format terraform: rules of a security group too').choices([
        'aws',
        'alicloud',
        'tencentcloud',
      ]),
    )
    .option('--at <time>', 'the list of this moment (ISO 8601)')
    .action(async (kind: string, options: IpOptions, command: Command) => {
      const { client } = connection(command);
      const format = isJson(command) ? 'json' : options.format;
      const { data } = await client.GET('/v1/wechat-ips/{kind}', {
        params: {
          path: { kind: kind as 'callback' },
          query: {
            format: format as 'text',
            ...(options.aggregate ? { aggregate: 'true' as const } : {}),
            ...(options.family === undefined ? {} : { family: options.family as 'ipv4' }),
            ...(options.rules === undefined ? {} : { rules: options.rules as 'aws' }),
            ...(options.at === undefined ? {} : { at: options.at }),
          },
        },
        parseAs: 'text',
      });
      const text = data as unknown as string;
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    });
}

interface IpOptions {
  format: string;
  aggregate?: boolean;
  family?: string;
  rules?: string;
  at?: string;
}
