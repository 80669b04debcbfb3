import { AppError, type AppErrorOptions } from '#libs/kernel';
import { errcode } from '#libs/wechat-wire';
import type { Park } from './parks.ts';

/** A call that was not made: nothing was asked, and nothing is known about the merchant that was not known before. */
export class QuotaRefusal extends AppError {
  /** Whose limit it is: with the platform's, calls for other merchants are refused, too. */
  readonly holder: 'platform' | 'merchant';

  constructor(
    holder: 'platform' | 'merchant',
    ...rest: [
      code: 'upstream_busy' | 'upstream_quota_exhausted',
      message: string,
      options: AppErrorOptions & { retryAfterSeconds: number },
    ]
  ) {
    super(...rest);
    this.holder = holder;
  }
}

/** A probe that is due is claimed within about this time. */
const CLAIM_MS = 2000;

/**
 * A call that is not made because WeChat would refuse it: `upstream_busy` for a minute's limit, `upstream_quota_exhausted` for
 * a day's. It says again what WeChat said, and to come back when the next call is let through.
 */
export function parkedError(park: Park, nowMs: number): QuotaRefusal {
  const nextMs =
    park.probeAtMs === null ? park.untilMs : Math.min(park.untilMs, Math.max(park.probeAtMs, nowMs + CLAIM_MS));
  const entry = errcode(park.errcode, park.path);
  const code = entry.reaction === 'quota_minute' ? 'upstream_busy' : 'upstream_quota_exhausted';
  const holder = park.authorizerAppid === '' ? 'platform' : 'merchant';
  return new QuotaRefusal(holder, code, `${park.path} is not called until WeChat may answer again: ${entry.meaning}`, {
    retryAfterSeconds: Math.max(1, Math.ceil((nextMs - nowMs) / 1000)),
    details: { wechat: { errcode: park.errcode, errmsg: entry.errmsg ?? '', rid: null } },
  });
}

/** A call that is not made because our own budget is spent. */
export function budgetError(path: string, priority: 'interactive' | 'background', leftMs: number): QuotaRefusal {
  const what = priority === 'background' ? "background work's part of the budget" : 'the budget';
  return new QuotaRefusal('platform', 'upstream_quota_exhausted', `${what} of calls a day to ${path} is used up`, {
    retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
  });
}
