import type { Command } from 'commander';
import { connection, positive } from '../connection.ts';
import { isJson, print } from '../output.ts';
import { terminalQrCode } from '../qr-code.ts';

const COLUMNS = ['id', 'merchant_id', 'state', 'openings', 'authorizer_appid', 'expires_at', 'url'];

/** Links with which merchants authorize the platform. */
export function linkCommands(program: Command): void {
  const links = program.command('links').alias('link').description('authorization links for merchants');

  links
    .command('add')
    .description('makes a link: a page of the hub that can be sent to a merchant')
    .requiredOption('--merchant <id>', 'whose link it is')
    .option('--page <page>', "pc (QR code) or mobile (inside WeChat): which of WeChat's pages is offered first", 'pc')
    .option('--expires-in <duration>', 'how long it can be opened, ISO 8601: P7D, PT12H', 'P7D')
    .option('--authorizer <appid>', 'only this account can be authorized with it')
    .option('--sets <ids>', 'permission sets to ask for, comma separated; default: what the platform has published')
    .option('--return-url <url>', 'where the merchant goes on to afterwards')
    .option('--qr', 'draws the link as a QR code, for a phone to scan from the terminal')
    .action(
      async (
        options: {
          merchant: string;
          page: string;
          expiresIn: string;
          authorizer?: string;
          sets?: string;
          returnUrl?: string;
          qr?: boolean;
        },
        command: Command,
      ) => {
        const { client, component } = connection(command);
        const { data } = await client.POST('/v1/platforms/{component_appid}/authorization-links', {
          params: { path: { component_appid: await component() } },
          body: {
            merchant_id: options.merchant,
            page: options.page as 'pc',
            expires_in: options.expiresIn,
            authorizer_appid: options.authorizer,
            permission_sets: options.sets?.split(',').map(positive),
            return_url: options.returnUrl,
          },
        });
        print([data as Record<string, unknown>], ['url', 'expires_at'], isJson(command));
        if (options.qr && data && !isJson(command)) process.stdout.write(`${terminalQrCode(data.url)}\n`);
      },
    );

  links
    .command('list')
    .description('newest first')
    .option('--merchant <id>')
    .option('--state <state>', 'open, used, expired or revoked')
    .option('--limit <n>', 'at most', positive, 50)
    .action(async (options: { merchant?: string; state?: string; limit: number }, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.GET('/v1/platforms/{component_appid}/authorization-links', {
        params: {
          path: { component_appid: await component() },
          query: { merchant_id: options.merchant, state: options.state as 'open', limit: options.limit },
        },
      });
      print(data?.items ?? [], COLUMNS, isJson(command));
    });

  links
    .command('revoke')
    .description('ends a link at once; authorizations made with it stay')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { client, component } = connection(command);
      const { data } = await client.DELETE('/v1/platforms/{component_appid}/authorization-links/{id}', {
        params: { path: { component_appid: await component(), id } },
      });
      print([data as Record<string, unknown>], COLUMNS, isJson(command));
    });
}
