/** Which mini programs a stretch passes, in the order of their ids. */
type Way = 'fleet' | 'drifting' | 'merchants';
/** Of the lists `l` of a content `c` that hold the domain, by what is in the place asked about and in force. */
const VERDICT_OF_LISTS = `CASE WHEN bool_or(l.list_id = c.list_ids[$3]) THEN 'covered'
                               WHEN bool_or(l.list_id = c.list_ids[($4::int[])[4]]) THEN 'missing' ELSE 'pending' END`;

/** The places of the list in all groups, as a bit mask. */
const SLOTS_OF_LIST = `(SELECT bit_or(1 << (place - 1)) FROM unnest($4::int[]) AS t (place))`;

/**
 * Whether nothing can be said of a known mini program, because its latest answer had the list in a form that cannot be read: in the
 * group asked about, or where the domain is not in that group, in any group.
 */
const UNREADABLE = (
  row: string,
  verdict: string,
) => `(${row}.unknown_places <> 0 AND (${row}.unknown_places >> ($3::int - 1) & 1 = 1
  OR ${verdict} IS DISTINCT FROM 'covered' AND ${row}.unknown_places & ${SLOTS_OF_LIST} <> 0))`;

const VERDICT_OF_MEMBER = `CASE WHEN m.counted IS DISTINCT FROM 2 OR ${UNREADABLE('m', 'h.verdict')} THEN 'unknown'
  ELSE coalesce(h.verdict, 'missing') END`;

/** Counters of the domain and two totals, each with what is not folded yet. */
export const SUMS = `
  WITH asked AS (SELECT domain_id FROM domain_ledger.domain WHERE name = ANY ($2::text[])),
  keys (place, domain_id) AS (
    SELECT place, domain_id FROM asked, (SELECT DISTINCT place FROM unnest(ARRAY[$3::smallint, $4::smallint, $5::smallint]) AS t (place)) AS p
    UNION ALL SELECT place, 0 FROM unnest(ARRAY[$6::smallint, $7::smallint]) AS t (place)
  ), steps AS (
    SELECT k.place, k.domain_id, u.uses AS step FROM keys k
      JOIN domain_ledger.domain_use u ON u.platform_id = $1 AND u.place = k.place AND u.domain_id = k.domain_id
    UNION ALL
    SELECT k.place, k.domain_id, d.step FROM keys k
      JOIN domain_ledger.domain_use_delta d ON d.platform_id = $1 AND d.domain_id = k.domain_id AND d.place = k.place
  ), sums AS (SELECT place, domain_id, sum(step) AS uses FROM steps GROUP BY place, domain_id)
  SELECT count(*) FILTER (WHERE place = $5 AND uses > 0)::int AS names,
         coalesce(sum(uses) FILTER (WHERE place = $3), 0)::int AS here,
         coalesce(sum(uses) FILTER (WHERE place = $4), 0)::int AS effective,
         coalesce(sum(uses) FILTER (WHERE place = $5), 0)::int AS anywhere,
         coalesce(sum(uses) FILTER (WHERE place = $6), 0)::int AS authorized,
         coalesce(sum(uses) FILTER (WHERE place = $7), 0)::int AS known
    FROM sums`;

/**
 * Contents that hold the domain in the list of any group, and what that is for the group asked about. `OFFSET 0` keeps the look-ups
 * look-ups: what an array holds has no statistics, so PostgreSQL would rather join whole tables than look a few times.
 */
const HITS = `
  lists AS MATERIALIZED (
    SELECT DISTINCT l.list_id
      FROM domain_ledger.domain d JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id] WHERE d.name = ANY ($2::text[])
  ), hits AS MATERIALIZED (
    SELECT c.content_id, ${VERDICT_OF_LISTS} AS verdict
      FROM lists l, LATERAL (
        SELECT content_id, list_ids FROM domain_ledger.domain_content WHERE list_ids @> ARRAY[l.list_id] OFFSET 0) AS c
     WHERE l.list_id IN (c.list_ids[($4::int[])[1]], c.list_ids[($4::int[])[2]], c.list_ids[($4::int[])[3]], c.list_ids[($4::int[])[4]])
     GROUP BY c.content_id
  )`;

/** What the contents of `members` hold of the domain; each content and each list is looked at once, however many share it. */
const HELD = `
  asked AS MATERIALIZED (SELECT array_agg(domain_id) AS ids FROM domain_ledger.domain WHERE name = ANY ($2::text[]) HAVING count(*) > 0),
  placed AS MATERIALIZED (
    SELECT c.content_id, c.list_ids[$3] AS here, c.list_ids[($4::int[])[4]] AS in_force, c.list_ids[($4::int[])[1]] AS l1,
           c.list_ids[($4::int[])[2]] AS l2, c.list_ids[($4::int[])[3]] AS l3
      FROM (SELECT DISTINCT content_id FROM members WHERE counted = 2) AS m JOIN domain_ledger.domain_content c USING (content_id)
  ), having_it AS MATERIALIZED (
    SELECT l.list_id
      FROM (SELECT DISTINCT u.list_id FROM placed, unnest(ARRAY[in_force, l1, l2, l3]) AS u (list_id)) AS used
      JOIN domain_ledger.domain_list l USING (list_id), asked
     WHERE l.domain_ids && asked.ids
  ), held AS MATERIALIZED (
    SELECT content_id, CASE WHEN here IN (TABLE having_it) THEN 'covered' WHEN in_force IN (TABLE having_it) THEN 'missing'
                            WHEN l1 IN (TABLE having_it) OR l2 IN (TABLE having_it) OR l3 IN (TABLE having_it) THEN 'pending' END AS verdict
      FROM placed
  )`;

/** Where the counters do not tell. In one statement with the totals, so that they fit together. */
export const COUNTS_BY_CONTENT = `
  WITH ${HITS}, found AS (
    SELECT coalesce(sum(w.count) FILTER (WHERE h.verdict = 'covered'), 0)::int AS covered,
           coalesce(sum(w.count) FILTER (WHERE h.verdict = 'pending'), 0)::int AS pending
      FROM hits h, LATERAL (
        SELECT count(*) AS count FROM domain_ledger.watch WHERE platform_id = $1 AND content_id = h.content_id AND counted = 2) AS w
     WHERE h.verdict <> 'missing'
  ), totals AS (
    SELECT coalesce(sum(step) FILTER (WHERE place = $5), 0)::int AS authorized, coalesce(sum(step) FILTER (WHERE place = $6), 0)::int AS known
      FROM (SELECT place, uses AS step FROM domain_ledger.domain_use WHERE platform_id = $1 AND domain_id = 0 AND place = ANY (ARRAY[$5::smallint, $6::smallint])
             UNION ALL
            SELECT place, step FROM domain_ledger.domain_use_delta WHERE platform_id = $1 AND domain_id = 0 AND place = ANY (ARRAY[$5, $6])) AS steps
  )
  SELECT covered, pending, known - covered - pending AS missing, authorized - known AS unknown FROM found, totals`;

export const COUNTS_OF_MERCHANTS = `
  WITH members AS MATERIALIZED (
    SELECT s.authorizer_id, w.counted, w.content_id, coalesce(w.unknown_places, 0) AS unknown_places
      FROM domain_ledger.subject s
      LEFT JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.merchant_id = ANY ($5::text[])
  ), ${HELD}, judged AS (SELECT ${VERDICT_OF_MEMBER} AS verdict FROM members m LEFT JOIN held h USING (content_id))
  SELECT count(*) FILTER (WHERE verdict = 'covered')::int AS covered, count(*) FILTER (WHERE verdict = 'pending')::int AS pending,
         count(*) FILTER (WHERE verdict = 'missing')::int AS missing, count(*) FILTER (WHERE verdict = 'unknown')::int AS unknown
    FROM judged`;

/** Counted by the verdicts that the counters hold them under; there are few, and an index finds them. */
export const COUNTS_OF_UNREAD = `
  WITH members AS MATERIALIZED (
    SELECT authorizer_id, counted, content_id, unknown_places FROM domain_ledger.watch
     WHERE platform_id = $1 AND unknown_places <> 0 AND counted = 2
  ), ${HELD}, judged AS (
    SELECT coalesce(h.verdict, 'missing') AS verdict FROM members m LEFT JOIN held h USING (content_id) WHERE ${UNREADABLE('m', 'h.verdict')}
  )
  SELECT count(*) FILTER (WHERE verdict = 'covered')::int AS covered, count(*) FILTER (WHERE verdict = 'pending')::int AS pending,
         count(*) FILTER (WHERE verdict = 'missing')::int AS missing, count(*)::int AS unknown
    FROM judged`;

const ITEM = `s.authorizer_id AS "authorizerId", s.authorizer_appid AS "authorizerAppid", s.merchant_id AS "merchantId",
  w.last_observed_at AS "observedAt", s.state, s.readable, w.unreadable_since AS "unreadableSince",
  w.unreadable_reason AS "unreadableReason"`;

/**
 * Of the whole platform the rows of the ledger alone tell who is authorized and known. What is pending is configured and not in
 * force, so that an index has everybody who can have it.
 */
const PASSED: Record<Way, string> = {
  fleet: `domain_ledger.watch w WHERE w.platform_id = $1 AND w.counted > 0 AND w.authorizer_id > $5
     ORDER BY w.authorizer_id LIMIT $8`,
  drifting: `domain_ledger.watch w
     WHERE w.platform_id = $1 AND w.drift_since IS NOT NULL AND w.counted = 2 AND w.authorizer_id > $5
     ORDER BY w.authorizer_id LIMIT $8`,
  merchants: `domain_ledger.subject s JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
     WHERE s.platform_id = $1 AND s.state = 'authorized' AND s.authorizer_id > $5 AND s.merchant_id = ANY ($9::text[])
     ORDER BY s.authorizer_id LIMIT $8`,
};

/** One stretch of the fleet. At least one row comes back, which tells how far it went. Only those shown are looked up. */
export const WALK = (way: Way) => `
  WITH members AS MATERIALIZED (
    SELECT w.authorizer_id, w.counted, w.content_id, w.unknown_places FROM ${PASSED[way]}
  ), ${HELD}, found AS MATERIALIZED (
    SELECT authorizer_id, verdict
      FROM (SELECT m.authorizer_id, ${VERDICT_OF_MEMBER} AS verdict FROM members m LEFT JOIN held h USING (content_id)) AS judged
     WHERE $7::text IS NULL OR verdict = $7
     ORDER BY authorizer_id LIMIT $6
  )
  SELECT shown.*, seen.seen, seen.last
    FROM (SELECT count(*)::int AS seen, max(authorizer_id) AS last FROM members) AS seen
    LEFT JOIN (
      SELECT ${ITEM}, f.verdict
        FROM found f
        JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = f.authorizer_id
        JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = f.authorizer_id) AS shown ON true
   ORDER BY "authorizerId"`;

export const LISTS = `
  SELECT count(*)::int AS count FROM (
    SELECT FROM domain_ledger.domain d JOIN domain_ledger.domain_list l ON l.domain_ids @> ARRAY[d.domain_id]
     WHERE d.name = ANY ($1::text[]) LIMIT $2) AS found`;

/** Few have the domain: from its lists over their contents to the mini programs. */
export const FEW_HAVE = `
  WITH ${HITS}, holders AS MATERIALIZED (
    SELECT w.* FROM hits h, LATERAL (
      SELECT authorizer_id, last_observed_at, unreadable_since, unreadable_reason, unknown_places FROM domain_ledger.watch
       WHERE platform_id = $1 AND content_id = h.content_id AND counted = 2 AND authorizer_id > $5 OFFSET 0) AS w
     WHERE h.verdict = $7::text AND NOT ${UNREADABLE('w', 'h.verdict')}
     ORDER BY w.authorizer_id LIMIT $6
  )
  SELECT ${ITEM}, $7::text AS verdict
    FROM holders w JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   ORDER BY w.authorizer_id`;

export const UNKNOWN = `
  SELECT ${ITEM}, $7::text AS verdict
    FROM domain_ledger.watch w
    JOIN domain_ledger.subject s ON s.platform_id = $1 AND s.authorizer_id = w.authorizer_id
   WHERE w.platform_id = $1 AND w.counted = 1 AND w.authorizer_id > $5 AND ($2::text[], $3::int, $4::int[]) IS NOT NULL
   ORDER BY w.authorizer_id LIMIT $6`;
