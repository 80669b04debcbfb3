/** Whose mini programs a question about the fleet is asked of. */
export interface FleetScope {
  platformId: number;
  /** The merchants the caller may see; null: the whole platform, also what belongs to no merchant yet. */
  merchantIds: readonly string[] | null;
}

/** What is known of one domain on one mini program. */
export type Verdict = 'covered' | 'pending' | 'missing' | 'unknown';

/** From the worst to the best: an answer about several domains is as bad as the worst of them. */
export const VERDICTS: readonly Verdict[] = ['missing', 'pending', 'unknown', 'covered'];

/** Slots of one list in all groups, as subscripts of `list_ids` (which count from 1). */
export function subscriptsOf(list: number): number[] {
  return [list + 1, list + 7, list + 13, list + 19];
}

/** The merchants that a question of the caller about one merchant is about; null: no limit. */
export function merchantsOf(scope: FleetScope, merchantId: string | undefined): readonly string[] | null {
  if (merchantId === undefined) return scope.merchantIds;
  const allowed = scope.merchantIds === null || scope.merchantIds.includes(merchantId);
  return allowed ? [merchantId] : [];
}
