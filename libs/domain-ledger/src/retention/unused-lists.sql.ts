/*
 * What is shared by all platforms is kept for as long as something refers to it: a content for as long as a platform has had a
 * snapshot of it, which `platform_content` says, a list for its contents, a domain for its lists and change sets, a change set and
 * a body for snapshots. Every statement that removes asks again, because it may have been referred to since it was found.
 */

/** Platforms that have rows in a table whose key begins with the platform: a step of the index for each. */
const platformsOf = (table: string) => `platform (id) AS (
    (SELECT platform_id FROM ${table} ORDER BY platform_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.platform_id FROM ${table} t WHERE t.platform_id > p.id ORDER BY t.platform_id LIMIT 1)
      FROM platform p WHERE p.id IS NOT NULL
  )`;

const CONTENT_IS_UNUSED = `NOT EXISTS (
  SELECT FROM platform p JOIN domain_ledger.platform_content k ON k.platform_id = p.id AND k.content_id = c.content_id)`;
const CHANGE_SET_IS_UNUSED = `NOT EXISTS (
  SELECT FROM platform p JOIN domain_ledger.snapshot s ON s.platform_id = p.id AND s.change_id = c.change_id)`;
/** Of `domain_ledger.body b`. */
export const BODY_IS_UNUSED = `NOT EXISTS (SELECT FROM domain_ledger.snapshot s WHERE s.body_id = b.body_id)
  AND NOT EXISTS (SELECT FROM domain_ledger.set_aside a WHERE a.body_id = b.body_id)
  AND NOT EXISTS (SELECT FROM domain_ledger.unreadable_answer u WHERE u.body_id = b.body_id)`;

/** True once in `$1` seconds, for one process. At first only the time is noted, in the row of no platform. */
export const CLAIM_COLLECTION = `
  WITH held AS (
    INSERT INTO domain_ledger.retention AS r (platform_id, started_at) VALUES (0, wxfleet.now())
        ON CONFLICT (platform_id) DO UPDATE SET started_at = excluded.started_at, run_no = r.run_no + 1
     WHERE r.started_at < excluded.started_at - make_interval(secs => $1)
    RETURNING run_no
  ) SELECT run_no > 1 AS due FROM held`;

/** A portion of a table behind `$1`, `$2` rows: its last id, and which of it nothing seems to use. */
const portion = (table: string, id: string, unused: string, platforms = '') => `
  WITH RECURSIVE ${platforms} portion AS (SELECT ${id} FROM ${table} WHERE ${id} > $1 ORDER BY ${id} LIMIT $2)
  SELECT max(${id}) AS last, count(*)::int AS count, coalesce(array_agg(${id}) FILTER (WHERE unused), '{}') AS ids
    FROM (SELECT c.${id}, ${unused} AS unused FROM portion c) AS looked_at`;

export const FIND_UNUSED_CONTENTS = portion(
  'domain_ledger.domain_content',
  'content_id',
  CONTENT_IS_UNUSED,
  `${platformsOf('domain_ledger.platform_content')},`,
);
export const FIND_UNUSED_CHANGE_SETS = portion(
  'domain_ledger.domain_change_set',
  'change_id',
  CHANGE_SET_IS_UNUSED,
  `${platformsOf('domain_ledger.snapshot')},`,
);
export const FIND_UNUSED_BODIES = portion(
  'domain_ledger.body',
  'body_id',
  BODY_IS_UNUSED.replaceAll('b.body_id', 'c.body_id'),
);

/**
 * Lists and domains that only the contents `$1` and the change sets `$2` use, so that nothing that is widely used is looked for
 * under the lock: `lists`, `domains`.
 */
export const FIND_WHAT_ONLY_THEY_USE = `
  WITH list AS (
    SELECT DISTINCT l.list_id
      FROM domain_ledger.domain_content g, unnest(g.list_ids) AS l (list_id)
     WHERE g.content_id = ANY ($1::int[]) AND l.list_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM domain_ledger.domain_content c
                        WHERE c.list_ids @> ARRAY[l.list_id] AND NOT c.content_id = ANY ($1::int[]))
  ), member AS (
    SELECT unnest(dl.domain_ids) AS domain_id FROM list JOIN domain_ledger.domain_list dl USING (list_id)
    UNION
    SELECT unnest(cs.members) FROM domain_ledger.domain_change_set cs WHERE cs.change_id = ANY ($2::int[])
  )
  SELECT ARRAY(SELECT list_id FROM list ORDER BY list_id) AS lists,
         ARRAY(SELECT domain_id FROM member m
                WHERE NOT EXISTS (SELECT FROM domain_ledger.domain_list dl
                                   WHERE dl.domain_ids @> ARRAY[m.domain_id] AND NOT dl.list_id = ANY (SELECT list_id FROM list))
                  AND NOT EXISTS (SELECT FROM domain_ledger.domain_change_set cs
                                   WHERE cs.members @> ARRAY[m.domain_id] AND NOT cs.change_id = ANY ($2::int[]))
                ORDER BY domain_id) AS domains`;

export const REMOVE_UNUSED_CONTENTS = `
  WITH RECURSIVE ${platformsOf('domain_ledger.platform_content')}
  DELETE FROM domain_ledger.domain_content c WHERE c.content_id = ANY ($1::int[]) AND ${CONTENT_IS_UNUSED}`;

export const REMOVE_UNUSED_CHANGE_SETS = `
  WITH RECURSIVE ${platformsOf('domain_ledger.snapshot')}
  DELETE FROM domain_ledger.domain_change_set c WHERE c.change_id = ANY ($1::int[]) AND ${CHANGE_SET_IS_UNUSED}`;

export const REMOVE_UNUSED_LISTS = `
  DELETE FROM domain_ledger.domain_list l WHERE l.list_id = ANY ($1::int[])
     AND NOT EXISTS (SELECT FROM domain_ledger.domain_content c WHERE c.list_ids @> ARRAY[l.list_id])`;

export const REMOVE_UNUSED_DOMAINS = `
  DELETE FROM domain_ledger.domain d WHERE d.domain_id = ANY ($1::int[])
     AND NOT EXISTS (SELECT FROM domain_ledger.domain_list l WHERE l.domain_ids @> ARRAY[d.domain_id])
     AND NOT EXISTS (SELECT FROM domain_ledger.domain_change_set c WHERE c.members @> ARRAY[d.domain_id])`;

export const REMOVE_UNUSED_BODIES = `
  DELETE FROM domain_ledger.body b WHERE b.body_id = ANY ($1::int[]) AND ${BODY_IS_UNUSED}`;
