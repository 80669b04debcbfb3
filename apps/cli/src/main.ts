#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, errorAsJson, exitCodeOf } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { buildProgram } from './program.ts';

const args = process.argv.slice(2);
try {
  await buildProgram(process.env, languageOf(args, process.env)).parseAsync();
} catch (error) {
  // Help and version have been printed already and are no failure.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(args.includes('--json') ? `${errorAsJson(error)}\n` : `wxfleet: ${message}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
