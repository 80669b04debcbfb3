import { AppError } from '#libs/kernel';
import { errcode } from '#libs/wechat-wire';
import type { Park } from './parks.ts';

/** A probe that is due is claimed within about this time. */
const CLAIM_MS = 2000;

/**
 * A call that is not made because WeChat would refuse it: `upstream_busy` for a minute's limit, `upstream_quota_exhausted` for
 * a day's. It says again what WeChat said, and to come back when the next call is let through.
 */
export function parkedError(park: Park, nowMs: number): AppError {
  const nextMs =
    park.probeAtMs === null ? park.untilMs : Math.min(park.untilMs, Math.max(park.probeAtMs, nowMs + CLAIM_MS));
  const entry = errcode(park.errcode, park.path);
  const code = entry.reaction === 'quota_minute' ? 'upstream_busy' : 'upstream_quota_exhausted';
  return new AppError(code, `${park.path} is not called until WeChat may answer again: ${entry.meaning}`, {
    retryAfterSeconds: Math.max(1, Math.ceil((nextMs - nowMs) / 1000)),
    details: { wechat: { errcode: park.errcode, errmsg: entry.errmsg ?? '', rid: null } },
  });
}

/** A call that is not made because our own budget is spent. */
export function budgetError(path: string, priority: 'interactive' | 'background', leftMs: number): AppError {
  const what = priority === 'background' ? "background work's part of the budget" : 'the budget';
  return new AppError('upstream_quota_exhausted', `${what} of calls a day to ${path} is used up`, {
    retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
  });
}
