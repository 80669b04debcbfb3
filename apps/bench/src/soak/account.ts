import type { RefreshCall } from './evidence.ts';

/** Something that was done to the system, from when to when (Unix milliseconds). */
export interface Disturbance {
  kind: string;
  from: number;
  to: number;
  /** Only these merchants are concerned; absent: all. */
  appids?: ReadonlySet<string>;
}

export interface Exception {
  appid: string;
  expiredAt: number;
  refreshes: number;
  /** When each of them began and ended, in ms after the expiry. */
  calls: string;
  /** Kinds of disturbances that explain it; empty: nothing does. */
  causes: string[];
}

/** Between the answer of WeChat and the commit of what it brought. */
const COMMIT_MS = 3000;

/**
 * One successful refresh per merchant and expiry is the rule. Everything beyond is an exception. It is explained when the
 * answer to an earlier one of its refreshes was spoilt, when something hit the processes or the database between the
 * beginning of an earlier one and its commit, or when somebody reported this merchant's token as refused.
 * @param expiries per merchant, the moments at which its token was made to expire, ascending
 */
export function accountFor(
  calls: readonly RefreshCall[],
  expiries: ReadonlyMap<string, readonly number[]>,
  disturbances: readonly Disturbance[],
): Exception[] {
  const byAppid = new Map<string, RefreshCall[]>();
  for (const call of calls) {
    if (!call.succeeded) continue;
    const list = byAppid.get(call.appid);
    if (list) list.push(call);
    else byAppid.set(call.appid, [call]);
  }
  const exceptions: Exception[] = [];
  for (const [appid, list] of byAppid) {
    const moments = expiries.get(appid) ?? [];
    moments.forEach((expiredAt, index) => {
      const until = moments[index + 1] ?? Number.POSITIVE_INFINITY;
      const within = list.filter((call) => call.endedAt >= expiredAt && call.endedAt < until);
      if (within.length <= 1) return;
      const lastAt = Math.max(...within.map((call) => call.endedAt));
      const causes = new Set<string>();
      const earlier = within.slice(0, -1);
      for (const call of earlier) if (call.fault !== null) causes.add(`reply:${call.fault}`);
      for (const { kind, from, to, appids } of disturbances) {
        const hit = appids
          ? appids.has(appid) && from <= lastAt && to >= expiredAt
          : earlier.some((call) => from <= call.endedAt + COMMIT_MS && to >= call.startedAt);
        if (hit) causes.add(kind);
      }
      const calls = within
        .map((call) => `${Math.round(call.startedAt - expiredAt)}..${Math.round(call.endedAt - expiredAt)}`)
        .join(', ');
      exceptions.push({ appid, expiredAt, refreshes: within.length, calls, causes: [...causes].sort() });
    });
  }
  return exceptions.sort((a, b) => a.expiredAt - b.expiredAt);
}
