import { Refusal } from './refusal.ts';

/** Changes per month, for a mini program and for a platform list alike (WeChat page "modifyServerDomain"). */
const EDITS_PER_MONTH = 50;

/** Counts one change of the current month (UTC); `exhausted` is the code of the one too many. */
export function spendMonthlyEdit(edits: Map<string, number>, nowMs: number, exhausted: number): void {
  const month = new Date(nowMs).toISOString().slice(0, 7);
  const used = edits.get(month) ?? 0;
  if (used >= EDITS_PER_MONTH) throw new Refusal(exhausted);
  edits.set(month, used + 1);
}
