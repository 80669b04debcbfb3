import type { Command } from 'commander';
import { isJson } from '../output.ts';
import { connection } from '../connection.ts';
import { languageIn } from '../language.ts';

const SIGNS = { pass: '✓', warn: '!', fail: '✗', unknown: '?', skipped: '-' } as const;

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check the connection of the platform, what was seen and what to do; exit code 1 when a check fails')
    .option('--latest', 'show the latest run instead of running the checks now')
    .action(async (options: { latest?: boolean }, command: Command) => {
      const { client, component } = connection(command);
      const at = { params: { path: { component_appid: await component() } } };
      const path = '/v1/platforms/{component_appid}/checks';
      const { data } = await (options.latest ? client.GET(path, at) : client.POST(path, at));
      if (!data) throw new Error('the hub answered without the checks');
      if (data.first_fail !== null) process.exitCode = 1;
      if (isJson(command)) {
        console.log(JSON.stringify(data, null, 2));
        return;
      }
      const isChinese = languageIn(command) === 'zh';
      for (const check of data.items) {
        console.log(`${SIGNS[check.status]} ${isChinese ? check.title_zh : check.title}`);
        if (check.status === 'skipped') continue;
        for (const line of check.evidence) console.log(`    ${line}`);
        const next = isChinese ? check.next_step_zh : check.next_step;
        if (next !== null) console.log(`  → ${next}`);
      }
    });
}
