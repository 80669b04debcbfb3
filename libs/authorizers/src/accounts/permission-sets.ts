/** 小程序开发与数据分析: the set that every domain call needs (WeChat page "mini program permission sets"). */
export const DOMAIN_PERMISSION_SET = 18;

/** Whether set 18 is among the granted ones; compared as a whole number, never searched as text. */
export function hasDomainPermission(permissionSets: readonly number[]): boolean {
  return permissionSets.includes(DOMAIN_PERMISSION_SET);
}
