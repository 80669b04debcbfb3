import type { Database } from '#libs/kernel';
import { type SimulatorProcess, callsOf } from './stage.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until the answer is not null. @throws Error after `timeoutMs`, naming what did not happen */
export async function until<T>(
  what: string,
  timeoutMs: number,
  everyMs: number,
  ask: () => Promise<T | null>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${Math.round(timeoutMs / 1000)} s`);
    await pause(everyMs);
  }
}

/** What a worker does at its start (comparing the list, fetching addresses) has ended. */
export async function quiet(db: Database, simulator: SimulatorProcess): Promise<void> {
  let last = -1;
  await until('a quiet worker', 600_000, 1500, async () => {
    const total = [...(await callsOf(simulator)).values()].reduce((sum, count) => sum + count, 0);
    const isStill = total === last;
    last = total;
    const [row] = await db.query<{ running: number }>(
      `SELECT count(*)::int AS running FROM authorizers.reconciliation WHERE state = 'running'`,
    );
    return isStill && row?.running === 0 ? true : null;
  });
}
