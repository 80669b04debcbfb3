import type { LastFailureView } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { bodyDigest } from '../lists/digest.ts';
import { keepUnreadable } from './unreadable-answers.ts';
import type { ObservationGap } from './observation.ts';
import { INSERT_INTERRUPTING_GAPS, INSERT_MISSING_WATCHES, KEEP_OBSERVATION_GAPS } from './late-answers.sql.ts';

/**
 * Events that come to be known after a later observation was recorded: within a run of equal observations, the time around such an
 * event is not certain any more. Of a run, the first, the last and the last but one observation are known; the gap reaches from the
 * nearest known one before the event (`at`) to the nearest after its end (`until`, default `at`), and ends for certain when the answer
 * of that one was read. An answer that says the same as the
 * run it falls into interrupts nothing.
 */
export async function interruptRuns(
  sql: Sql,
  platformId: number,
  events: readonly { authorizerId: number; at: Date; until?: Date; contentDigest?: Buffer }[],
  reason: string,
): Promise<void> {
  if (events.length === 0) return;
  await sql.run(INSERT_INTERRUPTING_GAPS, [
    platformId,
    events.map((event) => event.authorizerId),
    events.map((event) => event.at),
    reason,
    events.map((event) => event.contentDigest ?? null),
    events.map((event) => event.until ?? event.at),
  ]);
}

/** A mini program that could be read until now. */
export interface BegunFailure {
  authorizerAppid: string;
  merchantId: string | null;
  failure: LastFailureView;
}

/**
 * Nothing is known from the earliest look that failed after the last success. A failure that is older than the last success is
 * late: it only interrupts the run it falls into.
 * @returns those whose looks begin to fail with this
 */
export async function keepObservationGaps(
  sql: Sql,
  platformId: number,
  gaps: readonly ObservationGap[],
): Promise<BegunFailure[]> {
  if (gaps.length === 0) return [];
  const latest = new Map<number, ObservationGap & { since: Date; tries: number }>();
  for (const each of gaps) {
    const known = latest.get(each.authorizerId);
    const since = known && known.since < each.at ? known.since : each.at;
    const tries = (known?.tries ?? 0) + (each.failure ? 1 : 0);
    latest.set(each.authorizerId, { ...(known && known.at > each.at ? known : each), since, tries });
  }
  const rows = [...latest.values()];
  await sql.run(INSERT_MISSING_WATCHES, [platformId, rows.map((row) => row.authorizerId)]);
  const kept = await sql.query<{ id: number } & BegunFailure & { begun: boolean }>(KEEP_OBSERVATION_GAPS, [
    platformId,
    rows.map((row) => row.authorizerId),
    rows.map((row) => row.since),
    rows.map((row) => row.at),
    rows.map((row) => row.reason),
    rows.map((row) => (row.failure ? JSON.stringify({ ...row.failure, transient: row.transient }) : null)),
    rows.map((row) => row.tries),
  ]);
  await keepUnreadable(
    sql,
    platformId,
    gaps.flatMap(({ authorizerId, at, unreadableBody: body }) =>
      body ? [{ authorizerId, askedAt: at, body, bodyDigest: bodyDigest(body) }] : [],
    ),
  );
  const done = new Set(kept.map((row) => row.id));
  await interruptRuns(
    sql,
    platformId,
    gaps.filter((each) => !done.has(each.authorizerId)),
    'call_failed',
  );
  return kept.filter(({ begun }) => begun);
}
