/*
 * The fleet in set-based SQL. Every statement leaves what the ledger would have left, digests included; a spec lets the
 * ledger itself say so. Rows come in the order in which a fleet earns them: snapshot after snapshot of all mini
 * programs by time, so the history of one mini program lies scattered over the table, as in production.
 */

/** Shares in thousandths. What is not named is `plain`: as its product, every release in force. */
const KINDS = `CASE
  WHEN r < 20 THEN 'withdrawn'   -- the authorization ended
  WHEN r < 35 THEN 'lost_18'     -- observed, then permission set 18 was withdrawn
  WHEN r < 45 THEN 'never_18'    -- never had it
  WHEN r < 55 THEN 'fresh'       -- authorized, not looked at yet
  WHEN r < 85 THEN 'pending'
  WHEN r < 95 THEN 'excess'
  WHEN r < 110 THEN 'failing'    -- the latest looks failed
  WHEN r < 310 THEN 'own'
  ELSE 'plain' END`;

/** $1 count, $2 first authorizer id, $3 products, $4 length of a release in seconds. */
export const MEMBERS = `
  CREATE UNLOGGED TABLE bench.member AS
  SELECT n, $2::bigint + n AS authorizer_id, appid, slot, kind, n % $3::int AS product,
         CASE WHEN kind IN ('pending', 'excess', 'own') THEN kind ELSE 'plain' END AS pattern,
         CASE WHEN kind = 'own' THEN row_number() OVER (PARTITION BY kind ORDER BY n) - 1 END AS own_rank,
         $4::float8 * (slot + (n % 997) / 997.0) / 65536 * interval '1 second' AS shift
    FROM (SELECT n, appid, get_byte(digest, 0) * 256 + get_byte(digest, 1) AS slot, ${KINDS} AS kind
            FROM (SELECT n, appid, digest, (get_byte(digest, 2) * 256 + get_byte(digest, 3)) * 1000 / 65536 AS r
                    FROM (SELECT n, appid, sha256(convert_to(appid, 'UTF8')) AS digest
                            FROM (SELECT n, 'wxf1ee70' || lpad(to_hex(n), 10, '0') AS appid
                                    FROM generate_series(0, $1::int - 1) AS n) AS named) AS hashed) AS rolled) AS judged`;

/** Five mini programs to a merchant. $1 platform */
export const MERCHANTS = `
  INSERT INTO authorizers.merchant (platform_id, merchant_id, name)
  SELECT $1, 'm' || id, '商户 ' || id FROM (SELECT DISTINCT n / 5 AS id FROM bench.member) AS merchants`;

/** $1 platform, $2 now */
export const AUTHORIZERS = `
  INSERT INTO authorizers.authorizer (platform_id, authorizer_id, authorizer_appid, slot, merchant_id, state, kind, nick_name,
         principal_name, permission_sets, authorized_at, unauthorized_at, info_fetched_at)
  SELECT $1, authorizer_id, appid, slot, CASE WHEN n % 50 <> 49 THEN 'm' || n / 5 END,
         CASE kind WHEN 'withdrawn' THEN 'unauthorized' ELSE 'authorized' END, 'mini_program', '门店 ' || n,
         'Merchant ' || n / 5 || ' Ltd',
         CASE WHEN kind IN ('lost_18', 'never_18') THEN '{17,19,25}'::int[] ELSE '{17,18,19,25,30,31}' END,
         $2::timestamptz - interval '2 years', CASE kind WHEN 'withdrawn' THEN $2 - interval '3 days' END, $2
    FROM bench.member ORDER BY n`;

/** What the patterns have recorded, ready to be copied. $1 platform */
export const STEPS = `
  CREATE UNLOGGED TABLE bench.step AS
  SELECT p.kind AS pattern, p.product, s.no, s.first_observed_at, s.last_observed_at, s.content_id, s.body_id, s.change_id,
         c.list_ids, c.largest, p.bodies[s.no] AS body
    FROM bench.pattern p
    JOIN domain_ledger.snapshot s ON s.platform_id = $1 AND s.authorizer_id = p.authorizer_id
    JOIN domain_ledger.domain_content c USING (content_id)`;

/**
 * For members with a domain of their own: it stands in place 0 (mp_domain) and last in place 18 (effective_domain) of
 * \`requestdomain\`. Everything before and after it is the pattern's.
 */
export const OWN_STEPS = `
  CREATE UNLOGGED TABLE bench.own_step AS
  SELECT s.product, s.no, s.list_ids, s.largest, s.body, e.domain_ids[:cardinality(e.domain_ids) - 1] AS shared_ids,
         convert_to('wxfleet-domain-list:1:' || (
           SELECT string_agg(octet_length(d.name) || ':' || d.name, '' ORDER BY i.ord)
             FROM unnest(e.domain_ids) WITH ORDINALITY AS i (domain_id, ord) JOIN domain_ledger.domain d USING (domain_id)
            WHERE i.ord < cardinality(e.domain_ids)), 'UTF8') AS list_head,
         (SELECT string_agg(CASE WHEN l.list_id IS NULL THEN '\\x00'::bytea ELSE '\\x01'::bytea || dl.digest END, ''::bytea ORDER BY l.ord)
            FROM unnest(s.list_ids) WITH ORDINALITY AS l (list_id, ord)
            LEFT JOIN domain_ledger.domain_list dl USING (list_id) WHERE l.ord BETWEEN 2 AND 18) AS middle,
         (SELECT string_agg(CASE WHEN l.list_id IS NULL THEN '\\x00'::bytea ELSE '\\x01'::bytea || dl.digest END, ''::bytea ORDER BY l.ord)
            FROM unnest(s.list_ids) WITH ORDINALITY AS l (list_id, ord)
            LEFT JOIN domain_ledger.domain_list dl USING (list_id) WHERE l.ord > 19) AS tail
    FROM bench.step s
    JOIN domain_ledger.domain_list e ON e.list_id = s.list_ids[19]
   WHERE s.pattern = 'own'`;

/** $1 first domain id, $2 first list id */
export const OWN_MEMBERS = `
  CREATE UNLOGGED TABLE bench.own_member AS
  SELECT own_rank, product, name, $1::int + own_rank::int AS domain_id, $2::int + own_rank::int AS list_id,
         octet_length(name) || ':' || name AS entry,
         sha256(convert_to('wxfleet-domain-list:1:' || octet_length(name) || ':' || name, 'UTF8')) AS digest
    FROM (SELECT own_rank, product, 'https://z' || n || '.shops.example' AS name
            FROM bench.member WHERE own_rank IS NOT NULL) AS named`;

export const OWN_DOMAINS = `
  INSERT INTO domain_ledger.domain (domain_id, name) SELECT domain_id, name FROM bench.own_member ORDER BY own_rank`;

export const OWN_LISTS = `
  INSERT INTO domain_ledger.domain_list (list_id, digest, domain_ids)
  SELECT list_id, digest, ARRAY[domain_id] FROM bench.own_member ORDER BY own_rank`;

/** $1 number of the snapshot, $2 first list id of this step, $3 first content id, $4 first body id */
export const OWN_CONTENTS = `
  WITH made AS MATERIALIZED (
    SELECT m.own_rank::int AS own_rank, m.domain_id, m.list_id AS own_list_id, m.digest AS own_digest, s.list_ids, s.largest,
           s.shared_ids, s.middle, s.tail, sha256(s.list_head || convert_to(m.entry, 'UTF8')) AS list_digest,
           convert_to(replace(s.body, 'https://zown.shops.example', m.name), 'UTF8') AS body
      FROM bench.own_member m JOIN bench.own_step s ON s.product = m.product AND s.no = $1::int
  ), lists AS (
    INSERT INTO domain_ledger.domain_list (list_id, digest, domain_ids)
    SELECT $2::int + own_rank, list_digest, shared_ids || domain_id FROM made ORDER BY own_rank
  ), bodies AS (
    INSERT INTO domain_ledger.body (body_id, digest, encoding, bytes)
    SELECT $4::int + own_rank, sha256(body), 0, body FROM made ORDER BY own_rank
  )
  INSERT INTO domain_ledger.domain_content (content_id, digest, list_ids, drift, largest)
  SELECT $3::int + own_rank,
         sha256('wxfleet-domain-content:1:'::bytea || '\\x01' || own_digest || middle || '\\x01' || list_digest || tail),
         ARRAY[own_list_id] || list_ids[2:18] || ($2::int + own_rank) || list_ids[20:24], false, largest
    FROM made ORDER BY own_rank`;

/** $1 platform, $2 number, $3 first content id of this step, $4 first body id, $5 observations; null for the latest one */
export const SNAPSHOTS = `
  INSERT INTO domain_ledger.snapshot
         (platform_id, authorizer_id, no, first_observed_at, last_observed_at, content_id, body_id, observations, change_id)
  SELECT $1, m.authorizer_id, s.no, s.first_observed_at + m.shift,
         CASE WHEN $5::int IS NOT NULL THEN s.last_observed_at + m.shift END,
         coalesce($3::int + m.own_rank, s.content_id), coalesce($4::int + m.own_rank, s.body_id), $5::int, s.change_id
    FROM bench.member m JOIN bench.step s ON s.pattern = m.pattern AND s.product = m.product AND s.no = $2::int
   WHERE m.kind NOT IN ('never_18', 'fresh')
   ORDER BY m.shift`;

/** $1 platform, $2 now, $3 number of the latest snapshot, $4 places that can be edited */
export const WATCHES = `
  INSERT INTO domain_ledger.watch (platform_id, authorizer_id, first_observed_at, previous_observed_at, last_observed_at,
         last_attempt_at, unreadable_since, unreadable_at, drift_since, latest_no, content_id, observations, failures, counted,
         raw_digest, unreadable_reason, last_failure, largest, edits_month, edits)
  WITH month AS MATERIALIZED (
    SELECT date_trunc('month', $2::timestamptz AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai' AS began
  ), edited AS MATERIALIZED (
    SELECT s.authorizer_id, count(*) AS edits
      FROM domain_ledger.snapshot s
      JOIN domain_ledger.snapshot b ON b.platform_id = $1 AND b.authorizer_id = s.authorizer_id AND b.no = s.no - 1
     WHERE s.platform_id = $1 AND s.first_observed_at >= (SELECT began FROM month) AND b.last_observed_at >= (SELECT began FROM month)
       AND s.change_id IN (
           SELECT change_id FROM domain_ledger.domain_change_set c
            WHERE EXISTS (SELECT FROM unnest(c.added_at, c.removed_at) AS m (added, removed) WHERE (m.added | m.removed) & $4::int <> 0))
     GROUP BY s.authorizer_id
  )
  SELECT $1, authorizer_id, first_at, CASE WHEN last_at - interval '1 day' > first_at THEN last_at - interval '1 day' ELSE before_at END,
         last_at, coalesce(blind_at, last_at), blind_at, blind_at, CASE WHEN kind IN ('pending', 'excess') THEN first_at END,
         CASE WHEN first_at IS NULL THEN 0 ELSE $3::int END, content_id,
         CASE WHEN first_at IS NULL THEN 0 ELSE 1 + floor(extract(epoch FROM last_at - first_at) / 86400) END,
         CASE kind WHEN 'failing' THEN 3 ELSE 0 END,
         CASE WHEN kind = 'withdrawn' THEN 0 WHEN kind IN ('lost_18', 'never_18', 'fresh') THEN 1 ELSE 2 END, digest,
         CASE kind WHEN 'withdrawn' THEN 'authorizer_not_authorized' WHEN 'lost_18' THEN 'permission_set_missing'
                   WHEN 'never_18' THEN 'permission_set_missing' WHEN 'failing' THEN 'call_failed' END,
         CASE kind WHEN 'failing' THEN jsonb_build_object('at', blind_at, 'code', 'upstream_failed', 'wechat', NULL, 'transient', true) END,
         coalesce(largest, 0), CASE WHEN edits > 0 THEN (SELECT (began AT TIME ZONE 'Asia/Shanghai')::date FROM month) END, coalesce(edits, 0)
    FROM (SELECT c.largest, e.edits, m.n, m.authorizer_id, m.kind, s.first_observed_at AS first_at, s.content_id, b.digest, p.last_observed_at AS before_at,
                 CASE WHEN m.kind IN ('withdrawn', 'lost_18', 'failing')
                      THEN s.first_observed_at + ($2::timestamptz - s.first_observed_at) * 0.5
                      ELSE greatest(s.first_observed_at, $2 - m.slot / 65536.0 * interval '1 day') END AS last_at,
                 CASE WHEN m.kind IN ('withdrawn', 'lost_18', 'failing')
                      THEN s.first_observed_at + ($2 - s.first_observed_at) * 0.6
                      WHEN m.kind = 'never_18' THEN $2 - interval '30 days' END AS blind_at
            FROM bench.member m
            LEFT JOIN domain_ledger.snapshot s ON s.platform_id = $1 AND s.authorizer_id = m.authorizer_id AND s.no = $3
            LEFT JOIN domain_ledger.snapshot p ON p.platform_id = $1 AND p.authorizer_id = m.authorizer_id AND p.no = $3 - 1
            LEFT JOIN domain_ledger.body b ON b.body_id = s.body_id
            LEFT JOIN domain_ledger.domain_content c ON c.content_id = s.content_id
            LEFT JOIN edited e ON e.authorizer_id = m.authorizer_id) AS seen
   ORDER BY n`;

/** A day without an answer in the run of some. $1 platform */
export const GAPS = `
  INSERT INTO domain_ledger.observation_gap (platform_id, authorizer_id, gap_from, gap_to, reason)
  SELECT $1, m.authorizer_id, w.first_observed_at, w.first_observed_at + interval '2 days', 'call_failed'
    FROM bench.member m JOIN domain_ledger.watch w ON w.platform_id = $1 AND w.authorizer_id = m.authorizer_id
   WHERE m.n % 100 = 0 AND w.last_observed_at > w.first_observed_at + interval '3 days'`;

/** What the trigger on snapshots would have noted. $1 platform */
export const NAMES = [
  `INSERT INTO domain_ledger.platform_content (platform_id, content_id)
   SELECT DISTINCT platform_id, content_id FROM domain_ledger.snapshot WHERE platform_id = $1 ON CONFLICT DO NOTHING`,
  `INSERT INTO domain_ledger.platform_domain (platform_id, domain_id)
   SELECT $1, domain_id FROM bench.own_member ORDER BY domain_id ON CONFLICT DO NOTHING`,
];

/** Counters counted again, content by content. $1 platform */
export const COUNTERS = [
  `DELETE FROM domain_ledger.domain_use WHERE platform_id = $1`,
  `DELETE FROM domain_ledger.domain_use_delta WHERE platform_id = $1`,
  `INSERT INTO domain_ledger.domain_use (platform_id, place, domain_id, uses)
   WITH held AS MATERIALIZED (
     SELECT k.content_id, k.uses, (l.ord - 1)::smallint AS place, m.domain_id
       FROM (SELECT content_id, count(*) AS uses FROM domain_ledger.watch WHERE platform_id = $1 AND counted = 2 GROUP BY content_id) k
       JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
       JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
   )
   SELECT $1, place, domain_id, sum(uses) FROM held GROUP BY place, domain_id
    UNION ALL
   SELECT $1, 24 + list, domain_id, sum(uses)
     FROM (SELECT DISTINCT content_id, uses, place % 6 AS list, domain_id FROM held) AS any_group GROUP BY list, domain_id
    UNION ALL
   SELECT $1, 32 + f.place % 6, f.domain_id, sum(f.uses)
     FROM held f JOIN held d ON d.place BETWEEN 12 AND 17 AND (d.content_id, d.place, d.domain_id) = (f.content_id, f.place - 6, f.domain_id)
    GROUP BY f.place, f.domain_id
    UNION ALL
   SELECT $1, 30, 0, count(*) FROM domain_ledger.watch WHERE platform_id = $1 AND counted > 0
    UNION ALL
   SELECT $1, 31, 0, count(*) FROM domain_ledger.watch WHERE platform_id = $1 AND counted = 2
    UNION ALL
   SELECT $1, 38, 0, count(*) FROM domain_ledger.subject WHERE platform_id = $1 AND state = 'authorized' AND readable`,
];
