import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { Command } from 'commander';
import { onStage } from './on-stage.ts';
import { progress } from './report.ts';
import { whole } from './scenario.ts';
import { showSoak } from './soak/show.ts';
import { type SoakOptions, type SoakResult, runSoak } from './soak/soak.ts';
import { judge } from './soak/verdict.ts';

const program = new Command('soak')
  .description(
    'Custody under faults. Hub processes on one database are killed (-9), frozen and given clocks that jump; the database ' +
      'restarts, and goes away for a minute; replies of WeChat come late, twice, or never although it has acted; refresh ' +
      'tokens change. Meanwhile callers ask for tokens and try each one at WeChat.\n\n' +
      'Must hold: no refresh token lost (every merchant gets a new token at the end without help), no later token ' +
      'overwritten by an earlier one, at most one refresh per merchant and expiry unless an injected fault explains it, no ' +
      'token handed out that is expired or was never committed, and none that WeChat does not know any more unless a ' +
      'fault explains it.\n\n' +
      'Prints the account of every exception. Ends with 1 when something is not explained.',
  )
  .option('--minutes <n>', 'how long to disturb', Number, 2)
  .option('--seconds <n>', 'the same in seconds', whole(1))
  .option('--rounds <n>', 'faults at most; time or rounds, the first of the two ends it', whole(1))
  .option('--hubs <n>', 'hub processes', whole(1), 4)
  .option('--merchants <n>', 'merchants', whole(1), 60)
  .option('--callers <n>', 'callers at once', whole(1), 16)
  .option('--away-every <n>', 'the database goes away once in this many rounds; 0: never', whole(0), 400)
  .option('--away-seconds <n>', 'for so long', whole(1), 60)
  .option('--seed <n>', 'of the dice; what the processes make of it is not repeatable', whole(0), Date.now() % 1e6)
  .option(
    '--evidence <file>',
    'write what was seen into this file; when something is not explained, it is kept in any case',
  )
  .option('--judge <file>', 'disturb nothing, and judge such a file again')
  .option('--keep', 'keep the temporary folder with logs and database')
  .parse();

const given = program.opts<
  Omit<SoakOptions, 'seconds'> & {
    minutes: number;
    seconds?: number;
    keep?: boolean;
    evidence?: string;
    judge?: string;
  }
>();
const options: SoakOptions = { ...given, seconds: given.seconds ?? given.minutes * 60 };
const result = given.judge
  ? (deserialize(await readFile(given.judge)) as SoakResult)
  : await onStage({ keep: given.keep }, (stage) => runSoak(stage, options));
if (given.evidence) await writeFile(given.evidence, serialize(result));
const verdict = judge(result.evidence);
showSoak(options, result, verdict);
if (verdict.violations.length > 0) {
  process.exitCode = 1;
  // It will not happen the same way again.
  if (!given.evidence && !given.judge) {
    const file = join(tmpdir(), `wxfleet-soak-${options.seed}.evidence`);
    await writeFile(file, serialize(result));
    progress(`what was seen is in ${file}; judge it again with --judge`);
  }
}
