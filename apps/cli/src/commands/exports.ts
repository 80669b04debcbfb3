import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { connection } from '../connection.ts';

type Query = Record<string, string | undefined>;

/** CSV as the hub streams it: of any length, without being held in memory. */
export function exportCommands(program: Command): void {
  const exports = program.command('export').description('tables as CSV, streamed to standard output or into a file');

  exports
    .command('coverage')
    .description('who has a domain, waits for it, lacks it, or is not known')
    .requiredOption('--domain <domain>', 'for instance https://api.example.com')
    .requiredOption('--list <list>', 'for instance requestdomain')
    .option('--group <group>', 'the group that must have it', 'effective_domain')
    .option('--verdict <verdict>', 'only covered, pending, missing or unknown')
    .option('--out <file>', 'into this file')
    .action(async ({ out, ...query }: Query, command: Command) => write(command, 'domain-coverage', query, out));

  exports
    .command('changes')
    .description("the fleet's changes of domains, newest first")
    .option('--from <time>', 'ISO 8601')
    .option('--to <time>', 'ISO 8601')
    .option('--group <group>', 'only this group')
    .option('--list <list>', 'only this list')
    .option('--domain <domain>', 'only changes of this domain')
    .option('--merchant <id>', 'only mini programs of this merchant')
    .option('--out <file>', 'into this file')
    .action(async ({ out, merchant, ...query }: Query, command: Command) =>
      write(command, 'domain-changes', { ...query, merchant_id: merchant }, out),
    );

  exports
    .command('audit')
    .description('the audit trail of the platform, newest first')
    .option('--from <time>', 'ISO 8601')
    .option('--to <time>', 'ISO 8601')
    .option('--actor <actor>', 'only what this one did')
    .option('--action <action>', 'only this, for instance access_token.issued')
    .option('--out <file>', 'into this file')
    .action(async ({ out, ...query }: Query, command: Command) => write(command, 'audit-events', query, out));
}

async function write(command: Command, table: string, query: Query, out: string | undefined): Promise<void> {
  const { component, csv } = connection(command);
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = await csv(`/v1/platforms/${await component()}/${table}?${new URLSearchParams(given).toString()}`);
  // Standard output belongs to the process and stays open.
  if (out === undefined) await pipeline(Readable.fromWeb(body), process.stdout, { end: false });
  else await pipeline(Readable.fromWeb(body), createWriteStream(out));
}
