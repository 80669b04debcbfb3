import type { UnknownReason } from '#libs/contract';

/** What is recorded of a mini program and its latest looks. */
export interface Readability {
  /** Of the authorization; null: there is no such mini program. */
  state: string | null;
  /** Permission set 18 is granted. */
  readable: boolean | null;
  /** Since when looks have failed or cannot be tried; null: nothing is in the way. */
  unreadableSince: Date | null;
  unreadableReason: string | null;
  /** It was observed, and no look has failed since: then it is its answer that could not be read. Default: no. */
  observed?: boolean;
}

const CODES: Record<string, UnknownReason['code']> = {
  permission_set_missing: 'permission_set_missing',
  authorizer_not_authorized: 'unauthorized',
  reauthorization_required: 'reauthorization_required',
  unreadable_answer: 'unreadable',
  clock_was_wrong: 'clock_was_wrong',
};

/**
 * Why nothing is known of a mini program at a moment after its latest observation, or without any. What the authorization says
 * comes first: without a grant no look can be tried, whatever the last one said.
 */
export function unknownReason(of: Readability): UnknownReason {
  const since = of.unreadableSince?.toISOString() ?? null;
  const recorded = of.unreadableReason === null ? null : (CODES[of.unreadableReason] ?? 'failing');
  if (of.state === 'reauthorization_required') return { code: 'reauthorization_required', since };
  if (of.state !== null && of.state !== 'authorized') return { code: 'unauthorized', since };
  if (of.readable === false) return { code: 'permission_set_missing', since };
  if (recorded !== null && since !== null) return { code: recorded, since };
  return { code: of.observed ? 'unreadable' : 'never_observed', since: null };
}
