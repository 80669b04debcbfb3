import type { Command } from 'commander';
import { assertWanted } from '../ask.ts';
import { connection } from '../connection.ts';
import { follow } from '../follow.ts';
import { isJson, print } from '../output.ts';

/** What is done to an installation now and then: thinning old history, changing master keys. */
export function upkeepCommands(program: Command): void {
  program
    .command('retention')
    .description('thin the old domain history of the platform; asks first, because it cannot be undone')
    .requiredOption('--keep-all <duration>', 'snapshots that ended less long ago are all kept, for instance P400D')
    .option('--thin-to <duration>', 'of older ones, the last in every span of this length is kept', 'P30D')
    .option('--yes', 'do not ask')
    .action(async (options: { keepAll: string; thinTo: string; yes?: boolean }, command: Command) => {
      const { client, component } = connection(command);
      const component_appid = await component();
      await assertWanted(
        `This removes snapshots of ${component_appid} that ended more than ${options.keepAll} ago, but for the last one in ` +
          `every ${options.thinTo}, and those in which a domain comes or goes for a while. What is kept stays as it is.`,
        'Thin the history?',
        options.yes === true,
      );
      const { data: started } = await client.POST('/v1/platforms/{component_appid}/retention-runs', {
        params: { path: { component_appid } },
        body: { keep_all: options.keepAll, thin_to: options.thinTo },
      });
      const path = { component_appid, id: started?.id as string };
      const run = await follow(
        () => client.GET('/v1/platforms/{component_appid}/retention-runs/{id}', { params: { path } }),
        ({ examined, total, removed }) => ({
          done: examined,
          total,
          note: `${examined} of ${total} mini programs, ${removed} snapshots removed`,
        }),
      );
      if (isJson(command)) process.stdout.write(JSON.stringify(run) + '\n');
    });

  program
    .command('master-keys')
    .description('which master keys are in use, and which may be taken out of MASTER_KEYS; needs an operator key')
    .action(async (_options: unknown, command: Command) => {
      const { client } = connection(command);
      const { data } = await client.GET('/v1/master-keys');
      if (!data) throw new Error('the hub sent nothing');
      const rows = data.keys.map((key) => ({ ...key, encrypts: key.key_id === data.encrypts_with }));
      print(rows, ['key_id', 'encrypts', 'values', 'known'], isJson(command));
    });

  program
    .command('rotate-master-key')
    .description(
      'encrypt all secrets again under the first key of MASTER_KEYS, while the hub serves; needs an operator key',
    )
    .option('--no-wait', 'only ask for it')
    .action(async (options: { wait: boolean }, command: Command) => {
      const { client } = connection(command);
      const { data: started } = await client.POST('/v1/master-key-rotations');
      const id = started?.id as string;
      if (!options.wait) {
        print([{ id }], ['id'], isJson(command));
        return;
      }
      const run = await follow(
        () => client.GET('/v1/master-key-rotations/{id}', { params: { path: { id } } }),
        ({ key_id, resealed, total, reason, remaining }) => ({
          done: resealed,
          total,
          note:
            `${resealed} of ${total ?? '?'} rows encrypted again under ${key_id}` +
            (remaining === null || remaining === 0 ? '' : `, ${remaining} left`) +
            (reason === null ? '' : ` (${reason})`),
        }),
      );
      if (isJson(command)) process.stdout.write(JSON.stringify(run) + '\n');
      if (run.state !== 'done') {
        process.exitCode = 1;
        return;
      }
      const { data: keys } = await client.GET('/v1/master-keys');
      const idle = (keys?.keys ?? []).filter(({ key_id, values }) => values === 0 && key_id !== keys?.encrypts_with);
      for (const { key_id } of idle) {
        process.stderr.write(`nothing is sealed under ${key_id} any more: it may be taken out of MASTER_KEYS\n`);
      }
    });
}
