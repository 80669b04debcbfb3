export const PUBLISHED_LIST = `
  SELECT s.digest, s.ip_list AS entries, s.invalid, s.first_observed_at AS "firstObservedAt",
         s.last_observed_at AS "lastObservedAt", least($2::timestamptz, wxfleet.now()) AS at,
         c.no AS "heldId", c.reason AS "heldReason", c.first_observed_at AS "heldSince"
    FROM api_ip_ledger.ip_snapshot s
    LEFT JOIN api_ip_ledger.ip_candidate c
      ON c.kind = s.kind AND c.state = 'held' AND c.first_observed_at <= least($2::timestamptz, wxfleet.now())
   WHERE s.kind = $1 AND s.first_observed_at <= least($2::timestamptz, wxfleet.now())
   ORDER BY s.no DESC LIMIT 1`;

export const LIST_LIFETIMES = `
  WITH seen AS (
    SELECT e.entry, s.no, s.first_observed_at, s.last_observed_at,
           s.no - row_number() OVER (PARTITION BY e.entry ORDER BY s.no) AS stretch
      FROM api_ip_ledger.ip_snapshot s CROSS JOIN LATERAL unnest(s.ip_list) AS e (entry)
     WHERE s.kind = $1 AND ($2::inet IS NULL OR e.entry::inet >>= $2::inet)
  ), lived AS (
    SELECT entry, min(no) AS first_no, max(no) AS last_no, min(first_observed_at) AS first_at, max(last_observed_at) AS last_at
      FROM seen GROUP BY entry, stretch
  )
  SELECT l.entry, l.first_no AS "firstNo", l.first_at AS "firstObservedAt", l.last_at AS "lastObservedAt",
         n.first_observed_at AS "endedAt"
    FROM lived l LEFT JOIN api_ip_ledger.ip_snapshot n ON n.kind = $1 AND n.no = l.last_no + 1
   WHERE $3::text IS NULL OR (l.entry COLLATE "C", l.first_no) > ($3::text, $4::int)
   ORDER BY l.entry COLLATE "C", l.first_no LIMIT $5`;

export const LIST_SNAPSHOTS = `
  SELECT s.no, s.digest, s.ip_list AS entries, s.first_observed_at AS "firstObservedAt",
         s.last_observed_at AS "lastObservedAt", s.observations, p.ip_list AS before
    FROM api_ip_ledger.ip_snapshot s
    LEFT JOIN api_ip_ledger.ip_snapshot p ON p.kind = s.kind AND p.no = s.no - 1
   WHERE s.kind = $1 AND ($2::bigint IS NULL OR s.no < $2)
   ORDER BY s.no DESC LIMIT $3`;

export const FIRST_OBSERVATION =
  'SELECT first_observed_at AS at FROM api_ip_ledger.ip_snapshot WHERE kind = $1 ORDER BY no LIMIT 1';
