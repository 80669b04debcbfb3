/** Why a path is parked: the day's calls are used up (45009), or too many in a short time (45011). */
export type ParkKind = 'day' | 'minute';

/** WeChat says "retry next minute" (page "Return codes", 45011). */
export const MINUTE_PARK_SECONDS = 60;
/** Strikes count up to here: 60 s, 120 s, … 960 s. */
export const MAX_STRIKES = 5;
/** A path that behaved for this long after a park has one strike less. */
export const FORGIVE_SECONDS = 60;

/** Seconds of a 45011 park by the number of parks in a row. */
export function minuteParkSeconds(strikes: number): number {
  return MINUTE_PARK_SECONDS * 2 ** (Math.max(1, Math.min(strikes, MAX_STRIKES)) - 1);
}

/**
 * Whose quota a call uses. Calls on behalf of a merchant, with its token, use the merchant's own quota (page
 * "接口调用额度说明"); calls with the component token use the platform's, also when they name a merchant.
 */
export function quotaOwner(path: string, authorizerAppid: string | undefined): string {
  return path.startsWith('/cgi-bin/component/') ? '' : (authorizerAppid ?? '');
}
