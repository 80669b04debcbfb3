import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { allOf, get, type ApiError, type Schemas } from '../api.ts';

export type Grant = Schemas['Grant'];
const GRANTS = '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/grants';
const MAX_GRANTS = 1000;
const FRESH_MS = 60_000;

/** What an account had granted, newest first; each holds until the one before it in the list. */
export function useGrants(platform: string, appid: string): UseQueryResult<Grant[], ApiError> {
  const path = { component_appid: platform, authorizer_appid: appid };
  return useQuery<Grant[], ApiError>({
    queryKey: [GRANTS, path, 'all'],
    queryFn: ({ signal }) =>
      allOf((cursor) => get(GRANTS, { path, query: { limit: 100, cursor } }, signal), MAX_GRANTS),
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  });
}

/**
 * Since when an account has lacked a permission set.
 * @returns null when it never had it
 */
export function lackingSince(grants: readonly Grant[], set: number): string | null {
  for (const grant of grants) if (grant.lost.includes(set)) return grant.at;
  return null;
}

export interface ReadableSpan {
  from: number;
  to: number;
  readable: boolean;
  state: Grant['state'];
}

/** When the domains could be read, oldest first; equal ones that follow each other are one. */
export function readableSpans(grants: readonly Grant[], until: number): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  for (const { at, can_read_domains: readable, state } of [...grants].reverse()) {
    const from = Date.parse(at);
    const last = spans.at(-1);
    if (last) last.to = from;
    if (last?.readable === readable && last.state === state) last.to = until;
    else spans.push({ from, to: Math.max(from, until), readable, state });
  }
  return spans;
}
