import type { Command } from 'commander';
import { eachItem } from '#libs/client';
import { connection, positive } from '../connection.ts';
import { isJson, print } from '../output.ts';

export function auditCommands(program: Command): void {
  const audit = program.command('audit').description('the audit trail: who did what, and when');

  audit
    .command('list')
    .description('events of a platform, newest first')
    .option('--from <time>', 'ISO 8601')
    .option('--to <time>', 'ISO 8601')
    .option('--actor <actor>')
    .option('--action <action>')
    .option('--limit <n>', 'at most', positive, 100)
    .action(
      async (
        options: { from?: string; to?: string; actor?: string; action?: string; limit: number },
        command: Command,
      ) => {
        const { client, component } = connection(command);
        const path = { component_appid: await component() };
        const { from, to, actor, action } = options;
        const rows: Record<string, unknown>[] = [];
        for await (const row of eachItem((cursor) =>
          client.GET('/v1/platforms/{component_appid}/audit-events', {
            params: { path, query: { from, to, actor, action, limit: Math.min(options.limit, 500), cursor } },
          }),
        )) {
          rows.push(row);
          if (rows.length === options.limit) break;
        }
        print(
          rows,
          ['at', 'actor', 'action', 'subject', 'merchant_id', 'outcome', 'address', 'count'],
          isJson(command),
        );
      },
    );

  audit
    .command('verify')
    .description('recompute the chain of hashes; fails when an event was changed or removed. Needs an operator key')
    .option('--expect <seq:hash>', 'the head that an earlier run printed: finds a chain that was rewritten as a whole')
    .action(async (options: { expect?: string }, command: Command) => {
      const { client } = connection(command);
      const [seq, hash] = options.expect?.split(':') ?? [];
      if (options.expect !== undefined && !(Number(seq) > 0 && /^[0-9a-f]{64}$/.test(hash ?? ''))) {
        throw new Error('--expect is a number, a colon and 64 hexadecimal digits');
      }
      const expected = seq === undefined ? {} : { expect_seq: Number(seq), expect_hash: hash };
      const problems: Record<string, unknown>[] = [];
      let checked = 0;
      let cursor: string | undefined;
      for (;;) {
        const { data } = await client.GET('/v1/audit-chain', {
          params: { query: { limit: 20_000, cursor, ...expected } },
        });
        if (!data) throw new Error('the hub sent nothing');
        checked += data.checked;
        problems.push(...data.problems);
        if (data.next_cursor !== null) {
          cursor = data.next_cursor;
          continue;
        }
        if (problems.length > 0) print(problems, ['kind', 'seq', 'until_seq', 'event_id'], isJson(command));
        const head = `${data.head.seq}:${data.head.hash}`;
        process.stdout.write(
          isJson(command)
            ? `${JSON.stringify({ checked, problems: problems.length, waiting: data.waiting, head })}\n`
            : `${checked} events checked, ${problems.length} problems, ${data.waiting} not chained in time\nhead ${head}\n`,
        );
        if (problems.length > 0 || data.waiting > 0) throw new Error('the audit trail is not as it was written');
        return;
      }
    });
}
