import { type Disturbance, type Evidence, type Expiry, type RefreshCall, STOOD_STILL } from './evidence.ts';

/** More refreshes than one between an expiry and the next. */
export interface Exception {
  appid: string;
  /** Null: before the first expiry, when none was due. */
  expiredAt: number | null;
  refreshes: number;
  /** When each of them began and ended, in ms after the expiry, and who asked. */
  calls: string;
  /** When the last of them had its answer. */
  lastAt: number;
  /** What explains it; empty: nothing does. */
  causes: string[];
}

/** Somebody claimed that WeChat had refused a merchant's token: one refresh is forced. */
export const REPORTED = 'rejected token reported';
/** The database went away while it was being told of an expiry: there may be one more than is counted. */
export const UNKNOWN_EXPIRY = 'unknown expiry';

/** Between the answer of WeChat and the commit of what it brought. */
const COMMIT_MS = 3000;
/**
 * A process that stops in the middle of its work sends what it was about to send when it goes on and has a processor again,
 * though the lease it had looked at has expired by then.
 */
const SENT_LATE_MS = 1000;
/** What a spoilt refresh may cost: the one that takes its place, and one more because its late result was not written. */
const EXTRA_PER_SPOILT = 2;

/**
 * One successful refresh per merchant and expiry is the rule, and none before the first. Everything beyond must be paid for:
 * by an earlier refresh that an injected fault has spoilt, by a report of a refused token, or by an expiry that may have
 * happened although its commit was not confirmed.
 */
export function accountFor({
  startedAt,
  expiries,
  calls,
  writes,
  disturbances,
  timeoutMs,
}: Pick<Evidence, 'startedAt' | 'expiries' | 'calls' | 'writes' | 'disturbances' | 'timeoutMs'>): Exception[] {
  const momentsOf = grouped(expiries);
  const writesOf = grouped(writes);
  const exceptions: Exception[] = [];
  for (const [appid, all] of grouped(calls.filter((call) => call.succeeded))) {
    const moments = (momentsOf.get(appid) ?? []).sort((a, b) => a.at - b.at);
    // A call whose token was in the row when that token was made to be over came before, even if its record ends a little
    // later: the hub has the answer before the log of the other side has its line.
    const isBefore = (call: RefreshCall, expiry: Expiry | undefined) =>
      expiry === undefined ||
      call.endedAt < expiry.at ||
      call.startedAt < (writesOf.get(appid)?.find((write) => write.serial === expiry.serial)?.at ?? 0);
    [undefined, ...moments].forEach((expiry, index) => {
      const expiredAt = expiry?.at ?? null;
      const from = expiredAt ?? startedAt;
      const within = all.filter(
        (call) => isBefore(call, moments[index]) && (expiry ? !isBefore(call, expiry) : call.endedAt >= startedAt),
      );
      const extra = within.length - (expiredAt === null ? 0 : 1);
      if (extra <= 0) return;
      // The one that began last; it cannot be what made the others necessary.
      const last = within.reduce((a, b) => (b.startedAt > a.startedAt ? b : a));
      const causes: string[] = [];
      let paid = 0;
      for (const call of all) {
        if (call.startedAt >= last.startedAt) continue;
        const spoils = spoilsOf(call, disturbances, timeoutMs).filter(({ to }) => to + COMMIT_MS >= from);
        if (spoils.length === 0) continue;
        paid += EXTRA_PER_SPOILT;
        causes.push(...spoils.map(({ kind }) => kind));
      }
      for (const { kind, from: begun, to, appids } of disturbances) {
        if (kind !== REPORTED && kind !== UNKNOWN_EXPIRY) continue;
        if (!appids?.has(appid) || begun > last.endedAt || to < from) continue;
        paid += 1;
        causes.push(kind);
      }
      exceptions.push({
        appid,
        expiredAt,
        refreshes: within.length,
        calls: within.map((call) => shown(call, from)).join(', '),
        lastAt: last.endedAt,
        causes: extra <= paid ? [...new Set(causes)].sort() : [],
      });
    });
  }
  return exceptions.sort((a, b) => (a.expiredAt ?? 0) - (b.expiredAt ?? 0));
}

/** What kept the result of a successful call from being written, with the time at which that was over. */
export function spoilsOf(
  call: RefreshCall,
  disturbances: readonly Disturbance[],
  timeoutMs: number,
): { kind: string; to: number }[] {
  const spoils: { kind: string; to: number }[] = [];
  if (call.fault === 'replyLostAfterEffect') spoils.push({ kind: 'reply lost', to: call.endedAt });
  // A little before the time is up, since the caller's clock began earlier.
  else if (call.endedAt - call.startedAt >= timeoutMs * 0.9) spoils.push({ kind: 'reply late', to: call.endedAt });
  for (const { kind, from, to, appids, hub } of disturbances) {
    if (appids || (hub !== undefined && hub !== call.hub)) continue;
    const until = STOOD_STILL.has(kind) ? to + SENT_LATE_MS : to;
    if (from <= call.endedAt + COMMIT_MS && until >= call.startedAt) spoils.push({ kind, to: until });
  }
  return spoils;
}

function shown({ hub, startedAt, endedAt, fault }: RefreshCall, from: number): string {
  return `${hub} ${Math.round(startedAt - from)}..${Math.round(endedAt - from)}${fault === null ? '' : ` ${fault}`}`;
}

export function grouped<T extends { appid: string }>(list: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const group = groups.get(each.appid);
    if (group) group.push(each);
    else groups.set(each.appid, [each]);
  }
  return groups;
}
