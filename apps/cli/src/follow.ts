import { ProgressBar } from './output.ts';

const POLL_MS = 500;

export interface Step {
  state: string;
  done: number;
  /** null: not known yet. */
  total: number | null;
  note: string;
}

/** Asks again and again how far something is, and draws it, until it does not run any more. @returns the last answer */
export async function follow<Run extends { state: string }>(
  ask: () => Promise<{ data?: Run }>,
  step: (run: Run, seconds: number) => Omit<Step, 'state'>,
): Promise<Run> {
  const bar = new ProgressBar();
  const began = performance.now();
  for (;;) {
    const { data: run } = await ask();
    if (!run) throw new Error('what was started is gone');
    const { done, total, note } = step(run, (performance.now() - began) / 1000);
    if (run.state !== 'running') {
      bar.end(`${run.state}: ${note}`);
      return run;
    }
    bar.update(done, total, note);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
