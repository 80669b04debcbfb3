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
  /** Kinds of disturbances that explain it; empty: nothing does. */
  causes: string[];
}

/** A lease outlives its holder by at most this; until then a disturbance has consequences. */
const AFTERMATH_MS = 30_000;

/**
 * One successful refresh per merchant and expiry is the rule. Everything beyond is an exception, and an exception is
 * explained when a disturbance lies within the time from the expiry to the last of its refreshes.
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
      for (const call of within) if (call.fault !== null) causes.add(`reply:${call.fault}`);
      for (const { kind, from, to, appids } of disturbances) {
        if (from <= lastAt && to + AFTERMATH_MS >= expiredAt && (!appids || appids.has(appid))) causes.add(kind);
      }
      exceptions.push({ appid, expiredAt, refreshes: within.length, causes: [...causes].sort() });
    });
  }
  return exceptions.sort((a, b) => a.expiredAt - b.expiredAt);
}
