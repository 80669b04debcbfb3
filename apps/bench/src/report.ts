import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export type Figures = Record<string, number | string | null>;

/** Where and on what the figures were taken; goes beside every one of them. */
export function surroundings(): Figures {
  return {
    commit: commit(),
    cpus: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    load_average: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    node: process.versions.node,
    at: new Date().toISOString(),
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** The command line that repeats a run. */
export function commandLine(): string {
  const program = process.argv[1]?.endsWith('soak.js') ? 'soak' : 'bench';
  return `npm run ${program} -- ${process.argv.slice(2).join(' ')}`.trim();
}

/** A readable table, and one JSON line for machines. */
export function report(scenario: string, figures: Figures): void {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  process.stdout.write(`\n${scenario}\n`);
  for (const [name, value] of Object.entries(figures))
    process.stdout.write(`  ${name.padEnd(width)}  ${shown(value)}\n`);
  process.stdout.write(JSON.stringify({ scenario, ...figures, command: commandLine(), ...surroundings() }) + '\n');
}

/** What a run is doing; not part of the result. */
export function progress(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

function shown(value: number | string | null): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}

/** The p-th percentile (0 to 100) of unsorted samples. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}

export function mebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}
