/** 小程序开发与数据分析: the set that every domain call needs (WeChat page "mini program permission sets"). */
export const DOMAIN_PERMISSION_SET = 18;

/** Whether set 18 is among the granted ones; compared as a whole number, never searched as text. */
export function hasDomainPermission(permissionSets: readonly number[]): boolean {
  return permissionSets.includes(DOMAIN_PERMISSION_SET);
}

/** Whether the domains of an account may be read now: it authorizes the platform, and grants set 18. */
export function mayReadDomains(account: { state: string; permissionSets: readonly number[] }): boolean {
  return account.state === 'authorized' && hasDomainPermission(account.permissionSets);
}

/**
 * The sets after an answer: what it says, and what is known where it does not say. When some of its elements could not be
 * read, none is taken away: the missing ones may be among them.
 */
export function grantedSets(
  answer: { permissionSets: readonly number[] | null; isPartial: boolean },
  known: readonly number[],
): number[] {
  if (answer.permissionSets === null) return [...known];
  if (!answer.isPartial) return [...answer.permissionSets];
  return [...new Set([...answer.permissionSets, ...known])].sort((a, b) => a - b);
}
