import { Injectable } from '@nestjs/common';
import { pageOf, type ObservationsView, type UnknownReason } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import { positionOf, type PageRequest } from './domain-history.ts';
import { unknownReason, type Readability } from './unknown-reason.ts';
import { snapshotId } from './snapshot-id.ts';

interface Row {
  no: number;
  firstObservedAt: Date;
  lastObservedAt: Date;
  observations: number;
  gaps: { from: number; to: number; reason: string }[] | null;
}

/** Of the mini program, on every row. */
type Present = Readability & { observed: boolean };

/** When one mini program was observed, without what was observed: what a timeline is drawn from. */
@Injectable()
export class ObservationTimes {
  /** Snapshots whose time meets `from` to `to`, newest first, each with the gaps within it. */
  async page(
    sql: Sql,
    platformId: number,
    authorizerId: number,
    query: PageRequest & { from?: Date | undefined; to?: Date | undefined },
  ): Promise<ObservationsView> {
    const [before] = query.cursor ? positionOf('observations', query.cursor, ['number']) : [null];
    const rows = await sql.query<Row & Present>(OBSERVATIONS, [
      platformId,
      authorizerId,
      before,
      query.from ?? null,
      query.to ?? null,
      query.limit + 1,
    ]);
    return {
      unknown: unknownNow(rows[0]),
      ...pageOf(
        'observations',
        rows.filter((row) => row.no !== null),
        query.limit,
        (row) => ({
          snapshot_id: snapshotId(authorizerId, row.no),
          first_observed_at: row.firstObservedAt.toISOString(),
          last_observed_at: row.lastObservedAt.toISOString(),
          observations: row.observations,
          gaps: (row.gaps ?? []).map((gap) => ({
            from: new Date(gap.from).toISOString(),
            to: new Date(gap.to).toISOString(),
            reason: gap.reason,
          })),
        }),
        (row) => [row.no],
      ),
    };
  }
}

function unknownNow(present: Present | undefined): UnknownReason | null {
  if (!present) return { code: 'never_observed', since: null };
  return present.observed && present.unreadableSince === null ? null : unknownReason(present);
}

/** At least one row comes back where the mini program was ever looked at: it says whether anything is known now. */
const OBSERVATIONS = `
  SELECT w.unreadable_since AS "unreadableSince", w.unreadable_reason AS "unreadableReason", a.state, a.readable,
         w.last_observed_at IS NOT NULL AS observed, s.no, s."firstObservedAt", s."lastObservedAt", s.observations, s.gaps
    FROM domain_ledger.watch w
    LEFT JOIN domain_ledger.subject a USING (platform_id, authorizer_id)
    LEFT JOIN LATERAL (
      SELECT s.no, s.first_observed_at AS "firstObservedAt", coalesce(s.last_observed_at, w.last_observed_at) AS "lastObservedAt",
             coalesce(s.observations, w.observations) AS observations, g.gaps
        FROM domain_ledger.snapshot s
        LEFT JOIN LATERAL (
          SELECT jsonb_agg(jsonb_build_object('from', extract(epoch FROM gap_from) * 1000, 'to', extract(epoch FROM gap_to) * 1000,
                                              'reason', reason) ORDER BY gap_from) AS gaps
            FROM domain_ledger.observation_gap
           WHERE platform_id = $1 AND authorizer_id = $2 AND gap_from >= s.first_observed_at
             AND gap_from <= coalesce(s.last_observed_at, w.last_observed_at)) AS g ON true
       WHERE s.platform_id = $1 AND s.authorizer_id = $2
         AND ($3::int IS NULL OR s.no < $3)
         AND ($4::timestamptz IS NULL OR coalesce(s.last_observed_at, w.last_observed_at) >= $4)
         AND ($5::timestamptz IS NULL OR s.first_observed_at <= $5)
       ORDER BY s.no DESC LIMIT $6) AS s ON true
   WHERE w.platform_id = $1 AND w.authorizer_id = $2
   ORDER BY s.no DESC`;
