import { Command, CommanderError } from 'commander';
import { onStage } from './on-stage.ts';
import type { Scenario } from './scenario.ts';
import { coldFleet } from './scenarios/cold-fleet.ts';
import { events } from './scenarios/events.ts';
import { flood } from './scenarios/flood.ts';
import { foreign } from './scenarios/foreign.ts';
import { handout } from './scenarios/handout.ts';
import { onboarding } from './scenarios/onboarding.ts';
import { peer } from './scenarios/peer.ts';
import { pushIntake } from './scenarios/push-intake.ts';
import { questions } from './scenarios/questions.ts';
import { stampede } from './scenarios/stampede.ts';
import { storage, storageYear } from './scenarios/storage.ts';
import { sweep } from './scenarios/sweep.ts';
import type { StageOptions } from './stage.ts';

const SCENARIOS: Scenario[] = [
  handout,
  coldFleet,
  pushIntake,
  onboarding,
  stampede,
  sweep,
  storage,
  storageYear,
  questions,
  peer,
  flood,
  foreign,
  events,
];

const program = new Command('bench')
  .description(
    'Benchmarks. Each runs hub, simulator, database and baselines in processes of their own on 127.0.0.1, prints a table ' +
      'and one JSON line, and removes what it made. Without sizes they take a minute or two.',
  )
  .option('--cpu-prof <folder>', 'write a CPU profile of every hub process into this folder')
  .option('--keep', 'keep the temporary folder with logs and database')
  .showHelpAfterError()
  .exitOverride();

for (const scenario of SCENARIOS) {
  const command = program.command(scenario.name).description(scenario.summary);
  scenario.options(command);
  command.action((options: object) => play(scenario, options as never));
}
program.command('all').description('every benchmark with its small sizes, one after the other').action(runAll);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    process.stderr.write(`bench: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function runAll(): Promise<void> {
  for (const scenario of SCENARIOS) {
    const command = new Command(scenario.name);
    scenario.options(command);
    await play(scenario, command.opts<never>());
  }
}

async function play<Options extends object>(scenario: Scenario<Options>, options: Options): Promise<void> {
  const started = performance.now();
  await onStage(program.opts<StageOptions>(), (stage) => scenario.run(stage, options));
  process.stderr.write(`  took ${Math.round((performance.now() - started) / 1000)} s\n`);
}
