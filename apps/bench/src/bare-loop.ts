import type { RunningProgram } from './processes.ts';

export interface LoopRun {
  perSecond: number;
  cpuMicros: number;
}

/** One run of a bare loop over all of its accounts. */
export async function runLoop(bare: RunningProgram, accounts: number, componentToken: string | null): Promise<LoopRun> {
  const cpu = bare.cpuSeconds();
  const query = componentToken === null ? '' : `?component_token=${encodeURIComponent(componentToken)}`;
  const answer = await fetch(`${bare.url}/run${query}`, { signal: AbortSignal.timeout(3_600_000) });
  if (!answer.ok) throw new Error(await answer.text());
  const { seconds, failures } = (await answer.json()) as { seconds: number; failures: number };
  if (failures > 0) throw new Error(`${failures} calls of the bare loop failed`);
  return { perSecond: accounts / seconds, cpuMicros: ((bare.cpuSeconds() - cpu) / accounts) * 1e6 };
}
