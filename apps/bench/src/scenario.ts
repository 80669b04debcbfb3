import { type Command, InvalidArgumentError } from 'commander';
import type { Stage } from './stage.ts';

/** One benchmark: its options with small defaults, and a run that prints its own report. */
export interface Scenario<Options extends object = never> {
  name: string;
  summary: string;
  options(command: Command): void;
  run(stage: Stage, options: Options): Promise<void>;
}

/** Parser of a commander option: a whole number from `min`. */
export function whole(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll('_', ''));
    if (!Number.isInteger(value) || value < min) throw new InvalidArgumentError(`a whole number from ${min}`);
    return value;
  };
}

/** Parser of a commander option: whole numbers separated by commas. */
export function wholes(min: number): (text: string) => number[] {
  const one = whole(min);
  return (text) => text.split(',').map(one);
}
