import type { Scope } from '#libs/contract';
import { AppError } from '#libs/kernel';
import { allWithin } from './networks.ts';
import type { Principal } from './principal.ts';

/** Authority that one principal gives to another: a key that it makes or replaces, a user that it makes, a password that it sets. */
export interface Grant {
  scopes: readonly Scope[];
  /** null: all merchants. */
  merchantIds: readonly string[] | null;
  /** null: it does not end. */
  expiresAt: Date | null;
  /** Networks from which it may be used; null: from anywhere. */
  networks: readonly string[] | null;
}

/**
 * The one rule for everything that can be given away: no more than the giver has, neither scopes nor merchants nor lifetime nor
 * networks. Otherwise a key that leaks shortly before its end would live on in what it made.
 * @throws AppError forbidden
 */
export function assertMayGrant(principal: Principal, grant: Grant): void {
  assertCovers(principal, grant);
  const { expiresAt: end, networks } = principal;
  if (end !== null && (grant.expiresAt === null || grant.expiresAt > end)) {
    throw new AppError('forbidden', `the caller itself expires at ${end.toISOString()}`);
  }
  if (networks && (grant.networks === null || !allWithin(grant.networks, networks))) {
    throw new AppError('forbidden', `the caller itself is limited to ${networks.join(', ')}`);
  }
}

/**
 * What may be taken away: nothing that has more scopes or merchants than the caller. How long it lives does not matter: it ends
 * sooner.
 * @throws AppError forbidden
 */
export function assertCovers(
  principal: Principal,
  { scopes, merchantIds }: Pick<Grant, 'scopes' | 'merchantIds'>,
): void {
  const excess = scopes.filter((scope) => !principal.scopes.has(scope));
  if (excess.length > 0) throw new AppError('forbidden', `the caller itself lacks ${excess.join(', ')}`);
  const limit = principal.merchantIds;
  if (limit !== null && (merchantIds === null || merchantIds.some((id) => !limit.includes(id)))) {
    throw new AppError('forbidden', 'the caller itself is limited to other merchants');
  }
}

/**
 * Erasing cannot be undone, so the request repeats the id of what is erased.
 * @throws AppError invalid_request naming confirm
 */
export function assertConfirmed(confirm: string, id: string): void {
  if (confirm !== id) throw AppError.invalid('confirm', `must repeat ${id}, which cannot be restored`);
}
