import type { Database } from '#libs/kernel';
import { PRESENT } from '../record/watch-rows.sql.ts';
import type { ShardClaim } from './sweep-shards.ts';

/** A mini program on a page of a shard, with what its row says. */
export interface PageSubject {
  authorizerId: number;
  authorizerAppid: string;
  slot: number;
  /** Set 18 is granted. */
  readable: boolean;
  /** SHA-256 of the latest successful body, in hex. */
  rawDigest: string | null;
  blind: boolean;
  /** Observed since the round came to its shard: by a worker that crashed, by another sweep, or on demand. */
  observedInRound: boolean;
}

export interface SweepPage {
  now: Date;
  subjects: PageSubject[];
  /** No page comes after it. */
  last: boolean;
}

const COLUMNS = `s.authorizer_id AS "authorizerId", s.authorizer_appid AS "authorizerAppid", s.slot, s.readable,
  encode(w.raw_digest, 'hex') AS "rawDigest", w.unreadable_since IS NOT NULL AS blind,
  coalesce(w.last_observed_at BETWEEN $2 AND ${PRESENT} AND w.unreadable_since IS NULL, false) AS "observedInRound", wxfleet.now() AS now`;

/** The next mini programs of a shard after `after`, in the order of the round; in later passes those still to be retried. */
export async function readPage(
  db: Database,
  claim: ShardClaim,
  after: { slot: number; authorizerId: number } | null,
  retrying: readonly number[],
  limit: number,
): Promise<SweepPage> {
  const rows =
    claim.pass === 1
      ? await db.query<PageSubject & { now: Date }>(
          `SELECT ${COLUMNS}
             FROM domain_ledger.subject s LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
            WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.slot <= $3 AND (s.slot, s.authorizer_id) > ($4, $5)
            ORDER BY s.slot, s.authorizer_id LIMIT $6`,
          [
            claim.platformId,
            claim.begunAt,
            claim.slotTo,
            after?.slot ?? claim.slotFrom - 1,
            after?.authorizerId ?? 0x7fffffffffff,
            limit,
          ],
        )
      : await db.query<PageSubject & { now: Date }>(
          `SELECT ${COLUMNS}
             FROM domain_ledger.subject s LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
            WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id = ANY ($3::bigint[])
            ORDER BY s.slot, s.authorizer_id`,
          [claim.platformId, claim.begunAt, retrying.slice(0, limit)],
        );
  return {
    now: rows[0]?.now ?? claim.begunAt,
    subjects: rows,
    last: claim.pass === 1 ? rows.length < limit : retrying.length <= limit,
  };
}
