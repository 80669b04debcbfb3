import { grouped, spoilsOf } from './account.ts';
import { type Disturbance, type Evidence, type Handout, STOOD_STILL } from './evidence.ts';

/** A token that should not have been handed out, unless something explains it. */
export interface Misgiving {
  kind: 'dead' | 'late';
  appid: string;
  hub: string;
  at: number;
  /** What was wrong, in words. */
  what: string;
  causes: string[];
}

/** News of another token, or of an expiry, reach every process that hears within this time. */
export const NEWS_MS = 1000;
/** A process that heard nothing has its connection for news back, and asks again, within this time. */
const HEARS_AGAIN_MS = 3000;

/**
 * A process must not hand out a token for more than `NEWS_MS` after the row had another one or it was over ("late"), nor one
 * that WeChat does not know any more ("dead"). Late is what a process did that could not hear: it, or the database, stood
 * still. Dead is what WeChat has replaced twice since: behind the rows' back, because the results of those refreshes were
 * spoilt, or in the very moment of the hand-out and of its trial.
 */
export function misgivings(evidence: Evidence): Misgiving[] {
  const { handouts, disturbances } = evidence;
  const writesOf = grouped(evidence.writes);
  const expiriesOf = grouped(evidence.expiries);
  const callsOf = grouped(evidence.calls.filter((call) => call.succeeded));
  const found: Misgiving[] = [];
  for (const handout of handouts) {
    const { appid, hub, serial, askedAt, triedAt, errcode } = handout;
    const writes = writesOf.get(appid) ?? [];
    const overAt = Math.min(
      ...writes.filter((write) => (write.serial ?? -1) > serial).map((write) => write.at),
      ...(expiriesOf.get(appid) ?? []).filter((expiry) => expiry.serial === serial).map((expiry) => expiry.at),
    );
    const lateMs = askedAt - overAt;
    const deaf = lateMs > NEWS_MS ? deafness(handout, overAt, disturbances) : [];
    if (lateMs > NEWS_MS) {
      const what = `token ${serial} was over ${Math.round(lateMs)} ms before it was asked for`;
      found.push({ kind: 'late', appid, hub, at: askedAt, what, causes: deaf });
    }
    if (errcode === null || errcode === 0) continue;
    // A call takes effect when it comes; its record is complete only when the answer, however late, has gone.
    const writtenAt = writes.find((write) => write.serial === serial)?.at ?? evidence.startedAt;
    const later = (callsOf.get(appid) ?? []).filter((call) => call.endedAt > writtenAt && call.startedAt <= triedAt);
    const serials = later.flatMap((call) => (call.fault === 'doneTwice' ? [call, call] : [call]));
    const killer = serials[1];
    const causes = [...deaf];
    if (killer && killer.startedAt > askedAt - NEWS_MS) causes.push('replaced twice in this moment');
    if (killer)
      causes.push(...later.flatMap((call) => spoilsOf(call, disturbances, evidence.timeoutMs)).map((s) => s.kind));
    const what = `WeChat said ${errcode} to token ${serial}, after ${serials.length} newer ones`;
    found.push({ kind: 'dead', appid, hub, at: askedAt, what, causes: [...new Set(causes)].sort() });
  }
  return found;
}

/**
 * What kept the process from hearing, at some time between the end of the token and the question; and a database that went
 * away while the process was asking it, which then has nothing better than what it remembers.
 */
function deafness(
  { hub, askedAt, answeredAt }: Handout,
  overAt: number,
  disturbances: readonly Disturbance[],
): string[] {
  const kinds = disturbances
    .filter(
      (each) =>
        !each.appids &&
        (each.hub === undefined || (each.hub === hub && STOOD_STILL.has(each.kind))) &&
        each.from <= (each.kind.startsWith('database') ? answeredAt : askedAt) &&
        each.to + HEARS_AGAIN_MS >= overAt,
    )
    .map((each) => each.kind);
  return [...new Set(kinds)];
}
