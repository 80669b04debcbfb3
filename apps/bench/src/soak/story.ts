import type { Evidence } from './evidence.ts';

/** What came before an expiry may have caused what came after it. */
const BEFORE_MS = 30_000;

/**
 * All that was seen of one merchant around a time, in its order, one line each: what a violation of rare faults must bring
 * with it, since the run cannot be had again.
 * @param from Unix ms from which times are counted; earlier ones are negative
 */
export function storyOf(appid: string, from: number, to: number, evidence: Evidence): string[] {
  const lines: { at: number; text: string }[] = [];
  const add = (at: number, text: string, until = at) => {
    if (until >= from - BEFORE_MS && at <= to) lines.push({ at, text });
  };
  for (const { appid: whose, hub, startedAt, endedAt, succeeded, fault } of evidence.calls) {
    if (whose !== appid) continue;
    const how = [succeeded ? 'refreshed' : 'not refreshed', ...(fault === null ? [] : [fault])].join(', ');
    add(startedAt, `${hub} asked WeChat until ${since(endedAt, from)}: ${how}`, endedAt);
  }
  for (const { appid: whose, at, serial, generation, state } of evidence.writes)
    if (whose === appid) add(at, `written: token ${serial} of generation ${generation}, ${state}`);
  for (const { appid: whose, at, serial } of evidence.expiries)
    if (whose === appid) add(at, `token ${serial} was made to be over`);
  for (const { appid: whose, hub, askedAt, answeredAt, serial, errcode } of evidence.handouts)
    if (whose === appid)
      add(askedAt, `${hub} handed out token ${serial} at ${since(answeredAt, from)}, WeChat said ${errcode}`);
  for (const { kind, from: begun, to: ended, appids, hub } of evidence.disturbances)
    if (appids?.has(appid) ?? true)
      add(begun, `${[kind, ...(hub === undefined ? [] : [hub])].join(' ')} until ${since(ended, from)}`, ended);
  return lines.sort((a, b) => a.at - b.at).map(({ at, text }) => `${since(at, from)}: ${text}`);
}

function since(at: number, from: number): string {
  return Number.isFinite(at) ? `${Math.round(at - from)} ms` : 'the end';
}
