import { createInterface } from 'node:readline/promises';

/**
 * Says what is about to happen and waits for a yes. `--yes` answers beforehand; where nobody can answer, because the input
 * is no terminal, nothing happens without it.
 * @throws Error when the answer is not yes
 */
export async function assertWanted(explanation: string, question: string, yes: boolean): Promise<void> {
  process.stderr.write(`${explanation}\n`);
  if (yes) return;
  if (!process.stdin.isTTY) throw new Error('nothing was done: there is no terminal to ask on; pass --yes to go ahead');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was done');
  } finally {
    terminal.close();
  }
}
