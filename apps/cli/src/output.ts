import type { Command } from 'commander';

/** A table for people; with `--json` the same as JSON lines for scripts. */
export function print(rows: readonly Record<string, unknown>[], columns: readonly string[], json: boolean): void {
  if (json) {
    for (const row of rows) process.stdout.write(JSON.stringify(row) + '\n');
    return;
  }
  if (rows.length === 0) {
    process.stdout.write('(none)\n');
    return;
  }
  const cells = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index] ?? ''))));
  for (const line of cells) {
    process.stdout.write(
      line
        .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd() + '\n',
    );
  }
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Columns on a terminal: Chinese characters take two. */
function width(value: string): number {
  return [...value].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(char)
        ? 2
        : 1),
    0,
  );
}

/** Whether somebody asked for JSON. */
export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** One line that is drawn over on a terminal, and a line now and then where there is none. */
export class ProgressBar {
  private lastLine = '';
  private lastAt = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  update(done: number, total: number | null, note: string): void {
    const share = total === null || total === 0 ? null : Math.min(1, done / total);
    const bar =
      share === null
        ? ''
        : `[${'#'.repeat(Math.round(share * 30)).padEnd(30, '.')}] ${(share * 100).toFixed(0).padStart(3)} %  `;
    const line = `${bar}${note}`;
    if (this.stream.isTTY) this.stream.write(`\r\x1b[2K${line}`);
    else if (performance.now() - this.lastAt > 5000 && line !== this.lastLine) this.stream.write(line + '\n');
    else return;
    this.lastAt = performance.now();
    this.lastLine = line;
  }

  end(note: string): void {
    this.stream.write(`${this.stream.isTTY ? '\r\x1b[2K' : ''}${note}\n`);
  }
}
