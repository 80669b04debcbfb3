import type { NamedStatement } from '#libs/kernel';

/** A snapshot with its body, and the body of the one before it. */
export const SNAPSHOT = `
  SELECT s.no, s.first_observed_at AS "firstObservedAt", coalesce(s.last_observed_at, w.last_observed_at) AS "lastObservedAt",
         coalesce(s.observations, w.observations) AS observations, b.encoding, b.bytes,
         pb.encoding AS "beforeEncoding", pb.bytes AS "beforeBytes"
    FROM domain_ledger.snapshot s
    JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
    JOIN domain_ledger.body b USING (body_id)
    LEFT JOIN LATERAL (
      SELECT p.body_id FROM domain_ledger.snapshot p
       WHERE p.platform_id = s.platform_id AND p.authorizer_id = s.authorizer_id AND p.no < s.no
       ORDER BY p.no DESC LIMIT 1) before ON true
    LEFT JOIN domain_ledger.body pb ON pb.body_id = before.body_id
   WHERE s.platform_id = $1 AND s.authorizer_id = $2`;

export const WATCH_OF: NamedStatement = {
  name: 'domain_ledger.watch_of',
  text: `SELECT authorizer_id AS id, last_observed_at AS at, last_failure AS failure
           FROM domain_ledger.watch WHERE platform_id = $1 AND authorizer_id = ANY ($2::bigint[])`,
};

/** For each moment: the snapshot that had begun by then, the next one, and the gaps within the run around it. */
export const MOMENTS: NamedStatement = {
  name: 'domain_ledger.moments',
  text: `
  SELECT m.at, w.unreadable_since AS "unreadableSince", w.unreadable_reason AS "unreadableReason", a.state, a.readable, w.unknown_places AS "unknownSlots",
         s.first_observed_at AS "firstObservedAt", s.first_answer_ms AS "firstAnswerMs",
         coalesce(s.last_observed_at, w.last_observed_at) AS "lastObservedAt", s.no = w.latest_no AS latest,
         b.encoding, b.bytes, n.first_observed_at AS "nextFirstObservedAt", g.gaps
    FROM (SELECT coalesce(at, wxfleet.now()) AS at, ord FROM unnest($3::timestamptz[]) WITH ORDINALITY AS t (at, ord)) m
    LEFT JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = $2
    LEFT JOIN domain_ledger.subject a ON a.platform_id = $1 AND a.authorizer_id = $2
    LEFT JOIN LATERAL (
      SELECT * FROM domain_ledger.snapshot
       WHERE platform_id = $1 AND authorizer_id = $2 AND first_observed_at <= m.at
       ORDER BY no DESC LIMIT 1) s ON true
    LEFT JOIN domain_ledger.body b ON b.body_id = s.body_id
    LEFT JOIN LATERAL (
      SELECT first_observed_at FROM domain_ledger.snapshot
       WHERE platform_id = $1 AND authorizer_id = $2 AND first_observed_at > m.at
       ORDER BY no LIMIT 1) n ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('from', extract(epoch FROM gap_from) * 1000, 'to', extract(epoch FROM gap_to) * 1000,
                                          'certain', extract(epoch FROM gap_to) * 1000 + to_answer_ms)) AS gaps
        FROM domain_ledger.observation_gap
       WHERE platform_id = $1 AND authorizer_id = $2 AND gap_from >= s.first_observed_at
         AND gap_from <= coalesce(s.last_observed_at, w.last_observed_at)) g ON true
   ORDER BY m.ord`,
};

/** Stays are islands of neighbouring snapshots that have the domain at the place. */
export const LIFESPANS = `
  WITH numbered AS (
    SELECT s.no, s.first_observed_at, coalesce(s.last_observed_at, w.last_observed_at) AS last_observed_at, s.body_id,
           s.content_id, row_number() OVER (ORDER BY s.no) AS rank,
           lead(s.first_observed_at) OVER (ORDER BY s.no) AS next_observed_at
      FROM domain_ledger.snapshot s JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.authorizer_id = $2
  ), held AS (
    SELECT (l.ord - 1)::int AS place, d.domain_id, d.name, n.rank,
           n.rank - row_number() OVER (PARTITION BY l.ord, d.domain_id ORDER BY n.rank) AS island
      FROM numbered n
      JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
      JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
      JOIN domain_ledger.domain d ON d.domain_id = m.domain_id
     WHERE l.ord - 1 = ANY ($3::int[]) AND ($4::text[] IS NULL OR d.name = ANY ($4))
  ), stays AS (
    SELECT place, name, min(rank) AS from_rank, max(rank) AS to_rank FROM held GROUP BY place, domain_id, name, island
  ), page AS (
    SELECT s.place, s.name, f.no AS from_no, f.first_observed_at, t.last_observed_at, t.next_observed_at, t.body_id
      FROM stays s
      JOIN numbered f ON f.rank = s.from_rank
      JOIN numbered t ON t.rank = s.to_rank
     WHERE $5::int IS NULL OR (s.place, s.name COLLATE "C", f.no) > ($5, $6::text COLLATE "C", $7::int)
     ORDER BY s.place, s.name COLLATE "C", f.no
     LIMIT $8
  )
  SELECT p.place, p.name, p.from_no AS "fromNo", p.first_observed_at AS "firstObservedAt", p.last_observed_at AS "lastObservedAt",
         p.next_observed_at AS "endedAt", p.next_observed_at IS NULL AS present, p.body_id AS "bodyId", b.encoding, b.bytes
    FROM (SELECT *, row_number() OVER (PARTITION BY body_id ORDER BY place, name COLLATE "C", from_no) AS nth FROM page) AS p
    LEFT JOIN domain_ledger.body b ON b.body_id = p.body_id AND p.nth = 1
   ORDER BY p.place, p.name COLLATE "C", p.from_no`;

export const SELECT_RAW_BODY = `
  SELECT b.encoding, b.bytes FROM domain_ledger.snapshot s JOIN domain_ledger.body b USING (body_id)
   WHERE s.platform_id = $1 AND s.authorizer_id = $2 AND s.no = $3`;
