import type { Command } from 'commander';
import { assertWanted } from '../ask.ts';
import { connection, notNegative, positive } from '../connection.ts';
import { isJson, print } from '../output.ts';

/** Resets that WeChat grants per account and month, over all ways, its console included (page "clearQuota"). */
const RESETS_A_MONTH = 10;

const BUDGET_COLUMNS = ['path', 'per_day', 'reserve', 'used', 'remaining', 'remaining_background'];

export function quotaCommands(program: Command): void {
  const quota = program
    .command('quota')
    .description('calls of today by path, what waits because WeChat said so, and budgets')
    .action(async (_options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const path = { component_appid: await component() };
      const { data } = await client.GET('/v1/platforms/{component_appid}/quota', { params: { path } });
      if (!data) throw new Error('the hub sent nothing');
      if (isJson(command)) {
        process.stdout.write(JSON.stringify(data) + '\n');
        return;
      }
      process.stdout.write(`calls of ${data.day} (Beijing), until ${data.resets_at}\n`);
      print(data.calls, ['path', 'calls', 'errors'], false);
      process.stdout.write(`\nbudgets\n`);
      print(data.budgets, BUDGET_COLUMNS, false);
      process.stdout.write(`\nwaiting: ${data.parked_count}\n`);
      print(data.parks, ['authorizer_appid', 'path', 'errcode', 'parked_until', 'next_probe_at', 'strikes'], false);
    });

  quota
    .command('set-budget')
    .description('limit the calls of one path for all merchants together')
    .argument('<path>', 'for instance /wxa/get_effective_domain')
    .requiredOption('--per-day <n>', 'calls a day at most', positive)
    .option('--reserve <n>', 'of these, kept for what people wait for', notNegative, 0)
    .action(async (path: string, options: { perDay: number; reserve: number }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.PUT('/v1/platforms/{component_appid}/quota/budgets', {
        params: { path: { component_appid: await component() } },
        body: { path, per_day: options.perDay, reserve: options.reserve },
      });
      print(data?.items ?? [], BUDGET_COLUMNS, isJson(command));
    });

  quota
    .command('remove-budget')
    .description('take the limit of a path away')
    .argument('<path>')
    .action(async (path: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.PUT('/v1/platforms/{component_appid}/quota/budgets', {
        params: { path: { component_appid: await component() } },
        body: { path, per_day: null, reserve: 0 },
      });
      print(data?.items ?? [], BUDGET_COLUMNS, isJson(command));
    });

  quota
    .command('calls')
    .description('calls on behalf of one account, by day and path')
    .argument('<authorizer_appid>')
    .option('--days <n>', 'days to count back, today included; a week is kept', positive, 1)
    .action(async (authorizer_appid: string, options: { days: number }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.GET('/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/calls', {
        params: { path: { component_appid: await component(), authorizer_appid }, query: { days: options.days } },
      });
      print(data?.items ?? [], ['day', 'path', 'calls', 'errors'], isJson(command));
    });

  program
    .command('clear-quota')
    .description(
      'reset the daily call counter of WeChat (component/clear_quota/v2), for when a quota is used up; asks first',
    )
    .option('--authorizer <appid>', "the quota of this account; absent: the platform's own")
    .option('--yes', 'do not ask')
    .action(async (options: { authorizer?: string; yes?: boolean }, command: Command) => {
      const { client, component } = connection(command);
      const component_appid = await component();
      const appid = options.authorizer ?? component_appid;
      await assertWanted(
        `This asks WeChat to reset today's call counts of ${appid}${appid === component_appid ? ' (the platform itself)' : ''}.\n` +
          `WeChat grants ${RESETS_A_MONTH} resets per account and month over all ways, its console included, and then refuses ` +
          `(48006). ${await resetsThisMonth(client, component_appid, appid)}`,
        `Use one of them for ${appid}?`,
        options.yes === true,
      );
      const { data } = await client.POST('/v1/platforms/{component_appid}/quota/resets', {
        params: { path: { component_appid } },
        body: {
          confirm: appid,
          ...(options.authorizer === undefined ? {} : { authorizer_appid: options.authorizer }),
        },
      });
      print([data as Record<string, unknown>], ['appid', 'lifted'], isJson(command));
    });
}

type Client = ReturnType<typeof connection>['client'];

/** From the audit trail, by the month of Beijing; resets made elsewhere are in nobody's books but WeChat's. */
async function resetsThisMonth(client: Client, component_appid: string, appid: string): Promise<string> {
  const beijing = new Date(Date.now() + 8 * 3_600_000);
  const from = new Date(Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth()) - 8 * 3_600_000).toISOString();
  const { data } = await client.GET('/v1/platforms/{component_appid}/audit-events', {
    params: { path: { component_appid }, query: { action: 'quota.reset', from, limit: 500 } },
  });
  const made = (data?.items ?? []).filter(({ subject, outcome }) => subject === `quota:${appid}` && outcome === 'ok');
  return `Made from here this month: ${made.length}.`;
}
