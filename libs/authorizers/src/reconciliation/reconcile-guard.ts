/** When a list of WeChat is too short to be believed. */
export interface ListGuard {
  /** Share of the authorizations we hold that must be listed; default 0.9. */
  minShare: number;
  /** This many may always be missing: in a small fleet two withdrawals whose events were lost are more than a tenth. */
  allowance: number;
}

export const DEFAULT_LIST_GUARD: ListGuard = { minShare: 0.9, allowance: 2 };

/**
 * Why a list of `total` accounts is not to be believed while we hold `held` authorizations; null when it is plausible. An
 * empty list never is: it looks the same as a wrong platform or a broken reply.
 */
export function suspicionOf(held: number, total: number, guard: ListGuard): string | null {
  if (held > 0 && total === 0) return `list_empty: WeChat lists no account, ${held} are authorized here`;
  if (tooManyMissing(held, held - total, guard)) {
    return `list_shrunk: WeChat lists ${total} accounts, ${held} are authorized here`;
  }
  return null;
}

/** Whether more of the authorizations we hold are missing than withdrawals explain. */
export function tooManyMissing(held: number, missing: number, guard: ListGuard): boolean {
  return missing > guard.allowance && held - missing < held * guard.minShare;
}
