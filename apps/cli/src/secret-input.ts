import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** All of a file, or of standard input for `-`. */
export async function textOf(file: string): Promise<string> {
  if (file !== '-') return readFile(file, 'utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * A secret from the first line of a file (`-`: standard input), or typed on the terminal without being shown; never from the
 * command line, which every process list shows.
 */
export async function secretOf(file: string | undefined, question: string): Promise<string> {
  if (file !== undefined) return (await textOf(file)).split(/\r?\n/, 1)[0] ?? '';
  if (!process.stdin.isTTY) throw new Error('there is no terminal to ask on; pass --password-file');
  process.stderr.write(`${question}: `);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silence, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once('line', resolve);
      terminal.once('SIGINT', () => reject(new Error('nothing was done')));
    });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
